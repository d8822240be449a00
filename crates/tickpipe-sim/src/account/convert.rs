//! Amounts of other currencies in the account's own.

use tickpipe_proto::types::Decimal;

use super::AccountSpec;
use crate::broker::{Instrument, SymbolSpec};
use crate::exact::Ratio;

/// Where the rate of a currency comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Conversion {
    /// It is divided by the quote of a symbol: yen to dollars by USDJPY.
    Over(usize),
    /// It is the account's own.
    Same,
    /// It is stated.
    Stated(Decimal),
    /// It is multiplied with the quote of a symbol: euros to dollars by EURUSD.
    Times(usize),
}

/// Which side of the rate, of a unit of the other currency in the account's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RateSide {
    /// The dearer one: what the account pays for the other currency.
    Ask,
    /// The cheaper one: what the account gets for it.
    Bid,
}

impl Conversion {
    /// Finds the rate of a currency: stated, or by the first symbol that has both currencies.
    pub(crate) fn find(
        currency: &str,
        account: &AccountSpec,
        symbols: &[SymbolSpec],
    ) -> Option<Self> {
        if currency == account.currency {
            return Some(Self::Same);
        }
        if let Some(rate) = account.rates.get(currency) {
            return Some(Self::Stated(*rate));
        }
        let is_pair = |base: &str, profit: &str| {
            let pair = |spec: &SymbolSpec| {
                spec.calc_mode.is_forex()
                    && spec.currency_base == base
                    && spec.currency_profit == profit
            };
            symbols.iter().position(pair)
        };
        is_pair(currency, &account.currency)
            .map(Self::Times)
            .or_else(|| is_pair(&account.currency, currency).map(Self::Over))
    }

    /// Returns the symbol whose quotes it needs.
    pub(crate) const fn symbol(self) -> Option<usize> {
        match self {
            Self::Over(symbol) | Self::Times(symbol) => Some(symbol),
            Self::Same | Self::Stated(_) => None,
        }
    }

    /// Converts an amount; `None` as long as the symbol has no quote.
    pub(crate) fn apply(
        self,
        amount: Ratio,
        side: RateSide,
        instruments: &[Instrument],
    ) -> Option<Ratio> {
        let quote = |symbol: usize, side| {
            let instrument = instruments.get(symbol)?;
            let quote = instrument.quote?;
            let points = if side == RateSide::Ask { quote.ask } else { quote.bid };
            Some((i128::from(points), i32::from(instrument.spec.digits)))
        };
        match self {
            Self::Same => Some(amount),
            Self::Stated(rate) => Some(amount.times(rate)),
            Self::Times(symbol) => {
                let (points, digits) = quote(symbol, side)?;
                Some(amount.times_units(points, digits))
            }
            // The ask of the inverse is one over the bid.
            Self::Over(symbol) => {
                let inverse = if side == RateSide::Ask { RateSide::Bid } else { RateSide::Ask };
                let (points, digits) = quote(symbol, inverse)?;
                Some(amount.over_units(points, digits))
            }
        }
    }
}
