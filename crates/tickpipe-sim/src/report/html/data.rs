//! The numbers that the charts are drawn from.
//!
//! They are whole units, each as the step from the one before, which makes them short and loses nothing.

use std::fmt::Write as _;

use tickpipe_proto::message::OrderType;
use tickpipe_proto::types::{Money, Symbol};

use super::super::text::grouped;
use super::super::{PriceCurve, Report, Trade};
use super::escape::{html, json as quoted};

/// As many symbols have a chart.
const SYMBOLS_MAX: usize = 5;
/// As many trades of a symbol are marked, the last ones.
const MARKS_MAX: usize = 10_000;

/// The prices that are shown: of what was traded, or the first if nothing was.
pub(super) fn shown(report: &Report) -> impl Iterator<Item = &PriceCurve> {
    let is_traded = |symbol: &Symbol| report.trades.iter().any(|trade| trade.symbol == *symbol);
    let is_any = !report.trades.is_empty();
    let count = if is_any { SYMBOLS_MAX } else { 1 };
    report.prices.iter().filter(move |curve| !is_any || is_traded(&curve.symbol)).take(count)
}

/// Says what the charts leave out.
pub(super) fn note(report: &Report) -> String {
    let mut note = String::new();
    let is_shown = |symbol: &Symbol| shown(report).any(|curve| curve.symbol == *symbol);
    let traded = report.prices.iter().map(|curve| &curve.symbol);
    let left_out = traded.filter(|symbol| {
        !is_shown(symbol) && report.trades.iter().any(|trade| trade.symbol == **symbol)
    });
    let left_out: Vec<String> = left_out.map(|symbol| html(symbol.as_str())).collect();
    if !left_out.is_empty() {
        note.push_str(&format!(" Without a chart: {}.", left_out.join(", ")));
    }
    for curve in shown(report) {
        let count = of_symbol(report, &curve.symbol).count();
        if MARKS_MAX < count {
            let (symbol, shown) = (html(curve.symbol.as_str()), grouped(&MARKS_MAX));
            note.push_str(&format!(
                " Of {symbol} the last {shown} of {} trades are drawn.",
                grouped(&count)
            ));
        }
    }
    note
}

/// Returns the JSON, which may stand in a `<script>`.
pub(super) fn json(report: &Report) -> String {
    let begin = report.summary.first_msc.unwrap_or(0);
    let end = report.summary.last_msc.unwrap_or(begin);
    let digits = report.summary.balance_end.digits();
    let mut text = format!(
        "{{\"currency\":{},\"digits\":{digits},\"begin\":{begin},\"end\":{end},\"equity\":",
        quoted(&report.currency)
    );
    push_equity(&mut text, report, begin);
    text.push_str(",\"symbols\":[");
    for (index, curve) in shown(report).enumerate() {
        if index != 0 {
            text.push(',');
        }
        push_symbol(&mut text, report, curve, begin);
    }
    text.push_str("]}");
    text
}

fn push_equity(text: &mut String, report: &Report, begin: i64) {
    let points = &report.equity;
    let above = |a: Money, b: Money| a.units() - b.units();
    push_steps(text, "{\"t\":", points.iter().map(|point| point.time_msc - begin));
    push_steps(text, ",\"v\":", points.iter().map(|point| point.equity.units()));
    push_steps(text, ",\"b\":", points.iter().map(|point| point.balance.units()));
    push_list(text, ",\"lo\":", points.iter().map(|point| above(point.equity, point.equity_min)));
    push_list(text, ",\"hi\":", points.iter().map(|point| above(point.equity_max, point.equity)));
    push_list(text, ",\"dd\":", points.iter().map(|point| point.drawdown.units()));
    text.push('}');
}

fn push_symbol(text: &mut String, report: &Report, curve: &PriceCurve, begin: i64) {
    let points = &curve.points;
    let (name, digits) = (quoted(curve.symbol.as_str()), curve.digits);
    // Writing to a string cannot fail.
    write!(text, "{{\"name\":{name},\"digits\":{digits},").unwrap_or_default();
    push_steps(text, "\"t\":", points.iter().map(|point| point.time_msc - begin));
    push_steps(text, ",\"v\":", points.iter().map(|point| point.bid.points()));
    let low = points.iter().map(|point| point.bid.points() - point.min.points());
    push_list(text, ",\"lo\":", low);
    let high = points.iter().map(|point| point.max.points() - point.bid.points());
    push_list(text, ",\"hi\":", high);
    text.push_str(",\"trades\":[");
    let count = of_symbol(report, &curve.symbol).count();
    let trades = of_symbol(report, &curve.symbol).skip(count.saturating_sub(MARKS_MAX));
    for (index, trade) in trades.enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let side = u8::from(trade.side == OrderType::Buy);
        let (time_in, time_out) = (trade.time_in_msc - begin, trade.time_out_msc - begin);
        let (price_in, price_out, net) = (trade.price_in, trade.price_out, trade.net);
        write!(text, "{comma}[{time_in},{price_in},{time_out},{price_out},{side},{net}]")
            .unwrap_or_default();
    }
    text.push_str("]}");
}

fn of_symbol<'a>(report: &'a Report, symbol: &'a Symbol) -> impl Iterator<Item = &'a Trade> {
    report.trades.iter().filter(move |trade| trade.symbol == *symbol)
}

/// The first number, then how far each is from the one before.
fn push_steps(text: &mut String, name: &str, numbers: impl Iterator<Item = i64>) {
    let mut before = 0;
    push_list(text, name, numbers.map(|number| number - std::mem::replace(&mut before, number)));
}

fn push_list(text: &mut String, name: &str, numbers: impl Iterator<Item = i64>) {
    text.push_str(name);
    text.push('[');
    for (index, number) in numbers.enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(text, "{comma}{number}").unwrap_or_default();
    }
    text.push(']');
}
