//! What a simulated terminal is made of.

use tickpipe_proto::types::{Symbol, Timeframe};

use crate::fault::Faults;

/// What a simulated terminal is, beside its broker and its ticks.
///
/// # Defaults
///
/// Login 1 and instance `simulation`; an M1 chart; the last 10,000 bars of each timeframe and 100,000
/// ticks of each symbol are kept; the EA gets the ticks from the first one on; what is open at the end is
/// closed; no faults.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TerminalConfig {
    /// The symbol of the EA's chart, whose ticks it always gets.
    pub symbol: Symbol,
    /// The chart's period.
    pub timeframe: Timeframe,
    /// The account's number.
    pub login: u64,
    /// Names this EA: of two with the same name and login, a server keeps the one that came last.
    pub instance: String,
    /// Closed bars that are kept, of each symbol and timeframe.
    pub bars_max: usize,
    /// Ticks that are kept, of each symbol.
    pub ticks_max: usize,
    /// Milliseconds of the trade server's clock: ticks before it are history when the EA begins.
    pub begin_msc: i64,
    /// Whether positions are closed and orders taken back when there are no more ticks.
    pub closes_at_end: bool,
    /// What goes wrong.
    pub faults: Faults,
}

impl TerminalConfig {
    /// Puts an EA on the chart of a symbol; the rest is as the defaults say.
    #[must_use]
    pub fn new(symbol: Symbol) -> Self {
        Self {
            symbol,
            timeframe: Timeframe::M1,
            login: 1,
            instance: "simulation".to_owned(),
            bars_max: 10_000,
            ticks_max: 100_000,
            begin_msc: i64::MIN,
            closes_at_end: true,
            faults: Faults::new(0),
        }
    }

    /// Sets the chart's period.
    #[must_use]
    pub const fn with_timeframe(mut self, timeframe: Timeframe) -> Self {
        self.timeframe = timeframe;
        self
    }

    /// Sets the account's number.
    #[must_use]
    pub const fn with_login(mut self, login: u64) -> Self {
        self.login = login;
        self
    }

    /// Sets the EA's name: 1 to 64 bytes.
    #[must_use]
    pub fn with_instance(mut self, instance: &str) -> Self {
        instance.clone_into(&mut self.instance);
        self
    }

    /// Sets how many closed bars are kept, of each symbol and timeframe.
    #[must_use]
    pub const fn with_bars_max(mut self, bars_max: usize) -> Self {
        self.bars_max = bars_max;
        self
    }

    /// Sets how many ticks are kept, of each symbol.
    #[must_use]
    pub const fn with_ticks_max(mut self, ticks_max: usize) -> Self {
        self.ticks_max = ticks_max;
        self
    }

    /// Sets when the EA begins, in milliseconds of the trade server's clock: what is before makes its
    /// bars and ticks of the past.
    #[must_use]
    pub const fn with_begin_msc(mut self, begin_msc: i64) -> Self {
        self.begin_msc = begin_msc;
        self
    }

    /// Leaves open at the end what is open.
    #[must_use]
    pub const fn without_closing_at_end(mut self) -> Self {
        self.closes_at_end = false;
        self
    }

    /// Sets what goes wrong.
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }
}
