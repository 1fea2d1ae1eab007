//! What can come next in a half-typed line. Pure: Tab never touches the network.

use std::collections::HashSet;
use std::sync::Arc;

use crate::lang::{OPTIONS, Token, TokenKind, tokens};
use crate::model::{Method, Param, Type};
use crate::registry::Registry;

/// One thing that can come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What takes the place of the half-typed word.
    pub insert: String,
    /// A mark and a few words about it, for the list.
    pub summary: String,
}

/// The candidates for the word under the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte of the line where that word begins.
    pub start: usize,
    /// Best first.
    pub candidates: Vec<Candidate>,
}

/// Completes the word that ends at the cursor.
pub fn complete(line: &str, cursor: usize, registry: &Registry) -> Completion {
    let typed = line.get(..cursor).unwrap_or(line);
    let current = Current::of(typed);
    let word = typed.get(current.start..).unwrap_or("");
    let candidates = match &current.place {
        Place::Head => heads(word, current.profile.as_deref(), registry),
        Place::Option => options(word),
        Place::Topic => topics(word, registry),
        Place::Profile => profiles(word, registry),
        Place::Name(head) => current.method(head, registry).map(|m| names(word, &m, &current.used)).unwrap_or_default(),
        Place::Value(head, name) => current.method(head, registry).map(|m| values(word, &m, name)).unwrap_or_default(),
        Place::Nothing => Vec::new(),
    };
    Completion { start: current.start, candidates }
}

/// What kind of word stands under the cursor.
#[derive(Debug)]
enum Place {
    Head,
    Option,
    Topic,
    Profile,
    Name(String),
    Value(String, String),
    Nothing,
}

#[derive(Debug)]
struct Current {
    start: usize,
    place: Place,
    /// The word before the colon of the method.
    profile: Option<String>,
    /// Names of parameters that the line has already.
    used: HashSet<String>,
}

impl Current {
    fn of(typed: &str) -> Current {
        let all = tokens(typed);
        let begin = all.iter().rposition(|token| token.kind == TokenKind::Separator).map_or(0, |at| at + 1);
        let line = all.get(begin..).unwrap_or_default();
        // A word that the cursor touches is being typed; behind a blank a new one begins.
        let (before, touched) = match line.split_last() {
            Some((last, before)) if last.span.end == typed.len() && last.kind != TokenKind::Tag => (before, Some(last)),
            _ => (line, None),
        };
        let start = touched.map_or(typed.len(), |token| token.span.start);
        let text = |token: &Token| typed.get(token.span.range()).unwrap_or("").to_owned();
        let named: Vec<String> = before.iter().filter(|t| t.kind == TokenKind::Name).map(text).collect();
        let head = before.iter().find(|token| token.kind == TokenKind::Head).map(text);
        let place = place(before, touched.map(text).unwrap_or_default(), head, named.last().cloned());
        let profile = line.iter().find(|token| token.kind == TokenKind::Profile).map(text);
        Current { start, place, profile, used: named.into_iter().collect() }
    }

    /// The method of the line: of its profile, else of the first that has it.
    fn method(&self, head: &str, registry: &Registry) -> Option<Arc<Method>> {
        let mut owners = registry.sources().filter(|s| self.profile.as_deref().is_none_or(|p| p == s.profile()));
        owners.find_map(|source| source.method(head))?.ok()
    }
}

fn place(before: &[Token], word: String, head: Option<String>, last_name: Option<String>) -> Place {
    let Some(head) = head else { return Place::Head };
    match before.last().map(|token| token.kind) {
        Some(TokenKind::Operator | TokenKind::Command | TokenKind::File | TokenKind::Comment) => Place::Nothing,
        _ if word.starts_with('-') => Place::Option,
        _ if matches!(head.as_str(), "help" | "?") => Place::Topic,
        _ if matches!(head.as_str(), "use" | "refresh") => Place::Profile,
        Some(TokenKind::Name | TokenKind::Tag) => last_name.map_or(Place::Nothing, |name| Place::Value(head, name)),
        Some(TokenKind::Option) => Place::Nothing,
        _ => Place::Name(head),
    }
}

/// Commands, methods, and with several accounts their names; behind a profile, its methods.
fn heads(word: &str, profile: Option<&str>, registry: &Registry) -> Vec<Candidate> {
    if let Some(source) = profile.and_then(|profile| registry.source(profile)) {
        return matching(word, source.entries().map(|entry| (entry.name, entry.summary)));
    }
    let mut found = matching(word, registry.entries().map(|entry| (entry.name, entry.summary)));
    if registry.sources().nth(1).is_some() {
        found.extend(
            profiles(word, registry)
                .into_iter()
                .map(|candidate| Candidate { insert: format!("{}:", candidate.insert), ..candidate }),
        );
    }
    found
}

fn profiles(word: &str, registry: &Registry) -> Vec<Candidate> {
    matching(word, registry.sources().map(|source| (source.profile(), source.provider().title.as_str())))
}

fn topics(word: &str, registry: &Registry) -> Vec<Candidate> {
    let remote = std::iter::once(("remote", "All methods"));
    matching(word, remote.chain(registry.entries().map(|entry| (entry.name, entry.summary))))
}

