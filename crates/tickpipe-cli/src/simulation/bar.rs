//! How far a market is played, on stderr if that is a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tickpipe::session::Tick;
use tickpipe_sim::market::{Feed, FeedError};
use tickpipe_ticks::TickTime;

use super::files::Reading;
use crate::interrupt::Interrupt;

/// How often it is drawn anew.
const PERIOD: Duration = Duration::from_millis(100);
/// Ticks between two looks at the clock.
const TICKS_UNSEEN: u64 = 256;

const WITH_TOTAL: &str = "{bar:30} {percent:>3}%  {msg}";
const WITHOUT_TOTAL: &str = "{spinner} {msg}";

/// A progress bar over the bytes of all files.
#[derive(Clone, Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new(reading: &Reading) -> Self {
        let total = reading.bytes_total;
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let template = if total.is_some() { WITH_TOTAL } else { WITHOUT_TOTAL };
        // A template that is not understood leaves the bar's own form, which is as good.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█▌ "));
        }
        Self(bar)
    }

    /// Shows how far the ticks are that are taken; at an interrupt there are no more.
    pub(crate) fn watch(
        &self,
        mut feed: Feed,
        reading: Reading,
        interrupt: Interrupt,
    ) -> impl Iterator<Item = Result<Tick, FeedError>> + Send + 'static {
        let bar = self.0.clone();
        let (mut ticks, mut drawn_at) = (0_u64, Instant::now());
        std::iter::from_fn(move || {
            if interrupt.is_set() {
                return None;
            }
            let next = feed.next();
            ticks += 1;
            if ticks.is_multiple_of(TICKS_UNSEEN) && PERIOD <= drawn_at.elapsed() {
                if let Some(Ok(tick)) = &next {
                    let time = TickTime::from_nanos(tick.time_msc.saturating_mul(1_000_000));
                    bar.set_message(format!("{ticks} ticks, at {time}"));
                }
                bar.set_position(reading.bytes_read());
                drawn_at = Instant::now();
            }
            next
        })
    }

    /// Takes it away.
    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}
