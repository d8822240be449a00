//! A handler that keeps something between lines: how far the price moved since the last one.

use tickpipe::{LineHandler, Peer, Reply, Server, number};

#[derive(Default)]
struct Change {
    last: Option<f64>,
}

impl LineHandler for Change {
    fn reply_to(&mut self, line: &str) -> Reply {
        let price = number(line)?;
        let change = self.last.replace(price).map_or(0.0, |last| price - last);
        Ok(format!("{change:.5}"))
    }
}

fn main() -> Result<(), tickpipe::Error> {
    let server = Server::bind("TestPipe")?;
    server.stop_on_signals()?;
    // Each connection, so each chart, has a `Change` of its own.
    server.serve(|_: &Peer| Change::default())?;
    Ok(())
}
