//! The repository as the checks see it: its files and its crates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{Failure, shell};

/// The repository.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Every file git tracks or would add, sorted by path.
    pub(crate) files: Vec<File>,
    /// Our crates and everything they depend on, on any platform and with any feature.
    pub(crate) packages: Vec<Package>,
}

/// A file; `text` is empty for those that are not UTF-8.
#[derive(Debug)]
pub(crate) struct File {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A crate: ours or a dependency.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: Option<String>,
    pub(crate) description: Option<String>,
    /// Folder of its manifest from the root, for ours only.
    pub(crate) folder: Option<String>,
    /// What it is built from: the ids of its normal and build dependencies, not those of its tests.
    pub(crate) needs: Vec<String>,
}

impl Workspace {
    /// Reads the repository this program was built from.
    pub(crate) fn read() -> Result<Workspace, Failure> {
        let root = root();
        let packages = packages(&root)?;
        let files = files(&root)?;
        Ok(Workspace {
            root,
            files,
            packages,
        })
    }

    /// Our crates.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.folder.is_some())
    }

    /// What others wrote and we build from.
    pub(crate) fn dependencies(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.folder.is_none())
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Package> {
        self.members().find(|package| package.name == name)
    }

    /// For each package reachable from `start` through `needs`, the package through which it was first reached.
    pub(crate) fn reached_from<'a>(&'a self, start: &'a Package) -> BTreeMap<&'a str, &'a str> {
        let by_id: BTreeMap<&str, &Package> = self
            .packages
            .iter()
            .map(|package| (package.id.as_str(), package))
            .collect();
        let mut through = BTreeMap::new();
        let mut open = vec![start];
        while let Some(package) = open.pop() {
            for needed in package.needs.iter().filter_map(|id| by_id.get(id.as_str())) {
                if !through.contains_key(needed.name.as_str()) {
                    through.insert(needed.name.as_str(), package.name.as_str());
                    open.push(needed);
                }
            }
        }
        through
    }

    /// Whether the repository has this file or folder.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty()
            || self
                .files
                .iter()
                .any(|file| file.path == path || file.path.starts_with(&folder))
    }
}

impl File {
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> File {
        File {
            path: path.into(),
            text: text.into(),
        }
    }

    pub(crate) fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// The root of the repository: the folder above this crate.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn files(root: &Path) -> Result<Vec<File>, Failure> {
    let mut git = Command::new("git");
    git.current_dir(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let listed = shell::read(&mut git)?;
    let paths: BTreeSet<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    let mut files = Vec::new();
    for path in paths {
        // A file deleted but not yet committed is still listed; it is not there to be checked.
        if let Ok(bytes) = std::fs::read(root.join(path)) {
            files.push(File::new(
                path,
                String::from_utf8(bytes).unwrap_or_default(),
            ));
        }
    }
    Ok(files)
}

fn packages(root: &Path) -> Result<Vec<Package>, Failure> {
    let mut cargo = shell::cargo();
    cargo
        .current_dir(root)
        .args(["metadata", "--format-version", "1", "--all-features"]);
    let text = shell::read(&mut cargo)?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| {
        Failure::Broken(format!(
            "`cargo metadata` printed something that is not JSON: {error}"
        ))
    })?;
    Ok(packages_of(&metadata, root))
}

fn packages_of(metadata: &Value, root: &Path) -> Vec<Package> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().map(String::from);
    let members: BTreeSet<String> = list(&metadata["workspace_members"])
        .iter()
        .filter_map(text)
        .collect();

    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let built = list(&node["deps"]).into_iter().filter(|dep| {
            list(&dep["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"] != "dev")
        });
        let ids = built.filter_map(|dep| text(&dep["pkg"])).collect();
        needs.insert(text(&node["id"]).unwrap_or_default(), ids);
    }

    let package = |value: &Value| {
        let id = text(&value["id"]).unwrap_or_default();
        let manifest = text(&value["manifest_path"]).unwrap_or_default();
        let folder = Path::new(&manifest)
            .parent()
            .and_then(|folder| folder.strip_prefix(root).ok());
        Package {
            name: text(&value["name"]).unwrap_or_default(),
            version: text(&value["version"]).unwrap_or_default(),
            licence: text(&value["license"]),
            description: text(&value["description"]),
            folder: folder
                .filter(|_| members.contains(&id))
                .map(|folder| folder.to_string_lossy().replace('\\', "/")),
            needs: needs.get(&id).cloned().unwrap_or_default(),
            id,
        }
    };
    list(&metadata["packages"]).iter().map(package).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_metadata_without_the_dependencies_of_tests() {
        let metadata = serde_json::json!({
            "workspace_members": ["a"],
            "packages": [
                {"id": "a", "name": "measure", "version": "0.1.0", "license": null, "description": "d", "manifest_path": "/r/crates/measure/Cargo.toml"},
                {"id": "b", "name": "jiff", "version": "0.2.0", "license": "MIT", "manifest_path": "/elsewhere/Cargo.toml"},
            ],
            "resolve": {"nodes": [{"id": "a", "deps": [
                {"pkg": "b", "dep_kinds": [{"kind": null}]},
                {"pkg": "c", "dep_kinds": [{"kind": "dev"}]},
            ]}]},
        });
        let packages = packages_of(&metadata, Path::new("/r"));
        assert_eq!(packages[0].folder.as_deref(), Some("crates/measure"));
        assert_eq!(packages[0].needs, ["b"]);
        assert_eq!(packages[1].folder, None);
        assert_eq!(packages[1].licence.as_deref(), Some("MIT"));
    }

    #[test]
    fn knows_files_and_the_folders_above_them() {
        let workspace = Workspace {
            files: vec![File::new("docs/guide/a.md", "")],
            ..Workspace::default()
        };
        assert!(
            workspace.has("docs/guide/a.md")
                && workspace.has("docs/guide/")
                && workspace.has("docs")
        );
        assert!(!workspace.has("docs/gui") && !workspace.has("docs/guide/a"));
    }
}
