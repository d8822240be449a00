//! What was sent under which `client_id`.

use std::collections::{BTreeMap, VecDeque};

use thiserror::Error;
use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{OrderRequest, OrderResult};
use tickpipe_proto::types::ClientId;

/// As many are kept at least, and all of the last day. What was filled or placed is kept for ever, as the
/// books are, so that no name is ever carried out twice.
const KEPT_MIN: usize = 1024;
const KEPT_MS: i64 = crate::calendar::DAY_MS;

/// Why a request does not reach the broker at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotSent {
    /// Its `client_id` belongs to another request.
    #[error("client_id {0} belongs to another order; give each order its own")]
    IdConflict(ClientId),
    /// It has no `client_id`.
    #[error("found no client_id, expected one; give each order its own")]
    NoClientId,
}

impl NotSent {
    /// Returns the word of the wire.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::IdConflict(_) => ErrorCode::IdConflict,
            Self::NoClientId => ErrorCode::InvalidParams,
        }
    }
}

/// What is known of an earlier request.
#[derive(Debug)]
pub(super) enum Earlier {
    Answered(OrderResult),
    None,
    UnderWay,
}

#[derive(Clone, Debug)]
struct Entry {
    request: OrderRequest,
    result: Option<OrderResult>,
}

impl Entry {
    /// Whether the books have it: it was filled or placed, or may be yet.
    const fn is_booked(&self) -> bool {
        match &self.result {
            Some(result) => result.status.is_some(),
            None => true,
        }
    }
}

/// The table; of those that are in no books the oldest beyond the limits are forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientIds {
    entries: BTreeMap<ClientId, Entry>,
    /// When they came; without those that are kept for ever, once their time was over.
    order: VecDeque<(i64, ClientId)>,
}

impl ClientIds {
    pub(super) fn look_up(&self, request: &OrderRequest) -> Result<(ClientId, Earlier), NotSent> {
        let id = request.client_id.ok_or(NotSent::NoClientId)?;
        let earlier = match self.entries.get(&id) {
            None => Earlier::None,
            // The same order may have got more time meanwhile.
            Some(entry) if !is_same(&entry.request, request) => {
                return Err(NotSent::IdConflict(id));
            }
            Some(Entry { result: Some(result), .. }) => Earlier::Answered(result.clone()),
            Some(_) => Earlier::UnderWay,
        };
        Ok((id, earlier))
    }

    pub(super) fn note(&mut self, now_msc: i64, id: ClientId, request: &OrderRequest) {
        let is_old = |time: i64| time < now_msc.saturating_sub(KEPT_MS);
        while KEPT_MIN <= self.order.len()
            && self.order.front().is_some_and(|(time, _)| is_old(*time))
        {
            let Some((_, oldest)) = self.order.pop_front() else { break };
            if self.entries.get(&oldest).is_none_or(|entry| !entry.is_booked()) {
                self.entries.remove(&oldest);
            }
        }
        self.order.push_back((now_msc, id));
        self.entries.insert(id, Entry { request: request.clone(), result: None });
    }

    pub(super) fn answer(&mut self, result: &OrderResult) {
        if let Some(entry) = self.entries.get_mut(&result.client_id) {
            entry.result = Some(result.clone());
        }
    }

    pub(super) fn answered(&self, id: &ClientId) -> Option<&OrderResult> {
        self.entries.get(id)?.result.as_ref()
    }
}

fn is_same(a: &OrderRequest, b: &OrderRequest) -> bool {
    a.action == b.action && a.magic == b.magic && a.comment == b.comment
}
