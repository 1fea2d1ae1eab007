//! What may have been meant by the first words of a line: a method whose name was taken apart, an account, a command.

use super::pairing::pairings;
use super::row::Row;
use crate::render::Format;
use lang::OptionDef;
use model::Span;
use registry::{Registry, Source};

/// Words before a line that name this program.
pub(super) const OURSELVES: [&str; 3] = ["marsh", "ma-shell", "mash"];
/// Characters that separate the parts of names elsewhere.
const SEPARATORS: [&str; 5] = ["::", "->", "/", "_", "-"];
/// At most so many methods with the same end are named.
const MOST: usize = 3;

/// The account whose method a bare name is, as a line would find it.
pub(super) fn owner<'r>(registry: &'r Registry, name: &str) -> Option<&'r Source> {
    registry.sources().find(|source| source.has(name))
}

/// How a method of an account is called from here.
pub(super) fn called(registry: &Registry, source: &Source, name: &str) -> String {
    let is_here = source.profile() == registry.here().profile();
    if is_here { name.to_owned() } else { format!("{}:{name}", source.profile()) }
}

/// The lines that may have been meant, the likeliest first.
pub(super) fn lines<'r>(registry: &'r Registry, words: &[&'r str]) -> impl Iterator<Item = String> + use<'r> {
    let words: Vec<&str> = match words.split_first() {
        Some((head, rest)) if OURSELVES.contains(head) => after_options(rest),
        _ => words.to_vec(),
    };
    let mut lines = Vec::new();
    // Without the program's name it may be a line already.
    lines.push(words.join(" "));
    for (source, name, used) in methods(registry, &words) {
        let Some(Ok(method)) = source.method(&name) else { continue };
        let called = called(registry, source, &name);
        for way in pairings(&method, words.get(used..).unwrap_or_default()) {
            lines.push([vec![called.clone()], way].concat().join(" "));
        }
    }
    lines.extend(commands(&words));
    lines.extend(view(registry, &words));
    // An account that does not exist, in front of a line.
    lines.extend(words.get(1..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(" ")));
    lines.into_iter()
}

/// The words after the options of the program, with the account that one of them names.
fn after_options<'w>(mut words: &[&'w str]) -> Vec<&'w str> {
    while let Some((first, rest)) = words.split_first().filter(|(first, _)| first.starts_with('-')) {
        let has_value = ["-p", "--profile", "-k", "-u", "--url", "--user", "--region"].contains(first);
        words = rest.get(usize::from(has_value)..).unwrap_or_default();
    }
    words.to_vec()
}

/// Methods that the first words may mean, each with how many words they are.
fn methods<'r>(registry: &'r Registry, words: &[&str]) -> Vec<(&'r Source, String, usize)> {
    let mut found: Vec<(&Source, String, usize)> = Vec::new();
    let Some((head, rest)) = words.split_first() else { return found };
    // An account in front, joined to the method by something else than a colon.
    let account = |name: &str| {
        let mut sources = registry.sources();
        sources
            .find(|source| source.profile() == name)
            .or_else(|| registry.sources().find(|it| it.provider().id == name))
    };
    let bare = head.trim_start_matches('@').trim_end_matches(':');
    if let (Some(source), Some(next)) = (account(bare), rest.first()) {
        found.extend(spelt(source, next).map(|name| (source, name, 2)));
        let more = joined(source, next, rest.get(1..).unwrap_or_default());
        found.extend(more.into_iter().map(|(source, name, used)| (source, name, used + 1)));
    }
    for sign in [".", "/", "::"] {
        let split = bare.split_once(sign).and_then(|(front, name)| Some((account(front)?, name)));
        found.extend(split.and_then(|(source, name)| Some((source, spelt(source, name)?, 1))));
    }
    if bare.contains("::") {
        found.extend(registry.sources().filter_map(|source| Some((source, spelt(source, bare)?, 1))));
    }
    let (profile, bare) = bare.split_once(':').map_or((None, bare), |(profile, name)| (account(profile), name));
    let sources: Vec<&Source> = profile.map_or_else(|| registry.sources().collect(), |source| vec![source]);
    for source in &sources {
        found.extend(spelt(source, bare).map(|name| (*source, name, 1)));
    }
    for source in &sources {
        found.extend(joined(source, bare, rest));
    }
    for source in &sources {
        let names = ends(source, bare);
        // A verb like `create` is the end of too many names to say anything.
        if names.len() <= MOST {
            found.extend(names.into_iter().map(|name| (*source, name, 1)));
        }
    }
    found
}

/// A method's own spelling of a name: the case of letters, the signs between parts, brackets and commas do not matter.
fn spelt(source: &Source, name: &str) -> Option<String> {
    let name = name.trim_end_matches([',', ';']);
    let name = name.split_once('(').map_or(name, |(name, _)| name);
    let wanted = plain_name(name);
    let mut entries = source.entries().filter(|entry| plain_name(entry.name) == wanted);
    entries.next().map(|entry| entry.name.to_owned())
}

