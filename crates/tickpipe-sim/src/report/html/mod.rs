//! A report as a page: one file that opens from a disk, without a network.
//!
//! All that comes from a strategy or a broker is escaped before it is put in; the same run gives the same
//! bytes.

mod data;
mod escape;
mod rows;
#[cfg(test)]
mod tests;

use self::escape::html;
use super::text::{day_and_clock, moment};
use super::{Report, figures};

const PAGE: &str = include_str!("../../../assets/report/page.html");
const CSS: &str = include_str!("../../../assets/report/report.css");
const JS: &str = include_str!("../../../assets/report/report.js");
const UPLOT_CSS: &str = include_str!("../../../assets/uplot/uPlot.min.css");
const UPLOT_JS: &str = include_str!("../../../assets/uplot/uPlot.iife.min.js");
const UPLOT_LICENCE: &str = include_str!("../../../assets/uplot/LICENSE");

/// The figures that stand large at the top.
const TILES: &[&str] = &[
    "net profit",
    "maximal drawdown",
    "trades",
    "win rate",
    "profit factor",
    "expectancy",
    "Sharpe ratio",
    "exposure",
];

impl Report {
    /// Returns the report as a page with charts of equity, drawdown, and prices with trades.
    ///
    /// It holds the symbols that were traded, at most 5 of them, the marks of the last 10,000 trades of
    /// each and the rows of the last 500; the files of rows have all.
    #[must_use]
    pub fn html(&self) -> String {
        let figures = figures::all(self);
        fill(PAGE, |name| match name {
            "symbols" => html(&self.names()),
            "days" => self.days(),
            "licence" => UPLOT_LICENCE.to_owned(),
            "uplot_css" => UPLOT_CSS.to_owned(),
            "css" => CSS.to_owned(),
            "period" => self.period(),
            "broken_off" => self.broken_off(),
            "tiles" => tiles(&figures),
            "marks_note" => data::note(self),
            "figures" => rows::pairs(figures.iter().map(|(name, value)| (*name, value.as_str()))),
            "settings" => self.settings_section(),
            "trades" => rows::trades(&self.trades, self.summary.first_msc.unwrap_or(0)),
            "data" => data::json(self),
            "uplot_js" => UPLOT_JS.to_owned(),
            "js" => JS.to_owned(),
            _ => String::new(),
        })
    }

    /// What was traded.
    fn names(&self) -> String {
        let symbols: Vec<&str> = data::shown(self).map(|curve| curve.symbol.as_str()).collect();
        if symbols.is_empty() { "A run without ticks".to_owned() } else { symbols.join(", ") }
    }

    /// The first day and the last.
    fn days(&self) -> String {
        let time = self.summary.first_msc.zip(self.summary.last_msc);
        time.map_or_else(String::new, |(first, last)| {
            let (first, last) = (day_and_clock(first).0, day_and_clock(last).0);
            if first == last { first } else { format!("{first} to {last}") }
        })
    }

    fn period(&self) -> String {
        let time = self.summary.first_msc.zip(self.summary.last_msc);
        time.map_or_else(String::new, |(first, last)| {
            format!("from {} to {}", moment(first), moment(last))
        })
    }

    fn broken_off(&self) -> String {
        self.broken_off.as_deref().map_or_else(String::new, |reason| {
            let reason = html(reason);
            format!("<p class=\"broken\" role=\"alert\">Not played to the end: {reason}</p>\n")
        })
    }

    fn settings_section(&self) -> String {
        if self.settings.is_empty() {
            return String::new();
        }
        let pairs = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let rows = rows::pairs(pairs);
        format!(
            "<section>\n<h2>Settings</h2>\n<table class=\"figures\">\n{rows}</table>\n</section>\n"
        )
    }
}

fn tiles(figures: &[figures::Figure]) -> String {
    let tiles = TILES.iter().filter_map(|name| figures.iter().find(|figure| figure.0 == *name));
    let tile = |(name, value): &figures::Figure| {
        let (value, more) = value.split_once(", ").unwrap_or((value, ""));
        let (name, value, more) = (html(name), html(value), html(more));
        format!("<div class=\"tile\"><span>{name}</span><b>{value}</b><span>{more}</span></div>\n")
    };
    tiles.map(tile).collect()
}

/// Replaces each `{{name}}` of a template; what is put in is not looked at again.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        text.push_str(&value(name));
        rest = after;
    }
    text.push_str(rest);
    text
}
