//! A user's folder in an empty prefix, with three terminals and the files of a release.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use zip::ZipArchive;

/// Terminals as they lay out their data folders: id, folder of the sources, where each is installed.
const TERMINALS: [(&str, &str, &str); 3] = [
    ("50CA3DFB510CC5A8F28B48D1BF2A5702", "MQL4", r"C:\Program Files (x86)\Alpari MT4"),
    ("9C2A31F4B77E01C55D0B1B6E8AF03D19", "MQL5", r"C:\Program Files\RoboForex MT5"),
    ("D0E8209F77C8CF37AD8BF550E51FF075", "MQL5", r"C:\Program Files\MetaTrader 5"),
];

/// The published example, which can freeze its chart: it is in the release, and not installed.
const NOT_INSTALLED: &str = "Experts/TickPipe/Article.mq4";

/// Where the user is at home.
#[derive(Debug)]
pub(crate) struct Place {
    home: PathBuf,
}

impl Place {
    /// Makes the terminals of the only user of a prefix, and puts the release into Downloads.
    pub(crate) fn new(prefix: &Path, release: &[&Path]) -> anyhow::Result<Self> {
        let users = prefix.join("drive_c/users");
        let mut names = Vec::new();
        for entry in fs::read_dir(&users).context("a prefix without users")? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.retain(|name| name != "Public");
        let [name] = names.as_slice() else { bail!("users other than one: {names:?}") };
        let place = Self { home: users.join(name) };
        for (id, mql, origin) in TERMINALS {
            let folder = place.terminals().join(id);
            for sub in ["Experts", "Include"] {
                fs::create_dir_all(folder.join(mql).join(sub))?;
            }
            let utf16 = [0xfeff].into_iter().chain(origin.encode_utf16());
            let bytes: Vec<_> = utf16.flat_map(u16::to_le_bytes).collect();
            fs::write(folder.join("origin.txt"), bytes)?;
        }
        fs::create_dir_all(place.downloads())?;
        for file in release {
            let name = file.file_name().context("a file without a name")?;
            fs::copy(file, place.downloads().join(name))?;
        }
        Ok(place)
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    pub(crate) fn downloads(&self) -> PathBuf {
        self.home.join("Downloads")
    }

    fn terminals(&self) -> PathBuf {
        self.home.join("AppData/Roaming/MetaQuotes/Terminal")
    }

    /// Every file of the user's but Wine's own temporary ones, with its size.
    pub(crate) fn files(&self) -> anyhow::Result<BTreeMap<PathBuf, u64>> {
        let mut files = sizes(&self.home)?;
        files
            .retain(|path, _| !path.starts_with("Temp") && !path.starts_with("AppData/Local/Temp"));
        Ok(files)
    }

    /// Fails unless each terminal has the sources of the unpacked release, byte for byte.
    pub(crate) fn check_installed(&self, unpacked: &Path) -> anyhow::Result<()> {
        let sources = unpacked.join("mql");
        let mut names = sizes(&sources)?;
        names.remove(Path::new(NOT_INSTALLED));
        if names.len() < 10 {
            bail!("the release has only {} sources", names.len());
        }
        for (id, mql, _) in TERMINALS {
            let other = if mql == "MQL4" { "mq5" } else { "mq4" };
            let folder = self.terminals().join(id).join(mql);
            for name in names.keys() {
                let there = fs::read(folder.join(name));
                if name.extension().is_some_and(|extension| extension == other) {
                    if there.is_ok() {
                        bail!("{id} has {}, which is of the other platform", name.display());
                    }
                } else if there.with_context(|| format!("{id}: {}", name.display()))?
                    != fs::read(sources.join(name))?
                {
                    bail!("{id}: {} differs from the release's", name.display());
                }
            }
        }
        Ok(())
    }
}

/// Unpacks as Expand-Archive does.
pub(crate) fn unpack(archive: &Path, into: &Path) -> anyhow::Result<()> {
    let file = File::open(archive).with_context(|| format!("no {}", archive.display()))?;
    let mut archive = ZipArchive::new(file).context("no zip")?;
    archive.extract(into).context("cannot unpack it")
}

/// Every file below a folder, by its path from there.
fn sizes(root: &Path) -> anyhow::Result<BTreeMap<PathBuf, u64>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))? {
            let entry = entry?;
            // Wine's links lead out of the prefix.
            let data = fs::symlink_metadata(entry.path())?;
            if data.is_dir() {
                folders.push(entry.path());
            } else {
                found.insert(entry.path().strip_prefix(root)?.to_owned(), data.len());
            }
        }
    }
    Ok(found)
}
