//! What a run is recorded with.

use std::collections::BTreeMap;

use tickpipe_proto::message::{OrderResult, Outcome, Tick};
use tickpipe_proto::types::{DIGITS_MAX, Money, Price, Symbol};

use super::Report;
use super::curve::{Curve, EquityCell, PriceCell};
use super::ledger::Ledger;
use super::points::{EquityPoint, PriceCurve};
use super::summary::{Books, Counted, Summary};
use super::watch::{Days, Falls};
use crate::broker::{Broker, BrokerEvent};
use crate::exact::held;

/// Watches a broker, tick by tick, and knows in the end what the run came to.
///
/// Give it every tick after the broker has taken it, and every event that the broker tells. It looks at
/// equity only while a position is open or when a deal was made, and its memory grows with the trades, not
/// with the ticks.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::message::Tick;
/// use tickpipe_proto::types::Symbol;
/// use tickpipe_sim::account::AccountSpec;
/// use tickpipe_sim::broker::{Broker, BrokerConfig, SymbolSpec};
/// use tickpipe_sim::report::Recorder;
///
/// let eurusd = Symbol::new("EURUSD")?;
/// let account = AccountSpec::new("USD", 100, "10000".parse()?);
/// let config = BrokerConfig::new(account)
///     .with_symbol(SymbolSpec::forex(eurusd.clone(), 5, "EUR", "USD"));
/// let mut broker = Broker::new(config)?;
/// let mut recorder = Recorder::new(&broker);
///
/// let tick = Tick::new(eurusd, 1_549_238_400_994, "1.14543".parse()?, "1.14545".parse()?);
/// broker.handle_tick(&tick)?;
/// recorder.handle_tick(&broker, &tick);
/// while let Some(event) = broker.poll_event() {
///     recorder.handle_event(&broker, &event);
/// }
/// let report = recorder.finish(&broker);
/// assert_eq!(report.summary.trades, 0);
/// assert_eq!(report.summary.balance_end, "10000.00".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recorder {
    ledger: Ledger,
    /// Deals of the broker's history that were taken.
    deals: usize,
    /// In the account's units.
    balance: i64,
    equity: Curve<EquityCell>,
    prices: BTreeMap<Symbol, PriceTrack>,
    seen: Option<Seen>,
    counted: Counted,
    /// How long a position was open, and since when one is.
    open_ms: i64,
    open_since: Option<i64>,
}

/// What there is from the first tick on.
#[derive(Clone, Copy, Debug)]
struct Seen {
    first_msc: i64,
    last_msc: i64,
    /// The longest time in which nothing happened: its begin, and how long it was.
    pause: (i64, i64),
    equity: i64,
    falls: Falls,
    days: Days,
}

/// The bids of a symbol.
#[derive(Clone, Debug)]
struct PriceTrack {
    digits: u8,
    curve: Curve<PriceCell>,
}

impl Recorder {
    /// Begins with a broker that has seen no tick yet.
    #[must_use]
    pub fn new(broker: &Broker) -> Self {
        let mut recorder = Self {
            ledger: Ledger::new(broker.account().currency_digits),
            deals: 0,
            balance: 0,
            equity: Curve::new(),
            prices: BTreeMap::new(),
            seen: None,
            counted: Counted::default(),
            open_ms: 0,
            open_since: None,
        };
        recorder.take_deals(broker);
        recorder
    }

    /// Takes a tick that the broker has taken.
    pub fn handle_tick(&mut self, broker: &Broker, tick: &Tick) {
        self.counted.ticks += 1;
        // A tick that is late was taken at the time that was reached.
        let now_msc = broker.now_msc().unwrap_or(tick.time_msc);
        self.look(broker, now_msc);
        let track = match self.prices.get_mut(&tick.symbol) {
            Some(track) => track,
            None => self.begin_prices(broker, &tick.symbol),
        };
        if let Some(bid) = tick.bid.rescale(track.digits).map(Price::points) {
            track.curve.add(now_msc, PriceCell { time_msc: now_msc, bid, min: bid, max: bid });
        }
    }

    /// Takes what the broker tells.
    pub fn handle_event(&mut self, broker: &Broker, event: &BrokerEvent) {
        // Deals are read from the history: an event says that something happened, and equity may be
        // another now.
        if let (BrokerEvent::Account(_) | BrokerEvent::Trade(_), Some(now_msc)) =
            (event, broker.now_msc())
        {
            self.look(broker, now_msc);
        }
    }

