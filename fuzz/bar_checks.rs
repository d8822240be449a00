// What must hold for any file of bars. The fuzz target calls it, and the ordinary tests do with the
// corpus.

use std::io::{self, Cursor, Read};

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::Timeframe;
use tickpipe_ticks::{BarOptions, BarReader, OnBadRow};

/// Names of which each states something else.
const NAMES: [&str; 4] =
    ["DAT_MT_EURUSD_M1_2022.csv", "EURUSD_M1_202201010000_202202010000.csv", "EURUSD1.hst", "bars"];

/// Reading ends, whatever the bytes; what it gives is valid, and the same in pieces of any length. A
/// beginning of the bytes never gives a bar that all of them do not.
pub fn bars(data: &[u8]) {
    let Some((&[settings, piece, cut], bytes)) = data.split_first_chunk::<3>() else { return };
    let name = NAMES[usize::from(settings & 3)];
    // A beginning of a file may show another timeframe than all of it.
    let mut options = BarOptions::default();
    if settings & 8 != 0 {
        options = options.with_timeframe(Timeframe::ALL[usize::from(settings >> 4)]);
    }
    if settings & 4 != 0 {
        options = options.with_on_bad_row(OnBadRow::Skip);
    }
    let (whole, is_whole) = read(Cursor::new(bytes.to_vec()), name, options);
    for (index, bar) in whole.iter().enumerate() {
        check(bar);
        assert!(index == 0 || whole[index - 1].time < bar.time, "{index} of {whole:?}");
    }
    // How much a broken container gives before its error depends on the pieces.
    if is_whole {
        let pieces = Pieces { bytes: bytes.to_vec(), at: 0, len: usize::from(piece) + 1 };
        assert_eq!(read(pieces, name, options), (whole.clone(), is_whole));
    }
    // Left out rows may be those that are cut.
    if is_whole && settings & 12 == 8 {
        let len = bytes.len() * usize::from(cut) / 256;
        let (bars, _) = read(Cursor::new(bytes[..len].to_vec()), name, options);
        assert!(whole.starts_with(&bars), "{bars:?} of {whole:?}");
    }
}

/// Returns the bars, and whether there was no error.
fn read(bytes: impl Read + Send + 'static, name: &str, options: BarOptions) -> (Vec<Bar>, bool) {
    let Ok(mut reader) = BarReader::new_with(bytes, name, options) else {
        return (Vec::new(), false);
    };
    assert!(reader.digits() <= 8);
    let mut bars = Vec::new();
    let mut is_whole = true;
    for bar in reader.by_ref() {
        match bar {
            Ok(bar) => bars.push(bar),
            Err(error) => {
                assert!(!error.to_string().is_empty());
                is_whole = false;
            }
        }
    }
    assert!(reader.next().is_none());
    (bars, is_whole)
}

fn check(bar: &Bar) {
    let Bar { time, open, high, low, close, .. } = *bar;
    assert!(low <= open && low <= close && open <= high && close <= high, "{bar:?}");
    for price in [open, high, low, close] {
        assert!(0 < price.points() && price.digits() <= 8);
    }
    assert!((0..9_200_000_000).contains(&time));
    assert_ne!(bar.real_volume, Some(0));
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
