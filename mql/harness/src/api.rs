//! The closed list of the terminal's functions, read from the runtime's headers.

use std::collections::BTreeSet;

use crate::program::Dialect;

/// The functions of the terminal that our sources may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    common: BTreeSet<String>,
    only4: BTreeSet<String>,
    only5: BTreeSet<String>,
}

/// Where a function of the terminal exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Availability {
    Both,
    Only(Dialect),
}

impl Api {
    /// Returns the functions of the runtime beside this crate: all that our sources may call.
    #[must_use]
    pub fn built_in() -> Self {
        Self::from_headers(
            include_str!("../runtime/api.h"),
            include_str!("../runtime/api4.h"),
            include_str!("../runtime/api5.h"),
        )
    }

    /// Reads the functions that the headers declare: for both dialects, for MQL4 only, for MQL5
    /// only.
    ///
    /// A function counts if a comment line with its reference page, `// https://…`, stands above
    /// it. Overloads may follow it up to the next empty line or comment.
    #[must_use]
    pub fn from_headers(common: &str, only4: &str, only5: &str) -> Self {
        Self {
            common: functions(common).collect(),
            only4: functions(only4).collect(),
            only5: functions(only5).collect(),
        }
    }

    /// Where a function exists; `None` if it is not in the list.
    pub(crate) fn availability(&self, name: &str) -> Option<Availability> {
        let (is_in4, is_in5) = (self.only4.contains(name), self.only5.contains(name));
        // A function that each dialect declares in its own way is in both lists.
        if self.common.contains(name) || is_in4 && is_in5 {
            return Some(Availability::Both);
        }
        match (is_in4, is_in5) {
            (true, _) => Some(Availability::Only(Dialect::Mql4)),
            (_, true) => Some(Availability::Only(Dialect::Mql5)),
            _ => None,
        }
    }
}

/// The names of the functions below a comment with a reference page.
fn functions(header: &str) -> impl Iterator<Item = String> {
    let mut is_documented = false;
    header.lines().filter_map(move |line| {
        let line = line.trim();
        if line.starts_with("// https://") {
            is_documented = true;
        } else if line.is_empty() || line.starts_with("//") {
            is_documented = false;
        } else if is_documented {
            return function(line);
        }
        None
    })
}

/// The name that a line declares: the word before its first parenthesis.
fn function(line: &str) -> Option<String> {
    let (before, _) = line.split_once('(')?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = before.rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
    let name = before.get(start..)?;
    // `Print`, or `iClose`.
    let is_name = name.trim_start_matches('i').starts_with(|c: char| c.is_ascii_uppercase());
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMON: &str = "\
// The file functions.
// https://docs.mql4.com/files/fileopen
int FileOpen(const string &name, int flags);

// https://docs.mql4.com/array/arraysize
template <typename T>
int ArraySize(const Array<T> &array);
template <typename T, int N> int ArraySize(const FixedArray<T, N> &array) { return f(N); }

int undocumented(int);
int Undocumented(int);
// https://docs.mql4.com/common/getlasterror
[[nodiscard]] int GetLastError();
// https://docs.mql4.com/series/iclose
double iClose(const string &symbol, int timeframe, int shift);
";

    #[test]
    fn functions_are_those_below_a_reference() {
        let names: Vec<String> = functions(COMMON).collect();
        assert_eq!(names, ["FileOpen", "ArraySize", "ArraySize", "GetLastError", "iClose"]);
    }

    #[test]
    fn availability_follows_the_headers() {
        let page = "// https://x\n";
        let api = Api::from_headers(
            COMMON,
            &format!("{page}int OrdersTotal();\n\n{page}bool OrderSend(int a);\n"),
            &format!("{page}bool OrderSend(int a, int b);\n\n{page}int PositionsTotal();\n"),
        );
        let check = |name: &str, expected| assert_eq!(api.availability(name), expected, "{name}");
        check("FileOpen", Some(Availability::Both));
        check("OrderSend", Some(Availability::Both));
        check("OrdersTotal", Some(Availability::Only(Dialect::Mql4)));
        check("PositionsTotal", Some(Availability::Only(Dialect::Mql5)));
        check("iCustom", None);
    }
}
