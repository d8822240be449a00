//! An EA that writes its lines by hand.

use std::io::{BufRead as _, BufReader, Read, Write};

/// A connection as an EA has it.
pub(crate) trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// An EA that does what the test says.
pub(crate) struct Ea {
    wire: BufReader<Box<dyn Wire>>,
}

impl Ea {
    pub(crate) fn new(wire: impl Wire + 'static) -> Self {
        Self { wire: BufReader::new(Box::new(wire)) }
    }

    pub(crate) fn send(&mut self, line: &str) {
        self.wire.get_mut().write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Opens a session.
    pub(crate) fn hello(&mut self, instance: &str) {
        self.send(&hello_line(instance));
        self.expect(r#""id":"hello","result":"#);
    }

    /// Sends a tick in lockstep.
    pub(crate) fn tick(&mut self, id: u64) {
        self.send(&tick_line(id));
    }

    /// Reads the next line; empty at the end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        match self.wire.read_line(&mut line) {
            Ok(_) => line.trim_end().to_owned(),
            // What a peer finds of a connection that was closed over what it had sent.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => String::new(),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => String::new(),
            Err(error) => panic!("{error}"),
        }
    }

    /// Reads the next line, which has to contain this.
    pub(crate) fn expect(&mut self, part: &str) -> String {
        let line = self.line();
        assert!(line.contains(part), "found `{line}`, expected `{part}`");
        line
    }
}

pub(crate) fn hello_line(instance: &str) -> String {
    const LINE: &str = concat!(
        r#"{"jsonrpc":"2.0","id":"hello","method":"hello","params":{"protocol":1,"#,
        r#""client":"test","client_version":"1","terminal":"sim","instance":"INSTANCE","#,
        r#""account":{"login":"1","server":"S","currency":"USD","trade_mode":"demo","#,
        r#""margin_mode":"hedging"},"chart":{"id":"1","symbol":"EURUSD","timeframe":"M1","#,
        r#""digits":5,"point":0.00001},"tick_mode":"lockstep","capabilities":["comment"]}}"#
    );
    LINE.replace("INSTANCE", instance)
}

pub(crate) fn tick_line(id: u64) -> String {
    let head = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tick","params":"#);
    let tick = r#"{"symbol":"EURUSD","time_msc":1700000000123,"bid":1.10000,"ask":1.10012}"#;
    format!("{head}{tick}}}")
}
