//! The secret that a server which listens on TCP shares with those who may come.

mod file;

use std::fmt;
use std::hint::black_box;
use std::io;

use crate::error::Error;

pub use self::file::default_token_path;

/// Bytes of a new token: 256 bits from the system.
const RANDOM_LEN: usize = 32;

/// Hexadecimal digits of a token: at least 128 bits.
const DIGITS_MIN: usize = 32;
const DIGITS_MAX: usize = 128;

/// A secret of 32 to 128 hexadecimal digits.
///
/// It is never shown: not in logs, not in errors, not by `{:?}`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Makes a new token of 256 random bits.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Io`](crate::ErrorKind::Io) if the system gives no random bytes.
    pub fn random() -> Result<Self, Error> {
        let mut bytes = [0; RANDOM_LEN];
        getrandom::fill(&mut bytes)
            .map_err(|error| Error::io("cannot make a token", io::Error::from(error)))?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Takes the digits of a token; `None` if they are none.
    #[must_use]
    pub fn from_digits(digits: &str) -> Option<Self> {
        let is_token = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_token.then(|| Self(digits.to_owned()))
    }

    /// Returns the line that shows the token to a server.
    pub(crate) fn line(&self) -> String {
        format!("{}\r\n", self.0)
    }

    /// Returns whether `shown` is the token, in a time that tells nothing about where it differs.
    pub(crate) fn is(&self, shown: &[u8]) -> bool {
        let token = self.0.as_bytes();
        let differences = token.iter().zip(shown).fold(0, |seen, (a, b)| black_box(seen | (a ^ b)));
        token.len() == shown.len() && differences == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let token = Token::random().unwrap();
        let digits = token.line().trim_end().to_owned();
        assert_eq!(digits.len(), 2 * RANDOM_LEN);
        assert!(token.is(digits.as_bytes()));
        assert!(!token.is(b""));
        assert!(!token.is(&digits.as_bytes()[1..]));
        assert!(!token.is(format!("{digits}0").as_bytes()));
        for at in 0..digits.len() {
            let mut other = digits.clone().into_bytes();
            other[at] ^= 1;
            assert!(!token.is(&other), "digit {at}");
        }
        assert!(!token.is(Token::random().unwrap().line().trim_end().as_bytes()));
        assert!(!format!("{token:?}").contains(&digits));
    }

    #[test]
    fn only_enough_digits_are_a_token() {
        for (digits, is_token) in [
            ("0123456789abcdefABCDEF0123456789".to_owned(), true),
            ("0".repeat(31), false),
            ("0".repeat(128), true),
            ("0".repeat(129), false),
            (format!("{} ", "0".repeat(32)), false),
            (format!("{}g", "0".repeat(32)), false),
        ] {
            assert_eq!(Token::from_digits(&digits).is_some(), is_token, "{digits}");
        }
    }
}
