//! The account: what it is, and how other currencies become its own.

mod convert;

use std::collections::BTreeMap;

use tickpipe_proto::message::MarginMode;
use tickpipe_proto::types::{Decimal, Money};

pub(crate) use self::convert::{Conversion, RateSide};

/// What an account is, before anything is traded.
///
/// # Defaults
///
/// Two digits, hedging, a margin call at 100 %, a stop out at 50 %, no limit of orders or positions, no
/// stated rates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountSpec {
    /// The currency that all money is in, such as `USD`.
    pub currency: String,
    /// Decimals that money is booked with, 0 to 8.
    pub currency_digits: u8,
    /// 100 for 1:100; at least 1.
    pub leverage: u32,
    /// `Hedging` or `Netting`.
    pub margin_mode: MarginMode,
    /// What is deposited at the begin.
    pub balance: Money,
    /// Equity as percent of margin below which the margin is called.
    pub margin_call_percent: Decimal,
    /// Equity as percent of margin below which positions are closed.
    pub stop_out_percent: Decimal,
    /// Most pending orders; `None` for any number.
    pub orders_max: Option<usize>,
    /// Most positions; `None` for any number.
    pub positions_max: Option<usize>,
    /// Units of the account's currency that one unit of another is worth. A stated rate goes before
    /// quotes.
    pub rates: BTreeMap<String, Decimal>,
}

impl Default for AccountSpec {
    /// 10,000 USD at a leverage of 100; the rest as the defaults say.
    fn default() -> Self {
        Self::new("USD", 100, Money::new(10_000, 0).expect("invariant: a number without decimals"))
    }
}

impl AccountSpec {
    /// Names an account; the rest is as the defaults say.
    #[must_use]
    pub fn new(currency: &str, leverage: u32, balance: Money) -> Self {
        Self {
            currency: currency.to_owned(),
            currency_digits: 2,
            leverage,
            margin_mode: MarginMode::Hedging,
            balance,
            margin_call_percent: percent(100),
            stop_out_percent: percent(50),
            orders_max: None,
            positions_max: None,
            rates: BTreeMap::new(),
        }
    }

    /// Sets how positions of one symbol are held.
    #[must_use]
    pub const fn with_margin_mode(mut self, margin_mode: MarginMode) -> Self {
        self.margin_mode = margin_mode;
        self
    }

    /// States what one unit of a currency is worth.
    #[must_use]
    pub fn with_rate(mut self, currency: &str, rate: Decimal) -> Self {
        self.rates.insert(currency.to_owned(), rate);
        self
    }

    /// Sets the stop out.
    #[must_use]
    pub const fn with_stop_out_percent(mut self, percent: Decimal) -> Self {
        self.stop_out_percent = percent;
        self
    }
}

fn percent(percent: i64) -> Decimal {
    Decimal::new(percent, 0).unwrap_or(Decimal::ZERO)
}
