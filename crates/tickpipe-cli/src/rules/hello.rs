//! The `hello` that scripts do not write out, and its answer.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The runner's id of its `hello`.
pub(crate) const HELLO_ID: u64 = 9000;

/// The runner's id of the `ping` at a script's end.
pub(crate) const END_ID: u64 = 9001;

/// What the runner says of itself as an EA. Its instance is new in each script.
const PARAMS: &str = r#"{"protocol":1,"client":"conformance","client_version":"1","terminal":"mt5",
"build":4410,"instance":"$unique","account":{"login":"5001234","server":"Broker-Demo",
"currency":"USD","currency_digits":2,"trade_mode":"demo","margin_mode":"hedging","leverage":100},
"chart":{"id":"132","symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},
"tester":false,"tick_mode":"lockstep","reply_timeout_ms":1500,"capabilities":["subscribe",
"unsubscribe","symbols","symbol_info","symbol_tick","account_info","terminal_info","indicator",
"comment","alert","rates","ticks","orders","positions","history_orders","history_deals",
"order_check","order_send","order_status"]}"#;

/// What the runner answers an EA.
const RESULT: &str = r#"{"protocol":1,"server":"conformance","server_version":"1",
"session":"$unique","heartbeat_ms":5000,"silence_ms":15000,"line_len_max":65536}"#;

/// What a server has to answer.
pub(crate) const WELCOME: &str = r#"{"id":9000,"result":{"protocol":1,"server":"$string",
"server_version":"$string","session":"$string=session","heartbeat_ms":"$count=heartbeat_ms",
"silence_ms":"$count=silence_ms","line_len_max":65536}}"#;

/// What an EA has to say.
pub(crate) const INTRODUCTION: &str = r#"{"id":"$any=hello","method":"hello","params":{
"protocol":1,"client":"$string","client_version":"$string","terminal":"$one mt4|mt5|sim",
"instance":"$string","account":{"login":"$digits","server":"$string","currency":"$string",
"trade_mode":"$one demo|contest|real","margin_mode":"$one hedging|netting|exchange"},
"chart":{"id":"$string","symbol":"$string=symbol","timeframe":"$string=timeframe",
"digits":"$count=chart_digits","point":"$number=chart_point"},
"tick_mode":"$one lockstep|stream"}}"#;

/// Returns the `hello`, with names in it, whose `params` are the usual ones and `members`.
///
/// # Errors
///
/// Returns what is wrong with `members`.
pub(crate) fn request(members: &str) -> Result<String, String> {
    let params = merged(&PARAMS.replace('\n', ""), members)?;
    Ok(format!(r#"{{"jsonrpc":"2.0","id":{HELLO_ID},"method":"hello","params":{params}}}"#))
}

/// Returns the answer to the `hello` called `$hello`, whose `result` is the usual one and `members`.
///
/// # Errors
///
/// As [`request`].
pub(crate) fn answer(members: &str) -> Result<String, String> {
    let result = merged(&RESULT.replace('\n', ""), members)?;
    Ok(format!(r#"{{"jsonrpc":"2.0","id":"$hello","result":{result}}}"#))
}

/// Puts members in place of an object's own. Values stay as they are written, `1.0` and all.
fn merged(object: &str, members: &str) -> Result<String, String> {
    let wrong = |error: serde_json::Error| format!("the members of a hello are no object: {error}");
    let mut merged: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(object).map_err(wrong)?;
    let members = if members.is_empty() { "{}" } else { members };
    let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(members).map_err(wrong)?;
    for (name, value) in members {
        let is_object = |value: &RawValue| value.get().starts_with('{');
        match merged.get(&name) {
            _ if value.get() == "\"$absent\"" => {
                merged.remove(&name);
            }
            Some(old) if is_object(old) && is_object(&value) => {
                let inner = self::merged(old.get(), value.get())?;
                merged.insert(name, RawValue::from_string(inner).map_err(wrong)?);
            }
            _ => {
                merged.insert(name, value);
            }
        }
    }
    serde_json::to_string(&merged).map_err(wrong)
}
