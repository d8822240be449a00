//! The same bars in every format, through the public API.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::Timeframe;
use tickpipe_ticks::{BarFormat, BarReader, Clock};

const FILES: [(&str, BarFormat); 6] = [
    ("EURUSD1.csv", BarFormat::Mt4Csv),
    ("EURUSD_M1_202208151006_202208151505.csv", BarFormat::Mt5Export),
    ("DAT_MT_EURUSD_M1_202208.csv", BarFormat::HistDataMetaTrader),
    ("DAT_NT_EURUSD_M1_202208.csv", BarFormat::HistDataNinjaTrader),
    ("v400.hst", BarFormat::Hst),
    ("v401.hst", BarFormat::Hst),
];

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/bars").join(name)
}

fn bars(name: &str) -> Vec<Bar> {
    let reader = BarReader::open(fixture(name)).expect("a readable fixture");
    reader.map(|bar| bar.expect("a bar")).collect()
}

fn prices(bar: &Bar) -> [String; 4] {
    [bar.open, bar.high, bar.low, bar.close].map(|price| format!("{price:.8}"))
}

#[test]
fn every_format_gives_the_same_bars() {
    let expected = bars("EURUSD1.csv");
    assert_eq!(expected.len(), 300);
    let last = &expected[299];
    assert_eq!((last.time, last.tick_volume, last.spread), (1_660_575_900, 135, None));
    assert_eq!(prices(last), ["1.01952000", "1.01963000", "1.01948000", "1.01959000"]);
    for (name, format) in FILES {
        let mut reader = BarReader::open(fixture(name)).expect("a readable fixture");
        assert_eq!(reader.format(), format, "{name}");
        assert_eq!(reader.timeframe(), Timeframe::M1, "{name}");
        assert_eq!((reader.symbol(), reader.digits()), (Some("EURUSD"), 5), "{name}");
        let is_histdata = name.starts_with("DAT");
        let clock = if is_histdata { Clock::EstWithoutDaylightSaving } else { Clock::TradeServer };
        assert_eq!(reader.clock(), &clock, "{name}");
        let found: Vec<Bar> = reader.by_ref().map(|bar| bar.expect("a bar")).collect();
        assert_eq!(found.len(), if format == BarFormat::Hst { 200 } else { 300 }, "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!((found.time, prices(found)), (expected.time, prices(expected)), "{name}");
            let volume = if is_histdata { 0 } else { expected.tick_volume };
            assert_eq!((found.tick_volume, found.real_volume), (volume, None), "{name}");
        }
        let progress = reader.progress();
        assert_eq!(progress.bytes_total, Some(progress.bytes_read), "{name}");
    }
}

#[test]
fn spreads_are_those_of_the_file() {
    let spreads = |name| bars(name).iter().take(3).map(|bar| bar.spread).collect::<Vec<_>>();
    let mt5 = "EURUSD_M1_202208151006_202208151505.csv";
    assert_eq!(spreads(mt5), [Some(8), Some(9), Some(10)]);
    assert_eq!(spreads("v401.hst"), [None; 3]);
}

#[test]
fn a_cut_file_gives_its_whole_bars() {
    for (name, format) in FILES {
        let (bytes, whole) = (fs::read(fixture(name)).expect("a file"), bars(name));
        for len in (0..bytes.len()).step_by(211) {
            let cut = Cursor::new(bytes[..len].to_vec());
            let Ok(reader) = BarReader::new(cut, name) else { continue };
            let mut count = 0;
            let mut is_told = false;
            for bar in reader {
                match bar {
                    Ok(bar) => {
                        assert_eq!(whole.get(count), Some(&bar), "{name} cut to {len}");
                        count += 1;
                    }
                    Err(error) => {
                        is_told = true;
                        let code = if format == BarFormat::Hst { "damaged" } else { "truncated" };
                        assert_eq!(error.code(), code, "{name} cut to {len}: {error}");
                    }
                }
            }
            let is_at_end = if format == BarFormat::Hst {
                (len - 148) % if name == "v400.hst" { 44 } else { 60 } == 0
            } else {
                // HistData's zero before the line end cannot be cut.
                let is_zero = name.starts_with("DAT") && b"\r\n".contains(&bytes[len]);
                is_zero || b"\r\n".contains(&bytes[len - 1])
            };
            assert_eq!(is_told, !is_at_end, "{name} cut to {len}");
        }
    }
}
