//! Files that are cut off, and files that come in pieces.

use proptest::prelude::*;

use super::*;

/// A small file of each format, each with rows of its own.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let rows = |header: &str, row: &dyn Fn(u32) -> String| {
        header.to_owned() + &(0..20).map(row).collect::<String>()
    };
    let price = |index: u32| format!("1.1{:04}", 4000 + 37 * index);
    // As a program prints that leaves out closing zeros.
    let short = |index: u32| price(index * 10).trim_end_matches('0').to_owned();
    let dukascopy = rows("Gmt time,Ask,Bid,AskVolume,BidVolume\r\n", &|index| {
        format!(
            "04.02.2019 00:00:{index:02}.994,{},{},1.{index},2.5\r\n",
            price(index),
            price(index)
        )
    });
    let mt5 = rows(MT5, &|index| {
        format!("2019.02.04\t00:00:{index:02}.994\t{}\t\t\t\t6{index}\r\n", price(index))
    });
    let mt5_without_flags = rows("<DATE>\t<TIME>\t<BID>\t<ASK>\n", &|index| {
        let ask = if index % 3 == 0 { String::new() } else { price(index) };
        format!("2019.02.04\t00:00:{index:02}.994\t{}\t{ask}\n", price(index))
    });
    let node = rows("timestamp,askPrice,bidPrice\n", &|index| {
        format!("{},{},{}\n", 1_549_238_400_000_u64 + u64::from(index), price(index), short(index))
    });
    let histdata = rows("", &|index| {
        format!("20200101 1700{index:02}065,{},{},0\n", price(index), price(index))
    });
    let truefx = rows("", &|index| {
        format!("EUR/USD,20090501 00:00:{index:02}.286,{},{}\n", price(index), price(index + 1))
    });
    let iso = rows("timestamp,bid,ask\n", &|index| {
        format!("2013-01-01 22:00:{index:02}.295+00:00,{},{}\n", price(index), price(index))
    });
    let lean =
        rows("", &|index| format!("1{index:02}808.0672,{},{}\r\n", price(index), price(index + 1)));
    let lean = lean.trim_end().to_owned();
    let records: Vec<packing::Record> =
        (0..60).map(|index| (index * 7, 114_545 + index % 5, 114_543, 1.5, 2.06)).collect();
    let texts = [
        ("dukascopy", dukascopy),
        ("mt5", mt5),
        ("mt5 without flags", mt5_without_flags),
        ("node", node),
        ("histdata", histdata),
        ("truefx", truefx),
        ("iso", iso),
        ("lean", lean),
    ];
    let mut samples: Vec<(&str, Vec<u8>)> =
        texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    let text = String::from_utf8(samples[1].1.clone()).unwrap();
    samples.push(("utf16", packing::utf16le(&format!("\u{feff}{text}"))));
    samples.push(("bi5", packing::bi5(&records)));
    samples
        .push(("bi5 of unknown length", packing::lzma_with(&packing::records_of(&records), None)));
    samples
}

fn read(bytes: &[u8]) -> (Vec<Tick>, Option<TickError>) {
    let options = ReadOptions::default().with_bi5_digits(5);
    let mut reader = match open(bytes, "x", options) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut ticks = Vec::new();
    for tick in &mut reader {
        match tick {
            Ok(tick) => ticks.push(tick),
            Err(error) => return (ticks, Some(error)),
        }
    }
    (ticks, None)
}

/// Cuts a file at every byte.
#[track_caller]
fn check_cuts(name: &str, bytes: &[u8], is_packed: bool) {
    let (whole, error) = read(bytes);
    assert!(error.is_none(), "{name}: {error:?}");
    assert!(20 <= whole.len(), "{name} has {} ticks", whole.len());
    for len in 0..bytes.len() {
        let (ticks, error) = read(&bytes[..len]);
        assert!(whole.starts_with(&ticks), "{name}: wrong ticks when cut to {len} bytes");
        if is_packed {
            assert!(error.is_some(), "{name}: nothing said when cut to {len} bytes");
        }
        if let Some(error) = error {
            assert_ne!(error.code(), "row", "{name}, cut to {len} bytes: {error}");
        }
    }
}

#[test]
fn a_cut_file_gives_its_whole_rows_and_says_so() {
    for (name, bytes) in samples() {
        check_cuts(name, &bytes, name.starts_with("bi5"));
        check_cuts(name, &packing::gzip(&bytes), true);
        check_cuts(name, &packing::zip(&[("x", &bytes)]), true);
    }
}

#[test]
fn a_plain_table_says_that_it_is_cut_unless_that_is_between_rows() {
    for (name, bytes) in samples().into_iter().filter(|(name, _)| !name.starts_with("bi5")) {
        let unit = if name == "utf16" { 2 } else { 1 };
        let line_ends = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        let header = (line_ends(&bytes) + usize::from(name == "lean")) - read(&bytes).0.len();
        for len in 1..bytes.len() {
            let cut = &bytes[..len];
            let (ticks, error) = read(cut);
            // Between the carriage return and the line feed the row is whole.
            let rows = line_ends(&cut[..len - len % unit]);
            let is_row_more = ticks.len() + header == rows + 1;
            let is_told = error.is_some() || ticks.len() + header == rows || is_row_more;
            assert!(is_told, "{name}: {} ticks and no word when cut to {len} bytes", ticks.len());
            let is_between = cut.ends_with(&b"\n\0"[..unit]) && len % unit == 0;
            assert!(!is_between || error.is_none(), "{name}: {error:?} when cut to {len} bytes");
        }
    }
}

