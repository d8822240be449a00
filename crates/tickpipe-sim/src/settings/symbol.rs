//! A symbol out of its name and its settings.

use tickpipe_proto::message::{Filling, TradeMode};
use tickpipe_proto::types::{Decimal, Symbol};

use super::account::currency;
use super::{InvalidSetting, Setting};
use crate::broker::{CalcMode, Commission, Execution, Sessions, SwapMode, SymbolSpec};

const NAMES: &[&str] = &[
    "base",
    "calc",
    "commission",
    "commission_percent",
    "contract_size",
    "currency",
    "description",
    "digits",
    "execution",
    "filling",
    "freeze_level",
    "margin",
    "margin_hedged",
    "margin_initial",
    "sessions",
    "stops_level",
    "swap_long",
    "swap_mode",
    "swap_short",
    "tick_size",
    "tick_value",
    "trade_mode",
    "volume_limit",
    "volume_max",
    "volume_min",
    "volume_step",
];

const NUMBER: &str = "a number such as 100 or 0.5";
const PRICE: &str = "a price above zero with at most 8 decimals";
const LOTS: &str = "lots above zero, such as 0.01";
const POINTS: &str = "a whole number of points";

/// Reads a symbol: its name, and after a colon its settings, such as `EURUSD:commission=3.5,stops_level=10`.
///
/// A name that [`SymbolSpec::known`] knows has that as its defaults; any other is a contract that needs
/// `currency`, `digits` and `contract_size`.
///
/// | setting | value |
/// | --- | --- |
/// | `digits` | decimals of a price, 0 to 8 |
/// | `contract_size` | units of a lot |
/// | `base`, `currency`, `margin` | currencies: what is traded, the price's, the margin's |
/// | `calc` | `forex`, `forex_no_leverage`, `cfd`, `cfd_leverage`, `cfd_index`, `futures` |
/// | `tick_size`, `tick_value` | a price; money of `currency` |
/// | `volume_min`, `volume_max`, `volume_step`, `volume_limit` | lots |
/// | `stops_level`, `freeze_level` | points |
/// | `margin_initial`, `margin_hedged` | money of `margin`; units |
/// | `commission`, `commission_percent` | of the account's money a lot and deal; of a deal's value |
/// | `swap_long`, `swap_short` | a night; below zero it is paid |
/// | `swap_mode` | `points` (default), `currency`, `interest` |
/// | `execution` | `market`, `instant` |
/// | `filling` | `fok`, `ioc`, `return`; several with `+` |
/// | `trade_mode` | `full`, `close_only`, `long_only`, `short_only`, `disabled` |
/// | `sessions` | `always`, `working_days` |
/// | `description` | text without a comma |
///
/// # Errors
///
/// Returns [`InvalidSetting`] for what is no symbol, for an unknown name, for one that stands twice, for what
/// is no value of its setting, and for an unknown symbol that lacks what it needs.
pub fn symbol(text: &str) -> Result<SymbolSpec, InvalidSetting> {
    let (name, settings) = text.split_once(':').unwrap_or((text, ""));
    let symbol = Symbol::new(name).map_err(|_| {
        InvalidSetting::new("symbol", name, "1 to 64 bytes without control characters")
    })?;
    let settings = Setting::list(name, settings, NAMES)?;
    let mut spec = match SymbolSpec::known(&symbol) {
        Some(spec) => spec,
        None => contract(symbol, &settings)?,
    };
    check_together(&settings)?;
    // The contract's size first, for others follow from it unless they are given.
    let is_size = |setting: &&Setting<'_>| setting.name == "contract_size";
    let (sizes, others): (Vec<_>, Vec<_>) = settings.iter().partition(is_size);
    for setting in sizes.into_iter().chain(others) {
        set(&mut spec, setting)?;
    }
    Ok(spec)
}

