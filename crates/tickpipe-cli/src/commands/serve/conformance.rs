//! The handler behind `serve conformance`: it does at each tick what the tick's symbol says, for the
//! scripts under `conformance/session`.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use tickpipe::session::{
    AccountState, BarEvent, ClientId, ClosePosition, Context, DeleteOrder, Ea, Execution, Filter,
    Indicator, LogEntry, Lots, MarketOrder, ModifyPosition, OrderTicket, PendingOrder,
    PositionTicket, Price, RatesSpan, Rejection, Settlement, Strategy, StrategyError, Symbol, Tick,
    TickGap, Timeframe, TradeEvent,
};

/// What is traded and asked for, whatever symbol a tick is of.
const TRADED: &str = "EURUSD";
const FURTHER: &str = "GBPUSD";
const LOTS: &str = "0.10";
const TICKET: &str = "1001";
const LIMIT_PRICE: &str = "1.05000";
const STOP_LOSS: &str = "1.09000";

/// The end of all history, in seconds.
const TO: i64 = 4_102_444_800;

type Told = Result<String, StrategyError>;

/// Does what symbols say, and counts.
#[derive(Debug, Default)]
pub(crate) struct Conformance {
    ticks: u64,
    gaps: u64,
    bars: u64,
    trades: u64,
    accounts: u64,
    logs: u64,
}

impl Strategy for Conformance {
    fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        let told = self.work(context, tick);
        self.ticks += 1;
        if let Some(text) = told? {
            // Whatever the EA answers to it.
            drop(context.comment(&text));
        }
        Ok(())
    }

    fn on_gap(&mut self, _: &mut Context<'_>, _: &TickGap) -> Result<(), StrategyError> {
        self.gaps += 1;
        Ok(())
    }

    fn on_bar(&mut self, _: &mut Context<'_>, _: &BarEvent) -> Result<(), StrategyError> {
        self.bars += 1;
        Ok(())
    }

    fn on_trade(&mut self, _: &mut Context<'_>, _: &TradeEvent) -> Result<(), StrategyError> {
        self.trades += 1;
        Ok(())
    }

    fn on_account(&mut self, _: &mut Context<'_>, _: &AccountState) -> Result<(), StrategyError> {
        self.accounts += 1;
        Ok(())
    }

    fn on_log(&mut self, _: &mut Context<'_>, _: &LogEntry) -> Result<(), StrategyError> {
        self.logs += 1;
        Ok(())
    }
}

impl Conformance {
    /// Does what a tick's symbol says; returns what is to be told.
    fn work(&self, ea: &Ea, tick: &Tick) -> Result<Option<String>, StrategyError> {
        let words: Vec<&str> = tick.symbol.as_str().split('.').collect();
        let told = match words.as_slice() {
            ["sleep", ms] => {
                thread::sleep(Duration::from_millis(ms.parse()?));
                return Ok(None);
            }
            ["fail"] => return Err("as asked".into()),
            ["panic"] => as_asked(),
            ["comment", text] => Ok((*text).to_owned()),
            ["say"] => Ok(format!("{} {}", tick.bid, tick.ask)),
            ["count"] => Ok(self.counts()),
            ["ask", method] => ask(ea, method),
            ["rates", count] => rates(ea, count.parse()?),
            ["ticks", count] => ticks(ea, count.parse()?),
            ["order", "market", rest @ ..] => {
                market(rest).and_then(|order| sent(ea.order_send(order)))
            }
            ["order", action] => order(ea, action),
            ["check", "market"] => check(ea),
            ["status", id] => status(ea, id),
            ["many", count] => Ok(many(ea, count.parse()?)),
            _ => return Ok(None),
        };
        Ok(Some(told.unwrap_or_else(|error| code(&error))))
    }

    fn counts(&self) -> String {
        let Self { ticks, gaps, bars, trades, accounts, logs } = self;
        format!(
            "ticks {ticks} gaps {gaps} bars {bars} trades {trades} accounts {accounts} logs {logs}"
        )
    }
}

/// Returns the word for what went wrong.
fn code(error: &StrategyError) -> String {
    match error.downcast_ref::<tickpipe::Error>() {
        Some(error) => error.kind().as_str().to_owned(),
        None => error.to_string(),
    }
}

#[expect(clippy::panic, reason = "it is what the symbol asks for")]
fn as_asked() -> ! {
    panic!("as asked")
}

