//! A file's text as settings: which key has which value, and where it stands.

use std::ffi::OsString;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Kind, LEVELS};
use super::{Fault, Setting};

/// How alike two names are at least for one to be taken for the other.
const ALIKE_MIN: f64 = 0.75;
/// What people stumble over who write a path of Windows.
const BACKSLASH: &str = "in double quotes a \\ begins a character's code, write paths in single \
                         quotes: 'C:\\bots\\double.py'";

/// Reads a text, as far as that goes; relative paths in it start from `folder`.
pub(super) fn settings(text: &str, folder: &Path) -> (Vec<Setting>, Vec<Fault>) {
    let mut reader = Reader { text, folder, settings: Vec::new(), faults: Vec::new() };
    match DeTable::parse(text) {
        Ok(document) => reader.table("", document.get_ref()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let mut told = error.message().trim_end().to_owned();
            if has_backslash(text, at) {
                told.push_str(&format!("; {BACKSLASH}"));
            }
            reader.fault(at, told);
        }
    }
    (reader.settings, reader.faults)
}

struct Reader<'a> {
    text: &'a str,
    folder: &'a Path,
    settings: Vec<Setting>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, byte: usize, text: String) {
        self.faults.push(Fault::new(text).at(self.text, byte));
    }

    fn table(&mut self, table: &str, entries: &DeTable<'_>) {
        for (name, value) in entries {
            let at = name.span().start;
            let name = name.get_ref().as_ref();
            let is_table = table.is_empty() && KEYS.iter().any(|key| key.table == name);
            if is_table && !name.is_empty() {
                if let DeValue::Table(entries) = value.get_ref() {
                    self.table(name, entries);
                } else {
                    self.fault(at, format!("`{name}` is a table; write `[{name}]` above its keys"));
                }
                continue;
            }
            match KEYS.iter().find(|key| key.table == table && key.name == name) {
                Some(key) => self.value(key, value),
                None => self.fault(at, unknown(table, name)),
            }
        }
    }

    fn value(&mut self, key: &'static Key, value: &Spanned<DeValue<'_>>) {
        let at = value.span().start;
        match values(key, value.get_ref(), self.folder) {
            Ok(_) if is_garbled(key.kind, value.get_ref()) => {
                self.fault(at, format!("`{}` has a control character; {BACKSLASH}", key.path()));
            }
            Ok(values) => {
                let place = Fault::new("").at(self.text, at).place;
                self.settings.push(Setting { key, values, place });
            }
            Err(wanted) => {
                let found = found(value.get_ref());
                self.fault(at, format!("`{}` is {wanted}, not {found}", key.path()));
            }
        }
    }
}

/// Whether the line of a place has a `\` up to there, in double quotes.
fn has_backslash(text: &str, byte: usize) -> bool {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let quoted = line.split_once('"').is_some_and(|(_, quoted)| quoted.contains('\\'));
    quoted && !line.trim_start().starts_with('#')
}

/// Whether a path has what none ever has: `"C:\new"` holds a line feed.
fn is_garbled(kind: Kind, value: &DeValue<'_>) -> bool {
    let garbled = |text: &str| text.contains(char::is_control);
    // A program's text, as for `python -c`, may have lines.
    let has_drive = |text: &str| text.as_bytes().get(1) == Some(&b':');
    match kind {
        Kind::Command => value.as_array().is_some_and(|words| {
            let mut words = words.iter().filter_map(|word| word.get_ref().as_str());
            words.any(|word| has_drive(word) && garbled(word))
        }),
        Kind::Path => value.as_str().is_some_and(garbled),
        Kind::Count | Kind::Flag | Kind::Level | Kind::Text | Kind::Texts => false,
    }
}

