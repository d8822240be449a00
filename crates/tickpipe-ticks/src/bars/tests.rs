use std::io::Cursor;

use tickpipe_proto::types::Timeframe;

use super::*;
use crate::error::TickError;
use crate::options::OnBadRow;
use crate::packing;

/// Two bars as MT4 exports them.
const TWO: &str = "2022.08.15,10:06,1.02340,1.02359,1.02340,1.02348,105\r\n\
                   2022.08.15,10:07,1.02345,1.02348,1.02330,1.02348,104\r\n";
const TWO_SHOWN: [&str; 2] = [
    "1660557960 1.02340 1.02359 1.02340 1.02348 105",
    "1660558020 1.02345 1.02348 1.02330 1.02348 104",
];

fn shown(bar: &Bar) -> String {
    let Bar { time, open, high, low, close, tick_volume, .. } = bar;
    let mut text = format!("{time} {open} {high} {low} {close} {tick_volume}");
    text += &bar.spread.map(|spread| format!(" spread {spread}")).unwrap_or_default();
    text + &bar.real_volume.map(|volume| format!(" real {volume}")).unwrap_or_default()
}

fn open(bytes: &[u8], options: BarOptions) -> Result<BarReader, TickError> {
    BarReader::new_with(Cursor::new(bytes.to_vec()), "bars.csv", options)
}

#[track_caller]
fn check(bytes: &[u8], format: BarFormat, timeframe: Timeframe, expected: &[&str]) {
    let mut reader = open(bytes, BarOptions::default()).unwrap();
    assert_eq!((reader.format(), reader.timeframe()), (format, timeframe));
    let bars: Vec<String> = reader.by_ref().map(|bar| shown(&bar.unwrap())).collect();
    assert_eq!(bars, expected);
    assert!(reader.next().is_none());
}

/// What the error of a file says, from the place on.
fn error(text: &str) -> String {
    let reader = open(text.as_bytes(), BarOptions::default());
    let error = match reader {
        Err(error) => error,
        Ok(reader) => reader.filter_map(Result::err).next().unwrap(),
    };
    error.to_string().trim_start_matches("`bars.csv`").to_owned()
}

#[test]
fn tables_are_read_plain_and_packed() {
    let check = |bytes: &[u8]| check(bytes, BarFormat::Mt4Csv, Timeframe::M1, &TWO_SHOWN);
    check(TWO.as_bytes());
    check(&packing::utf16le(TWO));
    check(&[b"\xEF\xBB\xBF", TWO.as_bytes()].concat());
    check(&packing::gzip(TWO.as_bytes()));
    // A checksum proves that the last row is whole.
    check(&packing::gzip(TWO.trim_end().as_bytes()));
    let ticks = b"Gmt time,Ask,Bid,AskVolume,BidVolume\n04.02.2019 00:00:00.994,1.1,1.1,1,2\n";
    check(&packing::zip(&[("a.txt", b"a report"), ("t.csv", ticks), ("b.csv", TWO.as_bytes())]));
    let two = packing::zip(&[("a.csv", TWO.as_bytes()), ("b.csv", TWO.as_bytes())]);
    let error = open(&two, BarOptions::default()).unwrap_err().to_string();
    assert!(error.contains("has 2 tables of bars, allowed is one"), "{error}");
    let none = packing::zip(&[("t.csv", ticks)]);
    let error = open(&none, BarOptions::default()).unwrap_err().to_string();
    assert!(error.contains("has no table of bars, allowed is one"), "{error}");
}

#[test]
fn headers_may_be_spelled_and_ordered_otherwise() {
    let mt5 = BarFormat::Mt5Export;
    let check = |text: &str, timeframe, expected: &[&str]| {
        check(text.as_bytes(), mt5, timeframe, expected);
    };
    check(
        "date\ttime\topen\thigh\tlow\tclose\ttickvolume\tvolume\tspread\r\n\
         2018.06.01\t00:00:00\t1.16879\t1.16906\t1.16852\t1.16855\t8\t0\t47\r\n\
         2018.06.01\t00:15:00\t1.16871\t1.16884\t1.16871\t1.16879\t13\t5\t0\r\n",
        Timeframe::M15,
        &[
            "1527811200 1.16879 1.16906 1.16852 1.16855 8 spread 47",
            "1527812100 1.16871 1.16884 1.16871 1.16879 13 spread 0 real 5",
        ],
    );
    check(
        "time,open,high,low,close,tick_volume,spread,real_volume\n\
         2024-12-17 03:00:00,1.05168,1.05344,1.05149,1.05286,2765,0,0\n\
         2024-12-17 04:00:00,1.05286,1.05299,1.0513,1.05213,2997.0,0,0\n",
        Timeframe::H1,
        &[
            "1734404400 1.05168 1.05344 1.05149 1.05286 2765 spread 0",
            "1734408000 1.05286 1.05299 1.0513 1.05213 2997 spread 0",
        ],
    );
    // From a day on MT5 leaves the time out.
    let day = "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n";
    for (dates, timeframe) in [
        (["2024.01.02", "2024.01.03"], Timeframe::D1),
        (["2024.01.07", "2024.01.14"], Timeframe::W1),
        (["2024.01.01", "2024.02.01"], Timeframe::Mn1),
        (["2024.02.01", "2024.03.01"], Timeframe::Mn1),
    ] {
        let rows = dates.map(|date| format!("{date}\t1.1\t1.2\t1.1\t1.2\t1\t0\t2\n")).concat();
        let reader = open((day.to_owned() + &rows).as_bytes(), BarOptions::default()).unwrap();
        assert_eq!((reader.timeframe(), reader.map(Result::unwrap).count()), (timeframe, 2));
    }
    check(
        "Time,Low,High,Close,Open\n2024.01.02 10:00,1.1,1.4,1.3,1.2\n2024.01.02 14:00,1,1,1,1\n",
        Timeframe::H4,
        &["1704189600 1.2 1.4 1.1 1.3 0", "1704204000 1 1 1 1 0"],
    );
}

