//! What a terminal's code says of an order: the table of chapter 18.

#[cfg(test)]
mod tests;

use super::{Outcome, Terminal};

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retcode {
    /// MT5's `retcode`, or MT4's error number.
    pub code: u64,
    /// `Done`, `Rejected` or `Unknown`.
    pub outcome: Outcome,
    /// Whether the same may be sent again later; with `Rejected` only.
    pub is_retryable: bool,
    /// In English, lower case, without a period.
    pub text: &'static str,
}

const fn done(code: u64, text: &'static str) -> Retcode {
    Retcode { code, outcome: Outcome::Done, is_retryable: false, text }
}

const fn rejected(code: u64, text: &'static str) -> Retcode {
    Retcode { code, outcome: Outcome::Rejected, is_retryable: false, text }
}

/// Rejected at this moment; later the same may pass.
const fn later(code: u64, text: &'static str) -> Retcode {
    Retcode { code, outcome: Outcome::Rejected, is_retryable: true, text }
}

const fn unknown(code: u64, text: &'static str) -> Retcode {
    Retcode { code, outcome: Outcome::Unknown, is_retryable: false, text }
}

/// MT5's codes, and those of simulated terminals.
///
/// # Source
///
/// <https://www.mql5.com/en/docs/constants/errorswarnings/enum_trade_return_codes>
pub const MT5: &[Retcode] = &[
    later(10004, "requote"),
    rejected(10006, "request rejected"),
    rejected(10007, "request canceled by the trader"),
    done(10008, "order placed"),
    done(10009, "request completed"),
    done(10010, "request completed in part"),
    unknown(10011, "request processing error"),
    unknown(10012, "request timed out"),
    rejected(10013, "invalid request"),
    rejected(10014, "invalid volume"),
    rejected(10015, "invalid price"),
    rejected(10016, "invalid stops"),
    rejected(10017, "trade is disabled"),
    later(10018, "market is closed"),
    rejected(10019, "not enough money"),
    later(10020, "prices changed"),
    later(10021, "no quotes to process the request"),
    rejected(10022, "invalid expiration"),
    rejected(10023, "order state changed"),
    later(10024, "too frequent requests"),
    rejected(10025, "no changes in the request"),
    rejected(10026, "autotrading disabled by the trade server"),
    rejected(10027, "autotrading disabled by the terminal"),
    later(10028, "request locked for processing"),
    later(10029, "order or position frozen"),
    rejected(10030, "invalid order filling type"),
    unknown(10031, "no connection with the trade server"),
    rejected(10032, "allowed only for live accounts"),
    rejected(10033, "too many pending orders"),
    rejected(10034, "too large a volume of orders and positions"),
    rejected(10035, "invalid or prohibited order type"),
    rejected(10036, "position has been closed already"),
    rejected(10038, "volume to close exceeds that of the position"),
    rejected(10039, "there is an order to close the position already"),
    rejected(10040, "too many open positions"),
    rejected(10042, "only long positions are allowed"),
    rejected(10043, "only short positions are allowed"),
    rejected(10044, "only closing is allowed"),
    rejected(10045, "only closing in the order of opening is allowed (FIFO)"),
    rejected(10046, "opposite positions are prohibited"),
];

/// MT4's error numbers.
///
/// # Source
///
/// <https://docs.mql4.com/constants/errorswarnings/errorcodes>
pub const MT4: &[Retcode] = &[
    done(0, "no error"),
    unknown(1, "no error, but the result is unknown"),
    unknown(2, "common error"),
    rejected(3, "invalid trade parameters"),
    later(4, "trade server is busy"),
    rejected(5, "old version of the terminal"),
    unknown(6, "no connection with the trade server"),
    rejected(7, "not enough rights"),
    later(8, "too frequent requests"),
    unknown(9, "malfunctional trade operation"),
    rejected(64, "account disabled"),
    rejected(65, "invalid account"),
    unknown(128, "trade timed out"),
    later(129, "invalid price"),
    rejected(130, "invalid stops"),
    rejected(131, "invalid volume"),
    later(132, "market is closed"),
    rejected(133, "trade is disabled"),
    rejected(134, "not enough money"),
    later(135, "price changed"),
    later(136, "off quotes"),
    later(137, "broker is busy"),
    later(138, "requote"),
    later(139, "order is locked"),
    rejected(140, "only long positions are allowed"),
    later(141, "too many requests"),
    unknown(142, "order enqueued"),
    unknown(143, "order accepted by the dealer"),
    later(145, "too close to the market to be modified"),
    later(146, "trade context is busy"),
    rejected(147, "expirations are denied by the broker"),
    rejected(148, "too many open and pending orders"),
    rejected(149, "opposite positions are prohibited"),
    rejected(150, "only closing in the order of opening is allowed (FIFO)"),
    rejected(4051, "invalid parameter of a function"),
    rejected(4059, "function is not allowed in the tester"),
    rejected(4105, "no order selected"),
    rejected(4106, "unknown symbol"),
    rejected(4107, "invalid price parameter"),
    rejected(4108, "invalid ticket"),
    rejected(4109, "trade is not allowed for the EA"),
    rejected(4110, "long positions are not allowed for the EA"),
    rejected(4111, "short positions are not allowed for the EA"),
    rejected(4112, "autotrading disabled by the trade server"),
];

/// Returns the codes of a terminal, in rising order.
#[must_use]
pub const fn table(terminal: Terminal) -> &'static [Retcode] {
    match terminal {
        Terminal::Mt4 => MT4,
        Terminal::Mt5 | Terminal::Sim => MT5,
    }
}

/// Returns what a code says of an order: outcome, whether the same may be sent again later, text.
///
/// A code that is not in the table is [`Outcome::Unknown`].
///
/// # Examples
///
/// ```
/// use tickpipe_proto::message::{Outcome, Terminal, retcode::outcome_of};
///
/// assert_eq!(outcome_of(Terminal::Mt5, 10009).0, Outcome::Done);
/// assert_eq!(outcome_of(Terminal::Mt4, 146), (Outcome::Rejected, true, "trade context is busy"));
/// assert_eq!(outcome_of(Terminal::Mt5, 77).0, Outcome::Unknown);
/// ```
#[must_use]
pub fn outcome_of(terminal: Terminal, retcode: u64) -> (Outcome, bool, &'static str) {
    match table(terminal).iter().find(|row| row.code == retcode) {
        Some(row) => (row.outcome, row.is_retryable, row.text),
        None => (Outcome::Unknown, false, "a code that is not known here"),
    }
}
