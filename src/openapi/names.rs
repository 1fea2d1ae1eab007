//! What operations are called: `noun.verb` from the path, as in the catalogues of the program.

use std::collections::{BTreeMap, BTreeSet};

use model::Value;
use model::route::{Verb, placeholders};

use super::operation::Operation;
use super::words::{parts, single, small};

/// The name of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// The document's own name for it, where that can be typed and is free.
    pub(crate) aliases: Vec<String>,
    /// The name that it would have had, which another operation has.
    pub(crate) taken: Option<String>,
    /// What it reads one or several of: `servers` for `servers.list` and `servers.get`.
    pub(crate) noun: String,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Fixed(String),
    Param(String),
}

/// The names of operations, in their order. `listed` says which of them return a list.
pub(crate) fn names(operations: &[Operation<'_>], listed: &[bool]) -> Vec<Named> {
    let known = Known::of(operations, listed);
    let all: Vec<Vec<String>> =
        operations.iter().zip(listed).map(|(operation, listed)| known.candidates(operation, *listed)).collect();
    let mut order: Vec<usize> = (0..operations.len()).collect();
    let rank =
        |nth: &usize| operations.get(*nth).map(|it| (it.deprecated, placeholders(it.path).count(), it.path.len()));
    order.sort_by_key(rank);
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for nth in &order {
        if let Some(first) = all.get(*nth).and_then(|names| names.first()) {
            owners.entry(first).or_insert(*nth);
        }
    }
    let mut names: Vec<Named> = vec![Named::default(); operations.len()];
    let mut given: BTreeSet<String> = owners.keys().map(|name| (*name).to_owned()).collect();
    for nth in order {
        let (Some(candidates), Some(named)) = (all.get(nth), names.get_mut(nth)) else { continue };
        let Some(first) = candidates.first() else { continue };
        named.noun = first.rsplit_once('.').map_or(first.as_str(), |(noun, _)| noun).to_owned();
        if owners.get(first.as_str()) == Some(&nth) {
            named.name.clone_from(first);
            continue;
        }
        let numbered = (2..).map(|number| format!("{first}_{number}"));
        let free = candidates.iter().skip(1).cloned().chain(numbered).find(|name| !given.contains(name));
        named.name = free.unwrap_or_default();
        named.taken = Some(first.clone());
        given.insert(named.name.clone());
    }
    add_aliases(&mut names, operations, given);
    names
}

/// The document's own names as aliases, where nothing else has them.
fn add_aliases(names: &mut [Named], operations: &[Operation<'_>], mut given: BTreeSet<String>) {
    let fits = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    for (named, operation) in names.iter_mut().zip(operations) {
        let own = [operation.node.text("x-cli-name"), operation.id];
        for id in own.into_iter().filter(|id| fits(id)) {
            if given.insert(id.to_owned()) {
                named.aliases.push(id.to_owned());
            }
        }
    }
}

/// What is known about the paths of a document.
struct Known<'d> {
    /// Verb and path, and whether the operation returns a list.
    all: BTreeMap<(&'static str, &'d str), bool>,
    /// Paths below which there are single members.
    collections: BTreeSet<&'d str>,
    /// How many steps at the beginning all paths share.
    shared: usize,
}

impl<'d> Known<'d> {
    fn of(operations: &[Operation<'d>], listed: &[bool]) -> Known<'d> {
        let key = |operation: &Operation<'d>| (operation.verb.as_str(), operation.path.trim_end_matches('/'));
        let all = operations.iter().zip(listed).map(|(operation, listed)| (key(operation), *listed)).collect();
        let above = |operation: &Operation<'d>| {
            let (above, last) = operation.path.trim_end_matches('/').rsplit_once('/')?;
            last.starts_with('{').then_some(above)
        };
        Known { all, collections: operations.iter().filter_map(above).collect(), shared: shared(operations) }
    }

    fn has(&self, verb: Verb, path: &str) -> Option<bool> {
        self.all.get(&(verb.as_str(), path.trim_end_matches('/'))).copied()
    }

    /// Names for an operation, the best first.
    fn candidates(&self, operation: &Operation<'_>, listed: bool) -> Vec<String> {
        let own = vendors(operation);
        let steps = steps(operation, self.shared);
        let (noun_steps, verb) = self.parted(operation, &steps, listed);
        let noun = |single: bool| noun(noun_steps, single);
        let first = format!("{}.{verb}", noun(false));
        let by: Vec<String> = placeholders(operation.path).filter_map(small).collect();
        let id = small(operation.id).map(|id| match noun_steps.first() {
            Some(Step::Fixed(word)) => format!("{word}.{id}"),
            _ => format!("root.{id}"),
        });
        own.into_iter()
            .chain([first.clone(), format!("{}.{verb}", noun(true))])
            .chain(id)
            .chain((!by.is_empty()).then(|| format!("{first}_by_{}", by.join("_and_"))))
            .collect()
    }

    /// The steps of the noun, and the verb.
    fn parted<'s>(&self, operation: &Operation<'_>, steps: &'s [Step], listed: bool) -> (&'s [Step], String) {
        let path = operation.path;
        let beside = |verb| self.has(verb, path);
        let changes = beside(Verb::Put).is_some() || beside(Verb::Patch).is_some();
        let usual = |single: &str, many: &str| match steps.last() {
            Some(Step::Fixed(_)) if beside(Verb::Get) == Some(true) => many.to_owned(),
            _ => single.to_owned(),
        };
        let verb = match (operation.verb, steps.last()) {
            (Verb::Get, _) if listed && !matches!(steps.last(), Some(Step::Param(_))) => "list".to_owned(),
            (Verb::Get, _) => "get".to_owned(),
            (Verb::Head, _) => "head".to_owned(),
            (Verb::Options, _) => "options".to_owned(),
            (Verb::Delete, _) => usual("delete", "delete_many"),
            (_, Some(Step::Fixed(word))) if self.is_action(path, steps, word) => return action(steps, word),
            (Verb::Put, _) if beside(Verb::Patch).is_some() => usual("replace", "replace_many"),
            (Verb::Put | Verb::Patch, _) => usual("update", "update_many"),
            (Verb::Post, Some(Step::Param(_))) if changes => "post".to_owned(),
            (Verb::Post, Some(Step::Param(_))) => "update".to_owned(),
            (Verb::Post, _) if beside(Verb::Get) == Some(false) && !changes && !self.collections.contains(path) => {
                "update".to_owned()
            }
            (Verb::Post, _) => "create".to_owned(),
        };
        (steps, verb)
    }

    /// Whether the last step is what is done, and not something that there can be several of.
    fn is_action(&self, path: &str, steps: &[Step], word: &str) -> bool {
        if steps.len() < 2 {
            return false;
        }
        let below_actions = matches!(steps.iter().rev().nth(1), Some(Step::Fixed(above)) if above == "actions");
        let alone = self.has(Verb::Get, path).is_none() && !self.collections.contains(path.trim_end_matches('/'));
        let last = parts(word).pop().unwrap_or_default();
        below_actions || alone && single(&last) == last
    }
}

/// `servers.reboot` for `/servers/{id}/actions/reboot`.
fn action<'s>(steps: &'s [Step], word: &str) -> (&'s [Step], String) {
    let noun = steps.split_last().map_or(steps, |(_, noun)| noun);
    let below = match noun.split_last() {
        Some((Step::Fixed(last), rest)) if last == "actions" && !rest.is_empty() => rest,
        _ => noun,
    };
    (below, word.to_owned())
}

