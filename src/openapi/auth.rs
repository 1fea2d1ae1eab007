//! How a key is sent: the security schemes of a document as the ways that an account chooses from.

use std::collections::BTreeMap;

use model::template::is_name;
use model::{Map, Value};

use super::operation::{Api, In, Operation, Parameter, Requirement, Scheme, SchemeKind};
use super::words::small;

/// Words before a key in the header `Authorization`.
const PREFIXES: [&str; 5] = ["Bearer", "Token", "token", "ApiKey", "apikey"];

/// The usual way, and all others.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    pub(crate) auth: Map,
    pub(crate) auths: Map,
    /// Schemes that this program does not have.
    pub(crate) unknown: Vec<String>,
}

/// The ways of a document. The usual one is the one that most operations accept.
pub(crate) fn ways(api: &Api<'_>) -> Ways {
    let mut found = Ways::default();
    let count = counted(api);
    let mut best: Option<((usize, usize, u8), Map)> = None;
    for scheme in &api.schemes {
        let Some(way) = way(scheme) else {
            found.unknown.push(scheme.name.to_owned());
            continue;
        };
        let uses = (count.get([scheme.name].as_slice()).copied().unwrap_or_default(), 1, standing(scheme.kind));
        if best.as_ref().is_none_or(|(most, _)| uses > *most) {
            best = Some((uses, way.clone()));
        }
        if let Some(name) = small(scheme.name) {
            found.auths.insert(name, way);
        }
    }
    for names in count.keys().filter(|names| names.len() > 1) {
        let Some(way) = together(names, api) else { continue };
        // One key is less to ask for than two, where it is enough.
        let uses = satisfied(names, api);
        if best.as_ref().is_none_or(|((most, ..), _)| uses > *most) {
            best = Some(((uses, 0, 0), way.clone()));
        }
        if let Some(name) = small(&names.join("_and_")) {
            found.auths.insert(name, way);
        }
    }
    for (name, way) in general() {
        if found.auths.get(name).is_none() {
            found.auths.insert(name, way);
        }
    }
    found.auth = best.map(|(_, way)| way).unwrap_or_else(|| Map::from_iter([("scheme", "none")]));
    let said = api.security.as_deref().unwrap_or_default();
    if found.auth.get("scheme") != Some(&Value::from("none")) && said.iter().any(Vec::is_empty) {
        found.auth.insert("optional", true);
    }
    found
}

/// Removes parameters that repeat where the key goes: the program puts it there itself.
pub(crate) fn leave_out_keys(api: &mut Api<'_>) {
    let schemes = &api.schemes;
    let is_key = |param: &Parameter<'_>| {
        schemes.iter().any(|scheme| match (scheme.kind, param.place) {
            (SchemeKind::Header(name), In::Header) => name.eq_ignore_ascii_case(param.name),
            (SchemeKind::Query(name), In::Query) | (SchemeKind::Cookie(name), In::Cookie) => name == param.name,
            _ => false,
        })
    };
    api.operations.iter_mut().for_each(|operation| operation.params.retain(|param| !is_key(param)));
}

/// How good a scheme is where several are accepted: what is in an address is kept in logs.
fn standing(kind: SchemeKind<'_>) -> u8 {
    match kind {
        SchemeKind::Bearer | SchemeKind::Header(_) | SchemeKind::Word(_) => 2,
        SchemeKind::Basic => 1,
        SchemeKind::Query(_) | SchemeKind::Cookie(_) | SchemeKind::Other => 0,
    }
}

/// How many operations accept each scheme, or several that are sent together.
fn counted<'d>(api: &Api<'d>) -> BTreeMap<Vec<&'d str>, usize> {
    let mut count = BTreeMap::new();
    for requirement in api.operations.iter().flat_map(|operation| wanted(operation, api)) {
        let names: Vec<&str> = requirement.iter().map(|(name, _)| *name).collect();
        *count.entry(names).or_default() += 1;
    }
    count
}

/// How many operations accept these schemes, or some of them.
fn satisfied(names: &[&str], api: &Api<'_>) -> usize {
    let accepts = |requirement: &Requirement<'_>| {
        !requirement.is_empty() && requirement.iter().all(|(name, _)| names.contains(name))
    };
    api.operations.iter().filter(|operation| wanted(operation, api).iter().any(accepts)).count()
}

