//! Whether a message is what is expected.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::names::Names;

/// Where a message is not what is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// Such as `error.data.code`; empty for the whole.
    pub(crate) path: String,
    pub(crate) expected: String,
    pub(crate) found: String,
}

/// Holds a message against a pattern; what the pattern names is called so from then on.
///
/// # Errors
///
/// Returns the first place that differs, and leaves `names` as it was.
pub(crate) fn hold(pattern: &Value, found: &Value, names: &mut Names) -> Result<(), Mismatch> {
    let mut holder = Holder { names: names.clone(), path: Vec::new() };
    holder.value(pattern, Some(found))?;
    *names = holder.names;
    Ok(())
}

struct Holder {
    names: Names,
    path: Vec<String>,
}

impl Holder {
    fn value(&mut self, pattern: &Value, found: Option<&Value>) -> Result<(), Mismatch> {
        if let Value::String(text) = pattern
            && let Some(word) = text.strip_prefix('$')
        {
            return self.word(word, found);
        }
        let Some(found) = found else { return Err(self.differs(pattern, None)) };
        match (pattern, found) {
            (Value::Object(members), Value::Object(found)) => self.object(members, found),
            (Value::Array(values), Value::Array(found)) => self.list(values, found, pattern),
            (Value::Number(_), Value::Number(_)) if is_equal(pattern, found) => Ok(()),
            _ if pattern == found => Ok(()),
            _ => Err(self.differs(pattern, Some(found))),
        }
    }

    fn object(
        &mut self,
        members: &Map<String, Value>,
        found: &Map<String, Value>,
    ) -> Result<(), Mismatch> {
        for (name, pattern) in members {
            self.path.push(name.clone());
            self.value(pattern, found.get(name))?;
            self.path.pop();
        }
        Ok(())
    }

    fn list(&mut self, values: &[Value], found: &[Value], whole: &Value) -> Result<(), Mismatch> {
        let each = match values {
            [Value::String(word), each] if word == "$each" => Some(each),
            _ if values.len() == found.len() => None,
            _ => return Err(self.differs(whole, Some(&Value::from(found)))),
        };
        for (index, found) in found.iter().enumerate() {
            self.path.push(index.to_string());
            self.value(each.or(values.get(index)).unwrap_or(&Value::Null), Some(found))?;
            self.path.pop();
        }
        Ok(())
    }

    /// A string that begins with `$`, which is cut off.
    fn word(&mut self, word: &str, found: Option<&Value>) -> Result<(), Mismatch> {
        let shown = || Value::from(format!("${word}"));
        if let Some(words) = word.strip_prefix("one ") {
            let is_one = found
                .and_then(Value::as_str)
                .is_some_and(|found| words.split('|').any(|word| word == found));
            return if is_one { Ok(()) } else { Err(self.differs(&shown(), found)) };
        }
        let (kind, name) = match word.split_once('=') {
            Some((kind, name)) => (kind, Some(name)),
            None => (word, None),
        };
        let Some(is_of_kind) = is_of_kind(kind, found) else { return self.named(word, found) };
        if !is_of_kind {
            return Err(self.differs(&shown(), found));
        }
        if let (Some(name), Some(found)) = (name, found) {
            self.names.set(name, found.to_string());
        }
        Ok(())
    }

    /// The value of a name, or of a sum.
    fn named(&self, expression: &str, found: Option<&Value>) -> Result<(), Mismatch> {
        let known = self.names.value(expression);
        let known = known.and_then(|json| {
            serde_json::from_str::<Value>(&json).map_err(|error| error.to_string())
        });
        match known {
            Ok(known) if found.is_some_and(|found| is_equal(&known, found)) => Ok(()),
            Ok(known) => Err(self.differs(&known, found)),
            Err(error) => Err(Mismatch {
                path: self.path.join("."),
                expected: error,
                found: found.map_or_else(|| "no such member".to_owned(), Value::to_string),
            }),
        }
    }

    fn differs(&self, expected: &Value, found: Option<&Value>) -> Mismatch {
        Mismatch {
            path: self.path.join("."),
            expected: expected.to_string(),
            found: found.map_or_else(|| "no such member".to_owned(), Value::to_string),
        }
    }
}

/// Whether a value is of a kind; `None` if that is the name of no kind.
fn is_of_kind(kind: &str, found: Option<&Value>) -> Option<bool> {
    let is = |test: fn(&Value) -> bool| found.is_some_and(test);
    Some(match kind {
        "absent" => found.is_none(),
        "any" => found.is_some(),
        "bool" => is(Value::is_boolean),
        "count" => is(Value::is_u64),
        "digits" => found
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())),
        "list" => is(Value::is_array),
        "number" => is(Value::is_number),
        "object" => is(Value::is_object),
        "string" => is(Value::is_string),
        _ => return None,
    })
}

/// Equal, numbers by their value.
fn is_equal(left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let is_whole = |number: &serde_json::Number| number.is_u64() || number.is_i64();
            // Two whole numbers that are not equal must not become so as floating point.
            !(is_whole(left) && is_whole(right))
                && left
                    .as_f64()
                    .zip(right.as_f64())
                    .is_some_and(|(left, right)| left.total_cmp(&right).is_eq())
        }
        _ => false,
    }
}
