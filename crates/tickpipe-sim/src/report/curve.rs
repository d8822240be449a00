//! Curves that stay short, however long they run.

#[cfg(test)]
mod tests;

/// A curve with more points thins itself.
pub(super) const CURVE_POINTS_MAX: usize = 4096;

/// What an interval of a curve holds.
pub(super) trait Cell: Copy {
    /// Takes a later one in, and keeps the extremes of both.
    fn take(&mut self, later: Self);
}

/// Cells of one interval each; an interval in which nothing was seen has none.
///
/// The interval begins as a millisecond. It doubles, and two neighbours become one, whenever there are
/// more than [`CURVE_POINTS_MAX`] cells. Extremes and last values are never lost.
#[derive(Clone, Debug)]
pub(super) struct Curve<C> {
    /// The interval is two to the power of it, in milliseconds.
    shift: u32,
    last: i64,
    cells: Vec<(i64, C)>,
}

impl<C: Cell> Curve<C> {
    pub(super) fn new() -> Self {
        // All that will ever be needed, so that a tick allocates nothing.
        Self { shift: 0, last: i64::MIN, cells: Vec::with_capacity(CURVE_POINTS_MAX + 1) }
    }

    /// Adds what was seen; never earlier than what was seen before.
    pub(super) fn add(&mut self, time_msc: i64, cell: C) {
        let index = time_msc >> self.shift;
        if index == self.last
            && let Some((_, held)) = self.cells.last_mut()
        {
            held.take(cell);
            return;
        }
        self.last = index;
        self.cells.push((index, cell));
        while CURVE_POINTS_MAX < self.cells.len() {
            self.thin();
        }
    }

    pub(super) fn cells(&self) -> impl ExactSizeIterator<Item = &C> {
        self.cells.iter().map(|(_, cell)| cell)
    }

    fn thin(&mut self) {
        self.shift += 1;
        self.last >>= 1;
        self.cells.dedup_by(|later, kept| {
            let is_same = later.0 >> 1 == kept.0 >> 1;
            if is_same {
                kept.1.take(later.1);
            }
            is_same
        });
        for (index, _) in &mut self.cells {
            *index >>= 1;
        }
    }
}

/// Equity and balance in an interval, in the account's units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EquityCell {
    /// When it was looked at last.
    pub(super) time_msc: i64,
    pub(super) balance: i64,
    pub(super) equity: i64,
    pub(super) min: i64,
    pub(super) max: i64,
    /// The furthest it was below its highest so far.
    pub(super) drawdown: i64,
}

impl Cell for EquityCell {
    fn take(&mut self, later: Self) {
        let (min, max) = (self.min.min(later.min), self.max.max(later.max));
        *self = Self { min, max, drawdown: self.drawdown.max(later.drawdown), ..later };
    }
}

/// Bids in an interval, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PriceCell {
    pub(super) time_msc: i64,
    pub(super) bid: i64,
    pub(super) min: i64,
    pub(super) max: i64,
}

impl Cell for PriceCell {
    fn take(&mut self, later: Self) {
        *self = Self { min: self.min.min(later.min), max: self.max.max(later.max), ..later };
    }
}