/// The way of several schemes that are sent together, each with a secret of its own.
fn together(names: &[&str], api: &Api<'_>) -> Option<Map> {
    let scheme = |name: &&str| api.schemes.iter().find(|scheme| scheme.name == *name);
    let ways: Vec<Map> = names.iter().map(|name| way(scheme(name)?)).collect::<Option<_>>()?;
    let (first, rest) = ways.split_first()?;
    let (mut whole, mut secrets, mut also) = (first.clone(), Map::new(), Vec::new());
    for (name, part) in names.iter().skip(1).zip(rest) {
        let place = small(name).map(|name| name.replace('-', "_")).filter(|name| is_name(name) && name != "user")?;
        let mut part = part.clone();
        let key = if part.get("scheme") == Some(&Value::from("basic")) { "password" } else { "value" };
        let value = part.get(key).and_then(Value::as_str).unwrap_or("{key}").replace("{key}", &format!("{{{place}}}"));
        part.insert(key, value);
        secrets.insert(place, *name);
        also.push(Value::from(part));
    }
    whole.insert("secrets", secrets);
    whole.insert("also", also);
    Some(whole)
}

/// What an operation wants, itself or as all others do.
fn wanted<'a, 'd>(operation: &'a Operation<'d>, api: &'a Api<'d>) -> &'a [Requirement<'d>] {
    operation.security.as_deref().or(api.security.as_deref()).unwrap_or_default()
}

/// The permissions that an operation needs: those of the alternative that needs the fewest.
pub(crate) fn scopes<'d>(operation: &Operation<'d>, api: &Api<'d>) -> Vec<&'d str> {
    let all = |requirement: &Requirement<'d>| -> Vec<&'d str> {
        requirement.iter().flat_map(|(_, scopes)| scopes.iter().copied()).collect()
    };
    let alternatives = wanted(operation, api).iter().map(all).filter(|scopes| !scopes.is_empty());
    alternatives.min_by_key(Vec::len).unwrap_or_default()
}

fn way(scheme: &Scheme<'_>) -> Option<Map> {
    Some(match scheme.kind {
        SchemeKind::Basic => basic(),
        SchemeKind::Bearer => Map::from_iter([("scheme", "bearer")]),
        SchemeKind::Header(name) if name.eq_ignore_ascii_case("authorization") => match prefix(scheme.description) {
            Some("Bearer") => Map::from_iter([("scheme", "bearer")]),
            Some(word) => header(name, &format!("{word} {{key}}")),
            None => header(name, "{key}"),
        },
        SchemeKind::Header(name) => header(name, "{key}"),
        SchemeKind::Query(name) => Map::from_iter([("scheme", "query"), ("name", name)]),
        SchemeKind::Cookie(name) => header("Cookie", &format!("{name}={{key}}")),
        SchemeKind::Word(word) => header("Authorization", &format!("{word} {{key}}")),
        SchemeKind::Other => return None,
    })
}

fn basic() -> Map {
    Map::from_iter([("scheme", "basic"), ("user", "{user}"), ("password", "{key}")])
}

fn header(name: &str, value: &str) -> Map {
    Map::from_iter([("scheme", "header"), ("name", name), ("value", value)])
}

/// The word before the key, where a description shows one: `Authorization: Token <key>`, or `prepended with "token"`.
fn prefix(description: &str) -> Option<&'static str> {
    let quoted = |word: &&&str| description.contains("prepend") && description.contains(&format!("\"{word}\""));
    if let Some(word) = PREFIXES.iter().find(quoted) {
        return Some(word);
    }
    let shown = |word: &&&str| {
        let word = format!("{word} ");
        description
            .split(&word)
            .skip(1)
            .any(|behind| behind.starts_with(['<', '{', '[', '$', '"', '\'', '.']) || behind.starts_with("YOUR"))
    };
    PREFIXES.iter().find(shown).copied()
}

