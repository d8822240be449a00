//! Times and numbers as people and files read them.

#[cfg(test)]
mod tests;

use tickpipe_proto::message::OrderType;

use crate::calendar::{DAY_MS, date_of};

/// Returns `2019-02-04T00:00:00.994`: the trade server's clock, which has no zone.
pub(super) fn iso(time_msc: i64) -> String {
    let (day, clock) = day_and_clock(time_msc);
    format!("{day}T{clock}.{:03}", time_msc.rem_euclid(1000))
}

/// Returns `2019-02-04` and `00:00:00`.
pub(super) fn day_and_clock(time_msc: i64) -> (String, String) {
    let (year, month, day) = date_of(time_msc.div_euclid(DAY_MS));
    let seconds = time_msc.rem_euclid(DAY_MS) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    (format!("{year:04}-{month:02}-{day:02}"), format!("{hours:02}:{minutes:02}:{seconds:02}"))
}

/// Returns `2019-02-04 00:00:00`.
pub(super) fn moment(time_msc: i64) -> String {
    let (day, clock) = day_and_clock(time_msc);
    format!("{day} {clock}")
}

/// Returns a length of time in its two largest units: `2d 03h`, `1h 05m`, `3m 58s`, `0.250s`.
pub(super) fn duration(ms: i64) -> String {
    let seconds = ms / 1000;
    match seconds {
        ..60 => format!("{seconds}.{:03}s", ms.rem_euclid(1000)),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// Returns a number with commas between thousands: `-12,345.60`.
pub(super) fn grouped(number: &impl ToString) -> String {
    let number = number.to_string();
    let (sign, number) = number.strip_prefix('-').map_or(("", number.as_str()), |rest| ("-", rest));
    let (whole, decimals) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index != 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + decimals
}

/// Returns `buy` or `sell`.
pub(super) fn side(side: OrderType) -> &'static str {
    if side == OrderType::Sell { "sell" } else { "buy" }
}
