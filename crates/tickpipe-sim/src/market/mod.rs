//! The market: ticks merged by time, and bars built from them.

mod bars;
mod feed;
mod series;

pub use self::bars::{BarBuilder, bar_begin};
pub use self::feed::{Feed, FeedError, Source};
pub use self::series::Series;
