//! Rows that are broken, and files that hold something else.

use super::*;

/// What is wrong with the only row of a Dukascopy table, as place, found and allowed.
fn refused(row: &str) -> String {
    let file =
        format!("Gmt time,Ask,Bid,AskVolume,BidVolume\n04.02.2019 00:00:00,1,1,1,1\n{row}\n");
    let mut reader = open(file.as_bytes(), "x.csv", ReadOptions::default()).unwrap();
    assert!(reader.next().unwrap().is_ok());
    let error = reader.next().unwrap().unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("row", false));
    assert!(reader.next().is_none(), "nothing comes after an error");
    let TickError::Row(row) = error else { panic!("{error}") };
    assert_eq!(row.line, 3);
    format!("{} {}: {}", row.column, row.name, row.found)
}

#[test]
fn a_broken_row_is_refused_with_its_place() {
    let file = format!("{DUKASCOPY}04.02.2019 00:00:02,1.14545,abc,1,1\n");
    let error = open(file.as_bytes(), "x.csv", ReadOptions::default()).unwrap().nth(2);
    assert_eq!(
        error.unwrap().unwrap_err().to_string(),
        "`x.csv`, line 4, column 3 (bid): found `abc`, allowed is a price above zero with at most 8 \
         decimals, such as 1.14543"
    );
}

#[test]
fn what_no_row_may_have() {
    let time = "04.02.2019 00:00:01";
    for price in [
        "",
        "0",
        "0.00000",
        "-1.1",
        "nan",
        "NaN",
        "inf",
        "1e5",
        "1.123456789",
        "1,1",
        " 1.1",
        "1.1 ",
        "01.1",
        "1.",
        ".1",
        "1000000000000000000",
    ] {
        if price != "1,1" {
            assert_eq!(refused(&format!("{time},{price},1.1,1,1")), format!("2 ask: `{price}`"));
            assert_eq!(refused(&format!("{time},1.1,{price},1,1")), format!("3 bid: `{price}`"));
        }
    }
    for volume in ["", "-1", "nan", "inf", "1e400", "x"] {
        assert_eq!(refused(&format!("{time},1,1,{volume},1")), format!("4 ask volume: `{volume}`"));
    }
    for time in [
        "",
        "30.02.2019 00:00:01",
        "29.02.2019 00:00:01",
        "31.04.2019 00:00:01",
        "00.02.2019 00:00:01",
        "04.13.2019 00:00:01",
        "04.02.2019 24:00:00",
        "04.02.2019 00:60:00",
        "04.02.2019 00:00:60",
        "04.02.2019 00:00:01.",
        "04.02.2019 00:00:01.1234567890",
        "04.02.2019 00:00:1",
        "04.02.2019",
        "04.02.1969 00:00:01",
        "04.02.2262 00:00:01",
        "2019.02.04 00:00:01",
        "04-02-2019 00:00:01",
        "04.02.2019 00:00:01Z",
        "4.2.2019 00:00:01",
    ] {
        assert_eq!(refused(&format!("{time},1,1,1,1")), format!("1 time: `{time}`"));
    }
    assert_eq!(refused(&format!("{time},1,1,1")), "0 : 4 columns");
    assert_eq!(refused(&format!("{time},1,1,1,1,1")), "0 : 6 columns");
    assert_eq!(refused(&format!("{time},1,1,1,1,")), "0 : 6 columns");
    assert_eq!(refused("\0\0\0\0\0\0\0\0\0\0 00:00:01,1,1,1,1").find("time"), Some(2));
    // The escape is shown, not obeyed.
    assert_eq!(refused(&format!("{time},\u{1b}[2J,1,1,1")), r"2 ask: `\u{1b}[2J`");
}

#[test]
fn a_bid_above_the_ask_and_an_empty_line_are_no_fault() {
    check(
        "timestamp,bidPrice,askPrice\n1549238400994,1.2,1.1\n\n\r\n1549238400994,1.1,1.2\n\n",
        TickFormat::DukascopyCsv,
        Clock::Utc,
        &["2019-02-04 00:00:00.994 1.2 1.1", "2019-02-04 00:00:00.994 1.1 1.2"],
    );
}

