//! What lives between lines: the registry, the target, the connection, the settings.

use std::ffi::OsString;
use std::path::PathBuf;

use super::builtin;
use super::console::Console;
use super::discover::{self, Background};
use super::error::CallError;
use super::pipeline;
use super::target::Target;
use crate::bind::Sources;
use crate::config::Paths;
use crate::lang::{self, Line};
use crate::model::{Diagnostic, Method, Redactor, Secret};
use crate::registry::Registry;
use crate::registry::catalog::Catalog;
use crate::render::{self, Format};
use crate::wire::{Timeouts, Wire, auth};

/// How lines come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// From a person at a prompt, who wants to see what was stored.
    Prompt,
    /// One line, or a file of them.
    Batch,
}

/// What a line asks the session to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Take the next line.
    Continue,
    /// Leave.
    Quit,
}

/// What a user can choose.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The format of results when neither the line nor a file's name asks for one.
    pub format: Format,
    /// How long is waited.
    pub timeouts: Timeouts,
    /// Hosts that may be spoken to without TLS.
    pub plain_http: Vec<String>,
    /// The search path for commands behind `|!`.
    pub search_path: OsString,
    /// Errors are JSON objects for programs, not words for people.
    pub errors_as_json: bool,
}

/// A session.
pub struct Session {
    /// What can be called.
    pub registry: Registry,
    /// Where calls go.
    pub target: Target,
    /// How lines come in.
    pub manner: Manner,
    /// What the user chose.
    pub settings: Settings,
    /// The streams.
    pub console: Console,
    /// Every secret seen.
    pub redactor: Redactor,
    pub(super) wire: Wire,
    pub(super) sources: Box<dyn Sources>,
    cache: Option<PathBuf>,
    fetching: Option<Background>,
}

/// What a session is made from.
pub struct Parts {
    /// The provider's catalogue.
    pub catalog: Catalog,
    /// `--transport`.
    pub transport: Option<String>,
    /// `--url`.
    pub url: Option<String>,
    /// The key.
    pub key: Option<Secret>,
    /// How lines come in.
    pub manner: Manner,
    /// What the user chose.
    pub settings: Settings,
    /// The streams.
    pub console: Console,
    /// Files and standard input.
    pub sources: Box<dyn Sources>,
    /// The program's folders.
    pub paths: Option<Paths>,
}

impl Session {
    /// A session that has not asked anything of anybody yet.
    pub fn new(parts: Parts) -> Result<Session, CallError> {
        let setup = |error| CallError::lost(error, crate::model::Effect::Read, "the session");
        let mut redactor = Redactor::default();
        let provider = parts.catalog.provider();
        if let Some(key) = &parts.key {
            auth::teach(&mut redactor, &provider.auth, key);
        }
        let target = Target::new(provider, parts.transport.as_deref(), parts.url.as_deref(), parts.key)?;
        let wire = Wire::new(parts.settings.plain_http.clone()).map_err(setup)?;
        let cache = parts.paths.as_ref().map(|paths| paths.methods(&target.provider, &target.host));
        Ok(Session {
            registry: Registry::new(parts.catalog, builtin::methods()),
            target,
            manner: parts.manner,
            settings: parts.settings,
            console: parts.console,
            redactor,
            wire,
            sources: parts.sources,
            cache,
            fetching: None,
        })
    }

    /// Takes in the list that is on disk and starts to fetch a new one. Waits for nothing.
    pub fn begin_discovery(&mut self) {
        self.read_cache();
        let Some(rule) = self.registry.provider().introspection.clone() else { return };
        if self.target.credential.is_none() {
            return;
        }
        if let Ok(wire) = Wire::new(self.settings.plain_http.clone()) {
            let timeouts = self.settings.timeouts;
            self.fetching = Some(Background::start(&self.target, &rule, timeouts, wire, self.cache.clone()));
        }
    }

