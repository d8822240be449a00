use jiff::Timestamp;
use serde_json::Value;

use super::write;
use crate::dist::contents::System;
use crate::dist::metadata::{PROGRAM, Package, Shipped};
use crate::dist::release::Release;
use crate::lockfile::Locked;

fn package(name: &str, source: Option<&str>) -> Package {
    Package {
        id: format!("id of {name}"),
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        description: Some("Two\nlines".to_owned()),
        license: Some("MIT/Apache-2.0".to_owned()),
        repository: None,
        source: source.map(str::to_owned),
        manifest_path: "Cargo.toml".into(),
    }
}

fn shipped(names: &[&str]) -> Shipped {
    let mut packages = vec![package(PROGRAM, None)];
    packages.extend(names.iter().map(|name| package(name, Some("registry"))));
    let edge = |name: &&str| (format!("id of {PROGRAM}"), format!("id of {name}"));
    Shipped { packages, dependencies: names.iter().map(edge).collect() }
}

fn bill() -> anyhow::Result<String> {
    let linked =
        vec![(System::Linux, shipped(&["both", "unix"])), (System::Windows, shipped(&["both"]))];
    let locked = |name: &str| Locked {
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        source: None,
        checksum: Some("00ff".to_owned()),
    };
    let release = Release { version: "1.0.0", time: Timestamp::from_second(0)? };
    write(&release, &linked, &[locked("both"), locked("unix")], "1.95.0")
}

#[test]
fn a_component_says_in_which_programs_it_is() {
    let bill: Value = serde_json::from_str(&bill().unwrap()).unwrap();
    let components = bill["components"].as_array().unwrap();
    let found = |name: &str| components.iter().find(|found| found["name"] == name).unwrap();
    assert_eq!(found("both")["properties"].as_array().unwrap().len(), 2);
    assert_eq!(found("unix")["properties"].as_array().unwrap().len(), 1);
    assert_eq!(found("unix")["properties"][0]["value"], "x86_64-unknown-linux-musl");
    assert_eq!(found("unix")["purl"], "pkg:cargo/unix@1.0.0");
    assert_eq!(found("unix")["licenses"][0]["expression"], "MIT OR Apache-2.0");
    assert_eq!(found("unix")["hashes"][0]["content"], "00ff");
    assert_eq!(found("unix")["description"], "Two lines");
    assert_eq!(found("uplot")["version"], "1.6.32");
    assert!(components.iter().all(|component| component["name"] != PROGRAM));
}

#[test]
fn the_graph_begins_at_the_program() {
    let bill: Value = serde_json::from_str(&bill().unwrap()).unwrap();
    let root = &bill["metadata"]["component"]["bom-ref"];
    let nodes = bill["dependencies"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["ref"] == *root).unwrap();
    let on: Vec<&str> =
        node["dependsOn"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(on, ["pkg:cargo/both@1.0.0", "pkg:cargo/unix@1.0.0", "pkg:npm/uplot@1.6.32"]);
}

#[test]
fn the_same_release_has_the_same_bill() {
    assert_eq!(bill().unwrap(), bill().unwrap());
}
