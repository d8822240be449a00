//! `tickpipe serve watch`, with the library's EA double. It is of this process, so there is none under
//! Wine.

use serde_json::Value;
use tickpipe::Client;
use tickpipe::session::{
    AccountState, Bar, BarEvent, LogEntry, LogLevel, Money, OrderType, Price, Symbol, Timeframe,
    TradeEvent, TradeKind,
};
use tickpipe::testing::{EaDouble, Script};

use crate::host::{Server, is_wine, new_name, run, tickpipe};
#[cfg(unix)]
use crate::terminal::Terminal;

fn symbol() -> Symbol {
    Symbol::new("EURUSD").expect("it is a symbol")
}

fn connected(server: &Server) -> EaDouble {
    Script::new(&symbol(), 5).connect(&server.name).expect("the session opens")
}

/// Says one of everything.
fn say_all(ea: &mut EaDouble) {
    let price = |text: &str| text.parse::<Price>().expect("it is a price");
    let money = |text: &str| text.parse::<Money>().expect("it is money");
    let bar = Bar::new(1_699_999_980, price("1.1"), price("1.2"), price("1.0"), price("1.1"));
    let mut trade = TradeEvent::new(TradeKind::PositionOpen, symbol());
    trade.r#type = Some(OrderType::Buy);
    let account = AccountState::new(money("10.00"), money("9.00"), money("0.00"), money("9.00"));
    ea.prices("1.10000", "1.10012").expect("the tick is answered");
    ea.bar(&BarEvent::new(symbol(), Timeframe::M1, bar)).expect("it is sent");
    ea.trade(&trade).expect("it is sent");
    ea.account(&account).expect("it is sent");
    ea.log(&LogEntry::new(LogLevel::Warn, "\u{1b}[2J")).expect("it is sent");
    // Answered once all before it has been heard.
    ea.prices("1.10001", "1.10013").expect("the tick is answered");
    ea.leave().expect("it is sent");
}

#[test]
fn watch_prints_what_an_ea_says() {
    if is_wine() {
        return;
    }
    let mut server = Server::start(&["watch"]);
    say_all(&mut connected(&server));
    assert!(server.out.wait_for("#1  the EA left, reason 0").is_some(), "the end is printed");
    let ended = server.stop();
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.err);
    let (hello, rest) = ended.out.split_first().expect("lines are printed");
    assert!(hello.starts_with("#1  hello from TickPipe "), "{hello}");
    let want = [
        "#1  tick EURUSD 22:13:21.000 1.10000 1.10012",
        "#1  bar EURUSD M1 22:13 open 1.1 high 1.2 low 1.0 close 1.1, 1 tick",
        "#1  position_open EURUSD buy",
        "#1  balance 10.00, equity 9.00, margin 0.00, free 9.00",
        r"#1  warn: \u{1b}[2J",
        "#1  tick EURUSD 22:13:22.000 1.10001 1.10013",
    ];
    assert_eq!(rest, want);
    let said = "1 session, 2 ticks, 0 requests to EAs";
    assert!(ended.err.iter().any(|line| line == said), "{:?}", ended.err);
}

