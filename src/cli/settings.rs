//! The settings before the first line: flags, variables and `config.toml` combined.

use std::io::{self, Write};

use super::args::Global;
use super::context::Context;
use crate::child;
use crate::config::{BY_DOCUMENT, Config, ConfigError, Found, Layers, Origin, Paths, Said};
use crate::engine::{CallError, Rules, Settings};
use crate::render::{Format, sanitize};
use crate::wire::Timeouts;
use model::Diagnostic;

/// How much of the configuration is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of it.
    Accounts,
    /// Nothing that would change the effect of a bare key's line, and no error in it matters: only the file's settings
    /// for the program itself, and read-only.
    Program,
}

/// Combines the settings.
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

/// Programs that are started do not inherit the variables that profiles name for their keys.
fn withhold_keys(config: &Config) {
    child::withhold(config.profiles.values().flat_map(|profile| profile.everywhere("key_env")).map(str::to_owned));
}

/// Why nothing of the file is used, if an error in it does not stop the line: settings are never ignored silently.
pub(super) fn fault_beside(context: &Context) -> Option<String> {
    let error = Config::read(&context.paths.as_ref().map(Paths::config)?).err()?;
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    Some(format!("note: config.toml is ignored here: {error}{hint}"))
}

/// The values of flags, by the names of their keys.
fn flags(global: &Global) -> Said {
    let format = if global.xml { Some(Format::Xml) } else { global.output };
    let said = [
        ("provider", global.provider.clone()),
        ("auth", global.auth.clone()),
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

/// The rules for the calls of a profile, or of an account without one.
pub(super) fn rules(layers: &Layers, profile: Option<&str>) -> Result<Rules, CallError> {
    let usual = Rules::default();
    Ok(Rules {
        read_only: layers.text("read_only", profile).map_or(usual.read_only, |text| text != "false"),
        by_document: layers.text("read_only", profile).is_some_and(|text| text == BY_DOCUMENT),
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
        jobs: read(layers.found("jobs", profile), |text| text.parse::<u8>().map_err(|error| error.to_string()))?
            .unwrap_or(usual.jobs)
            .max(1),
        destroy_limit: read(layers.found("destroy_limit", profile), |text| {
            text.parse::<u8>().map_err(|error| error.to_string())
        })?
        .unwrap_or(usual.destroy_limit),
    })
}

/// Parses a value whose type the configuration does not know.
fn read<T>(found: Option<Found>, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, ConfigError> {
    let Some(Found { text, origin }) = found else { return Ok(None) };
    parse(&text).map(Some).map_err(|problem| match origin {
        Origin::File { path, line, .. } => ConfigError::Content { path, line, problem, hint: None },
        other => ConfigError::Said { place: other.to_string(), problem },
    })
}

/// The settings of the whole session.
pub(super) fn settings(global: &Global, context: &Context, layers: &Layers) -> Settings {
    let hosts = layers.text("plain_http", None).unwrap_or_default();
    Settings {
        errors_as_json: global.output == Some(Format::Json),
        yes: global.yes,
        program: context.program.clone(),
        network: context
            .network(hosts.split(',').map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned).collect()),
        home: context.home.clone(),
        surroundings: Context::surroundings(),
        search_path: context.search_path.clone(),
        trace: global.verbose.then_some(tell),
        waits: context.waits(),
        stdout_closed: context.stdout_closed,
        kept: context.paths.as_ref().map(Paths::kept),
        calls_at_once: layers.text("calls_at_once", None).and_then(|text| text.parse().ok()).unwrap_or(8),
        simulated: global.sandbox,
        named: false,
    }
}

/// Writes a message to standard error. It is no error if that fails.
pub(super) fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{}", sanitize::for_terminal(text));
}
