use super::*;

fn block(line: usize, script: &str, expected: Option<&str>) -> Block {
    Block { line, script: script.to_owned(), expected: expected.map(str::to_owned) }
}

#[track_caller]
fn check(markdown: &str, expected: &[Block]) {
    assert_eq!(blocks::parse(markdown).unwrap(), expected, "{markdown}");
}

#[track_caller]
fn check_error(markdown: &str, expected: &str) {
    let error = blocks::parse(markdown).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn only_marked_blocks_are_found() {
    check("text\n```sh\nrm -r /\n```\n", &[]);
    check("<!-- ci: run -->\n```sh\na\nb\n```\n", &[block(1, "a\nb\n", None)]);
    check(
        "1\n\n<!-- ci: run -->\n```sh\na\n```\n2\n<!-- ci: run -->\n```sh\nb\n```\n",
        &[block(3, "a\n", None), block(8, "b\n", None)],
    );
}

#[test]
fn the_expected_output_is_the_next_block() {
    check(
        "<!-- ci: run with expected output -->\n```sh\na\n```\nprints\n\n```text\nout\n```\n",
        &[block(1, "a\n", Some("out\n"))],
    );
}

#[test]
fn a_comment_inside_a_block_is_text() {
    check("```text\n<!-- ci: run -->\n```\n", &[]);
    check("````md\n<!-- ci: run -->\n```sh\na\n```\n````\n", &[]);
}

#[test]
fn what_cannot_be_run_is_an_error() {
    check_error("<!-- ci: rum -->\n```sh\na\n```\n", "line 1: `<!-- ci: rum -->`");
    check_error("<!-- ci: run -->\n\n```sh\na\n```\n", "line 2");
    check_error("<!-- ci: run -->\n```rust\na\n```\n", "```sh block");
    check_error("<!-- ci: run -->\n```sh\na\n", "no end");
    check_error("<!-- ci: run with expected output -->\n```sh\na\n```\n```sh\n```\n", "```text");
}

#[cfg(unix)]
mod running {
    use super::*;

    fn run_one(script: &str, expected: Option<&str>) -> anyhow::Result<()> {
        run_block(&Paths::new().unwrap(), &block(1, script, expected))
    }

    #[test]
    fn output_must_be_exact() {
        run_one("echo a; echo b >&2", Some("a\n")).unwrap();
        assert!(run_one("echo a", Some("b\n")).is_err());
        assert!(run_one("echo a", Some("a\n\n")).is_err());
    }

    #[test]
    fn any_failing_command_fails() {
        assert!(run_one("false\ntrue", None).is_err());
        assert!(run_one("false | true", None).is_err());
        assert!(run_one("echo \"$no_such_variable\"", None).is_err());
    }

    #[test]
    fn what_it_left_in_the_background_is_ended() {
        run_one("sleep 60 & echo started", Some("started\n")).unwrap();
    }

    #[test]
    fn it_has_a_time_limit() {
        let paths = Paths::new().unwrap();
        let error = run_script(&paths, "sleep 60", Duration::from_millis(50)).unwrap_err();
        assert!(error.to_string().contains("longer"), "{error}");
    }
}