/// Rows whose last column is a price with five decimals, the last without a line end.
fn unended(rows: u32) -> String {
    let row = |index: u32| format!("{index},1.38710,1.3{:04}\n", 8726 + index);
    (0..rows).map(row).collect::<String>().trim_end().to_owned()
}

#[test]
fn a_last_row_without_a_line_end_is_taken_if_it_cannot_be_a_cut_one() {
    let check = |bytes: &[u8], ticks: usize, is_told: bool| {
        let (found, error) = read(bytes);
        assert_eq!((found.len(), error.is_some()), (ticks, is_told), "{error:?}");
    };
    check(unended(17).as_bytes(), 17, false);
    // Too few rows to know how many decimals there are.
    check(unended(16).as_bytes(), 15, true);
    // Fewer decimals than before; another number of them once before.
    check(unended(30).trim_end_matches(|c: char| c.is_ascii_digit()).as_bytes(), 29, true);
    check(&unended(30).as_bytes()[..unended(30).len() - 1], 29, true);
    check(unended(30).replace("1.38730\n", "1.3873\n").as_bytes(), 29, true);
    // A checksum proves it.
    check(&packing::gzip(unended(1).as_bytes()), 1, false);
    check(&packing::zip(&[("x", unended(1).as_bytes())]), 1, false);
    // The column that is last has no decimals by which a cut could be seen.
    let flags = MT5.to_owned() + &"2019.02.04\t00:00:00\t1.1\t1.2\t\t\t6\r\n".repeat(30);
    check(flags.trim_end().as_bytes(), 29, true);
    check(flags.strip_suffix('\n').unwrap().as_bytes(), 30, false);
    check(&packing::gzip(flags.trim_end().as_bytes()), 30, false);
}

#[test]
fn a_header_without_rows_is_a_table_without_ticks() {
    let header = "timestamp,bid,ask";
    let check = |bytes: &[u8], code: Option<&str>| {
        let (ticks, error) = read(bytes);
        assert!(ticks.is_empty());
        assert_eq!(error.map(|error| error.code()), code);
    };
    check(format!("{header}\n").as_bytes(), None);
    check(format!("{header}\r").as_bytes(), None);
    check(header.as_bytes(), Some("truncated"));
    check(&packing::gzip(header.as_bytes()), None);
}

#[test]
fn members_of_gzip_prove_nothing_together() {
    let text = unended(4);
    let (first, second) = text.as_bytes().split_at(50);
    let members = [packing::gzip(first), packing::gzip(second)].concat();
    let (ticks, error) = read(&members);
    assert_eq!(ticks.len(), 3);
    assert_eq!(error.unwrap().code(), "truncated");
    let whole = text.clone() + "\n";
    let (first, second) = whole.as_bytes().split_at(50);
    let members = [packing::gzip(first), packing::gzip(second)].concat();
    assert_eq!(read(&members).0.len(), 4);

    // bgzip says in an extra field that it writes many members.
    let mut encoder = flate2::GzBuilder::new()
        .extra(*b"BC\x02\0\0\0")
        .write(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    assert_eq!(read(&encoder.finish().unwrap()).1.unwrap().code(), "truncated");
}

/// Gives its bytes in pieces of the given lengths.
struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    lens: Vec<usize>,
    next: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.next += 1;
        if self.next.is_multiple_of(5) {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let len = self.lens[self.next % self.lens.len()];
        let len = len.min(buffer.len()).min(self.bytes.len() - self.at);
        buffer[..len].copy_from_slice(&self.bytes[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}

/// All that a reader gives, as text.
fn told(reader: Result<TickReader, TickError>) -> Vec<String> {
    match reader {
        Ok(reader) => reader
            .map(|tick| tick.map_or_else(|error| error.to_string(), |tick| shown(&tick)))
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_pieces_give_the_same_ticks(
        sample in 0_usize..11,
        pack in 0_usize..3,
        lens in proptest::collection::vec(1_usize..300, 1..20),
        change in proptest::option::of((any::<proptest::sample::Index>(), any::<u8>())),
    ) {
        let (_, mut bytes) = samples().swap_remove(sample);
        if let Some((at, byte)) = change {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let bytes = match pack {
            0 => bytes,
            1 => packing::gzip(&bytes),
            _ => packing::zip(&[("x", &bytes)]),
        };
        let options = ReadOptions::default().with_bi5_digits(5);
        let whole = told(open(&bytes, "x", options));
        let pieces = Pieces { bytes, at: 0, lens, next: 0 };
        prop_assert_eq!(told(TickReader::new_with(pieces, "x", options)), whole);
    }
}