const BACKWARD: &str = "20200101 170000065,1.1,1.2,0\n20200101 170000064,1.1,1.2,0\n\
                        20200101 170000065,1.1,1.2,0\n20200101 170000066,1.1,1.2,0\n";

#[test]
fn time_runs_backward_only_if_it_may() {
    let read = |options: ReadOptions| {
        let mut reader = open(BACKWARD.as_bytes(), "x.csv", options).unwrap();
        let ticks: Vec<Result<Tick, TickError>> = reader.by_ref().collect();
        (ticks, reader.rows_skipped())
    };
    let (ticks, _) = read(ReadOptions::default());
    assert_eq!(ticks.len(), 2);
    assert_eq!(
        ticks[1].as_ref().unwrap_err().to_string(),
        "`x.csv`, line 2: found the time 2020-01-01 17:00:00.064, allowed is a time not before that \
         of the row before, 2020-01-01 17:00:00.065"
    );
    let (ticks, skipped) = read(ReadOptions::default().with_on_bad_row(OnBadRow::Skip));
    assert_eq!((ticks.len(), skipped), (3, 1));
    let keep = ReadOptions::default().with_on_backward_time(OnBackwardTime::Keep);
    let (ticks, skipped) = read(keep);
    assert_eq!((ticks.iter().filter(|tick| tick.is_ok()).count(), skipped), (4, 0));
}

/// Reads with broken rows left out.
#[track_caller]
fn check_skipping(file: &str, skipped: u64, expected: &[&str]) {
    let options = ReadOptions::default().with_on_bad_row(OnBadRow::Skip);
    let mut reader = open(file.as_bytes(), "x.csv", options).unwrap();
    let ticks: Vec<String> = reader.by_ref().map(|tick| shown(&tick.unwrap())).collect();
    assert_eq!(ticks, expected);
    assert_eq!(reader.rows_skipped(), skipped);
}

#[test]
fn broken_rows_are_left_out_and_counted() {
    let long = "x".repeat(5 * ROW_LEN_MAX);
    let file = format!(
        "timestamp,bidPrice,askPrice\nx\n1549238400994,1.1,1.2\n{long}\n1549238400994,0,1.2\n\
         1549238400995,1.1,1.2\n1549238400996,1.1,1."
    );
    check_skipping(
        &file,
        4,
        &["2019-02-04 00:00:00.994 1.1 1.2", "2019-02-04 00:00:00.995 1.1 1.2"],
    );
}

#[test]
fn after_a_broken_row_an_unchanged_price_is_not_known() {
    let row = |second: u32, rest: &str| format!("2019.02.04\t00:00:0{second}\t{rest}\r\n");
    for broken in ["abc\t1.2\t\t\t2".to_owned(), "x".repeat(ROW_LEN_MAX + 1)] {
        let file = MT5.to_owned()
            + &row(1, "1.1\t1.2\t\t\t6")
            + &row(2, &broken)
            + &row(3, "\t1.3\t\t\t4")
            + &row(4, "1.2\t\t\t\t2");
        check_skipping(
            &file,
            1,
            &[
                "2019-02-04 00:00:01.000 1.1 1.2 flags 6",
                "2019-02-04 00:00:03.000 - 1.3 flags 4",
                "2019-02-04 00:00:04.000 1.2 1.3 flags 2",
            ],
        );
    }
}

/// What begins with `begin` and goes on with `byte` for 64 MiB.
fn long_file(begin: &str, byte: u8, options: ReadOptions) -> TickReader {
    let rest = std::io::repeat(byte).take(64 << 20);
    TickReader::new_with(std::io::Cursor::new(begin.to_owned()).chain(rest), "x", options).unwrap()
}

