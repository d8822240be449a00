//! What a symbol allows: prices on its grid, lots in its steps.

#[cfg(test)]
mod tests;

use super::SymbolInfo;
use crate::types::{Decimal, InvalidDecimal, Lots, Price};

impl SymbolInfo {
    /// Returns the smallest change of a price: the tick size if there is one, else the point.
    #[must_use]
    pub fn price_step(&self) -> Price {
        self.tick_size.unwrap_or(self.point)
    }

    /// Takes a `f64` for the price of the symbol's digits that it stands for.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] for a number that is not within 1e-6 of a point, not finite, or not
    /// above zero.
    pub fn price_from_f64(&self, value: f64) -> Result<Price, InvalidDecimal> {
        Price::from_f64(value, self.digits)
    }

    /// Takes a `f64` for the number of lots that it stands for, in the decimals of the step.
    ///
    /// It may be less or more than the symbol allows; [`allowed_lots`](Self::allowed_lots) tells.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] for a number that is not within 1e-6 of a unit of these decimals,
    /// not finite, or not above zero. One that was computed is rounded first, and then down:
    ///
    /// ```
    /// use tickpipe_proto::message::SymbolInfo;
    /// use tickpipe_proto::types::{InvalidDecimal, Lots};
    ///
    /// fn lots(info: &SymbolInfo, computed: f64) -> Result<Option<Lots>, InvalidDecimal> {
    ///     let rounded = (computed * 1e6).round() / 1e6;
    ///     Ok(info.allowed_lots(Lots::from_f64(rounded, 6)?))
    /// }
    /// ```
    pub fn lots_from_f64(&self, value: f64) -> Result<Lots, InvalidDecimal> {
        Lots::from_f64(value, self.volume_step.digits()).map_err(|error| {
            if let InvalidDecimal::NotAPoint { found, digits } = error {
                return InvalidDecimal::NotALot { found, digits };
            }
            error
        })
    }

    /// Returns the nearest price that the symbol can have, halves up, with the symbol's digits.
    ///
    /// Returns `None` if that is zero, or does not fit.
    #[must_use]
    pub fn round_price(&self, price: Price) -> Option<Price> {
        let step = self.price_step();
        let digits = price.digits().max(step.digits());
        let (own, step) = (price.rescale(digits)?.points(), step.rescale(digits)?.points());
        let twice = own.checked_mul(2)?.checked_add(step)?;
        let steps = twice.checked_div(step.checked_mul(2)?)?;
        let rounded = Price::new(steps.checked_mul(step)?, digits).ok()?;
        Some(rounded.rescale(self.digits).unwrap_or(rounded))
    }

    /// Returns the price that is `points` of the symbol above another, or below for a number below
    /// zero.
    ///
    /// Returns `None` for what is not above zero or does not fit.
    #[must_use]
    pub fn offset(&self, price: Price, points: i64) -> Option<Price> {
        let change = self.point.points().checked_mul(points)?;
        price.checked_add(Decimal::new(change, self.point.digits()).ok()?)
    }

    /// Returns how many whole points `price` is above `other`, cut off towards zero; below zero if
    /// it is below.
    ///
    /// Returns `None` for what does not fit.
    #[must_use]
    pub fn points_above(&self, price: Price, other: Price) -> Option<i64> {
        let digits = price.digits().max(other.digits()).max(self.point.digits());
        let point = self.point.rescale(digits)?.points();
        price.points_above(other, digits)?.checked_div(point)
    }

    /// Returns the largest number of lots that the symbol allows and that is not above `volume`.
    ///
    /// Returns `None` if `volume` is less than the smallest.
    #[must_use]
    pub fn allowed_lots(&self, volume: Lots) -> Option<Lots> {
        let lots = volume.min(self.volume_max).floor_to_step(self.volume_step)?;
        if lots < self.volume_min { None } else { Some(lots) }
    }
}
