//! How a file of bars is read.

use tickpipe_proto::types::Timeframe;

use crate::options::OnBadRow;

/// How a file of bars is read.
///
/// # Defaults
///
/// A broken row ends the reading; the timeframe is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BarOptions {
    /// What a broken row does.
    pub on_bad_row: OnBadRow,
    /// The bars' timeframe, whatever the file shows; `None` to find it.
    pub timeframe: Option<Timeframe>,
}

impl BarOptions {
    /// Sets what a broken row does.
    #[must_use]
    pub const fn with_on_bad_row(mut self, on_bad_row: OnBadRow) -> Self {
        self.on_bad_row = on_bad_row;
        self
    }

    /// Sets the timeframe.
    #[must_use]
    pub const fn with_timeframe(mut self, timeframe: Timeframe) -> Self {
        self.timeframe = Some(timeframe);
        self
    }
}
