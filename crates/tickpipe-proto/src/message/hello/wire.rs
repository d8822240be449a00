//! The opening of a session on the wire.

use serde_json::value::RawValue;

use super::{Account, AccountTradeMode, Chart, Hello, MarginMode, Terminal, TickMode, Welcome};
use crate::ErrorCode;
use crate::message::json::{NAME, Path, TEXT, Value as _, Wrong};
use crate::message::json::{list, members, name, object, string, text};
use crate::message::put::{Put as _, Writer};
use crate::message::words::words;
use crate::message::{AskKind, Fault};

/// The only version there is.
pub(in crate::message) const PROTOCOL_VERSION: u64 = 1;
const REPLY_TIMEOUT_MS: u64 = 1500;
const CURRENCY_DIGITS: u8 = 2;
const LOGIN: &str = "a text of 1 to 64 decimal digits";
const DIGITS: &str = "a whole number of 0 to 8";

words! { Terminal { Mt4 = "mt4", Mt5 = "mt5", Sim = "sim", } }
words! { TickMode { Lockstep = "lockstep", Stream = "stream", } }
words! { AccountTradeMode { Contest = "contest", Demo = "demo", Real = "real", } }
words! { MarginMode { Exchange = "exchange", Hedging = "hedging", Netting = "netting", } }

members! {
    struct HelloMembers {
        protocol: "protocol",
        client: "client",
        client_version: "client_version",
        terminal: "terminal",
        build: "build",
        instance: "instance",
        account: "account",
        chart: "chart",
        tester: "tester",
        tick_mode: "tick_mode",
        reply_timeout_ms: "reply_timeout_ms",
        capabilities: "capabilities",
    }
}

/// Why a `hello` is refused.
#[derive(Debug)]
pub(in crate::message) enum NoHello {
    Version(u64),
    Wrong(Wrong),
}

