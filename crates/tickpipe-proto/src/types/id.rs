//! Numbers and words that name things.

use std::num::NonZero;
use std::sync::Arc;

use thiserror::Error;

/// The id of a request of the EA's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RequestId {
    /// A whole number, 0 to 2^53 - 1.
    Number(u64),
    /// A text of 1 to 64 bytes.
    Text(Arc<str>),
}

/// The ticket of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderTicket(pub(crate) NonZero<u64>);

/// The ticket of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DealTicket(pub(crate) NonZero<u64>);

/// The ticket of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositionTicket(pub(crate) NonZero<u64>);

/// An EA's mark on its orders; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MagicNumber(pub(crate) i64);

/// The number of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChartId(pub(crate) i64);

/// The name of one order for ever: 1 to 16 of `[0-9A-Za-z_-]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId {
    pub(crate) bytes: [u8; 16],
    pub(crate) len: u8,
}

/// Why something names nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidId {
    /// Not digits, or not in range.
    #[error("found no id")]
    NotAnId,
}