#[test]
fn a_row_without_an_end_is_told_at_the_limit() {
    let mut reader = long_file(DUKASCOPY, b'x', ReadOptions::default());
    assert!(reader.by_ref().take(2).all(|tick| tick.is_ok()));
    let error = reader.next().unwrap().unwrap_err().to_string();
    assert!(error.starts_with("`x`, line 4: found more than 1024 bytes"), "{error}");
    assert!(reader.progress().bytes_read < 1 << 20);
}

#[test]
fn a_row_of_many_blocks_is_one_broken_row() {
    let row = |index: u32| format!("154923840099{index},1.1,1.2\n");
    let long = "x".repeat(1_000_000);
    let file = "timestamp,bid,ask\n".to_owned() + &row(4) + &long + "\n" + &row(5) + "x\n";
    check_skipping(
        &(file + &long),
        3,
        &["2019-02-04 00:00:00.994 1.1 1.2", "2019-02-04 00:00:00.995 1.1 1.2"],
    );
}

#[test]
fn reading_can_be_stopped_where_no_tick_comes() {
    let options = ReadOptions::default().with_on_bad_row(OnBadRow::Skip);
    for byte in [b'\n', b'x'] {
        let mut reader = long_file(DUKASCOPY, byte, options);
        let asked = AtomicU64::new(0);
        reader.stop_if(move || asked.fetch_add(1, Ordering::Relaxed) == 2);
        assert_eq!(reader.by_ref().count(), 2);
        assert!(reader.progress().bytes_read < 1 << 20);
    }
}

#[test]
fn a_row_has_a_limit() {
    let row = |len: usize| {
        let symbol =
            "E/".to_owned() + &"U".repeat(len - ",20090501 00:00:00.286,1.1,1.2".len() - 2);
        format!("{symbol},20090501 00:00:00.286,1.1,1.2\r\n")
    };
    let read = |len| {
        let mut reader = open(row(len).as_bytes(), "x", ReadOptions::default()).unwrap();
        reader.next().unwrap()
    };
    assert!(read(ROW_LEN_MAX).is_ok());
    let error = read(ROW_LEN_MAX + 1).unwrap_err().to_string();
    assert_eq!(
        error,
        "`x`, line 1: found more than 1024 bytes without a line end, allowed is a row of at most 1024 \
         bytes"
    );
}

#[test]
fn every_row_of_truefx_names_the_same_symbol() {
    let file = "EUR/USD,20090501 00:00:00.286,1.1,1.2\nEUR/JPY,20090501 00:00:00.286,1.1,1.2\n";
    let error = open(file.as_bytes(), "x", ReadOptions::default()).unwrap().nth(1).unwrap();
    let text = error.unwrap_err().to_string();
    assert_eq!(text, "`x`, line 2, column 1 (symbol): found `EUR/JPY`, allowed is `EUR/USD`");
}

#[test]
fn records_of_bi5_are_checked_too() {
    let check = |record: packing::Record, expected: &str| {
        let file = packing::bi5(&[(0, 2, 1, 1.0, 1.0), record]);
        let options = ReadOptions::default().with_bi5_digits(5);
        let error = open(&file, "x", options).unwrap().nth(1).unwrap().unwrap_err().to_string();
        assert!(error.starts_with(&format!("`x`, line 2, {expected}")), "{error}");
    };
    check((1, 0, 1, 1.0, 1.0), "column 2 (ask): found 0");
    check((1, 1, 0, 1.0, 1.0), "column 3 (bid): found 0");
    check((1, 2, 1, f32::NAN, 1.0), "column 4 (ask volume): found NaN");
    check((1, 2, 1, 1.0, -1.0), "column 5 (bid volume): found -1");
}

