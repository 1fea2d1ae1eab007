//! `docs/catalog-keys.md` lists every key of the catalogue format. It is generated from the structures that the
//! program reads, with examples out of the catalogues; `MARSH_BLESS=1` writes it again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use toml::Value;

use crate::support::source::sources;

/// A structure that is read from a catalogue.
#[derive(Debug, Default)]
struct Structure {
    about: String,
    keys: Vec<Key>,
}

#[derive(Clone, Debug)]
struct Key {
    name: String,
    kind: String,
    required: bool,
    about: String,
}

/// Structures and the words of enumerations, by name.
#[derive(Debug, Default)]
struct Model {
    structures: BTreeMap<String, Structure>,
    words: BTreeMap<String, Vec<String>>,
}

/// What the comments and attributes before an item say.
#[derive(Debug, Default)]
struct Before {
    about: String,
    attributes: String,
}

impl Before {
    fn add(&mut self, line: &str) -> bool {
        match (line.strip_prefix("///"), line.starts_with("#[")) {
            (Some(words), _) => self.about.push_str(words),
            (None, true) => self.attributes.push_str(line),
            _ => return false,
        }
        true
    }
}

/// Reads the declarations of the model, which rustfmt has put one to a line.
fn model() -> Model {
    let mut model = Model::default();
    for (path, text) in sources("src/model") {
        if !path.contains("tests") {
            let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
            declarations(&text, &mut model);
        }
    }
    model
}

fn declarations(text: &str, model: &mut Model) {
    let mut before = Before::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if before.add(line) {
            continue;
        }
        let of = std::mem::take(&mut before);
        let name = |line: &str, word: &str| {
            let rest = line.strip_prefix(word)?.strip_suffix(" {")?;
            (!rest.contains('<')).then(|| rest.to_owned())
        };
        let read = of.attributes.contains("Deserialize");
        if let (Some(name), true) = (name(line, "pub struct "), read && of.attributes.contains("deny_unknown")) {
            let keys = keys(&mut lines, "    ", "pub ");
            model.structures.insert(name, Structure { about: of.about.trim().to_owned(), keys });
        } else if let (Some(name), true) = (name(line, "pub enum "), read) {
            enumeration(name, &of, &mut lines, model);
        }
    }
}

/// The fields of a structure up to its end.
fn keys<'l>(lines: &mut impl Iterator<Item = &'l str>, indent: &str, public: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut before = Before::default();
    for line in lines.by_ref() {
        let Some(line) = line.strip_prefix(indent) else { break };
        if before.add(line) {
            continue;
        }
        let of = std::mem::take(&mut before);
        let Some((name, kind)) = line.strip_prefix(public).and_then(|line| line.trim_end_matches(',').split_once(": "))
        else {
            break;
        };
        if of.attributes.contains("serde(skip)") {
            continue;
        }
        let renamed = of.attributes.split("rename = \"").nth(1).and_then(|rest| rest.split('"').next());
        let required = !of.attributes.contains("default");
        let name = renamed.unwrap_or(name).to_owned();
        keys.push(Key { name, kind: kind.to_owned(), required, about: of.about.trim().to_owned() });
    }
    keys
}

