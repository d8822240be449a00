//! Manifests for package managers of Windows, filled in for one release.

#[cfg(test)]
mod tests;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::release::Release;

const PUBLISHER: &str = "the tickpipe developers";
const DESCRIPTION: &str =
    "A bridge between MetaTrader 4 and 5 and any program over a named pipe, with no DLL";
const WINGET_ID: &str = "tickpipe.tickpipe";
const WINGET_VERSION: &str = "1.9.0";
const LOCALE: &str = "en-US";

/// What the manifests point to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Download<'a> {
    /// Where the release's files are served, without the last `/`.
    pub(crate) base_url: &'a str,
    /// The archive's name there.
    pub(crate) archive: &'a str,
    pub(crate) sha256: &'a str,
}

impl Download<'_> {
    fn url(&self) -> String {
        format!("{}/{}", self.base_url, self.archive)
    }
}

/// Checks where the files of a release are served, and returns it without the last `/`.
///
/// # Errors
///
/// Fails for anything but an address of the web.
pub(crate) fn base_url(text: &str) -> anyhow::Result<String> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").unwrap_or_default();
    if host.is_empty() || url.contains(|c: char| c.is_whitespace() || "\"\\$".contains(c)) {
        bail!("`{text}` is no address of the form https://HOST/FOLDER");
    }
    Ok(url.to_owned())
}

/// Returns all manifests: their names in the release's folder, and their texts.
///
/// # Errors
///
/// Never does, but for a fault of our own.
pub(crate) fn all(
    release: &Release,
    download: Download<'_>,
) -> anyhow::Result<Vec<(String, String)>> {
    let winget = |kind: &str| format!("winget/{WINGET_ID}{kind}.yaml");
    Ok(vec![
        ("scoop/tickpipe.json".to_owned(), scoop(release, download)?),
        (winget(".installer"), winget_installer(release, download)),
        (winget(&format!(".locale.{LOCALE}")), winget_locale(release, download)),
        (winget(""), winget_version(release)),
    ])
}

fn scoop(release: &Release, download: Download<'_>) -> anyhow::Result<String> {
    let manifest = json!({
        "version": release.version,
        "description": DESCRIPTION,
        "homepage": download.base_url,
        "license": "MIT|Apache-2.0",
        "architecture": { "64bit": { "url": download.url(), "hash": download.sha256 } },
        "extract_dir": release.stem(),
        "bin": "tickpipe.exe",
    });
    let text = serde_json::to_string_pretty(&manifest).context("cannot write JSON")?;
    Ok(format!("{text}\n"))
}

fn winget_installer(release: &Release, download: Download<'_>) -> String {
    let members = [
        head(release),
        "InstallerType: zip\n\
         NestedInstallerType: portable\n\
         NestedInstallerFiles:\n"
            .to_owned(),
        format!("- RelativeFilePath: {}\\tickpipe.exe\n", release.stem()),
        "  PortableCommandAlias: tickpipe\n".to_owned(),
        format!("ReleaseDate: {}\n", release.time.strftime("%Y-%m-%d")),
        "Installers:\n- Architecture: x64\n".to_owned(),
        format!("  InstallerUrl: {}\n", download.url()),
        format!("  InstallerSha256: {}\n", download.sha256.to_uppercase()),
        tail("installer"),
    ];
    members.concat()
}

fn winget_locale(release: &Release, download: Download<'_>) -> String {
    let members = [
        head(release),
        format!("PackageLocale: {LOCALE}\n"),
        format!("Publisher: {PUBLISHER}\n"),
        "PackageName: tickpipe\n".to_owned(),
        format!("PackageUrl: {}\n", download.base_url),
        "License: MIT OR Apache-2.0\n".to_owned(),
        format!("ShortDescription: {DESCRIPTION}\n"),
        "Moniker: tickpipe\nTags:\n- mt4\n- mt5\n- metatrader\n- named-pipe\n- trading\n"
            .to_owned(),
        tail("defaultLocale"),
    ];
    members.concat()
}

fn winget_version(release: &Release) -> String {
    [head(release), format!("DefaultLocale: {LOCALE}\n"), tail("version")].concat()
}

fn head(release: &Release) -> String {
    // Quoted: a version of two parts would be a number.
    format!("PackageIdentifier: {WINGET_ID}\nPackageVersion: \"{}\"\n", release.version)
}

fn tail(kind: &str) -> String {
    format!("ManifestType: {kind}\nManifestVersion: {WINGET_VERSION}\n")
}
