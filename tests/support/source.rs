//! A Rust file as the borders see it: which modules and crates it names, where its functions begin and end, and what
//! of it is test code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::rust::{Token, tokens};

/// Folders below `src` that are crates of their own. Their paths are read as if there were one crate.
pub(crate) static MEMBERS: &[&str] = &["codec", "lang", "model", "openapi", "registry", "sandbox", "start"];

/// The Rust files below a folder of the project: their paths inside it, and their texts, in order.
pub(crate) fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let inside = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((inside, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Every path, from `crate` on where it is one of ours and as written otherwise.
    pub(crate) paths: Vec<Place<Vec<String>>>,
    /// Every function with a body: its name and how many lines it takes.
    pub(crate) functions: Vec<Place<(String, usize)>>,
    /// Modules of tests that lie in files of their own.
    pub(crate) test_modules: Vec<Vec<String>>,
    /// What the file imports or names of this crate, from `crate` on; names that it imports are followed to their origin.
    pub(crate) reached: Vec<Place<Vec<String>>>,
    /// Names that it hands on with `pub use`, each with its full path; `*` for all of a module.
    pub(crate) handed: Vec<(String, Vec<String>)>,
    /// It declares something itself and does not only hand names on.
    pub(crate) declares: bool,
}

/// Something at a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place<T> {
    pub(crate) what: T,
    pub(crate) line: usize,
    /// It is compiled for tests only.
    pub(crate) test: bool,
}

/// The module of a file below `src`: `crate`, `wire`, `auth` for `wire/auth.rs`.
pub(crate) fn module(path: &str) -> Vec<String> {
    let names = path.trim_end_matches(".rs").split('/').filter(|name| !matches!(*name, "mod" | "lib" | "main"));
    std::iter::once("crate").chain(names).map(str::to_owned).collect()
}

/// Reads a file.
pub(crate) fn outline(path: &str, text: &str) -> Outline {
    let tokens = tokens(text);
    let mut walk = Walk {
        tokens: &tokens,
        at: 0,
        depth: 0,
        modules: module(path).into_iter().map(|name| (name, 0)).collect(),
        test_since: None,
        functions: Vec::new(),
        names: BTreeMap::new(),
        hands_on: false,
        outline: Outline::default(),
    };
    while walk.at < tokens.len() {
        walk.step();
    }
    // What a file imports or declares under a crate's name is not that crate.
    let Walk { names, mut outline, .. } = walk;
    for place in &mut outline.paths {
        if MEMBERS.contains(&place.what[0].as_str()) && !names.contains_key(&place.what[0]) {
            place.what.insert(0, "crate".to_owned());
        }
    }
    outline.reached = outline.paths.iter().filter_map(|place| followed(place, &names)).collect();
    for (_, origin) in &mut outline.handed {
        if let Some(known) = names.get(&origin[0]).filter(|_| origin.len() > 1) {
            origin.splice(..1, known.iter().cloned());
        }
    }
    // A name that is handed on and used nowhere in the file is not one of its imports.
    let used = |name: &str| tokens.iter().filter(|token| token.text == name).count() > 1;
    let only_handed: Vec<_> = outline.handed.iter().filter(|(name, _)| !used(name)).map(|(_, origin)| origin).collect();
    outline.reached.retain(|place| !only_handed.contains(&&place.what));
    outline.paths.retain(|path| path.what.len() == 1 || !names.contains_key(&path.what[0]));
    outline
}

/// A path of this crate, with a name that the file declares replaced by the full path of that name.
fn followed(place: &Place<Vec<String>>, names: &BTreeMap<String, Vec<String>>) -> Option<Place<Vec<String>>> {
    let mut what = place.what.clone();
    if what.len() > 1
        && let Some(origin) = names.get(&what[0])
    {
        what.splice(..1, origin.iter().cloned());
    }
    (what[0] == "crate").then(|| Place { what, ..place.clone() })
}

struct Walk<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
    depth: usize,
    /// The modules around this place, each with the depth of its braces.
    modules: Vec<(String, usize)>,
    /// The depth of the item that is compiled for tests only.
    test_since: Option<usize>,
    /// The functions around this place: name, line, depth, test.
    functions: Vec<(String, usize, usize, bool)>,
    /// Names that the file gives to modules and imports of its own, each with its full path.
    names: BTreeMap<String, Vec<String>>,
    /// The import that is being read hands its names on.
    hands_on: bool,
    outline: Outline,
}

