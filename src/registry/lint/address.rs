//! Methods with their own addresses: route, body and answer must fit each other and the parameters.

use std::collections::BTreeSet;

use super::fields::fields_of;
use super::finding::found;
use super::wire_name::{Notation, is_wire};
use crate::catalog::Catalog;
use model::http::is_decided;
use model::provider::{AuthScheme, Protocol};
use model::route::{AnswerForm, Answers, Place, Route, Sends, Verb, placeholders};
use model::{Effect, Method, Param, Provider, Type};

/// All faults in a method's address.
pub(super) fn findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let provider = catalog.provider();
    let own = provider.transports.iter().any(|transport| transport.protocol == Protocol::Rest);
    let Some(route) = &method.route else {
        return found(&[(own, "no route")]);
    };
    let mut findings = found(&[
        (!own, "a route, but the provider has one address for all"),
        (method.answers.is_none(), "`answers` is missing"),
        (route.if_match && method.effect == Effect::Read, "`if_match`, and it changes nothing"),
    ]);
    findings.extend(route_findings(route, method, provider));
    findings.extend(method.params.iter().flat_map(|param| param_findings(param, method, route)));
    findings.extend(shared_names(method));
    findings.extend(method.params.iter().flat_map(|param| filled(param, provider)));
    findings.extend(body(method, route, provider));
    findings.extend(method.answers.iter().flat_map(|answers| answer(answers, method, catalog)));
    findings
}

fn route_findings(route: &Route, method: &Method, provider: &Provider) -> Vec<String> {
    let mut findings = Vec::new();
    for path in route.paths() {
        for name in placeholders(path) {
            let variable = provider.variables.iter().any(|variable| variable.name == name);
            let param = method.params.iter().find(|param| param.wire_name() == name);
            findings.extend(found(&[
                (!variable && param.is_none(), &format!("{{{name}}} is neither a parameter nor a variable")),
                (variable && param.is_some(), &format!("{{{name}}} is both a parameter and a variable")),
                (param.is_some_and(|param| !param.required), &format!("{{{name}}} is not required")),
            ]));
        }
        let balanced = path.matches('{').count() == placeholders(path).count()
            && path.matches('}').count() == path.matches('{').count();
        let bad = !path.starts_with('/') || !balanced || !is_path(path);
        findings.extend(found(&[(bad, &format!("{path:?} is not a path"))]));
    }
    if let Some(by) = &route.by {
        let choices = method.param(&by.param).map(|param| param.choices.iter().map(|choice| choice.plain()).collect());
        let mut choices: Vec<String> = choices.unwrap_or_default();
        choices.sort();
        let fits = choices.iter().eq(by.paths.keys());
        findings.extend(found(&[(!fits, "the choices of the parameter that picks the path are not the paths")]));
    }
    findings
}

/// Whether a path is sent as it is written: a mark begins the fragment, which is not sent, and some steps lead elsewhere.
pub(super) fn is_path(path: &str) -> bool {
    let steps = path.split('?').next().unwrap_or_default();
    let leads_elsewhere = steps.split('/').any(|step| step == "." || step == "..");
    !leads_elsewhere && !path.contains(['#', '\\']) && !path.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Parameters of which one would take the place of another.
fn shared_names(method: &Method) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let header = |place: Place, wire: &str| if place == Place::Header { wire.to_lowercase() } else { wire.to_owned() };
    let places = method.params.iter().map(|param| (param, method.place(param)));
    let twice = places.filter(|(param, place)| !seen.insert((*place as u8, header(*place, param.wire_name()))));
    twice.map(|(param, _)| format!("{}: another parameter has one name on the wire with it", param.name)).collect()
}

