//! Groups of methods: those whose names begin alike, as `dns.zone_list` and `dns.reload` do.

use super::{Entry, Source};

/// The methods of one account whose names begin with a word.
#[derive(Debug)]
pub struct Group<'r> {
    /// The word, as the account's methods spell it.
    pub name: String,
    /// Whose they are.
    pub source: &'r Source,
    /// The methods, sorted by name.
    pub entries: Vec<Entry<'r>>,
}

impl Group<'_> {
    /// Whether the names of its methods begin with its own, rather than having it inside.
    pub fn leads(&self) -> bool {
        self.entries.iter().all(|entry| entry.name.starts_with(&self.name))
    }
}

/// The groups of that name at some accounts: methods whose names begin with it, or else have it as a part. The case of
/// letters does not matter, nor does a dot or a star at the end.
pub fn find<'r>(sources: impl Iterator<Item = &'r Source>, word: &str) -> Vec<Group<'r>> {
    let sources: Vec<&Source> = sources.collect();
    let wanted = word.trim_end_matches('*').trim_end_matches('.').to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let front = |name: &str| {
        let low = name.to_lowercase();
        let length =
            low.strip_prefix(&wanted).filter(|rest| rest.starts_with(['.', '_', '-'])).map(|_| wanted.len())?;
        name.get(..length).map(str::to_owned)
    };
    let part = |name: &str| {
        let mut parts = name.split('.');
        parts.next_back();
        parts.find(|part| part.to_lowercase() == wanted).map(str::to_owned)
    };
    let first = of(&sources, &front);
    let found = if first.is_empty() { of(&sources, &part) } else { first };
    match wanted.strip_suffix('s').filter(|_| found.is_empty()) {
        Some(single) => find(sources.into_iter(), single),
        None => found,
    }
}

/// The groups that a rule finds in names, one an account.
fn of<'r>(sources: &[&'r Source], rule: &dyn Fn(&str) -> Option<String>) -> Vec<Group<'r>> {
    let group = |source: &'r Source| {
        let entries: Vec<Entry<'r>> = source.entries().filter(|entry| rule(entry.name).is_some()).collect();
        let name = rule(entries.first()?.name)?;
        Some(Group { name, source, entries })
    };
    sources.iter().copied().filter_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::embedded;

    #[test]
    fn methods_are_found_by_the_beginning_of_their_names() {
        let source = |it: &'static embedded::Embedded| Source::new(it.id, Catalog::open(it).unwrap());
        let sources: Vec<Source> = embedded::all().iter().map(source).collect();
        for (word, name, least) in [
            ("dns", Some("dns"), 10),
            ("DNS", Some("dns"), 10),
            ("dns.", Some("dns"), 10),
            ("dns.*", Some("dns"), 10),
            ("firewalling", Some("firewalling"), 5),
            ("Server", Some("server"), 10),
            ("servers", Some("server"), 10),
            ("monitoring", Some("monitoring"), 5),
            ("dn", None, 0),
            ("", None, 0),
            ("*", None, 0),
            ("reload", None, 0),
        ] {
            let groups = find(sources.iter(), word);
            assert_eq!(groups.first().map(|group| group.name.as_str()), name, "{word}");
            assert!(groups.iter().all(|group| group.leads() == (group.name != "monitoring")), "{word}");
            assert!(groups.iter().map(|group| group.entries.len()).sum::<usize>() >= least, "{word}");
        }
    }
}