/// Ways that an account may need although its document does not name them.
fn general() -> [(&'static str, Map); 5] {
    let bare = |scheme| Map::from_iter([("scheme", scheme)]);
    // The account gives the names of the last two.
    [
        ("none", bare("none")),
        ("basic", basic()),
        ("bearer", bare("bearer")),
        ("header", bare("header")),
        ("query", bare("query")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    fn of(schemes: &str, rest: &str) -> (String, Vec<String>, Vec<String>) {
        let text = format!(
            r#"{{"openapi":"3.0.0","components":{{"securitySchemes":{{{schemes}}}}},{rest}"paths":{{"/a":{{"get":{{}},"post":{{"security":[{{"b":["a:write","x"]}},{{"k":["y"]}}]}}}}}}}}"#
        );
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        let found = ways(&api);
        let scopes = scopes(&api.operations[1], &api).into_iter().map(str::to_owned).collect();
        (
            serde_json::to_string(&Value::Map(found.auth)).unwrap(),
            found.auths.keys().map(str::to_owned).collect(),
            scopes,
        )
    }

    #[test]
    fn the_place_of_the_key_is_no_parameter() {
        let text = r#"{"openapi":"3.0.0","components":{"securitySchemes":{"h":{"type":"apiKey","in":"header","name":"X-Token"},
            "q":{"type":"apiKey","in":"query","name":"token"}}},"paths":{"/a":{"get":{"parameters":[
            {"name":"x-token","in":"header"},{"name":"token","in":"query"},{"name":"token","in":"header"},{"name":"b","in":"query"}]}}}}"#;
        let library = Library::of(serde_json::from_str(text).unwrap());
        let mut api = front::read(&library).unwrap();
        leave_out_keys(&mut api);
        let left: Vec<(&str, In)> = api.operations[0].params.iter().map(|it| (it.name, it.place)).collect();
        assert_eq!(left, [("token", In::Header), ("b", In::Query)]);
    }

    #[test]
    fn the_way_that_most_operations_accept_is_the_usual_one() {
        let (bearer, key) = (r#""b":{"type":"oauth2"}"#, r#""k":{"type":"apiKey","in":"header","name":"X-API-Key"}"#);
        let both = format!("{bearer},{key}");
        let (auth, ways, scopes) = of(&both, r#""security":[{"k":[]}],"#);
        assert_eq!(auth, r#"{"scheme":"header","name":"X-API-Key","value":"{key}"}"#);
        assert_eq!(ways, ["b", "k", "none", "basic", "bearer", "header", "query"]);
        assert_eq!(scopes, ["y"]);
        assert_eq!(of(&both, "").0, r#"{"scheme":"bearer"}"#);
        assert_eq!(of(&both, r#""security":[{"b":[]},{}],"#).0, r#"{"scheme":"bearer","optional":true}"#);
        let query = r#""a":{"type":"apiKey","in":"query","name":"a"},"#;
        assert_eq!(of(&format!("{query}{both}"), "").0, r#"{"scheme":"bearer"}"#);
        assert_eq!(of("", "").0, r#"{"scheme":"none"}"#);
        let named = r#""t":{"type":"apiKey","in":"header","name":"Authorization","description":"Write `Token <key>`"}"#;
        let told = r#""t":{"type":"apiKey","in":"header","name":"Authorization","description":"must be prepended with \"token\""}"#;
        assert!(of(told, "").0.contains("token {key}"));
        assert_eq!(of(named, "").0, r#"{"scheme":"header","name":"Authorization","value":"Token {key}"}"#);
        assert_eq!(of(r#""q":{"type":"apiKey","in":"query","name":"k"}"#, "").0, r#"{"scheme":"query","name":"k"}"#);
        let cookie = r#""c":{"type":"apiKey","in":"cookie","name":"k"}"#;
        assert_eq!(of(cookie, "").0, r#"{"scheme":"header","name":"Cookie","value":"k={key}"}"#);
        let word = r#""w":{"type":"http","scheme":"Token"}"#;
        assert_eq!(of(word, "").0, r#"{"scheme":"header","name":"Authorization","value":"Token {key}"}"#);
        assert_eq!(of(r#""d":{"type":"http","scheme":"digest"}"#, "").0, r#"{"scheme":"none"}"#);
    }

    #[test]
    fn keys_that_are_needed_together_are_sent_together() {
        let both = r#""k":{"type":"apiKey","in":"header","name":"X-Key"},"App-Key":{"type":"apiKey","in":"query","name":"app"}"#;
        let (auth, ways, _) = of(both, r#""security":[{"k":[],"App-Key":[]}],"#);
        let sent = r#"{"scheme":"header","name":"X-Key","value":"{key}","secrets":{"app_key":"App-Key"},"also":[{"scheme":"query","name":"app","value":"{app_key}"}]}"#;
        assert_eq!((auth.as_str(), ways[2].as_str()), (sent, "k_and_app-key"));
        // Where one is enough, one is asked for.
        assert!(!of(both, r#""security":[{"k":[]},{"k":[],"App-Key":[]}],"#).0.contains("also"));
        let basic = r#""k":{"type":"apiKey","in":"header","name":"X-Key"},"b":{"type":"http","scheme":"basic"}"#;
        let also = r#""also":[{"scheme":"basic","user":"{user}","password":"{b}"}]}"#;
        assert!(of(basic, r#""security":[{"k":[],"b":[]}],"#).0.ends_with(also));
        let unknown = r#""k":{"type":"apiKey","in":"header","name":"X-Key"},"m":{"type":"mutualTLS"}"#;
        assert!(!of(unknown, r#""security":[{"k":[],"m":[]}],"#).0.contains("also"));
    }
}
