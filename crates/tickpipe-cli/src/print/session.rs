//! What happens in sessions, as lines for people.

use std::fmt::Write as _;

use tickpipe::session::{
    AccountState, BarEvent, CloseReason, Hello, LogEntry, OrderAction, OrderRequest, OrderResult,
    Outcome, Tick, TradeEvent,
};
use tickpipe::{SessionTap, escaped};

use super::{SHOWN_CHARS_MAX, count};

/// Returns an event of a session as a line.
pub(crate) fn line(connection: u64, event: &SessionTap) -> String {
    format!("#{connection}  {}", text(event))
}

/// Returns an event without its connection.
pub(crate) fn text(event: &SessionTap) -> String {
    match event {
        SessionTap::Account(state) => account(state),
        SessionTap::Bar(event) => bar(event),
        SessionTap::Closed(reason) => closed(reason),
        SessionTap::Gap { symbol, expected, found } => {
            let missing = count(found.saturating_sub(*expected), "tick");
            format!("gap of {missing} of {}", shown(symbol.as_str()))
        }
        SessionTap::Log(entry) => log(entry),
        SessionTap::Opened(hello) => opened(hello),
        SessionTap::Order { request, result, .. } => {
            let result = match result {
                Ok(result) => outcome(result),
                Err(error) => shown(&error.to_string()),
            };
            format!("{} -> {result}", order(request))
        }
        SessionTap::Tick { tick: price, result, is_late, .. } => {
            let tick = tick(price);
            match result {
                _ if *is_late => format!("{tick} -> too late"),
                Ok(()) => tick,
                Err(error) => {
                    format!("{tick} -> ERR {} {}", error.code(), shown(error.text()))
                }
            }
        }
        SessionTap::Trade(event) => trade(event),
        _ => String::new(),
    }
}

fn shown(text: &str) -> String {
    escaped(text, SHOWN_CHARS_MAX)
}

fn opened(hello: &Hello) -> String {
    let (chart, account) = (&hello.chart, &hello.account);
    format!(
        "hello from {} {} on {} {}, {} account {} at {}, {} {}",
        shown(&hello.client),
        shown(&hello.client_version),
        shown(chart.symbol.as_str()),
        chart.timeframe,
        hello.terminal,
        shown(&account.login),
        shown(&account.server),
        account.trade_mode,
        shown(&account.currency),
    )
}

fn closed(reason: &CloseReason) -> String {
    match reason {
        CloseReason::Deinit(deinit) => match &deinit.text {
            Some(text) => format!("the EA left, reason {}: {}", deinit.reason, shown(text)),
            None => format!("the EA left, reason {}", deinit.reason),
        },
        CloseReason::Bye(code) => format!("session ended: {code}"),
        CloseReason::Disconnected | _ => "the EA's connection ended".to_owned(),
    }
}

fn tick(tick: &Tick) -> String {
    format!(
        "tick {} {} {} {}",
        shown(tick.symbol.as_str()),
        clock(tick.time_msc),
        tick.bid,
        tick.ask
    )
}

fn bar(event: &BarEvent) -> String {
    let bar = &event.bar;
    let clock = clock(bar.time.saturating_mul(1000));
    let minute = clock.get(..5).unwrap_or(&clock);
    format!(
        "bar {} {} {minute} open {} high {} low {} close {}, {}",
        shown(event.symbol.as_str()),
        event.timeframe,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        count(bar.tick_volume, "tick"),
    )
}