/// The words of an enumeration. One whose variants have fields becomes a structure with the fields of all.
fn enumeration<'l>(name: String, of: &Before, lines: &mut impl Iterator<Item = &'l str>, model: &mut Model) {
    let upper = of.attributes.contains("UPPERCASE");
    let kebab = of.attributes.contains("kebab-case");
    let mut words = Vec::new();
    let mut all: Vec<Key> = Vec::new();
    let mut before = Before::default();
    while let Some(line) = lines.next() {
        let Some(line) = line.strip_prefix("    ") else { break };
        if before.add(line) {
            continue;
        }
        let of = std::mem::take(&mut before);
        let variant = line.trim_end_matches([',', '{', ' ']);
        let renamed = of.attributes.split("rename = \"").nth(1).and_then(|rest| rest.split('"').next());
        let mut word = String::new();
        for (at, c) in variant.chars().enumerate() {
            if kebab && at > 0 && c.is_uppercase() {
                word.push('-');
            }
            word.push(if upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() });
        }
        words.push(renamed.map_or(word, str::to_owned));
        if line.ends_with('{') {
            for key in keys(lines, "        ", "") {
                if !all.iter().any(|known| known.name == key.name) {
                    all.push(key);
                }
            }
        }
    }
    if let Some(tag) = of.attributes.split("tag = \"").nth(1).and_then(|rest| rest.split('"').next()) {
        let about = "Which of the forms it has.".to_owned();
        let kind = format!("{name}Form");
        model.words.insert(kind.clone(), words);
        all.insert(0, Key { name: tag.to_owned(), kind, required: true, about });
        model.structures.insert(name, Structure { about: of.about.trim().to_owned(), keys: all });
    } else {
        model.words.insert(name, words);
    }
}

/// The part of a type between brackets: `Field` of `Option<Vec<Field>>`.
fn inner(kind: &str) -> &str {
    let kind = kind.rsplit('<').next().unwrap_or(kind).trim_end_matches('>');
    kind.rsplit(", ").next().unwrap_or(kind).rsplit("::").next().unwrap_or(kind)
}

impl Model {
    /// A type in words.
    fn words(&self, kind: &str) -> String {
        let one = match inner(kind) {
            "String" | "Code" => "text".to_owned(),
            "bool" => "true or false".to_owned(),
            "NonZeroUsize" => "whole number from 1".to_owned(),
            "i64" | "u32" | "u64" | "usize" | "u16" | "u8" => "whole number".to_owned(),
            "Value" => "any value".to_owned(),
            "Map" => "table".to_owned(),
            "Paths" => "text or list of texts".to_owned(),
            name if self.structures.contains_key(name) => format!("[{name}](#{})", name.to_lowercase()),
            name => match self.words.get(name) {
                Some(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
                None => name.to_lowercase(),
            },
        };
        match () {
            () if kind.contains("Vec<") && kind.contains("Map<") => format!("table of lists: {one}"),
            () if kind.contains("Vec<") => format!("list: {one}"),
            () if kind.contains("Map<") => format!("table: {one}"),
            () => one,
        }
    }

    /// What is assumed when the key is left out.
    fn without(key: &Key) -> &'static str {
        match key.kind.as_str() {
            _ if key.required => "required",
            _ if key.name == "carriers" => "`[\"system.multicall\"]`",
            "bool" => "false",
            kind if kind.starts_with("Vec<") || kind.starts_with("Later<Vec<") || kind.contains("Map") => "empty",
            "String" => "empty",
            "Effect" => "`change`",
            "Type" => "`any`",
            "Passing" => "`named`",
            _ => "–",
        }
    }

    /// Collects the shortest example of each key in a value of a structure.
    fn examples(&self, structure: &str, value: &Value, found: &mut BTreeMap<(String, String), String>) {
        let Some(table) = value.as_table() else { return };
        let Some(known) = self.structures.get(structure) else { return };
        for key in &known.keys {
            let Some(value) = table.get(&key.name) else { continue };
            let text = value.to_string();
            let slot = found.entry((structure.to_owned(), key.name.clone())).or_insert_with(|| text.clone());
            if text.len() < slot.len() && !["\"\"", "[]", "{}"].contains(&text.as_str()) {
                *slot = text;
            }
            let of = inner(&key.kind);
            match value {
                Value::Array(list) => list.iter().for_each(|member| self.examples(of, member, found)),
                Value::Table(members) if key.kind.contains("Map<") => {
                    members.values().for_each(|member| self.examples(of, member, found));
                }
                value => self.examples(of, value, found),
            }
        }
    }
}

