//! The bill of materials: what is linked into the programs, as `CycloneDX` 1.6.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::contents::System;
use super::metadata::{Package, Shipped};
use super::release::Release;
use super::sums;
use crate::lockfile::Locked;

const SPECIFICATION: &str = "1.6";
/// Says of a component which of the programs it is in; a component of both has it twice.
const TARGET_PROPERTY: &str = "tickpipe:target";
const UPLOT: &str = "pkg:npm/uplot@1.6.32";

/// What is linked for each system.
pub(crate) type Linked = Vec<(System, Shipped)>;

/// Writes the bill.
///
/// # Errors
///
/// Fails if a package has no sum in Cargo.lock, or the program itself is missing.
pub(crate) fn write(
    release: &Release,
    linked: &Linked,
    lockfile: &[Locked],
    rustc: &str,
) -> anyhow::Result<String> {
    let mut packages: BTreeMap<String, (&Package, BTreeSet<&str>)> = BTreeMap::new();
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (system, shipped) in linked {
        let purls: BTreeMap<&str, String> =
            shipped.packages.iter().map(|package| (package.id.as_str(), purl(package))).collect();
        for package in &shipped.packages {
            let known = packages.entry(purl(package)).or_insert((package, BTreeSet::new()));
            known.1.insert(system.target());
            edges.entry(purl(package)).or_default();
        }
        for (from, to) in &shipped.dependencies {
            let of = |id: &String| purls.get(id.as_str()).cloned().context("a stranger's edge");
            edges.entry(of(from)?).or_default().insert(of(to)?);
        }
    }
    let root = program(&packages)?;
    let mut components = Vec::new();
    for (purl, (package, targets)) in packages.iter().filter(|(purl, _)| **purl != root) {
        components.push(component(purl, package, targets, lockfile)?);
    }
    components.extend(built_in(rustc));
    edges.entry(root.clone()).or_default().insert(UPLOT.to_owned());
    edges.insert(UPLOT.to_owned(), BTreeSet::new());
    let dependencies: Vec<Value> =
        edges.iter().map(|(purl, on)| json!({ "ref": purl, "dependsOn": on })).collect();
    let mut bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "version": 1,
        "metadata": {
            "timestamp": release.time.to_string(),
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "tickpipe",
                "version": release.version,
                "purl": root,
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "components": components,
        "dependencies": dependencies,
    });
    let serial = serial(&bill.to_string());
    let members = bill.as_object_mut().context("a bill that is no object")?;
    members.insert("serialNumber".to_owned(), serial.into());
    Ok(format!("{}\n", serde_json::to_string_pretty(&bill).context("cannot write JSON")?))
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn program(packages: &BTreeMap<String, (&Package, BTreeSet<&str>)>) -> anyhow::Result<String> {
    let is_program = |name: &str| name == super::metadata::PROGRAM;
    let found = packages.iter().find(|(_, (package, _))| is_program(&package.name));
    Ok(found.context("the program is not among its own packages")?.0.clone())
}

fn component(
    purl: &str,
    package: &Package,
    targets: &BTreeSet<&str>,
    lockfile: &[Locked],
) -> anyhow::Result<Value> {
    let mut component = json!({
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "scope": "required",
        "properties": properties(targets),
    });
    let members = component.as_object_mut().context("a component that is no object")?;
    if let Some(license) = &package.license {
        let expression = license.replace('/', " OR ");
        members.insert("licenses".to_owned(), json!([{ "expression": expression }]));
    }
    if let Some(description) = &package.description {
        let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
        members.insert("description".to_owned(), description.into());
    }
    if let Some(repository) = &package.repository {
        let reference = json!([{ "type": "vcs", "url": repository }]);
        members.insert("externalReferences".to_owned(), reference);
    }
    if !package.is_ours() {
        let sum = sum(package, lockfile)
            .with_context(|| format!("Cargo.lock has no sum for {}", package.shown()))?;
        let hashes = json!([{ "alg": "SHA-256", "content": sum }]);
        members.insert("hashes".to_owned(), hashes);
    }
    Ok(component)
}

fn sum<'a>(package: &Package, lockfile: &'a [Locked]) -> Option<&'a str> {
    let is_it = |locked: &&Locked| locked.name == package.name && locked.version == package.version;
    lockfile.iter().find(is_it)?.checksum.as_deref()
}

fn properties<'a>(targets: impl IntoIterator<Item = &'a &'a str>) -> Value {
    let property = |target: &&str| json!({ "name": TARGET_PROPERTY, "value": target });
    targets.into_iter().map(property).collect()
}

/// What is in the programs and no crate.
fn built_in(rustc: &str) -> Vec<Value> {
    let (linux, windows) = (System::Linux.target(), System::Windows.target());
    let component = |name: &str, reference: &str, license: &str, targets: &[&str]| {
        json!({
            "type": "library",
            "bom-ref": reference,
            "name": name,
            "licenses": [{ "expression": license }],
            "properties": properties(targets),
        })
    };
    let mut std =
        component("Rust standard library", "rust-std", "MIT OR Apache-2.0", &[linux, windows]);
    std["version"] = rustc.into();
    let mut uplot = component("uplot", UPLOT, "MIT", &[linux, windows]);
    uplot["purl"] = UPLOT.into();
    uplot["version"] = UPLOT.rsplit('@').next().into();
    vec![
        component("mingw-w64 runtime", "mingw-w64", "ZPL-2.1", &[windows]),
        component("musl", "musl", "MIT", &[linux]),
        std,
        uplot,
    ]
}

/// A number that is another for any other bill, and the same for the same: a UUID of version 8 out of the sum.
fn serial(bill: &str) -> String {
    let sum = sums::sha256(bill.as_bytes());
    let (a, b, c, d, e) = (&sum[..8], &sum[8..12], &sum[13..16], &sum[17..20], &sum[20..32]);
    format!("urn:uuid:{a}-{b}-8{c}-8{d}-{e}")
}
