//! What was probably meant by a line that is wrong: habits of other shells, a method with its words apart, a value
//! without its name. A line is only suggested if it can be planned unchanged.

mod elsewhere;
mod heads;
mod pairing;
mod row;

use std::sync::Arc;

use crate::bind::{self, BindError, Nowhere, Rules};
use crate::engine::plan::lookup;
use crate::engine::state::error::CallError;
use lang::{Line, SyntaxError};
use model::secret::REDACTED;
use model::{Diagnostic, Effect, Method};
use registry::resolve::{ResolveError, Resolved};
use registry::search::search;
use registry::{Registry, Source};
use row::Row;

/// Other words for an error.
pub(super) struct Advice {
    /// What is wrong; `None` if the error says it.
    pub(super) headline: Option<String>,
    /// What to type instead.
    pub(super) hint: String,
}

/// How far a line that is suggested can be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It lacks values.
    Open,
    /// Unchanged.
    Whole,
}

/// What a wrong line is about.
struct Wrong<'a> {
    registry: &'a Registry,
    row: Row<'a>,
    /// Words that may be secret.
    hidden: Vec<&'a str>,
    /// The words were split by the user's own shell.
    in_words: bool,
}

/// Advice for an error of a line, if the line looks like a known mistake. `hidden` are the places in the text that may
/// be secret; nothing of them is repeated.
pub(super) fn advice(
    registry: &Registry,
    error: &CallError,
    (text, hidden): (&str, &[std::ops::Range<usize>]),
    (line, in_words): (Option<&Line>, bool),
) -> Option<Advice> {
    let at = error.span().map_or(0, |span| text.floor_char_boundary(span.start));
    let row = || {
        let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        start..text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |end| at + end)
    };
    let range = line.map_or_else(row, |line| line.span.range());
    let hidden = hidden.iter().filter(|place| range.start <= place.start && place.end <= range.end);
    let hidden = hidden.filter_map(|place| text.get(place.clone())).collect();
    let wrong = Wrong { registry, row: Row::of(text.get(range)?)?, hidden, in_words };
    match error {
        CallError::Resolve(ResolveError::Unknown { near, .. }) => wrong.unknown(!near.is_empty()),
        CallError::Unlisted { near, .. } => wrong.unknown(near.is_some()),
        CallError::Resolve(ResolveError::Profile { .. }) => wrong.known(None).or_else(|| wrong.unknown(true)),
        CallError::Bind(faults) => wrong.arguments(faults.first()),
        CallError::Syntax(error) => wrong.syntax(error.fault()),
        CallError::Usage { .. } => wrong.command(),
        _ => None,
    }
}