/// Examples for keys that no catalogue of the program uses.
static EXAMPLES: &[(&str, &str, &str)] = &[
    ("Provider", "arguments", "\"positional\""),
    ("Provider", "carriers", "[\"system.multicall\"]"),
    ("Provider", "idempotency", "{ header = \"Idempotency-Key\", window = \"24h\" }"),
    ("Auth", "also", "[{ scheme = \"header\", name = \"X-App-Key\", value = \"{app}\" }]"),
    ("Auth", "secrets", "{ app = \"Application key\" }"),
    ("Auth", "base64", "\"{user}:{session}\""),
    ("Auth", "session", "a table"),
    ("SessionRule", "login", "\"auth.login\""),
    ("SessionRule", "with", "{ user = \"{user}\", password = \"{key}\" }"),
    ("SessionRule", "takes", "{ session = \".\" }"),
    ("SessionRule", "logout", "\"auth.logout\""),
    ("SessionRule", "ended", "[2950]"),
    ("Provider", "handshake", "{ status = 409, header = \"X-Session-Id\" }"),
    ("HandshakeRule", "status", "409"),
    ("HandshakeRule", "header", "\"X-Session-Id\""),
    ("Method", "auth", "\"none\""),
    ("Auth", "name", "\"X-API-Key\""),
    ("Introspection", "signature", "\"system.methodSignature\""),
    ("Param", "variadic", "true"),
    ("Method", "derived", "\"its verb GET\""),
    ("Param", "file", "true"),
    ("Method", "idempotency", "{ param = \"request_id\", window = \"1h\" }"),
    ("IdempotencyRule", "header", "\"Idempotency-Key\""),
    ("IdempotencyRule", "param", "\"request_id\""),
    ("IdempotencyRule", "window", "\"24h\""),
    ("ShowRule", "at", "\"disk\""),
    ("ShowRule", "label", "[\"nickname\", \"name\"]"),
    ("Provider", "headers", "{ X-Requested-With = \"marsh\" }"),
    ("FaultRule", "good", "[\"success\"]"),
    ("Param", "join", "\",\""),
    ("Sends", "whole", "\"operations\""),
    ("Sends", "media", "\"application/json-patch+json\""),
    ("EffectWhen", "also", "[\"billable\"]"),
    ("Rule", "not_both", "[\"name\", \"id\"]"),
    ("Field", "step", "8"),
    ("Field", "not", "[\"localhost\"]"),
    ("Field", "alone", "[\"any\"]"),
    ("Viewed", "with", "{ type = \"backup\" }"),
    ("Viewed", "summary", "\"List the backups\""),
    ("Viewed", "columns", "[\"server\", \"made\"]"),
    ("Viewed", "time", "{ by = \"made\" }"),
    ("Timed", "by", "\"expiry\""),
    ("Timed", "ahead", "\"30d\""),
    ("Timed", "days", "\"days\""),
    ("Method", "paging", "{ style = \"link\" }"),
    ("JobRule", "error", "\"error\""),
    ("JobRule", "parts", "\"UPID:{node}:{}\""),
    ("Paging", "next", "\"links.pages.next\""),
    ("Paging", "header", "\"X-Next-Token\""),
    ("Paging", "last", "\"id\""),
    ("Paging", "more", "\"has_more\""),
    ("EffectWhen", "everywhere", "{ \"rrsets.changetype\" = [\"REPLACE\"] }"),
    ("Sends", "parts", "{ image = \"image/png\" }"),
    ("Route", "if_match", "true"),
    ("Sends", "beside", "{ method = \"torrent-get\" }"),
    ("Sends", "empty", "true"),
    ("Field", "read_only", "true"),
    ("Field", "rules", "[{ not_both = [\"first\", \"second\"] }]"),
];