/// Refuses two settings of which one would be left out.
fn check_together(settings: &[Setting<'_>]) -> Result<(), InvalidSetting> {
    let find = |name: &str| settings.iter().find(|setting| setting.name == name);
    match (find("commission"), find("commission_percent")) {
        (Some(_), Some(percent)) => Err(percent.wrong("either commission or commission_percent")),
        _ => Ok(()),
    }
}

/// Begins a symbol that nobody knows.
fn contract(symbol: Symbol, settings: &[Setting<'_>]) -> Result<SymbolSpec, InvalidSetting> {
    let find = |name: &str| settings.iter().find(|setting| setting.name == name);
    let (Some(digits), Some(money), Some(size)) =
        (find("digits"), find("currency"), find("contract_size"))
    else {
        let allowed = format!(
            "a known pair or metal, or one with its properties, such as \
             `{symbol}:digits=2,currency=USD,contract_size=1`"
        );
        return Err(InvalidSetting::new("symbol", symbol.as_str(), allowed));
    };
    let (digits, size) = (digits.parse("0 to 8")?, size.parse(NUMBER)?);
    Ok(SymbolSpec::cfd(symbol, digits, &currency(money)?, size))
}

fn set(spec: &mut SymbolSpec, setting: &Setting<'_>) -> Result<(), InvalidSetting> {
    match setting.name {
        "base" => spec.currency_base = currency(setting)?,
        "calc" => spec.calc_mode = setting.word(CALC)?,
        "contract_size" => {
            let before = std::mem::replace(&mut spec.contract_size, setting.parse(NUMBER)?);
            if spec.margin_hedged == before {
                spec.margin_hedged = spec.contract_size;
            }
        }
        "currency" => spec.currency_profit = currency(setting)?,
        "description" => setting.value.clone_into(&mut spec.description),
        "digits" => spec.digits = setting.parse("0 to 8")?,
        "execution" => spec.execution = setting.word(EXECUTION)?,
        "filling" => spec.filling = filling(setting)?,
        "margin" => spec.currency_margin = currency(setting)?,
        "margin_hedged" => spec.margin_hedged = setting.parse(NUMBER)?,
        "margin_initial" => spec.margin_initial = setting.parse(NUMBER)?,
        "sessions" => match setting.value {
            "always" => spec.sessions = Sessions::ALWAYS,
            "working_days" => spec.sessions = Sessions::working_days(),
            _ => return Err(setting.wrong("always, working_days")),
        },
        "tick_size" => spec.tick_size = Some(setting.parse(PRICE)?),
        "tick_value" => spec.tick_value = Some(setting.parse(NUMBER)?),
        "trade_mode" => spec.trade_mode = setting.word(TRADE_MODE)?,
        _ => return set_cost_or_limit(spec, setting),
    }
    Ok(())
}

fn set_cost_or_limit(spec: &mut SymbolSpec, setting: &Setting<'_>) -> Result<(), InvalidSetting> {
    let number = || setting.parse::<Decimal>(NUMBER);
    match setting.name {
        "commission" => spec.commission = Commission::PerLot(number()?),
        "commission_percent" => spec.commission = Commission::Percent(number()?),
        "freeze_level" => spec.freeze_level = setting.parse(POINTS)?,
        "stops_level" => spec.stops_level = setting.parse(POINTS)?,
        "swap_long" => spec.swap.long = number()?,
        "swap_mode" => spec.swap.mode = setting.word(SWAP_MODE)?,
        "swap_short" => spec.swap.short = number()?,
        "volume_limit" => spec.volume_limit = Some(setting.parse(LOTS)?),
        "volume_max" => spec.volume_max = setting.parse(LOTS)?,
        "volume_min" => spec.volume_min = setting.parse(LOTS)?,
        _ => spec.volume_step = setting.parse(LOTS)?,
    }
    // A swap that was given is meant to be booked.
    if setting.name.starts_with("swap_") && spec.swap.mode == SwapMode::Disabled {
        spec.swap.mode = SwapMode::Points;
    }
    Ok(())
}

fn filling(setting: &Setting<'_>) -> Result<Vec<Filling>, InvalidSetting> {
    let allowed = "fok, ioc, return, several with +";
    let words = setting.value.split('+');
    words.map(|word| Filling::from_word(word).ok_or_else(|| setting.wrong(allowed))).collect()
}

const CALC: &[(&str, CalcMode)] = &[
    ("forex", CalcMode::Forex),
    ("forex_no_leverage", CalcMode::ForexNoLeverage),
    ("cfd", CalcMode::Cfd),
    ("cfd_leverage", CalcMode::CfdLeverage),
    ("cfd_index", CalcMode::CfdIndex),
    ("futures", CalcMode::Futures),
];

const EXECUTION: &[(&str, Execution)] =
    &[("market", Execution::Market), ("instant", Execution::Instant)];

const SWAP_MODE: &[(&str, SwapMode)] = &[
    ("points", SwapMode::Points),
    ("currency", SwapMode::AccountCurrency),
    ("interest", SwapMode::InterestCurrent),
];

const TRADE_MODE: &[(&str, TradeMode)] = &[
    ("full", TradeMode::Full),
    ("close_only", TradeMode::CloseOnly),
    ("long_only", TradeMode::LongOnly),
    ("short_only", TradeMode::ShortOnly),
    ("disabled", TradeMode::Disabled),
];
