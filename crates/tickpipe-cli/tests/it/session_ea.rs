//! An EA in session mode: the one in C, which is told what lines to send.

use serde_json::{Value, json};

use crate::ea::Ea;
use crate::host::LIMIT;

/// EAs of one process, each a connection of its own and known by its slot.
pub(crate) struct SessionEas {
    ea: Ea,
    path: String,
    /// The number of the last request of each.
    last_ids: Vec<u64>,
}

impl SessionEas {
    pub(crate) fn new(path: &str) -> Self {
        Self { ea: Ea::start(), path: path.to_owned(), last_ids: Vec::new() }
    }

    /// Opens a session under an instance's name; returns its slot.
    #[track_caller]
    pub(crate) fn open(&mut self, instance: &str) -> u32 {
        let slot = self.connect();
        self.write(slot, &hello(instance));
        let (said, _) = self.hear(slot);
        assert_eq!(said, "1 ok", "{instance}");
        slot
    }

    /// Opens the pipe and says nothing.
    #[track_caller]
    pub(crate) fn connect(&mut self) -> u32 {
        let slot = u32::try_from(self.last_ids.len()).expect("few slots");
        self.ea.open(slot, &self.path);
        self.last_ids.push(1);
        slot
    }

    /// Sends a line. That a session is over already is seen in what is heard of it.
    pub(crate) fn write(&mut self, slot: u32, line: &str) {
        // In order to show them, a command's blanks and backslashes are escaped.
        let line = line.replace('\\', r"\\").replace(' ', r"\s");
        let sent = self.ea.ask(&format!(r"write {slot} {line}\n"));
        assert!(sent == "ok" || sent.starts_with("error "), "{sent}");
    }

    /// Sends a request whose answer is heard later; returns its number.
    #[track_caller]
    pub(crate) fn begin(&mut self, slot: u32, method: &str, params: &Value) -> u64 {
        let last_id = &mut self.last_ids[usize::try_from(slot).expect("a small number")];
        *last_id += 1;
        let id = *last_id;
        let line = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.write(slot, &line.to_string());
        id
    }

    #[track_caller]
    pub(crate) fn notify(&mut self, slot: u32, method: &str, params: &Value) {
        let line = json!({"jsonrpc": "2.0", "method": method, "params": params});
        self.write(slot, &line.to_string());
    }

    /// Sends a tick that nobody waits for, so many times.
    #[track_caller]
    pub(crate) fn stream(&mut self, slot: u32, count: u32) {
        let line = json!({"jsonrpc": "2.0", "method": "tick", "params": tick_params()});
        self.ea.check(&format!(r"repeat {slot} {count} {line}\n"), "ok");
    }

    /// Sends a tick and returns what comes next: `ok`, the code of its error, or what else it is.
    #[track_caller]
    pub(crate) fn tick(&mut self, slot: u32) -> String {
        let id = self.begin(slot, "tick", &tick_params());
        let (said, _) = self.hear(slot);
        said.strip_prefix(&format!("{id} ")).map_or(said.clone(), str::to_owned)
    }

    /// Waits for the next line, in short and whole: `2 ok`, `3 handler_timeout`, `bye CODE`, the name
    /// of what is asked, or `end`.
    #[track_caller]
    pub(crate) fn hear(&mut self, slot: u32) -> (String, Value) {
        let got = self.ea.ask(&format!("line {slot}"));
        let Some(line) = got.strip_prefix("line ") else {
            assert!(got == "eof" || got.starts_with("error "), "half a line: {got}");
            return ("end".to_owned(), Value::Null);
        };
        let line = line.strip_suffix(r"\n").expect("it is whole").replace(r"\s", " ");
        let line = line.replace(r"\\", r"\");
        let value: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(value["jsonrpc"], "2.0", "{line}");
        (short(&value), value)
    }

    /// Hears what is said up to the end, in short.
    #[track_caller]
    pub(crate) fn rest(&mut self, slot: u32) -> Vec<String> {
        let mut rest = Vec::new();
        loop {
            match self.hear(slot).0 {
                end if end == "end" => return rest,
                said => rest.push(said),
            }
        }
    }

    #[track_caller]
    pub(crate) fn expect(&mut self, slot: u32, want: &str) -> Value {
        let (said, value) = self.hear(slot);
        assert_eq!(said, want, "{value}");
        value
    }

    /// Answers a request of the server's.
    #[track_caller]
    pub(crate) fn answer(&mut self, slot: u32, request: &Value, result: &Value) {
        let line = json!({"jsonrpc": "2.0", "id": request["id"], "result": result});
        self.write(slot, &line.to_string());
    }

    /// Answers an order as filled.
    #[track_caller]
    pub(crate) fn fill(&mut self, slot: u32, request: &Value) {
        let result = json!({
            "outcome": "done", "retcode": 10009, "client_id": request["params"]["client_id"],
            "status": "filled", "order": "1", "deal": "1", "position": "1",
        });
        self.answer(slot, request, &result);
    }

    /// Opens sessions under an instance's name until one of them has its first tick answered.
    #[track_caller]
    pub(crate) fn open_again(&mut self, instance: &str) -> u32 {
        let until = std::time::Instant::now() + LIMIT;
        loop {
            let slot = self.open(instance);
            match self.tick(slot).as_str() {
                "ok" => return slot,
                "bye handler_unavailable" => {}
                // The session ended before the tick came.
                "shutting_down" | "handler_unavailable" => {}
                said => panic!("{instance} has a tick answered {said}"),
            }
            self.close(slot);
            assert!(std::time::Instant::now() < until, "{instance} has no program again");
        }
    }

    #[track_caller]
    pub(crate) fn close(&mut self, slot: u32) {
        self.ea.check(&format!("close {slot}"), "ok");
    }
}

/// The line that opens a session.
pub(crate) fn hello(instance: &str) -> String {
    let account = json!({
        "login": "5001234", "server": "Broker-Demo", "currency": "USD", "trade_mode": "demo",
        "margin_mode": "hedging",
    });
    let chart =
        json!({"id": "1", "symbol": "EURUSD", "timeframe": "M1", "digits": 5, "point": 0.001});
    let params = json!({
        "protocol": 1, "client": "TickPipe", "client_version": "0.1.0", "terminal": "mt5",
        "instance": instance, "account": account, "chart": chart, "tick_mode": "lockstep",
        "capabilities": ["comment", "order_send", "order_status"],
    });
    json!({"jsonrpc": "2.0", "id": 1, "method": "hello", "params": params}).to_string()
}

pub(crate) fn tick_params() -> Value {
    json!({"symbol": "EURUSD", "time_msc": 1_700_000_000_123_u64, "bid": 1.1, "ask": 1.10012})
}

fn short(value: &Value) -> String {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    if value["method"] == "bye" {
        return format!("bye {}", text(&value["params"]["code"]));
    }
    match (&value["method"], &value["error"]) {
        (Value::Null, Value::Null) => format!("{} ok", value["id"]),
        (Value::Null, error) => format!("{} {}", value["id"], text(&error["data"]["code"])),
        (method, _) => text(method),
    }
}
