//! What a real broker adds to a price and to a time, by rules that repeat.

use crate::random::Random;

/// By how many points a price slips, against the trader, where an order is filled at the market.
///
/// Limit orders and take profits do not slip: they are filled at their price or better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slippage {
    /// Always by so many.
    Fixed(u32),
    /// Never.
    #[default]
    None,
    /// By zero to so many, each as likely.
    Uniform(u32),
}

/// How long a request is under way, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Latency {
    /// Always so long.
    Fixed(u32),
    /// No time.
    #[default]
    None,
    /// From the first to the second, both included, each as likely.
    Uniform(u32, u32),
}

impl Slippage {
    /// Draws the points of one fill.
    pub(super) fn draw(self, random: &mut Random) -> i64 {
        match self {
            Self::None => 0,
            Self::Fixed(points) => points.into(),
            Self::Uniform(most) => i64::try_from(random.up_to(most.into())).unwrap_or(0),
        }
    }
}

impl Latency {
    /// Draws the milliseconds of one request.
    pub(super) fn draw(self, random: &mut Random) -> i64 {
        match self {
            Self::None => 0,
            Self::Fixed(time) => time.into(),
            Self::Uniform(least, most) => {
                let more = random.up_to(most.saturating_sub(least).into());
                i64::from(least) + i64::try_from(more).unwrap_or(0)
            }
        }
    }
}
