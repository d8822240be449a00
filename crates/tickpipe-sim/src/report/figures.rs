//! The summary in words, for the terminal and the page alike.

use super::text::{duration, grouped, moment};
use super::{Drawdown, Pause, Report};

/// What stands where nothing could be divided by.
const NONE: &str = "-";
/// What stands where equity never fell.
const NO_FALL: &str = "none";

/// A figure's name and its value.
pub(super) type Figure = (&'static str, String);

/// Returns all figures of a report, in the order in which they are read.
pub(super) fn all(report: &Report) -> Vec<Figure> {
    let summary = &report.summary;
    let plain = |value: Option<String>| value.unwrap_or_else(|| NONE.to_owned());
    let money =
        |amount: &dyn std::fmt::Display| format!("{} {}", grouped(&amount), report.currency);
    let maybe = |amount: &Option<tickpipe_proto::types::Money>| {
        amount.map_or_else(|| NONE.to_owned(), |amount| money(&amount))
    };
    let percent = |value: &Option<tickpipe_proto::types::Decimal>| {
        value.map_or_else(|| NONE.to_owned(), |value| format!("{value} %"))
    };
    let mut figures = vec![
        ("net profit", money(&summary.net_profit)),
        ("balance at the begin", money(&summary.balance_start)),
        ("balance at the end", money(&summary.balance_end)),
        ("equity at the end", money(&summary.equity_end)),
        ("gross profit", money(&summary.gross_profit)),
        ("gross loss", money(&summary.gross_loss)),
        ("commission", money(&summary.commission)),
        ("swap", money(&summary.swap)),
    ];
    if !summary.commission_open.is_zero() {
        figures.push(("commission of what is open", money(&summary.commission_open)));
    }
    figures.extend([
        ("trades", trades(summary.trades, summary.wins, summary.losses)),
        ("win rate", percent(&summary.win_rate)),
        ("profit factor", plain(summary.profit_factor.map(|value| value.to_string()))),
        ("expectancy", maybe(&summary.expectancy)),
        ("average win", maybe(&summary.average_win)),
        ("average loss", maybe(&summary.average_loss)),
        ("largest win", maybe(&summary.largest_win)),
        ("largest loss", maybe(&summary.largest_loss)),
        ("longest losing run", grouped(&summary.losing_run)),
        ("maximal drawdown", drawdown(summary.drawdown.as_ref(), &report.currency)),
        ("drawdown from, to", from_to(summary.drawdown.as_ref())),
    ]);
    if summary.drawdown != summary.drawdown_relative {
        let relative = summary.drawdown_relative.as_ref();
        figures.push(("relative drawdown", drawdown(relative, &report.currency)));
        figures.push(("relative from, to", from_to(relative)));
    }
    let orders = [summary.orders, summary.orders_rejected, summary.orders_unknown];
    let [sent, rejected, unknown] = orders.map(|count| grouped(&count));
    let time = |time: Option<i64>| plain(time.map(moment));
    figures.extend([
        ("Sharpe ratio", plain(summary.sharpe.map(|value| value.to_string()))),
        ("exposure", percent(&summary.exposure)),
        ("orders", format!("{sent} sent, {rejected} rejected, {unknown} unknown")),
        ("ticks", grouped(&summary.ticks)),
        ("first tick", time(summary.first_msc)),
        ("end", time(summary.last_msc)),
        ("longest pause", pause(summary.longest_pause)),
    ]);
    figures
}

fn trades(all: u64, wins: u64, losses: u64) -> String {
    let [all, wins, losses] = [all, wins, losses].map(|count| grouped(&count));
    format!("{all}, {wins} won, {losses} lost")
}

fn drawdown(drawdown: Option<&Drawdown>, currency: &str) -> String {
    let Some(drawdown) = drawdown else { return NO_FALL.to_owned() };
    let money = grouped(&drawdown.money);
    match drawdown.percent {
        Some(percent) => format!("{money} {currency}, {percent} %"),
        None => format!("{money} {currency}"),
    }
}

/// A hole in the data looks like a night; only its length tells them apart.
fn pause(pause: Option<Pause>) -> String {
    let Some(pause) = pause else { return NONE.to_owned() };
    format!("{} from {}", duration(pause.length_ms), moment(pause.begin_msc))
}

fn from_to(drawdown: Option<&Drawdown>) -> String {
    let Some(drawdown) = drawdown else { return NONE.to_owned() };
    format!("{}, {}", moment(drawdown.peak_msc), moment(drawdown.low_msc))
}
