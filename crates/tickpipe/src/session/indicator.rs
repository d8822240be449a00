//! Which values of which indicator.

use tickpipe_proto::message::Ask;
use tickpipe_proto::types::{Decimal, Symbol, Timeframe};

/// Values of an indicator, by the name that MQL's `iCustom` or the terminal knows it by.
///
/// # Defaults
///
/// No inputs, buffer 0, and the one value of the bar that has closed last (shift 1, count 1).
///
/// # Examples
///
/// ```
/// use tickpipe::session::{Indicator, Symbol, Timeframe};
///
/// let symbol = Symbol::new("EURUSD")?;
/// // A moving average of 14 bars, at the last three that have closed.
/// let average = Indicator::new("iMA", &symbol, Timeframe::M1).input(14).input(0).count(3);
/// # let _: Indicator = average;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Indicator {
    name: String,
    symbol: Symbol,
    timeframe: Timeframe,
    inputs: String,
    buffer: u64,
    shift: u64,
    count: u64,
}

impl Indicator {
    /// Names an indicator of a symbol.
    pub fn new(name: &str, symbol: &Symbol, timeframe: Timeframe) -> Self {
        Self {
            name: name.to_owned(),
            symbol: symbol.clone(),
            timeframe,
            inputs: String::new(),
            buffer: 0,
            shift: 1,
            count: 1,
        }
    }

    /// Adds the next input, a whole number.
    pub fn input(mut self, value: i64) -> Self {
        self.add(&value.to_string());
        self
    }

    /// Adds the next input, a decimal number.
    pub fn input_decimal(mut self, value: Decimal) -> Self {
        self.add(&value.to_string());
        self
    }

    /// Sets which of the indicator's lines.
    pub fn buffer(mut self, buffer: u64) -> Self {
        self.buffer = buffer;
        self
    }

    /// Sets the newest bar that is asked for; 0 is the running one.
    pub fn shift(mut self, shift: u64) -> Self {
        self.shift = shift;
        self
    }

    /// Sets how many values.
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    pub(crate) fn ask(&self) -> Ask {
        Ask::Indicator {
            name: self.name.clone(),
            symbol: self.symbol.clone(),
            timeframe: self.timeframe,
            inputs: self.inputs.clone(),
            buffer: self.buffer,
            shift: self.shift,
            count: self.count,
        }
    }

    fn add(&mut self, value: &str) {
        if !self.inputs.is_empty() {
            self.inputs.push(',');
        }
        self.inputs.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_numbers_with_commas_between_them() {
        let symbol = Symbol::new("EURUSD").unwrap();
        let indicator = Indicator::new("iMA", &symbol, Timeframe::M1).input(14).input(-1);
        let Ask::Indicator { inputs, buffer, shift, count, .. } = indicator.ask() else {
            unreachable!()
        };
        assert_eq!((inputs.as_str(), buffer, shift, count), ("14,-1", 0, 1, 1));
    }
}
