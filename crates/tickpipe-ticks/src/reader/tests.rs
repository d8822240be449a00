mod containers;
mod cuts;
mod rows;

use super::*;
use crate::packing;

/// A tick as a line: time, bid, ask, and what else there is.
fn shown(tick: &Tick) -> String {
    use std::fmt::Write as _;

    let price =
        |price: Option<crate::Price>| price.map_or("-".to_owned(), |price| price.to_string());
    let mut text = format!("{} {} {}", tick.time, price(tick.bid), price(tick.ask));
    if let Some(last) = tick.last {
        write!(text, " last {last}").unwrap();
    }
    if let (Some(bid), Some(ask)) = (tick.bid_volume, tick.ask_volume) {
        write!(text, " volumes {bid} {ask}").unwrap();
    }
    if let Some(volume) = tick.volume {
        write!(text, " volume {volume}").unwrap();
    }
    if let Some(flags) = tick.flags {
        write!(text, " flags {}", flags.bits()).unwrap();
    }
    text
}

fn open(bytes: &[u8], name: &str, options: ReadOptions) -> Result<TickReader, TickError> {
    TickReader::new_with(std::io::Cursor::new(bytes.to_vec()), name, options)
}

/// Reads a file called `name` and compares its ticks.
#[track_caller]
fn check_named(bytes: &[u8], name: &str, format: TickFormat, clock: Clock, expected: &[&str]) {
    let mut reader = open(bytes, name, ReadOptions::default()).unwrap();
    assert_eq!((reader.format(), reader.clock()), (format, &clock));
    let ticks: Vec<String> = reader.by_ref().map(|tick| shown(&tick.unwrap())).collect();
    assert_eq!(ticks, expected);
    assert!(reader.next().is_none());
}

#[track_caller]
fn check(text: &str, format: TickFormat, clock: Clock, expected: &[&str]) {
    check_named(text.as_bytes(), "ticks.csv", format, clock, expected);
}

const DUKASCOPY: &str = "Gmt time,Ask,Bid,AskVolume,BidVolume\r\n\
     04.02.2019 00:00:00.994,1.14545,1.14543,1,2.06\r\n\
     04.02.2019 00:00:01.271,1.14546,1.14544,0,2.0599999427795410\r\n";
const MT5: &str = "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\r\n";

#[test]
fn an_mt5_export_repeats_what_did_not_change() {
    let file = MT5.to_owned()
        + "2019.02.04\t00:00:00.994\t\t1.14545\t\t\t4\r\n\
           2019.02.04\t00:00:01.271\t1.14543\t\t\t\t2\r\n\
           2019.02.04\t00:00:01.271\t\t1.14546\t\t\t4\r\n\
           2019.02.05\t00:00:00\t\t\t1.14544\t2.5\t24\r\n\
           2019.02.05\t00:00:01\t1.14540\t\t\t0\t\r\n";
    check(
        &file,
        TickFormat::Mt5Export,
        Clock::TradeServer,
        &[
            "2019-02-04 00:00:00.994 - 1.14545 flags 4",
            "2019-02-04 00:00:01.271 1.14543 1.14545 flags 2",
            "2019-02-04 00:00:01.271 1.14543 1.14546 flags 4",
            "2019-02-05 00:00:00.000 1.14543 1.14546 last 1.14544 volume 2.5 flags 24",
            "2019-02-05 00:00:01.000 1.14540 1.14546 last 1.14544",
        ],
    );
}

#[test]
fn dukascopys_table_has_the_ask_first() {
    check(
        DUKASCOPY,
        TickFormat::DukascopyCsv,
        Clock::Utc,
        &[
            "2019-02-04 00:00:00.994 1.14543 1.14545 volumes 2.06 1",
            "2019-02-04 00:00:01.271 1.14544 1.14546 volumes 2.06 0",
        ],
    );
}

