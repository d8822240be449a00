use super::unsafe_lines;

#[track_caller]
fn check(source: &str, expected: usize) {
    assert_eq!(unsafe_lines(source), expected, "{source}");
}

#[test]
fn a_block_counts_from_its_word_to_its_end() {
    check("let a = unsafe { f() };\nlet b = { 1 };\n", 1);
    check(
        "fn f() {\n    unsafe {\n        if x { y() }\n\n        // why\n    }\n    g();\n}\n",
        3,
    );
    check("unsafe { f(unsafe { g() }) }\nunsafe\n{ h() }\n", 3);
}

#[test]
fn other_places_of_the_word_are_a_line_at_most() {
    check("// unsafe { }\nlet a = \"unsafe {\";\nunsafe_code();\n", 0);
    check("unsafe impl Send\n    for X\n{\n}\nfn g() {}\n", 1);
    check("type F = unsafe extern \"C\" fn(i32);\nfn f() {\n}\n", 1);
}
