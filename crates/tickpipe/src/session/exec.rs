//! A program in any language as a strategy: the EA's messages on its stdin, its own on its stdout.

mod backoff;
mod lines;
mod outbox;
mod program;
mod reader;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tickpipe_proto::message::{
    AccountState, BarEvent, Deinit, Hello, LogEntry, Tick, TradeEvent, encode,
};
use tickpipe_proto::{ErrorCode, LineError};

pub(crate) use self::backoff::Backoffs;
use self::program::{Program, Ticked, Why};
use super::registry::SessionKey;
use super::{Context, StopReason, Strategy, StrategyError, TickGap};
use crate::handler::Peer;
use crate::handler::exec::Exec;

/// Ticks in a row that are not answered in time before the program is ended.
const MISSED_MAX: u32 = 3;

/// What a program gets to end by itself once its session is over and its input closed.
const EXIT_GRACE: Duration = Duration::from_millis(500);

/// How long a program may be quiet after it was told that the server stops, before its input is
/// closed; and how long it may ask the EA in all.
const QUIET: Duration = Duration::from_millis(250);
const SETTLE_LIMIT: Duration = Duration::from_millis(1250);

/// How often it is looked at whether a program that says nothing is still there.
const LOOK: Duration = Duration::from_secs(1);

/// Has a program trade for one EA; made by [`Exec`].
pub(crate) struct ExecStrategy {
    exec: Exec,
    peer: Peer,
    key: SessionKey,
    program: Option<Arc<Program>>,
    missed_in_a_row: u32,
    line: Vec<u8>,
}

impl Exec {
    /// Makes the strategy of a session; its program starts when the session is open.
    pub(crate) fn strategy(&self, hello: &Hello, peer: &Peer) -> ExecStrategy {
        ExecStrategy {
            exec: self.clone(),
            peer: peer.clone(),
            key: SessionKey::new(hello),
            program: None,
            missed_in_a_row: 0,
            line: Vec::new(),
        }
    }
}

