//! Which licences a package may have.

#[cfg(test)]
mod tests;

use anyhow::Context as _;
use spdx::{Expression, ParseMode};

/// What lets us hand the programs out as we do, with a notice alone. Sorted.
pub(super) const ALLOWED: &[&str] = &["Apache-2.0", "BSD-3-Clause", "MIT", "Unicode-3.0", "Zlib"];

/// Whether an SPDX expression leaves a choice of allowed licences.
pub(super) fn is_allowed(expression: &str) -> anyhow::Result<bool> {
    // Old packages write `/` for `OR`.
    let parsed = Expression::parse_mode(expression, ParseMode::LAX)
        .map_err(|error| anyhow::anyhow!("{}", error.reason))
        .with_context(|| format!("`{expression}` is no SPDX expression"))?;
    Ok(parsed.evaluate(|requirement| ALLOWED.contains(&requirement.to_string().as_str())))
}
