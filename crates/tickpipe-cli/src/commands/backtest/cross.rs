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
    pub(crate) fn settings(&self) -> [(&'static str, String); 6] {
        [
            ("strategy", "cross".to_owned()),
            ("fast", self.fast.to_string()),
            ("slow", self.slow.to_string()),
            ("bars", self.bars.to_string()),
            ("volume", self.volume.to_string()),
            ("stop points", self.stop_points.to_string()),
        ]
    }

    /// Has it trade in a terminal, to the end.
    pub(crate) fn run(&self, made: Made) -> Result<Outcome, Failure> {
        let settings = CrossSettings::default()
            .with_averages(self.fast, self.slow)
            .with_timeframe(self.bars)
            .with_volume(self.volume)
            .with_stop_points(self.stop_points);
        let cross = move || Cross::new(settings);
        cross().map_err(|error| Failure::Usage(error.to_string()))?;
        let Made { terminal, bar } = made;
        let run =
            local::run(terminal, |_| cross().expect("invariant: these settings were tried above"));
        bar.end();
        Ok(Outcome { terminal: run.ea, failures: run.failures, failed: run.failed })
    }
}