/// A method whose name was written as several words, in either order, one or many: `service list`, `list servers`.
fn joined<'s>(source: &'s Source, head: &str, rest: &[&str]) -> Vec<(&'s Source, String, usize)> {
    let mut found = Vec::new();
    let single = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    for count in (1..=rest.len().min(3)).rev() {
        let more: Vec<&str> = rest.iter().take(count).copied().collect();
        let tail = more.join("_");
        let mut names = vec![format!("{head}.{tail}"), format!("{}.{tail}", single(head))];
        if let [word] = more.as_slice() {
            names.extend([format!("{word}.{head}"), format!("{}.{head}", single(word))]);
        }
        if let [first, between @ .., last] = more.as_slice() {
            let middle = [between, &[*first]].concat().join("_");
            names.push(format!("{head}.{first}_{last}"));
            names.push(format!("{}.{middle}_{head}", single(last)));
        }
        found.extend(names.iter().filter_map(|name| Some((source, spelt(source, name)?, count + 1))));
        for name in &names {
            if let [only] = ends(source, name).as_slice() {
                found.push((source, only.clone(), count + 1));
            }
        }
    }
    found
}

/// Methods whose name ends in a word or several: `reboot` for `server.reboot`.
fn ends(source: &Source, word: &str) -> Vec<String> {
    let word = plain_name(word);
    let is_end =
        |name: &str| plain_name(name).strip_suffix(&word).is_some_and(|front| front.ends_with('.') && !word.is_empty());
    let old = |name: &str| source.method(name).is_some_and(|it| it.is_ok_and(|method| method.deprecated.is_some()));
    let entries = source.entries().filter(|entry| is_end(entry.name) && !old(entry.name));
    entries.map(|entry| entry.name.to_owned()).collect()
}

/// A name in lower case, with a dot between all its parts.
fn plain_name(name: &str) -> String {
    SEPARATORS.iter().fold(name.to_lowercase(), |name, sign| name.replace(sign, "."))
}

/// The methods with that end, those of the current account before the others.
pub(super) fn same_end(registry: &Registry, word: &str) -> Vec<String> {
    let of = |source: &Source| {
        let names = ends(source, word);
        names.into_iter().map(|name| called(registry, source, &name)).collect::<Vec<_>>()
    };
    let names: Vec<String> = registry.sources().flat_map(of).collect();
    // A verb like `create` is the end of too many names to say anything.
    if names.len() > 2 * MOST { Vec::new() } else { names.into_iter().take(MOST).collect() }
}

/// The group of methods that a word means, as `help` takes it.
pub(super) fn group(registry: &Registry, word: &str) -> Option<String> {
    registry::group::find(registry.sources(), word).first().map(|group| group.name.clone())
}

/// Whether help has a page of that name.
pub(super) fn is_topic(name: &str) -> bool {
    ["topics", "remote", "start", "commands", "line", "types", "output", "query", "exit", "keys"].contains(&name)
}

/// The same line with its options, or the program's own, after the method.
pub(super) fn reordered(row: &Row<'_>) -> impl Iterator<Item = String> + use<> {
    let words: Vec<String> = row.words.iter().map(|word| (*word).to_owned()).collect();
    let at = words.iter().position(|word| word.contains('.') && !word.starts_with('-'));
    let (front, back): (Vec<String>, Vec<String>) = match at {
        Some(at) => (words.iter().skip(at).cloned().collect(), words.iter().take(at).cloned().collect()),
        None => (Vec::new(), Vec::new()),
    };
    let lines = if front.is_empty() { Vec::new() } else { vec![row.with(&[front, back].concat())] };
    lines.into_iter()
}

/// A line whose last words name the form of its result: `table`, `as table`, `limit 5`.
pub(super) fn formatted(head: &str, words: &[&str]) -> Option<Vec<String>> {
    let (last, front) = words.split_last()?;
    let (mut words, end) = match (front.split_last(), last.parse::<Format>(), last.parse::<u32>()) {
        (Some((before, front)), Ok(format), _) if ["as", "in", "format"].contains(before) => {
            (front.to_vec(), output(format))
        }
        (_, Ok(format), _) => (front.to_vec(), output(format)),
        (Some((before, front)), _, Ok(count)) if ["limit", "head", "first", "top"].contains(before) => {
            (front.to_vec(), vec!["-q".into(), format!("'.[:{count}]'")])
        }
        _ => return None,
    };
    words.insert(0, head);
    Some(words.into_iter().map(str::to_owned).chain(end).collect())
}

fn output(format: Format) -> Vec<String> {
    vec!["-o".into(), format.name().into()]
}

