//! The period of a bar.

use thiserror::Error;

/// The period of a bar: MetaTrader's twenty-one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum Timeframe {
    M1,
    M2,
    M3,
    M4,
    M5,
    M6,
    M10,
    M12,
    M15,
    M20,
    M30,
    H1,
    H2,
    H3,
    H4,
    H6,
    H8,
    H12,
    D1,
    W1,
    Mn1,
}

/// A word that is no timeframe.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("found `{0}`, expected a timeframe such as M1, H4 or MN1")]
pub struct UnknownTimeframe(pub(crate) String);