impl Wrong<'_> {
    /// A name that nothing has. `near` if there are names like it.
    fn unknown(&self, near: bool) -> Option<Advice> {
        let (head, rest) = self.row.words.split_first()?;
        if let Some(advice) = self.foreign(head, rest) {
            return Some(advice);
        }
        if let Some(meant) = self.meant(heads::lines(self.registry, &self.row.words)) {
            return Some(hint(meant));
        }
        if let Some(group) = heads::group(self.registry, head) {
            let headline = Some(format!("`{head}` is a group of methods"));
            return Some(Advice { headline, hint: format!("`help {group}` lists them") });
        }
        let same = heads::same_end(self.registry, head);
        if !same.is_empty() {
            let names: Vec<&str> = same.iter().map(String::as_str).collect();
            return model::suggest::phrase(&names).map(hint);
        }
        if near { None } else { self.searched() }
    }

    /// What a search for the words finds.
    fn searched(&self) -> Option<Advice> {
        // A name with a dot was meant as a method; words may be found.
        if !self.hidden.is_empty() || self.row.words.iter().any(|word| word.contains('.')) {
            return None;
        }
        let words: Vec<String> = self.row.words.iter().map(|word| (*word).to_owned()).collect();
        let results = search(self.registry.sources(), &words).ok()?;
        if results.found.is_empty() || results.missing.len() * 2 > words.len() {
            return None;
        }
        let mut names: Vec<String> =
            results.found.iter().map(|it| heads::called(self.registry, it.source, &it.method.name)).collect();
        names.dedup();
        names.truncate(3);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = model::suggest::phrase(&names)?;
        Some(hint(format!("{found} `search {}` finds more", words.join(" "))))
    }

    /// A word of another shell or program.
    fn foreign(&self, head: &str, rest: &[&str]) -> Option<Advice> {
        if let Some(advice) = heads::sign(self.registry, head, (rest, &self.masked(&rest.join(" ")))) {
            return Some(hint(advice));
        }
        let foreign = elsewhere::find(head)?;
        let template = foreign.line.replace("{0}", &head.to_uppercase());
        let filled = template.replace("{}", &rest.join(" "));
        let fits = !foreign.line.is_empty() && (!rest.is_empty() || !foreign.line.contains("{}"));
        let meant = if fits { self.meant([filled.trim().to_owned()].into_iter()) } else { None };
        Some(hint(match (meant, foreign.says) {
            (Some(meant), "") => meant,
            (Some(meant), says) => format!("{meant} {says}"),
            (None, "") => format!("did you mean `{}`?", foreign.line.replace("{}", "…")),
            (None, says) => says.to_owned(),
        }))
    }

    /// Words of a line whose method is known, and that are not its names and values.
    fn arguments(&self, fault: &BindError) -> Option<Advice> {
        let words: &[&str] = self.row.words.get(1..).unwrap_or_default();
        let is_joined = |word: &&str| word.contains('=') || word.ends_with([':', ',']) || word.starts_with('-');
        match fault {
            BindError::Syntax(error) => match error.fault() {
                fault @ SyntaxError::NameWithoutValue { .. } => self.known(Some(fault)),
                _ => None,
            },
            BindError::Unknown { name, .. } if name == "&&" || name == "||" => {
                Some(hint("`;` separates lines; those after a line that fails are skipped".into()))
            }
            BindError::Unknown { .. } if words.iter().any(is_joined) => self.known(None),
            BindError::Unknown { .. } if heads::formatted("", words).is_some() => self.known(None),
            _ => None,
        }
    }

    /// A line that could not even be read.
    fn syntax(&self, fault: &SyntaxError) -> Option<Advice> {
        match fault {
            SyntaxError::UnknownOption { name, .. } => {
                let format = name.trim_start_matches('-').parse::<crate::render::Format>().ok();
                let as_format = format.map(|format| {
                    let words: Vec<String> =
                        self.row.words.iter().filter(|word| *word != name).map(|it| (*it).to_owned()).collect();
                    self.row.with(&[words, vec!["-o".into(), format.name().into()]].concat())
                });
                let ourselves = || self.ourselves();
                let meant = as_format.and_then(|line| self.meant([line].into_iter())).or_else(ourselves);
                meant.map(hint).or_else(|| self.known(Some(fault)))
            }
            SyntaxError::AfterFile { piped: true, .. } | SyntaxError::NoTarget { operator: "|", .. } => {
                let words: Vec<String> = self.row.words.iter().map(|word| (*word).to_owned()).collect();
                let end = self.row.tail.trim_start_matches(['|', ' ']);
                let tail = format!("|! {end}");
                let line = Row { tail: &tail, options: self.row.options.clone(), words: Vec::new() }.with(&words);
                let meant = self.meant([line].into_iter())?;
                Some(hint(format!("| writes to a file and |! runs a command: {meant}")))
            }
            SyntaxError::NoMethod { .. } => self.meant(heads::reordered(&self.row)).map(hint),
            _ => None,
        }
    }

    /// A command with words that it does not take.
    fn command(&self) -> Option<Advice> {
        let meant = self.ourselves().or_else(|| self.meant(heads::commands(&self.row.words)));
        meant.or_else(|| self.namesake()).map(hint)
    }

    /// The method that has the name of a command.
    fn namesake(&self) -> Option<String> {
        let head = self.row.words.first()?;
        let method = self.registry.namesake(head)?;
        Some(format!("`{head}` is a command of marsh; the service's method is `{method}`"))
    }

    /// A line that begins with the name of this program.
    fn ourselves(&self) -> Option<String> {
        let is_ours = self.row.words.first().is_some_and(|head| heads::OURSELVES.contains(head));
        if is_ours { self.meant(heads::lines(self.registry, &self.row.words)) } else { None }
    }

    /// The words after a known method, put into pairs.
    fn known(&self, fault: Option<&SyntaxError>) -> Option<Advice> {
        let (head, rest) = self.row.words.split_first()?;
        let method = self.method(head)?;
        // A parameter without its value needs no other words.
        if matches!(fault, Some(SyntaxError::NameWithoutValue { name, .. }) if method.param(name).is_some()) {
            return None;
        }
        let ways = pairing::pairings(&method, rest).into_iter().map(|way| [vec![(*head).to_owned()], way].concat());
        let after = heads::formatted(head, rest);
        let lines = after.into_iter().chain(ways).map(|words| self.row.with(&words));
        let headline = Some(format!("{head} takes NAME VALUE pairs"));
        if let Some(hint) = self.meant(lines) {
            return Some(Advice { headline, hint });
        }
        if !matches!(fault, Some(SyntaxError::NameWithoutValue { .. })) {
            return None;
        }
        let hint = format!("{}; `help {head}` lists its parameters", pairing::usage(head, &method));
        Some(Advice { headline: headline.filter(|_| !method.params.is_empty()), hint })
    }

    /// A question after the first line that can be planned as it stands, or else the method of the first that lacks
    /// only values.
    fn meant(&self, lines: impl Iterator<Item = String>) -> Option<String> {
        let mut open = None;
        let typed: Vec<String> = self.row.words.iter().map(|word| (*word).to_owned()).collect();
        let typed = self.row.with(&typed);
        for line in lines.filter(|line| *line != typed) {
            match fit(self.registry, &line) {
                Some(Fit::Whole) => return Some(format!("did you mean `{}`?", self.masked(&line))),
                Some(Fit::Open) => _ = open.get_or_insert(line),
                None => {}
            }
        }
        let head = open?.split_whitespace().next()?.to_owned();
        let method = self.method(&head)?;
        Some(format!("did you mean {head}? {}", pairing::usage(&head, &method)))
    }

    /// The method of that name, with or without an account in front of it.
    fn method(&self, called: &str) -> Option<Arc<Method>> {
        let (source, name) = match called.split_once(':') {
            Some((profile, name)) => (self.registry.source(profile)?, name),
            None => (heads::owner(self.registry, called)?, called),
        };
        source.method(name)?.ok().filter(|method| !method.untyped)
    }

    /// A line without what may be secret in it, for the prompt or for the user's own shell.
    fn masked(&self, line: &str) -> String {
        let is_plain = |c: char| c.is_alphanumeric() || " ._-=:/,@+%".contains(c);
        let shown = match lang::parse(line).ok().as_deref() {
            Some([parsed]) if self.in_words && !line.chars().all(is_plain) => lang::for_shell(&lang::arguments(parsed)),
            _ => None,
        };
        let line = shown.as_deref().unwrap_or(line);
        let mut words: Vec<&str> = Vec::new();
        for word in line.split(' ') {
            let bare = word.trim_matches(['\'', '"']);
            let secret =
                !bare.is_empty() && !self.is_name(bare) && self.hidden.iter().any(|hidden| hidden.contains(bare));
            words.push(if secret { REDACTED } else { word });
        }
        words.join(" ")
    }

    /// Whether a word is a name of the catalogues or of this program.
    fn is_name(&self, word: &str) -> bool {
        let name = word.split_once(':').map_or(word, |(_, name)| name);
        let known = |name: &str| self.registry.knows(None, name) || self.registry.source(name).is_some();
        word.starts_with('-') || known(word) || known(name) || word.parse::<crate::render::Format>().is_ok()
    }
}

