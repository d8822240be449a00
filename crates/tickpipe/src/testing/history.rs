//! Bars that the double has, in pages as an EA serves them.

use tickpipe_proto::message::{Answer, Bar, RatesSpan};

/// Bars of a page: what a line holds with some room left.
const PAGE_ROWS: usize = 500;

/// Returns the newest page of what was asked for, out of bars that rise in time.
pub(super) fn rates(bars: &[Bar], span: RatesSpan) -> Answer {
    let begun_by = |time: i64| bars.partition_point(|bar| bar.time <= time);
    let (begin, end) = match span {
        RatesSpan::Before { to, count } => newest(begun_by(to), count),
        RatesSpan::Between { from, to } => (begun_by(from.saturating_sub(1)), begun_by(to)),
        RatesSpan::Position { start, count } => {
            newest(bars.len().saturating_sub(len(start)), count)
        }
        _ => (0, 0),
    };
    let first = begin.max(end.saturating_sub(PAGE_ROWS));
    let page = bars.get(first..end).unwrap_or_default();
    Answer::Rates { bars: page.to_vec(), more: begin < first }
}

fn newest(end: usize, count: u64) -> (usize, usize) {
    (end.saturating_sub(len(count)), end)
}

fn len(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
