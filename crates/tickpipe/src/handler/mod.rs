//! The seam between a connection and the code that answers its lines.

mod exchange;
pub(crate) mod exec;
mod forward;

use std::any::Any;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use tickpipe_proto::{ErrorCode, LineError, Reply, number};

pub(crate) use self::exchange::Partner;
pub use self::exec::{Exec, ExecHandler, ExecSummary};
pub use self::forward::{Forward, ForwardHandler, ForwardSummary};

/// Answers the lines of one connection.
///
/// A closure that takes a line and returns a [`Reply`] is a handler. A type implements the trait
/// when it keeps something between lines that a closure cannot say well.
///
/// # Examples
///
/// ```
/// use tickpipe::{LineHandler, Reply, number};
///
/// /// Answers each price with how far it moved since the last.
/// #[derive(Default)]
/// struct Change {
///     last: f64,
/// }
///
/// impl LineHandler for Change {
///     fn reply_to(&mut self, line: &str) -> Reply {
///         let price = number(line)?;
///         let change = price - std::mem::replace(&mut self.last, price);
///         Ok(format!("{change:.5}"))
///     }
/// }
///
/// let mut handler = Change::default();
/// handler.reply_to("1.10000")?;
/// assert_eq!(handler.reply_to("1.10025")?, "0.00025");
/// # Ok::<(), tickpipe::LineError>(())
/// ```
pub trait LineHandler: Send {
    /// Returns the reply to one line.
    ///
    /// `line` has no line end, no NUL, and is never empty. The reply is one line of text without
    /// its end.
    ///
    /// # Errors
    ///
    /// An error is sent as `ERR <code> <text>`. The connection goes on.
    ///
    /// # Panics
    ///
    /// A panic is caught and answered with `ERR handler_panic`; the next line gets a new handler.
    fn reply_to(&mut self, line: &str) -> Reply;

    /// Returns the reply to one line, for which there is time until `due`.
    ///
    /// The server calls this one. It is for handlers that wait for somebody else and want to say
    /// themselves why there is no answer; all others leave it as it is, and are answered for once
    /// `due` is over. `None` is all the time there is.
    ///
    /// # Errors
    ///
    /// As [`reply_to`](Self::reply_to).
    fn reply_by(&mut self, line: &str, due: Option<Instant>) -> Reply {
        let _: Option<Instant> = due;
        self.reply_to(line)
    }
}

impl<F: FnMut(&str) -> Reply + Send> LineHandler for F {
    fn reply_to(&mut self, line: &str) -> Reply {
        self(line)
    }
}

/// A handler of any kind.
pub(crate) type BoxedHandler = Box<dyn LineHandler>;

/// Makes the handler of each connection.
pub(crate) type Factory = Box<dyn Fn(&Peer) -> BoxedHandler + Send + Sync>;

/// Who is at the other end of a connection, as far as the system tells.
///
/// It is for logs and for people. A process id is no proof of anything: it is given out again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// The process.
    pub process_id: Option<u32>,
    /// Windows: the logon session.
    pub session_id: Option<u32>,
    /// The program's path.
    pub program: Option<String>,
    /// The user: a SID on Windows, a number on Unix.
    pub user: Option<String>,
    /// Where it came from, if it came over TCP; the system tells nothing else then.
    pub address: Option<SocketAddr>,
}

/// Doubles a number and writes it with three decimals: the article's program.
///
/// # Errors
///
/// Returns [`ErrorCode::NotANumber`], or [`ErrorCode::NonFinite`] for a number that is not finite
/// or whose double is not.
///
/// # Examples
///
/// ```
/// assert_eq!(tickpipe::double("1.10000000")?, "2.200");
/// # Ok::<(), tickpipe::LineError>(())
/// ```
pub fn double(line: &str) -> Reply {
    let doubled = number(line)? * 2.0;
    if doubled.is_finite() {
        return Ok(format!("{doubled:.3}"));
    }
    Err(LineError::new(
        ErrorCode::NonFinite,
        format!("twice `{}` is more than a number holds", tickpipe_proto::escaped(line, 40)),
    ))
}

/// Returns the line as it came.
///
/// # Errors
///
/// Never returns one.
pub fn echo(line: &str) -> Reply {
    Ok(line.to_owned())
}

/// Drops a handler; what it does then may panic as well.
pub(crate) fn drop_handler(handler: Option<BoxedHandler>) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(handler))) {
        tracing::error!(panic = panic_text(panic), "handler panicked when it was dropped");
    }
}

/// Returns what a panic said.
///
/// A panic may carry anything, which may panic in turn when it is dropped; then it is leaked.
pub(crate) fn panic_text(panic: Box<dyn Any + Send>) -> String {
    let text = text_of(panic.as_ref());
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(panic);
    }
    text
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tickpipe_proto::escaped(text, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn double_prints_what_python_prints() {
        // Each pair is what `'{0:.3f}'.format(float(s) * 2.0)` gives.
        for (line, reply) in [
            ("1.10000000", "2.200"),
            ("0.00025", "0.001"),
            ("0.0625", "0.125"),
            ("0.00625", "0.013"),
            ("-1.5", "-3.000"),
            ("-0.0001", "-0.000"),
            ("1e3", "2000.000"),
            (" 1.1 ", "2.200"),
            ("+1.1", "2.200"),
            (".5", "1.000"),
            ("1e22", "20000000000000000000000.000"),
        ] {
            assert_eq!(double(line).as_deref(), Ok(reply), "{line}");
        }
        for (line, code) in [
            ("1,1", ErrorCode::NotANumber),
            ("0x10", ErrorCode::NotANumber),
            ("1 2", ErrorCode::NotANumber),
            ("nan", ErrorCode::NonFinite),
            ("-inf", ErrorCode::NonFinite),
            ("1e400", ErrorCode::NonFinite),
            ("1.7e308", ErrorCode::NonFinite),
        ] {
            assert_eq!(double(line).unwrap_err().code(), code, "{line}");
        }
    }
}
