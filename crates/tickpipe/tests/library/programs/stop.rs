//! The end of a session and of a server, seen from its program.

use std::time::{Duration, Instant};

use tickpipe::ServerConfig;
use tickpipe::testing::EaDouble;

use super::child::{Rig, rig};
use super::{comments, script, sent, serve_comments};
use crate::support::{LIMIT, new_name};

/// Writes every message that comes to a file, and answers ticks.
const NOTE_ALL: &str = r#"
for message in messages():
    open(path, "a").write(message["method"] + " " + str(message["params"]) + "\n")
    answer(message)
"#;

struct Note(std::path::PathBuf);

impl Note {
    fn new() -> Self {
        Self(std::env::temp_dir().join(new_name()))
    }

    fn program(&self, text: &str) -> String {
        format!("path = {:?}\n{text}", self.0.display().to_string())
    }

    fn wait_for(&self, part: &str) {
        let begun_at = Instant::now();
        loop {
            let text = std::fs::read_to_string(&self.0).unwrap_or_default();
            if text.contains(part) {
                return;
            }
            assert!(begun_at.elapsed() < LIMIT, "found {text}, expected {part}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

#[test]
fn a_program_is_told_why_its_session_ends() {
    /// Starts a session whose program notes what it is told, and sends a tick.
    fn noted() -> (Note, Rig, EaDouble) {
        let note = Note::new();
        let rig = rig(&note.program(NOTE_ALL));
        let mut ea = rig.connect(script());
        assert_eq!(sent(&mut ea), "");
        (note, rig, ea)
    }
    let (note, rig, mut ea) = noted();
    ea.leave().unwrap();
    note.wait_for("deinit {'reason': 0}");
    rig.stop();

    let (note, rig, mut ea) = noted();
    ea.hang_up().unwrap();
    note.wait_for("bye {'code': 'disconnected'");
    rig.stop();

    let (note, rig, mut old) = noted();
    let new = rig.connect(script());
    assert!(old.serve_until(|_| false).is_err());
    assert_eq!(old.bye().unwrap().code, "replaced");
    note.wait_for("bye {'code': 'replaced'");
    drop(new);
    rig.stop();
}

/// Until it has settled its affairs the EA is there.
#[test]
fn a_program_may_ask_when_the_server_stops() {
    let rig = rig(r#"
for message in messages():
    if message["method"] == "bye":
        say("stopping", message["params"]["code"])
        say("really")
        sys.exit()
    answer(message)
"#);
    let mut ea = rig.connect(script());
    assert_eq!(sent(&mut ea), "");
    rig.begin_stop();
    let error = ea.serve_until(|_| false).unwrap_err();
    assert_eq!(comments(&ea), ["stopping shutting_down", "really"], "{error:?}");
    assert_eq!(ea.bye().unwrap().code, "shutting_down");
    let (summary, programs) = rig.stop();
    assert_eq!((summary.abandoned, programs.ended, programs.replaced), (0, 0, 0));
}

/// A stop that a program ignores, or that finds it at work, is none the longer.
#[test]
fn a_stop_ends_every_program_within_its_time() {
    let texts = [
        "messages_forever()",
        "receive(); receive(); time.sleep(3600)",
        "while True:\n    time.sleep(3600)",
        // It asks on and on.
        "for message in messages():\n    while message['method'] == 'bye':\n        say('more')",
        // What it started has its streams.
        "import subprocess\nsubprocess.Popen(['sleep', '3600'])\nmessages_forever()",
    ];
    std::thread::scope(|scope| {
        for text in texts {
            scope.spawn(|| check_stop(text));
        }
    });
}

fn check_stop(text: &str) {
    const STOP: Duration = Duration::from_secs(12);
    let config = ServerConfig::default().with_handler_deadline(LIMIT).with_stop_deadline(STOP);
    let rig = Rig::with_config(&format!("say('here')\n{text}"), config);
    let mut ea = rig.connect(script());
    serve_comments(&mut ea, 1);
    let tick = r#"{"symbol":"EURUSD","time_msc":1,"bid":1.1,"ask":1.2}"#;
    ea.line(&format!(r#"{{"jsonrpc":"2.0","id":7,"method":"tick","params":{tick}}}"#)).unwrap();
    rig.begin_stop();
    drop(ea.serve_until(|_| false));
    let begun_at = Instant::now();
    let (summary, _) = rig.stop();
    assert!(begun_at.elapsed() < STOP, "{text}");
    assert_eq!(summary.abandoned, 0, "{text}");
}
