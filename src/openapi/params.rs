//! The parameters of an operation, those of its address and the parts of its body, as a line gives them.

use model::http::is_decided;
use model::route::{Verb, placeholders};
use model::{Map, Type, Value};

use super::body;
use super::entry::{Names, PARAMS, Params, finish, flags, listing, summary, unnamed};
use super::operation::{In, Listing, Operation, Parameter};
use super::schema::Schema;
use super::shape::{Described, Mode, Shapes, limits};

/// Further headers that the program sets itself: a document only repeats what HTTP says about them.
const OURS: [&str; 3] = ["accept", "accept-encoding", "content-type"];

/// The parameters of an operation. `Err` says why it cannot be carried.
pub(crate) fn params(operation: &Operation<'_>, shapes: &mut Shapes) -> Result<Params, String> {
    let mut named = Names::default();
    let mut found = Params::default();
    let missing = placeholders(operation.path)
        .filter(|name| !operation.params.iter().any(|it| it.place == In::Path && it.name == *name));
    for name in missing {
        let mut entry =
            named.entry(name).ok_or_else(|| format!("its path has a part without a name: {}", operation.path))?;
        entry.insert("type", "string");
        entry.insert("required", true);
        found.params.push(entry);
    }
    for param in operation.params.iter().take(PARAMS) {
        found.params.extend(of_address(param, operation, &mut named, shapes)?);
    }
    if let Some(body) = operation.body.as_ref().filter(|_| !matches!(operation.verb, Verb::Get | Verb::Head)) {
        body::add(body, &mut found, &mut named, shapes)?;
    } else if operation.body.as_ref().is_some_and(|body| body.required) {
        return Err("a GET with a body that is required".to_owned());
    }
    Ok(found)
}

/// A parameter of the path, the query or the head: usually one. None for one that is not needed and cannot be sent.
fn of_address(
    param: &Parameter<'_>,
    operation: &Operation<'_>,
    named: &mut Names,
    shapes: &mut Shapes,
) -> Result<Vec<Map>, String> {
    let unsent = |why: String| if param.required { Err(why) } else { Ok(Vec::new()) };
    match param.place {
        In::Header if is_decided(param.name) || OURS.contains(&param.name.to_ascii_lowercase().as_str()) => {
            return Ok(Vec::new());
        }
        In::Path if !placeholders(operation.path).any(|name| name == param.name) => return Ok(Vec::new()),
        In::Path if param.listing == Listing::Marked => {
            return Err(format!("its path has {} with marks before the value", param.name));
        }
        _ if param.name.contains('/') => {
            return unsent(format!("its parameter {:?} has a slash in its name", param.name));
        }
        In::Header if !is_token(param.name) => return unsent(format!("its header {:?} has no valid name", param.name)),
        In::Cookie if !is_token(param.name) => return unsent(format!("its cookie {:?} has no valid name", param.name)),
        _ => {}
    }
    let schema = param.schema.map(Schema::of).unwrap_or_default();
    if param.place == In::Query && param.listing == Listing::Repeated && schema.is_record() {
        return Ok(spread(&schema, param, named, shapes));
    }
    let Some(entry) = named.entry(param.name) else { return unsent(unnamed(param.name)) };
    Ok(vec![one(entry, &schema, param, shapes)])
}

/// The properties of an object that are parameters of the query, each for itself.
fn spread(schema: &Schema<'_>, param: &Parameter<'_>, named: &mut Names, shapes: &mut Shapes) -> Vec<Map> {
    let mut entries = Vec::new();
    for property in schema.properties.iter().filter(|property| !property.name.contains('/')).take(PARAMS) {
        let inner = property.schema();
        if let Some(entry) = named.entry(property.name).filter(|_| !inner.read_only) {
            let required = param.required && property.required;
            let own = Parameter { required, description: inner.description, ..param.clone() };
            entries.push(one(entry, &inner, &own, shapes));
        }
    }
    entries
}

