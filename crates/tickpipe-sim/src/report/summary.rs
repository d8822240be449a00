//! A run in figures.

use tickpipe_proto::types::{Decimal, Money};

use super::trade::Trade;
use super::watch::Fall;
use crate::exact::{Ratio, divide, money};

/// The decimals of percents and of the profit factor.
const RATIO_DIGITS: u8 = 2;

/// A run in figures; `docs/simulation.md` defines each.
///
/// A figure is `None` where nothing could be divided by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// What was deposited.
    pub balance_start: Money,
    /// The balance in the end.
    pub balance_end: Money,
    /// The equity in the end; it differs from the balance if something is open still.
    pub equity_end: Money,
    /// `balance_end` less `balance_start`.
    pub net_profit: Money,
    /// The sum of what trades won.
    pub gross_profit: Money,
    /// The sum of what trades lost, below zero.
    pub gross_loss: Money,
    /// The sum of the trades' commissions.
    pub commission: Money,
    /// The commission of what is open still, which no trade has.
    pub commission_open: Money,
    /// The sum of the trades' swaps.
    pub swap: Money,
    /// How many there are.
    pub trades: u64,
    /// Those whose net is above zero.
    pub wins: u64,
    /// Those whose net is below zero.
    pub losses: u64,
    /// Percent of the trades that won.
    pub win_rate: Option<Decimal>,
    /// Gross profit ÷ gross loss.
    pub profit_factor: Option<Decimal>,
    /// The average net of a trade.
    pub expectancy: Option<Money>,
    /// The average net of those that won.
    pub average_win: Option<Money>,
    /// The average net of those that lost, below zero.
    pub average_loss: Option<Money>,
    /// The best trade that won.
    pub largest_win: Option<Money>,
    /// The worst trade that lost, below zero.
    pub largest_loss: Option<Money>,
    /// Most trades in a row that lost.
    pub losing_run: u64,
    /// The deepest fall of equity in money.
    pub drawdown: Option<Drawdown>,
    /// The deepest fall of equity in percent.
    pub drawdown_relative: Option<Drawdown>,
    /// Mean ÷ standard deviation of daily returns, of a year.
    pub sharpe: Option<Decimal>,
    /// Percent of the time in which a position was open.
    pub exposure: Option<Decimal>,
    /// Orders that the strategy sent.
    pub orders: u64,
    /// Those that were answered as rejected.
    pub orders_rejected: u64,
    /// Those that were answered as unknown.
    pub orders_unknown: u64,
    /// How many the broker took.
    pub ticks: u64,
    /// Milliseconds since 1970 of the trade server's clock at the first tick.
    pub first_msc: Option<i64>,
    /// Milliseconds since 1970 of the trade server's clock at the end.
    pub last_msc: Option<i64>,
    /// The longest time without a tick; `None` of fewer than two moments.
    pub longest_pause: Option<Pause>,
}

/// A time without a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pause {
    /// Milliseconds since 1970 of the trade server's clock at the tick before it.
    pub begin_msc: i64,
    /// How long it was, in milliseconds.
    pub length_ms: i64,
}

/// A fall of equity from its highest so far.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drawdown {
    /// How much it is, above zero.
    pub money: Money,
    /// Percent of the highest; `None` if that was not above zero.
    pub percent: Option<Decimal>,
    /// Milliseconds since 1970 of the trade server's clock at which equity was highest first.
    pub peak_msc: i64,
    /// When it was lowest first.
    pub low_msc: i64,
}

/// What a recorder counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    pub(super) ticks: u64,
    pub(super) orders: u64,
    pub(super) rejected: u64,
    pub(super) unknown: u64,
    pub(super) open_ms: i64,
    pub(super) first_msc: Option<i64>,
    pub(super) last_msc: Option<i64>,
    /// Begin and length.
    pub(super) pause: Option<(i64, i64)>,
    pub(super) deepest: Fall,
    pub(super) steepest: Fall,
    pub(super) sharpe: Option<Decimal>,
}