/// Returns the time of day on the trade server's clock.
pub(crate) fn clock(time_msc: i64) -> String {
    let of_day = time_msc.rem_euclid(86_400_000);
    let (seconds, ms) = (of_day / 1000, of_day % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn trade(event: &TradeEvent) -> String {
    let mut text = format!("{} {}", event.event, shown(event.symbol.as_str()));
    let mut add = |part: String| {
        // Writing to a string cannot fail.
        write!(text, " {part}").unwrap_or_default();
    };
    if let Some(r#type) = event.r#type {
        add(r#type.to_string());
    }
    if let Some(volume) = event.volume {
        add(volume.to_string());
    }
    if let Some(price) = event.price {
        add(format!("at {price}"));
    }
    if let Some(profit) = event.profit {
        add(format!("profit {profit}"));
    }
    for (name, ticket) in [
        ("position", event.position.map(|ticket| ticket.to_string())),
        ("order", event.order.map(|ticket| ticket.to_string())),
        ("deal", event.deal.map(|ticket| ticket.to_string())),
    ] {
        if let Some(ticket) = ticket {
            add(format!("{name} {ticket}"));
        }
    }
    text
}

pub(crate) fn account(state: &AccountState) -> String {
    let AccountState { balance, equity, margin, margin_free, .. } = state;
    format!("balance {balance}, equity {equity}, margin {margin}, free {margin_free}")
}

fn log(entry: &LogEntry) -> String {
    format!("{}: {}", entry.level, shown(&entry.text))
}

fn order(request: &OrderRequest) -> String {
    match &request.action {
        OrderAction::Close { ticket, volume, .. } => match volume {
            Some(volume) => format!("close {volume} of position {ticket}"),
            None => format!("close position {ticket}"),
        },
        OrderAction::CloseBy { ticket, by_ticket } => format!("close {ticket} by {by_ticket}"),
        OrderAction::Delete { ticket } => format!("delete order {ticket}"),
        OrderAction::Market { symbol, r#type, volume, .. } => {
            format!("{} {volume} {}", r#type, shown(symbol.as_str()))
        }
        OrderAction::Modify { ticket, .. } => format!("modify {ticket}"),
        OrderAction::Pending { symbol, r#type, volume, price, .. } => {
            format!("{} {volume} {} at {price}", r#type, shown(symbol.as_str()))
        }
        _ => "order".to_owned(),
    }
}

fn outcome(result: &OrderResult) -> String {
    let mut text = match (result.outcome, result.status) {
        (Outcome::Done, Some(status)) => status.to_string(),
        (outcome, _) => outcome.to_string(),
    };
    if let Some(volume) = result.volume {
        write!(text, " {volume}").unwrap_or_default();
    }
    if let Some(price) = result.price {
        write!(text, " at {price}").unwrap_or_default();
    }
    if let Some(position) = result.position {
        write!(text, ", position {position}").unwrap_or_default();
    } else if let Some(order) = result.order {
        write!(text, ", order {order}").unwrap_or_default();
    }
    if result.outcome != Outcome::Done {
        let message = shown(&result.message);
        write!(text, " ({}) {message}", result.retcode).unwrap_or_default();
    }
    text
}

#[cfg(test)]
mod tests {
    use tickpipe::session::{
        Bar, Deinit, LogLevel, Money, OrderType, PositionTicket, Price, Symbol, Timeframe,
        TradeKind,
    };

    use super::*;

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    fn symbol() -> Symbol {
        Symbol::new("EURUSD").unwrap()
    }

    #[test]
    fn events_are_lines_that_people_read() {
        let tick = Tick::new(symbol(), 1_700_000_000_123, price("1.10000"), price("1.10012"));
        assert_eq!(super::tick(&tick), "tick EURUSD 22:13:20.123 1.10000 1.10012");
        let bar = Bar::new(1_699_999_980, price("1.1"), price("1.2"), price("1.0"), price("1.1"));
        assert_eq!(
            super::bar(&BarEvent::new(symbol(), Timeframe::M1, bar)),
            "bar EURUSD M1 22:13 open 1.1 high 1.2 low 1.0 close 1.1, 1 tick"
        );
        let mut event = TradeEvent::new(TradeKind::PositionOpen, symbol());
        event.r#type = Some(OrderType::Buy);
        event.volume = Some("0.10".parse().unwrap());
        event.price = Some(price("1.10012"));
        event.position = Some(PositionTicket::new(7).unwrap());
        assert_eq!(trade(&event), "position_open EURUSD buy 0.10 at 1.10012 position 7");
        let money = |text: &str| text.parse::<Money>().unwrap();
        let state = AccountState::new(money("10.00"), money("9"), money("0"), money("9"));
        assert_eq!(account(&state), "balance 10.00, equity 9, margin 0, free 9");
        let mut deinit = Deinit::new(4);
        assert_eq!(closed(&CloseReason::Deinit(deinit.clone())), "the EA left, reason 4");
        deinit.text = Some("bye\u{7}".to_owned());
        assert_eq!(closed(&CloseReason::Deinit(deinit)), r"the EA left, reason 4: bye\u{7}");
    }

    #[test]
    fn text_of_an_ea_is_shown_not_obeyed() {
        let entry = LogEntry::new(LogLevel::Warn, "\u{1b}[2J");
        assert_eq!(line(3, &SessionTap::Log(entry)), "#3  warn: \\u{1b}[2J");
    }
}