/// The view that words may mean: `list servers`, `show invoice 90d`.
fn view(registry: &Registry, words: &[&str]) -> Option<String> {
    const VERBS: [&str; 7] = ["list", "show", "get", "ls", "view", "describe", "display"];
    let (first, rest) = words.split_first()?;
    let (name, rest) = if VERBS.contains(first) { rest.split_first()? } else { (first, rest) };
    let meant = [(*name).to_owned(), format!("{name}s"), format!("{name}es")];
    let known = meant.iter().find(|name| registry.view(None, name).is_some() && !registry.is_command(name))?;
    Some([vec![known.as_str()], rest.to_vec()].concat().join(" "))
}

/// The command that words may mean.
pub(super) fn commands(words: &[&str]) -> impl Iterator<Item = String> + use<> {
    let line = match words {
        ["let", name, value] if name.contains('=') => {
            name.split_once('=').map(|(name, rest)| format!("let {name} = {rest}{value}"))
        }
        ["let" | "set" | "$", name] if name.contains('=') && !is_setting(name) => {
            name.split_once('=').map(|(name, value)| format!("let {} = {value}", plain(name)))
        }
        ["let", name, value] => Some(format!("let {} = {value}", plain(name))),
        ["let", name, "=", value] if name.starts_with('$') => Some(format!("let {} = {value}", plain(name))),
        ["set", name, value] if !is_like_setting(name) => Some(format!("let {} = {value}", plain(name))),
        ["set", setting] => setting.split_once('=').map(|(name, value)| format!("set {name} {value}")),
        ["set", name, "=", value] if is_setting(name) => Some(format!("set {name} {value}")),
        ["set", name, "=", value] => Some(format!("let {} = {value}", plain(name))),
        [name, "=", value] => Some(format!("let {} = {value}", plain(name))),
        [name, value] if is_setting(name) => Some(format!("set {name} {value}")),
        [name] if name.contains('=') && !name.starts_with(['=', '-']) => match name.split_once('=') {
            Some((name, value)) if is_setting(name) => Some(format!("set {name} {value}")),
            Some((name, value)) => Some(format!("let {} = {value}", plain(name))),
            None => None,
        },
        ["exit" | "quit", ..] => Some(String::from("quit")),
        ["use", profile] => Some(format!("use {}", profile.trim_end_matches(':').trim_start_matches('@'))),
        [command, rest @ ..] => with_option(command, rest),
        [] => None,
    };
    line.into_iter()
}

/// The line with the first word that is the name of an option of this command as that option.
fn with_option(command: &str, words: &[&str]) -> Option<String> {
    let is_own = |option: &OptionDef| option.suits(command) && !option.suits("");
    let named = |word: &&str| OptionDef::find(&format!("--{word}")).is_some_and(is_own);
    let at = words.iter().position(named)?;
    let words =
        words.iter().enumerate().map(|(nth, word)| if nth == at { format!("--{word}") } else { (*word).into() });
    Some([command.to_owned()].into_iter().chain(words).collect::<Vec<String>>().join(" "))
}

fn plain(name: &str) -> &str {
    name.trim_start_matches('$')
}

/// The settings that `set` knows.
const SETTINGS: [&str; 3] = ["output", "confirm", "timeout"];

fn is_setting(word: &str) -> bool {
    let name = word.split_once('=').map_or(word, |(name, _)| name);
    SETTINGS.contains(&name)
}

/// Whether a word is a setting, or a slip of one.
fn is_like_setting(word: &str) -> bool {
    !model::suggest::nearest(word, SETTINGS.into_iter()).is_empty()
}

/// Advice about a sign in front of a line that means something in other shells. `rest` is the rest of the line as it
/// may be shown.
pub(super) fn sign(registry: &Registry, head: &str, (words, rest): (&[&str], &str)) -> Option<String> {
    if head.starts_with('!') {
        return Some(match head {
            "!!" | "!$" => "Up brings the last line back, Ctrl-R searches the earlier ones".into(),
            _ => "your own shell runs a command without marsh; at the prompt and in a script `!COMMAND` runs one, and \
                  `METHOD … '|!' COMMAND` sends a result to one"
                .into(),
        });
    }
    let names = head.strip_prefix('@')?;
    if !rest.is_empty() && registry::accounts::named(registry, head, Span::default()).is_ok() {
        let word = rest.split(' ').next().unwrap_or_default();
        return Some(format!("none of them has it: `search {word}` finds methods, `view` lists the views"));
    }
    let known = |name: &&str| registry.source(name).is_some();
    let method = words.first().copied().unwrap_or_default();
    let first = names.split(',').find(known).or_else(|| Some(owner(registry, method)?.profile()));
    let line = match first.filter(|_| !rest.is_empty()) {
        Some(profile) => format!("{profile}:{rest}"),
        None => "PROFILE:METHOD".to_owned(),
    };
    Some(format!("a line calls one account, which is named before the method: `{line}`; `profiles` lists the accounts"))
}
