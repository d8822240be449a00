//! The threads that read what a program prints, and carry out what it asks.
//!
//! One of them reads. Who reads a request sends it to the EA, so that requests go out in the order in
//! which they came; then another thread reads on, and the first waits for the answer and hands it to
//! the program. So a program may have many requests under way and still answer its ticks, and a
//! request costs no hand-over on its way.

use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{io, str};

use tickpipe_proto::message::encode::{self, LINE_LEN_MAX};
use tickpipe_proto::message::{
    Answer, Ask, Fault, OrderRequest, Refused, ServerMessage, parse_program,
};
use tickpipe_proto::session::AskError;
use tickpipe_proto::types::{ClientId, RequestId};
use tickpipe_proto::{ErrorCode, escaped};

use super::lines::{Lines, Printed};
use super::program::{Program, Why};
use crate::child::Output;
use crate::session::execution::Execution;
use crate::session::link::Asked;

/// Threads of a program: one that reads, and one for each request that may be open.
const READERS_MAX: usize = 65;

/// Bytes within a second that are no messages: whoever prints more prints without end.
const NOISE_MAX: usize = 1024 * 1024;
const NOISE_WINDOW: Duration = Duration::from_secs(1);

/// Characters of a line that are logged.
const LOGGED_CHARS_MAX: usize = 200;

/// A request of the program that the EA has.
struct Underway {
    id: RequestId,
    asked: Asked,
    /// Of an order, which has a name by now.
    order: Option<(ClientId, Box<OrderRequest>)>,
    asked_at: Instant,
}

/// A program's stdout, as the thread has it whose turn it is to read.
#[derive(Debug)]
pub(super) struct Stdout {
    lines: Lines<Output>,
    noise: Noise,
}

/// What nobody asked for.
struct Unasked {
    what: String,
    /// What its program is to do.
    mend: &'static str,
}

/// What nobody asked for, counted.
#[derive(Debug)]
struct Noise {
    begun_at: Instant,
    bytes: usize,
}