#[test]
fn what_holds_no_ticks_is_named() {
    let check = |bytes: &[u8], code: &str, text: &str| {
        for packed in [bytes.to_vec(), packing::gzip(bytes)] {
            let error = open(&packed, "x", ReadOptions::default()).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().contains(text), "{error} lacks {text}");
        }
    };
    let header = b"<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n";
    check(header, "bars", "columns open, high, low and close");
    check(b"date\ttime\topen\thigh\tlow\tclose\n", "bars", "columns open");
    check(b"2022.08.15,10:06,1.1,1.2,1.0,1.1,105\r\n", "bars", "MetaTrader's bars");
    check(b"20200501 000000;1.1;1.2;1.0;1.1;0\n", "bars", "HistData's one-minute bars");
    check(b"60000,1.1,1.2,1.0,1.1,0\n", "bars", "LEAN's bars");
    check(b"\x91\x01\0\0(C)opyright", "bars", ".hst");
    check(b"\x95\x01\0\0(C)opyright", "bars", ".fxt");
    let minute = |index: u32| [index * 60, 5, 6, 4, 7, 0].map(u32::to_be_bytes).concat();
    let bars: Vec<u8> = (0..100).flat_map(minute).collect();
    check(&packing::lzma(&bars), "bars", "Dukascopy's bars");
    check(&packing::lzma(&[0xFF; 480]), "unknown", "LZMA");
    check(b"", "empty", "is empty");
    check(b"20200501 000000;1.1;0\n", "unknown", "NinjaTrader");
    check(b"hello\n", "unknown", "`hello`");
    check(b"hello,world\n", "unknown", "`hello,world`");
    check(b"time,ask,bid\n2019-02-04 00:00:00,1.1,1.2\n", "row", "the header names no clock");
    check(b"timestamp,bid,ask\n2019-02-04 00:00:00,1.1,1.2\n", "row", "distance to UTC");
    check(b"timestamp,bid,ask\n1549238400,1.1,1.2\n", "row", "found `1549238400`");
    check(b"timestamp,bid,ask,bid\n", "unknown", "timestamp");
    check(b"timestamp,bid,ask,close\n", "unknown", "timestamp");
    check(b"34200000,7000.12,0.5\n", "unknown", "34200000");
    check(b"34200000,0.5,0.7\n34200001,0.5,100\n", "unknown", "34200000");
    let header = "timestamp,bid,".to_owned() + &" ".repeat(ROW_LEN_MAX) + "ask\n";
    check(header.as_bytes(), "row", "line 1: found more than 1024 bytes");
}

#[test]
fn a_row_left_out_for_its_time_lends_no_price() {
    let file = MT5.to_owned()
        + "2019.02.04\t00:00:05.000\t1.1\t1.2\t\t\t6\r\n\
           2019.02.04\t00:00:01.000\t9.9\t9.95\t\t\t6\r\n\
           2019.02.04\t00:00:06.000\t\t1.3\t\t\t4\r\n";
    let options = ReadOptions::default().with_on_bad_row(OnBadRow::Skip);
    let mut reader = open(file.as_bytes(), "ticks.csv", options).unwrap();
    let ticks: Vec<String> = reader.by_ref().map(|tick| shown(&tick.unwrap())).collect();
    assert_eq!(reader.rows_skipped(), 1);
    let expected =
        ["2019-02-04 00:00:05.000 1.1 1.2 flags 6", "2019-02-04 00:00:06.000 - 1.3 flags 4"];
    assert_eq!(ticks, expected);
}

#[test]
fn a_name_that_drives_a_terminal_is_shown_not_obeyed() {
    let name = "C:\\x\u{1b}[2J\n/y\\EURUSD_201902040000_201902042359.csv";
    let row = "2019.02.04\t00:00:01\tabc\t1.2\t\t\t2\n";
    let file = MT5.to_owned() + row;
    let mut reader = open(file.as_bytes(), name, ReadOptions::default()).unwrap();
    assert_eq!(reader.symbol(), Some("EURUSD"));
    let told = reader.next().unwrap().unwrap_err().to_string();
    let expected = "`C:\\x\\u{1b}[2J\\n/y\\EURUSD_201902040000_201902042359.csv`, line 2";
    assert!(told.starts_with(expected), "{told}");
    let told = open(b"", name, ReadOptions::default()).unwrap_err().to_string();
    assert!(told.starts_with("`C:\\x\\u{1b}[2J\\n/y"), "{told}");
    let told = TickReader::open("no\u{1b}file").unwrap_err().to_string();
    assert_eq!(told, "cannot read `no\\u{1b}file`");
}
