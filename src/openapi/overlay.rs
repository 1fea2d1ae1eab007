//! What a person has reviewed about the operations of a document: their effects, names, columns, jobs and prices.
//!
//! Each entry is pinned by a hash of its verb, its path, its parameters and the body that it takes, or by several, one for
//! each version of the document that was reviewed. If the document has changed since, the entry is not used, and that
//! is told.

use std::collections::{BTreeMap, BTreeSet};

use model::{Map, Value};

use super::error::ImportError;
use super::imported::Imported;

/// Keys of an entry that are not keys of a method.
const OWN: [&str; 3] = ["at", "hash", "params"];
/// Keys of a method that a reviewed effect replaces together.
const EFFECTS: [&str; 4] = ["effect", "also", "effect_when", "derived"];

/// A reviewed overlay.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// How the title of the document begins.
    title: String,
    /// An operation that only documents of this kind have, as verb and path: for those without a title.
    has: String,
    /// Where a service has its document, below its host.
    documents: Vec<String>,
    /// Keys of the provider's rules.
    provider: Map,
    operations: Vec<Map>,
    shapes: Vec<Map>,
    views: Vec<Map>,
}

impl Overlay {
    /// Reads the text of an overlay.
    pub fn parse(text: &str) -> Result<Overlay, ImportError> {
        let fault = |problem: String| ImportError::Overlay { problem };
        let whole = registry::toml_value(text).map_err(fault)?;
        let tables = |key: &str| match whole.get(key) {
            None => Ok(Vec::new()),
            Some(Value::List(list)) => list
                .iter()
                .map(|it| it.as_map().cloned().ok_or_else(|| fault(format!("each {key} begins with [[{key}]]"))))
                .collect(),
            Some(_) => Err(fault(format!("each {key} begins with [[{key}]]"))),
        };
        let known = ["title", "has", "documents", "provider", "reads", "operation", "shape", "view"];
        if let Some(key) = whole.as_map().into_iter().flat_map(Map::keys).find(|key| !known.contains(key)) {
            return Err(fault(format!("there is no key {key}; there are {}", known.join(", "))));
        }
        let reads = whole.get("reads").and_then(Value::as_map).into_iter().flat_map(Map::iter);
        let read = |(at, hash): (&str, &Value)| {
            Map::from_iter([("at", at.into()), ("hash", hash.clone()), ("effect", Value::from("read"))])
        };
        let operations: Vec<Map> = tables("operation")?.into_iter().chain(reads.map(read)).collect();
        let unpinned = |it: &Map| it.get("at").and_then(Value::as_str).is_none() || hashes(it).next().is_none();
        if operations.iter().any(unpinned) {
            return Err(fault("each operation says where it is (`at`) and what was reviewed (`hash`)".to_owned()));
        }
        let said = |key: &str| whole.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Overlay {
            title: said("title"),
            has: said("has"),
            documents: texts(&whole, "documents"),
            provider: whole.get("provider").and_then(Value::as_map).cloned().unwrap_or_default(),
            operations,
            shapes: tables("shape")?,
            views: tables("view")?,
        })
    }

    /// Whether it is about a document with that title and those operations.
    pub fn suits(&self, title: &str, describes: impl Fn(&str) -> bool) -> bool {
        !self.title.is_empty() && title.starts_with(&self.title) || !self.has.is_empty() && describes(&self.has)
    }

    /// Where services of this kind have their document.
    pub fn documents(&self) -> &[String] {
        &self.documents
    }

    /// Applies it to a catalogue that has the hashes of its operations.
    pub(crate) fn apply(&self, imported: &mut Imported) -> Result<(), ImportError> {
        for (key, value) in self.provider.iter() {
            imported.provider.insert(key, value.clone());
        }
        if let Some(Value::Map(paging)) = imported.provider.remove("paging") {
            page(&mut imported.methods, &paging);
        }
        if imported.report.title.is_empty() {
            imported.report.title = self.provider.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        }
        for entry in &self.operations {
            let at = entry.get("at").and_then(Value::as_str).unwrap_or_default();
            let same = imported.hashes.get(at).is_some_and(|hash| hashes(entry).any(|reviewed| reviewed == hash));
            match imported.methods.iter_mut().find(|method| text(method, "ref") == at) {
                Some(Value::Map(method)) if same => review(method, entry),
                // What is at another address is imported from there.
                _ if imported.report.elsewhere.values().flatten().any(|operation| operation == at) => {}
                _ => imported.report.outdated.push(at.to_owned()),
            }
        }
        for entry in &self.shapes {
            let name = entry.get("name");
            if let Some(Value::Map(shape)) = imported.shapes.iter_mut().find(|shape| shape.get("name") == name) {
                entry.iter().for_each(|(key, value)| drop(shape.insert(key, value.clone())));
            }
        }
        self.attach(imported);
        let reviewed: Vec<String> = imported
            .methods
            .iter()
            .filter(|it| it.get("derived").is_none())
            .map(|it| text(it, "ref").to_owned())
            .collect();
        imported.report.guesses.retain(|guess| !reviewed.contains(&guess.operation));
        unique(imported)
    }
}

