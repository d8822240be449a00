//! Programs that trade for an EA, well-mannered and not.

mod child;
mod hostile;
mod orders;
mod stop;

use std::time::{Duration, Instant};

use tickpipe::session::{AskKind, BarEvent, Price, Symbol, Tick, Timeframe};
use tickpipe::testing::{Ask, EaDouble, Fault, Response, Script};
use tickpipe::{ErrorCode, ErrorKind, ServerConfig};

use self::child::{Rig, SHORT, rig, rig_with};
use crate::support::LIMIT;

fn symbol() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

fn script() -> Script {
    Script::new(&symbol(), 5).limit(LIMIT)
}

fn tick() -> Tick {
    let price = |text: &str| text.parse::<Price>().unwrap();
    Tick::new(symbol(), 1_700_000_000_000, price("1.10000"), price("1.10012"))
}

/// Returns what came of a tick: nothing, or the word of its error.
fn sent(ea: &mut EaDouble) -> &'static str {
    let Err(error) = ea.prices("1.10000", "1.10012") else { return "" };
    let ErrorKind::Ask(code) = error.kind() else { panic!("{error:?}") };
    code.as_str()
}

/// Returns what the program showed on the chart.
fn comments(ea: &EaDouble) -> Vec<String> {
    let comment =
        |ask: &Ask| if let Ask::Comment { text } = ask { Some(text.clone()) } else { None };
    ea.asked().iter().filter_map(comment).collect()
}

/// Plays until the program has shown so much.
fn serve_comments(ea: &mut EaDouble, count: usize) -> Vec<String> {
    ea.serve_until(|ea| comments(ea).len() >= count).unwrap();
    comments(ea)
}

