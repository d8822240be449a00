//! No input panics, however it is cut.

use tickpipe_mql::{Api, Dialect, lint, load_text, translate};

use crate::common::{api, files, harness};

/// Reads a text as far as it goes.
fn read(text: &str, api: &Api) {
    let include = harness().join("accepted");
    let path = "accepted/cut.mq4";
    if let Ok(program) = load_text(text, path, Dialect::Mql4, &include, harness()) {
        let _findings = lint(&program, api);
        let _translated = translate(&program);
    }
}

/// The texts of the corpus. The programs of the other dialect have the same.
fn texts() -> impl Iterator<Item = String> {
    let files = files("accepted").into_iter().chain(files("refused/lint"));
    let files = files.filter(|path| path.extension().is_some_and(|found| found != "mq5"));
    files.map(|path| {
        let bytes = std::fs::read(&path).expect("readable");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

#[test]
fn no_prefix_panics() {
    let api = api();
    for text in texts() {
        // Before it there are only comments.
        let start = text.find("#property").unwrap_or_default();
        for (at, _) in text.char_indices().filter(|&(at, _)| start < at) {
            read(text.get(..at).unwrap_or_default(), &api);
        }
    }
}

#[test]
fn no_text_without_one_line_or_mark_panics() {
    let api = api();
    for text in texts() {
        let lines: Vec<&str> = text.lines().collect();
        for without in 0..lines.len() {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != without);
            let kept: Vec<&str> = kept.map(|(_, line)| *line).collect();
            read(&kept.join("\n"), &api);
        }
        for (at, mark) in text.match_indices(['(', ')', '{', '}', '[', ']', ';', ',', '"', ':']) {
            let (before, after) = text.split_at(at);
            let after = after.strip_prefix(mark).unwrap_or(after);
            read(&format!("{before}{after}"), &api);
            read(&format!("{before}{mark}{mark}{after}"), &api);
        }
    }
}

/// A thread of a program on Windows has 1 MiB.
#[test]
fn nesting_within_the_limits_fits_a_small_stack() {
    let text = |(open, close): &(&str, &str), count: usize| {
        let nested = format!("{}1{}", open.repeat(count), close.repeat(count));
        format!("#property strict\nvoid OnTick()\n{{\n   x = {nested};\n}}\n")
    };
    let pairs = [
        ("(", ")"),
        ("-", ""),
        ("F(", ")"),
        ("a[", "]"),
        ("(int)", ""),
        ("a ? ", " : 1"),
        ("a = ", ""),
        ("1 + ", ""),
        ("a.", ""),
        ("1; if(a) x = ", ""),
        ("1; if(a) b(); else x = ", ""),
        ("1; for(;;) x = ", ""),
        ("1; { x = ", "; } x = 1"),
        ("1; switch(a) { case 1: { x = ", "; } } x = 1"),
    ];
    let api = api();
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(move || {
        for pair in &pairs {
            for count in (0..140).chain([10_000]) {
                read(&text(pair, count), &api);
            }
        }
    });
    thread.expect("a thread").join().expect("no panic");
}
