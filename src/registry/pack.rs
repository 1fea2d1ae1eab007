//! Catalogue texts (TOML, for people) → small JSON records (for the program), one per method.
//!
//! `build.rs` uses it for the catalogues of the source tree, and the program for those of the user. Only the notation
//! changes here; the content is checked when it is read, and by the lint.

use serde_json::{Map, Value};

/// A packed catalogue.
pub(crate) struct Packed {
    /// The provider's rules as JSON.
    pub(crate) provider: String,
    /// All shapes as JSON, each after its name.
    pub(crate) shapes: String,
    /// Where each of them is in that text, sorted by name.
    pub(crate) places: Vec<Place>,
    /// How it answers views, as a JSON list.
    pub(crate) views: String,
    /// Names and summaries of all methods, their aliases, and their entries as JSON.
    pub(crate) text: String,
    /// Where each method is in that text, sorted by name.
    pub(crate) methods: Vec<Row>,
    /// Where each alias is in that text, with its method's own name behind it, sorted.
    pub(crate) aliases: Vec<Place>,
}

/// Where a name begins in a text, where it ends and its JSON begins, and where that ends.
pub(crate) type Place = [u32; 3];

/// Where a method's name begins and ends, where its summary ends, 1 if it is deprecated, and where its JSON begins and
/// ends.
pub(crate) type Row = [u32; 6];

/// Packs what the texts of one catalogue say, each with its name. Exactly one of them must contain the provider's rules; an
/// error names the text that it is in.
pub(crate) fn pack(sections: Vec<(&str, Map<String, Value>)>) -> Result<Packed, String> {
    let mut provider = Map::new();
    let mut shapes = Vec::new();
    let mut methods = Vec::new();
    let mut views = Vec::new();
    for (name, mut section) in sections {
        shapes.extend(list(&mut section, "shape"));
        methods.extend(list(&mut section, "method"));
        views.extend(list(&mut section, "view"));
        if let (Some(key), false) = (section.keys().next(), provider.is_empty()) {
            return Err(format!("{name}: {key} belongs to the provider, which is described elsewhere"));
        }
        if !section.is_empty() {
            provider = section;
        }
    }
    let provider = Value::Object(provider);
    let (text, methods, aliases) = one_text(methods)?;
    let (shapes, places) = shapes_text(shapes)?;
    let views = Value::Array(views).to_string();
    Ok(Packed { provider: provider.to_string(), shapes, places, views, text, methods, aliases })
}

/// The methods with their aliases as one text, so that one of them can be read alone and the program needs no pointers
/// to them. The names are together: they are looked up.
fn one_text(mut methods: Vec<Value>) -> Result<(String, Vec<Row>, Vec<Place>), String> {
    methods.sort_by_cached_key(|method| (word(method, "name"), method.to_string()));
    let mut others: Vec<_> = methods.iter().flat_map(aliases).collect();
    others.sort();
    let mut text = String::new();
    let mut names = Vec::new();
    for method in &methods {
        names.push([add(&mut text, &word(method, "name"))?, add(&mut text, &word(method, "summary"))?]);
    }
    let mut places = Vec::new();
    for (alias, name) in &others {
        let [[begin, middle], [_, end]] = [add(&mut text, alias)?, add(&mut text, name)?];
        places.push([begin, middle, end]);
    }
    let mut rows = Vec::new();
    for (method, [[begin, middle], [_, end]]) in methods.iter().zip(names) {
        let [from, to] = add(&mut text, &method.to_string())?;
        rows.push([begin, middle, end, u32::from(method.get("deprecated").is_some()), from, to]);
    }
    Ok((text, rows, places))
}

/// The shapes in the same way.
fn shapes_text(mut shapes: Vec<Value>) -> Result<(String, Vec<Place>), String> {
    shapes.sort_by_cached_key(|shape| word(shape, "name"));
    let (mut text, mut places) = (String::new(), Vec::new());
    for shape in shapes {
        let [[begin, middle], [_, end]] = [add(&mut text, &word(&shape, "name"))?, add(&mut text, &shape.to_string())?];
        places.push([begin, middle, end]);
    }
    Ok((text, places))
}

/// Adds a part to a text, and says where it begins and ends.
fn add(text: &mut String, part: &str) -> Result<[u32; 2], String> {
    let begin = u32::try_from(text.len());
    text.push_str(part);
    match (begin, u32::try_from(text.len())) {
        (Ok(begin), Ok(end)) => Ok([begin, end]),
        _ => Err("it is too long".to_owned()),
    }
}

/// The aliases of a method, each with its own name.
fn aliases(method: &Value) -> Vec<(String, String)> {
    let names = method.get("aliases").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(|alias| (alias.to_owned(), word(method, "name"))).collect()
}

fn word(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A TOML text as a JSON object; an error names the line.
pub(crate) fn section(text: &str) -> Result<Map<String, Value>, String> {
    let document: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(..at).unwrap_or("").matches('\n').count() + 1;
        format!("line {line}: {}", error.message())
    })?;
    match serde_json::to_value(document).map_err(|error| error.to_string())? {
        Value::Object(section) => Ok(section),
        _ => Err("a TOML document is a table".into()),
    }
}

fn list(section: &mut Map<String, Value>, key: &str) -> Vec<Value> {
    match section.remove(key) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}