fn options(word: &str) -> Vec<Candidate> {
    let names = OPTIONS.iter().map(|option| (format!("--{}", option.long), option.summary));
    let fitting = names.filter(|(name, _)| name.starts_with(word));
    fitting.map(|(insert, summary)| Candidate { insert, summary: summary.to_owned() }).collect()
}

/// Required parameters first, those that are given already left out.
fn names(word: &str, method: &Method, used: &HashSet<String>) -> Vec<Candidate> {
    let mut open: Vec<&Param> = method.params.iter().filter(|param| !used.contains(&param.name)).collect();
    open.sort_by_key(|param| (!param.required, param.deprecated.is_some()));
    let fitting = open.into_iter().filter(|param| param.name.starts_with(word));
    fitting.map(|param| Candidate { insert: param.name.clone(), summary: describe(param) }).collect()
}

fn describe(param: &Param) -> String {
    let mark = match (param.required, &param.deprecated) {
        (true, _) => "* ",
        (_, Some(_)) => "deprecated: ",
        _ => "",
    };
    format!("{mark}({}) {}", param.type_.keyword(), param.summary)
}

fn values(word: &str, method: &Method, name: &str) -> Vec<Candidate> {
    let Some(param) = method.param(name) else { return Vec::new() };
    let mut choices: Vec<String> = param.choices.iter().map(|choice| choice.plain()).collect();
    if param.type_ == Type::Boolean {
        choices = vec!["true".into(), "false".into()];
    }
    let fitting = choices.into_iter().filter(|choice| choice.starts_with(word));
    fitting.map(|insert| Candidate { insert, summary: String::new() }).collect()
}

/// Names that begin with the word; failing those, names that fit it part by part (`zr.cr` finds
/// `dns.zone_record_create` no less than `d.z`).
fn matching<'n>(word: &str, names: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<Candidate> {
    let candidate = |(name, summary): (&str, &str)| Candidate { insert: name.into(), summary: summary.into() };
    let all: Vec<(&str, &str)> = names.collect();
    let prefixed: Vec<Candidate> =
        all.iter().filter(|(name, _)| name.starts_with(word)).copied().map(candidate).collect();
    if !prefixed.is_empty() || word.is_empty() {
        return prefixed;
    }
    all.iter().filter(|(name, _)| by_parts(word, name)).copied().map(candidate).collect()
}

/// Whether every part of the word, in order, begins a part of the name or is made of the first letters of some.
fn by_parts(word: &str, name: &str) -> bool {
    let mut parts = name.split(['.', '_', '-']).peekable();
    word.split(['.', '_', '-']).filter(|piece| !piece.is_empty()).all(|piece| {
        while let Some(part) = parts.next() {
            if part.starts_with(piece) {
                return true;
            }
            // `zr` stands for `zone_record`.
            let mut letters = piece.chars();
            let mut rest = parts.clone();
            if part.chars().next() == letters.next()
                && letters.all(|letter| rest.next().is_some_and(|next| next.starts_with(letter)))
                && piece.chars().count() > 1
            {
                parts = rest;
                return true;
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::catalog::Catalog;
    use crate::registry::{Source, embedded};

    fn registry() -> Registry {
        let help = Method { name: "help".into(), ..Method::default() };
        let catalog = Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap();
        Registry::new(Source::new("work", catalog), vec![help])
    }

    fn inserts(line: &str) -> Vec<String> {
        complete(line, line.len(), &registry()).candidates.into_iter().map(|c| c.insert).collect()
    }

    #[test]
    fn the_place_decides_what_is_offered() {
        for (line, first) in [
            ("he", "help"),
            ("service.l", "service.list"),
            ("x; service.l", "service.list"),
            ("dns.zone_record_create ", "zone_id"),
            ("dns.zone_record_create zone_id x ", "type"),
            ("dns.zone_record_create type ", "A"),
            ("dns.zone_record_create type AA", "AAAA"),
            ("dns.zone_record_create relative (boolean)", "true"),
            ("dns.zone_record_create ty", "type"),
            ("help dns.rel", "dns.reload"),
            ("help rem", "remote"),
            ("service.list --ou", "--output"),
            ("zr.cr", "dns.zone_record_create"),
            ("d.zri", "dns.zone_record_info"),
            ("use wo", "work"),
            ("work:service.l", "service.list"),
            ("work:dns.zone_record_create ", "zone_id"),
        ] {
            assert_eq!(inserts(line).first().map(String::as_str), Some(first), "{line}");
        }
    }

    #[test]
    fn what_is_used_or_out_of_place_is_not_offered() {
        assert!(!inserts("dns.zone_record_create type A ").contains(&"type".to_owned()));
        for line in ["service.list | ", "service.list | x ", "service.list # ", "nowhere.at_all "] {
            assert!(inserts(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn required_parameters_come_first_and_are_marked() {
        let completion = complete("dns.zone_record_create ", 23, &registry());
        let marks: Vec<bool> = completion.candidates.iter().map(|c| c.summary.starts_with("* ")).collect();
        let required = marks.iter().take_while(|mark| **mark).count();
        assert!(required == 3 && marks.iter().skip(required).all(|mark| !mark), "{marks:?}");
    }
}