#[test]
fn what_is_broken_is_named() {
    let check = |text: &str, expected: &str| {
        let error = error(text);
        assert!(error.starts_with(expected), "{text}: {error}");
    };
    let third = "2022.08.15,10:08,1.02335,1.02340,1.02335,1.02340,78";
    let row = |row: &str| format!("{TWO}{third}\r\n{row}\r\n");
    let good = "2022.08.15,10:09,1.02345,1.02348,1.02330,1.02348,104";
    for (from, to, expected) in [
        (
            "2022.08",
            "2022.13",
            "line 4, column 1 (date): found `2022.13.15`, allowed is a date from",
        ),
        (
            "10:09",
            "24:09",
            "line 4, column 2 (time): found `24:09`, allowed is a time such as 00:01",
        ),
        ("10:09", "10:09:00.5", "line 4, column 2 (time): found `10:09:00.5`"),
        ("1.02345", "0", "line 4, column 3 (open): found `0`, allowed is a price above zero"),
        ("1.02345", "1e5", "line 4, column 3 (open): found `1e5`"),
        ("1.02330", "-1", "line 4, column 5 (low): found `-1`"),
        ("1.02330", "nan", "line 4, column 5 (low): found `nan`"),
        (",104", ",1.5", "line 4, column 7 (tick volume): found `1.5`, allowed is a whole number"),
        (",104", ",", "line 4, column 7 (tick volume): found ``"),
        (",104", "", "line 4: found 6 columns, allowed is 7"),
        (",104", ",1,2", "line 4: found 8 columns, allowed is 7"),
        ("1.02330", "1.02346", "line 4: found open 1.02345, high 1.02348, low 1.02346 and close"),
        ("1.02330", "1.02349", "line 4: found open"),
        ("10:09", "10:08", "line 4: found the time 2022-08-15 10:08:00.000, allowed is a time at"),
        ("10:09", "10:08:30", "line 4: found the time 2022-08-15 10:08:30.000, allowed is a time"),
        ("2022", "2261", "line 4, column 1 (date): found `2261.08.15`"),
    ] {
        check(&row(&good.replace(from, to)), &format!(", {expected}"));
    }
    check(&format!("{TWO}{good}"), " ends in line 3 without a line end");
    check(&format!("{TWO}{}\r\n", "1".repeat(2000)), ", line 3: found more than 1024 bytes");
}

#[test]
fn a_broken_row_can_be_left_out() {
    let text = format!("{TWO}nonsense\r\n\r\n{TWO}");
    let options = BarOptions::default().with_on_bad_row(OnBadRow::Skip);
    let mut reader = open(text.as_bytes(), options).unwrap();
    assert_eq!(reader.by_ref().map(Result::unwrap).count(), 2);
    assert_eq!(reader.rows_skipped(), 3);
    let mut reader = open(text.as_bytes(), options).unwrap();
    reader.stop_if(|| true);
    assert_eq!(reader.by_ref().count(), 2);
    assert_eq!(reader.rows_skipped(), 1);
}

