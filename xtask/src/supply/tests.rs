use super::{Package, REGISTRY, distinct, licences, rust_versions, sources};
use crate::lockfile::Locked;

fn locked(source: Option<&str>, checksum: Option<&str>) -> Locked {
    Locked {
        name: "a".to_owned(),
        version: "1.0.0".to_owned(),
        source: source.map(str::to_owned),
        checksum: checksum.map(str::to_owned),
    }
}

fn package(license: Option<&str>, rust_version: Option<&str>) -> Package {
    Package {
        name: "a".to_owned(),
        version: "1.0.0".to_owned(),
        license: license.map(str::to_owned),
        source: None,
        rust_version: rust_version.map(str::to_owned),
    }
}

#[test]
fn a_package_of_another_place_is_refused() {
    sources(&[locked(None, None), locked(Some(REGISTRY), Some("00"))]).unwrap();
    let error = sources(&[locked(Some("git+https://example.com/a"), None)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("a 1.0.0 comes from git+https://example.com/a; allowed is {REGISTRY}")
    );
    let error = sources(&[locked(Some(REGISTRY), None)]).unwrap_err();
    assert_eq!(error.to_string(), "Cargo.lock has no sum for a 1.0.0");
}

#[test]
fn a_package_without_an_allowed_licence_is_refused() {
    licences(&[package(Some("MIT"), None)]).unwrap();
    let error = licences(&[package(Some("GPL-3.0-only"), None)]).unwrap_err().to_string();
    assert!(error.starts_with("a 1.0.0 is licensed under GPL-3.0-only; allowed are "), "{error}");
    let error = licences(&[package(None, None)]).unwrap_err().to_string();
    assert_eq!(error, "a 1.0.0 has a licence that is none");
}

#[test]
fn our_packages_state_a_rust_version() {
    rust_versions(&[package(None, Some("1.89"))]).unwrap();
    let error = rust_versions(&[package(None, None)]).unwrap_err().to_string();
    assert_eq!(error, "a states no rust-version");
}

#[test]
fn a_package_that_is_shown_again_counts_once() {
    assert_eq!(distinct("a v1.0.0\nb v1.0.0 (proc-macro)\n\na v1.0.0 (*)\na v2.0.0\n"), 3);
}
