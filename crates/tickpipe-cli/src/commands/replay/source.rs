//! What is played: a file's format, its clock, and its symbol.

use serde_json::{Value, json};
use tickpipe::escaped;
use tickpipe_ticks::{Clock, TickFormat, TickReader, TickTime};

use crate::print::SHOWN_CHARS_MAX;

/// What a reader says of its file.
pub(crate) struct Source {
    format: TickFormat,
    clock: Clock,
    symbol: Option<String>,
}

impl Source {
    pub(crate) fn of(reader: &TickReader) -> Self {
        let symbol = reader.symbol().map(str::to_owned);
        Self { format: reader.format(), clock: reader.clock().clone(), symbol }
    }

    /// Returns a line for people. Zone and symbol are text of the file.
    pub(crate) fn text(&self) -> String {
        let mut text = self.format.title().to_owned();
        if let Some(symbol) = &self.symbol {
            text += &format!(", {}", escaped(symbol, SHOWN_CHARS_MAX));
        }
        text + &format!(", times in {}", escaped(&self.clock.to_string(), SHOWN_CHARS_MAX))
    }

    /// Adds what it is to a summary.
    pub(crate) fn describe(&self, summary: &mut Value) {
        summary["format"] = json!(self.format.as_str());
        summary["clock"] = json!(self.clock.to_string());
        summary["symbol"] = json!(self.symbol);
    }

    /// Adds a tick's time to its object, and beside it the clock without which it says nothing.
    pub(crate) fn date(&self, exchange: &mut Value, time: TickTime) {
        exchange["time_msc"] = json!(time.as_millis());
        exchange["clock"] = json!(self.clock.to_string());
    }

    /// Returns a tick's time for people.
    pub(crate) fn time_text(&self, time: TickTime) -> String {
        self.clock.time_text(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &'static str, name: &str) -> Source {
        Source::of(&TickReader::new(text.as_bytes(), name).expect("ticks"))
    }

    #[test]
    fn a_file_is_named_with_its_clock_and_symbol() {
        let dukascopy = "Gmt time,Ask,Bid,AskVolume,BidVolume\n";
        assert_eq!(source(dukascopy, "x").text(), "Dukascopy CSV, times in UTC");
        let lean = source("1000,1.1,1.2\n", "x_eurusd_tick_quote.csv");
        assert_eq!(lean.text(), "LEAN, eurusd, times in UTC, from midnight of an unknown day");
        let mut summary = json!({});
        lean.describe(&mut summary);
        assert_eq!([&summary["format"], &summary["symbol"]], ["lean", "eurusd"]);
        assert_eq!(summary["clock"], "UTC, from midnight of an unknown day");
    }

    #[test]
    fn text_of_the_file_is_shown_not_obeyed() {
        let clock = Clock::Named("\u{1b}[2J".into());
        let symbol = Some("EUR\nUSD".to_owned());
        let source = Source { format: TickFormat::TrueFx, clock, symbol };
        assert_eq!(source.text(), "TrueFX, EUR\\nUSD, times in \\u{1b}[2J");
    }
}
