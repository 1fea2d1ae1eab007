//! A document → a catalogue: provider, shapes and methods, with an account of what became of each operation.

use std::collections::BTreeMap;

use model::route::Verb;
use model::{Effect, Map, Type, Value};

use super::auth;
use super::effect::{Judged, judged};
use super::entry::{self, Params};
use super::error::ImportError;
use super::fault::fault;
use super::fingerprint::fingerprint;
use super::front;
use super::identity::{self, Kind, Seen};
use super::imported::Imported;
use super::library::Library;
use super::names::{Named, is_left_out, names};
use super::node::Node;
use super::operation::{Api, Operation, Server};
use super::overlay::Overlay;
use super::paging::{Asked, links, paging};
use super::params::params;
use super::place::{Place, Unfit, place};
use super::report::{Guess, Report};
use super::result::{Returned, returned};
use super::shape::Shapes;
use super::words::{line, lines};

/// How a document is imported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// The id of the provider.
    pub id: &'o str,
    /// The file or the address of the document: its relative addresses start there.
    pub document: &'o str,
    /// The server to use, where the document has several, or none.
    pub server: Option<&'o str>,
    /// What the user has reviewed. Without it, one of those that are shipped is used if it suits the title.
    pub overlay: Option<&'o Overlay>,
    /// What is shipped with the program.
    pub shipped: &'o [Overlay],
    /// Add the hash of each operation to its method, for somebody who writes an overlay.
    pub hashed: bool,
}

/// What an operation becomes, before it has a name.
struct Draft<'a, 'd> {
    operation: &'a Operation<'d>,
    params: Params,
    returned: Returned<'d>,
    route: String,
}

/// Makes a catalogue of a document.
pub fn import(library: &Library, options: Options<'_>) -> Result<Imported, ImportError> {
    let mut api = front::read(library)?;
    auth::leave_out_keys(&mut api);
    let chosen = options.server.map(|url| Server { url: url.to_owned(), description: "" });
    let place = place(&api, chosen.as_ref(), options.document);
    if let Some(url) = place.unfilled {
        return Err(ImportError::Unfilled { url });
    }
    let mut report = begun(&api, &place, library);
    let mut shapes = Shapes::default();
    let mut drafts = Vec::new();
    for operation in &api.operations {
        if is_left_out(operation) {
            report.hidden += 1;
            continue;
        }
        match draft(operation, &place, options.document, &mut shapes) {
            Ok(draft) => drafts.push(draft),
            Err(Unfit::Refused(reason)) => report.refused.push((called(operation), reason)),
            Err(Unfit::Elsewhere(address)) => report.elsewhere.entry(address).or_default().push(called(operation)),
        }
    }
    if drafts.is_empty() {
        let elsewhere = report.elsewhere.iter().flat_map(|(address, operations)| {
            operations.iter().map(move |operation| (operation.clone(), format!("it is at {address}")))
        });
        let refused = report.refused.iter().cloned().chain(elsewhere).collect();
        return Err(ImportError::Nothing { refused });
    }
    let operations: Vec<Operation<'_>> = drafts.iter().map(|draft| draft.operation.clone()).collect();
    let listed: Vec<bool> = drafts.iter().map(|draft| draft.returned.is_list()).collect();
    let names = names(&operations, &listed);
    let ways = auth::ways(&api);
    report.unknown_schemes.clone_from(&ways.unknown);
    let provider = provider(&api, &place, options.id, ways);
    let methods = methods(drafts, &names, &api, &mut report);
    let mut imported = Imported { provider, shapes: shapes.into_all(), methods, report, ..Imported::default() };
    let describes = |at: &str| operations.iter().any(|operation| called(operation) == at);
    let shipped = || options.shipped.iter().find(|overlay| overlay.suits(api.title, describes));
    let overlay = options.overlay.or_else(shipped);
    if overlay.is_some() || options.hashed {
        imported.hashes = operations.iter().map(|operation| (called(operation), fingerprint(operation))).collect();
    }
    if let Some(overlay) = overlay {
        overlay.apply(&mut imported)?;
    }
    imported.count();
    Ok(imported)
}

fn begun(api: &Api<'_>, place: &Place, library: &Library) -> Report {
    let strange = api
        .strange
        .iter()
        .map(|(verb, path)| (format!("{verb} {path}"), format!("the verb {verb} is not one of ours")));
    let lost = Node::root(library).into_iter().flat_map(|root| root.lost("paths"));
    let lost = lost.map(|(path, reference)| (path.to_owned(), gone(reference)));
    Report {
        format: api.format.clone(),
        title: line(api.title),
        version: line(api.version),
        host: place.host.clone(),
        path: place.path.clone(),
        others: place.others.clone(),
        files: library.len(),
        operations: api.operations.len() + api.strange.len(),
        refused: strange.chain(lost).collect(),
        ..Report::default()
    }
}

/// An operation as the document calls it.
fn called(operation: &Operation<'_>) -> String {
    format!("{} {}", operation.verb.as_str(), operation.path)
}