impl Strategy for ExecStrategy {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        if self.exec.is_over() {
            let text = "the server is stopping";
            return Err(LineError::new(ErrorCode::ShuttingDown, text).into());
        }
        if let Some(left) = self.exec.backoffs().left(&self.key, Instant::now()) {
            let ms = left.as_millis();
            return Err(unavailable(format!("ended early, it is started again in {ms} ms")));
        }
        let Some(ea) = context.linked() else {
            let text = "trades over a connection alone; this session has none";
            return Err(unavailable(text.to_owned()));
        };
        let started = Program::start(&self.exec, &self.peer, self.key.clone(), ea);
        let program = started.map_err(|error| {
            self.exec.backoffs().ended(&self.key, Instant::now(), Duration::ZERO);
            self.exec.log().once_a_minute("cannot start a program", None, |more| {
                let program = self.exec.to_string();
                tracing::error!(%error, program, more, "cannot start the handler's program");
            });
            unavailable(format!("`{}` cannot be started: {error}", self.exec))
        })?;
        self.program = Some(program);
        self.tell(|line| encode::hello_passed_on(line, context.hello()));
        context.set_timer(LOOK);
        Ok(())
    }

    fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        let Some(program) = &self.program else { return Ok(()) };
        self.line.clear();
        if !program.ea.link().is_awaited() {
            encode::tick(&mut self.line, None, tick);
            program.tell(&self.line);
            return Ok(());
        }
        let id = program.next_tick();
        encode::tick(&mut self.line, Some(id), tick);
        match program.ask_tick(id, &self.line) {
            Ticked::Answered(result) => {
                self.missed_in_a_row = 0;
                result.map_err(|text| LineError::failed(text).into())
            }
            Ticked::Ended(how) => {
                let text = format!("the handler's program {how}");
                Err(LineError::new(ErrorCode::HandlerEnded, text).into())
            }
            Ticked::Late => Err(self.missed(context)),
        }
    }

    fn on_bar(&mut self, _context: &mut Context<'_>, bar: &BarEvent) -> Result<(), StrategyError> {
        self.tell(|line| encode::bar(line, None, bar));
        Ok(())
    }

    fn on_gap(&mut self, _context: &mut Context<'_>, gap: &TickGap) -> Result<(), StrategyError> {
        self.tell(|line| encode::gap(line, &gap.symbol, gap.expected, gap.found));
        Ok(())
    }

    fn on_trade(
        &mut self,
        _context: &mut Context<'_>,
        trade: &TradeEvent,
    ) -> Result<(), StrategyError> {
        self.tell(|line| encode::trade(line, None, trade));
        Ok(())
    }

    fn on_account(
        &mut self,
        _context: &mut Context<'_>,
        account: &AccountState,
    ) -> Result<(), StrategyError> {
        self.tell(|line| encode::account(line, None, account));
        Ok(())
    }

    fn on_log(
        &mut self,
        _context: &mut Context<'_>,
        entry: &LogEntry,
    ) -> Result<(), StrategyError> {
        self.tell(|line| encode::log(line, None, entry));
        Ok(())
    }

    fn on_timer(&mut self, _context: &mut Context<'_>) -> Result<(), StrategyError> {
        if let Some(program) = &self.program {
            program.look();
        }
        Ok(())
    }

    fn on_stop(&mut self, _context: &mut Context<'_>, reason: &StopReason) {
        let Some(program) = self.program.clone() else { return };
        if *reason != StopReason::ServerStopping {
            // An order's outcome comes before the word that there is nothing more.
            program.wait_for_requests(EXIT_GRACE);
        }
        match reason {
            StopReason::Deinit(deinit) => self.tell_deinit(deinit),
            StopReason::Disconnected => {
                self.tell_bye(ErrorCode::Disconnected, "the connection to the EA has ended");
            }
            StopReason::Ended(code) => self.tell_bye(*code, "the session is over"),
            StopReason::ServerStopping => {
                self.tell_bye(ErrorCode::ShuttingDown, "the server is stopping");
                program.wait_until_settled(QUIET, SETTLE_LIMIT);
                program.ea.link().close(ErrorCode::ShuttingDown, "the server is stopping");
                program.wait_for_requests(EXIT_GRACE);
            }
        }
        self.program = None;
        program.close(EXIT_GRACE);
    }
}

impl ExecStrategy {
    fn tell(&mut self, encode: impl FnOnce(&mut Vec<u8>)) {
        let Some(program) = &self.program else { return };
        self.line.clear();
        encode(&mut self.line);
        program.tell(&self.line);
    }

    fn tell_bye(&mut self, code: ErrorCode, text: &str) {
        self.tell(|line| encode::bye(line, code, text));
    }

    fn tell_deinit(&mut self, deinit: &Deinit) {
        self.tell(|line| encode::deinit(line, None, deinit));
    }

    /// Judges a program that has not answered a tick in time.
    fn missed(&mut self, context: &Context<'_>) -> StrategyError {
        let late = |text| LineError::new(ErrorCode::HandlerTimeout, text).into();
        let Some(program) = &self.program else { return late(String::new()) };
        // An EA that left is not a tick missed.
        if !context.is_open() {
            return late("the session ended before the handler's program answered".to_owned());
        }
        if program.is_starting() {
            return late("the handler's program is still starting".to_owned());
        }
        self.missed_in_a_row += 1;
        if self.missed_in_a_row >= MISSED_MAX {
            program.give_up(Why::Silent);
            let text = "the handler's program gave no answer in time, again and again";
            return LineError::new(ErrorCode::HandlerEnded, text).into();
        }
        let mut text = "the handler's program gave no answer in time".to_owned();
        if !program.has_answered() {
            text.push_str(", and none before; does it flush its output after each line?");
        }
        late(text)
    }
}

impl Drop for ExecStrategy {
    /// Where nobody told it that the session is over, it is not to be trusted to end in good order.
    fn drop(&mut self) {
        if let Some(program) = self.program.take() {
            program.close(Duration::ZERO);
        }
    }
}

/// Says that there is no program.
fn unavailable(text: String) -> StrategyError {
    let text = format!("the handler's program {text}");
    LineError::new(ErrorCode::HandlerUnavailable, text).into()
}
