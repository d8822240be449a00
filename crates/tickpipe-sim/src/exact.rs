//! Amounts as exact fractions, until they are booked.

use tickpipe_proto::types::{DIGITS_MAX, Decimal, Money, Price};

/// Units beyond which an amount is held, whatever is multiplied: 10^17.
///
/// Ten positions of that size still fit into what [`Money`] can say.
pub(crate) const UNITS_MAX: i128 = 100_000_000_000_000_000;

/// `num / den`, times ten to the power of minus `scale`.
///
/// What does not fit into 128 bits is held at [`UNITS_MAX`] when it is rounded, and keeps its sign. No
/// market comes near: prices and volumes have 12 digits at most, and zeros at the end of a factor count
/// for nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ratio {
    num: i128,
    den: i128,
    scale: i32,
    is_over: bool,
}

impl Ratio {
    /// Takes whole units of `digits` decimals.
    pub(crate) const fn new(units: i128, digits: u8) -> Self {
        Self { num: units, den: 1, scale: digits as i32, is_over: false }
    }

    pub(crate) fn times(self, factor: Decimal) -> Self {
        let (units, scale) = stripped(factor);
        self.times_units(units, scale)
    }

    pub(crate) fn times_units(self, units: i128, scale: i32) -> Self {
        let (num, is_over) = product(self.num, units);
        Self { num, is_over: self.is_over | is_over, scale: self.scale + scale, ..self }
    }

    /// Divides by a number above zero.
    pub(crate) fn over(self, divisor: Decimal) -> Self {
        let (units, scale) = stripped(divisor);
        self.over_units(units, scale)
    }

    pub(crate) fn over_units(self, units: i128, scale: i32) -> Self {
        // What is divided by more than fits is nothing.
        let (den, _) = product(self.den, units);
        Self { den, scale: self.scale - scale, ..self }
    }

    pub(crate) const fn is_negative(self) -> bool {
        self.num < 0
    }

    /// Returns whole units of `digits` decimals, halves away from zero, as `NormalizeDouble` rounds.
    pub(crate) fn round(self, digits: u8) -> i128 {
        let shift = i32::from(digits) - self.scale;
        let power = power(shift.unsigned_abs());
        let (num, den, is_over) = if 0 <= shift {
            let (num, is_over) = product(self.num, power);
            (num, self.den, is_over)
        } else {
            let (den, _) = product(self.den, power);
            (self.num, den, false)
        };
        let is_over = self.is_over || is_over;
        let units = if is_over { num.signum() * UNITS_MAX } else { divide(num, den) };
        units.clamp(-UNITS_MAX, UNITS_MAX)
    }
}

/// Divides by a number above zero, halves away from zero.
pub(crate) fn divide(num: i128, den: i128) -> i128 {
    let (size, den) = (num.unsigned_abs(), den.unsigned_abs().max(1));
    let (quotient, rest) = (size / den, size % den);
    let size = quotient + u128::from(den - rest <= rest);
    i128::try_from(size).unwrap_or(i128::MAX) * num.signum()
}

/// Returns the share of `amount` that `part` of `whole` has, rounded; nothing of nothing.
pub(crate) fn share(amount: i128, part: i64, whole: i64) -> i128 {
    if whole == 0 {
        return 0;
    }
    divide(amount * i128::from(part), whole.into())
}

/// Returns the average price of a cost, which is points times units of volume: in points if it is a whole
/// number of them, else with 8 decimals, or as many as there is room for behind a large price.
pub(crate) fn average_price(cost: i128, volume: i64, digits: u8) -> Option<Price> {
    let volume = i128::from(volume.max(1));
    let price = |units, digits| Price::new(i64::try_from(units).ok()?, digits).ok();
    if cost % volume == 0 {
        return price(cost / volume, digits);
    }
    (digits..=DIGITS_MAX).rev().find_map(|finer| {
        let power = 10_i128.pow(finer.saturating_sub(digits).into());
        price(divide(cost.checked_mul(power)?, volume), finer)
    })
}

/// Returns units as money; units beyond 18 digits are held there.
pub(crate) fn money(units: i128, digits: u8) -> Money {
    Money::new(held(units), digits).unwrap_or(Money::ZERO)
}

