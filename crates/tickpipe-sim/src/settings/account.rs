//! An account out of its settings.

use std::num::{NonZeroU32, NonZeroUsize};

use tickpipe_proto::message::MarginMode;
use tickpipe_proto::types::Decimal;

use super::{InvalidSetting, Setting};
use crate::account::AccountSpec;

const NAMES: &[&str] = &[
    "balance",
    "currency",
    "currency_digits",
    "leverage",
    "margin_call",
    "mode",
    "orders_max",
    "positions_max",
    "stop_out",
];

const NUMBER: &str = "a number of zero or above, such as 100 or 0.5";
const COUNT: &str = "a whole number above zero";

/// Reads an account, such as `balance=10000,currency=EUR,leverage=30,mode=netting`.
///
/// | setting | value | default |
/// | --- | --- | --- |
/// | `balance` | money | 10000 |
/// | `currency` | such as `USD` | `USD` |
/// | `currency_digits` | decimals of money, 0 to 8 | 2 |
/// | `leverage` | 100 for 1:100 | 100 |
/// | `mode` | `hedging`, `netting` | `hedging` |
/// | `margin_call`, `stop_out` | percent | 100, 50 |
/// | `orders_max`, `positions_max` | counts | any number |
///
/// # Errors
///
/// Returns [`InvalidSetting`] for an unknown name, for one that stands twice, and for what is no value of
/// its setting.
pub fn account(text: &str) -> Result<AccountSpec, InvalidSetting> {
    let mut account = AccountSpec::default();
    for setting in Setting::list("account", text, NAMES)? {
        match setting.name {
            "balance" => account.balance = not_negative(&setting)?.into(),
            "currency" => account.currency = currency(&setting)?,
            "currency_digits" => account.currency_digits = setting.parse("0 to 8")?,
            "leverage" => account.leverage = setting.parse::<NonZeroU32>(COUNT)?.get(),
            "margin_call" => account.margin_call_percent = not_negative(&setting)?,
            "orders_max" => account.orders_max = Some(count(&setting)?),
            "positions_max" => account.positions_max = Some(count(&setting)?),
            "stop_out" => account.stop_out_percent = not_negative(&setting)?,
            _ => {
                account.margin_mode = setting
                    .word(&[("hedging", MarginMode::Hedging), ("netting", MarginMode::Netting)])?;
            }
        }
    }
    Ok(account)
}

fn count(setting: &Setting<'_>) -> Result<usize, InvalidSetting> {
    setting.parse::<NonZeroUsize>(COUNT).map(NonZeroUsize::get)
}

fn not_negative(setting: &Setting<'_>) -> Result<Decimal, InvalidSetting> {
    let number = setting.parse::<Decimal>(NUMBER)?;
    if number < Decimal::ZERO { Err(setting.wrong(NUMBER)) } else { Ok(number) }
}

pub(super) fn currency(setting: &Setting<'_>) -> Result<String, InvalidSetting> {
    let is_word = |text: &str| {
        (2..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    Some(setting.value)
        .filter(|text| is_word(text))
        .map(str::to_owned)
        .ok_or_else(|| setting.wrong("capital letters, such as USD"))
}
