//! Long answers come in pages, as chapter 17 of PROTOCOL.md says; here they are joined.
//!
//! Nothing is known of a session here: whoever calls brings the way to ask. Every page is held
//! against what was asked, so that what is returned is whole, in order and without doubles; a page
//! that is not is an error, `bad_answer`.

#[cfg(test)]
mod tests;

use tickpipe_proto::message::{
    Answer, Ask, Bar, Deal, HistorySpan, HistoryTick, Order, Position, RatesSpan,
};
use tickpipe_proto::session::AskError;
use tickpipe_proto::types::{Symbol, Timeframe};
use tickpipe_proto::{ErrorCode, LineError};

use super::filter::Filter;

/// Rows that one call returns at most: what a memory holds beside a terminal.
pub(crate) const ROWS_MAX: u64 = 10_000_000;

/// How to ask for one page.
pub(crate) type Asking<'a> = dyn FnMut(&Ask) -> Result<Answer, AskError> + 'a;

/// Asks for bars, newest page first, and returns them oldest first.
pub(crate) fn rates(
    ask: &mut Asking<'_>,
    symbol: &Symbol,
    timeframe: Timeframe,
    span: RatesSpan,
) -> Result<Vec<Bar>, AskError> {
    let mut pages: Vec<Vec<Bar>> = Vec::new();
    let mut rows = 0_u64;
    let mut next = rates_after(span, None, 0);
    while let Some(span) = next {
        let question = Ask::Rates { symbol: symbol.clone(), timeframe, span };
        let Answer::Rates { bars, more } = ask(&question)? else { return Err(other_kind("rates")) };
        check_bars(&bars, span)?;
        let Some(oldest) = bars.first().map(|bar| bar.time) else {
            check_last("rates", more)?;
            break;
        };
        let count = len(&bars);
        rows = add_rows(rows, count)?;
        pages.push(bars);
        next = if more { rates_after(span, Some(oldest), count) } else { None };
    }
    Ok(pages.into_iter().rev().flatten().collect())
}

/// Returns what is still to be asked for, if a page began with the bar of `oldest` and had `count`.
fn rates_after(span: RatesSpan, oldest: Option<i64>, count: u64) -> Option<RatesSpan> {
    let to = oldest.map(|oldest| oldest - 1);
    let next = match (span, to) {
        (span, None) => span,
        (RatesSpan::Between { from, .. }, Some(to)) => RatesSpan::Between { from, to },
        (
            RatesSpan::Position { count: left, .. } | RatesSpan::Before { count: left, .. },
            Some(to),
        ) => RatesSpan::Before { to, count: left.saturating_sub(count) },
        (other, Some(_)) => other,
    };
    let is_empty = match next {
        RatesSpan::Between { from, to } => to < from,
        RatesSpan::Before { to, count } => to < 0 || count == 0,
        RatesSpan::Position { count, .. } => count == 0,
        _ => false,
    };
    if is_empty { None } else { Some(next) }
}

fn check_bars(bars: &[Bar], span: RatesSpan) -> Result<(), AskError> {
    let (from, to, count) = match span {
        RatesSpan::Between { from, to } => (from, to, u64::MAX),
        RatesSpan::Before { to, count } => (0, to, count),
        RatesSpan::Position { count, .. } => (0, i64::MAX, count),
        _ => (0, i64::MAX, u64::MAX),
    };
    check_count("rates", len(bars), count)?;
    check_rising("rates", bars, |bar| bar.time)?;
    for bar in bars {
        if bar.time < from || to < bar.time {
            return Err(bad(format!(
                "rates: found a bar of {}, asked were bars of {from} to {to}",
                bar.time
            )));
        }
    }
    Ok(())
}

/// Asks for ticks, oldest page first.
pub(crate) fn ticks(
    ask: &mut Asking<'_>,
    symbol: &Symbol,
    span: TickSpan,
) -> Result<Vec<HistoryTick>, AskError> {
    let mut all: Vec<HistoryTick> = Vec::new();
    let mut left = span;
    while !left.is_empty() {
        let TickSpan { from_msc, to_msc, count } = left;
        let question = Ask::Ticks { symbol: symbol.clone(), from_msc, to_msc, count };
        let Answer::Ticks { ticks, more } = ask(&question)? else {
            return Err(other_kind("ticks"));
        };
        check_ticks(&ticks, left)?;
        let Some(newest) = ticks.last().map(|tick| tick.time_msc) else {
            check_last("ticks", more)?;
            break;
        };
        let found = len(&ticks);
        add_rows(len(&all), found)?;
        all.extend(ticks);
        if !more {
            break;
        }
        left = TickSpan { from_msc: newest + 1, to_msc, count: count.saturating_sub(found) };
    }
    Ok(all)
}

/// Which ticks: of these milliseconds, both included, the oldest `count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TickSpan {
    pub(crate) from_msc: i64,
    pub(crate) to_msc: i64,
    pub(crate) count: u64,
}

impl TickSpan {
    const fn is_empty(self) -> bool {
        self.to_msc < self.from_msc || self.count == 0
    }
}

fn check_ticks(ticks: &[HistoryTick], span: TickSpan) -> Result<(), AskError> {
    check_count("ticks", len(ticks), span.count)?;
    let mut last = span.from_msc;
    for tick in ticks {
        if tick.time_msc < last || span.to_msc < tick.time_msc {
            return Err(bad(format!(
                "ticks: found a tick of {}, expected was one of {last} to {}",
                tick.time_msc, span.to_msc
            )));
        }
        last = tick.time_msc;
    }
    Ok(())
}

