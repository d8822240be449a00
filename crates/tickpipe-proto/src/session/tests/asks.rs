use super::*;

fn comment() -> Ask {
    Ask::Comment { text: "x".to_owned() }
}

fn client_id() -> ClientId {
    "order-1".parse().expect("a client id")
}

fn order_send() -> Ask {
    Ask::OrderSend(Box::new(OrderRequest {
        action: OrderAction::Market {
            symbol: Symbol::new("EURUSD").expect("a symbol"),
            r#type: OrderType::Buy,
            volume: "0.10".parse().expect("lots"),
            stop_loss: None,
            take_profit: None,
            deviation_points: None,
            filling: None,
        },
        magic: None,
        comment: None,
        client_id: Some(client_id()),
        expires_at_ms: None,
    }))
}

#[test]
fn an_answer_goes_to_its_request_whatever_the_order() {
    let mut play = Play::opened();
    assert_eq!(play.ask(&comment(), 5000), Ok(1));
    assert_eq!(play.ask(&comment(), 5000), Ok(2));
    assert_eq!(play.ask(&comment(), 5000), Ok(3));
    play.wrote(&["ask 1 comment", "ask 2 comment", "ask 3 comment"]);
    play.ea(&result(2, "{}"));
    play.ea(&error(1, "unknown_symbol"));
    play.ea(&result(2, "{}"));
    play.ea(&result(4, "{}"));
    play.ea(&result(0, "{}"));
    play.ea(&result(3, "7"));
    play.reply(Some((2, "ok")));
    play.reply(Some((1, "unknown_symbol")));
    play.reply(Some((3, "bad_answer")));
    play.reply(None);
    let counters = play.session.counters();
    assert_eq!((counters.late_replies, counters.unknown_replies), (1, 2));
    assert_eq!(counters.bad_answers, 1);
}

#[test]
fn what_cannot_be_sent_is_not() {
    let mut play = Play::new(SessionConfig::default());
    assert_eq!(play.ask(&comment(), 5000), Err(ErrorCode::HelloRequired));
    let mut play = Play::opened();
    assert_eq!(play.ask(&Ask::TerminalInfo, 5000), Err(ErrorCode::Unsupported));
    let long = Ask::Comment { text: "x".repeat(65_536) };
    assert_eq!(play.ask(&long, 5000), Err(ErrorCode::InvalidParams));
    let Ask::OrderSend(mut order) = order_send() else { panic!("an order") };
    order.client_id = None;
    assert_eq!(play.ask(&Ask::OrderSend(order), 5000), Err(ErrorCode::InvalidParams));
    play.wrote(&[]);
    assert_eq!(play.session.counters().requests, 0);
    assert_eq!(play.ask(&Ask::Ping, 5000), Ok(1), "a ping needs no capability");
}

#[test]
fn sixty_four_are_open_at_most() {
    let mut play = Play::opened();
    for id in 1..=64 {
        assert_eq!(play.ask(&comment(), 5000), Ok(id));
    }
    assert_eq!(play.ask(&comment(), 5000), Err(ErrorCode::TooManyRequests));
    play.ea(&result(7, "{}"));
    // A reply that nobody fetches keeps its place, so that they cannot pile up.
    assert_eq!(play.ask(&comment(), 5000), Err(ErrorCode::TooManyRequests));
    play.reply(Some((7, "ok")));
    assert_eq!(play.ask(&comment(), 5000), Ok(65));
}

#[test]
fn a_late_answer_is_nobodys() {
    let mut play = Play::opened();
    assert_eq!(play.ask(&comment(), 1000), Ok(1));
    play.at(1000);
    play.reply(Some((1, "request_timeout")));
    assert_eq!(play.ask(&comment(), 1000), Ok(2));
    play.ea(&result(1, "{}"));
    play.reply(None);
    play.ea(&result(2, "{}"));
    play.reply(Some((2, "ok")));
    let counters = play.session.counters();
    assert_eq!((counters.late_replies, counters.request_timeouts), (1, 1));
}