/// The names that vendors give to their own tools.
fn vendors(operation: &Operation<'_>) -> Option<String> {
    let said = |key: &str| {
        let value = operation.node.value().get(key).or_else(|| operation.item.value().get(key))?;
        let first = value.as_list().and_then(|list| list.first()).unwrap_or(value);
        first.as_str().and_then(small)
    };
    let (command, action) = (said("x-linode-cli-command")?, said("x-linode-cli-action")?);
    Some(format!("{command}.{action}"))
}

/// The steps of a path behind those that all paths share.
fn steps(operation: &Operation<'_>, shared: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    for step in operation.steps().skip(shared) {
        let names: Vec<&str> = placeholders(step).collect();
        let fixed = names.iter().fold(step.to_owned(), |text, name| text.replace(&format!("{{{name}}}"), " "));
        steps.extend(names.iter().filter_map(|name| small(name)).map(Step::Param));
        let fixed = fixed.trim().trim_end_matches(".json").to_owned();
        steps.extend(fixed.split_whitespace().filter_map(small).map(Step::Fixed));
    }
    steps
}

/// How many fixed steps all paths begin with. Every path keeps one.
fn shared(operations: &[Operation<'_>]) -> usize {
    let paths: Vec<Vec<&str>> = operations.iter().map(|operation| operation.steps().collect()).collect();
    let Some((first, rest)) = paths.split_first() else { return 0 };
    let same = |nth: usize, step: &str| !step.contains('{') && rest.iter().all(|path| path.get(nth) == Some(&step));
    let most = paths.iter().map(|path| path.len().saturating_sub(1)).min().unwrap_or_default();
    let count = first.iter().enumerate().take(most).take_while(|(nth, step)| same(*nth, step)).count();
    // A single path shares all of it with itself: only what looks like a version is left out.
    match rest {
        [] => first.iter().take(count).take_while(|step| is_version(step)).count(),
        _ => count,
    }
}

fn is_version(step: &str) -> bool {
    let rest = step.strip_prefix(['v', 'V']).unwrap_or_default();
    step == "api" || !rest.is_empty() && rest.starts_with(|c: char| c.is_ascii_digit())
}

/// The fixed steps, joined. With `members`, one that stands before the id of its member and something of that member is
/// called after one member.
fn noun(steps: &[Step], members: bool) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut chosen = false;
    for step in steps {
        match step {
            Step::Fixed(word) => {
                if let Some(last) = words.last_mut().filter(|_| chosen && members) {
                    *last = single(last);
                }
                chosen = false;
                words.push(word.clone());
            }
            Step::Param(_) => chosen = true,
        }
    }
    if words.is_empty() { "root".to_owned() } else { words.join(".") }
}

