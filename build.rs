//! Turns the catalogues (TOML, for people) into one table of small JSON records (for the program), one record a
//! method: looking one method up parses that record alone, so start-up does not grow with the catalogues.
//!
//! Only the notation changes here. What a catalogue may say is checked by `registry::catalog` and its lint.

#![expect(clippy::disallowed_methods, reason = "Cargo speaks to build scripts through the environment and files")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

const CATALOGS: &str = "src/catalogs";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CATALOGS}");
    let mut table = String::from("pub(super) static EMBEDDED: &[Embedded] = &[\n");
    for folder in sorted(Path::new(CATALOGS))? {
        embed(&folder, &mut table)?;
    }
    table.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("catalogs.rs"), table)?;
    Ok(())
}

fn embed(folder: &Path, table: &mut String) -> Result<(), Box<dyn Error>> {
    let mut provider = Map::new();
    let mut shapes = Vec::new();
    let mut methods = Vec::new();
    for file in sorted(folder)? {
        println!("cargo::rerun-if-changed={}", file.display());
        let text = fs::read_to_string(&file)?;
        let document: toml::Table = text.parse().map_err(|e| format!("{}: {e}", file.display()))?;
        let Value::Object(mut section) = serde_json::to_value(document)? else {
            return Err("a TOML document is a table".into());
        };
        shapes.extend(list(&mut section, "shape"));
        methods.extend(list(&mut section, "method"));
        // What is left belongs to provider.toml; in a section file it is a mistake.
        if file.ends_with("provider.toml") {
            provider = section;
        } else if let Some(key) = section.keys().next() {
            return Err(format!("{}: unknown key {key}", file.display()).into());
        }
    }
    methods.sort_by_key(|method| word(method, "name"));
    let id = word(&Value::Object(provider.clone()), "id");
    writeln!(table, "Embedded {{ id: {id:?}, provider: {:?},", Value::Object(provider).to_string())?;
    writeln!(table, "shapes: {:?}, methods: &[", Value::Array(shapes).to_string())?;
    for method in methods {
        let (name, summary) = (word(&method, "name"), word(&method, "summary"));
        writeln!(table, "Record {{ name: {name:?}, summary: {summary:?}, json: {:?} }},", method.to_string())?;
    }
    table.push_str("] },\n");
    Ok(())
}

fn list(section: &mut Map<String, Value>, key: &str) -> Vec<Value> {
    match section.remove(key) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn word(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
