//! Symbols whose properties follow from their names.

use tickpipe_proto::types::{Decimal, Symbol};

use super::spec::{CalcMode, SymbolSpec};

/// Currencies of pairs; a name with two of them side by side is a pair.
const CURRENCIES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNH", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR",
    "JPY", "KRW", "MXN", "NOK", "NZD", "PLN", "RON", "RUB", "SEK", "SGD", "THB", "TRY", "USD",
    "ZAR",
];

/// Metals with the units of a lot, and the decimals of their price.
const METALS: &[(&str, i64, u8)] =
    &[("XAG", 5000, 3), ("XAU", 100, 2), ("XPD", 100, 2), ("XPT", 100, 2)];

impl SymbolSpec {
    /// Returns the usual properties of a pair of currencies or a metal, known by its name: `EURUSD`,
    /// `XAUUSD`, also with something before or after it, such as `EURUSD.r`.
    ///
    /// Pairs have five decimals, and three with yen, forint, koruna, won or rouble as the price; gold
    /// is in lots of 100 ounces, silver of 5,000, with the account's leverage. Other properties are the defaults;
    /// brokers differ in all of it.
    #[must_use]
    pub fn known(symbol: &Symbol) -> Option<Self> {
        let name = symbol.as_str();
        let pairs = (0..name.len()).filter_map(|at| {
            let (base, profit) = (name.get(at..at + 3)?, name.get(at + 3..at + 6)?);
            CURRENCIES.contains(&profit).then_some((base, profit))
        });
        for (base, profit) in pairs {
            if CURRENCIES.contains(&base) && base != profit {
                let digits =
                    if matches!(profit, "CZK" | "HUF" | "JPY" | "KRW" | "RUB") { 3 } else { 5 };
                return Some(Self::forex(symbol.clone(), digits, base, profit));
            }
            let metal = METALS.iter().find(|(metal, _, _)| *metal == base);
            if let Some((metal, size, digits)) = metal {
                let size = Decimal::new(*size, 0).ok()?;
                let mut spec = Self::cfd(symbol.clone(), *digits, profit, size);
                spec.calc_mode = CalcMode::CfdLeverage;
                spec.currency_base = (*metal).to_owned();
                return Some(spec);
            }
        }
        None
    }
}
