//! The symbol in the name of a file of bars.

use super::format::BarFormat;

/// MT4's periods in minutes, as they stand behind the symbol in the names of its files.
const MT4_PERIODS: [&str; 9] = ["1", "5", "15", "30", "60", "240", "1440", "10080", "43200"];

/// Reads the name of a file, or of an entry in a zip, as the writer of that format gives it.
pub(super) fn symbol(format: BarFormat, path: &str) -> Option<String> {
    let file = path.rsplit(['/', '\\']).next()?;
    let file = file.strip_suffix(".gz").unwrap_or(file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let words: Vec<&str> = stem.split('_').collect();
    let symbol = match (format, words.as_slice()) {
        (BarFormat::HistDataMetaTrader, ["DAT", "MT", symbol, "M1", _])
        | (BarFormat::HistDataNinjaTrader, ["DAT", "NT" | "ASCII", symbol, "M1", _]) => symbol,
        (BarFormat::Mt5Export, [symbol, period, from, to])
            if is_word(period) && is_number(from) && is_number(to) =>
        {
            symbol
        }
        (BarFormat::Mt4Csv | BarFormat::Hst, _) => {
            let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let (symbol, period) = stem.split_at(stem.len() - digits);
            if !MT4_PERIODS.contains(&period) {
                return None;
            }
            symbol
        }
        _ => return None,
    };
    Some(symbol.to_owned()).filter(|symbol| !symbol.is_empty())
}

fn is_word(text: &str) -> bool {
    tickpipe_proto::types::Timeframe::from_word(text).is_some()
        || matches!(text, "Daily" | "Weekly" | "Monthly")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_state_symbols() {
        let check = |format, path, expected: Option<&str>| {
            assert_eq!(symbol(format, path).as_deref(), expected, "{path}");
        };
        check(BarFormat::HistDataMetaTrader, "DAT_MT_EURUSD_M1_202006.csv.gz", Some("EURUSD"));
        check(BarFormat::HistDataNinjaTrader, "x/DAT_NT_EURUSD_M1_2020.csv", Some("EURUSD"));
        check(BarFormat::HistDataNinjaTrader, "DAT_ASCII_EURUSD_M1_2020.csv", Some("EURUSD"));
        check(BarFormat::Mt4Csv, r"C:\files\EURUSD240.csv", Some("EURUSD"));
        check(BarFormat::Mt4Csv, "GER301440.csv", None);
        check(BarFormat::Mt4Csv, "1.csv", None);
        check(BarFormat::Mt4Csv, "EURUSD.csv", None);
        let mt5 = BarFormat::Mt5Export;
        check(mt5, "EURUSD.m_M15_201806010000_201806292359.csv", Some("EURUSD.m"));
        check(mt5, "EURUSD_Daily_201806010000_201806290000.csv", Some("EURUSD"));
        check(mt5, "EURUSD_M1.csv", None);
        check(mt5, "", None);
    }
}
