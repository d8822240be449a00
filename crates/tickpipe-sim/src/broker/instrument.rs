//! A symbol as the broker holds it: checked, with its quote.

use thiserror::Error;
use tickpipe_proto::message::{SymbolInfo, Tick};
use tickpipe_proto::types::{Decimal, Lots, Price, Symbol};

use super::SymbolSpec;
use super::spec::CalcMode;
use super::value::Side;
use crate::account::{AccountSpec, Conversion};

/// Prices have fewer points, so that sums of prices and volumes fit into 128 bits with ease.
const POINTS_MAX: i64 = 1_000_000_000_000;
/// Volumes have fewer units, and so has all that is held in one direction.
pub(super) const VOLUME_UNITS_MAX: i64 = 1_000_000_000_000;

/// A property that cannot be, or that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{of}: {member} is {found}, allowed is {allowed}")]
#[non_exhaustive]
pub struct InvalidSpec {
    /// The symbol, or `account`.
    pub of: String,
    /// The property.
    pub member: &'static str,
    /// What it is.
    pub found: String,
    /// What it may be.
    pub allowed: &'static str,
}

/// What a symbol costs now, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) bid: i64,
    pub(crate) ask: i64,
}

/// A checked symbol with what follows from its properties.
#[derive(Clone, Debug)]
pub(crate) struct Instrument {
    pub(crate) spec: SymbolSpec,
    pub(crate) quote: Option<Quote>,
    pub(crate) tick: Option<Tick>,
    /// Decimals of a unit of volume.
    pub(crate) volume_digits: u8,
    pub(crate) volume_min: i64,
    pub(crate) volume_max: i64,
    pub(crate) volume_step: i64,
    pub(crate) volume_limit: Option<i64>,
    /// In points.
    pub(crate) tick_size: i64,
    pub(crate) of_profit: Conversion,
    pub(crate) of_margin: Conversion,
}

impl Instrument {
    /// Checks a symbol's properties and finds its currencies' rates.
    pub(crate) fn new(
        spec: &SymbolSpec,
        account: &AccountSpec,
        symbols: &[SymbolSpec],
    ) -> Result<Self, InvalidSpec> {
        check(spec)?;
        let volumes = [spec.volume_min, spec.volume_max, spec.volume_step];
        let volume_digits = volumes.iter().map(|volume| volume.digits()).max().unwrap_or(0);
        let units = |member, volume: Lots| {
            let units = volume.rescale(volume_digits).map(Lots::units);
            let units = units.filter(|units| *units < VOLUME_UNITS_MAX);
            units.ok_or_else(|| {
                let allowed = "no more decimals than volume_step, and less than 10^12 of the last";
                wrong(spec, member, volume.to_string(), allowed)
            })
        };
        let (volume_min, volume_max) =
            (units("volume_min", spec.volume_min)?, units("volume_max", spec.volume_max)?);
        if volume_max < volume_min {
            return Err(wrong(
                spec,
                "volume_max",
                spec.volume_max.to_string(),
                "volume_min or more",
            ));
        }
        let volume_step = units("volume_step", spec.volume_step)?;
        if volume_max - volume_max % volume_step < volume_min {
            let allowed = "a step of which a multiple is from volume_min to volume_max";
            return Err(wrong(spec, "volume_step", spec.volume_step.to_string(), allowed));
        }
        let limit = spec.volume_limit.map(|limit| units("volume_limit", limit));
        let tick_size = match spec.tick_size {
            None => 1,
            Some(size) => size.rescale(spec.digits).map(Price::points).ok_or_else(|| {
                wrong(spec, "tick_size", size.to_string(), "a whole number of points")
            })?,
        };
        let rate = |member, currency: &String| {
            Conversion::find(currency, account, symbols).ok_or_else(|| {
                let allowed = "the account's currency, one with a stated rate, or one of a pair \
                               with it that is traded here";
                wrong(spec, member, currency.clone(), allowed)
            })
        };
        Ok(Self {
            of_profit: rate("currency_profit", &spec.currency_profit)?,
            of_margin: rate("currency_margin", &spec.currency_margin)?,
            spec: spec.clone(),
            quote: None,
            tick: None,
            volume_digits,
            volume_min,
            volume_max,
            volume_step,
            volume_limit: limit.transpose()?,
            tick_size,
        })
    }

    /// Reads a price in points; `None` for one that is no multiple of the tick's size.
    pub(crate) fn points(&self, price: Price) -> Option<i64> {
        let points = self.tick_points(price)?;
        (points % self.tick_size == 0).then_some(points)
    }

    /// Reads a tick's price, which may have any whole number of points.
    pub(crate) fn tick_points(&self, price: Price) -> Option<i64> {
        let same = price.digits() == self.spec.digits;
        let price = if same { price } else { price.rescale(self.spec.digits)? };
        (price.points() < POINTS_MAX).then_some(price.points())
    }

    /// Reads a volume in units; `None` for one that has more decimals than the step.
    pub(crate) fn volume(&self, volume: Lots) -> Option<i64> {
        volume.rescale(self.volume_digits).map(Lots::units)
    }

