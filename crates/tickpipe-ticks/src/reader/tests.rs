use super::*;

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
        "Gmt time,Ask,Bid,AskVolume,BidVolume\r\n\
         04.02.2019 00:00:00.994,1.14545,1.14543,1,2.06\r\n\
         04.02.2019 00:00:01.271,1.14546,1.14544,0,2.0599999427795410\r\n",
        TickFormat::DukascopyCsv,
        Clock::Utc,
        &[
            "2019-02-04 00:00:00.994 1.14543 1.14545 volumes 2.06 1",
            "2019-02-04 00:00:01.271 1.14544 1.14546 volumes 2.06 0",
        ],
    );
}
