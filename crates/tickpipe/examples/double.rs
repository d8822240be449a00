//! The article's program as a library user writes it: answers each price with its double.

use tickpipe::{Server, number};

fn main() -> Result<(), tickpipe::Error> {
    let server = Server::bind("TestPipe")?;
    server.stop_on_signals()?;
    server.serve_fn(|line| Ok(format!("{:.3}", number(line)? * 2.0)))?;
    Ok(())
}
