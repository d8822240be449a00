//! What things are worth: profit, margin, swap and commission, each by one formula.

#[cfg(test)]
mod tests;

use tickpipe_proto::types::Decimal;

use super::instrument::Instrument;
use super::spec::{CalcMode, Commission, SwapMode};
use crate::account::{AccountSpec, RateSide};
use crate::exact::Ratio;

/// Buy or sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Buy,
    Sell,
}

impl Side {
    pub(crate) const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// 1 for a buy, -1 for a sell.
    pub(crate) const fn sign(self) -> i64 {
        match self {
            Self::Buy => 1,
            Self::Sell => -1,
        }
    }
}

/// The one who values: an account, and the quotes of all symbols.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Valuer<'a> {
    pub(crate) account: &'a AccountSpec,
    pub(crate) instruments: &'a [Instrument],
}

impl Valuer<'_> {
    /// Returns a profit in the account's units, rounded; `None` as long as a rate is missing.
    ///
    /// `gain` is the price's change in points, times the volume in units, below zero for a loss.
    ///
    /// # Source
    ///
    /// `ENUM_SYMBOL_CALC_MODE` in
    /// <https://www.mql5.com/en/docs/constants/environment_state/marketinfoconstants>
    pub(crate) fn profit(&self, symbol: usize, gain: i128) -> Option<i128> {
        let instrument = self.instruments.get(symbol)?;
        let amount = profit_of(instrument, gain);
        // A gain is sold for the account's currency, a loss is bought with it.
        let side = if amount.is_negative() { RateSide::Ask } else { RateSide::Bid };
        let amount = instrument.of_profit.apply(amount, side, self.instruments)?;
        Some(amount.round(self.account.currency_digits))
    }

    /// Returns the margin of a volume by itself in the account's units, rounded; `None` as long as a
    /// rate is missing.
    ///
    /// # Source
    ///
    /// As for the profit, and <https://www.metatrader5.com/en/terminal/help/trading_advanced/margin_forex>
    pub(crate) fn margin(
        &self,
        symbol: usize,
        side: Side,
        volume: i64,
        price: i64,
    ) -> Option<i128> {
        let instrument = self.instruments.get(symbol)?;
        let spec = &instrument.spec;
        let lots = Ratio::new(volume.into(), instrument.volume_digits);
        let at_price = |amount: Ratio| amount.times_units(price.into(), spec.digits.into());
        let leverage = |amount: Ratio| amount.over_units(self.account.leverage.into(), 0);
        let is_fixed = !spec.margin_initial.is_zero();
        let contracts =
            if is_fixed { lots.times(spec.margin_initial) } else { lots.times(spec.contract_size) };
        let amount = match spec.calc_mode {
            CalcMode::Forex => leverage(contracts),
            CalcMode::CfdLeverage if is_fixed => leverage(contracts),
            CalcMode::CfdLeverage => leverage(at_price(contracts)),
            CalcMode::Cfd | CalcMode::CfdIndex if is_fixed => contracts,
            CalcMode::Cfd => at_price(contracts),
            CalcMode::CfdIndex => by_tick(instrument, at_price(contracts)),
            CalcMode::ForexNoLeverage => contracts,
            CalcMode::Futures => lots.times(spec.margin_initial),
        };
        let (rate, side) = match side {
            Side::Buy => (spec.margin_rate_long, RateSide::Ask),
            Side::Sell => (spec.margin_rate_short, RateSide::Bid),
        };
        let amount = instrument.of_margin.apply(amount.times(rate), side, self.instruments)?;
        Some(amount.round(self.account.currency_digits))
    }

    /// Returns what a deal costs, zero or below.
    pub(crate) fn commission(&self, symbol: usize, volume: i64, price: i64) -> Option<i128> {
        let instrument = self.instruments.get(symbol)?;
        let lots = Ratio::new(volume.into(), instrument.volume_digits);
        let digits = self.account.currency_digits;
        match instrument.spec.commission {
            Commission::None => Some(0),
            Commission::PerLot(amount) => Some(-lots.times(amount).round(digits)),
            Commission::Percent(percent) => {
                let value = profit_of(instrument, i128::from(price) * i128::from(volume));
                let cost = value.times(percent).over_units(100, 0);
                let cost = instrument.of_profit.apply(cost, RateSide::Ask, self.instruments)?;
                Some(-cost.round(digits))
            }
        }
    }

    /// Returns what one night of a position brings, below zero if it costs.
    ///
    /// # Source
    ///
    /// `ENUM_SYMBOL_SWAP_MODE` in
    /// <https://www.mql5.com/en/docs/constants/environment_state/marketinfoconstants>
    pub(crate) fn swap(&self, symbol: usize, side: Side, volume: i64) -> Option<i128> {
        let instrument = self.instruments.get(symbol)?;
        let swap = &instrument.spec.swap;
        let rate = if side == Side::Buy { swap.long } else { swap.short };
        let lots = Ratio::new(volume.into(), instrument.volume_digits);
        let amount = match swap.mode {
            SwapMode::Disabled => return Some(0),
            SwapMode::AccountCurrency => {
                return Some(lots.times(rate).round(self.account.currency_digits));
            }
            SwapMode::InterestCurrent => {
                let quote = instrument.quote?;
                let price = if side == Side::Buy { quote.bid } else { quote.ask };
                let value = profit_of(instrument, i128::from(price) * i128::from(volume));
                value.times(rate).over_units(100 * 360, 0)
            }
            SwapMode::Points => profit_of(instrument, volume.into()).times(rate),
        };
        let side = if amount.is_negative() { RateSide::Ask } else { RateSide::Bid };
        let amount = instrument.of_profit.apply(amount, side, self.instruments)?;
        Some(amount.round(self.account.currency_digits))
    }
}

/// The profit of points times units of volume, in the profit's currency.
fn profit_of(instrument: &Instrument, gain: i128) -> Ratio {
    let spec = &instrument.spec;
    let amount = Ratio::new(gain, spec.digits).times_units(1, instrument.volume_digits.into());
    if spec.calc_mode == CalcMode::Futures {
        by_tick(instrument, amount)
    } else {
        amount.times(spec.contract_size)
    }
}

/// Multiplies with the value of a tick over its size.
fn by_tick(instrument: &Instrument, amount: Ratio) -> Ratio {
    let value = instrument.spec.tick_value.unwrap_or(Decimal::ZERO);
    let size = (instrument.tick_size.into(), instrument.spec.digits.into());
    amount.times(value).over_units(size.0, size.1)
}
