//! How far a market is played, on stderr if that is a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tickpipe::session::Tick;
use tickpipe_sim::market::{Feed, FeedError};
use tickpipe_ticks::TickTime;

use super::files::Reading;
use crate::interrupt::Interrupt;
use crate::log;
use crate::play::Speed;

/// How often it is drawn anew.
const PERIOD: Duration = Duration::from_millis(100);
/// Ticks between two looks at the clock, where they follow each other at once.
const TICKS_UNSEEN: u64 = 256;
/// The smallest files with a share in sight: of smaller ones most is read before the first tick is played.
const BYTES_TOTAL_MIN: u64 = 1 << 20;

const WITH_TOTAL: &str = "{bar:30} {percent:>3}%  {msg}";
const WITHOUT_TOTAL: &str = "{spinner} {msg}";

/// A progress bar over the bytes of all files, or a count where no end is in sight.
#[derive(Debug)]
pub(crate) struct Bar {
    shown: ProgressBar,
    ticks_unseen: u64,
}

impl Bar {
    pub(crate) fn new(reading: &Reading, speed: Speed) -> Self {
        let is_in_sight = |total: &u64| speed == Speed::Max && BYTES_TOTAL_MIN <= *total;
        let total = reading.bytes_total.filter(is_in_sight);
        let shown = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let template = if total.is_some() { WITH_TOTAL } else { WITHOUT_TOTAL };
        // A template that is not understood leaves the bar's own form, which is as good.
        if let Ok(style) = ProgressStyle::with_template(template) {
            shown.set_style(style.progress_chars("█▌ "));
        }
        log::keep_above(&shown);
        let ticks_unseen = if speed == Speed::Max { TICKS_UNSEEN } else { 1 };
        Self { shown, ticks_unseen }
    }

    /// Says what is waited for before the first tick.
    pub(crate) fn say(&self, text: String) {
        self.shown.set_message(text);
        self.shown.tick();
    }

    /// Shows how far the ticks are that are taken; at an interrupt there are no more.
    pub(crate) fn watch(
        &self,
        mut feed: Feed,
        reading: Reading,
        interrupt: Interrupt,
    ) -> impl Iterator<Item = Result<Tick, FeedError>> + Send + 'static {
        let (shown, ticks_unseen) = (self.shown.clone(), self.ticks_unseen);
        let (mut ticks, mut drawn_at) = (0_u64, Instant::now());
        std::iter::from_fn(move || {
            if interrupt.is_set() {
                return None;
            }
            let next = feed.next();
            ticks += 1;
            if ticks.is_multiple_of(ticks_unseen) && PERIOD <= drawn_at.elapsed() {
                if let Some(Ok(tick)) = &next {
                    let time = TickTime::from_nanos(tick.time_msc.saturating_mul(1_000_000));
                    shown.set_message(format!("{ticks} ticks, at {time}"));
                }
                shown.set_position(reading.bytes_read());
                drawn_at = Instant::now();
            }
            next
        })
    }

    /// Takes it away.
    pub(crate) fn end(&self) {
        self.shown.finish_and_clear();
        log::keep_above_nothing();
    }
}

/// Whatever ends a run, nothing of it stays on the screen.
impl Drop for Bar {
    fn drop(&mut self) {
        self.end();
    }
}
