//! How the market goes on.

use tickpipe::session::StopReason;
use tickpipe::session::local::LocalEvent;
use tickpipe_proto::message::{Deinit, Tick};

use super::{MarketError, SILENCE_MS, Step, Terminal, silence};
use crate::broker::BrokerEvent;
use crate::calendar::TIMES_MSC;
use crate::fault::Fault;

/// MQL's `REASON_CLOSE`: the terminal has been closed.
const REASON_CLOSE: u64 = 9;

/// What goes wrong at a tick.
#[derive(Clone, Copy, Debug, Default)]
struct Trouble {
    dies: bool,
    freeze_ms: Option<u32>,
    is_garbled: bool,
}

impl Terminal {
    /// Goes on to the next tick that the EA gets, or to the end; what is to be said of it is due then.
    pub(super) fn advance(&mut self) {
        while let Some(mut tick) = self.take(i64::MAX) {
            let at = self.chart_of(&tick);
            let is_history = tick.time_msc < self.config.begin_msc;
            let sent = at.filter(|at| !is_history && self.is_sent(*at));
            let trouble = sent.map(|_| self.trouble(&mut tick)).unwrap_or_default();
            if !self.handle_tick(at, &tick) {
                break;
            }
            if let Some(at) = sent {
                return self.send(at, tick, trouble);
            }
        }
        self.finish();
    }

    /// Lets milliseconds pass while the EA waits: ticks come that it does not get.
    pub(super) fn pass_time(&mut self, span_ms: i64) {
        if span_ms <= 0 {
            return;
        }
        let until_msc = self.market_msc.saturating_add(span_ms);
        let now_msc = self.now().saturating_add(span_ms);
        while let Some(tick) = self.take(until_msc) {
            let at = self.chart_of(&tick);
            if !self.handle_tick(at, &tick) {
                break;
            }
            self.counts.ticks_missed += u64::from(at.is_some_and(|at| self.is_sent(at)));
        }
        self.market_msc = until_msc;
        self.broker.handle_time(now_msc);
        self.collect();
    }

    /// Takes the next tick, if it is earlier than `before_msc`.
    fn take(&mut self, before_msc: i64) -> Option<Tick> {
        if self.head.is_none() && !self.has_feed_ended {
            match self.feed.next() {
                Some(Ok(tick)) => self.head = Some(tick),
                Some(Err(error)) => self.failure = Some(MarketError::Feed(error)),
                None => {}
            }
            self.has_feed_ended = self.head.is_none();
        }
        let head = self.head.as_ref()?;
        let time_msc = head.time_msc.saturating_add(self.shift_msc);
        if before_msc <= time_msc && before_msc != i64::MAX {
            return None;
        }
        let mut tick = self.head.take()?;
        tick.time_msc = time_msc;
        Some(tick)
    }

    fn chart_of(&self, tick: &Tick) -> Option<usize> {
        // A single symbol, or many ticks of one in a row, is found at once.
        let is_own = self.charts.get(self.own).is_some_and(|own| own.symbol == tick.symbol);
        if is_own {
            return Some(self.own);
        }
        self.charts.binary_search_by(|chart| chart.symbol.cmp(&tick.symbol)).ok()
    }

    /// Whether the EA gets the ticks of a symbol.
    fn is_sent(&self, at: usize) -> bool {
        at == self.own || self.charts.get(at).is_some_and(|chart| chart.are_ticks_wanted)
    }

    /// Draws what goes wrong at a tick that the EA gets; the clock jumps before it.
    fn trouble(&mut self, tick: &mut Tick) -> Trouble {
        let mut trouble = Trouble::default();
        if self.config.faults.is_empty() {
            return trouble;
        }
        for fault in self.config.faults.at_tick() {
            match fault {
                Fault::Clock { seconds } => {
                    let jump = seconds.saturating_mul(1000);
                    if !TIMES_MSC.contains(&tick.time_msc.saturating_add(jump)) {
                        continue;
                    }
                    self.shift_msc = self.shift_msc.saturating_add(jump);
                    self.market_msc = self.market_msc.saturating_add(jump);
                    tick.time_msc = tick.time_msc.saturating_add(jump);
                }
                Fault::Die => trouble.dies = true,
                Fault::Freeze { ms } => trouble.freeze_ms = Some(ms),
                Fault::Garbage => trouble.is_garbled = true,
                Fault::Delay { .. }
                | Fault::Drop
                | Fault::Reject { .. }
                | Fault::Requote
                | Fault::Unknown => {}
            }
        }
        trouble
    }

    /// Gives a tick to the broker and the bars. Returns whether it was taken; if not, there is no other.
    fn handle_tick(&mut self, at: Option<usize>, tick: &Tick) -> bool {
        if let Err(refused) = self.broker.handle_tick(tick) {
            self.failure.get_or_insert(MarketError::Tick(refused));
            self.head = None;
            self.has_feed_ended = true;
            return false;
        }
        self.counts.ticks += 1;
        self.market_msc = self.market_msc.max(tick.time_msc);
        if let Some(recorder) = &mut self.recorder {
            recorder.handle_tick(&self.broker, tick);
        }
        self.collect();
        if let Some(chart) = at.and_then(|at| self.charts.get_mut(at)) {
            let (since, counts) = (&mut self.since, &mut self.counts);
            chart.handle_tick(tick, |bar| {
                counts.bars_sent += 1;
                since.push_back(Step::Event(LocalEvent::Bar(bar)));
            });
        }
        true
    }

    /// Takes what the broker tells; the result of an order that was under way is kept.
    pub(super) fn collect(&mut self) {
        while let Some(event) = self.broker.poll_event() {
            if let Some(recorder) = &mut self.recorder {
                recorder.handle_event(&self.broker, &event);
            }
            let event = match event {
                BrokerEvent::Account(state) => LocalEvent::Account(state),
                BrokerEvent::Trade(trade) => LocalEvent::Trade(trade),
                BrokerEvent::Result(result) => {
                    self.result = Some(*result);
                    continue;
                }
            };
            self.since.push_back(Step::Event(event));
        }
    }

    /// Has a tick and all that happened before it said, with what goes wrong then.
    fn send(&mut self, at: usize, mut tick: Tick, trouble: Trouble) {
        if trouble.dies {
            self.since.clear();
            self.due.push_back(Step::Event(LocalEvent::Ended(StopReason::Disconnected)));
            return;
        }
        if let Some(ms) = trouble.freeze_ms {
            self.due.push_back(Step::Freeze(ms));
            if SILENCE_MS < ms {
                self.since.clear();
                self.due.push_back(Step::Event(LocalEvent::Ended(silence())));
                return;
            }
        }
        if trouble.is_garbled {
            self.due.push_back(Step::Garbage);
        }
        let opening = self.opening.take().map(LocalEvent::Account);
        self.due.extend(opening.map(Step::Event));
        self.due.append(&mut self.since);
        tick.seq = self.charts.get_mut(at).map(super::chart::Chart::next_seq);
        self.counts.ticks_sent += 1;
        self.due.push_back(Step::Event(LocalEvent::Tick(tick)));
    }

    /// There are no more ticks: nothing is traded any more, and the EA leaves.
    fn finish(&mut self) {
        if self.config.closes_at_end {
            self.broker.close_all();
        }
        self.broker.close_market();
        self.has_market_ended = true;
        self.collect();
        self.due.append(&mut self.since);
        let mut deinit = Deinit::new(REASON_CLOSE);
        deinit.text = Some("there are no more ticks".to_owned());
        self.due.push_back(Step::Event(LocalEvent::Ended(StopReason::Deinit(deinit))));
    }
}
