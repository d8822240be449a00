//! The tables of a page.

use std::fmt::Write as _;

use super::super::Trade;
use super::super::text::{duration, grouped, moment, side};
use super::escape::html;

/// As many trades have a row, the last ones.
pub(super) const ROWS_MAX: usize = 500;

const HEAD: &str = "<div class=\"rows\"><table>\n<thead><tr><th>opened</th><th>symbol</th><th>side</th>\
    <th class=\"n\">lots</th><th class=\"n\">in</th><th>closed</th><th class=\"n\">out</th>\
    <th class=\"n\">held</th><th class=\"n\">profit</th><th class=\"n\">swap</th>\
    <th class=\"n\">commission</th><th class=\"n\">net</th><th>ended by</th><th>position</th>\
    <th>comments</th></tr></thead>\n<tbody>\n";

/// Rows of a name and a value.
pub(super) fn pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let row = |(name, value)| {
        format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", html(name), html(value))
    };
    pairs.map(row).collect()
}

/// The last trades, the latest first.
pub(super) fn trades(trades: &[Trade], begin_msc: i64) -> String {
    if trades.is_empty() {
        return "<p class=\"hint\">No trades.</p>\n".to_owned();
    }
    let before = trades.len().saturating_sub(ROWS_MAX);
    let shown = trades.get(before..).unwrap_or_default();
    let mut text = String::new();
    if before != 0 {
        let (shown, before) = (grouped(&shown.len()), grouped(&before));
        // Writing to a string cannot fail.
        writeln!(
            text,
            "<p class=\"hint\">The last {shown}, the latest first; {before} before them are in \
             trades.csv. Click one to see it in the charts.</p>"
        )
        .unwrap_or_default();
    } else {
        text.push_str(
            "<p class=\"hint\">The latest first. Click one to see it in the charts.</p>\n",
        );
    }
    text.push_str(HEAD);
    for trade in shown.iter().rev() {
        push_row(&mut text, trade, begin_msc);
    }
    text.push_str("</tbody>\n</table></div>\n");
    text
}

fn push_row(text: &mut String, trade: &Trade, begin_msc: i64) {
    let side = side(trade.side);
    let symbol = html(trade.symbol.as_str());
    let net = trade.net;
    let result = if net.is_negative() {
        " lost"
    } else if net.is_zero() {
        ""
    } else {
        " won"
    };
    let (time_in, time_out) = (trade.time_in_msc - begin_msc, trade.time_out_msc - begin_msc);
    let number =
        |value: &dyn std::fmt::Display| format!("<td class=\"n\">{}</td>", grouped(&value));
    let comments = [&trade.comment_in, &trade.comment_out];
    let comments: Vec<String> = comments.into_iter().flatten().map(|text| html(text)).collect();
    let comments = comments.join(" · ");
    write!(text, "<tr data-symbol=\"{symbol}\" data-in=\"{time_in}\" data-out=\"{time_out}\">")
        .unwrap_or_default();
    let cells = [
        format!("<td>{}</td>", moment(trade.time_in_msc)),
        format!("<td>{symbol}</td>"),
        format!("<td class=\"{side}\">{side}</td>"),
        number(&trade.volume),
        number(&trade.price_in),
        format!("<td>{}</td>", moment(trade.time_out_msc)),
        number(&trade.price_out),
        format!("<td class=\"n\">{}</td>", duration(trade.time_out_msc - trade.time_in_msc)),
        number(&trade.profit),
        number(&trade.swap),
        number(&trade.commission),
        format!("<td class=\"n{result}\">{}</td>", grouped(&net)),
        format!("<td>{}</td>", trade.ending.as_str()),
        format!("<td class=\"n\">{}</td>", trade.position),
        format!("<td class=\"comment\" title=\"{comments}\"><bdi>{comments}</bdi></td>"),
    ];
    for cell in cells {
        text.push_str(&cell);
    }
    text.push_str("</tr>\n");
}