#[test]
fn watch_prints_objects_with_json() {
    if is_wine() {
        return;
    }
    let mut server = Server::start(&["--json", "watch"]);
    say_all(&mut connected(&server));
    assert!(server.out.wait_for("session_closed").is_some(), "the end is printed");
    let ended = server.stop();
    let objects: Vec<Value> =
        ended.out.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let events: Vec<_> = objects
        .iter()
        .filter_map(|object| object["event"].as_str())
        // The end of the connection may come before or after that of the session.
        .filter(|event| *event != "closed")
        .collect();
    let want =
        ["opened", "session_opened", "tick", "bar", "trade", "account", "log", "tick", "summary"];
    assert_eq!(events, want, "{:?}", ended.out);
    assert!(ended.out[2].contains(r#""bid":1.10000,"ask":1.10012"#), "{}", ended.out[2]);
}

/// A console that stands still stops no EA.
#[test]
fn watch_on_a_paused_console_answers_ticks() {
    if is_wine() {
        return;
    }
    let name = new_name();
    let (console, stdout) = std::io::pipe().expect("a pipe");
    let server = Server::start_command(&name, || {
        let mut command = tickpipe(&["serve", "--pipe", &name, "watch"]);
        command.stdout(stdout.try_clone().expect("a handle"));
        command
    });
    drop(stdout);
    let mut ea = connected(&server);
    for _ in 0..4_000 {
        ea.prices("1.10000", "1.10012").expect("the tick is answered");
    }
    drop(ea);
    let said = server.stop().err.join("\n");
    drop(console);
    assert!(said.contains("4000 ticks"), "{said}");
    assert!(said.contains("not printed, for the console was too slow"), "{said}");
}

#[test]
fn watch_has_no_line_mode() {
    let refused = run(&["serve", "watch", "--mode", "line", "--pipe", &new_name()], "");
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("`watch` shows sessions"), "{}", refused.err);
    if is_wine() {
        return;
    }
    let server = Server::start(&["watch"]);
    let mut ea = Client::connect(&server.name).expect("it connects");
    let answer = ea.ask("1.10000").expect("it is answered").expect_err("it is refused");
    assert_eq!(answer.to_string().split(':').next(), Some("session_required"), "{answer}");
}

/// Starts `watch` on a terminal, and waits for its table.
#[cfg(unix)]
fn on_terminal(name: &str, args: &[&str], columns: u16, rows: u16) -> Terminal {
    let mut command = tickpipe(&["serve", "--pipe", name]);
    command.args(args).arg("watch");
    let mut terminal = Terminal::start(command, columns, rows);
    terminal.wait_for("listening on ");
    terminal
}

/// A table stands on a terminal alone, whatever is logged meanwhile, and stays when all is over.
#[cfg(unix)]
#[test]
fn watch_on_a_terminal_is_a_table() {
    if is_wine() {
        return;
    }
    let name = new_name();
    let mut terminal = on_terminal(&name, &[], 80, 24);
    let title = "tickpipe serve watch: ";
    let times = |terminal: &Terminal| terminal.screen.text().matches(title).count();
    terminal.wait_for("no EA has opened a session yet");
    assert!(!terminal.screen.has_cursor);
    let ea = || Script::new(&symbol(), 5).connect(&name).expect("the session opens");
    say_all(&mut ea());
    terminal.wait_for("#1  the EA left, reason 0");
    terminal.wait_for("log WARN the EA says");
    assert_eq!(times(&terminal), 1, "{}", terminal.screen.text());
    for row in [
        " 1  5001234 demo  Double-Demo   ended       10.00 USD       9.00      0.00",
        " 1  EURUSD     1.10001   1.10013    12 pt        2  22:13:22.000     ",
        r"  #1  warn: \u{1b}[2J",
    ] {
        assert!(terminal.screen.text().contains(row), "{row}:\n{}", terminal.screen.text());
    }
    // The same EA comes again, to a larger terminal.
    let mut again = ea();
    terminal.resize(120, 40);
    terminal.wait_for(
        " 2  5001234 demo  Double-Demo   open        10.00 USD       9.00      0.00  mt5 ",
    );
    again.prices("1.20000", "1.20001").expect("the tick is answered");
    terminal.wait_for(" 2  EURUSD     1.20000   1.20001     1 pt        3 ");
    assert_eq!(times(&terminal), 1, "{}", terminal.screen.text());
    terminal.signal(rustix::process::Signal::INT);
    assert_eq!(terminal.ended().code(), Some(0));
    assert!(terminal.screen.has_cursor);
    assert_eq!(times(&terminal), 1, "{}", terminal.screen.text());
    let (before, table) = {
        let text = terminal.screen.text();
        let (before, table) = text.split_once(title).expect("it stands there");
        (before.to_owned(), table.to_owned())
    };
    assert!(before.contains(" WARN the EA says "), "what was logged is kept: {before}");
    assert!(table.starts_with("0 of 2 sessions open, 3 ticks\n"), "{table}");
    let said = "#2  session ended: shutting_down\n2 connections, 1 error\n";
    assert!(table.contains(said), "{table}");
    assert!(table.contains("\n2 sessions, 3 ticks, 0 requests to EAs\n"), "{table}");
}

/// However soon the second signal comes, the cursor is there afterwards.
#[cfg(unix)]
#[test]
fn watch_gives_the_cursor_back_at_two_signals() {
    if is_wine() {
        return;
    }
    let name = new_name();
    let mut terminal = on_terminal(&name, &[], 80, 12);
    let ea = Script::new(&symbol(), 5).connect(&name).expect("the session opens");
    terminal.wait_for("1 of 1 session open");
    assert!(!terminal.screen.has_cursor);
    terminal.signal(rustix::process::Signal::INT);
    terminal.signal(rustix::process::Signal::TERM);
    let code = terminal.ended().code();
    assert!(matches!(code, Some(0 | 130)), "{code:?}");
    assert!(terminal.screen.has_cursor);
    drop(ea);
}

/// Where a table has no room, or something else is wanted, lines come as ever.
#[cfg(unix)]
#[test]
fn watch_on_a_small_terminal_is_lines() {
    if is_wine() {
        return;
    }
    for (args, columns, rows) in
        [(&[][..], 79, 24), (&[], 80, 11), (&["-v"], 80, 24), (&["--json"], 80, 24)]
    {
        let name = new_name();
        let mut terminal = on_terminal(&name, args, columns, rows);
        let mut ea = Script::new(&symbol(), 5).connect(&name).expect("the session opens");
        ea.leave().expect("it is sent");
        let left = if args == ["--json"] { "session_closed" } else { "#1  the EA left, reason 0" };
        terminal.wait_for(left);
        assert!(terminal.screen.has_cursor, "{args:?}");
        assert!(!terminal.screen.text().contains("serve watch: "), "{args:?}");
        terminal.signal(rustix::process::Signal::INT);
        assert_eq!(terminal.ended().code(), Some(0));
    }
}
