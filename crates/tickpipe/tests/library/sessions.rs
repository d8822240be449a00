//! Sessions over real pipes and sockets, by an EA that writes its lines by hand.

mod ea;

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tickpipe::session::{Context, Hello, StopReason, Strategy, StrategyError, Tick};
use tickpipe::{Endpoint, Mode, Peer, ServerConfig, SessionTap, Tap, TapEvent, Token, echo};

use self::ea::Ea;
use crate::support::{Gate, LIMIT, Running, start_server};

/// What a test's strategy does with a tick.
type OnTick = Arc<dyn Fn(&Tick) -> Result<(), StrategyError> + Send + Sync>;

struct Scripted {
    on_tick: OnTick,
    stops: Arc<Mutex<Vec<StopReason>>>,
}

impl Strategy for Scripted {
    fn on_tick(&mut self, _context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        (self.on_tick)(tick)
    }

    fn on_stop(&mut self, _context: &mut Context<'_>, reason: &StopReason) {
        self.stops.lock().unwrap().push(reason.clone());
    }
}

/// A server of sessions, and why its strategies stopped.
struct Rig {
    server: Running,
    stops: Arc<Mutex<Vec<StopReason>>>,
}

fn start(
    config: ServerConfig,
    on_tick: impl Fn(&Tick) -> Result<(), StrategyError> + Send + Sync + 'static,
) -> Rig {
    let (on_tick, stops): (OnTick, _) = (Arc::new(on_tick), Arc::default());
    let make = {
        let stops = Arc::clone(&stops);
        move |_: &Hello, _: &Peer| Scripted {
            on_tick: Arc::clone(&on_tick),
            stops: Arc::clone(&stops),
        }
    };
    Rig { server: start_server(config, |server| server.serve_strategy(make)), stops }
}

impl Rig {
    fn open(&self, instance: &str) -> Ea {
        let mut ea = Ea::new(self.server.raw_client());
        ea.hello(instance);
        ea
    }
}

