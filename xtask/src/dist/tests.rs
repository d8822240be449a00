use super::{Options, parse};

fn options(line: &str) -> anyhow::Result<Options> {
    parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
}

#[test]
fn options_are_read() {
    let expected = Options { exe: Some("a.exe".into()), out: Some("b".into()), ..<_>::default() };
    assert_eq!(options("--exe a.exe --out b").unwrap(), expected);
    let expected = Options { base_url: Some("u".to_owned()), verify: true, ..<_>::default() };
    assert_eq!(options("--verify --base-url u").unwrap(), expected);
    assert_eq!(options("").unwrap(), Options::default());
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let error = |line| options(line).unwrap_err().to_string();
    assert_eq!(error("--exe"), "`--exe` needs a value");
    assert_eq!(error("--ex"), "unexpected argument `--ex`");
    assert!(error("--exe a.exe --verify").starts_with("`--exe` packs one archive"));
}
