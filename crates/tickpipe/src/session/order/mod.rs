//! Orders as a strategy writes them: each kind with what it may have, and nothing else.

mod change;
mod market;
mod pending;
#[cfg(test)]
mod tests;

use tickpipe_proto::message::{OrderAction, OrderRequest};
use tickpipe_proto::types::{ClientId, MagicNumber};

pub use self::change::{CloseBy, ClosePosition, DeleteOrder, ModifyOrder, ModifyPosition};
pub use self::market::MarketOrder;
pub use self::pending::PendingOrder;
use crate::error::{Error, ErrorKind};

/// Bytes that an order's comment may have.
const COMMENT_LEN_MAX: usize = 64;

/// What an order is known by later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Marks {
    magic: Option<MagicNumber>,
    comment: Option<String>,
    client_id: Option<ClientId>,
}

impl Marks {
    fn request(self, action: OrderAction) -> OrderRequest {
        let mut request = OrderRequest::new(action);
        request.magic = self.magic;
        request.comment = self.comment;
        request.client_id = self.client_id;
        request
    }
}

/// Sees that an EA could read the order; whether it passes is for the trade server to say.
pub(crate) fn check(request: &OrderRequest) -> Result<(), Error> {
    if let Some(comment) = &request.comment {
        if COMMENT_LEN_MAX < comment.len() {
            return Err(invalid(format!(
                "comment of {} bytes exceeds the limit of {COMMENT_LEN_MAX} bytes",
                comment.len()
            )));
        }
        if comment.chars().any(char::is_control) {
            return Err(invalid(format!(
                "comment `{}` holds a control character, allowed is text without",
                tickpipe_proto::escaped(comment, COMMENT_LEN_MAX)
            )));
        }
    }
    if let OrderAction::Modify {
        price: None,
        stop_limit: None,
        stop_loss: None,
        take_profit: None,
        expiration: None,
        ..
    } = &request.action
    {
        return Err(invalid(
            "found a change of nothing, expected a price, a level or an expiration".to_owned(),
        ));
    }
    Ok(())
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidParams, text)
}