fn one(mut entry: Map, schema: &Schema<'_>, param: &Parameter<'_>, shapes: &mut Shapes) -> Map {
    let described = match param.place {
        // A cookie is one text.
        In::Cookie => flat(shapes.describe(schema, Mode::Given)),
        _ if param.document => Described { type_: Type::String, ..Described::default() },
        // A part of a path is one text, whatever is in it.
        In::Path => flat(shapes.describe(schema, Mode::Given)),
        In::Header => flat_list(shapes.describe(schema, Mode::Given)),
        In::Query if matches!(param.listing, Listing::Joined(_)) => flat_list(shapes.describe(schema, Mode::Given)),
        In::Query => shapes.describe(schema, Mode::Given),
    };
    limits(&mut entry, schema, &described);
    summary(&mut entry, param.description);
    if param.document {
        let said = entry.get("summary").and_then(Value::as_str).map(|said| format!("{said}, as JSON"));
        entry.insert("summary", said.unwrap_or_else(|| "A value in JSON".to_owned()));
    }
    flags(&mut entry, param.required, param.deprecated || schema.deprecated);
    match param.place {
        In::Query => drop(entry.insert("place", "query")),
        In::Header => drop(entry.insert("place", "header")),
        In::Cookie => drop(entry.insert("place", "cookie")),
        In::Path => {}
    }
    // The keys of a dictionary are the names, where a form has them.
    let keyed = matches!(described.type_, Type::Dict | Type::MapOf(_));
    if keyed && param.place == In::Query && param.listing == Listing::Repeated {
        entry.insert("repeat", true);
    }
    if matches!(described.type_, Type::List(_)) {
        listing(&mut entry, param.listing);
    }
    finish(&mut entry, schema, described);
    entry
}

/// A list or a dictionary as one text.
fn flat(described: Described) -> Described {
    match described.type_ {
        Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_) => {
            Described { type_: Type::String, ..Described::default() }
        }
        _ => described,
    }
}

