use super::*;

#[test]
fn parts_come_in_the_documents_order() {
    let text = "# A\n\n```powershell\n.\\a.exe\ncd b\n```\n\nThen:\n\n```text\nx\n```\nGo and press Ctrl+C.\n";
    let lines = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>();
    let parts = [
        Part::Commands(3, lines(&[r".\a.exe", "cd b"])),
        Part::Shown(10, lines(&["x"])),
        Part::Stop(13),
    ];
    assert_eq!(parse(text).unwrap(), parts);
}

#[test]
fn a_block_that_nobody_tries_is_refused() {
    assert!(parse("```sh\nls\n```\n").is_err());
}
