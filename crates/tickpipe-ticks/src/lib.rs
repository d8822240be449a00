//! Recorded ticks and bars, read exactly from the files that people have.
//!
//! [`TickReader`] opens what MetaTrader 5, Dukascopy, HistData, TrueFX and LEAN write, tells the format
//! by what the file holds, and gives [`Tick`]s. Prices are integer points as they were printed; times
//! are of the [`Clock`] that the file states. Nothing is converted, filled in or guessed.
//!
//! [`BarReader`] does the same for the bars of MetaTrader 4 and 5 and HistData, as
//! [`Bar`](tickpipe_proto::message::Bar)s.
//!
//! Not here: ticks made of bars, files to write, and time zones.

mod bars;
mod begin;
mod bi5;
mod calendar;
mod clock;
mod container;
mod encoding;
mod error;
mod format;
mod header;
mod lines;
mod names;
mod number;
mod options;
mod reader;
mod rows;
mod sniff;
mod tick;
mod time_text;

pub use crate::bars::{BarFormat, BarOptions, BarReader};
pub use crate::clock::{Clock, TickTime};
pub use crate::error::{RowError, TickError};
pub use crate::format::TickFormat;
pub use crate::lines::ROW_LEN_MAX;
pub use crate::options::{OnBackwardTime, OnBadRow, ReadOptions};
pub use crate::reader::{Progress, TickReader};
pub use crate::tick::{Tick, TickFlags};
pub use tickpipe_proto::types::{DIGITS_MAX, InvalidDecimal as InvalidPrice, Price};

#[cfg(test)]
mod packing;
