//! What vendors say with the names of their files, and not in them.

use crate::calendar::{HOUR_NS, day_ns};
use crate::format::TickFormat;

/// What a name states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) symbol: Option<String>,
    /// When the times of a file without dates begin, in nanoseconds since 1970.
    pub(crate) begin_ns: Option<i64>,
}

/// Reads the name of a file, or of an entry in a zip, as the writer of that format gives it; a name of
/// any other kind states nothing.
pub(crate) fn stated(format: TickFormat, path: &str) -> Stated {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let Some((file, folders)) = parts.split_last() else { return Stated::default() };
    let file = file.strip_suffix(".gz").unwrap_or(file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let words: Vec<&str> = stem.split('_').collect();
    let symbol = |symbol: &str| Stated { symbol: Some(symbol.to_owned()), begin_ns: None };
    match (format, words.as_slice()) {
        (TickFormat::DukascopyBi5, &[hour, "ticks"]) => hour_file(hour, folders),
        (TickFormat::DukascopyCsv, &[name, "Ticks", _]) => symbol(name),
        (TickFormat::HistDataAscii, &["DAT", "ASCII", name, "T", _]) => symbol(name),
        (TickFormat::Lean, &[date, ref rest @ ..]) => Stated {
            symbol: match *rest {
                [name, "tick", "quote"] => Some(name.to_owned()),
                _ => None,
            },
            begin_ns: date_ns(date),
        },
        (TickFormat::Mt5Export, &[name, from, to]) if is_minute(from) && is_minute(to) => {
            symbol(name)
        }
        _ => Stated::default(),
    }
}

/// `EURUSD/2019/01/04/00h_ticks.bi5`, the month counted from zero.
fn hour_file(hour: &str, folders: &[&str]) -> Stated {
    let [.., symbol, year, month, day] = *folders else { return Stated::default() };
    let begin_ns = || {
        let hour = number(hour.strip_suffix('h')?, 2).filter(|hour| *hour < 24)?;
        let day = day_ns(number(year, 4)?, number(month, 2)? + 1, number(day, 2)?)?;
        Some(day + hour * HOUR_NS)
    };
    match begin_ns() {
        Some(begin_ns) if !symbol.is_empty() => {
            Stated { symbol: Some(symbol.to_owned()), begin_ns: Some(begin_ns) }
        }
        _ => Stated::default(),
    }
}

/// `20140505`.
fn date_ns(date: &str) -> Option<i64> {
    number(date, 8)?;
    day_ns(number(&date[..4], 4)?, number(&date[4..6], 2)?, number(&date[6..], 2)?)
}

/// `201902040000`.
fn is_minute(text: &str) -> bool {
    number(text, 12).is_some()
}

fn number(text: &str, len: usize) -> Option<i64> {
    let is_number = text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Returns how many decimals Dukascopy gives the points of a symbol; `None` if it is not one of the
/// currencies for which there is a rule.
pub(crate) fn bi5_digits(symbol: &str) -> Option<u8> {
    const FIVE: &[&str] = &["AUD", "CAD", "CHF", "EUR", "GBP", "NZD", "USD"];
    const METALS: &[&str] = &["XAG", "XAU"];
    let (base, quote) = symbol.split_at_checked(3)?;
    if METALS.contains(&base) && quote == "USD" {
        return Some(3);
    }
    match quote {
        "JPY" if FIVE.contains(&base) => Some(3),
        quote if FIVE.contains(&quote) && FIVE.contains(&base) => Some(5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEBRUARY_4: i64 = 1_549_238_400_000_000_000;

    #[track_caller]
    fn check(format: TickFormat, path: &str, symbol: Option<&str>, begin_ns: Option<i64>) {
        let found = stated(format, path);
        assert_eq!((found.symbol.as_deref(), found.begin_ns), (symbol, begin_ns), "{path}");
    }

    #[test]
    fn an_hour_file_states_symbol_and_hour() {
        let check = |path, symbol, begin_ns| {
            check(TickFormat::DukascopyBi5, path, symbol, begin_ns);
        };
        check("EURUSD/2019/01/04/00h_ticks.bi5", Some("EURUSD"), Some(FEBRUARY_4));
        let seven = FEBRUARY_4 + 7 * HOUR_NS;
        check(r"C:\data\EURUSD\2019\01\04\07h_ticks.bi5", Some("EURUSD"), Some(seven));
        check("x/EURUSD/2019/01/04/07h_ticks.bi5.gz", Some("EURUSD"), Some(seven));
        // There is no 30 February, no 13th month, no 24th hour.
        check("EURUSD/2019/01/30/00h_ticks.bi5", None, None);
        check("EURUSD/2019/12/04/00h_ticks.bi5", None, None);
        check("EURUSD/2019/01/04/24h_ticks.bi5", None, None);
        check("2019/01/04/00h_ticks.bi5", None, None);
        check("00h_ticks.bi5", None, None);
        check("EURUSD/2019/01/04/BID_candles_min_1.bi5", None, None);
    }

    #[test]
    fn files_of_others_state_what_they_state() {
        let may_5 = 1_399_248_000_000_000_000;
        check(TickFormat::Lean, "20140505_eurusd_tick_quote.csv", Some("eurusd"), Some(may_5));
        check(TickFormat::Lean, "forex/20140505_quote.zip", None, Some(may_5));
        check(TickFormat::Lean, "20140231_quote.zip", None, None);
        check(TickFormat::Lean, "2014٠5_quote.zip", None, None);
        check(TickFormat::HistDataAscii, "DAT_ASCII_EURUSD_T_202001.csv", Some("EURUSD"), None);
        check(
            TickFormat::DukascopyCsv,
            "EURUSD_Ticks_04.02.2019-04.02.2019.csv",
            Some("EURUSD"),
            None,
        );
        let mt5 = TickFormat::Mt5Export;
        check(mt5, "x/EURUSD.m_201902040000_201902042359.csv", Some("EURUSD.m"), None);
        check(mt5, "EURUSD_2019.csv", None, None);
        check(mt5, "", None, None);
    }

    #[test]
    fn points_have_digits_where_there_is_a_rule() {
        assert_eq!(bi5_digits("EURUSD"), Some(5));
        assert_eq!(bi5_digits("USDJPY"), Some(3));
        assert_eq!(bi5_digits("XAUUSD"), Some(3));
        for symbol in ["BTCUSD", "USDRUB", "DEUIDXEUR", "eurusd", "EUR", "", "€URUSD"] {
            assert_eq!(bi5_digits(symbol), None, "{symbol}");
        }
    }
}
