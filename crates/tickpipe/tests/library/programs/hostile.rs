//! Programs that mean harm, or might as well.

use std::time::{Duration, Instant};

use tickpipe::ErrorCode;
use tickpipe::testing::EaDouble;

use super::child::{SHORT, rig, rig_with};
use super::{script, sent, serve_comments, tick};
use crate::support::LIMIT;

/// Waits for the end of a session, and returns the text of its `bye`.
fn end(ea: &mut EaDouble) -> String {
    assert!(ea.serve_until(|_| false).is_err());
    let bye = ea.bye().expect("it says why");
    assert_eq!(bye.code, "handler_ended");
    bye.message.clone()
}

/// What has no end is no line, and so is never whole.
#[test]
fn a_line_without_end_is_printing_without_end() {
    let rig = rig("receive()\nwhile True:\n    sys.stdout.write('x' * 1000)");
    let mut ea = rig.connect(script());
    let text = end(&mut ea);
    assert!(text.contains("printed without end"), "{text}");
    let (_, programs) = rig.stop();
    assert_eq!((programs.replaced, programs.unasked_lines), (1, 1));
}

#[test]
fn a_request_in_between_excuses_no_flood() {
    let rig = rig(r#"
receive()
for n in range(100000):
    sys.stdout.write("x" * 60000 + "\n")
    send(id=n, method="alert", params={"text": "x"})
    receive_answer()
"#);
    let mut ea = rig.connect(script());
    let text = end(&mut ea);
    assert!(text.contains("printed without end"), "{text}");
    rig.stop();
}

/// It hears nothing any more, and would trade on.
#[test]
fn a_program_that_closes_its_input_is_ended() {
    let rig = rig("receive()\nos.close(0)\nsend(id=1, method='alert', params={'text': 'x'})\n\
                   time.sleep(3600)");
    let mut ea = rig.connect(script());
    let begun_at = Instant::now();
    while ea.stream_tick(tick()).is_ok() && ea.bye().is_none() {
        assert!(begun_at.elapsed() < LIMIT);
        drop(ea.serve_for(Duration::from_millis(5)));
    }
    let text = end(&mut ea);
    assert!(text.contains("went on without its streams"), "{text}");
    rig.stop();
}

/// Its pings are answered on the spot, as fast as it sends them; its ticks must not wait behind that.
#[test]
fn pings_without_end_do_not_keep_the_ticks_from_being_judged() {
    let rig = rig_with(
        SHORT.with_start_limit(Duration::from_millis(1)),
        r#"
import threading
def read():
    while os.read(0, 1000000):
        pass
say("here")
threading.Thread(target=read).start()
pings = b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"ping"}\n' % n for n in range(1000))
while True:
    os.write(1, pings)
"#,
    );
    let mut ea = rig.connect(script());
    serve_comments(&mut ea, 1);
    let mut codes = Vec::new();
    while codes.last() != Some(&"handler_ended") {
        codes.push(sent(&mut ea));
        assert!(codes.len() < 20, "{codes:?}");
    }
    let text = end(&mut ea);
    assert!(text.contains("gave no answer in time"), "{text}");
    rig.stop();
}

/// An id is free from the moment that its answer can be read.
#[test]
fn a_program_may_use_one_id_again_and_again() {
    let rig = rig(r#"
codes = set()
for _ in range(3000):
    send(id="a", method="symbol_info", params={"symbol": "EURUSD"})
    codes.add(receive_answer().get("error", {}).get("data", {}).get("code", "none"))
say(*sorted(codes))
for message in messages():
    answer(message)
"#);
    let mut ea = rig.connect(script());
    assert_eq!(serve_comments(&mut ea, 1), ["none"]);
    ea.leave().unwrap();
    rig.stop();
}

#[test]
fn a_late_tick_is_counted_once() {
    let rig = rig_with(
        SHORT,
        r#"
say("here")
for message in messages():
    if message.get("method") == "tick" and message["params"]["seq"] == 1:
        time.sleep(0.5)
    answer(message)
"#,
    );
    let mut ea = rig.connect(script());
    serve_comments(&mut ea, 1);
    let codes = [sent(&mut ea), sent(&mut ea), sent(&mut ea)];
    let late = codes.iter().filter(|code| **code == "handler_timeout").count();
    assert_eq!(codes[0], "handler_timeout");
    ea.leave().unwrap();
    let (summary, _) = rig.stop();
    let timeouts = summary.errors.iter().filter(|(code, _)| *code == ErrorCode::HandlerTimeout);
    assert_eq!(timeouts.map(|(_, count)| count).sum::<u64>(), late as u64, "{codes:?}");
}

#[test]
fn a_program_hears_that_ticks_are_missing() {
    let rig = rig(r#"
for message in messages():
    if message["method"] == "gap":
        say("id" in message, *message["params"].values())
    answer(message)
"#);
    let mut ea = rig.connect(script());
    for seq in [1, 4] {
        let mut tick = tick();
        tick.seq = Some(seq);
        ea.stream_tick(tick).unwrap();
    }
    assert_eq!(serve_comments(&mut ea, 1), ["False EURUSD 2 4"]);
    ea.leave().unwrap();
    rig.stop();
}
