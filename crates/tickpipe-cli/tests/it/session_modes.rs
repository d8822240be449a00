//! Which way a connection talks, and how long a session may be silent.

use serde_json::json;

use crate::ea::Ea;
use crate::host::{Server, handler, new_name, run, tickpipe};
use crate::session_ea::{SessionEas, hello, tick_params};

/// What the answer to a good hello begins with.
const WELCOME: &str = r#"{"jsonrpc":"2.0","id":1,"result":{"protocol":1,"#;

/// Serves a program for both modes.
fn serve(mode: &str) -> Server {
    let handler = handler();
    let options = ["--quiet", "--mode", mode, "--handler-deadline-ms", "20000"];
    Server::start(&[&options[..], &["exec", "--", &handler, "session"]].concat())
}

/// Sends a line as the first of a new connection, and further ones; each reply has to begin so.
#[track_caller]
fn check(server: &Server, lines: &[(&str, &str)]) {
    let mut ea = Ea::connected(&server.path);
    for (line, want) in lines {
        ea.check(&format!(r"write 0 {line}\n"), "ok");
        let got = ea.ask("line 0").replace(r"\s", " ");
        let got = got.strip_prefix("line ").unwrap_or(&got);
        assert!(got.starts_with(want), "{line}: found {got}, expected {want}");
    }
}

#[test]
fn the_first_line_decides() {
    let server = serve("auto");
    let hello = hello("any");
    let ping = r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#;
    let pong = r#"{"jsonrpc":"2.0","id":2,"result":{}}"#;
    // From then on there is no other way.
    let refused = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"#;
    check(&server, &[(&hello, WELCOME), ("1.1", refused), (ping, pong)]);
    check(&server, &[("1.1", r"1.1\r\n"), (&hello, &format!(r"{hello}\r\n")), (ping, ping)]);
    // An empty line decides nothing, nor does a mark or a blank.
    check(&server, &[("", "ERR empty "), (r"\r", "ERR empty "), (&hello, WELCOME)]);
    check(&server, &[("", "ERR empty "), ("1.1", r"1.1\r\n")]);
    check(&server, &[(&format!(r"\xef\xbb\xbf{hello}"), WELCOME), (ping, pong)]);
    check(&server, &[(&format!(r"\s\t{hello}\r"), WELCOME), (ping, pong)]);
    // What only looks like it is a line of text.
    for line in [
        r#"{"jsonrpc":"1.0","id":1,"method":"hello"}"#,
        r#"{"jsonrpc":2.0,"id":1,"method":"hello"}"#,
        r#"{"id":1,"method":"hello"}"#,
        r#"{"params":{"jsonrpc":"2.0"}}"#,
        r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"ping""#,
        r#""jsonrpc""#,
    ] {
        check(&server, &[(line, &format!(r"{line}\r\n")), (ping, ping)]);
    }
    // It is session mode, but there is no session yet.
    let required = r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32000,"#;
    check(&server, &[(r#"{"jsonrpc":"2.0","id":2,"method":"symbols"}"#, required)]);
}

#[test]
fn a_mode_that_was_named_decides_instead() {
    let hello = hello("any");
    let lines = serve("line");
    check(&lines, &[(&hello, &format!(r"{hello}\r\n")), ("1.1", r"1.1\r\n")]);
    let sessions = serve("session");
    let refused = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"#;
    let empty = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"#;
    check(&sessions, &[("1.1", refused), ("", empty), (&hello, WELCOME)]);
    check(&sessions, &[(&hello, WELCOME)]);
    // A line too many before it.
    let mut eas = SessionEas::new(&sessions.path);
    let slot = eas.connect();
    for _ in 0..3 {
        eas.write(slot, "1.1");
        eas.expect(slot, "null invalid_request");
    }
    assert_eq!(eas.rest(slot), ["bye hello_required"]);
}

#[test]
fn a_mode_that_a_handler_lacks_is_refused_by_name() {
    let pipe = new_name();
    for (args, said) in [
        (&["--mode", "session", "double"][..], "`--mode session` is for `exec` and `watch`"),
        (&["--mode", "session", "echo"], "`--mode session` is for `exec` and `watch`"),
        (&["--mode", "line", "watch"], "`--mode line` has none of"),
        (&["--mode", "both", "double"], "possible values: auto, line, session"),
    ] {
        let refused = run(&[&["serve", "--pipe", &pipe], args].concat(), "");
        assert_eq!(refused.code, Some(2), "{args:?}: {}", refused.err);
        assert!(refused.err.contains(said), "{args:?}: {}", refused.err);
    }
}

/// A server started by a program of `exec` finds that program's mode in its environment, which says
/// nothing about its own.
#[test]
fn the_mode_is_no_setting_of_the_environment() {
    let name = new_name();
    let server = Server::start_command(&name, || {
        let mut command = tickpipe(&["serve", "--quiet", "--pipe", &name, "double"]);
        command.env("TICKPIPE_MODE", "session");
        command
    });
    check(&server, &[("1.1", r"2.200\r\n")]);
    let handler = handler();
    let server = Server::start(&["--quiet", "exec", "--", &handler, "environment"]);
    check(&server, &[("TICKPIPE_MODE", r"line\r\n")]);
}

#[test]
fn heartbeat_and_silence_have_bounds() {
    for (args, said) in [
        (
            ["--heartbeat-ms", "0"],
            "heartbeat in ms of 0 is out of range, allowed are 1 to 86400000",
        ),
        (["--silence-ms", "86400001"], "silence in ms of 86400001 is out of range"),
        (["--heartbeat-ms", "15000"], "silence of 15000 ms is no longer than the heartbeat"),
        (["--silence-ms", "5000"], "silence of 5000 ms is no longer than the heartbeat of 5000 ms"),
        (["--heartbeat-ms", "-1"], "unexpected argument"),
        (["--silence-ms", "1.5"], "invalid value '1.5'"),
    ] {
        let refused = run(&[&["serve", "--pipe", &new_name()], &args[..], &["echo"]].concat(), "");
        assert_eq!(refused.code, Some(2), "{args:?}: {}", refused.err);
        assert!(refused.err.contains(said), "{args:?}: {}", refused.err);
    }
}

/// What was named holds, and the EA is told of it.
#[test]
fn heartbeat_and_silence_are_kept() {
    let handler = handler();
    let options = ["--json", "--heartbeat-ms", "200", "--silence-ms", "1500"];
    let server = Server::start(&[&options[..], &["exec", "--", &handler, "session"]].concat());
    let mut eas = SessionEas::new(&server.path);
    let slot = eas.connect();
    eas.write(slot, &hello("silent"));
    let welcome = eas.expect(slot, "1 ok");
    assert_eq!(welcome["result"]["heartbeat_ms"], 200, "{welcome}");
    assert_eq!(welcome["result"]["silence_ms"], 1500, "{welcome}");
    // While it answers pings it may be silent for longer than that.
    for _ in 0..10 {
        let ping = eas.expect(slot, "ping");
        eas.answer(slot, &ping, &json!({}));
    }
    let said = eas.rest(slot);
    let (bye, pings) = said.split_last().expect("something is said");
    assert_eq!(bye, "bye silence", "{pings:?}");
    assert!(!pings.is_empty() && pings.iter().all(|said| said == "ping"), "{pings:?}");
    // It comes again, and is served.
    let slot = eas.open("good");
    eas.begin(slot, "tick", &tick_params());
    eas.close(slot);
    assert_eq!(server.summary()["sessions"]["opened"], 2);
}
