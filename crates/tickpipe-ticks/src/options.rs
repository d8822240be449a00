//! How a file is read.

/// How a file is read.
///
/// # Defaults
///
/// A broken row ends the reading; a row that is earlier than the one before it is broken; the digits
/// of a bi5 file follow from the symbol in its path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// What a broken row does.
    pub on_bad_row: OnBadRow,
    /// What a row is that is earlier than the one before it.
    pub on_backward_time: OnBackwardTime,
    /// Decimals of a point in a bi5 file, which itself does not say; `None` to take them from the
    /// symbol in its path. Other formats print their decimals and ignore this.
    pub bi5_digits: Option<u8>,
}

impl ReadOptions {
    /// Sets what a broken row does.
    #[must_use]
    pub const fn with_on_bad_row(mut self, on_bad_row: OnBadRow) -> Self {
        self.on_bad_row = on_bad_row;
        self
    }

    /// Sets what a row is that is earlier than the one before it.
    #[must_use]
    pub const fn with_on_backward_time(mut self, on_backward_time: OnBackwardTime) -> Self {
        self.on_backward_time = on_backward_time;
        self
    }

    /// Sets the decimals of a point in a bi5 file.
    #[must_use]
    pub const fn with_bi5_digits(mut self, digits: u8) -> Self {
        self.bi5_digits = Some(digits);
        self
    }
}

/// What a broken row does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnBadRow {
    /// It ends the reading with an error.
    #[default]
    Fail,
    /// It is left out and counted.
    Skip,
}

/// What a row is that is earlier than the one before it. Equal times are normal.
///
/// The row before is the last one that was given: after one with a time too far ahead, all up to that
/// time are broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnBackwardTime {
    /// A broken row: whoever plays ticks relies on their order.
    #[default]
    Refuse,
    /// A row as any other, for files whose clock repeats an hour in autumn.
    Keep,
}