/// A dictionary as one text.
fn flat_list(described: Described) -> Described {
    match described.type_ {
        Type::List(ref member) if !member.holds_dict() => described,
        _ => flat(described),
    }
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    /// The parameters of `VERB /path` with these keys, each as JSON, then the body.
    fn of(line: &str, keys: &str) -> Result<Vec<String>, String> {
        let (verb, path) = line.split_once(' ').unwrap();
        let text = format!(r#"{{"openapi":"3.0.0","paths":{{"{path}":{{"{}":{{{keys}}}}}}}}}"#, verb.to_lowercase());
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        let found = params(&api.operations[0], &mut Shapes::default())?;
        let all = found.params.into_iter().chain(found.sends);
        Ok(all.map(|it| serde_json::to_string(&Value::Map(it)).unwrap()).collect())
    }

    #[test]
    fn parameters_of_the_address_keep_their_names_on_the_wire() {
        let found = of(
            "GET /a/{zone-id}/{bare}",
            r#""parameters":[{"name":"zone-id","in":"path","schema":{"type":"integer"}},
               {"name":"filter[name]","in":"query","description":"Only these. More","schema":{"type":"array","items":{"type":"string"}}},
               {"name":"l","in":"query","explode":false,"required":true,"schema":{"type":"array","items":{"type":"string","enum":["a","b"]}}},
               {"name":"X-Note","in":"header","schema":{"type":"string","default":"n"}},{"name":"Accept","in":"header"},
               {"name":"c","in":"cookie"},{"name":"TE","in":"header","required":true},{"name":"gone","in":"path"}]"#,
        );
        assert_eq!(
            found.unwrap(),
            [
                r#"{"name":"bare","type":"string","required":true}"#,
                r#"{"name":"zone-id","type":"int","required":true}"#,
                r#"{"name":"filter_name","wire":"filter[name]","type":"list:string","summary":"Only these","place":"query","repeat":true}"#,
                r#"{"name":"l","type":"list:string","choices":["a","b"],"required":true,"place":"query","join":","}"#,
                r#"{"name":"X-Note","type":"string","place":"header","default":"n"}"#,
                r#"{"name":"c","place":"cookie"}"#,
            ]
        );
    }

    #[test]
    fn values_with_parts_are_written_as_their_style_says() {
        let object = r#"{"type":"object","required":["name"],"properties":{"name":{"type":"string","description":"A name"},"size":{"type":"integer"},"no":{"readOnly":true}}}"#;
        let query = |name: &str, more: &str, schema: &str| {
            format!(r#""parameters":[{{"name":"{name}","in":"query"{more},"schema":{schema}}}]"#)
        };
        let list = r#"{"type":"array","items":{"type":"integer"}}"#;
        let joined = |with: &str| format!(r#"{{"name":"l","type":"list:int","place":"query","join":"{with}"}}"#);
        for (keys, found) in [
            (
                query("f", "", object),
                vec![
                    r#"{"name":"name","type":"string","summary":"A name","place":"query"}"#.to_owned(),
                    r#"{"name":"size","type":"int","place":"query"}"#.to_owned(),
                ],
            ),
            (query("f", r#","explode":false"#, object), vec![r#"{"name":"f","type":"string","place":"query"}"#.to_owned()]),
            (
                r#""parameters":[{"name":"h","in":"header","schema":{"type":"object","maxProperties":1}},{"name":"c","in":"query","style":"form","explode":false,"schema":{"type":"array","maxItems":2,"items":{"type":"object"}}}]"#.to_owned(),
                vec![
                    r#"{"name":"h","type":"string","place":"header"}"#.to_owned(),
                    r#"{"name":"c","type":"string","place":"query"}"#.to_owned(),
                ],
            ),
            (query("l", "", list), vec![r#"{"name":"l","type":"list:int","place":"query","repeat":true}"#.to_owned()]),
            (query("l", r#","explode":false"#, list), vec![joined(",")]),
            (query("l", r#","style":"pipeDelimited""#, list), vec![joined("|")]),
            (query("l", r#","style":"spaceDelimited""#, list), vec![joined(" ")]),
            (
                query("m", "", r#"{"type":"object","additionalProperties":{"type":"string"}}"#),
                vec![r#"{"name":"m","type":"map:string","place":"query","repeat":true}"#.to_owned()],
            ),
            (
                r#""parameters":[{"name":"sid","in":"cookie","required":true,"schema":{"type":"array","items":{}}}]"#.to_owned(),
                vec![r#"{"name":"sid","type":"string","required":true,"place":"cookie"}"#.to_owned()],
            ),
            (
                query("l", r#","style":"deepObject""#, list),
                vec![r#"{"name":"l","type":"list:int","place":"query"}"#.to_owned()],
            ),
            (
                r#""parameters":[{"name":"j","in":"query","description":"Filter. More","content":{"application/json":{}}}]"#.to_owned(),
                vec![r#"{"name":"j","type":"string","summary":"Filter, as JSON","place":"query"}"#.to_owned()],
            ),
        ] {
            assert_eq!(of("GET /a", &keys).unwrap(), found, "{keys}");
        }
        let deep = of("GET /a", &query("f", r#","style":"deepObject""#, object)).unwrap();
        assert!(
            deep[0].starts_with(r#"{"name":"f","type":"dict","place":"query","fields":[{"name":"name""#),
            "{deep:?}"
        );
    }

    #[test]
    fn the_parts_of_a_body_are_parameters() {
        let body =
            |schema: &str| format!(r#""requestBody":{{"content":{{"application/json":{{"schema":{schema}}}}}}}"#);
        let found = of(
            "POST /a/{id}",
            &body(
                r#"{"required":["name"],"properties":{"id":{"type":"string"},"no":{"readOnly":true},"name":{"type":"string"},"root_password":{"type":"string"},"net":{"type":"object","properties":{"ip":{"type":"string"}}}}}"#,
            ),
        );
        assert_eq!(
            found.unwrap(),
            [
                r#"{"name":"id","type":"string","required":true}"#,
                r#"{"name":"name","type":"string","required":true,"place":"body"}"#,
                r#"{"name":"body_id","wire":"id","type":"string","place":"body"}"#,
                r#"{"name":"root_password","type":"string","place":"body","secret":true}"#,
                r#"{"name":"net","type":"dict","place":"body","fields":[{"name":"ip","type":"string","optional":true}]}"#,
                r#"{"as":"json"}"#,
            ]
        );
        let list = of("POST /a", &body(r#"{"type":"array","items":{"type":"string"}}"#)).unwrap();
        assert_eq!(list, [r#"{"name":"body","type":"list:string","place":"body"}"#, r#"{"as":"json","whole":"body"}"#]);
    }

    #[test]
    fn what_cannot_be_carried_says_why() {
        let with = |kind: &str| {
            format!(
                r#""requestBody":{{"required":true,"content":{{"{kind}":{{"schema":{{"properties":{{"a":{{}}}}}}}}}}}}"#
            )
        };
        for (line, keys, said) in [
            ("POST /a", with("multipart/form-data"), None),
            ("POST /a", with("application/zip"), None),
            ("POST /a", with("application/merge-patch+json"), None),
            ("POST /a", with("application/x-www-form-urlencoded"), None),
            ("GET /a", with("application/json"), Some("a GET with a body that is required")),
            ("DELETE /a", with("application/json"), None),
            (
                "GET /a",
                r#""parameters":[{"name":"a b","in":"cookie","required":true}]"#.to_owned(),
                Some("its cookie \"a b\" has no valid name"),
            ),
            (
                "GET /a/{b}",
                r#""parameters":[{"name":"b","in":"path","style":"matrix"}]"#.to_owned(),
                Some("its path has b with marks before the value"),
            ),
            ("GET /a/{$}", String::new(), Some("its path has a part without a name: /a/{$}")),
            ("POST /a", r#""requestBody":{"content":{}}"#.to_owned(), None),
        ] {
            assert_eq!(of(line, &keys).err().as_deref(), said, "{line} {keys}");
        }
    }
}