/// Returns what an option gets, or what it should have been.
fn values(key: &Key, value: &DeValue<'_>, folder: &Path) -> Result<Vec<OsString>, String> {
    let texts = |of| {
        let wanted = || format!("a list of texts such as {of}");
        let items = value.as_array().ok_or_else(wanted)?.iter();
        items.map(|item| item.get_ref().as_str().ok_or_else(wanted)).collect::<Result<Vec<_>, _>>()
    };
    let text = || value.as_str().ok_or_else(|| "a text in quotes".to_owned());
    let value: OsString = match key.kind {
        Kind::Command => {
            let words = texts(r#"["python3", "double.py"]"#)?;
            let Some((program, args)) = words.split_first() else {
                return Err("a program and its arguments".to_owned());
            };
            let program = if Path::new(program).components().count() > 1 {
                folder.join(program).into()
            } else {
                OsString::from(program)
            };
            return Ok(std::iter::once(program).chain(args.iter().map(OsString::from)).collect());
        }
        Kind::Texts => {
            return Ok(texts(r#"["S-1-5-21-1-2-3-1001"]"#)?.iter().map(OsString::from).collect());
        }
        Kind::Count => {
            let wanted = || "a whole number from 0 on".to_owned();
            let number = value.as_integer().ok_or_else(wanted)?;
            let number =
                u64::from_str_radix(number.as_str(), number.radix()).map_err(|_| wanted())?;
            number.to_string().into()
        }
        Kind::Flag => value.as_bool().ok_or("true or false")?.to_string().into(),
        Kind::Level => {
            let level =
                value.as_str().and_then(|word| LEVELS.iter().position(|level| *level == word));
            level.ok_or_else(|| format!("one of {}", LEVELS.join(", ")))?.to_string().into()
        }
        Kind::Path => match text()? {
            "" => return Err("the path of a file".to_owned()),
            path => folder.join(path).into(),
        },
        Kind::Text => text()?.into(),
    };
    Ok(vec![value])
}

fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text \"{}\"", tickpipe::escaped(text, 40)),
        DeValue::Integer(number) => number_found(&number.to_string()),
        DeValue::Float(number) => number_found(&number.to_string()),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(time) => format!("the time {time}"),
        DeValue::Array(items) if items.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "this list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

fn number_found(number: &str) -> String {
    format!("the number {}", tickpipe::escaped(number, 40))
}

/// Says that there is no such key, and which may have been meant.
fn unknown(table: &str, name: &str) -> String {
    let shown = tickpipe::escaped(name, 40);
    let place = if table.is_empty() { String::new() } else { format!(" in [{table}]") };
    let mut text = format!("unknown key `{shown}`{place}");
    // A key of this table rather than of another.
    let likeness =
        |key: &Key| strsim::jaro(key.name, name) + if key.table == table { 0.05 } else { 0.0 };
    let tables = KEYS.iter().map(|key| key.table).filter(|_| table.is_empty());
    let table_meant = tables.max_by(|a, b| strsim::jaro(a, name).total_cmp(&strsim::jaro(b, name)));
    let key_meant = KEYS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let alike = |key: &&Key| strsim::jaro(key.name, name) >= ALIKE_MIN;
    let table_likeness = table_meant.map_or(0.0, |table| strsim::jaro(table, name));
    match key_meant.filter(alike) {
        Some(key) if likeness(key) >= table_likeness && key.table == table => {
            text.push_str(&format!("; did you mean `{}`?", key.name));
        }
        Some(key) if likeness(key) >= table_likeness && key.table.is_empty() => {
            text.push_str(&format!("; did you mean `{}`, above all tables?", key.name));
        }
        Some(key) if likeness(key) >= table_likeness => {
            text.push_str(&format!("; did you mean `{}` in [{}]?", key.name, key.table));
        }
        _ if table_likeness >= ALIKE_MIN => {
            text.push_str(&format!("; did you mean `[{}]`?", table_meant.unwrap_or_default()));
        }
        _ => text.push_str("; `tickpipe config example` shows every key"),
    }
    text
}
