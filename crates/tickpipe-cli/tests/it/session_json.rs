//! What `--json` prints of sessions: one object a line, each with the members that belong to it.

use serde_json::{Value, json};

use crate::host::{Server, handler};
use crate::session_ea::{SessionEas, tick_params};

/// Everything that is printed, and the names of its members in rising order.
const MEMBERS: &[(&str, &[&str])] = &[
    ("account", &["account", "connection", "event"]),
    ("bar", &["bar", "connection", "event"]),
    ("closed", &["connection", "event"]),
    ("gap", &["connection", "event", "gap"]),
    ("log", &["connection", "event", "log"]),
    ("opened", &["address", "connection", "event", "process_id", "program", "session_id", "user"]),
    ("order", &["connection", "elapsed_us", "event", "order", "result"]),
    ("session_closed", &["connection", "deinit", "event"]),
    ("session_opened", &["connection", "event", "hello"]),
    ("tick", &["connection", "elapsed_us", "event", "late", "tick"]),
    ("trade", &["connection", "event", "trade"]),
];

fn names(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// The lines as they came, the summary apart.
fn parsed(server: Server) -> (Vec<Value>, Value) {
    let ended = server.stop();
    assert!(ended.status.success(), "{}: {:?}", ended.status, ended.err);
    let mut lines: Vec<Value> = ended
        .out
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let summary = lines.pop().expect("the summary is printed");
    (lines, summary)
}

fn serve() -> Server {
    let handler = handler();
    let options = ["--json", "--handler-deadline-ms", "20000"];
    Server::start(&[&options[..], &["exec", "--", &handler, "session"]].concat())
}

fn numbered_tick(seq: u64) -> Value {
    let mut params = tick_params();
    params["seq"] = json!(seq);
    params
}

#[test]
fn each_kind_of_line_is_printed_once_with_its_members() {
    let server = serve();
    let mut eas = SessionEas::new(&server.path);
    let slot = eas.open("order");
    let bar = json!({
        "symbol": "EURUSD", "timeframe": "M1", "time": 60, "open": 1.1, "high": 1.2, "low": 1.0,
        "close": 1.1, "tick_volume": 7, "spread": 3,
    });
    let trade = json!({"event": "deal_add", "symbol": "EURUSD", "deal": "18446744073709551615"});
    let account = json!({"balance": 10, "equity": -0.5, "margin": 0, "margin_free": 9});
    let log = json!({"level": "warn", "text": "said \"so\""});
    let notices = [("bar", &bar), ("trade", &trade), ("account", &account), ("log", &log)];
    for (method, params) in notices {
        eas.notify(slot, method, params);
    }
    // The first tick's number is any; the second is sent so that a gap is seen.
    eas.notify(slot, "tick", &numbered_tick(4));
    let id = eas.begin(slot, "tick", &numbered_tick(7));
    let order = eas.expect(slot, "order_send");
    eas.fill(slot, &order);
    eas.expect(slot, &format!("{id} ok"));
    eas.begin(slot, "deinit", &json!({"reason": 3}));
    eas.expect(slot, &format!("{} ok", id + 1));
    eas.close(slot);

    let (lines, summary) = parsed(server);
    for (event, members) in MEMBERS {
        let printed: Vec<&Value> = lines.iter().filter(|line| line["event"] == *event).collect();
        assert_eq!(printed.len(), if *event == "tick" { 2 } else { 1 }, "{event}: {lines:?}");
        for line in printed {
            assert_eq!(names(line), *members, "{event}");
            assert_eq!(line["connection"], 1, "{event}");
        }
    }
    assert_eq!(lines.len(), MEMBERS.len() + 1, "{lines:?}");
    let of = |event: &str| lines.iter().rfind(|line| line["event"] == event).expect("it is there");
    for (event, params) in notices {
        assert_eq!(of(event)[event], *params, "{event}");
    }
    assert_eq!(of("gap")["gap"], json!({"symbol": "EURUSD", "expected": 5, "found": 7}));
    assert_eq!(of("tick")["tick"], numbered_tick(7));
    assert_eq!(of("order")["order"], order["params"]);
    assert_eq!(of("order")["result"]["outcome"], "done");
    assert_eq!(of("session_closed")["deinit"], json!({"reason": 3}));
    assert_eq!(of("session_opened")["hello"]["instance"], "order");
    let sessions = &summary["sessions"];
    let want = json!({
        "opened": 1, "ticks": 2, "ticks_late": 0, "ticks_dropped": 0, "tick_gaps": 1, "requests": 1,
    });
    assert_eq!(*sessions, want);
}

/// How a session ended is said by a member of its own.
#[test]
fn the_ends_of_sessions_are_told_apart() {
    let server = serve();
    let mut eas = SessionEas::new(&server.path);
    let failed = eas.open("die");
    assert_eq!(eas.tick(failed), "ok");
    assert_eq!(eas.tick(failed), "handler_ended");
    assert_eq!(eas.rest(failed), ["bye handler_ended"]);
    let left = eas.open("good.1");
    assert_eq!(eas.tick(left), "ok");
    eas.close(left);
    let replaced = eas.open("good.2");
    let stopped = eas.open("good.2");
    assert_eq!(eas.rest(replaced), ["bye replaced"]);
    assert_eq!(eas.tick(stopped), "ok");
    let (lines, summary) = parsed(server);
    let of = |event: &str, connection: u64| -> Vec<&Value> {
        let is_meant = |line: &&Value| line["event"] == event && line["connection"] == connection;
        lines.iter().filter(is_meant).collect()
    };
    let ticks = of("tick", 1);
    let error = &ticks[1]["error"];
    assert_eq!(error["code"], "handler_ended", "{ticks:?}");
    assert_eq!(names(error), ["code", "text"]);
    for (connection, bye) in [
        (1, json!("handler_ended")),
        (2, Value::Null),
        (3, json!("replaced")),
        (4, json!("shutting_down")),
    ] {
        let closed = of("session_closed", connection);
        assert_eq!(closed.len(), 1, "{connection}: {lines:?}");
        assert_eq!(closed[0]["bye"], bye, "{connection}");
        assert_eq!(closed[0].get("deinit"), None, "{connection}");
        assert_eq!(of("closed", connection).len(), 1, "{connection}: {lines:?}");
    }
    assert_eq!(summary["sessions"]["opened"], 4);
}
