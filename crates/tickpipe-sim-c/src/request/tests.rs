//! Orders of C.

use super::*;
use crate::layout::NAME_LEN;

fn set(units: i64, digits: u32) -> layout::Decimal {
    layout::Decimal { units, digits, is_set: 1 }
}

/// Zeros, as `memset` leaves them, with an action and what it needs.
fn raw(action: i32) -> layout::Request {
    let mut raw = layout::Request::zeros();
    raw.action = action;
    (raw.ticket, raw.by_ticket) = (7, 8);
    raw.volume = set(10, 2);
    raw.symbol = text::write("EURUSD");
    raw
}

#[test]
fn a_market_order_is_what_was_set() {
    let mut market = raw(code::ACTION_MARKET);
    market.r#type = code::TYPE_SELL;
    market.filling = code::FILLING_IOC;
    market.deviation_points = -1;
    market.stop_loss = set(114_443, 5);
    market.take_profit = set(0, 0);
    market.magic = -3;
    market.comment = text::write("note");
    market.client_id = text::write("a-1");
    let request = read(&market).unwrap();
    assert_eq!(
        request.action,
        OrderAction::Market {
            symbol: Symbol::new("EURUSD").unwrap(),
            r#type: OrderType::Sell,
            volume: "0.10".parse().unwrap(),
            stop_loss: Some("1.14443".parse().unwrap()),
            take_profit: None,
            deviation_points: None,
            filling: Some(Filling::Ioc),
        }
    );
    assert_eq!(request.magic, Some(MagicNumber::new(-3)));
    assert_eq!(request.comment.as_deref(), Some("note"));
    assert_eq!(request.client_id, Some(ClientId::new("a-1").unwrap()));
    let bare = read(&raw(code::ACTION_MARKET)).unwrap();
    assert_eq!((bare.magic, bare.comment, bare.client_id), (None, None, None));
}

#[test]
fn a_change_tells_what_stays_from_what_goes() {
    let mut modify = raw(code::ACTION_MODIFY);
    modify.stop_loss = set(0, 5);
    let change = |stop_loss, expiration| OrderAction::Modify {
        ticket: 7,
        price: None,
        stop_limit: None,
        stop_loss,
        take_profit: None,
        expiration,
    };
    assert_eq!(read(&modify).unwrap().action, change(Some(None), None));
    modify.stop_loss.is_set = 0;
    modify.has_expiration = 1;
    assert_eq!(read(&modify).unwrap().action, change(None, Some(0)));
}

#[test]
fn a_close_without_a_volume_is_all_of_it() {
    let mut close = raw(code::ACTION_CLOSE);
    let volume = |raw: &layout::Request| {
        let OrderAction::Close { volume, .. } = read(raw).unwrap().action else {
            panic!("it is a close");
        };
        volume
    };
    assert_eq!(volume(&close), Some("0.10".parse().unwrap()));
    close.volume.is_set = 0;
    assert_eq!(volume(&close), None);
}

#[test]
fn what_no_order_can_be_has_the_code_of_a_terminal() {
    fn check(action: i32, change: impl Fn(&mut layout::Request), retcode: u64, words: &str) {
        let mut raw = raw(action);
        change(&mut raw);
        let failure = read(&raw).unwrap_err();
        assert_eq!(failure.retcode(), Some(retcode), "{failure}");
        assert!(failure.to_string().contains(words), "{failure}");
    }
    use code as c;
    check(0, |_| (), 10013, "action is 0");
    check(c::ACTION_MARKET, |raw| raw.r#type = 8, 10035, "type is 8");
    check(c::ACTION_MARKET, |raw| raw.filling = 4, 10030, "filling is 4");
    check(c::ACTION_MARKET, |raw| raw.volume = set(0, 2), 10014, "volume is 0");
    check(c::ACTION_MARKET, |raw| raw.volume = set(1, 9), 10014, "1 of 9 digits");
    check(c::ACTION_MARKET, |raw| raw.volume.is_set = 0, 10014, "not set");
    check(c::ACTION_MARKET, |raw| raw.volume = set(i64::MIN, 0), 10014, "digits");
    check(c::ACTION_MARKET, |raw| raw.stop_loss = set(-1, 5), 10016, "stop_loss is -0.00001");
    check(c::ACTION_MARKET, |raw| raw.symbol = [0; NAME_LEN], 10013, "symbol is ``");
    check(c::ACTION_MARKET, |raw| raw.symbol = [b'x'; NAME_LEN], 10013, "without an end");
    check(c::ACTION_MARKET, |raw| raw.comment[0] = 0xff, 10013, "UTF-8");
    check(c::ACTION_MARKET, |raw| raw.comment[0] = b'\n', 10013, "control");
    check(c::ACTION_MARKET, |raw| raw.client_id = text::write("a b"), 10013, "client_id is `a b`");
    check(c::ACTION_PENDING, |_| (), 10015, "price is not set");
    check(c::ACTION_PENDING, |raw| raw.price = set(-5, 0), 10015, "price is -5");
    check(c::ACTION_CLOSE, |raw| raw.ticket = 0, 10036, "ticket is 0");
    check(c::ACTION_CLOSE_BY, |raw| raw.by_ticket = 0, 10036, "by_ticket is 0");
    check(c::ACTION_DELETE, |raw| raw.ticket = 0, 10035, "ticket is 0");
}
