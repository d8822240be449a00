//! The messages of `conformance/vectors`: what they mean, or what they are refused with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{
    Answer, Ask, AskKind, Call, Message, Refused, Terminal, Tick, TickParams, encode, parse,
};
use tickpipe_proto::types::{RequestId, Symbol};

/// A line of a vectors' file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Vector {
    note: String,
    line: Option<String>,
    hex: Option<String>,
    method: Option<String>,
    id: Value,
    values: BTreeMap<String, Value>,
    code: Option<String>,
    ask: Option<String>,
    params: Option<Box<RawValue>>,
    terminal: Option<String>,
    kind: Option<String>,
    text: Option<String>,
    valid: bool,
}

impl Vector {
    fn bytes(&self) -> Vec<u8> {
        match (&self.line, &self.hex) {
            (Some(line), None) => line.clone().into_bytes(),
            (None, Some(hex)) => hex
                .as_bytes()
                .chunks(2)
                .map(|digits| {
                    u8::from_str_radix(&String::from_utf8_lossy(digits), 16)
                        .expect("a sound vector")
                })
                .collect(),
            _ => panic!("neither a line nor bytes, or both"),
        }
    }

    fn kind(&self) -> AskKind {
        AskKind::from_word(self.ask.as_deref().expect("a sound vector")).expect("a sound vector")
    }
}

