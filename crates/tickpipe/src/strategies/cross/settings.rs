//! The settings of the cross.

use crate::error::{Error, ErrorKind};
use crate::session::{Lots, MagicNumber, Timeframe};

/// Bars of the slow average: what a terminal surely has at hand.
const SLOW_MAX: u32 = 10_000;

const MAGIC: i64 = 20_190_204;

/// How a [`Cross`](super::Cross) trades.
///
/// # Defaults
///
/// | setting | default |
/// | --- | --- |
/// | fast average | 3 bars |
/// | slow average | 8 bars |
/// | timeframe | M1 |
/// | volume | 0.10 lots |
/// | stop loss | 200 points from the price |
/// | magic number | 20190204 |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct CrossSettings {
    pub(super) fast: u32,
    pub(super) slow: u32,
    pub(super) timeframe: Timeframe,
    pub(super) volume: Lots,
    pub(super) stop_points: u32,
    pub(super) magic: MagicNumber,
}

impl Default for CrossSettings {
    fn default() -> Self {
        Self {
            fast: 3,
            slow: 8,
            timeframe: Timeframe::M1,
            volume: Lots::new(10, 2).expect("invariant: a tenth of a lot is a volume"),
            stop_points: 200,
            magic: MagicNumber::new(MAGIC),
        }
    }
}

impl CrossSettings {
    /// Sets the bars that the averages have: the fast one from 1, and the slow one more than that, up
    /// to 10,000.
    pub const fn with_averages(mut self, fast: u32, slow: u32) -> Self {
        (self.fast, self.slow) = (fast, slow);
        self
    }

    /// Sets the timeframe of the bars.
    pub const fn with_timeframe(mut self, timeframe: Timeframe) -> Self {
        self.timeframe = timeframe;
        self
    }

    /// Sets the volume of a position, in lots.
    pub const fn with_volume(mut self, volume: Lots) -> Self {
        self.volume = volume;
        self
    }

    /// Sets how far the stop loss is, in points: from the bid of what is bought, from the ask of what is
    /// sold. With 0 there is none.
    pub const fn with_stop_points(mut self, stop_points: u32) -> Self {
        self.stop_points = stop_points;
        self
    }

    /// Sets the mark on its orders; positions with it are the strategy's own.
    pub const fn with_magic(mut self, magic: MagicNumber) -> Self {
        self.magic = magic;
        self
    }

    /// Sees that all settings are in their ranges.
    ///
    /// # Errors
    ///
    /// `invalid_config`, with the setting's name.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Self { fast, slow, .. } = *self;
        let wrong = if fast == 0 {
            "fast: found 0 bars, allowed are 1 and more".to_owned()
        } else if slow <= fast {
            format!("slow: found {slow} bars, allowed are more than the {fast} of fast")
        } else if SLOW_MAX < slow {
            format!("slow: found {slow} bars, allowed are {SLOW_MAX} at most")
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidConfig, wrong))
    }
}