    /// Counts an order by what the strategy was answered; once for each that it sent.
    pub const fn handle_result(&mut self, result: &OrderResult) {
        self.counted.orders += 1;
        match result.outcome {
            Outcome::Rejected => self.counted.rejected += 1,
            Outcome::Unknown => self.counted.unknown += 1,
            Outcome::Absent | Outcome::Done | _ => {}
        }
    }

    /// Ends the run.
    #[must_use]
    pub fn finish(mut self, broker: &Broker) -> Report {
        if let Some(now_msc) = broker.now_msc() {
            self.look(broker, now_msc);
        }
        let account = broker.account();
        let digits = account.currency_digits;
        let state = broker.account_state();
        if let Some(seen) = &self.seen {
            let since = self.open_since.map_or(0, |since| seen.last_msc - since);
            self.counted.open_ms = self.open_ms + since;
            self.counted.first_msc = Some(seen.first_msc);
            self.counted.last_msc = Some(seen.last_msc);
            self.counted.pause = Some(seen.pause).filter(|(_, length)| 0 < *length);
            self.counted.deepest = seen.falls.deepest;
            self.counted.steepest = seen.falls.steepest;
            self.counted.sharpe = seen.days.sharpe(units(state.equity, digits));
        }
        let books = Books {
            digits,
            paid_in: self.ledger.paid_in(),
            balance: units(state.balance, digits).into(),
            equity: units(state.equity, digits).into(),
            open_commission: self.ledger.open_commission(),
        };
        let trades = self.ledger.into_trades();
        let prices = self
            .prices
            .iter()
            .map(|(symbol, track)| PriceCurve::new(symbol, track.digits, track.curve.cells()));
        Report {
            currency: account.currency.clone(),
            settings: Vec::new(),
            broken_off: None,
            summary: Summary::new(&self.counted, &trades, books),
            trades,
            equity: EquityPoint::all(self.equity.cells(), digits),
            prices: prices.collect(),
        }
    }

    fn begin_prices(&mut self, broker: &Broker, symbol: &Symbol) -> &mut PriceTrack {
        let digits = broker.symbol_info(symbol).map_or(DIGITS_MAX, |info| info.digits);
        let track = PriceTrack { digits, curve: Curve::new() };
        self.prices.entry(symbol.clone()).or_insert(track)
    }

    /// Takes the deals that are new, and equity if it may have changed.
    fn look(&mut self, broker: &Broker, now_msc: i64) {
        if let Some(seen) = &mut self.seen {
            let pause = now_msc - seen.last_msc;
            if seen.pause.1 < pause {
                seen.pause = (seen.last_msc, pause);
            }
            seen.last_msc = now_msc;
            seen.days.pass(now_msc, seen.equity);
        }
        let is_dealt = self.deals != broker.history_deals().len();
        if is_dealt {
            self.take_deals(broker);
        } else if self.ledger.is_flat() && self.seen.is_some() {
            return;
        }
        if is_dealt || self.seen.is_none() {
            // Nothing but deals changes the balance.
            self.balance = units(broker.account_state().balance, broker.account().currency_digits);
        }
        let equity = held(broker.equity());
        let seen = self.seen.get_or_insert_with(|| {
            let start = held(self.ledger.paid_in());
            Seen {
                first_msc: now_msc,
                last_msc: now_msc,
                pause: (now_msc, 0),
                equity,
                falls: Falls::new(now_msc, start),
                days: Days::new(now_msc, start),
            }
        });
        seen.equity = equity;
        let drawdown = seen.falls.handle(now_msc, equity);
        let (time_msc, balance, min, max) = (now_msc, self.balance, equity, equity);
        self.equity.add(now_msc, EquityCell { time_msc, balance, equity, min, max, drawdown });
    }

    fn take_deals(&mut self, broker: &Broker) {
        let deals = broker.history_deals();
        for deal in deals.iter().skip(self.deals) {
            self.ledger.handle_deal(deal);
            let Some(time_msc) = deal.time_msc else { continue };
            match (self.open_since, self.ledger.is_flat()) {
                (None, false) => self.open_since = Some(time_msc),
                (Some(since), true) => {
                    self.open_ms += time_msc - since;
                    self.open_since = None;
                }
                _ => {}
            }
        }
        self.deals = deals.len();
    }
}

/// An amount of the books, in the account's units.
fn units(amount: Money, digits: u8) -> i64 {
    amount.rescale(digits).map_or(0, Money::units)
}