/// Asks for the broker's symbols.
pub(crate) fn symbols(ask: &mut Asking<'_>) -> Result<Vec<Symbol>, AskError> {
    let mut all: Vec<Symbol> = Vec::new();
    loop {
        let after = all.last().cloned();
        let Answer::Symbols { symbols, more } = ask(&Ask::Symbols { after: after.clone() })? else {
            return Err(other_kind("symbols"));
        };
        let mut last = after;
        for symbol in &symbols {
            if last.is_some_and(|last| symbol.as_str() <= last.as_str()) {
                return Err(bad(format!(
                    "symbols: found `{}` out of order, expected are symbols in rising order",
                    tickpipe_proto::escaped(symbol.as_str(), 64)
                )));
            }
            last = Some(symbol.clone());
        }
        if symbols.is_empty() {
            check_last("symbols", more)?;
        }
        add_rows(len(&all), len(&symbols))?;
        all.extend(symbols);
        if !more {
            return Ok(all);
        }
    }
}

/// Asks for pending orders.
pub(crate) fn orders(ask: &mut Asking<'_>, filter: &Filter) -> Result<Vec<Order>, AskError> {
    by_ticket(
        ask,
        "orders",
        |after| Ask::Orders { symbol: filter.symbol.clone(), magic: filter.magic, after },
        |answer| {
            if let Answer::Orders { orders, more } = answer { Some((orders, more)) } else { None }
        },
        |order| order.ticket.value(),
    )
}

/// Asks for positions.
pub(crate) fn positions(ask: &mut Asking<'_>, filter: &Filter) -> Result<Vec<Position>, AskError> {
    by_ticket(
        ask,
        "positions",
        |after| Ask::Positions { symbol: filter.symbol.clone(), magic: filter.magic, after },
        |answer| {
            if let Answer::Positions { positions, more } = answer {
                Some((positions, more))
            } else {
                None
            }
        },
        |position| position.ticket.value(),
    )
}

/// Asks for orders of the history.
pub(crate) fn history_orders(
    ask: &mut Asking<'_>,
    from: i64,
    to: i64,
) -> Result<Vec<Order>, AskError> {
    by_ticket(
        ask,
        "history_orders",
        |after| Ask::HistoryOrders(HistorySpan::new(from, to, after)),
        |answer| {
            if let Answer::HistoryOrders { orders, more } = answer {
                Some((orders, more))
            } else {
                None
            }
        },
        |order| order.ticket.value(),
    )
}

/// Asks for deals of the history.
pub(crate) fn history_deals(
    ask: &mut Asking<'_>,
    from: i64,
    to: i64,
) -> Result<Vec<Deal>, AskError> {
    by_ticket(
        ask,
        "history_deals",
        |after| Ask::HistoryDeals(HistorySpan::new(from, to, after)),
        |answer| {
            if let Answer::HistoryDeals { deals, more } = answer {
                Some((deals, more))
            } else {
                None
            }
        },
        |deal| deal.ticket.value(),
    )
}

/// Asks for a list whose rows have tickets that rise.
fn by_ticket<T>(
    ask: &mut Asking<'_>,
    method: &str,
    question: impl Fn(Option<u64>) -> Ask,
    rows_of: impl Fn(Answer) -> Option<(Vec<T>, bool)>,
    ticket: impl Fn(&T) -> u64,
) -> Result<Vec<T>, AskError> {
    let mut all: Vec<T> = Vec::new();
    loop {
        let after = all.last().map(&ticket);
        let (rows, more) = rows_of(ask(&question(after))?).ok_or_else(|| other_kind(method))?;
        check_rising(method, &rows, &ticket)?;
        match (rows.first().map(&ticket), after) {
            (Some(first), Some(after)) if first <= after => {
                return Err(bad(format!(
                    "{method}: found ticket {first} in the page after ticket {after}"
                )));
            }
            (None, _) => check_last(method, more)?,
            (Some(_), _) => {}
        }
        add_rows(len(&all), len(&rows))?;
        all.extend(rows);
        if !more {
            return Ok(all);
        }
    }
}

/// A page may be empty only if it is the last.
fn check_last(method: &str, more: bool) -> Result<(), AskError> {
    if more {
        return Err(bad(format!("{method}: found an empty page that says there is more")));
    }
    Ok(())
}

fn check_count(method: &str, found: u64, asked: u64) -> Result<(), AskError> {
    if asked < found {
        return Err(bad(format!("{method}: found {found} rows, asked were {asked} at most")));
    }
    Ok(())
}

fn check_rising<T, K: Ord + std::fmt::Display>(
    method: &str,
    rows: &[T],
    key: impl Fn(&T) -> K,
) -> Result<(), AskError> {
    for pair in rows.windows(2) {
        if let [one, next] = pair
            && key(next) <= key(one)
        {
            return Err(bad(format!(
                "{method}: found {} after {}, expected are rows in rising order",
                key(next),
                key(one)
            )));
        }
    }
    Ok(())
}

fn add_rows(rows: u64, more: u64) -> Result<u64, AskError> {
    let sum = rows.saturating_add(more);
    if ROWS_MAX < sum {
        return Err(AskError::Local(LineError::new(
            ErrorCode::InvalidParams,
            format!("found more than {ROWS_MAX} rows, allowed are as many; ask for a shorter span"),
        )));
    }
    Ok(sum)
}

fn len<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

fn other_kind(method: &str) -> AskError {
    bad(format!("{method}: found the answer to another method"))
}

fn bad(text: String) -> AskError {
    AskError::Local(LineError::new(ErrorCode::BadAnswer, text))
}