impl Program {
    /// Starts a thread that reads when its turn comes.
    pub(super) fn add_reader(self: &Arc<Self>) -> io::Result<()> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        // Else whoever joins them could miss it. All busy, the first that is done reads on.
        if self.lock().is_over || readers.len() >= READERS_MAX {
            return Ok(());
        }
        let thread = thread::Builder::new().name("tickpipe-stdout".to_owned());
        readers.push(thread.spawn({
            let program = Arc::clone(self);
            move || program.read_on()
        })?);
        Ok(())
    }

    fn read_on(self: &Arc<Self>) {
        while let Some(mut stdout) = self.take_turn() {
            let Some(underway) = self.read(&mut stdout) else {
                self.lock().is_over = true;
                self.turn.notify_all();
                // Its output is closed only now: what was printed last has been read.
                return self.give_up(Why::Left);
            };
            self.pass_turn(stdout);
            self.finish(underway);
        }
    }

    fn take_turn(&self) -> Option<Stdout> {
        let mut state = self.lock();
        state.idle += 1;
        let stdout = loop {
            if state.is_over {
                break None;
            }
            if let Some(stdout) = state.stdout.take() {
                break Some(stdout);
            }
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        state.idle -= 1;
        stdout
    }

    fn pass_turn(self: &Arc<Self>, stdout: Stdout) {
        let mut state = self.lock();
        state.stdout = Some(stdout);
        let has_reader = state.idle > 0;
        drop(state);
        if has_reader {
            return self.turn.notify_one();
        }
        if let Err(error) = self.add_reader() {
            // This thread reads on once it has its answer.
            self.exec.log().once_a_minute("no reader", None, |more| {
                tracing::error!(%error, more, "cannot start a thread that reads a program's stdout");
            });
        }
    }

    /// Reads until there is a request for the EA; `None` at the end.
    fn read(&self, Stdout { lines, noise }: &mut Stdout) -> Option<Underway> {
        loop {
            let len = match lines.next() {
                Printed::End => return None,
                Printed::Line(line) => match self.take(line) {
                    Ok(Some(underway)) => return Some(underway),
                    Ok(None) => continue,
                    Err(unasked) => {
                        self.note_noise(&unasked);
                        line.len()
                    }
                },
                Printed::Rest(len) => len,
                Printed::TooLong => {
                    self.note_noise(&Unasked {
                        what: format!("a line of more than {LINE_LEN_MAX} bytes"),
                        mend: "write shorter lines",
                    });
                    LINE_LEN_MAX
                }
            };
            if noise.is_flood(len) {
                self.give_up(Why::Flooded);
            }
        }
    }

    /// Takes one line; what it is if nobody asked for it.
    fn take(&self, line: &[u8]) -> Result<Option<Underway>, Unasked> {
        self.lock().heard_at = Instant::now();
        let no_message = |what| Unasked { what, mend: "print anything but messages to stderr" };
        let message = match parse_program(line) {
            Ok(message) => message,
            Err(Refused { id: Some(id), fault, .. }) => {
                self.refuse(&id, &fault);
                return Ok(None);
            }
            Err(Refused { is_notification: true, fault, .. }) => {
                let mend = "nothing was done; give it an `id`, under which it is answered";
                return Err(Unasked { what: fault.message, mend });
            }
            Err(refused) => return Err(no_message(refused.fault.message)),
        };
        match message {
            ServerMessage::Ask { id, ask } => Ok(self.begin(id, ask)),
            ServerMessage::Reply { id, result } => {
                if self.take_tick(id.as_ref(), result.map(|_| ())) {
                    return Ok(None);
                }
                Err(Unasked {
                    what: "an answer that nobody waits for".to_owned(),
                    mend: "answer each tick that has an `id` once, under that `id`",
                })
            }
            ServerMessage::UnknownAsk { id, method } => {
                let shown = escaped(&method, 40);
                let text = format!("found the method `{shown}`, which is not known here");
                self.refuse(&id, &Fault::new(ErrorCode::UnknownMethod, text));
                Ok(None)
            }
            ServerMessage::Bye(_) | _ => Err(no_message(format!(
                "found `{}`, expected a request or an answer",
                escaped(&String::from_utf8_lossy(line), LOGGED_CHARS_MAX)
            ))),
        }
    }

    /// Sends a request to the EA; `None` if it is answered already.
    fn begin(&self, id: RequestId, mut ask: Ask) -> Option<Underway> {
        if matches!(ask, Ask::Ping) {
            let mut line = Vec::new();
            encode::empty_result(&mut line, &id);
            self.tell(&line);
            return None;
        }
        let mut state = self.lock();
        if state.open.contains(&id) {
            drop(state);
            let text = "found the id of a request that is still open, expected another";
            self.refuse(&id, &Fault::new(ErrorCode::DuplicateId, text));
            return None;
        }
        state.open.push(id.clone());
        drop(state);
        let mut order = None;
        if let Ask::OrderSend(request) = &mut ask {
            let client_id = self.ea.name(request);
            order = Some((client_id, request.clone()));
        }
        let asked_at = Instant::now();
        match self.ea.link().begin_ask(&ask, self.ea.deadline(ask.kind())) {
            Ok(asked) => Some(Underway { id, asked, order, asked_at }),
            Err(error) => {
                // Nothing was sent, of an order neither.
                if let Some((_, request)) = order {
                    let result = Err(error.clone());
                    self.ea.link().note_order(&request, &result, asked_at.elapsed());
                }
                self.close_request(&id, || self.refuse(&id, &fault_of(error)));
                None
            }
        }
    }

    /// Waits for the EA's answer and hands it to the program.
    fn finish(&self, underway: Underway) {
        let Underway { id, asked, order, asked_at } = underway;
        let mut result = self.ea.link().await_answer(&asked);
        if let Some((client_id, request)) = order {
            self.ea.link().note_order(&request, &result, asked_at.elapsed());
            // Whatever leaves a doubt is an outcome, and no error.
            if let Ok(execution) = Execution::of(client_id, result.clone()) {
                result = Ok(Answer::OrderResult(Box::new(execution.into_result())));
            }
        }
        self.close_request(&id, || match result {
            Ok(answer) => {
                let mut line = Vec::new();
                match encode::answer(&mut line, &id, &answer) {
                    Ok(()) => self.tell(&line),
                    Err(error) => self.refuse(&id, &error.into()),
                }
            }
            Err(error) => self.refuse(&id, &fault_of(error)),
        });
    }

    /// Tells the answer to a request, whose id is free before the program can read it.
    fn close_request(&self, id: &RequestId, tell: impl FnOnce()) {
        let mut state = self.lock();
        state.open.retain(|open| open != id);
        state.telling += 1;
        drop(state);
        tell();
        self.lock().telling -= 1;
        self.news.notify_all();
    }

    /// Answers a request with an error.
    fn refuse(&self, id: &RequestId, fault: &Fault) {
        self.exec.log().once_a_minute("request of a program refused", None, |more| {
            let (code, text) = (fault.code.as_str(), escaped(&fault.message, LOGGED_CHARS_MAX));
            tracing::warn!(code, text, more, "a request of a program was answered with an error");
        });
        let mut line = Vec::new();
        encode::error(&mut line, Some(id), fault);
        self.tell(&line);
    }

    fn note_noise(&self, Unasked { what, mend }: &Unasked) {
        self.exec.count_unasked();
        self.exec.log().once_a_minute(mend, None, |more| {
            tracing::warn!(what, mend, more, "program printed what was dropped");
        });
    }
}

impl Stdout {
    pub(super) fn new(output: Output) -> Self {
        Self { lines: Lines::new(output), noise: Noise { begun_at: Instant::now(), bytes: 0 } }
    }
}

impl Noise {
    fn is_flood(&mut self, len: usize) -> bool {
        if self.begun_at.elapsed() >= NOISE_WINDOW {
            *self = Self { begun_at: Instant::now(), bytes: 0 };
        }
        // An empty line is one too.
        self.bytes = self.bytes.saturating_add(len.max(16));
        self.bytes > NOISE_MAX
    }
}

/// Returns what a program is told of a request that has no answer.
fn fault_of(error: AskError) -> Fault {
    match error {
        AskError::Refused(fault) => fault,
        AskError::Local(error) => error.into(),
        other => Fault::new(ErrorCode::BadAnswer, other.to_string()),
    }
}