/// Checks each line of a file; `check` returns what is wrong.
fn every(file: &str, check: impl Fn(&Vector) -> Result<(), String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/vectors");
    let text =
        fs::read_to_string(folder.join(file).with_extension("jsonl")).expect("a sound vector");
    let mut failures = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let vector: Vector = serde_json::from_str(line).expect("a sound vector");
        if let Err(wrong) = check(&vector) {
            let Vector { note, text, .. } = &vector;
            let text = text.as_deref().unwrap_or_default();
            failures.push(format!("{file}:{number}: {note}{text}: {wrong}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(text.lines().count() > 30, "{file} is short");
}

fn check_refused(vector: &Vector, refused: &Refused) -> Result<(), String> {
    let found = (refused.fault.code.as_str(), refused.id.as_ref().map_or(Value::Null, id_value));
    let expected = (vector.code.as_deref().unwrap_or("no error"), vector.id.clone());
    if found == expected {
        return Ok(());
    }
    Err(format!("expected {expected:?}, found {found:?}: {}", refused.fault.message))
}

fn id_value(id: &RequestId) -> Value {
    match id {
        RequestId::Number(number) => Value::from(*number),
        RequestId::Text(text) => Value::from(&**text),
        _ => panic!("an id of another kind"),
    }
}

fn check_said(vector: &Vector) -> Result<(), String> {
    let bytes = vector.bytes();
    match parse(&bytes) {
        Ok(Message::Call { id, call }) => {
            if let Some(code) = &vector.code {
                return Err(format!("expected {code}, found {call:?}"));
            }
            let (method, written) = said_again(call);
            let found = (Some(method), id.as_ref().map_or(Value::Null, id_value));
            let expected = (vector.method.clone().map(Cow::Owned), vector.id.clone());
            if found != expected {
                return Err(format!("expected {expected:?}, found {found:?}"));
            }
            let raw = if written.is_empty() { "{}".to_owned() } else { member(&written, "params") };
            check_values(&vector.values, &raw)
        }
        Ok(Message::Reply { .. }) => Err("found a response".to_owned()),
        Ok(_) => Err("found a message of another kind".to_owned()),
        Err(refused) => check_refused(vector, &refused),
    }
}

/// Writes what was read, from the values alone.
fn said_again(call: Call<'_>) -> (Cow<'_, str>, Vec<u8>) {
    let mut out = Vec::new();
    let method = match call {
        Call::Hello(hello) => {
            encode::hello(&mut out, 1, &hello);
            "hello"
        }
        Call::Tick(tick) => {
            encode::tick(&mut out, None, &owned(tick));
            "tick"
        }
        Call::Bar(bar) => {
            encode::bar(&mut out, None, &bar);
            "bar"
        }
        Call::Trade(trade) => {
            encode::trade(&mut out, None, &trade);
            "trade"
        }
        Call::Account(account) => {
            encode::account(&mut out, None, &account);
            "account"
        }
        Call::Log(entry) => {
            encode::log(&mut out, None, &entry);
            "log"
        }
        Call::Deinit(deinit) => {
            encode::deinit(&mut out, None, &deinit);
            "deinit"
        }
        Call::Ping => "ping",
        Call::Unknown(method) => return (method, out),
        _ => "a call of another kind",
    };
    (Cow::Borrowed(method), out)
}

fn owned(params: TickParams<'_>) -> Tick {
    let symbol = Symbol::new(&params.symbol).expect("a sound vector");
    let mut tick = Tick::new(symbol, params.time_msc, params.bid, params.ask);
    tick.last = params.last;
    tick.volume = params.volume;
    tick.flags = params.flags;
    tick.seq = params.seq;
    tick
}

/// Returns a member of a message, as it is written.
fn member(line: &[u8], name: &str) -> String {
    let members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(line).expect("a sound vector");
    members.get(name).map_or_else(|| "null".to_owned(), |raw| raw.get().to_owned())
}

/// Holds the members that count against an object as it is written.
fn check_values(values: &BTreeMap<String, Value>, raw: &str) -> Result<(), String> {
    let members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(raw).map_err(|error| format!("{error} in {raw}"))?;
    for (name, value) in values {
        let found = members.get(name).map_or("null", |raw| raw.get());
        if !is_same(value, found) {
            return Err(format!("{name}: expected {value}, found {found}"));
        }
    }
    Ok(())
}

/// Whether a value is written so; decimals are strings in the vectors.
fn is_same(value: &Value, raw: &str) -> bool {
    match value {
        Value::String(text) if !raw.starts_with('"') => text == raw,
        Value::Object(values) => {
            let values = values.clone().into_iter().collect();
            check_values(&values, raw).is_ok()
        }
        Value::Array(values) => {
            serde_json::from_str::<Vec<Box<RawValue>>>(raw).is_ok_and(|found| {
                found.len() == values.len()
                    && values.iter().zip(&found).all(|(value, raw)| is_same(value, raw.get()))
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            serde_json::from_str::<Value>(raw).is_ok_and(|found| found == *value)
        }
    }
}

#[test]
fn envelopes_are_read_or_refused() {
    every("envelope", check_said);
}

#[test]
fn hellos_are_read_or_refused() {
    every("hello", check_said);
}

#[test]
fn ticks_are_read_or_refused() {
    every("ticks", check_said);
}

#[test]
fn events_are_read_or_refused() {
    every("events", check_said);
}

#[test]
fn requests_to_the_ea_are_read_and_written() {
    every("asks", |vector| {
        let method = vector.ask.as_deref().expect("a sound vector");
        let asked = Ask::parse(method, vector.params.as_deref());
        let mut out = Vec::new();
        let written = match &asked {
            Ok(ask) => encode::ask(&mut out, 5, ask).map_err(|error| error.code()),
            Err(fault) => Err(fault.code),
        };
        match (written, &vector.code) {
            (Err(code), Some(expected)) if code.as_str() == expected => Ok(()),
            (Err(code), expected) => Err(format!("expected {expected:?}, found {code}")),
            (Ok(()), Some(code)) => Err(format!("expected {code}, found {asked:?}")),
            (Ok(()), None) => {
                let line = vector.bytes();
                for name in ["id", "method"] {
                    let (expected, found) = (member(&line, name), member(&out, name));
                    if expected != found {
                        return Err(format!("{name}: expected {expected}, found {found}"));
                    }
                }
                let params = |line| match member(line, "params") {
                    none if none == "null" => "{}".to_owned(),
                    params => params,
                };
                same_members(&params(&line), &params(&out))
            }
        }
    });
}

/// Whether two objects have the same members, each written alike.
fn same_members(expected: &str, found: &str) -> Result<(), String> {
    let members = |raw: &str| -> BTreeMap<String, String> {
        let members: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(raw).expect("a sound vector");
        members.into_iter().map(|(name, raw)| (name, raw.get().to_owned())).collect()
    };
    if members(expected) == members(found) {
        return Ok(());
    }
    Err(format!("expected {expected}, found {found}"))
}

fn check_answer(vector: &Vector) -> Result<(), String> {
    let line = vector.bytes();
    let Ok(Message::Reply { id: Some(5), result }) = parse(&line) else {
        return Err(format!("found {:?}, expected a response to 5", parse(&line)));
    };
    let terminal = vector.terminal.as_deref().unwrap_or("mt5");
    let terminal = [Terminal::Mt4, Terminal::Mt5, Terminal::Sim]
        .into_iter()
        .find(|known| known.as_str() == terminal)
        .expect("a sound vector");
    let answer = result.and_then(|raw| Answer::parse(vector.kind(), raw, terminal));
    match (answer, &vector.code) {
        (Ok(answer), None) => {
            let mut out = Vec::new();
            let id = RequestId::number(5).expect("a sound vector");
            encode::answer(&mut out, &id, &answer).map_err(|error| error.to_string())?;
            check_values(&vector.values, &member(&out, "result"))
        }
        (Ok(answer), Some(code)) => Err(format!("expected {code}, found {answer:?}")),
        (Err(fault), Some(code)) if fault.code.as_str() == code => Ok(()),
        (Err(fault), expected) => Err(format!("expected {expected:?}, found {fault:?}")),
    }
}

#[test]
fn answers_of_the_ea_are_read_or_refused() {
    every("answers", check_answer);
}

#[test]
fn outcomes_follow_from_the_table() {
    every("orders", check_answer);
}

/// Returns a message in which the text stands for a value of that kind.
fn with_value(kind: &str, text: &str) -> String {
    let call = |method: &str, params: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{params}}}}}"#)
    };
    let bar = |time: &str, count: &str| {
        let prices = r#""open":1.1,"high":1.1,"low":1.1,"close":1.1"#;
        let params = format!(r#""symbol":"A","timeframe":"M1","time":{time},{prices}"#);
        call("bar", &format!(r#"{params},"tick_volume":{count}"#))
    };
    let trade = |member: &str| {
        call("trade", &format!(r#""event":"deal_add","symbol":"A","{member}":{text}"#))
    };
    match kind {
        "price" => call("tick", &format!(r#""symbol":"A","time_msc":1,"bid":{text},"ask":1.1"#)),
        "symbol" => call("tick", &format!(r#""symbol":{text},"time_msc":1,"bid":1.1,"ask":1.1"#)),
        "money" => {
            let rest = r#""equity":1,"margin":1,"margin_free":1"#;
            call("account", &format!(r#""balance":{text},{rest}"#))
        }
        "count" => bar("1", text),
        "time" => bar(text, "1"),
        "ticket" => trade("order"),
        "magic" => trade("magic"),
        "text" => call("log", &format!(r#""level":"info","text":{text}"#)),
        "word" => call("log", &format!(r#""level":{text},"text":"a""#)),
        "id" => format!(r#"{{"jsonrpc":"2.0","id":{text},"method":"ping"}}"#),
        _ => panic!("there is no kind {kind}"),
    }
}

#[test]
fn single_values_are_read_or_refused() {
    every("kinds", |vector| {
        let (kind, text) = (
            vector.kind.as_deref().expect("a sound vector"),
            vector.text.as_deref().expect("a sound vector"),
        );
        let found = if kind == "lots" {
            // Where an EA says lots they may be missing; in an order they may not.
            let order = r#"{"action":"market","symbol":"A","type":"buy","client_id":"a","volume":"#;
            let params = RawValue::from_string(format!("{order}{text}}}")).expect("a sound vector");
            Ask::parse("order_send", Some(&params)).map(drop).map_err(|fault| fault.code)
        } else {
            let line = with_value(kind, text);
            parse(line.as_bytes()).map(drop).map_err(|refused| refused.fault.code)
        };
        let refusal =
            if kind == "id" { ErrorCode::InvalidRequest } else { ErrorCode::InvalidParams };
        let expected = if vector.valid { Ok(()) } else { Err(refusal) };
        if found == expected {
            return Ok(());
        }
        Err(format!("as {kind}: expected {}, found {found:?}", json!(vector.valid)))
    });
}
