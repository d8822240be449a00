//! Which orders a trade server refuses, and with which code.

use tickpipe_proto::message::retcode::outcome_of;
use tickpipe_proto::message::{
    Filling, OrderResult, OrderType, SymbolInfo, Terminal, Tick, TradeMode,
};
use tickpipe_proto::types::{ClientId, Lots, Price};

/// What a terminal says, in its own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    CloseOnly,
    CloseVolume,
    Done,
    Filling,
    LongOnly,
    NoQuotes,
    PositionClosed,
    ShortOnly,
    Stops,
    Timeout,
    TradeDisabled,
    Volume,
}

impl Code {
    /// Returns MT5's retcode or MT4's error number.
    pub(super) const fn number(self, terminal: Terminal) -> u64 {
        let (mt5, mt4) = match self {
            Self::CloseOnly => (10044, 133),
            Self::CloseVolume => (10038, 131),
            Self::Done => (10009, 0),
            Self::Filling => (10030, 3),
            Self::LongOnly => (10042, 140),
            Self::NoQuotes => (10021, 136),
            Self::PositionClosed => (10036, 4108),
            Self::ShortOnly => (10043, 4110),
            Self::Stops => (10016, 130),
            Self::Timeout => (10012, 128),
            Self::TradeDisabled => (10017, 133),
            Self::Volume => (10014, 131),
        };
        if matches!(terminal, Terminal::Mt4) { mt4 } else { mt5 }
    }

    /// Returns a result with this code, and what the code means.
    pub(super) fn result(self, terminal: Terminal, client_id: ClientId) -> OrderResult {
        let retcode = self.number(terminal);
        let (outcome, is_retryable, text) = outcome_of(terminal, retcode);
        let mut result = OrderResult::new(outcome, retcode, client_id);
        result.is_retryable = is_retryable;
        text.clone_into(&mut result.message);
        result
    }
}

/// Why an order does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    code: Code,
    detail: String,
}

impl Refusal {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    pub(super) fn result(&self, terminal: Terminal, client_id: ClientId) -> OrderResult {
        let mut result = self.code.result(terminal, client_id);
        result.message = format!("{}: {}", result.message, self.detail);
        result
    }
}

/// Holds a volume against what the symbol allows.
pub(super) fn check_volume(info: &SymbolInfo, volume: Lots) -> Result<(), Refusal> {
    if info.allowed_lots(volume) == Some(volume) {
        return Ok(());
    }
    let (min, max, step) = (info.volume_min, info.volume_max, info.volume_step);
    let detail = format!("found {volume} lots, allowed are {min} to {max} in steps of {step}");
    Err(Refusal::new(Code::Volume, detail))
}

/// Holds what is to be closed against what is open. All of it may be closed, whatever it is.
pub(super) fn check_part(info: &SymbolInfo, held: Lots, volume: Lots) -> Result<(), Refusal> {
    if held < volume {
        let detail = format!("found {volume} lots, of which {held} are open");
        return Err(Refusal::new(Code::CloseVolume, detail));
    }
    if held == volume { Ok(()) } else { check_volume(info, volume) }
}

/// Holds a side against what may be opened.
pub(super) fn check_side(info: &SymbolInfo, side: OrderType) -> Result<(), Refusal> {
    let is_buy = side == OrderType::Buy;
    let code = match info.trade_mode {
        Some(TradeMode::CloseOnly) => Code::CloseOnly,
        Some(TradeMode::Disabled) => Code::TradeDisabled,
        Some(TradeMode::LongOnly) if !is_buy => Code::LongOnly,
        Some(TradeMode::ShortOnly) if is_buy => Code::ShortOnly,
        _ => return Ok(()),
    };
    Err(Refusal::new(code, format!("found the type {side}")))
}

/// Holds a filling against those of the symbol; nothing is known of them if it names none.
pub(super) fn check_filling(info: &SymbolInfo, filling: Option<Filling>) -> Result<(), Refusal> {
    match filling {
        Some(found) if !info.filling.is_empty() && !info.filling.contains(&found) => {
            let allowed: Vec<_> = info.filling.iter().map(|filling| filling.as_str()).collect();
            let detail = format!("found {}, allowed are {}", found.as_str(), allowed.join(" "));
            Err(Refusal::new(Code::Filling, detail))
        }
        _ => Ok(()),
    }
}

/// Holds the levels of a new position against the price at which it would be closed.
pub(super) fn check_levels(
    info: &SymbolInfo,
    tick: &Tick,
    side: OrderType,
    (stop_loss, take_profit): (Option<Price>, Option<Price>),
) -> Result<(), Refusal> {
    let is_buy = side == OrderType::Buy;
    let closing = if is_buy { tick.bid } else { tick.ask };
    let least = info.stops_level.unwrap_or_default().max(1);
    let check = |name: &str, level: Option<Price>, is_below: bool| {
        let Some(level) = level else { return Ok(()) };
        if info.round_price(level) != Some(level) {
            let detail =
                format!("found a {name} at {level}, allowed are steps of {}", info.price_step());
            return Err(Refusal::new(Code::Stops, detail));
        }
        let (upper, lower) = if is_below { (closing, level) } else { (level, closing) };
        let distance =
            info.points_above(upper, lower).and_then(|points| u64::try_from(points).ok());
        if distance.is_some_and(|distance| least <= distance) {
            return Ok(());
        }
        let direction = if is_below { "below" } else { "above" };
        let detail = format!(
            "found a {name} at {level}, allowed is one at least {least} points {direction} {closing}"
        );
        Err(Refusal::new(Code::Stops, detail))
    };
    check("stop loss", stop_loss, is_buy)?;
    check("take profit", take_profit, !is_buy)
}