/// The page.
fn page() -> (String, Vec<String>) {
    let model = model();
    let mut examples = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalogs");
    for provider in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.ends_with("overlays"))
    {
        for file in fs::read_dir(provider).unwrap().map(|entry| entry.unwrap().path()) {
            let mut table: toml::Table = fs::read_to_string(file).unwrap().parse().unwrap();
            for (key, structure) in [("method", "Method"), ("shape", "Shape"), ("view", "Viewed")] {
                let members = table.remove(key).and_then(|list| list.as_array().cloned()).unwrap_or_default();
                members.iter().for_each(|member| model.examples(structure, member, &mut examples));
            }
            model.examples("Provider", &Value::Table(table), &mut examples);
        }
    }
    let mut out = String::from(
        "# All keys of a catalogue\n\n<!-- Generated: MARSH_BLESS=1 cargo test --test integration catalogue_keys -->\n\n\
         What a catalogue is, and how its parts work together, is in [the catalogue format](catalog-format.md). This page\n\
         lists every key with its type, what is assumed without it, and an example out of the catalogues of the program.\n",
    );
    let mut open = vec!["Provider", "Method", "Shape", "Viewed"].into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let mut lacking = Vec::new();
    let mut at = 0;
    while let Some(name) = open.get(at).cloned() {
        at += 1;
        let structure = &model.structures[&name];
        out.push_str(&format!("\n## {name}\n\n{}\n\n", structure.about));
        out.push_str("| key | type | without it | example | meaning |\n|---|---|---|---|---|\n");
        for key in &structure.keys {
            let of = inner(&key.kind).to_owned();
            if model.structures.contains_key(&of) && seen.insert(of.clone()) {
                open.push(of);
            }
            let own = EXAMPLES.iter().find(|(structure, key_, _)| *structure == name && *key_ == key.name);
            let example = match (examples.get(&(name.clone(), key.name.clone())), own) {
                (Some(text), _) if text.len() <= 60 => format!("`{text}`"),
                (Some(_), _) => "a table".to_owned(),
                (None, Some((.., text))) => format!("`{text}`"),
                (None, None) => {
                    lacking.push(format!("(\"{name}\", \"{}\", \"\"), // {}", key.name, key.kind));
                    String::new()
                }
            };
            let cells = [
                format!("`{}`", key.name),
                model.words(&key.kind),
                Model::without(key).to_owned(),
                example,
                // A link of rustdoc is a plain word here.
                key.about.replace("[`", "`").replace("`]", "`").replace("::", "."),
            ];
            out.push_str(&format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")));
        }
    }
    (out, lacking)
}

#[test]
fn the_page_of_keys_is_that_of_the_code() {
    let (page, lacking) = page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/catalog-keys.md");
    if std::env::var_os("MARSH_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(lacking.is_empty(), "keys without an example:\n{}", lacking.join("\n"));
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), page, "write it again with MARSH_BLESS=1");
}

#[test]
fn every_key_that_the_program_reads_is_on_the_page() {
    let (page, _) = page();
    for (structure, text) in [
        ("Provider", "zz = 1"),
        ("Method", "[[method]]\nname = 'a'\nzz = 1"),
        ("Shape", "[[shape]]\nname = 's'\nfields = []\nzz = 1"),
    ] {
        let head = "id = 'a'\nhost = 'https://a.example'\n";
        let tail = "\n[[transport]]\nname = 'x'\nprotocol = 'xmlrpc'\npath = '/'\n";
        let text = if structure == "Provider" { format!("{head}{text}{tail}") } else { format!("{head}{tail}{text}") };
        let findings = marsh::registry::check::check(&text).0;
        let hint = findings.iter().find(|finding| finding.fault.contains("`zz`")).unwrap().hint.clone();
        let listed = hint.strip_prefix("the keys here are ").unwrap();
        let section = page.split(&format!("\n## {structure}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
        for key in listed.split(", ") {
            assert!(section.contains(&format!("| `{key}` |")), "{structure}: {key}");
        }
    }
}
