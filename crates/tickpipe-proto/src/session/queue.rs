//! What waits for the handler, and the ticks that wait for an answer.

use std::collections::VecDeque;

use super::clock::Mark;
use super::event::SessionEvent;
use crate::message::Tick;
use crate::types::RequestId;

/// Events in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<Item>,
    /// Lockstep ticks without an answer, in the order in which they came; the handler may be at
    /// work on the first.
    open: VecDeque<OpenTick>,
    /// Ticks in `waiting`.
    ticks: usize,
    next: TickNumber,
}

/// The number of a tick in its session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TickNumber(u64);

/// One thing that waits.
#[derive(Debug)]
pub(crate) enum Item {
    Event(SessionEvent),
    Tick(QueuedTick),
}

#[derive(Debug)]
pub(crate) struct QueuedTick {
    pub(crate) number: TickNumber,
    pub(crate) tick: Tick,
    /// Where its symbol is, if its number is checked.
    pub(crate) place: Option<usize>,
    /// Whether it came with a request, which may be over.
    pub(crate) is_request: bool,
}

/// A lockstep tick without an answer.
#[derive(Debug)]
pub(crate) struct OpenTick {
    number: TickNumber,
    pub(crate) id: RequestId,
    pub(crate) mark: Mark,
}

impl Queue {
    /// Adds a tick, and its request if it is one.
    pub(crate) fn push_tick(
        &mut self,
        tick: Tick,
        place: Option<usize>,
        request: Option<(RequestId, Mark)>,
    ) {
        let number = self.next;
        self.next = TickNumber(number.0.saturating_add(1));
        let is_request = request.is_some();
        if let Some((id, mark)) = request {
            self.open.push_back(OpenTick { number, id, mark });
        }
        self.waiting.push_back(Item::Tick(QueuedTick { number, tick, place, is_request }));
        self.ticks = self.ticks.saturating_add(1);
    }

    /// Adds an event that is no tick.
    pub(crate) fn push_event(&mut self, event: SessionEvent) {
        self.waiting.push_back(Item::Event(event));
    }

    /// Returns how much waits.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Looks at what is next.
    pub(crate) fn front(&self) -> Option<&Item> {
        self.waiting.front()
    }

    /// Takes what is next.
    pub(crate) fn pop(&mut self) -> Option<Item> {
        let item = self.waiting.pop_front();
        if matches!(item, Some(Item::Tick(_))) {
            self.ticks = self.ticks.saturating_sub(1);
        }
        item
    }

    /// Drops the oldest tick that waits; returns its request if it is still open, or `None` if no
    /// tick waits.
    pub(crate) fn drop_oldest_tick(&mut self) -> Option<Option<RequestId>> {
        if self.ticks == 0 {
            return None;
        }
        let at = self.waiting.iter().position(|item| matches!(item, Item::Tick(_)))?;
        let Some(Item::Tick(dropped)) = self.waiting.remove(at) else { return None };
        self.ticks = self.ticks.saturating_sub(1);
        Some(self.take_open(dropped.number))
    }

    /// Drops all ticks that wait, and returns how many.
    pub(crate) fn drop_ticks(&mut self) -> usize {
        self.waiting.retain(|item| !matches!(item, Item::Tick(_)));
        std::mem::take(&mut self.ticks)
    }

    /// Takes the request of a tick, if it is still open.
    pub(crate) fn take_open(&mut self, number: TickNumber) -> Option<RequestId> {
        let at = self.open.binary_search_by(|open| open.number.cmp(&number)).ok()?;
        self.open.remove(at).map(|open| open.id)
    }

    /// Returns whether the request of a tick is still open.
    pub(crate) fn has_open(&self, number: TickNumber) -> bool {
        self.open.binary_search_by(|open| open.number.cmp(&number)).is_ok()
    }

    /// Looks at the request that has been open longest, which is the first to be due.
    pub(crate) fn oldest_open(&self) -> Option<&OpenTick> {
        self.open.front()
    }

    /// Takes the request that has been open longest.
    pub(crate) fn pop_open(&mut self) -> Option<RequestId> {
        self.open.pop_front().map(|open| open.id)
    }

    /// Returns whether a request of the EA with this id is open.
    pub(crate) fn is_open(&self, id: &RequestId) -> bool {
        self.open.iter().any(|open| open.id == *id)
    }
}
