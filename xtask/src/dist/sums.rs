//! SHA-256 sums, in the form that `sha256sum -c` takes.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The name of the file with the sums.
pub(crate) const FILE: &str = "SHA256SUMS";

/// The sum of bytes, as 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to memory does not fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// Lists files by name with their sums.
pub(crate) fn list(sums: &BTreeMap<String, String>) -> String {
    sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}
