//! The candidates for each place of the command line: words of the configuration, the catalogues and the shell's own
//! language.

use std::fs;
use std::path::Path;

use super::walk::{Due, Walk};
use crate::cli::accounts;
use crate::cli::context::Context;
use crate::cli::definition::{Opt, Part};
use crate::cli::journal;
use crate::cli::own_catalog::{self, Reach, Wish};
use crate::complete::{self, Candidate, FileName, Seen, Words};
use crate::config::{Config, KEYS, Paths, Section};
use crate::engine::{self, Place, commands};
use crate::render::Format;
use model::http::userinfo;
use model::{Remembered, Sought};
use registry::catalog::Catalog;
use registry::{Registry, Source, embedded};

/// Commands that are only useful between the lines of a session.
const BETWEEN_LINES: [&str; 10] = ["?", "run", "use", "let", "last", "set", "jobs", "quit", "exit", "history"];

/// The candidates for the last word, each as a replacement of the whole word.
pub(super) fn candidates(walk: &Walk<'_>, context: &Context) -> Vec<Candidate> {
    let plain = |names: Vec<String>| begun(names.into_iter().map(|name| (name, String::new())), walk.word);
    let found = match &walk.due {
        Due::Option(part) => options(part, walk.word),
        Due::Value(option) if !option.choices.is_empty() => plain(option.choices.clone()),
        Due::Value(option) => values(option, walk, context),
        Due::Word(part, _) if !part.parts.is_empty() => parts(part, walk.word),
        Due::Word(_, Some(word)) => values(word, walk, context),
        Due::Word(_, None) => Vec::new(),
        Due::Head(program) => {
            let mut found = parts(program, walk.word);
            let more = line(&[walk.word], walk, context);
            // If some names begin with the word, those that only contain its letters are left out.
            let begins = |one: &Candidate| one.insert.starts_with(walk.word);
            let spare = found.is_empty() || more.iter().any(begins);
            // `login` is a command of the program and of the prompt.
            let known: Vec<String> = found.iter().map(|one: &Candidate| one.insert.clone()).collect();
            found.extend(more.into_iter().filter(|one| spare && !known.contains(&one.insert)));
            found
        }
        Due::Line(words) => line(words, walk, context),
    };
    found.into_iter().map(|one| Candidate { insert: format!("{}{}", walk.front, one.insert), ..one }).collect()
}

fn candidate(insert: impl Into<String>, summary: impl Into<String>) -> Candidate {
    Candidate { insert: insert.into(), summary: summary.into(), whole: true, ..Candidate::default() }
}

fn begun(rows: impl Iterator<Item = (String, String)>, word: &str) -> Vec<Candidate> {
    rows.filter(|(name, _)| name.starts_with(word)).map(|(name, summary)| candidate(name, summary)).collect()
}

fn options(part: &Part, word: &str) -> Vec<Candidate> {
    begun(part.options.iter().map(|option| (format!("--{}", option.long), option.about.clone())), word)
}

fn parts(part: &Part, word: &str) -> Vec<Candidate> {
    begun(part.parts.iter().map(|part| (part.name.clone(), part.about.clone())), word)
}

/// The values of an option, or of a word without dashes.
fn values(option: &Opt, walk: &Walk<'_>, context: &Context) -> Vec<Candidate> {
    let names = |names: Vec<String>| begun(names.into_iter().map(|name| (name, String::new())), walk.word);
    let here = || registry(walk, context);
    match option.long.as_str() {
        _ if !option.choices.is_empty() => names(option.choices.clone()),
        "profile" => profiles(walk, context),
        "provider" => {
            let titles = embedded::ids().map(|id| (id.to_owned(), String::new()));
            begun(titles, walk.word)
        }
        "key" => begun(KEYS.iter().map(|key| (key.name.to_owned(), key.summary.to_owned())), walk.word),
        "transport" => {
            let all = here().map(|registry| registry.here().provider().transports.clone()).unwrap_or_default();
            names(all.iter().map(|transport| transport.name.clone()).collect())
        }
        "region" => {
            let all = here().map(|registry| registry.here().provider().regions.clone()).unwrap_or_default();
            names(all.into_iter().map(|region| region.name).collect())
        }
        "file" | "key-file" => line(&["source", walk.word], walk, context),
        "api-key" => match walk.word.strip_prefix('@') {
            Some(path) => {
                let files = line(&["source", path], walk, context).into_iter();
                files.map(|one| Candidate { insert: format!("@{}", one.insert), ..one }).collect()
            }
            None => Vec::new(),
        },
        // The same options exist in a line.
        long => line(&["help", &format!("--{long}={}", walk.word)], walk, context)
            .into_iter()
            .filter_map(|one| Some(Candidate { insert: one.insert.split_once('=')?.1.to_owned(), ..one }))
            .collect(),
    }
}

/// The candidates in a line of the shell's own language.
fn line(words: &[&str], walk: &Walk<'_>, context: &Context) -> Vec<Candidate> {
    let Some(registry) = registry(walk, context) else { return Vec::new() };
    let formats = Format::ALL.map(Format::name);
    let topics: Vec<_> = commands::topics().collect();
    let forms: Vec<_> = engine::forms().collect();
    let known = complete::Context {
        registry: &registry,
        words: Words { formats: &formats, forms: &forms, topics: &topics, settings: &[] },
        last: None,
        named: &[],
        files: &|folder| files(folder, context),
        seen: &Stored { context, simulated: walk.sandbox },
    };
    complete::complete_words(words, &known)
}