    /// Returns points as a price; `None` for none above zero.
    pub(crate) fn price(&self, points: i64) -> Option<Price> {
        Price::new(points, self.spec.digits).ok()
    }

    /// Returns units as lots; `None` for none above zero.
    pub(crate) fn lots(&self, units: i64) -> Option<Lots> {
        Lots::new(units, self.volume_digits).ok()
    }

    /// Returns the properties as the wire has them.
    pub(crate) fn info(&self) -> Option<SymbolInfo> {
        let spec = &self.spec;
        let point = Price::new(1, spec.digits).ok()?;
        let (min, max, step) = (spec.volume_min, spec.volume_max, spec.volume_step);
        let mut info = SymbolInfo::new(spec.symbol.clone(), spec.digits, point, min, max, step);
        info.description = (!spec.description.is_empty()).then(|| spec.description.clone());
        info.tick_size = spec.tick_size.or(Some(point));
        info.tick_value = spec.tick_value;
        info.contract_size = Some(spec.contract_size);
        info.stops_level = Some(spec.stops_level.into());
        info.freeze_level = Some(spec.freeze_level.into());
        info.currency_base = Some(spec.currency_base.clone());
        info.currency_profit = Some(spec.currency_profit.clone());
        info.currency_margin = Some(spec.currency_margin.clone());
        info.trade_mode = Some(spec.trade_mode);
        info.filling.clone_from(&spec.filling);
        info.swap_long = Some(spec.swap.long);
        info.swap_short = Some(spec.swap.short);
        Some(info)
    }
}

fn wrong(
    spec: &SymbolSpec,
    member: &'static str,
    found: String,
    allowed: &'static str,
) -> InvalidSpec {
    InvalidSpec { of: spec.symbol.to_string(), member, found, allowed }
}

/// Checks what needs no other symbol.
fn check(spec: &SymbolSpec) -> Result<(), InvalidSpec> {
    if Price::new(1, spec.digits).is_err() {
        return Err(wrong(spec, "digits", spec.digits.to_string(), "0 to 8"));
    }
    let is_above_zero = |value: Decimal| !value.is_zero() && !value.is_negative();
    for (member, value) in [
        ("contract_size", spec.contract_size),
        ("margin_rate_long", spec.margin_rate_long),
        ("margin_rate_short", spec.margin_rate_short),
    ] {
        if !is_above_zero(value) {
            return Err(wrong(spec, member, value.to_string(), "above zero"));
        }
    }
    for (member, value) in
        [("margin_hedged", spec.margin_hedged), ("margin_initial", spec.margin_initial)]
    {
        if value.is_negative() {
            return Err(wrong(spec, member, value.to_string(), "zero or above"));
        }
    }
    let needs_value = matches!(spec.calc_mode, CalcMode::Futures | CalcMode::CfdIndex);
    if needs_value && !spec.tick_value.is_some_and(is_above_zero) {
        let found = spec.tick_value.map_or_else(|| "missing".to_owned(), |value| value.to_string());
        return Err(wrong(spec, "tick_value", found, "above zero, for futures and indices"));
    }
    if spec.filling.is_empty() {
        return Err(wrong(spec, "filling", "empty".to_owned(), "one at least"));
    }
    Ok(())
}

/// Checks an account's properties.
pub(crate) fn check_account(account: &AccountSpec) -> Result<(), InvalidSpec> {
    let wrong = |member, found: String, allowed| {
        Err(InvalidSpec { of: "account".to_owned(), member, found, allowed })
    };
    if account.leverage == 0 {
        return wrong("leverage", "0".to_owned(), "1 at least");
    }
    if 8 < account.currency_digits {
        return wrong("currency_digits", account.currency_digits.to_string(), "0 to 8");
    }
    if account.balance.rescale(account.currency_digits).is_none() {
        return wrong("balance", account.balance.to_string(), "as many decimals as the currency");
    }
    if account.stop_out_percent.is_negative() {
        return wrong("stop_out_percent", account.stop_out_percent.to_string(), "zero or above");
    }
    if let Some((currency, rate)) =
        account.rates.iter().find(|(_, rate)| rate.is_zero() || rate.is_negative())
    {
        return wrong("rates", format!("{rate} for {currency}"), "above zero");
    }
    Ok(())
}

/// Says that a symbol stands twice.
pub(crate) fn twice(symbol: &Symbol) -> InvalidSpec {
    InvalidSpec {
        of: symbol.to_string(),
        member: "symbol",
        found: "there twice".to_owned(),
        allowed: "one of each name",
    }
}

/// What a side pays and gets.
impl Instrument {
    /// Returns the price at which a side opens: a buy at the ask.
    pub(crate) fn opening(&self, side: Side) -> Option<i64> {
        self.quote.map(|quote| if side == Side::Buy { quote.ask } else { quote.bid })
    }

    /// Returns the price at which a side closes: a buy at the bid.
    pub(crate) fn closing(&self, side: Side) -> Option<i64> {
        self.opening(side.opposite())
    }
}
