//! Which accounts a line names: `@all`, `@work,@home`, `@web_*`, or a group of the configuration.

use super::Registry;
use super::error::ResolveError;
use super::resolve::no_profile;
use model::Span;

/// The name of all accounts together.
pub const ALL: &str = "all";
/// Any characters of a name.
const ANY: char = '*';

/// The profiles that a word names, each once, in the order of the word; those of a pattern in the order in which they
/// were added. `span` is the position of the word, which begins with `@`.
pub fn named(registry: &Registry, word: &str, span: Span) -> Result<Vec<String>, ResolveError> {
    let mut found: Vec<String> = Vec::new();
    let mut at = span.start;
    for part in word.split(',') {
        let name = part.strip_prefix('@').unwrap_or(part);
        let place = Span::new(at + part.len() - name.len(), at + part.len());
        at += part.len() + 1;
        let members = registry.groups().get(name).filter(|_| registry.source(name).is_none());
        let of_part = match members {
            _ if name == ALL => matching(registry, "*"),
            Some(members) => members.iter().flat_map(|member| matching(registry, member)).collect(),
            None if name.contains(ANY) => matching(registry, name),
            None if registry.source(name).is_some() => vec![name],
            None => return Err(no_account(registry, name, place)),
        };
        if of_part.is_empty() {
            return Err(ResolveError::NoAccounts { name: name.into(), span: place, known: known(registry) });
        }
        for profile in of_part {
            if !found.iter().any(|known| known == profile) {
                found.push(profile.to_owned());
            }
        }
    }
    Ok(found)
}

/// The accounts among those that a word means and that cannot be used, each with the reason.
pub fn left_out<'r>(registry: &'r Registry, word: &str) -> Vec<(&'r str, &'r str)> {
    let patterns: Vec<&str> = word.split(',').map(|part| part.strip_prefix('@').unwrap_or(part)).collect();
    let meant = |profile: &str| {
        patterns.iter().any(|name| match registry.groups().get(*name) {
            _ if *name == ALL => true,
            Some(members) => members.iter().any(|member| fits(member, profile)),
            None => fits(name, profile),
        })
    };
    registry.all_left_out().filter(|(profile, _)| meant(profile)).collect()
}

/// Everything that can follow an `@`: `all`, the groups, and the profiles, each with what it means.
pub fn choices(registry: &Registry) -> Vec<(&str, String)> {
    let count = registry.sources().count();
    let groups = registry.groups().iter().map(|(name, members)| (name.as_str(), members.join(", ")));
    let profiles = registry.profiles().filter_map(|name| Some((name, registry.source(name)?.provider().title.clone())));
    std::iter::once((ALL, format!("all {count} accounts"))).chain(groups).chain(profiles).collect()
}

/// Whether a name matches a pattern, in which `*` matches any number of characters, including none.
pub fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once(ANY) else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts = rest.split(ANY).peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return name.ends_with(part);
        }
        // The earliest place leaves the most for the other parts.
        let Some((_, behind)) = name.split_once(part) else { return false };
        name = behind;
    }
    true
}

fn matching<'r>(registry: &'r Registry, pattern: &str) -> Vec<&'r str> {
    registry.profiles().filter(|profile| fits(pattern, profile)).collect()
}

fn no_account(registry: &Registry, name: &str, span: Span) -> ResolveError {
    match registry.left_out(name) {
        Some(_) => no_profile(registry, name, span),
        None => ResolveError::NoAccounts { name: name.into(), span, known: known(registry) },
    }
}

fn known(registry: &Registry) -> Vec<String> {
    choices(registry).into_iter().map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Groups;
    use crate::Source;
    use crate::catalog::Catalog;
    use crate::embedded;
    use model::Diagnostic;

    fn registry() -> Registry {
        let source = |name: &str| Source::new(name, Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let mut registry = Registry::new(source("work"), Vec::new());
        ["home", "web_eu", "web_us", "lab"].into_iter().for_each(|name| registry.add(source(name)));
        registry.leave_out("web_old".into(), "no key".into());
        let group = |members: &[&str]| members.iter().map(|member| (*member).to_owned()).collect();
        registry.set_groups(Groups::from([("web".into(), group(&["web_*", "lab"])), ("gone".into(), group(&["x*"]))]));
        registry.switch("lab");
        registry
    }

    #[test]
    fn a_word_names_accounts_in_its_own_order_and_each_once() {
        let registry = registry();
        for (word, accounts) in [
            ("@all", "work home web_eu web_us lab"),
            ("@*", "work home web_eu web_us lab"),
            ("@lab,@work", "lab work"),
            ("@lab,work,@lab", "lab work"),
            ("@web_*", "web_eu web_us"),
            ("@*_us,@*_eu", "web_us web_eu"),
            ("@web", "web_eu web_us lab"),
            ("@home,@web,@all", "home web_eu web_us lab work"),
        ] {
            assert_eq!(named(&registry, word, Span::default()).unwrap().join(" "), accounts, "{word}");
        }
    }

    #[test]
    fn what_names_no_account_is_refused_at_its_place() {
        let registry = registry();
        for (word, message, place) in [
            ("@wrk", "no account is called `wrk`", "wrk"),
            ("@work,@x_*", "no account fits `x_*`", "x_*"),
            ("@work,", "an account is missing after the comma", ""),
            ("@gone", "no account is in the group `gone`", "gone"),
            ("@web_old", "profile web_old cannot be used: no key", "web_old"),
        ] {
            let error = named(&registry, word, Span::new(0, word.len())).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert_eq!(&word[error.span().unwrap().range()], place, "{word}");
        }
        let error = named(&registry, "@wrk", Span::new(0, 4)).unwrap_err();
        assert!(error.hint().unwrap().starts_with("did you mean work?"), "{:?}", error.hint());
        let error = named(&registry, "@gone", Span::new(0, 5)).unwrap_err();
        assert!(error.hint().unwrap().starts_with("after @ can come"), "{:?}", error.hint());
    }

    #[test]
    fn accounts_that_cannot_be_used_are_among_those_that_were_meant() {
        let registry = registry();
        for (word, meant) in [("@all", true), ("@web_*", true), ("@web", true), ("@work,@home", false)] {
            assert_eq!(!left_out(&registry, word).is_empty(), meant, "{word}");
        }
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, name, fit) in [
            ("*", "", true),
            ("a*", "a", true),
            ("a*", "ba", false),
            ("*a", "bca", true),
            ("a*c", "ac", true),
            ("a*c", "abcd", false),
            ("*_*_eu", "a_b_eu", true),
            ("*_*_eu", "a_eu", false),
            ("a*a", "a", false),
            ("*b*", "abc", true),
            ("**", "x", true),
            ("ab", "ab", true),
            ("ab", "abc", false),
        ] {
            assert_eq!(fits(pattern, name), fit, "{pattern} {name}");
        }
    }
}
