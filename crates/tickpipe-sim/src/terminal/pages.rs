//! Answers in pages: as many rows as surely fit a line.

use tickpipe_proto::message::{Answer, Bar, Deal, HistorySpan, Order, RatesSpan};
use tickpipe_proto::types::{MagicNumber, Symbol};

use super::chart::Chart;
use crate::broker::Broker;
use crate::market::Series;

/// Rows of bars: ten digits of time, four prices of 20 characters, three counts of 16.
const BARS_MAX: usize = 400;
/// Rows of ticks: a time of 16, four numbers of 20, flags of 10.
const TICKS_MAX: usize = 500;
/// Rows of symbols: 64 bytes, each of which may be escaped.
const SYMBOLS_MAX: usize = 400;
/// Rows of orders, positions and deals: symbol and comment of 64 bytes, each of which may be escaped, and
/// about fifteen further members.
const OBJECTS_MAX: usize = 64;

/// Orders or positions by symbol and magic, after a ticket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filter<'a> {
    pub(super) symbol: Option<&'a Symbol>,
    pub(super) magic: Option<MagicNumber>,
    pub(super) after: Option<u64>,
}

impl Filter<'_> {
    fn takes(&self, ticket: u64, symbol: &Symbol, magic: Option<MagicNumber>) -> bool {
        self.after.is_none_or(|after| after < ticket)
            && self.symbol.is_none_or(|wanted| wanted == symbol)
            && self.magic.is_none_or(|wanted| magic == Some(wanted))
    }
}

pub(super) fn orders(broker: &Broker, filter: &Filter<'_>) -> Answer {
    let takes = |order: &Order| filter.takes(order.ticket.value(), &order.symbol, order.magic);
    let (orders, more) = page(broker.orders().filter(takes), OBJECTS_MAX);
    Answer::Orders { orders, more }
}

pub(super) fn positions(broker: &Broker, filter: &Filter<'_>) -> Answer {
    let rows = broker
        .positions()
        .filter(|position| filter.takes(position.ticket.value(), &position.symbol, position.magic));
    let (positions, more) = page(rows, OBJECTS_MAX);
    Answer::Positions { positions, more }
}

/// Orders that are over, by the time at which they were made.
pub(super) fn history_orders(broker: &Broker, span: HistorySpan) -> Answer {
    let is_in = |order: &&Order| is_within(span, order.ticket.value(), order.time_setup_msc);
    let mut rows: Vec<&Order> = broker.history_orders().iter().filter(is_in).collect();
    rows.sort_unstable_by_key(|order| order.ticket);
    let (orders, more) = page(rows.into_iter().cloned(), OBJECTS_MAX);
    Answer::HistoryOrders { orders, more }
}

pub(super) fn history_deals(broker: &Broker, span: HistorySpan) -> Answer {
    let is_in = |deal: &&Deal| is_within(span, deal.ticket.value(), deal.time_msc);
    let (deals, more) = page(broker.history_deals().iter().filter(is_in).cloned(), OBJECTS_MAX);
    Answer::HistoryDeals { deals, more }
}

/// What has no time yet was there at the begin of all times.
fn is_within(span: HistorySpan, ticket: u64, time_msc: Option<i64>) -> bool {
    let time = time_msc.unwrap_or(0).div_euclid(1000);
    span.after.is_none_or(|after| after < ticket) && (span.from..=span.to).contains(&time)
}

pub(super) fn symbols(broker: &Broker, after: Option<&Symbol>) -> Answer {
    let is_after = |symbol: &&Symbol| after.is_none_or(|after| after < *symbol);
    let (symbols, more) = page(broker.symbols().filter(is_after).cloned(), SYMBOLS_MAX);
    Answer::Symbols { symbols, more }
}

fn page<T>(mut rows: impl Iterator<Item = T>, most: usize) -> (Vec<T>, bool) {
    let page = rows.by_ref().take(most).collect();
    (page, rows.next().is_some())
}

/// The newest bars of what is asked.
pub(super) fn rates(series: &Series, span: RatesSpan) -> Answer {
    let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    // Positions, 0 being the newest: the first, and that behind the last.
    let (first, end) = match span {
        RatesSpan::Position { start, count } => {
            let start = size(start);
            (start, start.saturating_add(size(count)))
        }
        RatesSpan::Before { to, count } => {
            let start = series.begin_after(to);
            (start, start.saturating_add(size(count)))
        }
        RatesSpan::Between { from, to } => {
            (series.begin_after(to), series.begin_after(from.saturating_sub(1)))
        }
        _ => (0, 0),
    };
    let end = end.min(series.len());
    let cut = end.min(first.saturating_add(BARS_MAX));
    let bars: Vec<Bar> = (first..cut).rev().filter_map(|position| series.at(position)).collect();
    Answer::Rates { more: cut < end && !bars.is_empty(), bars }
}

/// The oldest ticks of what is asked; `None` if one millisecond has more than a page holds.
pub(super) fn ticks(chart: &Chart, from_msc: i64, to_msc: i64, count: u64) -> Option<Answer> {
    let ticks = chart.ticks();
    let first = ticks.partition_point(|tick| tick.time_msc < from_msc);
    let end = ticks.partition_point(|tick| tick.time_msc <= to_msc).max(first);
    let end = end.min(first.saturating_add(usize::try_from(count).unwrap_or(usize::MAX)));
    let mut cut = end.min(first.saturating_add(TICKS_MAX));
    if cut < end {
        // The next page goes on after this one's last millisecond, so that is whole.
        let next = ticks.get(cut)?.time_msc;
        cut = ticks.partition_point(|tick| tick.time_msc < next);
        if cut <= first {
            return None;
        }
    }
    Some(Answer::Ticks { ticks: ticks.range(first..cut).copied().collect(), more: cut < end })
}
