use super::*;

#[test]
fn every_part_can_be_installed_somehow() {
    for part in PARTS {
        assert_ne!(part.packages.is_empty(), part.by_hand.is_empty(), "{}", part.name);
        assert!(!part.hint().is_empty(), "{}", part.name);
    }
}

#[test]
fn an_empty_toolchain_lacks_its_components() {
    let toolchain = Toolchain { sysroot: PathBuf::from("no/such/place") };
    let missing = missing_parts(&toolchain);
    assert!(missing.iter().any(|part| part.name == "clippy"));
    let text = missing_text(&lacking(&missing, Need::Always));
    assert!(text.contains("rustfmt") && text.contains("rustup component add clippy"), "{text}");
    assert!(require(&missing, Need::Always).is_err());
    assert!(require(&[], Need::Always).is_ok());
}