fn param_findings(param: &Param, method: &Method, route: &Route) -> Vec<String> {
    let place = method.place(param);
    let in_path = route.mentions(param.wire_name());
    let notation = match method.sends {
        Some(Sends::Xml { .. }) if place == Place::Body => Notation::Xml,
        Some(Sends::Json { .. }) if place == Place::Body => Notation::Json,
        _ => Notation::Name,
    };
    let listed = matches!(param.type_, Type::List(_));
    // The keys of a dictionary in the query can be the names.
    let keyed = place == Place::Query && matches!(param.type_, Type::Dict | Type::MapOf(_) | Type::Shape(_));
    let form = matches!(method.sends, Some(Sends::Form { .. })) && place == Place::Body;
    let findings = found(&[
        (place == Place::Path && !in_path, "its place is the path, which does not name it"),
        (place == Place::Body && method.sends.is_none(), "its place is the body, and the method has no body"),
        (param.secret && (in_path || place != Place::Body), "a secret in the address"),
        (param.repeat && !listed && !keyed, "repeats, but is not a list"),
        (param.repeat && param.join.is_some(), "repeats its name, and joins its members"),
        (param.join.is_some() && !listed, "its members are joined, but it is not a list"),
        (param.join.as_ref().is_some_and(String::is_empty), "nothing separates its members"),
        (
            param.join.is_some() && ![Place::Query, Place::Header].contains(&place) && !form,
            "joins members outside query, headers and forms",
        ),
        (place == Place::Header && !is_header(param.wire_name()), "its place is a header, and its name cannot be one"),
        (
            place == Place::Cookie && !is_token(param.wire_name()),
            "its place is a cookie, and its name cannot be that of one",
        ),
        (param.file && !sends_files(method), "a file, and the body has no place for one: `multipart` or `bytes`"),
        (param.file && (place != Place::Body || param.type_ != Type::Bytes), "a file is `bytes`, in the body"),
        (param.confirm && param.answer().is_none(), "a confirmation needs exactly one allowed value"),
        (!is_wire(param.wire_name(), notation), "its name on the wire is not valid"),
    ]);
    findings.into_iter().map(|finding| format!("{}: {finding}", param.name)).collect()
}

/// Whether the body of a method can carry files.
fn sends_files(method: &Method) -> bool {
    matches!(method.sends, Some(Sends::Multipart { .. } | Sends::Bytes { .. }))
}

/// Whether a catalogue may set a header of that name: those that the program or HTTP itself decides are not for it.
pub(super) fn is_header(name: &str) -> bool {
    is_token(name) && !is_decided(name)
}

/// Whether a text can be the name of a header or a cookie.
fn is_token(name: &str) -> bool {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(token)
}

/// Values that the program fills in: known variables around one value.
fn filled(param: &Param, provider: &Provider) -> Vec<String> {
    let known = |name: &str| provider.variables.iter().any(|variable| variable.name == name);
    let template = param.template.as_deref().unwrap_or("{}");
    let strange = placeholders(template).any(|name| !name.is_empty() && !known(name));
    let findings = found(&[
        (
            param.variable.as_deref().is_some_and(|name| !known(name)),
            "the variable whose value it takes does not exist",
        ),
        (param.variable.is_some() && param.required, "it takes its value from a variable and is required"),
        (template.matches("{}").count() != 1, "its template must contain {} exactly once"),
        (strange, "its template names an unknown variable"),
    ]);
    findings.into_iter().map(|finding| format!("{}: {finding}", param.name)).collect()
}

fn body(method: &Method, route: &Route, provider: &Provider) -> Vec<String> {
    let form = matches!(method.sends, Some(Sends::Form { .. }));
    let (unnamed, unknown) = match &method.sends {
        Some(Sends::Xml { root, namespace, .. }) => {
            let known = |name: &String| provider.xml.namespaces.contains_key(name);
            (!is_wire(root, Notation::Name), namespace.as_ref().is_some_and(|name| !known(name)))
        }
        _ => (false, false),
    };
    found(&[
        ([Verb::Get, Verb::Head].contains(&route.verb) && method.sends.is_some(), "a GET with a body"),
        (provider.auth.scheme == AuthScheme::Fields && !form, "credentials travel in a form, and it sends none"),
        (unnamed, "the root element has no name"),
        (unknown, "the provider does not define this namespace"),
    ])
    .into_iter()
    .chain(method.sends.iter().flat_map(|sends| parts(sends, method)))
    .collect()
}

/// Whether a text can be a media type: two words with a slash between them, and perhaps parameters, on one line.
fn is_media(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c));
    let kind = text.split(';').next().unwrap_or_default().trim_end();
    kind.split_once('/').is_some_and(|(one, other)| word(one) && word(other)) && !text.contains(char::is_control)
}