    /// Takes in a list that has arrived meanwhile. `Some` with a note when there is something to tell.
    pub fn poll_discovery(&mut self) -> Option<String> {
        let fetched = self.fetching.as_ref()?.poll()?;
        self.fetching = None;
        match fetched {
            Ok(names) => {
                self.registry.merge_live(names);
                None
            }
            Err(reason) => Some(format!("note: the method list was not refreshed: {reason}")),
        }
    }

    /// Fetches the list now and says how many names it has.
    pub(super) fn refresh(&mut self) -> Result<usize, CallError> {
        let Some(rule) = self.registry.provider().introspection.clone() else {
            return Ok(self.registry.remotes().count());
        };
        let names = discover::fetch(&mut self.wire, &self.target, &rule, self.settings.timeouts)?;
        if let Some(cache) = &self.cache {
            discover::store(cache, &names);
        }
        let count = names.len();
        self.registry.merge_live(names);
        Ok(count)
    }

    /// Makes a name that the catalogue does not know callable if the server knows it: first by the list on disk, then
    /// by a fresh one. A list that cannot be had leaves the name unknown.
    pub(super) fn look_for(&mut self, name: &str) {
        if self.registry.remote(name).is_none() {
            self.read_cache();
        }
        if self.registry.remote(name).is_some() || self.manner == Manner::Prompt || self.target.credential.is_none() {
            return;
        }
        if let Err(error) = self.refresh() {
            let reason = self.redactor.apply(&error.to_string()).into_owned();
            self.console.note(&format!("note: {} could not be asked for its methods: {reason}", self.target.host));
        }
    }

    fn read_cache(&mut self) {
        if let Some(names) = self.cache.as_deref().and_then(discover::cached) {
            self.registry.merge_live(names);
        }
    }

    /// Runs every line of a text in order, and stops at the first that fails. Errors have been reported when this
    /// returns one.
    pub fn run(&mut self, text: &str) -> Result<Flow, CallError> {
        let lines = match lang::parse(text) {
            Ok(lines) => lines,
            Err(error) => return Err(self.failed(error.into(), text, None)),
        };
        for line in &lines {
            if self.run_line(line, text)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    /// Runs one line, and reports its error.
    pub fn run_line(&mut self, line: &Line, text: &str) -> Result<Flow, CallError> {
        let asked_for_json = pipeline::wants_json(self, line);
        pipeline::run(self, line).map_err(|error| {
            let named = asked_for_json.then(|| line.head.text());
            self.failed(error, text, named.as_deref())
        })
    }

    /// Reports an error: as a JSON object when results were asked for as JSON, in words otherwise.
    pub fn failed(&mut self, error: CallError, text: &str, method: Option<&str>) -> CallError {
        match method {
            Some(method) => {
                let code = error.class().exit_code();
                let json = render::report_json(&error, Some(&self.target.profile), Some(method), code);
                self.console.note(&self.redactor.apply(&json));
            }
            None => self.console.report(&error, Some(text), &self.redactor),
        }
        error
    }

    /// Remembers what stands in the places of secret parameters, before anything of the line can be shown.
    pub(super) fn learn_secrets(&mut self, method: &Method, line: &Line) {
        for pair in line.pairs().unwrap_or_default() {
            if method.param(pair.name.root()).is_some_and(|param| param.secret) {
                self.redactor.learn_text(&pair.value.text());
            }
        }
    }

    /// Where secrets stand in a text that was typed, so that the history keeps the line without them.
    pub fn secret_places(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let mut places = self.redactor.find(text);
        for line in lang::parse(text).unwrap_or_default() {
            let Some(Ok(method)) = self.registry.remote(&line.head.text()) else { continue };
            for pair in line.pairs().unwrap_or_default() {
                if method.param(pair.name.root()).is_some_and(|param| param.secret) {
                    places.push(pair.value.span.range());
                }
            }
        }
        places
    }
}
