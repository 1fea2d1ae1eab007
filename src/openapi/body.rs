//! The body of an operation: which of its forms is sent, and which parameters fill it.

use model::{Map, Type};

use super::encoding::{Encoding, is_single};
use super::entry::{Names, PARAMS, Params, finish, flags, listing, summary, unnamed};
use super::operation::{Body, Content, Listing, Media, Parameter, is_json};
use super::schema::{Property, Schema};
use super::secret::is_secret;
use super::shape::{Described, Mode, Shapes, limits};

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of values and files in parts.
const PARTS: &str = "multipart/form-data";
/// The media type of a list of changes.
const PATCH: &str = "application/json-patch+json";
/// The media type of bytes of which nothing is known.
const BYTES: &str = "application/octet-stream";

/// Adds the body: in JSON if it can be, else as a form, in parts, or as it is.
pub(crate) fn add(body: &Body<'_>, found: &mut Params, named: &mut Names, shapes: &mut Shapes) -> Result<(), String> {
    let of = |fits: &dyn Fn(&Media<'_>) -> bool| body.media.iter().find(|media| fits(media));
    let kind = |wanted: &'static str| of(&move |media| media.kind == wanted);
    let plain = |media: &Media<'_>| is_json(&media.kind) && media.kind != PATCH && !is_file(media);
    let json = kind("application/json").or_else(|| of(&plain)).or_else(|| kind(PATCH));
    if let Some(media) = json {
        return json_body(media, body, found, named, shapes);
    }
    for (media, form) in [(kind(FORM), "form"), (kind(PARTS), "multipart")] {
        if let Some(media) = media {
            found.sends = Some(Map::from_iter([("as", form)]));
            return fields(media, found, named, shapes);
        }
    }
    // Named values are no bytes, whatever the document calls their notation.
    let values = |media: &Media<'_>| media.kind == BYTES && media.content.schema().is_some_and(|it| it.is_record());
    match of(&values).or_else(|| of(&|media| !media.kind.is_empty())) {
        Some(media) if values(media) => {
            let media = Media { kind: "application/json".to_owned(), ..media.clone() };
            json_body(&media, body, found, named, shapes)
        }
        Some(media) => as_it_is(media, body, found, named),
        None => Ok(()),
    }
}

/// Whether a body is the content of a file.
fn is_file(media: &Media<'_>) -> bool {
    media.content.schema().is_some_and(|schema| schema.binary)
}

/// A text or a file that is the whole body.
fn as_it_is(media: &Media<'_>, body: &Body<'_>, found: &mut Params, named: &mut Names) -> Result<(), String> {
    let mut entry = named.entry("body").ok_or("its body has no name")?;
    let whole = entry.get("name").cloned().unwrap_or_default();
    let schema = media.content.schema().unwrap_or_default();
    let text = is_text(&media.kind) && !schema.binary;
    entry.insert("type", if text { "string" } else { "bytes" });
    summary(&mut entry, if body.description.is_empty() { schema.description } else { body.description });
    flags(&mut entry, body.required, false);
    entry.insert("place", "body");
    if !text {
        entry.insert("file", true);
    }
    found.params.push(entry);
    let mut sends = Map::from_iter([("as", "bytes")]);
    sends.insert("whole", whole);
    if media.kind != BYTES && !media.kind.contains('*') {
        sends.insert("media", media.kind.as_str());
    }
    found.sends = Some(sends);
    Ok(())
}

/// Whether what has this media type can be typed.
fn is_text(kind: &str) -> bool {
    let ends = ["/xml", "+xml", "yaml", "/toml", "/graphql", "/javascript", "/x-ndjson"];
    kind.starts_with("text/") || ends.iter().any(|end| kind.ends_with(end))
}

/// The fields of a form, or the parts of a body.
fn fields(media: &Media<'_>, found: &mut Params, named: &mut Names, shapes: &mut Shapes) -> Result<(), String> {
    let parts = media.kind == PARTS;
    match &media.content {
        Content::Fields(fields) => {
            let entries =
                fields.iter().map(|field| of_form(field, parts, named, shapes)).collect::<Result<Vec<_>, _>>()?;
            found.params.extend(entries);
        }
        content => properties(&content.schema().unwrap_or_default(), Some(media), found, named, shapes)?,
    }
    Ok(())
}

/// A field of a form in Swagger 2.0.
fn of_form(field: &Parameter<'_>, parts: bool, named: &mut Names, shapes: &mut Shapes) -> Result<Map, String> {
    let mut entry = named.entry(field.name).ok_or_else(|| unnamed(field.name))?;
    let schema = field.schema.map(Schema::of).unwrap_or_default();
    if schema.binary {
        return Ok(file(entry, field.description, field.required, field.deprecated));
    }
    let described = match shapes.describe(&schema, Mode::Given) {
        // Its members are one text, with something between them.
        Described { type_: Type::List(_), .. } if parts && matches!(field.listing, Listing::Joined(_)) => {
            Described { type_: Type::String, ..Described::default() }
        }
        described => described,
    };
    limits(&mut entry, &schema, &described);
    summary(&mut entry, field.description);
    flags(&mut entry, field.required, field.deprecated);
    entry.insert("place", "body");
    if is_secret(field.name, &schema, std::iter::empty()) {
        entry.insert("secret", true);
    }
    if matches!(described.type_, Type::List(_)) {
        listing(&mut entry, field.listing);
    }
    finish(&mut entry, &schema, described);
    Ok(entry)
}

/// A file, which is read while it is sent.
fn file(mut entry: Map, description: &str, required: bool, deprecated: bool) -> Map {
    entry.insert("type", "bytes");
    summary(&mut entry, description);
    flags(&mut entry, required, deprecated);
    entry.insert("place", "body");
    entry.insert("file", true);
    entry
}

fn json_body(
    media: &Media<'_>,
    body: &Body<'_>,
    found: &mut Params,
    named: &mut Names,
    shapes: &mut Shapes,
) -> Result<(), String> {
    let mut sends = Map::from_iter([("as", "json")]);
    if !["application/json", "*/*"].contains(&media.kind.as_str()) {
        sends.insert("media", media.kind.as_str());
    }
    let schema = media.content.schema().unwrap_or_default();
    if schema.is_record() {
        properties(&schema, None, found, named, shapes)?;
        if body.required {
            sends.insert("empty", true);
        }
        found.sends = Some(sends);
        return Ok(());
    }
    // A list, a dictionary with names of the user's own, or a body of which nothing is known.
    let mut entry = named.entry("body").ok_or("its body has no name")?;
    let whole = entry.get("name").cloned().unwrap_or_default();
    let described = shapes.describe(&schema, Mode::Given);
    limits(&mut entry, &schema, &described);
    summary(&mut entry, if body.description.is_empty() { schema.description } else { body.description });
    flags(&mut entry, body.required, false);
    entry.insert("place", "body");
    finish(&mut entry, &schema, described);
    found.params.push(entry);
    sends.insert("whole", whole);
    found.sends = Some(sends);
    Ok(())
}

/// Adds the properties of a body, the required ones first. `form` is the form that they are the fields of.
fn properties(
    schema: &Schema<'_>,
    form: Option<&Media<'_>>,
    found: &mut Params,
    named: &mut Names,
    shapes: &mut Shapes,
) -> Result<(), String> {
    let mut all: Vec<&Property<'_>> = schema.properties.iter().collect();
    all.sort_by_key(|property| !property.required);
    let parts = form.is_some_and(|media| media.kind == PARTS);
    let mut kinds = Map::new();
    let mut given: Vec<(&str, String)> = Vec::new();
    for property in all.into_iter().take(PARAMS) {
        let inner = property.schema();
        if inner.read_only {
            continue;
        }
        let entry = Some(property.name).filter(|name| !name.contains('/')).and_then(|name| named.entry(name));
        let mut entry = match entry {
            Some(entry) => entry,
            None if property.required => return Err(unnamed(property.name)),
            None => continue,
        };
        let name = super::entry::name(&entry).to_owned();
        given.push((property.name, name.clone()));
        let encoding = form.map(|media| Encoding::of(media, property.name));
        let part = |type_: &Type| encoding.as_ref().filter(|_| parts).and_then(|encoding| encoding.part(type_));
        if parts && (inner.binary || inner.items.map(Schema::of).is_some_and(|items| items.binary)) {
            found.params.push(file(entry, inner.description, property.required, inner.deprecated));
            part(&Type::Bytes).into_iter().for_each(|kind| drop(kinds.insert(name.as_str(), kind)));
            continue;
        }
        let mut described = shapes.describe(&inner, Mode::Given);
        // In a form there are no types: what is JSON is given as its text.
        let is_json = encoding.as_ref().is_some_and(|encoding| !parts && encoding.is_json());
        if is_json && !is_single(&described.type_) {
            described = Described { type_: Type::String, ..Described::default() };
        }
        part(&described.type_).into_iter().for_each(|kind| drop(kinds.insert(name.as_str(), kind)));
        limits(&mut entry, &inner, &described);
        flags(&mut entry, property.required, inner.deprecated);
        entry.insert("place", "body");
        if is_secret(property.name, &inner, schema.properties.iter().map(|other| other.name)) {
            entry.insert("secret", true);
        }
        if let (Some(encoding), Type::List(_)) = (&encoding, &described.type_) {
            encoding.listed(&mut entry, parts);
        }
        finish(&mut entry, &inner, described);
        found.params.push(entry);
    }
    if let Some(sends) = found.sends.as_mut().filter(|_| !kinds.is_empty()) {
        sends.insert("parts", kinds);
    }
    let name = |wire: &str| given.iter().find(|(known, _)| *known == wire).map(|(_, name)| name.clone());
    found.rules.extend(schema.rules(name));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;
    use model::Value;

    /// The parameters of a body with this content, each as JSON, then how it is sent and the rules.
    fn of(content: &str, required: bool) -> Vec<String> {
        let text = format!(
            r#"{{"openapi":"3.1.0","paths":{{"/a":{{"post":{{"requestBody":{{"required":{required},"content":{content}}}}}}}}}}}"#
        );
        of_document(&text)
    }

    /// Why a body cannot be sent.
    fn failed(content: &str) -> String {
        let text =
            format!(r#"{{"openapi":"3.1.0","paths":{{"/a":{{"post":{{"requestBody":{{"content":{content}}}}}}}}}}}"#);
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        let body = api.operations[0].body.clone().unwrap();
        add(&body, &mut Params::default(), &mut Names::default(), &mut Shapes::default()).unwrap_err()
    }

    #[test]
    fn the_fields_of_forms_and_parts_are_written_as_their_encoding_says() {
        let schema = r#"{"properties":{"o":{"type":"object","properties":{"k":{}}},"l":{"type":"array","items":{"type":"string"}},
            "m":{"type":"array","items":{"type":"object"}},"t":{"type":"string"},"f":{"format":"binary"}}}"#;
        let with =
            |kind: &str, encoding: &str| format!(r#"{{"{kind}":{{"schema":{schema},"encoding":{{{encoding}}}}}}}"#);
        let (parts, form) = ("multipart/form-data", "application/x-www-form-urlencoded");
        for (kind, encoding, said) in [
            (parts, "", r#"{"as":"multipart","parts":{"o":"application/json","m":"application/json"}}"#),
            (
                parts,
                r#""t":{"contentType":"text/markdown"},"f":{"contentType":"image/png"},"o":{"contentType":"text/plain"}"#,
                r#"{"as":"multipart","parts":{"o":"text/plain","m":"application/json","t":"text/markdown","f":"image/png"}}"#,
            ),
            (
                parts,
                r#""f":{"contentType":"image/png, image/gif"},"t":{"contentType":"text/*"},"l":{"contentType":"application/json"}"#,
                r#"{"as":"multipart","parts":{"o":"application/json","l":"application/json","m":"application/json"}}"#,
            ),
            (parts, "", r#"{"name":"l","type":"list:string","place":"body","repeat":true}"#),
            (parts, r#""l":{"contentType":"application/json"}"#, r#"{"name":"l","type":"list:string","place":"body"}"#),
            (parts, "", r#"{"name":"m","type":"list:dict","place":"body","repeat":true}"#),
            (form, "", r#"{"name":"l","type":"list:string","place":"body","repeat":true}"#),
            (form, r#""l":{"explode":false}"#, r#"{"name":"l","type":"list:string","place":"body","join":","}"#),
            (
                form,
                r#""l":{"style":"pipeDelimited"}"#,
                r#"{"name":"l","type":"list:string","place":"body","join":"|"}"#,
            ),
            (form, r#""l":{"style":"deepObject"}"#, r#"{"name":"l","type":"list:string","place":"body"}"#),
            (form, r#""o":{"contentType":"application/json"}"#, r#"{"name":"o","type":"string","place":"body"}"#),
            (form, r#""t":{"contentType":"application/json"}"#, r#"{"name":"t","type":"string","place":"body"}"#),
        ] {
            let found = of(&with(kind, encoding), false);
            assert!(found.iter().any(|entry| entry == said), "{kind} {encoding}: {found:#?}");
        }
    }

    fn of_document(text: &str) -> Vec<String> {
        let library = Library::of(serde_json::from_str(text).unwrap());
        let api = front::read(&library).unwrap();
        let (mut found, mut names) = (Params::default(), Names::default());
        add(api.operations[0].body.as_ref().unwrap(), &mut found, &mut names, &mut Shapes::default()).unwrap();
        let all = found.params.into_iter().chain(found.sends).map(Value::Map).chain(found.rules);
        all.map(|it| serde_json::to_string(&it).unwrap()).collect()
    }

    #[test]
    fn the_form_of_a_body_is_the_one_that_can_be_typed_best() {
        let a = r#"{"schema":{"properties":{"a":{"type":"string"}}}}"#;
        let own = r#"{"name":"a","type":"string","place":"body"}"#;
        let file = |more: &str| format!(r#"{{"name":"body","type":"bytes","place":"body","file":true{more}}}"#);
        let text = r#"{"name":"body","type":"string","place":"body"}"#;
        let any = r#"{"name":"body","place":"body"}"#;
        for (content, param, sends) in [
            (format!(r#"{{"text/plain":{{}},"application/json":{a}}}"#), own, r#"{"as":"json"}"#),
            (
                format!(r#"{{"multipart/form-data":{a},"application/x-www-form-urlencoded":{a}}}"#),
                own,
                r#"{"as":"form"}"#,
            ),
            (format!(r#"{{"multipart/form-data":{a}}}"#), own, r#"{"as":"multipart"}"#),
            (
                format!(r#"{{"application/merge-patch+json":{a}}}"#),
                own,
                r#"{"as":"json","media":"application/merge-patch+json"}"#,
            ),
            (
                format!(r#"{{"application/json-patch+json":{{}},"application/merge-patch+json":{a}}}"#),
                own,
                r#"{"as":"json","media":"application/merge-patch+json"}"#,
            ),
            (
                r#"{"application/json-patch+json":{}}"#.to_owned(),
                any,
                r#"{"as":"json","media":"application/json-patch+json","whole":"body"}"#,
            ),
            (format!(r#"{{"application/octet-stream":{a}}}"#), own, r#"{"as":"json"}"#),
            (r#"{"application/octet-stream":{}}"#.to_owned(), &file(""), r#"{"as":"bytes","whole":"body"}"#),
            (r#"{"image/png":{}}"#.to_owned(), &file(""), r#"{"as":"bytes","whole":"body","media":"image/png"}"#),
            (r#"{"image/*":{}}"#.to_owned(), &file(""), r#"{"as":"bytes","whole":"body"}"#),
            (
                r#"{"*/*":{"schema":{"type":"string","format":"binary"}}}"#.to_owned(),
                &file(""),
                r#"{"as":"bytes","whole":"body"}"#,
            ),
            (r#"{"text/plain":{}}"#.to_owned(), text, r#"{"as":"bytes","whole":"body","media":"text/plain"}"#),
            (
                r#"{"application/yaml":{"schema":{"type":"string"}}}"#.to_owned(),
                text,
                r#"{"as":"bytes","whole":"body","media":"application/yaml"}"#,
            ),
            (
                r#"{"text/csv":{"schema":{"type":"string","format":"binary"}}}"#.to_owned(),
                &file(""),
                r#"{"as":"bytes","whole":"body","media":"text/csv"}"#,
            ),
            (
                r#"{"application/json":{"schema":{"type":"string"}}}"#.to_owned(),
                text,
                r#"{"as":"json","whole":"body"}"#,
            ),
        ] {
            assert_eq!(of(&content, false), [param, sends], "{content}");
        }
        assert!(of(r#"{"image/png":{}}"#, true)[0].contains(r#""required":true"#));
    }

    #[test]
    fn files_are_parts_of_their_own() {
        let parts = r#"{"multipart/form-data":{"schema":{"required":["file"],"properties":{
            "note":{"type":"string"},"file":{"type":"string","format":"binary","description":"The file. More"},
            "pictures":{"type":"array","items":{"contentMediaType":"image/png"}},"tags":{"type":"array","items":{"type":"string"}},
            "encoded":{"type":"string","contentMediaType":"image/png","contentEncoding":"base64"}}}}}"#;
        let file = r#"{"name":"file","type":"bytes","summary":"The file","required":true,"place":"body","file":true}"#;
        assert_eq!(
            of(parts, true),
            [
                file,
                r#"{"name":"note","type":"string","place":"body"}"#,
                r#"{"name":"pictures","type":"bytes","place":"body","file":true}"#,
                r#"{"name":"tags","type":"list:string","place":"body","repeat":true}"#,
                r#"{"name":"encoded","type":"string","place":"body"}"#,
                r#"{"as":"multipart"}"#,
            ]
        );
        let unnamed = r#"{"application/json":{"schema":{"required":["a/b"],"properties":{"a/b":{}}}}}"#;
        assert!(failed(unnamed).contains("\"a/b\" has a name that cannot be typed"));
        let swagger = r#"{"swagger":"2.0","paths":{"/a":{"post":{"parameters":[
            {"name":"file","in":"formData","type":"file","required":true,"description":"The file"},
            {"name":"tags","in":"formData","type":"array","items":{"type":"string"},"collectionFormat":"multi"},
            {"name":"csv","in":"formData","type":"array","items":{"type":"string"}}]}}}}"#;
        let tags = r#"{"name":"tags","type":"list:string","place":"body","repeat":true}"#;
        let csv = r#"{"name":"csv","type":"string","place":"body"}"#;
        assert_eq!(of_document(swagger), [file, tags, csv, r#"{"as":"multipart"}"#]);
    }

    #[test]
    fn the_value_that_chooses_a_schema_decides_what_is_needed() {
        let branches = r#"{"application/json":{"schema":{"oneOf":[
            {"required":["type","ip"],"properties":{"type":{"const":"A"},"ip":{"type":"string"}}},
            {"required":["type","host"],"properties":{"type":{"const":"CNAME"},"host":{"type":"string"}}},
            {"required":["type"],"properties":{"type":{"enum":["NS","MX"]},"host":{"type":"string"}}}],
            "discriminator":{"propertyName":"type"}}}}"#;
        assert_eq!(
            of(branches, true),
            [
                r#"{"name":"type","type":"string","choices":["A","CNAME","NS","MX"],"required":true,"place":"body"}"#,
                r#"{"name":"ip","type":"string","place":"body"}"#,
                r#"{"name":"host","type":"string","place":"body"}"#,
                r#"{"as":"json","empty":true}"#,
                r#"{"when":{"type":["A"]},"needs":["ip"]}"#,
                r#"{"when":{"type":["CNAME"]},"needs":["host"]}"#,
            ]
        );
    }
}
