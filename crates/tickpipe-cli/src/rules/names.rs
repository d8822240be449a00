//! What scripts call by name, and the texts in which names stand.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

/// Longest text that `${fill N}` and its like make.
const FILL_MAX: usize = 1 << 20;

/// Values by name, each as the JSON that it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// Calls a value by a name, in place of one that had it.
    pub(crate) fn set(&mut self, name: &str, json: String) {
        self.0.insert(name.to_owned(), json);
    }

    pub(crate) fn set_text(&mut self, name: &str, text: &str) {
        self.set(name, serde_json::Value::from(text).to_string());
    }

    pub(crate) fn set_number(&mut self, name: &str, number: u64) {
        self.set(name, number.to_string());
    }

    /// Returns the JSON of a name, or of a sum of names and numbers: `ask`, `first+n-1`.
    ///
    /// # Errors
    ///
    /// Returns the name that nothing has, or what is no number.
    pub(crate) fn value(&self, expression: &str) -> Result<String, String> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !expression.is_empty()
            && expression.chars().all(is_name)
            && !expression.starts_with(|c: char| c.is_ascii_digit())
        {
            let value = self.0.get(expression).cloned();
            return value.ok_or_else(|| format!("nothing is called `${expression}` yet"));
        }
        self.number(expression).map(|number| number.to_string())
    }

    /// Returns a number, or a sum of numbers and of names with or without `$`:
    /// `$heartbeat_ms/2+1000`.
    ///
    /// # Errors
    ///
    /// As [`value`](Self::value).
    pub(crate) fn number(&self, expression: &str) -> Result<i64, String> {
        let wrong = || format!("`{expression}` is no number and no sum of numbers");
        let mut total = 0_i64;
        let mut rest = expression;
        let mut sign = 1;
        loop {
            let end = rest.find(['+', '-']).unwrap_or(rest.len());
            let term = self.quotient(rest[..end].trim()).ok_or_else(wrong)?;
            total = term
                .checked_mul(sign)
                .and_then(|term| total.checked_add(term))
                .ok_or_else(wrong)?;
            let Some(operator) = rest[end..].chars().next() else { return Ok(total) };
            sign = if operator == '-' { -1 } else { 1 };
            rest = &rest[end + 1..];
        }
    }

    fn quotient(&self, term: &str) -> Option<i64> {
        match term.split_once('/') {
            Some((term, divisor)) => self.factor(term)?.checked_div(divisor.parse().ok()?),
            None => self.factor(term),
        }
    }

    fn factor(&self, word: &str) -> Option<i64> {
        let word = word.strip_prefix('$').unwrap_or(word);
        word.parse().ok().or_else(|| self.0.get(word)?.parse().ok())
    }

    /// Returns a text with its `${…}` replaced: `${fill 9}`, `${deep 9}`, `${open 9}`, and names,
    /// whose strings go in without their quotes.
    ///
    /// # Errors
    ///
    /// As [`value`](Self::value).
    pub(crate) fn expand(&self, text: &str) -> Result<String, String> {
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (inside, after) = after.split_once('}').ok_or("`${` has no end")?;
            expanded.push_str(before);
            expanded.push_str(&self.inside(inside)?);
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    fn inside(&self, inside: &str) -> Result<String, String> {
        if let Some((word, count)) = inside.split_once(' ') {
            let count = count.parse().ok().filter(|count| *count <= FILL_MAX);
            let count =
                count.ok_or_else(|| format!("`{inside}` has no number, or too large a one"))?;
            return match word {
                "fill" => Ok("x".repeat(count)),
                "deep" => Ok("[".repeat(count) + &"]".repeat(count)),
                "open" => Ok("[".repeat(count)),
                _ => Err(format!("there is no `{word}`, only fill, deep and open")),
            };
        }
        let json = self.value(inside)?;
        Ok(json.trim_matches('"').to_owned())
    }

    /// Returns a message that is sent: as [`expand`](Self::expand), and each string `"$…"` replaced
    /// by the value of that name.
    ///
    /// # Errors
    ///
    /// As [`value`](Self::value).
    pub(crate) fn message(&self, text: &str) -> Result<String, String> {
        let text = self.expand(text)?;
        let mut message = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("\"$") {
            let (expression, after) = after.split_once('"').ok_or("a string has no end")?;
            message.push_str(before);
            message.push_str(&self.value(expression)?);
            rest = after;
        }
        message.push_str(rest);
        Ok(message)
    }
}