/// Returns the units that [`money`] shows.
pub(crate) fn held(units: i128) -> i64 {
    const LAST: i64 = 999_999_999_999_999_999;
    i64::try_from(units.clamp((-LAST).into(), LAST.into())).unwrap_or(LAST)
}

/// A number in the fewest units, and how many decimals those have; below zero for tens and hundreds.
fn stripped(decimal: Decimal) -> (i128, i32) {
    let (mut units, mut scale) = (decimal.units(), i32::from(decimal.digits()));
    while units != 0 && units % 10 == 0 {
        units /= 10;
        scale -= 1;
    }
    (units.into(), scale)
}

fn product(a: i128, b: i128) -> (i128, bool) {
    match a.checked_mul(b) {
        Some(product) => (product, false),
        None => (if (a < 0) == (b < 0) { i128::MAX } else { -i128::MAX }, true),
    }
}

/// Ten to the power of `exponent`.
const fn power(exponent: u32) -> i128 {
    match 10_i128.checked_pow(exponent) {
        Some(power) => power,
        None => i128::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn halves_go_away_from_zero() {
        let check = |units, digits, expected| {
            assert_eq!(Ratio::new(units, digits).round(2), expected, "{units} of {digits}");
        };
        check(12_345, 3, 1_235);
        check(-12_345, 3, -1_235);
        check(12_344, 3, 1_234);
        check(12, 0, 1_200);
        check(0, 8, 0);
    }

    #[test]
    fn products_and_quotients_are_exact() {
        // 65 points of 0.001, 1 lot of 100,000, over 110.065.
        let yen = Ratio::new(65, 3).times(decimal("100000"));
        assert_eq!(yen.round(2), 650_000);
        assert_eq!(yen.over(decimal("110.065")).round(2), 5_906);
        assert_eq!(Ratio::new(-1, 0).over(decimal("3")).round(8), -33_333_333);
    }

    #[test]
    fn what_is_too_large_is_held_with_its_sign() {
        let large = Ratio::new(i128::from(i64::MAX), 0);
        let large = large.times(decimal("999999999999999999")).times(decimal("999999999999999999"));
        assert_eq!(large.round(2), UNITS_MAX);
        assert_eq!(large.times(decimal("-1")).round(2), -UNITS_MAX);
        // However it is divided afterwards: it is not known any more.
        assert_eq!(large.over(decimal("999999999999999999")).round(0), UNITS_MAX);
        // What is divided by too much is nothing.
        let small = Ratio::new(1, 8).over(decimal("999999999999999999"));
        let small = small.over(decimal("999999999999999999")).over(decimal("999999999999999999"));
        assert_eq!(small.round(8), 0);
    }

    #[test]
    fn zeros_at_the_end_take_no_room() {
        let mut ratio = Ratio::new(12_345, 2);
        for _ in 0..20 {
            ratio =
                ratio.times(decimal("1000000000.00000000")).over(decimal("1000000000.00000000"));
        }
        assert_eq!(ratio.round(2), 12_345);
    }

    #[test]
    fn money_is_held_at_both_ends() {
        assert_eq!(money(i128::MAX, 2).to_string(), "9999999999999999.99");
        assert_eq!(held(i128::MIN), -999_999_999_999_999_999);
        assert_eq!(held(-17), -17);
    }

    #[test]
    fn an_average_has_the_decimals_there_is_room_for() {
        let check = |cost, volume, digits, expected: &str| {
            let price = average_price(cost, volume, digits).map(|price| price.to_string());
            assert_eq!(price.as_deref(), Some(expected), "{cost} of {volume}");
        };
        check(229_086, 2, 5, "1.14543");
        check(229_087, 2, 5, "1.14543500");
        check(100, 3, 0, "33.33333333");
        // Such a price with 8 decimals is more than a price can be.
        check(2_999_999_999_999, 3, 0, "999999999999.666667");
        check(1_999_999_999_997, 2, 0, "999999999998.500000");
    }

    #[test]
    fn shares_are_rounded() {
        assert_eq!(share(100, 1, 3), 33);
        assert_eq!(share(-5, 1, 2), -3);
        assert_eq!(share(5, 0, 0), 0);
    }
}
