//! The built-in strategy, in this process.

use tickpipe::session::{Lots, Timeframe, local};
use tickpipe::strategies::{Cross, CrossSettings};

use crate::report::Failure;
use crate::simulation::{Made, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct CrossOptions {
    /// Bars of the fast average
    #[arg(long, value_name = "BARS", default_value_t = 3, help_heading = "Strategy")]
    fast: u32,

    /// Bars of the slow average
    #[arg(long, value_name = "BARS", default_value_t = 8, help_heading = "Strategy")]
    slow: u32,

    /// The timeframe of the bars
    #[arg(long, value_name = "TIMEFRAME", default_value = "M1", help_heading = "Strategy")]
    bars: Timeframe,

    /// Lots of a position
    #[arg(long, value_name = "LOTS", default_value = "0.10", help_heading = "Strategy")]
    volume: Lots,

    /// How far the stop loss is from the price; 0 for none
    #[arg(long, value_name = "POINTS", default_value_t = 200, help_heading = "Strategy")]
    stop_points: u32,
}

impl CrossOptions {
    /// Returns what was asked for, as a report shows it.
    pub(super) fn describe(&self) -> [(&'static str, String); 6] {
        let stop = match self.stop_points {
            0 => "none".to_owned(),
            points => format!("{points} points"),
        };
        [
            ("strategy", "cross".to_owned()),
            ("fast average", format!("{} bars", self.fast)),
            ("slow average", format!("{} bars", self.slow)),
            ("bars", self.bars.to_string()),
            ("volume", format!("{} lots", self.volume)),
            ("stop loss", stop),
        ]
    }

    /// Sees that there is such a strategy.
    pub(super) fn check(&self) -> Result<CrossSettings, Failure> {
        let settings = CrossSettings::default()
            .with_averages(self.fast, self.slow)
            .with_timeframe(self.bars)
            .with_volume(self.volume)
            .with_stop_points(self.stop_points);
        Cross::new(settings).map_err(|error| Failure::Usage(error.to_string()))?;
        Ok(settings)
    }
}

/// Has it trade in a terminal, to the end; its settings were checked.
pub(super) fn run(settings: CrossSettings, made: Made) -> Outcome {
    let Made { terminal, bar } = made;
    let run = local::run(terminal, |_| {
        Cross::new(settings).expect("invariant: these settings were checked")
    });
    bar.end();
    let counts = run.ea.counts();
    let ticks_answered = counts.ticks_sent - counts.ticks_failed;
    Outcome {
        terminal: run.ea,
        ticks_answered,
        failures: run.failures,
        failed: run.failed,
        failure: None,
    }
}
