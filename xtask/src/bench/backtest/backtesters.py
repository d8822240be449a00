"""Runs the cross of M1 closes in public backtesters, over recorded ticks as bars of one tick.

Usage: backtesters.py backtrader|backtesting FILE RUNS

FILE is a Dukascopy CSV, plain or gzip. The strategy is the one of `tickpipe backtest FILE cross`: closes of
bids by minute, the averages of the last 3 and 8 of them, in whole points; a cross turns the position. It
keeps the closes itself, which costs a backtester less than its own resampling and indicators. Only the run is
timed, neither reading nor starting. Prints `ticks N trades N seconds S` for each run.
"""

import csv
import gzip
import sys
import time
import warnings
from datetime import datetime

import pandas as pd

FAST, SLOW = 3, 8


class Closes:
    """Says at each tick whether the averages have crossed with the minute that it ends."""

    def __init__(self):
        self.minute = None
        self.last = 0
        self.closes = []
        self.side = 0

    def cross(self, minute, points):
        has_closed = self.minute is not None and minute != self.minute
        before = self.last
        self.minute, self.last = minute, points
        if not has_closed:
            return 0
        self.closes.append(before)
        del self.closes[:-SLOW]
        if len(self.closes) < SLOW:
            return 0
        fast, slow = sum(self.closes[-FAST:]) * SLOW, sum(self.closes) * FAST
        side = self.side if fast == slow else (1 if fast > slow else -1)
        was, self.side = self.side, side
        return side if was != 0 and was != side else 0


def read(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.strptime(row["Gmt time"], "%d.%m.%Y %H:%M:%S.%f") for row in rows]
    bids = [float(row["Bid"]) for row in rows]
    return pd.DataFrame(
        {"Open": bids, "High": bids, "Low": bids, "Close": bids, "Volume": 1},
        index=pd.DatetimeIndex(times),
    )


def backtrader(frame):
    import backtrader as bt

    minutes = (frame.index.astype("datetime64[ns]").asi8 // 60_000_000_000).tolist()
    points = (frame["Close"] * 100_000).round().astype("int64").tolist()

    class Cross(bt.Strategy):
        def __init__(self):
            self.closes = Closes()
            self.trades = 0

        def next(self):
            at = len(self) - 1
            side = self.closes.cross(minutes[at], points[at])
            if side:
                self.trades += 1
                self.close()
                self.buy(size=10_000) if side > 0 else self.sell(size=10_000)

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame, openinterest=None, timeframe=bt.TimeFrame.Ticks))
    cerebro.addstrategy(Cross)
    cerebro.broker.setcash(100_000)
    begun = time.perf_counter()
    (ran,) = cerebro.run()
    return ran.trades, time.perf_counter() - begun


def backtesting(frame):
    from backtesting import Backtest, Strategy

    minutes = (frame.index.astype("datetime64[ns]").asi8 // 60_000_000_000).tolist()
    points = (frame["Close"] * 100_000).round().astype("int64").tolist()

    class Cross(Strategy):
        def init(self):
            self.closes = Closes()

        def next(self):
            at = len(self.data) - 1
            side = self.closes.cross(minutes[at], points[at])
            if side:
                self.position.close()
                self.buy(size=10_000) if side > 0 else self.sell(size=10_000)

    test = Backtest(frame, Cross, cash=100_000, margin=0.01)
    begun = time.perf_counter()
    stats = test.run()
    return len(stats["_trades"]), time.perf_counter() - begun


def main():
    warnings.simplefilter("ignore")
    name, path, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    frame = read(path)
    for _ in range(runs):
        trades, seconds = {"backtrader": backtrader, "backtesting": backtesting}[name](frame)
        print("ticks", len(frame), "trades", trades, "seconds", seconds, flush=True)


if __name__ == "__main__":
    main()