/// Faults in how a body is put together.
fn parts(sends: &Sends, method: &Method) -> Vec<String> {
    if let Sends::Bytes { whole, .. } = sends {
        let other = method.params.iter().any(|param| param.name != *whole && method.place(param) == Place::Body);
        return found(&[
            (method.param(whole).is_none(), "the parameter that is the whole body does not exist"),
            (other, "another parameter is in the body, of which one is the whole"),
        ]);
    }
    if let Sends::Multipart { parts, .. } = sends {
        let strange =
            parts.keys().find(|name| method.param(name).is_none_or(|param| method.place(param) != Place::Body));
        let odd = parts.iter().find(|(_, media)| !is_media(media)).map(|(name, _)| name);
        return found(&[
            (strange.is_some(), &format!("`sends.parts`: {} is not in the body", strange.map_or("", String::as_str))),
            (
                odd.is_some(),
                &format!("`sends.parts`: {} has no media type such as image/png", odd.map_or("", String::as_str)),
            ),
        ]);
    }
    let Sends::Json { wrap, whole, fixed, beside, .. } = sends else { return Vec::new() };
    let lone = wrap.is_none() && fixed.is_empty() && beside.is_empty();
    let other =
        |name: &String| method.params.iter().any(|param| param.name != *name && method.place(param) == Place::Body);
    found(&[
        (
            whole.as_ref().is_some_and(|name| method.param(name).is_none()),
            "the parameter that is the whole body does not exist",
        ),
        (whole.is_some() && !lone, "nothing can be around or beside what is the whole body"),
        (whole.as_ref().is_some_and(other), "another parameter is in the body, of which one is the whole"),
        (!beside.is_empty() && wrap.is_none(), "`sends.beside` needs `sends.wrap`: without it, everything is beside"),
        (wrap.as_ref().is_some_and(|key| beside.get(key).is_some()), "`sends.wrap` and `sends.beside` have one name"),
    ])
}

