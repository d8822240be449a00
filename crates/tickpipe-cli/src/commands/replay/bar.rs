//! How far a file is played, on stderr if that is a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tickpipe_ticks::{Progress, Tick, TickError, TickReader};

use super::source::Source;
use crate::play::Speed;

/// How often it is drawn anew.
const PERIOD: Duration = Duration::from_millis(100);

/// The smallest file with a share and an end in sight. Of a smaller one most is read ahead before
/// the first tick is played, so that only ticks are counted.
const BYTES_TOTAL_MIN: u64 = 1 << 20;

const WITH_TOTAL: &str = "{bar:30} {percent:>3}%  {msg}  {eta} to go";
const WITHOUT_TOTAL: &str = "{spinner} {msg}  {elapsed}";

/// A progress bar, or a count where the end is not in sight.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Makes one that is drawn on stderr, unless that is no terminal, or it is to be hidden.
    ///
    /// Ticks that are played at the speed they came have no end in sight: what is read of the file
    /// says nothing about the time that is left.
    pub(crate) fn new(progress: Progress, speed: Speed, is_hidden: bool) -> Self {
        let is_in_sight = |total: &u64| speed == Speed::Max && *total >= BYTES_TOTAL_MIN;
        let bytes_total = progress.bytes_total.filter(is_in_sight);
        let template = if bytes_total.is_some() { WITH_TOTAL } else { WITHOUT_TOTAL };
        let target =
            if is_hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(bytes_total, target);
        // A template that is not understood leaves the bar's own form, which is as good.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█▌ "));
        }
        Self(bar)
    }

    /// Shows how far the ticks are that are taken.
    pub(crate) fn watch<'a>(
        &'a self,
        reader: &'a mut TickReader,
        source: &'a Source,
    ) -> impl Iterator<Item = Result<Tick, TickError>> + 'a {
        let mut ticks: u64 = 0;
        let mut time = String::new();
        let mut drawn_at = None;
        std::iter::from_fn(move || {
            let next = reader.next();
            if !self.0.is_hidden() && drawn_at.is_none_or(|at: Instant| at.elapsed() >= PERIOD) {
                if let Some(Ok(tick)) = &next {
                    time = source.time_text(tick.time);
                }
                self.0.set_message(format!("{ticks} ticks, at {time}"));
                self.0.set_position(reader.progress().bytes_read);
                drawn_at = Some(Instant::now());
            }
            ticks += 1;
            next
        })
    }

    /// Takes it away.
    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}
