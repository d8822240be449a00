//! Settings and files in a report's words. No folder of this machine is told: reports are shown around.

use std::ffi::OsStr;
use std::path::Path;

use tickpipe_sim::broker::{Latency, Slippage};

/// What was typed, and what it means.
#[derive(Clone, Debug)]
pub(super) struct Typed<T> {
    pub(super) text: String,
    pub(super) value: T,
}

impl<T> Typed<T> {
    /// Reads a text, and keeps it.
    pub(super) fn read<E>(text: &str, read: impl Fn(&str) -> Result<T, E>) -> Result<Self, E> {
        Ok(Self { text: text.to_owned(), value: read(text)? })
    }
}

/// Returns a list in words.
pub(super) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

pub(super) fn slippage(slippage: Slippage) -> String {
    match slippage {
        Slippage::Fixed(1) => "1 point".to_owned(),
        Slippage::Fixed(points) => format!("{points} points"),
        Slippage::Uniform(most) => format!("0 to {most} points, each as likely"),
        Slippage::None | _ => "none".to_owned(),
    }
}

pub(super) fn latency(latency: Latency) -> String {
    match latency {
        Latency::Fixed(time) => format!("{time} ms"),
        Latency::Uniform(least, most) => format!("{least} to {most} ms, each as likely"),
        Latency::None | _ => "none".to_owned(),
    }
}

/// Returns the name of a file, and the symbol that was typed before it.
pub(super) fn file(file: &str) -> String {
    match super::files::split(file) {
        Ok((Some(symbol), path)) => format!("{symbol}={}", name(path.as_os_str())),
        Ok((None, path)) => name(path.as_os_str()),
        Err(_) => file.to_owned(),
    }
}

/// Returns the words of a command; those that are whole paths without their folders.
pub(crate) fn command<T: AsRef<OsStr>>(words: &[T]) -> String {
    let word = |word: &T| {
        let word = word.as_ref();
        if Path::new(word).has_root() { name(word) } else { word.to_string_lossy().into_owned() }
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn name(path: &OsStr) -> String {
    Path::new(path).file_name().unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_in_words() {
        for (text, words) in [
            ("none", "none"),
            ("1", "1 point"),
            ("2", "2 points"),
            ("0..5", "0 to 5 points, each as likely"),
        ] {
            assert_eq!(slippage(text.parse().expect("it is one")), words);
        }
        for (text, words) in
            [("none", "none"), ("80", "80 ms"), ("50..200", "50 to 200 ms, each as likely")]
        {
            assert_eq!(latency(text.parse().expect("it is one")), words);
        }
        assert_eq!(list([""; 0]), "none");
        assert_eq!(list(["drop=1", "die@tick=3"]), "drop=1, die@tick=3");
    }

    #[test]
    fn no_folder_is_told() {
        assert_eq!(file("/home/somebody/EURUSD.csv"), "EURUSD.csv");
        assert_eq!(file("GER40=/home/somebody/index.csv"), "GER40=index.csv");
        assert_eq!(file("data/EURUSD.csv"), "EURUSD.csv");
        let words = ["/usr/bin/python3", "-u", "strategies/cross.py", "/home/somebody/x.toml"];
        assert_eq!(command(&words), "python3 -u strategies/cross.py x.toml");
    }
}