impl From<Wrong> for NoHello {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl Hello {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, NoHello> {
        let m: HelloMembers<'_> = object(json, at)?;
        let protocol = m.protocol.needed(at)?;
        // First of all, for another version may have other members.
        if protocol != PROTOCOL_VERSION {
            return Err(NoHello::Version(protocol));
        }
        let reply_timeout_ms = m.reply_timeout_ms.optional(at)?;
        Ok(Self {
            protocol,
            client: m.client.needed_as(at, NAME, name)?,
            client_version: m.client_version.needed_as(at, NAME, name)?,
            terminal: m.terminal.needed(at)?,
            build: m.build.optional(at)?,
            instance: m.instance.needed_as(at, NAME, name)?,
            account: m.account.needed_object(at, Account::read)?,
            chart: m.chart.needed_object(at, Chart::read)?,
            is_tester: m.tester.optional(at)?.unwrap_or(false),
            tick_mode: m.tick_mode.needed(at)?,
            reply_timeout_ms: reply_timeout_ms.unwrap_or(REPLY_TIMEOUT_MS),
            capabilities: match m.capabilities.json() {
                None => Vec::new(),
                Some(json) => capabilities(json, &at.member(m.capabilities.name()))?,
            },
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("protocol", &self.protocol).member("client", &self.client);
        to.member("client_version", &self.client_version).member("terminal", &self.terminal);
        to.optional("build", self.build.as_ref()).member("instance", &self.instance);
        to.inner("account", |to| self.account.write(to));
        to.inner("chart", |to| self.chart.write(to));
        to.member("tester", &self.is_tester).member("tick_mode", &self.tick_mode);
        to.member("reply_timeout_ms", &self.reply_timeout_ms);
        to.list("capabilities", &self.capabilities, |out, kind| kind.put(out));
    }
}

fn capabilities(json: &str, at: &Path<'_>) -> Result<Vec<AskKind>, Wrong> {
    let words = list(json, at, |item, at| {
        string(item).ok_or_else(|| Wrong::new(*at, item, "the name of a method"))
    })?;
    let mut kinds: Vec<AskKind> =
        words.iter().filter_map(|word| AskKind::from_word(word)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

pub(in crate::message) fn digits(json: &str) -> Option<u8> {
    let digits = u64::read(json).and_then(|digits| u8::try_from(digits).ok());
    digits.filter(|digits| *digits <= crate::types::DIGITS_MAX)
}

members! {
    struct AccountMembers {
        login: "login",
        server: "server",
        currency: "currency",
        currency_digits: "currency_digits",
        trade_mode: "trade_mode",
        margin_mode: "margin_mode",
        leverage: "leverage",
    }
}

impl Account {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: AccountMembers<'_> = object(json, at)?;
        let login = |json| {
            let is_login = |login: &String| login.bytes().all(|byte| byte.is_ascii_digit());
            name(json).filter(is_login)
        };
        Ok(Self {
            login: m.login.needed_as(at, LOGIN, login)?,
            server: m.server.needed_as(at, TEXT, text)?,
            currency: m.currency.needed_as(at, TEXT, text)?,
            currency_digits: m
                .currency_digits
                .optional_as(at, DIGITS, digits)?
                .unwrap_or(CURRENCY_DIGITS),
            trade_mode: m.trade_mode.needed(at)?,
            margin_mode: m.margin_mode.needed(at)?,
            leverage: m.leverage.optional(at)?.unwrap_or(0),
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("login", &self.login).member("server", &self.server);
        to.member("currency", &self.currency).member("currency_digits", &self.currency_digits);
        to.member("trade_mode", &self.trade_mode).member("margin_mode", &self.margin_mode);
        to.member("leverage", &self.leverage);
    }
}

members! {
    struct ChartMembers {
        id: "id",
        symbol: "symbol",
        timeframe: "timeframe",
        digits: "digits",
        point: "point",
    }
}

impl Chart {
    fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: ChartMembers<'_> = object(json, at)?;
        Ok(Self {
            id: m.id.needed(at)?,
            symbol: m.symbol.needed(at)?,
            timeframe: m.timeframe.needed(at)?,
            digits: m.digits.needed_as(at, DIGITS, digits)?,
            point: m.point.needed(at)?,
        })
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.member("id", &self.id).member("symbol", &self.symbol);
        to.member("timeframe", &self.timeframe).member("digits", &self.digits);
        to.member("point", &self.point);
    }
}

members! {
    struct WelcomeMembers {
        protocol: "protocol",
        server: "server",
        server_version: "server_version",
        session: "session",
        heartbeat_ms: "heartbeat_ms",
        silence_ms: "silence_ms",
        line_len_max: "line_len_max",
    }
}

impl Welcome {
    /// Reads the answer to `hello`.
    ///
    /// # Errors
    ///
    /// Returns a [`Fault`] of `bad_answer` that names the member.
    pub fn parse(raw: &RawValue) -> Result<Self, Fault> {
        let welcome = Self::read(raw.get(), &Path::Root("result"));
        welcome.map_err(|wrong| Fault::wrong(ErrorCode::BadAnswer, wrong))
    }

    fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: WelcomeMembers<'_> = object(json, at)?;
        Ok(Self {
            protocol: m.protocol.needed(at)?,
            server: m.server.needed_as(at, NAME, name)?,
            server_version: m.server_version.needed_as(at, NAME, name)?,
            session: m.session.needed_as(at, NAME, name)?,
            heartbeat_ms: m.heartbeat_ms.needed(at)?,
            silence_ms: m.silence_ms.needed(at)?,
            line_len_max: m.line_len_max.needed(at)?,
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("protocol", &self.protocol).member("server", &self.server);
        to.member("server_version", &self.server_version).member("session", &self.session);
        to.member("heartbeat_ms", &self.heartbeat_ms).member("silence_ms", &self.silence_ms);
        to.member("line_len_max", &self.line_len_max);
    }
}
