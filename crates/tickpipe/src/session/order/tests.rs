use tickpipe_proto::message::OrderType;
use tickpipe_proto::types::{OrderTicket, PositionTicket, Symbol};

use super::*;

fn symbol() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

#[test]
fn a_builder_says_what_its_order_has() {
    let id: ClientId = "mine".parse().unwrap();
    let request: OrderRequest = MarketOrder::sell(&symbol(), "0.10".parse().unwrap())
        .stop_loss("1.2".parse().unwrap())
        .deviation_points(10)
        .magic(-7)
        .comment("cross")
        .client_id(id)
        .into();
    assert_eq!((request.magic, request.client_id), (Some(MagicNumber::new(-7)), Some(id)));
    assert_eq!(request.comment.as_deref(), Some("cross"));
    let OrderAction::Market { r#type, stop_loss, take_profit, deviation_points, .. } =
        request.action
    else {
        panic!("{request:?}")
    };
    assert_eq!(r#type, OrderType::Sell);
    assert_eq!((stop_loss, take_profit), ("1.2".parse().ok(), None));
    assert_eq!(deviation_points, Some(10));
}

#[test]
fn a_level_is_left_set_or_removed() {
    let ticket = PositionTicket::new(5).unwrap();
    let change = ModifyPosition::new(ticket).stop_loss("1.2".parse().unwrap()).remove_take_profit();
    let request = OrderRequest::from(change);
    let OrderAction::Modify { ticket, stop_loss, take_profit, price, .. } = request.action else {
        panic!("{request:?}")
    };
    assert_eq!((ticket, price), (5, None));
    assert_eq!((stop_loss, take_profit), (Some("1.2".parse().ok()), Some(None)));
}

#[test]
fn what_no_ea_could_read_is_refused() {
    let market = || MarketOrder::buy(&symbol(), "1".parse().unwrap());
    let order = OrderTicket::new(1).unwrap();
    for (request, is_fine) in [
        (market().into(), true),
        (market().comment("a".repeat(64)).into(), true),
        (market().comment("a".repeat(65)).into(), false),
        (market().comment("a\tb").into(), false),
        (ModifyOrder::new(order).into(), false),
        (ModifyOrder::new(order).remove_expiration().into(), true),
        (ModifyPosition::new(PositionTicket::new(1).unwrap()).into(), false),
    ] {
        let request: OrderRequest = request;
        let found = check(&request);
        assert_eq!(found.is_ok(), is_fine, "{request:?}");
        if let Err(error) = found {
            assert_eq!((error.code(), error.is_retryable()), ("invalid_params", false));
            assert_eq!(error.blame(), crate::Blame::Caller);
        }
    }
}
