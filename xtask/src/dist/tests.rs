use super::{Options, parse};

fn options(line: &str) -> anyhow::Result<Options> {
    parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
}

#[test]
fn options_are_read() {
    let expected = Options { exe: Some("a.exe".into()), out: Some("b".into()) };
    assert_eq!(options("--exe a.exe --out b").unwrap(), expected);
    assert_eq!(options("").unwrap(), Options::default());
    assert_eq!(options("--exe").unwrap_err().to_string(), "`--exe` needs a value");
    assert_eq!(options("--ex").unwrap_err().to_string(), "unexpected argument `--ex`");
}
