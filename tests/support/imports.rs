//! Which file imports which: the paths of the outlines, followed to the files that declare what they name.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Outline, module, outline};

/// The files of a crate, or of several that are read as one, with the imports between them. Tests are left out.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    /// Every file, but for those that only hand names on.
    pub(crate) files: BTreeSet<String>,
    /// From a file to another, with the line of the first import.
    pub(crate) arrows: BTreeMap<(String, String), usize>,
}

/// How many times a name is handed on at most.
const DEEPEST: usize = 8;

struct Crate {
    files: BTreeMap<Vec<String>, (String, Outline)>,
}

impl Imports {
    /// Reads the files of a folder, each with its path inside it.
    pub(crate) fn of(files: &[(String, String)]) -> Imports {
        let outlines: Vec<_> = files.iter().filter(|(path, _)| path != "main.rs").collect();
        let outlines = outlines.into_iter().map(|(path, text)| (module(path), (path.clone(), outline(path, text))));
        let mut files: BTreeMap<_, _> = outlines.collect();
        let tests: BTreeSet<Vec<String>> =
            files.values().flat_map(|(_, outline)| outline.test_modules.iter().cloned()).collect();
        files.retain(|module, _| !(1..=module.len()).any(|end| tests.contains(&module[..end])));
        Crate { files }.imports()
    }

    /// Files that import each other, directly or by way of others.
    pub(crate) fn circles(&self) -> Vec<Vec<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            self.files.iter().map(|file| (file.as_str(), self.reached(file))).collect();
        let mut circles = BTreeSet::new();
        for (file, far) in &reached {
            let circle: Vec<&str> = far.iter().copied().filter(|other| reached[other].contains(file)).collect();
            if circle.len() > 1 {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }

    /// All that a file imports, and what that imports, and so on.
    fn reached(&self, file: &str) -> BTreeSet<&str> {
        let (mut far, mut next) = (BTreeSet::new(), vec![file]);
        while let Some(from) = next.pop() {
            let from = (from.to_owned(), String::new());
            let onwards = self.arrows.range(from.clone()..).map(|((a, b), _)| (a, b.as_str()));
            for (_, to) in onwards.take_while(|(a, _)| **a == from.0) {
                if far.insert(to) {
                    next.push(to);
                }
            }
        }
        far
    }
}

impl Crate {
    fn imports(&self) -> Imports {
        let mut imports = Imports::default();
        for (path, outline) in self.files.values().filter(|(_, outline)| outline.declares) {
            imports.files.insert(path.clone());
            for place in outline.reached.iter().filter(|place| !place.test) {
                if let Some(to) = self.declaring(&place.what, 0).filter(|to| to != path) {
                    imports.arrows.entry((path.clone(), to)).or_insert(place.line);
                }
            }
        }
        imports
    }

    /// The file that declares what a path names.
    fn declaring(&self, path: &[String], deep: usize) -> Option<String> {
        let end = (1..=path.len()).rev().find(|end| self.files.contains_key(&path[..*end]))?;
        let (file, outline) = &self.files[&path[..end]];
        let rest = &path[end..];
        if let Some(name) = rest.first() {
            let handed = outline.handed.iter().find(|(known, _)| known == name);
            if let Some((_, origin)) = handed.filter(|_| deep < DEEPEST) {
                let onwards: Vec<String> = origin.iter().chain(&rest[1..]).cloned().collect();
                return self.declaring(&onwards, deep + 1);
            }
            let all = outline.handed.iter().filter(|(known, _)| known == "*").map(|(_, origin)| origin);
            for origin in all.filter(|_| !outline.declares && deep < DEEPEST) {
                let onwards: Vec<String> = origin[..origin.len() - 1].iter().chain(rest).cloned().collect();
                if let Some(found) = self.declaring(&onwards, deep + 1) {
                    return Some(found);
                }
            }
        }
        outline.declares.then(|| file.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(files: &[(&str, &str)]) -> Imports {
        let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Imports::of(&files)
    }

    #[test]
    fn a_circle_is_seen_through_modules_that_hand_names_on() {
        let found = imports(&[
            ("lib.rs", "pub mod a; pub mod b;"),
            ("a/mod.rs", "mod c; pub mod d; pub use c::One;"),
            ("a/c.rs", "use crate::b; pub struct One; fn f() { b::g() }"),
            ("a/d.rs", "use super::One; pub fn d() {}"),
            ("b.rs", "use crate::a::One; pub fn g() {}\n#[cfg(test)] mod tests { use crate::a::d::d; }"),
        ]);
        assert_eq!(found.circles(), [["a/c.rs", "b.rs"]]);
        let arrows: Vec<String> = found.arrows.keys().map(|(from, to)| format!("{from} {to}")).collect();
        assert_eq!(arrows, ["a/c.rs b.rs", "a/d.rs a/c.rs", "b.rs a/c.rs"]);
    }

    #[test]
    fn a_module_with_its_own_code_counts() {
        let found = imports(&[
            ("a/mod.rs", "mod c; use c::One; pub fn f(_: One) {}"),
            ("a/c.rs", "use super::f; pub struct One;"),
            ("e.rs", "use crate::a; fn g() { a::f() }"),
        ]);
        assert_eq!(found.circles(), [["a/c.rs", "a/mod.rs"]]);
        assert!(found.arrows.contains_key(&("e.rs".to_owned(), "a/mod.rs".to_owned())));
    }
}
