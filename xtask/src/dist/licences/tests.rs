use super::choose;

#[track_caller]
fn check(license: &str, names: &[&str], expected: &[&str]) {
    assert_eq!(choose(license, names.iter().map(|&name| name.to_owned()).collect()), expected);
}

#[test]
fn of_several_licences_mit_is_chosen() {
    let names = ["src", "LICENSE-MIT", "README.md", "LICENSE-APACHE", "COPYRIGHT"];
    check("MIT OR Apache-2.0", &names, &["COPYRIGHT", "LICENSE-MIT"]);
    check("Apache-2.0/MIT", &names, &["COPYRIGHT", "LICENSE-MIT"]);
    check("MIT OR Apache-2.0", &["license-mit", "license-apache-2.0"], &["license-mit"]);
}

#[test]
fn without_a_choice_all_files_are_handed_on() {
    let names = ["LICENSE-MIT", "LICENSE-WHATWG", "LICENSE-APACHE"];
    check(
        "(Apache-2.0 OR MIT) AND BSD-3-Clause",
        &names,
        &["LICENSE-APACHE", "LICENSE-MIT", "LICENSE-WHATWG"],
    );
    check("MIT", &["LICENSE.txt", "Cargo.toml"], &["LICENSE.txt"]);
    check("MIT OR Apache-2.0", &["LICENSE"], &["LICENSE"]);
    check("Zlib", &["Cargo.toml"], &[]);
}