#[test]
fn headers_of_dukascopys_tools_are_known() {
    let check = |header: &str, row: &str, clock: Clock| {
        let expected = ["2019-02-04 00:00:00.994 1.14543 1.14545 volumes 2.06 1"];
        let file = format!("{header}\n{row},1.14545,1.14543,1,2.06\n");
        check(&file, TickFormat::DukascopyCsv, clock, &expected);
    };
    let eet = || Clock::Named("EET".into());
    let names = "Ask,Bid,AskVolume,BidVolume";
    check(&format!("Time (EET),{names}"), "2019.02.04 00:00:00.994", eet());
    check(&format!("Time (EET),{names}"), "04.02.2019 00:00:00.994", eet());
    check(&format!("TIME (UTC),{}", names.to_uppercase()), "2019.02.04 00:00:00.994", Clock::Utc);
    check(&format!("GMT TIME,{names}"), "04.02.2019 00:00:00.994", Clock::Utc);
    check(&format!("Local time,{names}"), "04.02.2019 01:00:00.994 GMT+0100", Clock::Utc);
    let names = "askPrice,bidPrice,askVolume,bidVolume";
    check(&format!("timestamp,{names}"), "1549238400994", Clock::Utc);
    check(&format!("UTC,{names}"), "2019-02-04T00:00:00.994+00:00", Clock::Utc);
    check("time,ask,bid,ask_volume,bid_volume", "2019-02-04 00:00:00.994", Clock::Utc);
}

#[test]
fn separators_and_the_order_of_columns_may_differ() {
    let expected = ["2019-02-04 00:00:00.994 1.14543 1.14545"];
    for separator in [',', ';', '\t'] {
        let file = "timestamp,bidPrice,askPrice\n1549238400994,1.14543,1.14545\n";
        let file = file.replace(',', &separator.to_string());
        check(&file, TickFormat::DukascopyCsv, Clock::Utc, &expected);
    }
}

#[test]
fn histdata_is_est_all_year() {
    let expected = ["2020-01-01 17:00:00.065 1.121200 1.121720"];
    for row in [
        "20200101 170000065,1.121200,1.121720,0\n",
        "20200101 170000065,1.121200,1.121720,0\r\n",
        "20200101 170000065;1.121200;1.121720;0\n",
        "20200101 170000065,1.121200,1.121720\n",
    ] {
        check(row, TickFormat::HistDataAscii, Clock::EstWithoutDaylightSaving, &expected);
    }
    let name = "DAT_ASCII_EURUSD_T_202001.csv";
    let row = b"20200101 170000065,1.121200,1.121720,0\n";
    assert_eq!(open(row, name, ReadOptions::default()).unwrap().symbol(), Some("EURUSD"));
}

#[test]
fn truefx_is_read_as_it_was_and_rewritten() {
    let original = "EUR/USD,20090501 00:00:00.286,1.32582,1.32586\n\
                    EUR/USD,20090501 00:00:00.809,1.32582,1.32585\n";
    let expected =
        ["2009-05-01 00:00:00.286 1.32582 1.32586", "2009-05-01 00:00:00.809 1.32582 1.32585"];
    check(original, TickFormat::TrueFx, Clock::Utc, &expected);
    let reader = open(original.as_bytes(), "", ReadOptions::default()).unwrap();
    assert_eq!(reader.symbol(), Some("EUR/USD"));
    check(
        "timestamp,bid,ask\n\
         2013-01-01 22:00:00.295000+00:00,86.655,86.728\n\
         2013-01-01T23:00:00.295001+01:00,86.655,86.728\n\
         2013-01-01 17:30:00.295002-0430,86.655,86.728\n\
         2013-01-01T22:00:01Z,86.655,86.728\n",
        TickFormat::TrueFx,
        Clock::Utc,
        &[
            "2013-01-01 22:00:00.295 86.655 86.728",
            "2013-01-01 22:00:00.295001 86.655 86.728",
            "2013-01-01 22:00:00.295002 86.655 86.728",
            "2013-01-01 22:00:01.000 86.655 86.728",
        ],
    );
}

