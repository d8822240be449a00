// What must hold for any file of ticks. The fuzz target calls it, and the ordinary tests do with the
// corpus.

use std::io::{self, Cursor, Read};

use tickpipe_ticks::{OnBackwardTime, OnBadRow, Price, ReadOptions, Tick, TickReader};

/// Names of which each states something else.
const NAMES: [&str; 4] = [
    "EURUSD/2019/01/04/22h_ticks.bi5",
    "20140505_eurusd_tick_quote.csv",
    "EURUSD_201902040000_201902042359.csv",
    "ticks",
];

/// Reading ends, whatever the bytes; what it gives is valid, and the same in pieces of any length. A
/// beginning of the bytes never gives a tick that all of them do not.
pub fn ticks(data: &[u8]) {
    let Some((&[settings, piece, cut], bytes)) = data.split_first_chunk::<3>() else { return };
    let name = NAMES[usize::from(settings & 3)];
    let mut options = ReadOptions::default();
    if settings & 4 != 0 {
        options = options.with_on_bad_row(OnBadRow::Skip);
    }
    if settings & 8 != 0 {
        options = options.with_on_backward_time(OnBackwardTime::Keep);
    }
    let (whole, is_whole) = read(Cursor::new(bytes.to_vec()), name, options);
    for (index, tick) in whole.iter().enumerate() {
        check(tick);
        let is_ordered = index == 0 || whole[index - 1].time <= tick.time;
        assert!(is_ordered || settings & 8 != 0, "{index} of {whole:?}");
    }
    // How much a broken container gives before its error depends on the pieces.
    if is_whole {
        let pieces = Pieces { bytes: bytes.to_vec(), at: 0, len: usize::from(piece) + 1 };
        assert_eq!(read(pieces, name, options), (whole.clone(), is_whole));
    }
    // Left out rows may be those that are cut.
    if is_whole && settings & 4 == 0 {
        let len = bytes.len() * usize::from(cut) / 256;
        let (mut ticks, _) = read(Cursor::new(bytes[..len].to_vec()), name, options);
        // A table whose prices differ in their decimals may change that with its last row.
        let digits = |tick: &Tick| [tick.bid, tick.ask].map(|price| price.map(Price::digits));
        if whole.iter().any(|tick| digits(tick) != digits(&whole[0])) {
            ticks.pop();
        }
        assert!(whole.starts_with(&ticks), "{ticks:?} of {whole:?}");
    }
}

/// Returns the ticks, and whether there was no error.
fn read(bytes: impl Read + Send + 'static, name: &str, options: ReadOptions) -> (Vec<Tick>, bool) {
    let Ok(mut reader) = TickReader::new_with(bytes, name, options) else {
        return (Vec::new(), false);
    };
    let mut ticks = Vec::new();
    let mut is_whole = true;
    for tick in reader.by_ref() {
        match tick {
            Ok(tick) => ticks.push(tick),
            Err(error) => {
                assert!(!error.to_string().is_empty());
                is_whole = false;
            }
        }
    }
    assert!(reader.next().is_none());
    (ticks, is_whole)
}

fn check(tick: &Tick) {
    for price in [tick.bid, tick.ask, tick.last].into_iter().flatten() {
        assert!(0 < price.points() && price.digits() <= 8);
        assert_eq!(price.to_string().parse::<Price>().map(Price::digits), Ok(price.digits()));
    }
    for volume in [tick.bid_volume, tick.ask_volume].into_iter().flatten() {
        assert!(volume.is_finite() && 0.0 <= volume);
    }
    assert!(tick.volume.is_none_or(|volume| volume.is_finite() && 0.0 < volume));
    assert!(0 <= tick.time.as_nanos());
}

/// Gives its bytes in pieces.
struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    len: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.len.min(buffer.len()).min(self.bytes.len() - self.at);
        buffer[..len].copy_from_slice(&self.bytes[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}
