//! Accounts, symbols and models as a person types them: `balance=10000,leverage=100`.
//!
//! Each setting is a word, `=` and a value, with commas between them. What is not said stays as the
//! type's defaults are.

mod account;
mod model;
mod symbol;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use thiserror::Error;
use tickpipe_proto::escaped;

pub use self::account::account;
pub use self::symbol::symbol;

const SHOWN_CHARS_MAX: usize = 40;

/// Something that is no setting, or no value of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{setting}: found `{found}`, allowed is {allowed}")]
#[non_exhaustive]
pub struct InvalidSetting {
    /// The setting, or what it was to be one of.
    pub setting: String,
    /// What was found.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
}

impl InvalidSetting {
    fn new(setting: &str, found: &str, allowed: impl Into<String>) -> Self {
        Self {
            setting: escaped(setting, SHOWN_CHARS_MAX),
            found: escaped(found, SHOWN_CHARS_MAX),
            allowed: allowed.into(),
        }
    }
}

/// One setting.
#[derive(Clone, Copy, Debug)]
struct Setting<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> Setting<'a> {
    /// Splits a list; `names` are those that there are.
    fn list(of: &str, text: &'a str, names: &[&str]) -> Result<Vec<Self>, InvalidSetting> {
        let mut settings: Vec<Self> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|_| !text.is_empty()) {
            let named = part.split_once('=').filter(|(name, _)| names.contains(name));
            let Some((name, value)) = named else {
                let allowed = format!("NAME=VALUE with one of {}", names.join(", "));
                return Err(InvalidSetting::new(of, part, allowed));
            };
            if settings.iter().any(|setting| setting.name == name) {
                return Err(InvalidSetting::new(of, part, format!("{name} once")));
            }
            settings.push(Self { name, value });
        }
        Ok(settings)
    }

    fn parse<T: FromStr>(&self, allowed: &str) -> Result<T, InvalidSetting> {
        self.value.parse().map_err(|_| self.wrong(allowed))
    }

    /// Reads one of some words.
    fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, InvalidSetting> {
        let found = words.iter().find(|(word, _)| *word == self.value);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(&words.join(", "))
        })
    }

    fn wrong(&self, allowed: &str) -> InvalidSetting {
        InvalidSetting::new(self.name, self.value, allowed)
    }
}