impl Overlay {
    /// Views, jobs and the probe, as far as the document has their methods: it may have another version, and some of its
    /// operations may be at another address.
    fn attach(&self, imported: &mut Imported) {
        let names: BTreeSet<String> = imported.methods.iter().map(|method| text(method, "name").to_owned()).collect();
        let said = |it: &Map, key: &str| it.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let known = |it: &Map| names.contains(&said(it, "method"));
        imported.views = self.views.iter().filter(|view| known(view)).cloned().map(Value::from).collect();
        if !names.contains(&said(&imported.provider, "probe")) {
            imported.provider.remove("probe");
        }
        let Some(Value::List(jobs)) = imported.provider.get_mut("job") else { return };
        jobs.retain(|job| job.as_map().is_some_and(known));
        let rules: BTreeSet<String> = jobs.iter().map(|job| text(job, "name").to_owned()).collect();
        for method in imported.methods.iter_mut().filter_map(|method| match method {
            Value::Map(method) => Some(method),
            _ => None,
        }) {
            let rule = method.get("job").and_then(|job| job.get("rule")).and_then(Value::as_str).unwrap_or_default();
            if rules.is_empty() || !rule.is_empty() && !rules.contains(rule) {
                method.remove("job");
            }
            for key in ["reconcile", "shows"] {
                if method.get(key).and_then(Value::as_map).is_some_and(|rule| !known(rule)) {
                    method.remove(key);
                }
            }
        }
    }
}

fn texts(whole: &Value, key: &str) -> Vec<String> {
    let all = whole.get(key).and_then(Value::as_list).unwrap_or_default();
    all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text<'v>(method: &'v Value, key: &str) -> &'v str {
    method.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The hashes of what was reviewed.
fn hashes(entry: &Map) -> impl Iterator<Item = &str> {
    let (one, several) = match entry.get("hash") {
        Some(Value::List(several)) => (None, several.as_slice()),
        one => (one, &[][..]),
    };
    one.into_iter().chain(several).filter_map(Value::as_str)
}

/// Puts what was reviewed into a method. A name that it had stays an alias.
fn review(method: &mut Map, entry: &Map) {
    if entry.get("effect").is_some() {
        EFFECTS.iter().for_each(|key| drop(method.remove(key)));
    }
    let before = method.get("name").cloned();
    for (key, value) in entry.iter().filter(|(key, _)| !OWN.contains(key)) {
        method.insert(key, value.clone());
    }
    if let Some(before) = before.filter(|before| method.get("name") != Some(before)) {
        let mut aliases = method.get("aliases").and_then(Value::as_list).unwrap_or_default().to_vec();
        aliases.push(before);
        method.insert("aliases", aliases);
    }
    let Some(Value::List(params)) = method.get_mut("params") else { return };
    for (name, keys) in entry.get("params").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        let param = params.iter_mut().find(|param| text(param, "name") == name);
        if let (Some(Value::Map(param)), Some(keys)) = (param, keys.as_map()) {
            keys.iter().for_each(|(key, value)| drop(param.insert(key, value.clone())));
        }
    }
}

/// Two methods must not have one name, nor an alias the name of another method.
fn unique(imported: &mut Imported) -> Result<(), ImportError> {
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    for method in &imported.methods {
        if seen.insert(text(method, "name").to_owned(), ()).is_some() {
            let problem = format!("two methods are called {}", text(method, "name"));
            return Err(ImportError::Overlay { problem });
        }
    }
    for method in &mut imported.methods {
        let Value::Map(method) = method else { continue };
        if let Some(Value::List(aliases)) = method.get_mut("aliases") {
            aliases.retain(|alias| alias.as_str().is_some_and(|alias| seen.insert(alias.to_owned(), ()).is_none()));
        }
    }
    Ok(())
}

