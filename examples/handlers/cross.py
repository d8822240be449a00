# Trades the cross of two averages of M1 closes: tickpipe serve exec -- python3 cross.py
import json, sys
from collections import deque
from decimal import Decimal

FAST, SLOW, STOP_POINTS, MAGIC, VOLUME = 3, 8, 200, "20190204", 0.10
later, closes, state = deque(), deque(maxlen=SLOW), {"id": 0, "side": 0, "in_doubt": None}

def send(**message):  # A float of up to 15 digits is written as the price that it was made from.
    print(json.dumps({"jsonrpc": "2.0", **message}, default=float), flush=True)

def receive():  # Leaves at the end of the input.
    return json.loads(sys.stdin.readline() or sys.exit(), parse_float=Decimal)

def ask(method, **params):  # What comes before the answer is for later.
    state["id"] += 1
    send(id=state["id"], method=method, params=params)
    while (answer := receive()).get("id") != state["id"] or "method" in answer:
        later.append(answer)
    if "error" in answer:
        raise RuntimeError(f"{method}: {answer['error']['message']}")
    return answer["result"]

def add(close):  # Whether the averages have crossed; compared in whole points.
    closes.appendleft(int(Decimal(close).scaleb(digits)))
    fast, slow, before = sum(list(closes)[:FAST]) * SLOW, sum(closes) * FAST, state["side"]
    if len(closes) == SLOW and fast != slow:
        state["side"] = 1 if fast > slow else -1
    return before not in (0, state["side"])

def order(**params):  # An unknown outcome is asked for at the next bar, the order never sent again.
    result = ask("order_send", **params)
    state["in_doubt"] = result["client_id"] if result["outcome"] == "unknown" else None
    return result["outcome"] == "done"

def on_bar(close):
    has_crossed, doubt, way = add(close), state["in_doubt"], state["side"]
    if doubt and ask("order_status", client_id=doubt)["outcome"] == "unknown":
        return
    state["in_doubt"] = None
    open_now = ask("positions", symbol=symbol, magic=MAGIC)["positions"] if has_crossed else []
    if has_crossed and all(order(action="close", ticket=one["ticket"]) for one in open_now):
        tick, stop = ask("symbol_tick", symbol=symbol), Decimal(STOP_POINTS).scaleb(-digits)
        stop = tick["bid"] - stop if way > 0 else tick["ask"] + stop
        order(action="market", symbol=symbol, type="buy" if way > 0 else "sell", volume=VOLUME,
              stop_loss=stop, magic=MAGIC, comment="cross")

chart = receive()["params"]["chart"]  # The first message is the EA's hello.
symbol, digits = chart["symbol"], chart["digits"]
[add(bar[4]) for bar in ask("rates", symbol=symbol, timeframe="M1", start=1, count=SLOW)["bars"]]
ask("subscribe", symbol=symbol, kind="bars", timeframe="M1")
while message := later.popleft() if later else receive():
    try:
        if message.get("method") == "bar":
            on_bar(message["params"]["close"])
    except RuntimeError as error:  # The EA refused something.
        print(error, file=sys.stderr)
    if "id" in message:  # A tick: the EA waits for its answer, and for what is traded before it.
        send(id=message["id"], result={})
