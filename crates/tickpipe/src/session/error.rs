//! Why a strategy did not do what it was to do.

/// What a strategy's methods fail with: any error, so that `?` works on all of them.
///
/// The tick is answered `handler_failed` with its text; the session goes on.
pub type StrategyError = Box<dyn std::error::Error + Send + Sync>;
