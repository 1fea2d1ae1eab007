//! `[groups]` in `config.toml`: accounts that belong together, under a name that a line can put after `@`.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeArray, DeValue};

use super::names::{PROFILE_NAMES, is_profile_name};

/// The word for all accounts.
pub const ALL: &str = "all";

/// What is wrong with a table, at a byte of the text, and what would be right.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) problem: String,
    pub(super) hint: Option<String>,
}

/// The groups of the table, each with its members: profiles, or patterns of their names such as `web_*`.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    is_profile: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let fault = |at: usize, problem: String, hint: &str| Fault { at, problem, hint: Some(hint.into()) };
    const FORM: &str = "a group is written NAME = [\"PROFILE\", \"PRO*\"] below [groups]";
    let table = value.get_ref().as_table();
    let table = table.ok_or_else(|| fault(value.span().start, "`groups` is not a table".into(), FORM))?;
    let mut groups = BTreeMap::new();
    for (name, members) in table {
        let (word, at) = (name.get_ref().as_ref(), name.span().start);
        if !is_profile_name(word) {
            return Err(fault(at, format!("`{word}` cannot be the name of a group"), PROFILE_NAMES));
        }
        if word == ALL || is_profile(word) {
            let taken = if word == ALL { "means all accounts" } else { "is a profile" };
            return Err(fault(at, format!("the group `{word}` has a name that {taken}"), "give it another name"));
        }
        let no_list = || fault(at, format!("the group `{word}` is not a list of profiles"), FORM);
        let list: &DeArray<'_> = members.get_ref().as_array().ok_or_else(no_list)?;
        let mut found = Vec::new();
        for member in list {
            let text = member.get_ref().as_str().ok_or_else(no_list)?;
            if !text.contains('*') && !is_profile(text) {
                let is_group = text == ALL || table.keys().any(|name| name.get_ref() == text);
                let what = if is_group { "that is not a profile" } else { "there is no such profile" };
                let hint =
                    is_group.then(|| "a group has profiles in it, not groups; a line can name several: @a,b".into());
                let problem = format!("the group `{word}` names `{text}`, and {what}");
                return Err(Fault { at: member.span().start, problem, hint });
            }
            found.push(text.to_owned());
        }
        if found.is_empty() {
            return Err(fault(at, format!("the group `{word}` is empty"), FORM));
        }
        groups.insert(word.to_owned(), found);
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    fn of(text: &str) -> Result<String, String> {
        let table = DeTable::parse(text).unwrap();
        let read = read(&table.get_ref()["groups"], |name| ["work", "web_eu"].contains(&name));
        let shown = |(name, members): (String, Vec<String>)| format!("{name}: {}", members.join(" "));
        read.map(|groups| groups.into_iter().map(shown).collect::<Vec<_>>().join("; ")).map_err(|fault| fault.problem)
    }

    #[test]
    fn a_group_is_a_list_of_profiles_and_patterns() {
        assert_eq!(of("[groups]\nb = ['work']\na = ['web_*', 'work']"), Ok("a: web_* work; b: work".into()));
        for (text, problem) in [
            ("groups = 1", "`groups` is not a table"),
            ("[groups]\n'a b' = ['work']", "`a b` cannot be the name of a group"),
            ("[groups]\nall = ['work']", "the group `all` has a name that means all accounts"),
            ("[groups]\nwork = ['work']", "the group `work` has a name that is a profile"),
            ("[groups]\na = 'work'", "the group `a` is not a list of profiles"),
            ("[groups]\na = [1]", "the group `a` is not a list of profiles"),
            ("[groups]\na = ['wrk']", "the group `a` names `wrk`, and there is no such profile"),
            ("[groups]\na = ['b']\nb = ['work']", "the group `a` names `b`, and that is not a profile"),
            ("[groups]\na = ['all']", "the group `a` names `all`, and that is not a profile"),
            ("[groups]\na = []", "the group `a` is empty"),
        ] {
            assert_eq!(of(text), Err(problem.into()), "{text}");
        }
    }
}
