//! What was settled before the first line: flags, variables and `config.toml` brought together, and handed on.

use std::io::{self, Write};

use super::args::Global;
use super::context::Context;
use crate::child;
use crate::config::{Config, ConfigError, Found, Layers, Origin, Paths, Said};
use crate::engine::{CallError, Rules, Settings};
use crate::render::{Format, sanitize};
use crate::wire::Timeouts;
use model::Diagnostic;

/// Which of the configuration there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of it.
    Accounts,
    /// Nothing that would change what a line of a bare key does, and no fault of it is in the way: the file's
    /// choices for the program alone, and that it is read-only.
    Program,
}

/// Brings together what was said.
pub(super) fn layers(global: &Global, context: &Context, scope: Scope) -> Result<Layers, CallError> {
    let path = context.paths.as_ref().map(Paths::config);
    let config = match (path, scope) {
        (None, _) => Config::default(),
        (Some(path), Scope::Accounts) => Config::read(&path)?,
        (Some(path), Scope::Program) => {
            let config = Config::read(&path).unwrap_or_default();
            withhold_keys(&config);
            config.of_the_program()
        }
    };
    withhold_keys(&config);
    Ok(Layers::new(flags(global), context.said.clone(), config)?)
}

/// The variables that profiles name for their keys are nothing for the programs that this one starts.
fn withhold_keys(config: &Config) {
    child::withhold(config.profiles.values().filter_map(|profile| profile.text("key_env")).map(str::to_owned));
}

/// Why nothing of the file is used, where a fault in it is no reason to refuse: a setting is never dropped without a word.
pub(super) fn fault_beside(context: &Context) -> Option<String> {
    let error = Config::read(&context.paths.as_ref().map(Paths::config)?).err()?;
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    Some(format!("note: config.toml is ignored here: {error}{hint}"))
}

/// What the flags say, by the names of the keys.
fn flags(global: &Global) -> Said {
    let format = if global.xml { Some(Format::Xml) } else { global.output };
    let said = [
        ("transport", global.transport.clone()),
        ("region", global.region.clone()),
        ("url", global.url.clone()),
        ("user", global.user.clone()),
        ("profile", global.profile.clone()),
        ("read_only", global.read_only.then(|| "true".to_owned())),
        ("output", format.map(|format| format.name().to_owned())),
        ("retries", global.retries.map(|count| count.to_string())),
        ("timeout", global.timeout.clone()),
        ("plain_http", (!global.plain_http.is_empty()).then(|| global.plain_http.join(","))),
    ];
    said.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}

/// What holds for the calls of a profile, or of an account without one.
pub(super) fn rules(layers: &Layers, profile: Option<&str>) -> Result<Rules, CallError> {
    let usual = Rules::default();
    Ok(Rules {
        read_only: layers.switch("read_only", profile).unwrap_or(usual.read_only),
        confirm: read(layers.found("confirm", profile), str::parse)?.unwrap_or(usual.confirm),
        format: read(layers.found("output", profile), |text| {
            text.parse::<Format>().map_err(|error| match error.hint() {
                Some(hint) => format!("{error}; {hint}"),
                None => error.to_string(),
            })
        })?,
        timeouts: match layers.duration("timeout", profile) {
            Some(idle) => Timeouts::default().within(idle),
            None => usual.timeouts,
        },
        wait: layers.duration("wait", profile),
        retries: read(layers.found("retries", profile), |text| text.parse::<u8>().map_err(|error| error.to_string()))?
            .unwrap_or(usual.retries),
    })
}

/// A value of a type that the configuration does not know.
fn read<T>(found: Option<Found>, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, ConfigError> {
    let Some(Found { text, origin }) = found else { return Ok(None) };
    parse(&text).map(Some).map_err(|problem| match origin {
        Origin::File { path, line, .. } => ConfigError::Content { path, line, problem, hint: None },
        other => ConfigError::Said { place: other.to_string(), problem },
    })
}

/// What holds for the whole session.
pub(super) fn settings(global: &Global, context: &Context, layers: &Layers) -> Settings {
    let hosts = layers.text("plain_http", None).unwrap_or_default();
    Settings {
        errors_as_json: global.output == Some(Format::Json),
        yes: global.yes,
        program: context.program.clone(),
        network: context
            .network(hosts.split(',').map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned).collect()),
        home: context.home.clone(),
        search_path: context.search_path.clone(),
        trace: global.verbose.then_some(tell),
        stdout_closed: context.stdout_closed,
        kept: context.paths.as_ref().map(Paths::kept),
        simulated: global.sandbox,
    }
}

/// Tells something beside the results. That it cannot be written is no reason to stop.
fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{}", sanitize::for_terminal(text));
}