fn answer(answers: &Answers, method: &Method, catalog: &Catalog) -> Vec<String> {
    let form = answers.form;
    let structured = matches!(form, AnswerForm::Json | AnswerForm::Xml);
    let listed = matches!(method.returns, Type::List(_));
    let fits = match form {
        AnswerForm::Csv => listed,
        AnswerForm::Pdf | AnswerForm::Png => method.returns == Type::Bytes,
        AnswerForm::Text => method.returns == Type::String,
        AnswerForm::None => method.returns == Type::None,
        AnswerForm::Status => matches!(method.returns, Type::Shape(_) | Type::Dict),
        AnswerForm::Json | AnswerForm::Xml | AnswerForm::Any => true,
    };
    let id = answers.id.as_ref().map_or(Vec::new(), |id| {
        let fields = fields_of(&method.returns, &method.fields, catalog);
        found(&[
            (id.information.is_some() == id.detail.is_some(), "a hidden id needs either `information` or `detail`"),
            (id.detail.as_ref().is_some_and(|detail| !detail.contains("{}")), "`detail` must contain {} for the id"),
            (!fields.iter().any(|field| field.name == id.field), "the hidden id goes into a field that does not exist"),
            (form != AnswerForm::Status, "only a status can contain a hidden id"),
        ])
    });
    let starred = answers.list.iter().any(|path| path.contains(Answers::ONLY_LIST));
    let lists_only = |path: &str| {
        let outer = path.strip_suffix(Answers::ONLY_LIST).unwrap_or(path);
        !outer.contains(Answers::ONLY_LIST) && (outer == path || outer.is_empty() || outer.ends_with('.'))
    };
    let findings = found(&[
        (!fits, "its answer cannot be what it returns"),
        (!(answers.list.is_empty() || listed && structured), "`answers.list` for an answer that is not a list"),
        (
            form == AnswerForm::Xml && listed && answers.list.is_empty(),
            "`answers.list` is missing: the elements of the list",
        ),
        (form != AnswerForm::Json && starred, "only JSON has a list without a name"),
        (
            starred && !answers.list.iter().all(|path| lists_only(path)),
            "`*` is the whole last step of a path, after which nothing can follow",
        ),
        (form != AnswerForm::Xml && !answers.root.is_empty(), "only XML has a root element"),
        (!answers.beside.is_empty() && (form != AnswerForm::Xml || !listed), "only a list of XML has things beside it"),
        (answers.at.is_some() && !structured, "a path into an answer that has no parts"),
        (!answers.unwrap.is_empty() && form != AnswerForm::Json, "only JSON is unwrapped"),
        (
            form == AnswerForm::Status && catalog.provider().fault.is_none(),
            "a status, but the provider has no `fault` rule to read it",
        ),
    ]);
    findings.into_iter().chain(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded;

    /// The findings for a method of a provider with addresses, variables and namespaces.
    fn said(method: &str) -> String {
        let catalogs = embedded::all().iter().map(|source| Catalog::open(source).unwrap());
        let catalog = catalogs.into_iter().find(|catalog| !catalog.provider().variables.is_empty()).unwrap();
        let head = r#"{"name":"a.b","ref":"1","answers":{"as":"xml"},"#;
        findings(&serde_json::from_str(&format!("{head}{method}}}")).unwrap(), &catalog).join("; ")
    }

    #[test]
    fn addresses_fit_their_parameters() {
        for (method, finding) in [
            (r#""params":[]"#, "no route"),
            (r#""route":{"verb":"GET","path":"/a"}"#, ""),
            (r#""route":{"verb":"GET","path":"/{x}"}"#, "{x} is neither a parameter nor a variable"),
            (r#""route":{"verb":"GET","path":"a{b"}"#, "\"a{b\" is not a path"),
            (r#""route":{"verb":"GET","path":"/{x}"},"params":[{"name":"x"}]"#, "{x} is not required"),
            (r#""route":{"verb":"GET","path":"/{x}"},"params":[{"name":"y","wire":"x","required":true}]"#, ""),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","place":"path"}]"#,
                "x: its place is the path, which does not name it",
            ),
            (
                r#""route":{"verb":"POST","path":"/"},"params":[{"name":"x","place":"body"}]"#,
                "x: its place is the body, and the method has no body",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","secret":true}]"#,
                "x: a secret in the address",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","repeat":true}]"#,
                "x: repeats, but is not a list",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","confirm":true}]"#,
                "x: a confirmation needs exactly one allowed value",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","wire":"a/b"}]"#,
                "x: its name on the wire is not valid",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","variable":"no"}]"#,
                "x: the variable whose value it takes does not exist",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","template":"/{no}/{}"}]"#,
                "x: its template names an unknown variable",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"params":[{"name":"x","template":"/x"}]"#,
                "x: its template must contain {} exactly once",
            ),
            (r#""route":{"verb":"GET","path":"/"},"sends":{"as":"form"}"#, "a GET with a body"),
            (
                r#""route":{"verb":"POST","path":"/"},"sends":{"as":"xml","root":"R","namespace":"no"}"#,
                "the provider does not define this namespace",
            ),
            (r#""route":{"verb":"PATCH","path":"/"},"sends":{"as":"json","whole":"x"},"params":[{"name":"x"}]"#, ""),
            (
                r#""route":{"verb":"PUT","path":"/"},"sends":{"as":"bytes","whole":"x"},
                    "params":[{"name":"x","type":"bytes","file":true}]"#,
                "",
            ),
            (
                r#""route":{"verb":"PUT","path":"/"},"sends":{"as":"bytes","whole":"x"},"params":[{"name":"y"},{"name":"x"}]"#,
                "another parameter is in the body, of which one is the whole",
            ),
            (
                r#""route":{"verb":"PUT","path":"/"},"sends":{"as":"json"},"params":[{"name":"x","type":"bytes","file":true}]"#,
                "x: a file, and the body has no place for one: `multipart` or `bytes`",
            ),
            (
                r#""route":{"verb":"PUT","path":"/"},"sends":{"as":"multipart"},"params":[{"name":"x","type":"string","file":true}]"#,
                "x: a file is `bytes`, in the body",
            ),
            (
                r#""route":{"verb":"PUT","path":"/"},"sends":{"as":"multipart","parts":{"x":"image/png","y":"text/csv; header=present"}},
                    "params":[{"name":"x","type":"bytes","file":true},{"name":"y","type":"string"}]"#,
                "",
            ),
            (
                r#""route":{"verb":"PUT","path":"/"},"sends":{"as":"multipart","parts":{"y":"image/png"}},
                    "params":[{"name":"x","type":"bytes","file":true}]"#,
                "`sends.parts`: y is not in the body",
            ),
            (
                r#""route":{"verb":"PUT","path":"/"},"sends":{"as":"multipart","parts":{"x":"png"}},
                    "params":[{"name":"x","type":"bytes","file":true}]"#,
                "`sends.parts`: x has no media type such as image/png",
            ),
            (r#""route":{"verb":"GET","path":"/","if_match":true}"#, ""),
            (
                r#""effect":"read","route":{"verb":"GET","path":"/","if_match":true}"#,
                "`if_match`, and it changes nothing",
            ),
            (
                r#""route":{"verb":"PATCH","path":"/"},"sends":{"as":"json","whole":"x"}"#,
                "the parameter that is the whole body does not exist",
            ),
            (
                r#""route":{"verb":"PATCH","path":"/"},"sends":{"as":"json","whole":"x"},
                    "params":[{"name":"x"},{"name":"y"}]"#,
                "another parameter is in the body, of which one is the whole",
            ),
            (
                r#""route":{"verb":"PATCH","path":"/"},"sends":{"as":"json","whole":"x","fixed":{"a":1}},
                    "params":[{"name":"x"}]"#,
                "nothing can be around or beside what is the whole body",
            ),
            (
                r#""route":{"verb":"POST","path":"/"},"sends":{"as":"json","beside":{"a":1}}"#,
                "`sends.beside` needs `sends.wrap`: without it, everything is beside",
            ),
            (r#""route":{"verb":"POST","path":"/"},"sends":{"as":"json"},"params":[{"name":"x","wire":"a/b"}]"#, ""),
            (
                r#""route":{"verb":"GET","path":"/","by":{"param":"x","paths":{"1":"/1","2":"/2"}}},
                    "params":[{"name":"x","choices":["1"]}]"#,
                "the choices of the parameter that picks the path are not the paths",
            ),
            (
                r#""route":{"verb":"GET","path":"/"},"returns":"list:dict""#,
                "`answers.list` is missing: the elements of the list",
            ),
        ] {
            assert_eq!(said(method), finding, "{method}");
        }
    }

    #[test]
    fn answers_fit_what_is_returned() {
        let catalogs = embedded::all().iter().map(|source| Catalog::open(source).unwrap());
        let catalog = catalogs.into_iter().find(|catalog| !catalog.provider().variables.is_empty()).unwrap();
        for (answers, returns, finding) in [
            (r#"{"as":"csv"}"#, "dict", "its answer cannot be what it returns"),
            (r#"{"as":"pdf"}"#, "bytes", ""),
            (r#"{"as":"json","list":["*","data.*"]}"#, "list:dict", ""),
            (r#"{"as":"xml","root":"R","list":"*"}"#, "list:dict", "only JSON has a list without a name"),
            (
                r#"{"as":"json","list":"*.data"}"#,
                "list:dict",
                "`*` is the whole last step of a path, after which nothing can follow",
            ),
            (r#"{"as":"xml","list":"a"}"#, "dict", "`answers.list` for an answer that is not a list"),
            (r#"{"as":"text","at":"a"}"#, "string", "a path into an answer that has no parts"),
            (r#"{"as":"json","root":"R"}"#, "dict", "only XML has a root element"),
            (r#"{"as":"xml","root":"R","beside":{"a":"b"}}"#, "dict", "only a list of XML has things beside it"),
            (r#"{"as":"xml","unwrap":"a"}"#, "dict", "only JSON is unwrapped"),
            (r#"{"as":"status","id":{"field":"id"}}"#, "@status", "a hidden id needs either `information` or `detail`"),
            (r#"{"as":"status","id":{"field":"id","detail":"x"}}"#, "@status", "`detail` must contain {} for the id"),
            (
                r#"{"as":"status","id":{"field":"ident","information":"x"}}"#,
                "@status",
                "the hidden id goes into a field that does not exist",
            ),
        ] {
            let json = format!(r#"{{"name":"a.b","returns":"{returns}"}}"#);
            let (method, answers) = (serde_json::from_str(&json).unwrap(), serde_json::from_str(answers).unwrap());
            assert_eq!(answer(&answers, &method, &catalog).join("; "), finding, "{answers:?}");
        }
    }
}
