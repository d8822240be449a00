use jiff::Timestamp;
use serde_json::Value;

use super::{Download, all, base_url};
use crate::dist::release::Release;

fn manifest(name: &str) -> String {
    let release = Release { version: "1.2.3", time: Timestamp::from_second(0).unwrap() };
    let download = Download {
        base_url: "https://example.com/v1.2.3",
        archive: "tickpipe-1.2.3-windows-x86_64.zip",
        sha256: "00ff",
    };
    let manifests = all(&release, download).unwrap();
    manifests.into_iter().find(|(found, _)| found == name).unwrap().1
}

#[test]
fn scoop_is_told_address_sum_and_folder() {
    let manifest: Value = serde_json::from_str(&manifest("scoop/tickpipe.json")).unwrap();
    let download = &manifest["architecture"]["64bit"];
    assert_eq!(download["url"], "https://example.com/v1.2.3/tickpipe-1.2.3-windows-x86_64.zip");
    assert_eq!(download["hash"], "00ff");
    assert_eq!(manifest["extract_dir"], "tickpipe-1.2.3");
}

#[test]
fn winget_is_told_of_a_program_within_a_zip() {
    assert_eq!(
        manifest("winget/tickpipe.tickpipe.installer.yaml"),
        r#"PackageIdentifier: tickpipe.tickpipe
PackageVersion: "1.2.3"
InstallerType: zip
NestedInstallerType: portable
NestedInstallerFiles:
- RelativeFilePath: tickpipe-1.2.3\tickpipe.exe
  PortableCommandAlias: tickpipe
ReleaseDate: 1970-01-01
Installers:
- Architecture: x64
  InstallerUrl: https://example.com/v1.2.3/tickpipe-1.2.3-windows-x86_64.zip
  InstallerSha256: 00FF
ManifestType: installer
ManifestVersion: 1.9.0
"#
    );
}

#[test]
fn an_address_is_of_the_web() {
    assert_eq!(base_url("https://example.com/a/").unwrap(), "https://example.com/a");
    for text in ["http://example.com", "example.com", "https://", "https://a b", "https://a/\""] {
        let error = base_url(text).unwrap_err().to_string();
        assert_eq!(error, format!("`{text}` is no address of the form https://HOST/FOLDER"));
    }
}