/// Why an operation cannot be called of which a part is missing.
fn gone(reference: &str) -> String {
    format!("it refers to {reference}, which the document does not have")
}

fn draft<'a, 'd>(
    operation: &'a Operation<'d>,
    place: &Place,
    document: &str,
    shapes: &mut Shapes,
) -> Result<Draft<'a, 'd>, Unfit> {
    let route = place.route(operation, document)?;
    let balanced = route.matches('{').count() == route.matches('}').count();
    if !balanced || route.contains(['?', '#']) {
        return Err(Unfit::Refused("its path is not one that can be written".to_owned()));
    }
    let (own, shared) = (operation.node, operation.item);
    let mut lost = own.lost("parameters").chain(own.lost("requestBody")).chain(shared.lost("parameters"));
    if let Some((_, reference)) = lost.next() {
        return Err(Unfit::Refused(gone(reference)));
    }
    let params = params(operation, shapes)?;
    Ok(Draft { operation, params, returned: returned(operation, shapes), route })
}

fn provider(api: &Api<'_>, place: &Place, id: &str, ways: auth::Ways) -> Map {
    let mut provider = Map::new();
    let title = line(api.title);
    provider.insert("id", id);
    provider.insert("title", if title.is_empty() { id.to_owned() } else { title });
    if !place.host.is_empty() {
        provider.insert("host", place.host.as_str());
    }
    let transport = [("name", "rest"), ("protocol", "rest"), ("path", place.path.as_str())];
    provider.insert("transport", vec![Value::Map(Map::from_iter(transport))]);
    provider.insert("auth", ways.auth);
    provider.insert("auths", ways.auths);
    provider.insert("fault", fault(api));
    provider.insert("raw", Map::from_iter([("body", "json")]));
    provider
}

fn methods(drafts: Vec<Draft<'_, '_>>, names: &[Named], api: &Api<'_>, report: &mut Report) -> Vec<Value> {
    let seen: Vec<Seen<'_, '_>> = drafts
        .iter()
        .zip(names)
        .map(|(draft, named)| {
            let Operation { verb, path, .. } = *draft.operation;
            Seen { verb, path, noun: &named.noun, returned: &draft.returned }
        })
        .collect();
    let kinds = identity::kinds(&seen);
    let linked = drafts.iter().any(|draft| draft.returned.is_list() && links(headers(draft.operation)));
    let keyed = api.security.as_ref().is_some_and(|all| !all.is_empty());
    let around = Around { kinds: &kinds, linked, keyed };
    let mut methods = Vec::new();
    for (draft, named) in drafts.into_iter().zip(names) {
        let creates = named.name.ends_with(".create");
        let judged = judged(draft.operation, &auth::scopes(draft.operation, api), creates);
        if judged.guessed {
            let (effect, because) = (judged.effect, judged.because.clone());
            report.guesses.push(Guess {
                method: named.name.clone(),
                operation: called(draft.operation),
                effect,
                because,
            });
        }
        if let Some(taken) = &named.taken {
            report.renamed.push((named.name.clone(), called(draft.operation), taken.clone()));
        }
        methods.push(method(draft, named, judged, around).into());
    }
    methods
}

/// The headers of the answer if it works.
fn headers<'o, 'd>(operation: &'o Operation<'d>) -> &'o [&'d str] {
    operation.success().map(|answer| answer.headers.as_slice()).unwrap_or_default()
}

/// What is known of all operations together.
#[derive(Clone, Copy)]
struct Around<'a, 'd> {
    /// The kinds of objects.
    kinds: &'a BTreeMap<&'d str, Kind<'d>>,
    /// Some lists have a header for their pages.
    linked: bool,
    /// Every operation needs a key that does not say otherwise.
    keyed: bool,
}

fn method(draft: Draft<'_, '_>, named: &Named, judged: Judged, around: Around<'_, '_>) -> Map {
    let Around { kinds, linked, keyed } = around;
    let Draft { operation, mut params, returned, route } = draft;
    let mut method = Map::new();
    method.insert("name", named.name.as_str());
    method.insert("ref", called(operation));
    if !named.aliases.is_empty() {
        method.insert("aliases", texts(named.aliases.iter().map(String::as_str)));
    }
    texts_of(&mut method, operation, &named.name);
    effect(&mut method, judged, &params.params);
    // All other operations need a key; this one says that it needs none.
    if operation.security.as_ref().is_some_and(Vec::is_empty) && keyed {
        method.insert("auth", "none");
    }
    for (collection, param) in identity::collections(operation.path) {
        let entry = params.params.iter_mut().find(|entry| entry::wire(entry) == param && entry.get("place").is_none());
        if let (Some(kind), Some(entry)) = (kinds.get(collection), entry) {
            entry.insert("names", kind.name.as_str());
        }
    }
    let reads = operation.verb == Verb::Get && judged_as_read(&method);
    let asked = Asked { params: &params.params, returned: &returned, headers: headers(operation), linked };
    if let Some(paging) = paging(&asked).filter(|_| reads) {
        method.insert("paging", paging);
    }
    if !params.params.is_empty() {
        method.insert("params", params.params.into_iter().map(Value::from).collect::<Vec<_>>());
    }
    if !params.rules.is_empty() {
        method.insert("rules", params.rules);
    }
    if returned.type_ != Type::Any {
        method.insert("returns", returned.type_.to_string());
    }
    described(&mut method, operation, &returned, kinds);
    if !returned.fields.is_empty() {
        method.insert("fields", returned.fields);
    }
    let route = [("verb", operation.verb.as_str()), ("path", route.as_str())];
    method.insert("route", Map::from_iter(route));
    if let Some(sends) = params.sends {
        method.insert("sends", sends);
    }
    method.insert("answers", returned.answers);
    method
}