/// What earlier answers showed, as the journal has it. It is read when a value is asked for, and not before.
struct Stored<'c> {
    context: &'c Context,
    simulated: bool,
}

impl Seen for Stored<'_> {
    fn values(&self, profile: &str, sought: Sought<'_>) -> Vec<Remembered> {
        let Some(paths) = self.context.paths.as_ref().filter(|_| !self.simulated) else { return Vec::new() };
        let known = accounts::target(profile, self.context);
        let kept = known.filter(|(_, layers)| layers.switch("journal", None) != Some(false));
        kept.map(|(target, _)| journal::remembered(paths, &target, sought)).unwrap_or_default()
    }

    fn jobs(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// The content of a folder; `~/` is the home folder.
fn files(folder: &str, context: &Context) -> Vec<FileName> {
    let folder = context.expand(Path::new(if folder.is_empty() { "." } else { folder }));
    let name = |entry: fs::DirEntry| {
        let folder = entry.path().is_dir();
        Some(FileName { name: entry.file_name().into_string().ok()?, folder })
    };
    fs::read_dir(folder).into_iter().flatten().flatten().filter_map(name).collect()
}

fn profiles(walk: &Walk<'_>, context: &Context) -> Vec<Candidate> {
    let Some(path) = context.paths.as_ref().map(Paths::config) else { return Vec::new() };
    let rows: Vec<(String, String)> = match Config::read(&path) {
        Ok(config) => {
            let provider = |said: &Section| said.text("provider").unwrap_or_default().to_owned();
            config.profiles.iter().map(|(name, said)| (name.clone(), provider(said))).collect()
        }
        Err(_) => headings(&path).into_iter().map(|name| (name, String::new())).collect(),
    };
    begun(rows.into_iter(), walk.word)
}

/// The names of profiles in a file that contains an error.
fn headings(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let names = text.lines().filter_map(|line| line.trim().strip_prefix("[profiles.")?.split_once(']'));
    names.map(|(name, _)| name.trim_matches(['"', '\'']).to_owned()).collect()
}

/// What can be called: by the simulated accounts, by those of the configuration, or else by a bare key.
fn registry(walk: &Walk<'_>, context: &Context) -> Option<Registry> {
    let sources = if walk.sandbox { simulated() } else { configured(walk, context) };
    let mut sources = sources.into_iter();
    let here = sources.next().or_else(|| built_in(embedded::DEFAULT, embedded::DEFAULT))?;
    let locals = commands::methods().into_iter().filter(|method| !BETWEEN_LINES.contains(&method.name.as_str()));
    let mut registry = Registry::new(here, locals.collect::<Vec<_>>());
    sources.for_each(|source| registry.add(source));
    Some(registry)
}

fn built_in(profile: &str, provider: &str) -> Option<Source> {
    Some(Source::new(profile, Catalog::open(embedded::find(provider)?).ok()?))
}

fn simulated() -> Vec<Source> {
    let mut ids: Vec<&str> = embedded::all().iter().map(|source| source.id).collect();
    ids.sort_by_key(|id| *id != embedded::DEFAULT);
    ids.into_iter().filter_map(|id| built_in(id, id)).collect()
}

/// The accounts of the configuration, the one that a session would begin with first. Accounts that cannot be used are
/// left out.
fn configured(walk: &Walk<'_>, context: &Context) -> Vec<Source> {
    let said = |key: &str| context.said.get(key).map(String::as_str);
    let asked = walk.profile.or(said("profile"));
    if let (None, Some((id, url))) = (asked, walk.provider.zip(walk.url)) {
        return at_address(id, url, context).into_iter().collect();
    }
    if asked.is_none() && (walk.bare || context.key.is_some() || said("url").is_some()) {
        return Vec::new();
    }
    let Some(paths) = &context.paths else { return Vec::new() };
    let Ok(config) = Config::read(&paths.config()) else { return Vec::new() };
    let first = config.first(asked).ok().flatten();
    let source = |name: &str, said: &Section| {
        let mut source = Source::new(name, catalog(name, said, &config, context)?);
        // What the service listed last is completed too.
        let own = |key: &str| said.text(key).map(str::to_owned);
        let (transport, url) = (own("transport"), own("url"));
        let place = Place { transport, url, region: own("region"), user: own("user"), ca: None };
        engine::recall_list(&mut source, paths, place, true);
        Some(source)
    };
    let mut names: Vec<(&String, &Section)> = config.profiles.iter().collect();
    names.sort_by_key(|(name, _)| Some(*name) != first.as_ref());
    names.into_iter().filter_map(|(name, said)| source(name, said)).collect()
}

/// What is at an address, with what it listed last.
fn at_address(id: &str, url: &str, context: &Context) -> Option<Source> {
    let mut source = built_in(id, id)?;
    let (user, _) = userinfo(url).unwrap_or_default();
    let user = Some(user.to_owned()).filter(|user| !user.is_empty() && user != "%s");
    let place = Place { url: Some(url.to_owned()), user, ..Place::default() };
    if let Some(paths) = &context.paths {
        engine::recall_list(&mut source, paths, place, false);
    }
    Some(source)
}

/// The catalogue of a profile, if it is on this machine.
fn catalog(profile: &str, said: &Section, config: &Config, context: &Context) -> Option<Catalog> {
    let (catalog, _) = own_catalog::of(Wish::of(profile, said), config, context, Reach::ThisMachine).ok()?;
    match said.text("auth") {
        Some(way) => catalog.authenticated(way).ok(),
        None => Some(catalog),
    }
}
