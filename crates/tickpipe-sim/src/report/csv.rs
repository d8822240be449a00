//! Files of rows, as RFC 4180 has them, with `\n` at the ends of lines.
//!
//! The same run gives the same bytes. No `client_id` is in them, for some are made at random.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::text::{iso, side};
use super::{Report, Trade};

const TRADES: &str = "position,symbol,side,volume,time_in,time_in_msc,price_in,time_out,time_out_msc,\
    price_out,profit,swap,commission,net,ending,magic,comment_in,comment_out\n";
const EQUITY: &str = "time,time_msc,balance,equity,equity_min,equity_max,drawdown\n";

impl Report {
    /// Returns the trades, a row each, in the order in which they were closed.
    ///
    /// Comments stand as they are, whatever is in them.
    #[must_use]
    pub fn trades_csv(&self) -> String {
        let mut text = TRADES.to_owned();
        for trade in &self.trades {
            push_trade(&mut text, trade);
        }
        text
    }

    /// Returns the equity curve, a row for each interval in which something was open or changed.
    #[must_use]
    pub fn equity_csv(&self) -> String {
        let mut text = EQUITY.to_owned();
        for point in &self.equity {
            let row = [point.balance, point.equity, point.equity_min, point.equity_max];
            // Writing to a string cannot fail.
            write!(text, "{},{}", iso(point.time_msc), point.time_msc).unwrap_or_default();
            for amount in row.iter().chain([&point.drawdown]) {
                write!(text, ",{amount}").unwrap_or_default();
            }
            text.push('\n');
        }
        text
    }
}

fn push_trade(text: &mut String, trade: &Trade) {
    let fields: [&dyn std::fmt::Display; 16] = [
        &trade.position,
        &field(trade.symbol.as_str()),
        &side(trade.side),
        &trade.volume,
        &iso(trade.time_in_msc),
        &trade.time_in_msc,
        &trade.price_in,
        &iso(trade.time_out_msc),
        &trade.time_out_msc,
        &trade.price_out,
        &trade.profit,
        &trade.swap,
        &trade.commission,
        &trade.net,
        &trade.ending.as_str(),
        &trade.magic.map_or_else(String::new, |magic| magic.to_string()),
    ];
    for value in fields {
        write!(text, "{value},").unwrap_or_default();
    }
    let comment = |comment: &Option<String>| field(comment.as_deref().unwrap_or("")).into_owned();
    text.push_str(&comment(&trade.comment_in));
    text.push(',');
    text.push_str(&comment(&trade.comment_out));
    text.push('\n');
}

/// In quotes where it must be.
fn field(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}