fn ask(ea: &Ea, method: &str) -> Told {
    let (traded, further) = (Symbol::new(TRADED)?, Symbol::new(FURTHER)?);
    let count = |count: usize| format!("ok {count}");
    let ok = || "ok".to_owned();
    Ok(match method {
        "symbol_info" => {
            let info = ea.symbol_info(&traded)?;
            format!("ok {} {}", info.digits, info.point)
        }
        "symbol_tick" => {
            let tick = ea.symbol_tick(&traded)?;
            format!("ok {} {}", tick.bid, tick.ask)
        }
        "account_info" => ea.account_info().map(|_| ok())?,
        "terminal_info" => ea.terminal_info().map(|_| ok())?,
        "alert" => ea.alert("hello").map(|()| ok())?,
        "subscribe" => ea.subscribe_ticks(&further).map(|()| ok())?,
        "unsubscribe" => ea.unsubscribe_ticks(&further).map(|()| ok())?,
        "indicator" => {
            let average = Indicator::new("iMA", &traded, Timeframe::M1).input(14).input(0);
            count(ea.indicator(&average.shift(0).count(3))?.len())
        }
        "symbols" => count(ea.symbols()?.len()),
        "orders" => count(ea.orders(&Filter::all())?.len()),
        "positions" => count(ea.positions(&Filter::all())?.len()),
        "history_orders" => count(ea.history_orders(0, TO)?.len()),
        "history_deals" => count(ea.history_deals(0, TO)?.len()),
        _ => return Err(format!("there is no method {method}").into()),
    })
}

fn rates(ea: &Ea, count: u64) -> Told {
    let span = RatesSpan::Position { start: 0, count };
    Ok(format!("ok {}", ea.rates(&Symbol::new(TRADED)?, Timeframe::M1, span)?.len()))
}

fn ticks(ea: &Ea, count: u64) -> Told {
    Ok(format!("ok {}", ea.ticks(&Symbol::new(TRADED)?, 0, TO * 1000, count)?.len()))
}

/// Returns the order of `order.market`, under a name of its own or the one that is given.
fn market(name: &[&str]) -> Result<MarketOrder, StrategyError> {
    let order = MarketOrder::buy(&Symbol::new(TRADED)?, LOTS.parse::<Lots>()?);
    Ok(match name {
        [] => order,
        name => order.client_id(ClientId::new(&name.join("."))?),
    })
}

fn order(ea: &Ea, action: &str) -> Told {
    let (lots, price) = (LOTS.parse::<Lots>()?, LIMIT_PRICE.parse::<Price>()?);
    sent(match action {
        "pending" => ea.order_send(PendingOrder::buy_limit(&Symbol::new(TRADED)?, lots, price)),
        "modify" => {
            let position = ModifyPosition::new(TICKET.parse::<PositionTicket>()?);
            ea.order_send(position.stop_loss(STOP_LOSS.parse()?))
        }
        "close" => ea.order_send(ClosePosition::new(TICKET.parse()?)),
        "delete" => ea.order_send(DeleteOrder::new(TICKET.parse::<OrderTicket>()?)),
        _ => return Err(format!("there is no action {action}").into()),
    })
}

fn check(ea: &Ea) -> Told {
    Ok(format!("ok {}", ea.order_check(market(&[])?)?.retcode))
}

fn status(ea: &Ea, name: &str) -> Told {
    Ok(match ea.order_status(ClientId::new(name)?)? {
        Settlement::Absent(_) => "absent".to_owned(),
        Settlement::Done(done) => done_so_far(done.status.map(|status| status.as_str())),
        Settlement::Rejected(rejection) => rejected(&rejection),
        Settlement::Unknown(_) => "unknown".to_owned(),
    })
}

/// Says what became of an order.
fn sent(execution: Result<Execution, tickpipe::Error>) -> Told {
    Ok(match execution {
        Ok(Execution::Done(done)) => done_so_far(done.status.map(|status| status.as_str())),
        Ok(Execution::Rejected(rejection)) => rejected(&rejection),
        Ok(Execution::Unknown(_)) => "unknown".to_owned(),
        Err(error) => format!("rejected {}", error.kind().as_str()),
    })
}

fn done_so_far(status: Option<&str>) -> String {
    status.map_or_else(|| "done".to_owned(), |status| format!("done {status}"))
}

fn rejected(rejection: &Rejection) -> String {
    let retryable = if rejection.is_retryable { " retryable" } else { "" };
    format!("rejected {}{retryable}", rejection.retcode)
}

/// Asks so many times at once, each on a thread of its own, and counts the outcomes.
fn many(ea: &Ea, count: usize) -> String {
    let outcomes = thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(|| ask(ea, "symbol_info"))).collect();
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        for thread in threads {
            let outcome = match thread.join() {
                Ok(Ok(_)) => "ok".to_owned(),
                Ok(Err(error)) => code(&error),
                Err(_) => "panic".to_owned(),
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
        outcomes
    });
    let outcomes: Vec<String> =
        outcomes.iter().map(|(outcome, count)| format!("{outcome} {count}")).collect();
    outcomes.join(" ")
}