fn judged_as_read(method: &Map) -> bool {
    method.get("effect").and_then(Value::as_str) == Some(Effect::Read.as_str())
}

/// What an operation does whose document has no words for it, by its name.
fn unsaid(name: &str, operation: &Operation<'_>) -> String {
    let (noun, verb) = name.rsplit_once('.').unwrap_or((name, ""));
    let things = noun.rsplit('.').next().unwrap_or(noun).replace(['_', '-'], " ");
    let one = operation.path.trim_end_matches('/').ends_with('}');
    let said = match verb {
        "list" => format!("List {things}"),
        "get" if one => format!("Show one of {things}"),
        "get" => format!("Show {things}"),
        "create" => format!("Create one of {things}"),
        "update" | "replace" if one => format!("Change one of {things}"),
        "update" | "replace" | "update_many" | "replace_many" => format!("Change {things}"),
        "delete" if one => format!("Delete one of {things}"),
        "delete_many" => format!("Delete {things}"),
        _ => return called(operation),
    };
    format!("{said} ({})", called(operation))
}

/// What the document says in words.
fn texts_of(method: &mut Map, operation: &Operation<'_>, name: &str) {
    let said = if operation.summary.is_empty() { operation.description } else { operation.summary };
    let summary = line(said);
    method.insert("summary", if summary.is_empty() { unsaid(name, operation) } else { summary.clone() });
    let notes = lines(operation.description);
    // What the summary says already is not said again.
    let rest = notes.strip_prefix(&summary).filter(|rest| rest.is_empty() || rest.starts_with(['.', ':']));
    let notes = rest.map_or(notes.as_str(), |rest| rest.trim_start_matches(['.', ':']).trim());
    if !notes.is_empty() {
        method.insert("notes", notes);
    }
    if operation.deprecated {
        method.insert("deprecated", "the document says so");
    }
}

fn effect(method: &mut Map, judged: Judged, params: &[Map]) {
    method.insert("effect", judged.effect.as_str());
    let (mut everywhere, mut roots) = (Map::new(), Vec::new());
    for (path, values) in &judged.harmless {
        let (root, rest) = path.split_once('.').map_or((path.as_str(), ""), |(root, rest)| (root, rest));
        // A parameter that has no place of its own is in the path: a line always gives it.
        let Some(param) = params.iter().find(|param| entry::wire(param) == root && param.get("place").is_some()) else {
            method.insert("derived", judged.because.as_str());
            return;
        };
        let name = entry::name(param);
        everywhere.insert(if rest.is_empty() { name.to_owned() } else { format!("{name}.{rest}") }, values.clone());
        roots.push(name.to_owned());
    }
    if !everywhere.is_empty() {
        // What is not given decides nothing.
        let absent = Map::from_iter([
            ("without", Value::from(texts(roots.iter().map(String::as_str)))),
            ("effect", Effect::Change.as_str().into()),
        ]);
        let harmless =
            Map::from_iter([("everywhere", Value::from(everywhere)), ("effect", Effect::Change.as_str().into())]);
        method.insert("effect_when", vec![Value::from(absent), Value::from(harmless)]);
    }
    method.insert("derived", judged.because);
}

/// The kind of objects that a result shows, and the columns of a table of them.
fn described(method: &mut Map, operation: &Operation<'_>, returned: &Returned<'_>, kinds: &BTreeMap<&str, Kind<'_>>) {
    if !returned.columns.is_empty() {
        method.insert("columns", texts(returned.columns.iter().map(String::as_str)));
    }
    let own = kinds.get(operation.path).filter(|_| returned.is_list());
    let of_member = || {
        let (collection, param) = identity::collections(operation.path).pop()?;
        let whole = operation.path.len() == collection.len() + param.len() + 3;
        kinds.get(collection).filter(|kind| whole && !returned.is_list() && identity::has_key(returned, kind))
    };
    if let Some(kind) = own.or_else(of_member) {
        method.insert("kind", kind.name.as_str());
        method.insert("key", kind.key);
        if let Some(label) = kind.label {
            method.insert("label", label);
        }
    }
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Value> {
    texts.map(Value::from).collect()
}