#[test]
fn leans_times_are_of_the_day_in_its_names() {
    let rows = b"808.0672,1.38710,1.38726\r\n1000,1.38709,1.38727\r\n";
    let dated =
        ["2014-05-05 00:00:00.8080672 1.38710 1.38726", "2014-05-05 00:00:01.000 1.38709 1.38727"]
            .map(|line| line.replace("8080672", "808067200"));
    let dated: Vec<&str> = dated.iter().map(String::as_str).collect();
    let undated: Vec<String> =
        dated.iter().map(|line| line.replace("2014-05-05", "1970-01-01")).collect();
    let undated: Vec<&str> = undated.iter().map(String::as_str).collect();
    let lean = TickFormat::Lean;
    check_named(rows, "ticks.csv", lean, Clock::MidnightUtc, &undated);
    check_named(rows, "oanda/20140505_quote.csv", lean, Clock::Utc, &dated);
    let zip = packing::zip(&[("20140505_eurusd_tick_quote.csv", rows)]);
    check_named(&zip, "20140506_quote.zip", lean, Clock::Utc, &dated);
    let reader = open(&zip, "", ReadOptions::default()).unwrap();
    assert_eq!(reader.symbol(), Some("eurusd"));
    assert!(reader.clock().has_date());
}

#[test]
fn bi5_has_its_hour_and_its_digits_from_its_path() {
    let file =
        packing::bi5(&[(994, 114_545, 114_543, 1.0, 2.06), (1271, 114_546, 114_544, 1.0, 1.0)]);
    let bi5 = TickFormat::DukascopyBi5;
    let path = "EURUSD/2019/01/04/07h_ticks.bi5";
    check_named(
        &file,
        path,
        bi5,
        Clock::Utc,
        &[
            "2019-02-04 07:00:00.994 1.14543 1.14545 volumes 2.06 1",
            "2019-02-04 07:00:01.271 1.14544 1.14546 volumes 1 1",
        ],
    );
    let yen = open(&file, "USDJPY/2019/01/04/07h_ticks.bi5", ReadOptions::default()).unwrap();
    assert_eq!(yen.symbol(), Some("USDJPY"));
    assert_eq!(shown(&yen.map(Result::unwrap).next().unwrap())[24..39], *"114.543 114.545");

    let options = ReadOptions::default().with_bi5_digits(2);
    let mut reader = open(&file, "x.bi5", options).unwrap();
    assert_eq!((reader.clock(), reader.symbol()), (&Clock::HourUtc, None));
    assert!(!reader.clock().has_date());
    let tick = reader.next().unwrap().unwrap();
    assert_eq!(shown(&tick), "1970-01-01 00:00:00.994 1145.43 1145.45 volumes 2.06 1");
    let unknown = open(&file, "x.bi5", ReadOptions::default()).unwrap_err();
    assert_eq!(unknown.code(), "digits_unknown");
    let unknown = open(&file, path, ReadOptions::default().with_bi5_digits(9)).unwrap_err();
    assert_eq!(unknown.code(), "digits_unknown");
}

#[test]
fn what_a_text_is_encoded_in_changes_no_tick() {
    let text = MT5.to_owned() + "2019.02.04\t00:00:00.994\t1.14543\t1.14545\t\t\t6\r\n";
    let expected = ["2019-02-04 00:00:00.994 1.14543 1.14545 flags 6"];
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}{text}");
        for bytes in [text.as_bytes().to_vec(), packing::utf16le(&text)] {
            for packed in [packing::gzip(&bytes), packing::zip(&[("x", &bytes)]), bytes.clone()] {
                check_named(&packed, "x", TickFormat::Mt5Export, Clock::TradeServer, &expected);
            }
        }
    }
    let big_endian: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let error = open(&big_endian, "x", ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("save it as UTF-8"), "{error}");
}

#[test]
fn how_much_was_read_is_known() {
    let text = DUKASCOPY;
    for (bytes, total) in [(text.as_bytes().to_vec(), None), (packing::gzip(text.as_bytes()), None)]
    {
        let mut reader = open(&bytes, "x", ReadOptions::default()).unwrap();
        assert_eq!(reader.by_ref().count(), 2);
        let len = bytes.len() as u64;
        assert_eq!(reader.progress(), Progress { bytes_read: len, bytes_total: total });
    }
    let zip = packing::zip(&[("x.csv", text.as_bytes())]);
    let mut reader = open(&zip, "x", ReadOptions::default()).unwrap();
    assert_eq!(reader.by_ref().count(), 2);
    let progress = reader.progress();
    assert_eq!(Some(progress.bytes_read), progress.bytes_total);
    assert!(progress.bytes_read < zip.len() as u64);
}

#[test]
fn a_reader_may_go_to_another_thread() {
    fn check<T: Send>() {}
    check::<TickReader>();
    check::<TickError>();
}