#[test]
fn a_timeframe_is_found_or_asked_for() {
    let check = |times: &[i64], expected: Result<Timeframe, &str>| {
        let found = timeframe::find(times.iter().copied());
        assert_eq!(found.as_ref().map_err(String::as_str), expected.as_ref().map_err(|e| *e));
    };
    check(&[], Err("it has fewer than two bars"));
    check(&[60], Err("it has fewer than two bars"));
    check(&[60, 60, 60], Err("it has fewer than two bars"));
    check(&[0, 60, 120, 600, 1200], Ok(Timeframe::M1));
    check(&[0, 300, 360], Ok(Timeframe::M1));
    check(&[0, 300, 600, 3600], Ok(Timeframe::M5));
    check(&[0, 420, 840], Err("most of its bars are 420 seconds apart"));
    check(&[0, 31 * 86_400, 59 * 86_400, 90 * 86_400], Ok(Timeframe::Mn1));
    for timeframe in Timeframe::ALL {
        let minutes = timeframe.seconds().map_or(43_200, |seconds| seconds as i64 / 60);
        assert_eq!(timeframe::of_minutes(minutes), Some(timeframe));
    }
    assert_eq!(timeframe::of_minutes(0), None);
    assert_eq!(timeframe::of_minutes(-1), None);

    let (one, _) = TWO.split_once('\n').unwrap();
    let one = format!("{one}\n");
    let text = error(&one);
    assert!(text.ends_with("it has fewer than two bars; give the timeframe"), "{text}");
    let options = BarOptions::default().with_timeframe(Timeframe::H1);
    let reader = open(one.as_bytes(), options).unwrap();
    assert_eq!((reader.timeframe(), reader.count()), (Timeframe::H1, 1));
    let bars: Vec<_> = open(TWO.as_bytes(), options).unwrap().collect();
    assert!(matches!(bars.as_slice(), [Ok(_), Err(TickError::Row(_))]), "{bars:?}");
}

#[test]
fn files_without_bars_are_refused_by_what_they_are() {
    let check = |text: &str, expected: &str| {
        let error = error(text);
        assert!(error.contains(expected), "{text}: {error}");
        assert!(error.contains("allowed are bars as MT4"), "{error}");
    };
    check("", "it is empty");
    check("hello\n", "it begins with `hello`");
    check("Gmt time,Ask,Bid,AskVolume,BidVolume\n", "it holds ticks (Dukascopy CSV)");
    check("20200101 170000065,1.1,1.1,0\n", "it holds ticks (HistData ASCII)");
    check("date,time,open,high,low\n", "it begins with `date,time,open,high,low`");
    check("date,open,high,low,close,close\n", "it looks like columns open, high, low and close");
    check("0,1.1,1.1,1.1,1.1,1\n", "it looks like LEAN's bars");
}

/// A `.hst` of version 401 with these records.
fn hst(period: i32, digits: i32, records: &[(i64, [f64; 4], i64)]) -> Vec<u8> {
    let mut bytes = 401_i32.to_le_bytes().to_vec();
    bytes.resize(68, 0);
    bytes.extend(b"XAUUSD.m\0\0\0\0");
    bytes.extend([period, digits].iter().flat_map(|number| number.to_le_bytes()));
    bytes.resize(148, 0);
    for (time, prices, volume) in records {
        bytes.extend(time.to_le_bytes());
        bytes.extend(prices.iter().flat_map(|price| price.to_le_bytes()));
        bytes.extend(volume.to_le_bytes());
        bytes.extend([0; 12]);
    }
    bytes
}

#[test]
fn a_history_file_s_doubles_are_decimals() {
    let records = [(0, [0.1 + 0.2, 0.31, 0.3, 0.3], 5), (60, [1.125, 1.125, 1.125, 1.125], 1)];
    let reader = open(&hst(1, 1, &records), BarOptions::default()).unwrap();
    assert_eq!((reader.symbol(), reader.digits()), (Some("XAUUSD.m"), 3));
    let bars: Vec<String> = reader.map(|bar| shown(&bar.unwrap())).collect();
    assert_eq!(bars, ["0 0.300 0.310 0.300 0.300 5", "60 1.125 1.125 1.125 1.125 1"]);
    let check = |record: (i64, [f64; 4], i64), expected: &str| {
        let mut reader = open(&hst(1, 5, &[record]), BarOptions::default()).unwrap();
        let error = reader.next().unwrap().unwrap_err().to_string();
        assert!(error.starts_with(&format!("`bars.csv`, line 1{expected}")), "{error}");
    };
    check((-1, [1.0; 4], 1), ", column 1 (time): found `-1`");
    check((i64::MAX, [1.0; 4], 1), ", column 1 (time): found `9223372036854775807`");
    check((0, [f64::NAN, 1.0, 1.0, 1.0], 1), ", column 2 (open): found `NaN`");
    check((0, [1.0, f64::INFINITY, 1.0, 1.0], 1), ", column 3 (high): found `inf`");
    check((0, [1.0, 1.0, -1.0, 1.0], 1), ", column 4 (low): found `-1`");
    check((0, [1.0, 1.0, 1.0, 0.123_456_789_1], 1), ", column 5 (close): found `0.1234567891`");
    check((0, [1.0; 4], -1), ", column 6 (volume): found `-1`");
    check((0, [1.0, 0.5, 1.0, 1.0], 1), ": found open 1.00000, high 0.50000");
    let error = open(&hst(7, 5, &[]), BarOptions::default()).unwrap_err().to_string();
    assert!(error.contains("its header says 7 minutes; give the timeframe"), "{error}");
    let error = open(&hst(1, 5, &[])[..147], BarOptions::default()).unwrap_err();
    assert_eq!(error.code(), "damaged");
}
