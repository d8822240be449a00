//! The market: ticks of files, or made of bars, merged by time, and bars built from them.

mod bar_ticks;
mod bars;
mod feed;
mod series;

pub use self::bar_ticks::{BarSpread, BarTicks};
pub(crate) use self::bars::spread;
pub use self::bars::{BarBuilder, bar_begin};
pub use self::feed::{Feed, FeedError, Source};
pub use self::series::Series;
