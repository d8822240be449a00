use super::*;
use crate::message::{OrderAction, OrderRequest};

/// Returns what a program's line is, or the code and the text of what is wrong with it.
fn program(line: &str) -> Result<ServerMessage<'_>, String> {
    parse_program(line.as_bytes()).map_err(|refused| refused.to_string())
}

fn order_line(method: &str, rest: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"a","method":"{method}","params":{{"action":"market","symbol":"A",
            "type":"buy","volume":0.10{rest}}}}}"#
    )
}

fn order(line: &str) -> OrderRequest {
    match program(line) {
        Ok(ServerMessage::Ask { ask: Ask::OrderSend(order), .. }) => *order,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn a_program_may_leave_its_order_without_a_name() {
    let line = order_line("order_send", "");
    let unnamed = order(&line);
    assert_eq!(unnamed.client_id, None);
    assert!(matches!(unnamed.action, OrderAction::Market { .. }));
    let null = order_line("order_send", r#","client_id":null"#);
    assert_eq!(order(&null).client_id, None);
    for line in [&line, &null] {
        let refused = parse_server(line.as_bytes()).unwrap_err();
        assert_eq!(refused.fault.code, ErrorCode::InvalidParams);
        assert!(refused.fault.message.starts_with("params.client_id: found "), "{refused}");
    }
    let named = order(&order_line("order_send", r#","client_id":"one","expires_at_ms":7"#));
    assert_eq!(named.client_id.map(|id| id.to_string()).as_deref(), Some("one"));
    assert_eq!(named.expires_at_ms, Some(7));
}

#[test]
fn a_name_that_a_program_gives_has_to_be_one() {
    for name in [r#""""#, r#""a b""#, r#""12345678901234567""#, "7", "{}"] {
        let line = order_line("order_send", &format!(r#","client_id":{name}"#));
        let refused = parse_program(line.as_bytes()).unwrap_err();
        assert_eq!(refused.id, Some(RequestId::Text("a".into())), "{name}");
        assert!(refused.fault.message.starts_with("params.client_id: found "), "{refused}");
    }
    // What is to be looked up needs one.
    let line = r#"{"jsonrpc":"2.0","id":1,"method":"order_status","params":{}}"#;
    assert!(program(line).unwrap_err().contains("params.client_id: found nothing"));
}

/// In all else a program speaks as a server does.
#[test]
fn a_program_is_read_as_a_server() {
    for line in [
        order_line("order_check", ""),
        order_line("order_send", r#","volume":0"#),
        order_line("order_send", r#","ticket":"1","client_id":"a""#),
        r#"{"jsonrpc":"2.0","id":1,"method":"comment","params":{"text":"x"}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"comment","params":{}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"rates","params":[]}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"dance"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":9007199254740992,"method":"ping"}"#.to_owned(),
        r#"{"id":1,"method":"ping"}"#.to_owned(),
        "[]".to_owned(),
        "ready".to_owned(),
        String::new(),
    ] {
        let (as_program, as_server) = (program(&line), parse_server(line.as_bytes()));
        let as_server = as_server.map_err(|refused| refused.to_string());
        assert_eq!(format!("{as_program:?}"), format!("{as_server:?}"), "{line}");
    }
}

#[test]
fn a_program_is_told_that_a_request_has_an_id() {
    for (method, params) in [("comment", r#"{"text":"x"}"#), ("bye", r#"{"code":"later"}"#)] {
        let line = format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{params}}}"#);
        let want = format!(
            "invalid_request: found `{method}` without an `id`, expected a request, which has one"
        );
        assert_eq!(program(&line).map(|_| ()), Err(want));
    }
}