/// Gives the rule for pages to all lists that have its parameter, and no rule of their own.
fn page(methods: &mut [Value], paging: &Map) {
    let page = paging.get("page").and_then(Value::as_str).unwrap_or_default();
    for method in methods.iter_mut() {
        let Value::Map(method) = method else { continue };
        let is =
            |key: &str, begins: &str| method.get(key).and_then(Value::as_str).is_some_and(|it| it.starts_with(begins));
        let params = method.get("params").and_then(Value::as_list).unwrap_or_default();
        let has_page = params.iter().any(|param| param.get("name").and_then(Value::as_str) == Some(page));
        if has_page && is("returns", "list") && is("effect", "read") && method.get("paging").is_none() {
            method.insert("paging", paging.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported() -> Imported {
        let methods = r#"[{"name":"a.create","ref":"POST /a","aliases":["makeA"],"effect":"destroy","effect_when":[],"derived":"x","params":[{"name":"p"}]},
            {"name":"a.list","ref":"GET /a","effect":"read","derived":"y"}]"#;
        let hashes = BTreeMap::from([("POST /a".to_owned(), "1".to_owned()), ("GET /a".to_owned(), "2".to_owned())]);
        Imported { methods: serde_json::from_str::<Vec<Value>>(methods).unwrap(), hashes, ..Imported::default() }
    }

    #[test]
    fn a_rule_for_pages_is_that_of_lists_alone() {
        let text = r#"[{"name":"a","effect":"read","returns":"list:dict","params":[{"name":"next"}]},
            {"name":"b","effect":"read","returns":"dict","params":[{"name":"next"}]},
            {"name":"c","effect":"read","returns":"list","params":[{"name":"x"}]},
            {"name":"d","effect":"change","returns":"list","params":[{"name":"next"}]},
            {"name":"e","effect":"read","returns":"list","params":[{"name":"next"}],"paging":{"style":"link"}}]"#;
        let methods: Vec<Value> = serde_json::from_str(text).unwrap();
        let mut found = Imported { methods, ..Imported::default() };
        let own = "title = \"T\"\n[provider]\npaging = { style = \"cursor\", page = \"next\", header = \"X-Next\" }\n";
        Overlay::parse(own).unwrap().apply(&mut found).unwrap();
        let style = |method: &Value| method.get("paging")?.get("style")?.as_str().map(str::to_owned);
        let styles: Vec<String> = found.methods.iter().map(|method| style(method).unwrap_or_default()).collect();
        assert_eq!(styles, ["cursor", "", "", "", "link"]);
        assert!(found.provider.get("paging").is_none());
    }

    #[test]
    fn what_was_reviewed_replaces_what_was_derived() {
        let overlay = Overlay::parse(
            "title = \"T\"\n[provider]\nprobe = \"a.list\"\n[[operation]]\nat = \"POST /a\"\nhash = \"1\"\nname = \"a.make\"\n\
             effect = \"change\"\nparams = { p = { summary = \"P\" }, q = { summary = \"Q\" } }\n\
             [[operation]]\nat = \"GET /a\"\nhash = \"old\"\neffect = \"read\"\n[[operation]]\nat = \"GET /gone\"\nhash = \"3\"\n",
        )
        .unwrap();
        let none = |_: &str| false;
        assert!(!overlay.suits("A T", none) && overlay.suits("T 2", none) && !Overlay::default().suits("T", |_| true));
        let by_operation = Overlay::parse("has = \"GET /a\"\ndocuments = [\"/d\"]").unwrap();
        assert!(by_operation.suits("", |it| it == "GET /a") && !by_operation.suits("GET /a", none));
        assert_eq!(by_operation.documents(), ["/d"]);
        let mut found = imported();
        overlay.apply(&mut found).unwrap();
        let method = serde_json::to_string(&found.methods[0]).unwrap();
        assert_eq!(
            method,
            r#"{"name":"a.make","ref":"POST /a","aliases":["makeA","a.create"],"params":[{"name":"p","summary":"P"}],"effect":"change"}"#
        );
        assert_eq!(found.methods[1].get("derived"), Some(&Value::from("y")));
        assert_eq!(found.report.outdated, ["GET /a", "GET /gone"]);
        assert_eq!(found.provider.get("probe"), Some(&Value::from("a.list")));
    }

    #[test]
    fn what_needs_a_method_that_is_not_there_is_left_out() {
        let overlay = Overlay::parse(
            "title = \"T\"\n[provider]\nprobe = \"gone.list\"\n[[provider.job]]\nname = \"one\"\nmethod = \"a.list\"\n\
             [[provider.job]]\nname = \"two\"\nmethod = \"gone.get\"\n[[view]]\nname = \"servers\"\nmethod = \"gone.list\"\n\
             [[view]]\nname = \"zones\"\nmethod = \"a.list\"\n[reads]\n\"GET /a\" = \"2\"\n[[operation]]\nat = \"POST /a\"\nhash = \"1\"\n\
             effect = \"change\"\njob = { rule = \"two\", at = \".\" }\nshows = { method = \"gone.get\" }\n",
        )
        .unwrap();
        let mut found = imported();
        overlay.apply(&mut found).unwrap();
        let json = |value: &Value| serde_json::to_string(value).unwrap();
        assert_eq!(json(&Value::Map(found.provider.clone())), r#"{"job":[{"method":"a.list","name":"one"}]}"#);
        assert_eq!(json(&Value::List(found.views.clone())), r#"[{"method":"a.list","name":"zones"}]"#);
        let kept = [found.methods[0].get("job"), found.methods[0].get("shows"), found.methods[1].get("derived")];
        assert_eq!(kept, [None, None, None]);
        assert_eq!(found.report.outdated, [""; 0]);
    }

    #[test]
    fn an_entry_is_for_every_version_that_was_reviewed() {
        let entry = |hash: &str| format!("[[operation]]\nat = \"POST /a\"\nhash = {hash}\neffect = \"change\"\n");
        for (hash, used) in [("[\"0\", \"1\"]", true), ("[\"0\"]", false), ("\"1\"", true)] {
            let mut found = imported();
            Overlay::parse(&entry(hash)).unwrap().apply(&mut found).unwrap();
            assert_eq!(found.report.outdated.is_empty(), used, "{hash}");
        }
    }

    #[test]
    fn a_bad_overlay_is_refused() {
        for (text, said) in [
            ("titel = \"T\"", "there is no key titel"),
            ("operation = 5", "each operation begins with [[operation]]"),
            ("[[operation]]\nat = \"GET /a\"", "what was reviewed (`hash`)"),
            ("[[operation]]\nat = \"GET /a\"\nhash = []", "what was reviewed (`hash`)"),
            ("[[operation]", "line 1"),
        ] {
            let error = Overlay::parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
        let same = Overlay::parse("[[operation]]\nat = \"POST /a\"\nhash = \"1\"\nname = \"a.list\"").unwrap();
        let error = same.apply(&mut imported()).unwrap_err().to_string();
        assert_eq!(error, "overlay: two methods are called a.list");
    }

    #[test]
    fn what_is_shipped_can_be_read() {
        let mut entries = 0;
        for text in registry::embedded::overlays() {
            let overlay = Overlay::parse(text).unwrap();
            assert!(overlay.title.is_empty() != overlay.has.is_empty());
            for entry in &overlay.operations {
                let at = text_of(entry, "at");
                let mut method: Map =
                    entry.iter().filter(|(key, _)| !OWN.contains(key)).map(|(k, v)| (k, v.clone())).collect();
                method.insert("name", at.as_str());
                let json = serde_json::to_string(&Value::Map(method)).unwrap();
                let method: model::Method = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{at}: {error}"));
                let loses = method.effects().has(model::Effect::Destroy);
                assert_eq!(method.loses.is_some(), loses, "{at}");
                assert!(hashes(entry).count() > 0 && hashes(entry).all(|hash| hash.len() == 16), "{at}");
                assert!(!at.starts_with("GET ") || method.effects().only_reads(), "{at}");
                entries += 1;
            }
        }
        assert!(entries > 800, "{entries}");
    }

    fn text_of(entry: &Map, key: &str) -> String {
        entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}