/// The extension of a vendor, if it says that an operation is not for a command line.
pub(crate) fn is_left_out(operation: &Operation<'_>) -> bool {
    operation.node.value().get("x-cli-ignore") == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    /// The names of operations, written as `VERB path`, with an id after a third blank; a path that ends with `*`
    /// returns a list.
    fn named(all: &[&str]) -> Vec<Named> {
        let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut lists = BTreeMap::new();
        for line in all {
            let mut words = line.split(' ');
            let (verb, path) = (words.next().unwrap(), words.next().unwrap());
            let path = path.trim_end_matches('*');
            lists.insert((verb.to_owned(), path.to_owned()), line.contains('*'));
            let entry =
                format!(r#""{}":{{"operationId":"{}"}}"#, verb.to_lowercase(), words.next().unwrap_or_default());
            paths.entry(path.to_owned()).or_default().push(entry);
        }
        let paths: Vec<String> =
            paths.iter().map(|(path, entries)| format!(r#""{path}":{{{}}}"#, entries.join(","))).collect();
        let library = Library::of(
            serde_json::from_str(&format!(r#"{{"openapi":"3.0.0","paths":{{{}}}}}"#, paths.join(","))).unwrap(),
        );
        let api = front::read(&library).unwrap();
        let key = |operation: &Operation<'_>| (operation.verb.as_str().to_owned(), operation.path.to_owned());
        let listed: Vec<bool> = api.operations.iter().map(|operation| lists[&key(operation)]).collect();
        let found = names(&api.operations, &listed);
        let at = |line: &&str| {
            let mut words = line.split(' ');
            let wanted = (words.next().unwrap().to_owned(), words.next().unwrap().trim_end_matches('*').to_owned());
            found[api.operations.iter().position(|operation| key(operation) == wanted).unwrap()].clone()
        };
        all.iter().map(at).collect()
    }

    fn table(rows: &[(&str, &str)]) {
        let lines: Vec<&str> = rows.iter().map(|(line, _)| *line).collect();
        for (named, (line, name)) in named(&lines).iter().zip(rows) {
            assert_eq!(named.name, *name, "{line}");
        }
    }

    #[test]
    fn a_name_comes_from_the_path() {
        table(&[
            ("GET /v2/servers*", "servers.list"),
            ("POST /v2/servers", "servers.create"),
            ("GET /v2/servers/{id}", "servers.get"),
            ("PUT /v2/servers/{id}", "servers.update"),
            ("DELETE /v2/servers/{id}", "servers.delete"),
            ("POST /v2/servers/{id}/actions/reboot", "servers.reboot"),
            ("POST /v2/servers/{id}/actions/reset_password", "servers.reset_password"),
            ("POST /v2/servers/{id}/boot", "servers.boot"),
            ("GET /v2/servers/{id}/metrics", "servers.metrics.get"),
            ("GET /v2/servers/{serverId}/sshKeys*", "servers.ssh_keys.list"),
            ("POST /v2/servers/{id}/disks", "servers.disks.create"),
            ("DELETE /v2/servers", "servers.delete_many"),
            ("GET /v2/account", "account.get"),
            ("POST /v2/account", "account.update"),
            ("PUT /v2/zones/{id}", "zones.replace"),
            ("PATCH /v2/zones/{id}", "zones.update"),
            ("PUT /v2/zones/{id}/axfr-retrieve", "zones.axfr-retrieve"),
            ("POST /v2/login", "login.create"),
            ("GET /v2/files/{name}.json", "files.get"),
            ("HEAD /v2/files/{name}.json", "files.head"),
            ("POST /v2/jobs/{id}:cancel", "jobs.cancel"),
        ]);
    }

    #[test]
    fn two_operations_never_have_one_name() {
        let found = named(&[
            "GET /servers/actions*",
            "GET /servers/{id}/actions* listServerActions",
            "GET /servers/actions/{id}",
            "GET /servers/{id}/actions/{action}",
            "GET /server/{id}/actions* servers.actions.list",
            "GET /a/{x}/b* same",
            "GET /a/b*",
            "GET /a/{x}/{y}/b* same",
            "GET /a/{x}/{y}/{z}/b* same",
        ]);
        let names: Vec<&str> = found.iter().map(|named| named.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "servers.actions.list",
                "server.servers.actions.list",
                "servers.actions.get",
                "server.actions.get",
                "server.actions.list",
                "a.same",
                "a.b.list",
                "a.b.list_by_x_and_y",
                "a.b.list_by_x_and_y_and_z",
            ]
            .map(|name| if name == "server.servers.actions.list" {
                "servers.list_server_actions"
            } else {
                name
            })
        );
        assert_eq!(found[1].taken.as_deref(), Some("servers.actions.list"));
        assert_eq!((found[0].aliases.len(), found[1].aliases.clone()), (0, vec!["listServerActions".to_owned()]));
        // The id of another operation is no alias where a name is the same.
        assert_eq!(found[4].aliases, [""; 0]);
        assert_eq!(found[5].aliases, ["same"]);
        assert_eq!(found[7].aliases, [""; 0]);
    }
}