fn hint(hint: String) -> Advice {
    Advice { headline: None, hint }
}

/// How far a text is a line that can be planned; `None` if it is not.
fn fit(registry: &Registry, text: &str) -> Option<Fit> {
    let lines = lang::parse(text).ok()?;
    let [line] = lines.as_slice() else { return None };
    match lookup::meaning(registry, line).ok()? {
        Resolved::Local(command) => suits(registry, &command, line).then_some(Fit::Whole),
        Resolved::Remote { profile, method, foreign } => {
            let source = registry.source(&profile)?;
            if foreign && method.effect != Effect::Read {
                return None;
            }
            bound(source, &method, line)
        }
    }
}

/// A command with the words it takes. Those of `help` must be explained somewhere.
fn suits(registry: &Registry, command: &Method, line: &Line) -> bool {
    let word = line.items.first().map(|item| item.word.text());
    match command.name.as_str() {
        "help" | "?" => word.is_none_or(|word| {
            let name = word.split_once(':').map_or(word.as_str(), |(_, name)| name);
            registry.knows(None, name) || heads::group(registry, name).is_some() || heads::is_topic(name)
        }),
        "use" => word.is_some_and(|word| registry.source(&word).is_some()),
        "let" => line.items.get(1).is_none_or(|item| item.word.text() == "="),
        _ => command.params.is_empty() == line.items.is_empty() || !command.params.is_empty(),
    }
}

fn bound(source: &Source, method: &Arc<Method>, line: &Line) -> Option<Fit> {
    if line.options.iter().any(|given| !given.option.is_of_every_line()) {
        return None;
    }
    let rules = Rules { shapes: source.shapes(), ..Rules::default() };
    match bind::bind(method, line, rules, &mut Nowhere) {
        Ok(_) => Some(Fit::Whole),
        Err(faults) => faults.only_missing().is_some().then_some(Fit::Open),
    }
}

#[cfg(test)]
mod tests;