impl<'t> Walk<'t> {
    fn text(&self, offset: usize) -> &'t str {
        self.tokens.get(self.at + offset).map_or("", |token| token.text)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |token| token.line)
    }

    fn before(&self, offset: usize) -> &'t str {
        self.at.checked_sub(offset).map_or("", |at| self.tokens[at].text)
    }

    fn step(&mut self) {
        match self.text(0) {
            "{" => self.depth += 1,
            "}" => self.close(),
            ";" if self.test_since == Some(self.depth) => self.test_since = None,
            "#" if self.is_test_attribute() => {
                self.test_since.get_or_insert(self.depth);
                self.at += 6;
            }
            "struct" | "enum" | "trait" | "impl" | "static" | "const" | "type" | "union" | "macro_rules"
                if self.test_since.is_none() =>
            {
                self.outline.declares = true;
            }
            "mod" => self.module(),
            "fn" if self.tokens.get(self.at + 1).is_some_and(Token::is_word) => self.function(),
            // Not `impl Trait + use<'a>`.
            "use" if self.text(1) != "<" => return self.import(),
            _ if self.begins_path() => return self.path(),
            _ => {}
        }
        self.at += 1;
    }

    /// `#[cfg(test)]`
    fn is_test_attribute(&self) -> bool {
        ["[", "cfg", "(", "test", ")", "]"].iter().enumerate().all(|(offset, text)| self.text(offset + 1) == *text)
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let depth = self.depth;
        self.modules.pop_if(|(_, at)| *at == depth + 1);
        if let Some((name, line, _, test)) = self.functions.pop_if(|(_, _, at, _)| *at == depth) {
            let lines = self.line() - line + 1;
            self.outline.functions.push(Place { what: (name, lines), line, test });
        }
        if self.test_since == Some(depth) {
            self.test_since = None;
        }
    }

    fn module(&mut self) {
        let name = self.text(1).to_owned();
        let mut module = self.here();
        module.push(name.clone());
        match self.text(2) {
            "{" => {
                self.names.insert(name.clone(), module);
                self.modules.push((name, self.depth + 1));
            }
            ";" => {
                if self.test_since.is_some() {
                    self.outline.test_modules.push(module.clone());
                }
                self.names.insert(name, module);
            }
            _ => {}
        }
    }

    /// A function, if it has a body.
    fn function(&mut self) {
        let mut open = 0_usize;
        for token in &self.tokens[self.at..] {
            match token.text {
                "(" | "[" => open += 1,
                ")" | "]" => open = open.saturating_sub(1),
                ";" if open == 0 => return,
                "{" if open == 0 => break,
                _ => {}
            }
        }
        self.outline.declares |= self.test_since.is_none();
        self.functions.push((self.text(1).to_owned(), self.line(), self.depth, self.test_since.is_some()));
    }

    fn begins_path(&self) -> bool {
        let inside = match self.before(1) {
            "::" | "$" => true,
            // `a.b::<C>()` goes on, `..B::new()` begins.
            "." => self.before(2) != ".",
            _ => false,
        };
        self.tokens[self.at].is_word() && self.text(1) == "::" && !inside
    }

    fn here(&self) -> Vec<String> {
        self.modules.iter().map(|(name, _)| name.clone()).collect()
    }

    /// A path in the middle of code.
    fn path(&mut self) {
        let (line, test) = (self.line(), self.test_since.is_some());
        let mut names = vec![self.text(0).to_owned()];
        self.at += 1;
        while self.text(0) == "::" && self.tokens.get(self.at + 1).is_some_and(Token::is_word) {
            names.push(self.text(1).to_owned());
            self.at += 2;
        }
        self.found(names, line, test);
    }

    /// `use a::{b, c::d as e};`
    fn import(&mut self) {
        self.hands_on = matches!(self.before(1), "pub" | ")") && self.test_since.is_none();
        self.at += 1;
        if self.text(0) == "::" {
            self.at += 1;
        }
        self.tree(&[]);
    }

    fn tree(&mut self, front: &[String]) {
        let (line, test) = (self.line(), self.test_since.is_some());
        let mut path = front.to_vec();
        loop {
            match self.text(0) {
                "{" => return self.group(&path),
                "" | "," | ";" | "}" => break,
                "::" => {}
                "as" => {
                    self.at += 1;
                    self.own(&path, self.text(0));
                    self.at += 1;
                    return self.found(path, line, test);
                }
                name => path.push(name.to_owned()),
            }
            self.at += 1;
        }
        if path.len() > 1 && path.last().is_some_and(|name| name == "self") {
            path.pop();
        }
        if let Some(name) = path.last() {
            self.own(&path, name);
        }
        self.found(path, line, test);
    }

    fn group(&mut self, front: &[String]) {
        self.at += 1;
        while !matches!(self.text(0), "}" | ";" | "") {
            self.tree(front);
            if self.text(0) == "," {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    /// An import from this crate gives the file a name of its own.
    fn own(&mut self, path: &[String], name: &str) {
        let first = path.first().map(String::as_str).unwrap_or_default();
        let is_ours = matches!(first, "crate" | "self" | "super") || MEMBERS.contains(&first) && path.len() > 1;
        let mut origin = if is_ours { self.resolved(path.to_vec()) } else { path.to_vec() };
        if MEMBERS.contains(&first) {
            origin.insert(0, "crate".to_owned());
        }
        if self.hands_on {
            self.outline.handed.push((name.to_owned(), origin.clone()));
        }
        if is_ours {
            self.names.insert(name.to_owned(), origin);
        }
    }

    fn found(&mut self, path: Vec<String>, line: usize, test: bool) {
        let what = self.resolved(path);
        if !what.is_empty() {
            self.outline.paths.push(Place { what, line, test });
        }
    }

    /// A path with its beginning as it is seen from the root.
    fn resolved(&self, path: Vec<String>) -> Vec<String> {
        let mut names = path.into_iter().peekable();
        let mut from = match names.peek().map(String::as_str) {
            Some("self" | "super") => self.here(),
            Some("crate") => self
                .modules
                .get(1)
                .map(|(name, _)| name.clone())
                .filter(|name| MEMBERS.contains(&name.as_str()))
                .map(|member| vec!["crate".to_owned(), member])
                .inspect(|_| drop(names.next()))
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        while let Some(step) = names.next_if(|name| matches!(name.as_str(), "self" | "super")) {
            if step == "super" && from.len() > 1 {
                from.pop();
            }
        }
        from.extend(names);
        from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(path: &str, text: &str) -> Vec<String> {
        outline(path, text).paths.into_iter().map(|path| path.what.join("::")).collect()
    }

    #[test]
    fn paths_are_followed_to_their_module() {
        for (source, found) in [
            ("use crate::a::{b, c::{self, d as e}, f::*};", "crate::a::b crate::a::c crate::a::c::d crate::a::f::*"),
            ("use super::x; use super::super::y::Z;", "crate::wire::x crate::y::Z"),
            ("use self::x;", "crate::wire::auth::x"),
            (
                "mod t { use super::*; use super::super::b; } use super::c;",
                "crate::wire::auth::* crate::wire::b crate::wire::c",
            ),
            (
                "fn f() -> std::io::Result<()> { crate::b::g(crate::c::D::<u8>::new()) }",
                "std::io::Result crate::b::g crate::c::D",
            ),
            ("use ::clap::Args; #[derive(thiserror::Error)] struct E;", "clap::Args thiserror::Error"),
            ("x.map::<u8>(y); <T as U>::z(); $crate::a::b()", ""),
            ("A { b, ..crate::c::D::new() }", "crate::c::D::new"),
            (
                "use crate::model::base64; fn f() { base64::encode(); bytes::Bytes::new() }",
                "crate::model::base64 bytes::Bytes::new",
            ),
            ("pub mod base64; fn f() { base64::encode() }", ""),
            ("use {std::fs, clap};", "std::fs clap"),
            ("fn f<'a>() -> impl I + use<'a> { g(|| { h(); }); a::b() }", "a::b"),
        ] {
            assert_eq!(paths("wire/auth.rs", source).join(" "), found, "{source}");
        }
        assert_eq!(paths("wire/mod.rs", "use super::a; use self::b;"), ["crate::a", "crate::wire::b"]);
        let member = "use crate::a::b; use super::c; use model::base64; fn f() { base64::encode(); lang::parse() }";
        let found = ["crate::codec::a::b", "crate::codec::c", "crate::model::base64", "crate::lang::parse"];
        assert_eq!(paths("codec/answer.rs", member), found);
    }

    #[test]
    fn test_code_is_recognised() {
        let text =
            "use a::b;\n#[cfg(test)]\nmod tests { use c::d; fn f() {} }\nuse e::f;\n#[cfg(test)] mod far;\nuse g::h;";
        let outline = outline("wire/auth.rs", text);
        let shown: Vec<_> = outline.paths.iter().map(|p| (p.what[0].as_str(), p.line, p.test)).collect();
        assert_eq!(shown, [("a", 1, false), ("c", 3, true), ("e", 4, false), ("g", 6, false)]);
        assert_eq!(outline.test_modules, [["crate", "wire", "auth", "far"]]);
        assert!(outline.functions[0].test);
    }

    #[test]
    fn functions_are_measured() {
        let text = "trait T { fn g(); }\nfn f(\n x: [u8; 2],\n) -> fn() {\n if x { }\n fn inner() {}\n}\n";
        let found: Vec<_> = outline("a.rs", text).functions.into_iter().map(|f| (f.what.0, f.what.1, f.line)).collect();
        assert_eq!(found, [("inner".to_owned(), 1, 6), ("f".to_owned(), 6, 2)]);
    }
}
