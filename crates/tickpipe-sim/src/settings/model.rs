//! What slips and what takes time, as a number or a range.

use std::str::FromStr;

use super::InvalidSetting;
use crate::broker::{Latency, Slippage};

impl FromStr for Slippage {
    type Err = InvalidSetting;

    /// Reads `none`, points such as `2`, or `0..5` for zero to five, each as likely.
    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let wrong = || InvalidSetting::new("slippage", text, "`none`, points such as 2, or 0..5");
        if text == "none" {
            return Ok(Self::None);
        }
        match text.split_once("..") {
            None => text.parse().map(Self::Fixed).map_err(|_| wrong()),
            Some(("0", most)) => most.parse().map(Self::Uniform).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }
}

impl FromStr for Latency {
    type Err = InvalidSetting;

    /// Reads `none`, milliseconds such as `80`, or `50..200` for any between, each as likely.
    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let wrong = || {
            let allowed = "`none`, milliseconds such as 80, or 50..200, 600000 at most";
            InvalidSetting::new("latency", text, allowed)
        };
        let time =
            |text: &str| text.parse().ok().filter(|time| *time <= LATENCY_MS_MAX).ok_or_else(wrong);
        if text == "none" {
            return Ok(Self::None);
        }
        let Some((least, most)) = text.split_once("..") else { return time(text).map(Self::Fixed) };
        let (least, most) = (time(least)?, time(most)?);
        if most < least { Err(wrong()) } else { Ok(Self::Uniform(least, most)) }
    }
}

/// Ten minutes.
const LATENCY_MS_MAX: u32 = 600_000;