#[test]
fn a_program_hears_what_the_ea_says() {
    let rig = rig(r#"
hello = receive()
say(hello["method"], "id" in hello, hello["params"]["instance"], os.environ["TICKPIPE_MODE"])
for message in messages():
    params = message["params"]
    say(message["method"], "id" in message, params.get("bid", params.get("close")))
    answer(message)
"#);
    let mut ea = rig.connect(script().hello(|hello| "one".clone_into(&mut hello.instance)));
    ea.prices("1.10000", "1.10012").unwrap();
    let price = |text: &str| text.parse::<Price>().unwrap();
    ea.stream_tick(tick()).unwrap();
    let low = price("1.09990");
    let bar = tickpipe::session::Bar::new(0, low, price("1.10001"), low, low);
    ea.bar(&BarEvent::new(symbol(), Timeframe::M1, bar)).unwrap();
    let want = ["hello False one session", "tick True 1.10000", "tick False 1.10000"];
    let heard = serve_comments(&mut ea, 4);
    assert_eq!(heard[..3], want);
    assert_eq!(heard[3], "bar False 1.09990");
    ea.leave().unwrap();
    let (summary, programs) = rig.stop();
    assert_eq!((summary.sessions, summary.ticks), (1, 2));
    assert_eq!((programs.started, programs.ended, programs.replaced), (1, 0, 0));
}

#[test]
fn one_server_has_programs_for_both_modes() {
    let rig = rig(r#"
if os.environ["TICKPIPE_MODE"] == "line":
    for line in sys.stdin:
        print("line", line.strip(), flush=True)
for message in messages():
    answer(message)
"#);
    let mut line = rig.client();
    assert_eq!(line.ask("1.1").unwrap().as_deref(), Ok("line 1.1"));
    let mut ea = rig.connect(script());
    assert_eq!(sent(&mut ea), "");
    assert_eq!(line.ask("1.2").unwrap().as_deref(), Ok("line 1.2"));
    ea.leave().unwrap();
    drop(line);
    let (_, programs) = rig.stop();
    assert_eq!(programs.started, 2);
}

#[test]
fn a_program_asks_under_ids_of_its_own() {
    let rig = rig(r#"
for id in (7, 0, 9007199254740991, "seven", "\u00e4"):
    send(id=id, method="comment", params={"text": "x"})
ids = [receive_answer()["id"] for _ in range(5)]
say(sorted(map(str, ids)))
for message in messages():
    answer(message)
"#);
    let mut ea = rig.connect(script());
    let said = serve_comments(&mut ea, 6).pop().unwrap();
    assert_eq!(said, "['0', '7', '9007199254740991', 'seven', 'ä']");
    // Its requests and our ticks may have the same numbers.
    assert_eq!([sent(&mut ea), sent(&mut ea)], ["", ""]);
    ea.leave().unwrap();
    rig.stop();
}

/// While the program waits inside a tick, its EA serves it; while an answer is out, its ticks go on.
#[test]
fn requests_and_ticks_do_not_wait_for_each_other() {
    let rig = rig(r#"
send(id="slow", method="account_info")
for message in messages():
    if message.get("method") == "tick":
        say(message["params"]["seq"])
    answer(message)
"#);
    let script = script().answer(AskKind::AccountInfo, |_| Response::Silence);
    let mut ea = rig.connect(script);
    assert_eq!([sent(&mut ea), sent(&mut ea), sent(&mut ea)], ["", "", ""]);
    assert_eq!(serve_comments(&mut ea, 3), ["1", "2", "3"]);
    ea.leave().unwrap();
    rig.stop();
}

#[test]
fn what_a_program_asks_wrongly_it_is_told() {
    let rig = rig(r#"
def code(**message):
    send(**message)
    return receive_answer().get("error", {}).get("data", {}).get("code", "none")
codes = [
    code(id=1, method="dance"),
    code(id=2, method="hello"),
    code(id=3, method="tick", params={}),
    code(id=4, method="comment", params={}),
    code(id=5, method="comment", params=["text"]),
    code(id=6, method="order_send", params={"action": "market"}),
    code(id=7, method="order_send", params={"action": "delete", "ticket": "5", "volume": 1}),
    code(id=8, method="symbol_info", params={"symbol": "NONE"}),
    code(id=9, method="alert", params={"text": "x"}),
    code(id=10, method="ping"),
]
send(id=11, method="account_info")
codes.append(code(id=11, method="account_info"))
say(*codes)
for message in messages():
    answer(message)
"#);
    let script = script()
        .hello(|hello| hello.capabilities.retain(|kind| *kind != AskKind::Alert))
        .answer(AskKind::AccountInfo, |_| Response::Silence);
    let mut ea = rig.connect(script);
    let want = "unknown_method unknown_method unknown_method invalid_params invalid_params \
                invalid_params invalid_params unknown_symbol unsupported none duplicate_id";
    assert_eq!(serve_comments(&mut ea, 1), [want]);
    assert!(ea.orders_sent().is_empty());
    assert_eq!(sent(&mut ea), "");
    ea.leave().unwrap();
    rig.stop();
}

/// The session goes on, whatever is printed beside its messages.
#[test]
fn what_is_no_message_is_dropped_and_counted() {
    let rig = rig(r#"
print("hello, world", flush=True)
print("", flush=True)
sys.stdout.buffer.write(b"\xff\xfe\n" + b"x" * 70000 + b"\n")
send(method="comment", params={"text": "without an id"})
send(id=99, result={})
send(jsonrpc="1.0", id=None, result={})
for message in messages():
    if message.get("method") == "tick":
        answer(message)
        answer(message)
"#);
    let mut ea = rig.connect(script());
    assert_eq!([sent(&mut ea), sent(&mut ea)], ["", ""]);
    assert_eq!(comments(&ea), Vec::<String>::new());
    ea.leave().unwrap();
    let (_, programs) = rig.stop();
    assert_eq!((programs.unasked_lines, programs.late_answers), (7 + 2, 0));
}

#[test]
fn a_hundred_requests_are_answered_or_refused() {
    let rig = rig(r#"
for id in range(100):
    send(id=id, method="symbol_tick", params={"symbol": "EURUSD"})
codes = {}
for id in range(100):
    code = receive_answer().get("error", {}).get("data", {}).get("code", "answered")
    codes[code] = codes.get(code, 0) + 1
say(sorted(codes.items()))
for message in messages():
    answer(message)
"#);
    let mut ea = rig.connect(script().answer(AskKind::SymbolTick, |_| Response::Silence));
    let said = serve_comments(&mut ea, 1);
    assert_eq!(said, ["[('request_timeout', 64), ('too_many_requests', 36)]"]);
    assert_eq!(sent(&mut ea), "");
    ea.leave().unwrap();
    rig.stop();
}

#[test]
fn an_error_of_a_program_is_the_ticks() {
    let rig = rig(r#"
for message in messages():
    if "id" in message:
        error = {"code": 1, "message": "no \u20ac"}
        send(id=message["id"], error=error)
"#);
    let mut ea = rig.connect(script());
    let error = ea.prices("1.10000", "1.10012").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ask(ErrorCode::HandlerFailed));
    assert!(error.to_string().contains("no €"), "{error}");
    assert_eq!(sent(&mut ea), "handler_failed");
    ea.leave().unwrap();
    rig.stop();
}

#[test]
fn late_answers_are_dropped_and_the_third_ends_the_session() {
    let rig = rig_with(
        SHORT,
        r#"
say("here")
seen = 0
for message in messages():
    if message.get("method") == "tick":
        seen += 1
        if seen in (2, 4, 5, 6):
            time.sleep(0.6)
        answer(message)
"#,
    );
    let mut ea = rig.connect(script());
    serve_comments(&mut ea, 1);
    let codes: Vec<_> = (0..3).map(|_| sent(&mut ea)).collect();
    assert_eq!(codes[..2], ["", "handler_timeout"]);
    // The third comes while the program may be at the second still.
    assert!(["", "handler_timeout"].contains(&codes[2]), "{codes:?}");
    let mut codes = Vec::new();
    while codes.last() != Some(&"handler_ended") {
        codes.push(sent(&mut ea));
        assert!(codes.len() < 10, "{codes:?}");
    }
    // It may be the tick's answer, which comes before.
    drop(ea.serve_until(|_| false));
    let bye = ea.bye().expect("it says why");
    assert_eq!(bye.code, "handler_ended");
    assert!(bye.message.contains("gave no answer in time"), "{bye}");
    let (_, programs) = rig.stop();
    assert_eq!((programs.started, programs.replaced), (1, 1));
    assert!(programs.late_answers >= 1, "{programs:?}");
}

/// A program that never answers is told apart from one that is loading.
#[test]
fn a_silent_program_is_ended_once_it_had_its_time_to_start() {
    let rig = rig_with(SHORT.with_start_limit(Duration::from_millis(1500)), "messages_forever()");
    let mut ea = rig.connect(script());
    let begun_at = Instant::now();
    let mut codes = Vec::new();
    while codes.last() != Some(&"handler_ended") {
        codes.push(sent(&mut ea));
    }
    assert!(begun_at.elapsed() >= Duration::from_millis(1500), "{codes:?}");
    assert!(codes.len() >= 3, "{codes:?}");
    rig.stop();
}

#[test]
fn a_program_that_ends_takes_its_session_with_it_and_the_next_one_waits() {
    let rig = rig("sys.exit(3)");
    let mut ends = Vec::new();
    let begun_at = Instant::now();
    while !(ends.contains(&"handler_ended".to_owned())
        && ends.contains(&"handler_unavailable".to_owned()))
    {
        assert!(begun_at.elapsed() < LIMIT, "{ends:?}");
        match script().connect(rig.name()) {
            Ok(mut ea) => {
                // It has nothing to wait for.
                let error = ea.serve_until(|_| false).unwrap_err();
                let bye = ea.bye().unwrap_or_else(|| panic!("{error:?}"));
                if bye.code == "handler_ended" {
                    assert!(bye.message.contains("exit status: 3"), "{bye}");
                } else {
                    assert!(bye.message.contains("it is started again in"), "{bye}");
                }
                ends.push(bye.code.clone());
            }
            Err(error) => ends.push(error.code().to_owned()),
        }
    }
    let (_, programs) = rig.stop();
    assert_eq!(programs.ended, programs.started);
}

#[test]
fn a_program_that_ends_at_a_tick_says_so_to_the_tick() {
    let rig = rig("receive(); receive(); sys.exit(4)");
    let mut ea = rig.connect(script());
    let error = ea.prices("1.10000", "1.10012").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ask(ErrorCode::HandlerEnded));
    assert!(error.to_string().contains("exit status: 4"), "{error}");
    assert!(ea.serve_until(|_| false).is_err());
    assert_eq!(ea.bye().unwrap().code, "handler_ended");
    rig.stop();
}

#[test]
fn a_program_that_cannot_be_started_is_told_of() {
    let rig = Rig::of("no-such-program", ServerConfig::default());
    let mut ea = rig.connect(script());
    assert!(ea.serve_until(|_| false).is_err());
    let bye = ea.bye().unwrap();
    assert_eq!(bye.code, "handler_unavailable");
    assert!(bye.message.contains("`no-such-program` cannot be started"), "{bye}");
    rig.stop();
}

#[test]
fn a_program_that_prints_without_end_is_ended() {
    let rig = rig("receive()\nwhile True:\n    print('x' * 1000)");
    let mut ea = rig.connect(script());
    assert!(ea.serve_until(|_| false).is_err());
    let bye = ea.bye().unwrap();
    assert!(bye.message.contains("printed without end"), "{bye}");
    let (_, programs) = rig.stop();
    assert_eq!(programs.replaced, 1);
}

/// One that asks without end and reads no answer cannot fill the memory either.
#[test]
fn a_program_that_never_reads_is_ended() {
    let rig = rig("time.sleep(3600)");
    let mut ea = rig.connect(script());
    let begun_at = Instant::now();
    // More than its pipe holds; what is dropped of it is by the rule for ticks.
    while ea.bye().is_none() {
        if ea.stream_tick(tick()).is_err() {
            drop(ea.serve_until(|_| false));
            break;
        }
        assert!(begun_at.elapsed() < LIMIT);
        std::thread::sleep(Duration::from_millis(1));
    }
    let bye = ea.bye().expect("it says why");
    assert!(bye.message.contains("did not read its input"), "{bye}");
    let (_, programs) = rig.stop();
    assert_eq!(programs.replaced, 1);
}

/// What it started holds its stdout, so its end is not to be seen there.
#[test]
fn a_program_that_leaves_something_behind_is_missed_all_the_same() {
    let rig = rig("import subprocess\nsubprocess.Popen(['sleep', '3600'])\nsys.exit(0)");
    let mut ea = rig.connect(script());
    assert!(ea.serve_until(|_| false).is_err());
    assert_eq!(ea.bye().unwrap().code, "handler_ended");
    rig.stop();
}

#[test]
fn what_the_ea_refuses_the_program_is_told_with_all_it_said() {
    let rig = rig(r#"
send(id=1, method="account_info")
error = receive_answer()["error"]
say(error["data"]["code"], error["data"]["retryable"], error["data"]["terminal_error"], error["message"])
for message in messages():
    answer(message)
"#);
    let script = script().answer(AskKind::AccountInfo, |_| {
        let mut fault = Fault::new(ErrorCode::TerminalError, "not now");
        (fault.is_retryable, fault.terminal_error) = (true, Some(4756));
        Response::Fault(fault)
    });
    let mut ea = rig.connect(script);
    assert_eq!(serve_comments(&mut ea, 1), ["terminal_error True 4756 not now"]);
    ea.leave().unwrap();
    rig.stop();
}