#[test]
fn the_end_is_the_end_of_all_requests() {
    for end in ["close", "end", "deinit"] {
        let mut play = Play::opened();
        assert_eq!(play.ask(&comment(), 5000), Ok(1));
        assert_eq!(play.ask(&order_send(), 5000), Ok(2));
        match end {
            "close" => play.session.close(play.now, ErrorCode::ShuttingDown, "stop"),
            "end" => play.session.handle_end(play.now),
            _ => play.ea(r#"{"jsonrpc":"2.0","method":"deinit","params":{"reason":0}}"#),
        }
        play.reply(Some((1, "disconnected")));
        play.reply(Some((2, "Unknown order-1")));
        play.reply(None);
    }
}

fn order_result(outcome: &str, retcode: u64, client_id: &str) -> String {
    format!(r#"{{"outcome":"{outcome}","retcode":{retcode},"client_id":"{client_id}"}}"#)
}

#[test]
fn an_order_that_may_have_been_executed_is_unknown() {
    for (line, want) in [
        (result(1, &order_result("done", 10009, "order-1")), "Done order-1"),
        (result(1, &order_result("rejected", 10006, "order-1")), "Rejected order-1"),
        (result(1, &order_result("unknown", 10012, "order-1")), "Unknown order-1"),
        (result(1, &order_result("done", 10009, "order-2")), "Unknown order-1"),
        (result(1, &order_result("absent", 0, "order-1")), "Unknown order-1"),
        (result(1, "{}"), "Unknown order-1"),
        (error(1, "expired"), "expired"),
        (error(1, "id_conflict"), "id_conflict"),
        (error(1, "invalid_params"), "invalid_params"),
        (error(1, "unknown_method"), "unknown_method"),
        (error(1, "unsupported"), "unsupported"),
        (error(1, "unknown_symbol"), "unknown_symbol"),
        (error(1, "stopping"), "stopping"),
        (error(1, "terminal_error"), "Unknown order-1"),
        (error(1, "trade_disabled"), "Unknown order-1"),
        (error(1, "never_heard_of"), "Unknown order-1"),
    ] {
        let mut play = Play::opened();
        assert_eq!(play.ask(&order_send(), 5000), Ok(1));
        play.ea(&line);
        play.reply(Some((1, want)));
        play.reply(None);
        play.wrote(&["ask 1 order_send"]);
    }
}

#[test]
fn an_order_without_an_answer_is_unknown_and_not_sent_again() {
    let mut play = Play::opened();
    assert_eq!(play.ask(&order_send(), 2000), Ok(1));
    play.at(2000);
    play.reply(Some((1, "Unknown order-1")));
    play.ea(&result(1, &order_result("done", 10009, "order-1")));
    play.reply(None);
    play.wrote(&["ask 1 order_send"]);
    assert_eq!(play.session.counters().unknown_orders, 1);
    // What became of it is asked, and comes as it is.
    let status = Ask::OrderStatus { client_id: client_id() };
    for (n, answer, want) in [
        (2, order_result("absent", 0, "order-1"), "Absent order-1"),
        (3, order_result("done", 10009, "order-1"), "Done order-1"),
        (4, order_result("done", 10009, "order-9"), "bad_answer"),
    ] {
        assert_eq!(play.ask(&status, 2000), Ok(n));
        play.ea(&result(n, &answer));
        play.reply(Some((n, want)));
    }
    assert_eq!(play.ask(&status, 2000), Ok(5));
    play.at(4000);
    play.reply(Some((5, "request_timeout")));
}

#[test]
fn results_are_whole() {
    let unknown = OrderResult {
        outcome: Outcome::Unknown,
        retcode: 0,
        client_id: client_id(),
        status: None,
        order: None,
        deal: None,
        position: None,
        volume: None,
        price: None,
        bid: None,
        ask: None,
        is_retryable: false,
        message: String::new(),
        code: Some(ErrorCode::Disconnected),
    };
    let mut play = Play::opened();
    assert_eq!(play.ask(&order_send(), 2000), Ok(1));
    play.session.handle_end(play.now);
    let Some((_, Ok(Answer::OrderResult(mut order)))) = play.session.poll_reply() else {
        panic!("no result")
    };
    assert_eq!(order.message, "the session ended before `order_send` was answered");
    order.message.clear();
    assert_eq!(*order, unknown);
}
