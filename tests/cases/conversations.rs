//! Every folder of `tests/providers`, played against the built program.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::golden::{self, Login, Provider, Style};

static PROVIDERS: &[Provider] = &[
    Provider { folder: "artnet", style: Style::Rest { path: "/api", user: "19052", login: Login::Body, profile: "" } },
    Provider {
        folder: "caas",
        style: Style::Rest { path: "/oec/0.9", user: "jpublic", login: Login::Basic, profile: "" },
    },
    Provider { folder: "memset", style: Style::Rpc { path: "/v1/xmlrpc", media: "text/xml" } },
    Provider {
        folder: "vpsnet",
        style: Style::Rest { path: "", user: "dave@vps.net", login: Login::Basic, profile: "" },
    },
];

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap_or_else(|error| panic!("{}: {error}", of.display()));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers")
}

#[test]
fn conversations_go_as_the_documents_say() {
    let bless = std::env::var_os("MARSH_BLESS").is_some();
    for provider in PROVIDERS {
        let cases = folders(&root().join(provider.folder));
        let faults: Vec<String> =
            cases.iter().filter_map(|folder| golden::play(provider, folder, bless).err()).collect();
        assert!(faults.is_empty(), "{} of {} fail\n{}", faults.len(), cases.len(), faults.join("\n"));
        assert!(cases.len() >= 30, "{} has only {} conversations", provider.folder, cases.len());
    }
}

#[test]
fn every_folder_is_a_provider() {
    let names: Vec<PathBuf> = PROVIDERS.iter().map(|provider| root().join(provider.folder)).collect();
    assert_eq!(folders(&root()), names);
}