/// The account in the end, in its units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Books {
    pub(super) digits: u8,
    pub(super) paid_in: i128,
    pub(super) balance: i128,
    pub(super) equity: i128,
    pub(super) open_commission: i128,
}

/// The trades' sums, in the account's units.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    profit: i128,
    loss: i128,
    commission: i128,
    swap: i128,
    trades: i128,
    wins: i128,
    losses: i128,
    best: i128,
    worst: i128,
    run: u64,
    longest_run: u64,
}

impl Sums {
    fn take(&mut self, trade: &Trade) {
        let net = i128::from(trade.net.units());
        self.trades += 1;
        self.commission += i128::from(trade.commission.units());
        self.swap += i128::from(trade.swap.units());
        self.run = if net < 0 { self.run + 1 } else { 0 };
        self.longest_run = self.longest_run.max(self.run);
        if 0 < net {
            self.wins += 1;
            self.profit += net;
            self.best = self.best.max(net);
        } else if net < 0 {
            self.losses += 1;
            self.loss += net;
            self.worst = self.worst.min(net);
        }
    }
}

impl Summary {
    pub(super) fn new(counted: &Counted, trades: &[Trade], books: Books) -> Self {
        let mut sums = Sums::default();
        for trade in trades {
            sums.take(trade);
        }
        let show = |units| money(units, books.digits);
        let average = |sum, count| (count != 0).then(|| show(divide(sum, count)));
        let time = counted.last_msc.zip(counted.first_msc).map_or(0, |(last, first)| last - first);
        let fall = |fall: Fall| Drawdown::of(fall, books.digits);
        Self {
            balance_start: show(books.paid_in),
            balance_end: show(books.balance),
            equity_end: show(books.equity),
            net_profit: show(books.balance - books.paid_in),
            gross_profit: show(sums.profit),
            gross_loss: show(sums.loss),
            commission: show(sums.commission),
            commission_open: show(books.open_commission),
            swap: show(sums.swap),
            trades: count(sums.trades),
            wins: count(sums.wins),
            losses: count(sums.losses),
            win_rate: percent(sums.wins, sums.trades),
            profit_factor: ratio(sums.profit, -sums.loss),
            expectancy: average(sums.profit + sums.loss, sums.trades),
            average_win: average(sums.profit, sums.wins),
            average_loss: average(sums.loss, sums.losses),
            largest_win: (sums.wins != 0).then(|| show(sums.best)),
            largest_loss: (sums.losses != 0).then(|| show(sums.worst)),
            losing_run: sums.longest_run,
            drawdown: fall(counted.deepest),
            drawdown_relative: fall(counted.steepest),
            sharpe: counted.sharpe,
            exposure: percent(counted.open_ms.into(), time.into()),
            orders: counted.orders,
            orders_rejected: counted.rejected,
            orders_unknown: counted.unknown,
            ticks: counted.ticks,
            first_msc: counted.first_msc,
            last_msc: counted.last_msc,
            longest_pause: counted
                .pause
                .map(|(begin_msc, length_ms)| Pause { begin_msc, length_ms }),
        }
    }
}

impl Drawdown {
    fn of(fall: Fall, digits: u8) -> Option<Self> {
        let Fall { depth, peak, peak_msc, low_msc } = fall;
        let percent = percent(depth.into(), peak.into());
        let money = money(depth.into(), digits);
        (depth != 0).then_some(Self { money, percent, peak_msc, low_msc })
    }
}

fn percent(part: i128, whole: i128) -> Option<Decimal> {
    ratio(part * 100, whole)
}

/// Rounded, halves away from zero; `None` of nothing.
fn ratio(part: i128, whole: i128) -> Option<Decimal> {
    if whole <= 0 {
        return None;
    }
    let units = Ratio::new(part, 0).over_units(whole, 0).round(RATIO_DIGITS);
    Decimal::new(i64::try_from(units).ok()?, RATIO_DIGITS).ok()
}

fn count(number: i128) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
