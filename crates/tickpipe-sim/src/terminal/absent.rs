//! Orders that the EA has called absent, and therefore never sends.

use std::collections::{BTreeSet, VecDeque};

use tickpipe_proto::types::ClientId;

/// As many are remembered; the oldest is forgotten first.
const KEPT_MAX: usize = 4096;

/// The `client_id`s of which the EA said that no such order will reach the trade server.
#[derive(Clone, Debug, Default)]
pub(super) struct Absent {
    ids: BTreeSet<ClientId>,
    order: VecDeque<ClientId>,
}

impl Absent {
    pub(super) fn insert(&mut self, id: ClientId) {
        if !self.ids.insert(id) {
            return;
        }
        if self.order.len() == KEPT_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        self.order.push_back(id);
    }

    pub(super) fn contains(&self, id: &ClientId) -> bool {
        self.ids.contains(id)
    }
}
