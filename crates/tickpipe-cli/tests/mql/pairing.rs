//! Thousands of exchanges, each answer compared with the tick it belongs to.

use crate::expert::{Answer, Expert};
use crate::host::{Server, new_name, size, tickpipe};
use crate::ticks::{Recorded, TickFile};

/// Ticks that one command plays: what comes after a lost connection in it is not sent.
const CHUNK: usize = 50;

/// An EA with a file of ticks to play, and what must come of each.
struct Played {
    expert: Expert,
    ticks: TickFile,
    /// Ticks played so far.
    played: usize,
}

impl Played {
    fn start(program: &str, inputs: &[(&str, &str)]) -> Self {
        let mut expert = Expert::start(program, inputs);
        expert.check("start");
        Self { expert, ticks: TickFile::new(), played: 0 }
    }

    /// Waits until the chart says something, which it says always, and forgets what it said.
    fn until(&mut self, text: &str) {
        self.expert.check(&format!("until 30000 comment {text}"));
        self.expert.transcript();
    }

    /// Plays a chunk, and returns what was printed.
    fn play(&mut self, count: usize) -> Vec<String> {
        self.expert.check(&format!("ticks {} {count} {}", self.ticks.path(), self.played));
        self.played += count;
        self.expert.transcript()
    }

    /// The tick that was played as the `number`th, from 1 on.
    fn tick(&self, number: usize) -> &Recorded {
        self.ticks.tick(number)
    }
}

/// The two halves of `print A -> B`.
fn exchange(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("print ")?.split_once(" -> ")
}

/// What `TickPipeLine` sends with the template of these tests.
fn line_of(tick: &Recorded, number: usize, is_mql4: bool) -> String {
    // MQL4 knows whole seconds only.
    let time_msc = if is_mql4 { tick.time_msc / 1000 * 1000 } else { tick.time_msc };
    format!("{number} {time_msc} {} {}", tick.bid, tick.ask)
}

const TEMPLATE: (&str, &str) = ("InpTemplate", "{count} {time_msc} {bid} {ask}");
/// Prints answers and does not show them on the chart.
const LOG_ONLY: (&str, &str) = ("InpAnswer", "2");

#[test]
fn every_answer_is_its_own_ticks() {
    let count = size([4_000; 2], [100_000; 2]) as usize;
    for program in ["TickPipeLine.mq4", "TickPipeLine.mq5"] {
        let server = Server::start(&["--quiet", "echo"]);
        let mut played = Played::start(program, &[("InpPipe", &server.name), TEMPLATE, LOG_ONLY]);
        played.until("connected");
        let mut answered = 0;
        while answered < count {
            let from = played.played;
            let lines = played.play(CHUNK);
            for (index, line) in lines.iter().enumerate() {
                let number = from + index + 1;
                let want = line_of(played.tick(number), number, program.ends_with('4'));
                assert_eq!(exchange(line), Some((want.as_str(), want.as_str())), "{line}");
            }
            assert_eq!(lines.len(), CHUNK, "a tick without an answer: {lines:?}");
            answered += lines.len();
        }
        check_calls(&played.expert.stats(), answered);
        println!("{program}: {answered} exchanges, each answer its own tick's");
    }
}

/// An exchange makes one write, one read, and both turns; beside them stand only looks at the size.
fn check_calls(stats: &serde_json::Value, exchanges: usize) {
    let count = |call: &str| stats[call].as_u64().expect("a count");
    let exchanges = exchanges as u64;
    assert_eq!([count("write"), count("read")], [exchanges; 2], "{stats}");
    // What sends the line, and the turn back, which has nothing to send; none before the first line.
    let flushes = [count("flush"), count("flush_empty"), count("seek")];
    assert_eq!(flushes, [2 * exchanges - 1, exchanges - 1, 2 * exchanges - 1], "{stats}");
    assert!(2 * exchanges <= count("size"), "{stats}");
}

#[test]
fn every_bid_comes_back_doubled() {
    let count = size([1_000; 2], [20_000; 2]) as usize;
    let server = Server::start(&["--quiet", "double"]);
    let inputs = [("InpPipe", server.name.as_str()), LOG_ONLY];
    let mut played = Played::start("TickPipeDouble.mq4", &inputs);
    played.until("connected");
    while played.played < count {
        let from = played.played;
        let lines = played.play(CHUNK);
        assert_eq!(lines.len(), CHUNK, "a tick without an answer: {lines:?}");
        for (index, line) in lines.iter().enumerate() {
            let tick = played.tick(from + index + 1);
            let bid: f64 = tick.bid.to_string().parse().expect("a price");
            let want = (format!("{bid:.8}"), format!("{:.3}", bid * 2.0));
            assert_eq!(exchange(line), Some((want.0.as_str(), want.1.as_str())), "{line}");
        }
    }
}

/// A server that is late, mute and cut off at random, and is killed and started again.
#[test]
fn a_bad_server_costs_answers_and_no_pairing() {
    let count = size([1_500; 2], [100_000; 2]) as usize;
    let restarts = 10;
    let seed = size([7; 2], [20_261_124; 2]).to_string();
    let name = new_name();
    let start = || {
        let args = ["probe", "--pipe", &name, "--seed", &seed];
        let faults = ["--late-per-mille", "20", "--late-ms", "40..160", "--mute-per-mille", "10"];
        Server::start_command(&name, || tickpipe(&[&args[..], &faults[..]].concat()))
    };
    let mut server = Some(start());
    let inputs = [("InpPipe", name.as_str()), TEMPLATE, LOG_ONLY, ("InpTimeoutMs", "100")];
    let mut played = Played::start("TickPipeLine.mq5", &inputs);
    played.until("connected");
    let (mut answered, mut restarted) = (0, 0);
    while answered < count {
        let lines = played.play(CHUNK);
        let mut is_lost = false;
        for line in &lines {
            if let Some((asked, answer)) = exchange(line) {
                assert_eq!(asked, answer, "another line's answer");
                let number: usize = asked
                    .split(' ')
                    .next()
                    .and_then(|number| number.parse().ok())
                    .expect("a count");
                assert_eq!(asked, line_of(played.tick(number), number, false));
                answered += 1;
            }
            // The last word counts: it may have come back within the chunk.
            is_lost =
                (is_lost || line.contains(" lost: ")) && !line.starts_with("comment connected");
        }
        if restarted < restarts && count / (restarts + 1) * (restarted + 1) <= answered {
            drop(server.take());
            // It notices by itself, with nothing sent.
            played.until("connection");
            server = Some(start());
            restarted += 1;
            is_lost = true;
        }
        if is_lost {
            played.until("connected");
        }
    }
    assert_eq!(restarted, restarts);
    let done = played.expert.ask("deinit 1");
    assert_eq!(done, Answer::Done(String::new()));
    println!("{answered} answers, {restarted} restarts: {:?}", played.expert.transcript());
}
