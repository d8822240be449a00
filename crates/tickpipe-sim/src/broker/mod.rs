//! The broker: symbols, orders, positions and books.

mod instrument;
mod sessions;
mod spec;
mod value;

pub(crate) use self::instrument::Instrument;
pub use self::instrument::InvalidSpec;
pub use self::sessions::Sessions;
pub use self::spec::{CalcMode, Commission, Execution, Swap, SwapMode, SymbolSpec};
