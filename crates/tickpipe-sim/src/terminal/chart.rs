//! What the terminal keeps of a symbol: bars of every timeframe, ticks, and what the EA wants of it.

use std::collections::VecDeque;

use tickpipe_proto::message::{BarEvent, HistoryTick, SubscribeKind, Tick};
use tickpipe_proto::types::{Symbol, Timeframe};

use crate::market::{Series, spread};

/// A symbol's bars and ticks, and its part of the session.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    pub(super) symbol: Symbol,
    digits: u8,
    /// In the order of [`Timeframe::ALL`].
    series: Vec<Series>,
    ticks: VecDeque<HistoryTick>,
    ticks_max: usize,
    /// Bit by bit as `series`: whose closed bars the EA gets.
    bars_wanted: u32,
    pub(super) are_ticks_wanted: bool,
    /// Of the session's last tick.
    seq: u64,
}

impl Chart {
    pub(super) fn new(symbol: Symbol, digits: u8, bars_max: usize, ticks_max: usize) -> Self {
        let series = |timeframe: &Timeframe| Series::new(*timeframe, digits, bars_max);
        Self {
            symbol,
            digits,
            series: Timeframe::ALL.iter().map(series).collect(),
            ticks: VecDeque::new(),
            ticks_max,
            bars_wanted: 0,
            are_ticks_wanted: false,
            seq: 0,
        }
    }

    /// Begins a session: nothing is subscribed, and ticks are counted anew.
    pub(super) const fn begin_session(&mut self) {
        self.bars_wanted = 0;
        self.are_ticks_wanted = false;
        self.seq = 0;
    }

    /// Takes a tick; gives the wanted bars that it closes to `tell`.
    pub(super) fn handle_tick(&mut self, tick: &Tick, mut tell: impl FnMut(BarEvent)) {
        let spread = spread(tick.bid, tick.ask, self.digits);
        for (at, series) in self.series.iter_mut().enumerate() {
            let Some(bar) = series.handle_quote(tick.time_msc, tick.bid, spread) else { continue };
            if self.bars_wanted >> at & 1 == 1 {
                tell(BarEvent::new(self.symbol.clone(), series.timeframe(), bar));
            }
        }
        if self.ticks_max == 0 {
            return;
        }
        if self.ticks.len() == self.ticks_max {
            self.ticks.pop_front();
        }
        // The trade server's clock does not go back, whatever the tick says.
        let last = self.ticks.back().map_or(i64::MIN, |tick| tick.time_msc);
        let mut kept = HistoryTick::new(tick.time_msc.max(last));
        kept.bid = Some(tick.bid);
        kept.ask = Some(tick.ask);
        kept.last = tick.last;
        kept.volume = tick.volume;
        kept.flags = tick.flags;
        self.ticks.push_back(kept);
    }

    /// Returns the number of the next tick that the EA gets.
    pub(super) const fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    /// Begins or ends what the EA wants of the symbol.
    pub(super) fn want(&mut self, kind: SubscribeKind, is_wanted: bool) {
        match kind {
            SubscribeKind::Ticks => self.are_ticks_wanted = is_wanted,
            SubscribeKind::Bars(timeframe) => {
                let bit = place(timeframe).map_or(0, |at| 1_u32 << at);
                self.bars_wanted =
                    if is_wanted { self.bars_wanted | bit } else { self.bars_wanted & !bit };
            }
            _ => {}
        }
    }

    pub(super) fn series(&self, timeframe: Timeframe) -> Option<&Series> {
        self.series.get(place(timeframe)?)
    }

    /// The kept ticks, the oldest first.
    pub(super) const fn ticks(&self) -> &VecDeque<HistoryTick> {
        &self.ticks
    }
}

fn place(timeframe: Timeframe) -> Option<usize> {
    Timeframe::ALL.iter().position(|other| *other == timeframe)
}