#[test]
fn a_strategy_answers_ticks() {
    let rig = start(ServerConfig::default(), |_| Ok(()));
    let mut ea = rig.open("one");
    for id in 1..=100 {
        ea.tick(id);
        ea.expect(&format!(r#""id":{id},"result":{{}}"#));
    }
    ea.send(r#"{"jsonrpc":"2.0","method":"deinit","params":{"reason":1}}"#);
    assert_eq!(ea.line(), "");
    let stops = Arc::clone(&rig.stops);
    let summary = rig.server.stop();
    assert_eq!((summary.connections, summary.sessions, summary.ticks), (1, 1, 100));
    assert!(matches!(stops.lock().unwrap().as_slice(), [StopReason::Deinit(_)]), "{stops:?}");
}

#[test]
fn the_first_line_decides() {
    let both = start_server(ServerConfig::default(), |server| {
        server.serve_both(|_: &Peer| echo, |_: &Hello, _: &Peer| Idle)
    });
    let mut line = Ea::new(both.raw_client());
    line.send("1.1");
    line.expect("1.1");
    let mut session = Ea::new(both.raw_client());
    session.send("\r");
    session.expect("ERR empty ");
    session.hello("one");
    session.tick(1);
    session.expect(r#""id":1,"result":{}"#);
    // In line mode JSON is text.
    line.send(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
    line.expect(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
    let summary = both.stop();
    assert_eq!((summary.exchanges, summary.sessions), (3, 1));
}

#[test]
fn a_server_of_sessions_tells_an_ea_of_lines_so() {
    let rig = start(ServerConfig::default(), |_| Ok(()));
    let mut ea = Ea::new(rig.server.raw_client());
    for _ in 0..2 {
        ea.send("1.10000000");
        ea.expect("ERR session_required ");
    }
    rig.server.stop();
}

#[test]
fn the_mode_decides_in_place_of_the_first_line() {
    let rig = start(ServerConfig::default().with_mode(Mode::Session), |_| Ok(()));
    let mut ea = Ea::new(rig.server.raw_client());
    ea.send("1.10000000");
    ea.expect("invalid_request");
    ea.hello("one");
    rig.server.stop();
    let line = start_server(ServerConfig::default().with_mode(Mode::Line), |server| {
        server.serve_both(|_: &Peer| echo, |_: &Hello, _: &Peer| Idle)
    });
    let mut ea = Ea::new(line.raw_client());
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    ea.send(ping);
    ea.expect(ping);
    line.stop();
}

/// Hears everything and does nothing.
struct Idle;

impl Strategy for Idle {}

#[test]
fn an_ea_that_comes_again_takes_the_place_of_its_old_connection() {
    let rig = start(ServerConfig::default(), |_| Ok(()));
    let mut old = rig.open("one");
    let mut other = rig.open("two");
    let mut new = rig.open("one");
    let bye = old.expect(r#""method":"bye""#);
    assert!(bye.contains("replaced"), "{bye}");
    assert_eq!(old.line(), "");
    for ea in [&mut new, &mut other] {
        ea.tick(1);
        ea.expect(r#""id":1,"result":{}"#);
    }
    drop((new, other));
    rig.server.stop();
}

#[test]
fn a_late_strategy_costs_its_tick_and_pings_go_on() {
    let gate = Gate::default();
    let config = ServerConfig::default().with_handler_deadline(Duration::from_millis(100));
    let rig = start(config, {
        let gate = gate.clone();
        let count = AtomicU32::new(0);
        move |_| {
            if count.fetch_add(1, Ordering::Relaxed) == 0 {
                gate.pass();
            }
            Ok(())
        }
    });
    let mut ea = rig.open("one");
    ea.tick(1);
    gate.wait_for(1);
    ea.expect("handler_timeout");
    ea.send(r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#);
    ea.expect(r#""id":2,"result":{}"#);
    ea.tick(3);
    ea.expect("handler_timeout");
    gate.open();
    ea.tick(4);
    // The strategy may just be at the late tick still.
    let line = ea.line();
    assert!(line.contains(r#""id":4,"#), "{line}");
    drop(ea);
    let summary = rig.server.stop();
    assert!(summary.late_ticks >= 2, "{summary:?}");
}

#[test]
fn a_panic_ends_its_session_and_no_other() {
    let rig = start(ServerConfig::default(), |tick| {
        assert!(tick.seq != Some(7), "by design");
        Ok(())
    });
    let (mut bad, mut good) = (rig.open("one"), rig.open("two"));
    bad.send(&ea::tick_line(1).replace(r#""bid""#, r#""seq":7,"bid""#));
    bad.expect("handler_panic");
    bad.expect(r#""method":"bye""#);
    assert_eq!(bad.line(), "");
    good.tick(1);
    good.expect(r#""id":1,"result":{}"#);
    drop(good);
    let summary = rig.server.stop();
    let code = tickpipe::ErrorCode::HandlerPanic;
    assert!(summary.errors.contains(&(code, 1)), "{summary:?}");
}

#[test]
fn a_stop_tells_idle_and_working_strategies_and_leaves_a_stuck_one_behind() {
    let gate = Gate::default();
    let config = ServerConfig::default()
        .with_stop_deadline(Duration::from_millis(800))
        .without_handler_deadline();
    let rig = start(config, {
        let gate = gate.clone();
        move |_| {
            gate.pass();
            Ok(())
        }
    });
    let (mut idle, mut stuck) = (rig.open("one"), rig.open("two"));
    stuck.tick(1);
    gate.wait_for(1);
    let stops = Arc::clone(&rig.stops);
    rig.server.begin_stop();
    let bye = idle.expect(r#""method":"bye""#);
    assert!(bye.contains("shutting_down"), "{bye}");
    assert_eq!(idle.line(), "");
    let error = stuck.expect(r#""id":1,"error""#);
    assert!(error.contains("shutting_down"), "{error}");
    stuck.expect(r#""method":"bye""#);
    assert_eq!(stuck.line(), "");
    let summary = rig.server.stop();
    assert_eq!(summary.abandoned, 1);
    assert_eq!(*stops.lock().unwrap(), [StopReason::ServerStopping]);
    gate.open();
}

#[test]
fn the_tap_tells_what_happens_in_a_session() {
    let (tap, events) = Tap::new(64);
    let rig = start(ServerConfig::default().with_tap(tap), |_| Ok(()));
    let mut ea = rig.open("one");
    ea.tick(1);
    ea.expect(r#""id":1,"result":{}"#);
    ea.send(r#"{"jsonrpc":"2.0","method":"log","params":{"level":"warn","text":"careful"}}"#);
    ea.send(r#"{"jsonrpc":"2.0","method":"deinit","params":{"reason":1}}"#);
    assert_eq!(ea.line(), "");
    rig.server.stop();
    assert_eq!(told(&events), ["opened", "hello one", "tick true", "log careful", "closed"]);
}

/// Returns what a tap told, but for the end of the connection, which comes when it likes.
fn told(events: &Receiver<TapEvent>) -> Vec<String> {
    let short = |event| match event {
        TapEvent::Opened { .. } => Some("opened".to_owned()),
        TapEvent::Session { event, .. } => Some(match event {
            SessionTap::Opened(hello) => format!("hello {}", hello.instance),
            SessionTap::Tick { result, .. } => format!("tick {}", result.is_ok()),
            SessionTap::Log(entry) => format!("log {}", entry.text),
            SessionTap::Closed(_) => "closed".to_owned(),
            other @ (SessionTap::Account(_)
            | SessionTap::Bar(_)
            | SessionTap::Gap { .. }
            | SessionTap::Order { .. }
            | SessionTap::Trade(_)
            | _) => format!("{other:?}"),
        }),
        TapEvent::Closed { .. } | TapEvent::Exchange { .. } | _ => None,
    };
    events.iter().filter_map(short).collect()
}

#[test]
fn a_session_may_come_over_tcp() {
    let digits = "0123456789abcdef".repeat(4);
    let token = Token::from_digits(&digits).unwrap();
    let config =
        ServerConfig::default().with_listen(Endpoint::loopback("127.0.0.1:0").unwrap(), token);
    let rig = start(config, |_| Ok(()));
    let mut ea = Ea::new(TcpStream::connect(rig.server.tcp_address()).unwrap());
    ea.send(&digits);
    ea.expect("OK");
    ea.hello("one");
    ea.tick(1);
    ea.expect(r#""id":1,"result":{}"#);
    // What it sends while the server ends the session does not cost it the last line.
    rig.server.begin_stop();
    for id in 2..20 {
        ea.tick(id);
    }
    let mut line = ea.line();
    while line.contains(r#""id""#) {
        line = ea.line();
    }
    assert!(line.contains("shutting_down"), "{line}");
    rig.server.stop();
}

#[test]
fn an_ea_may_leave_at_every_moment() {
    let rig = start(ServerConfig::default(), |_| Ok(()));
    let lines = format!("{}\n{}\n", ea::hello_line("one"), ea::tick_line(1));
    for len in (0..lines.len()).step_by(29) {
        let mut wire = rig.server.raw_client();
        wire.write_all(lines.split_at(len).0.as_bytes()).unwrap();
        drop(wire);
    }
    let mut ea = rig.open("two");
    ea.tick(1);
    ea.expect(r#""id":1,"result":{}"#);
    drop(ea);
    rig.server.stop();
}

#[test]
fn a_session_over_the_limit_of_connections_is_told_so() {
    let rig = start(ServerConfig::default().with_connections_max(1), |_| Ok(()));
    let first = rig.open("one");
    let mut second = Ea::new(rig.server.raw_client());
    second.send(&ea::hello_line("two"));
    let bye = second.expect(r#""method":"bye""#);
    assert!(bye.contains("busy"), "{bye}");
    assert_eq!(second.line(), "");
    drop(first);
    rig.server.stop();
}

#[test]
fn strategies_that_come_and_go_leave_nothing() {
    let (made, gone) = channel();
    struct Counted(std::sync::mpsc::Sender<()>);
    impl Strategy for Counted {}
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.send(()).unwrap();
        }
    }
    let made = Mutex::new(made);
    // A place is free a moment after its strategy is gone.
    let server = start_server(ServerConfig::default().with_connections_max(8), |server| {
        server.serve_strategy(move |_: &Hello, _: &Peer| Counted(made.lock().unwrap().clone()))
    });
    for _ in 0..50 {
        let mut ea = Ea::new(server.raw_client());
        ea.hello("one");
        drop(ea);
        gone.recv_timeout(LIMIT).unwrap();
    }
    assert_eq!(server.stop().sessions, 50);
}
