//! Packs the catalogues of the source tree into one static table, one record per method: looking a method up parses
//! only its record, so start-up time does not grow with the catalogues.

#![expect(clippy::disallowed_methods, reason = "Cargo speaks to build scripts through the environment and files")]

mod pack;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const CATALOGS: &str = "../catalogs";
/// The folder in it with what was reviewed about the documents of services.
const OVERLAYS: &str = "overlays";
/// The folder in it with the kinds of services that have no methods of their own, a file for each.
const GENERIC: &str = "generic";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CATALOGS}");
    println!("cargo::rerun-if-changed=pack.rs");
    let mut table = String::from("pub(super) static EMBEDDED: &[Embedded] = &[\n");
    let generic = Path::new(CATALOGS).join(GENERIC);
    let overlays = Path::new(CATALOGS).join(OVERLAYS);
    let apart = [&generic, &overlays];
    for folder in sorted(Path::new(CATALOGS))?.into_iter().filter(|path| path.is_dir() && !apart.contains(&path)) {
        embed(&sorted(&folder)?, &mut table)?;
    }
    table.push_str("];\npub(super) static GENERIC: &[Embedded] = &[\n");
    for file in sorted(&generic)? {
        embed(&[file], &mut table)?;
    }
    table.push_str("];\n");
    table.push_str("/// What was reviewed about documents, as TOML.\npub(super) static OVERLAYS: &[&str] = &[\n");
    for file in sorted(&overlays)? {
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(table, "{:?},", fs::read_to_string(&file)?)?;
    }
    table.push_str("];\n");
    let shared = [("words.toml", "WORDS", "The shared synonyms"), ("views.toml", "VIEWS", "What views have in common")];
    for (file, name, what) in shared {
        let file = Path::new(CATALOGS).join(file);
        println!("cargo::rerun-if-changed={}", file.display());
        let text = serde_json::Value::Object(pack::section(&fs::read_to_string(&file)?)?).to_string();
        writeln!(table, "/// {what} as JSON.\npub(crate) static {name}: &str = {text:?};")?;
    }
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("catalogs.rs"), table)?;
    Ok(())
}

fn embed(files: &[PathBuf], table: &mut String) -> Result<(), Box<dyn Error>> {
    let mut texts = Vec::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        texts.push((file.display().to_string(), fs::read_to_string(file)?));
    }
    let mut sections = Vec::new();
    for (name, text) in &texts {
        sections.push((name.as_str(), pack::section(text).map_err(|problem| format!("{name}: {problem}"))?));
    }
    let packed = pack::pack(sections)?;
    let mut provider: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&packed.provider)?;
    let errors = provider.remove("error").unwrap_or_else(|| serde_json::json!([])).to_string();
    let id = provider.get("id").and_then(serde_json::Value::as_str).ok_or("the provider has no id")?;
    let rules = serde_json::to_string(&provider)?;
    writeln!(table, "Embedded {{ id: {id:?}, provider: {rules:?}, errors: {errors:?},")?;
    writeln!(table, "shapes: {:?}, places: &{:?},", packed.shapes, packed.places)?;
    writeln!(table, "text: {:?}, methods: &{:?},", packed.text, packed.methods)?;
    writeln!(table, "aliases: &{:?}, views: {:?} }},", packed.aliases, packed.views)?;
    Ok(())
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
