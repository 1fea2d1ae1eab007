//! What the parser and the lint say, in plain words, and what to do about it.

use model::suggest;

/// The message in plain words, and a hint.
pub(super) fn worded(message: &str) -> (String, String) {
    let message = message.trim_end().replace('\n', "; ");
    let found = of_notation(&message).or_else(|| of_another_kind(&message)).or_else(|| of_a_key(&message));
    found.unwrap_or_else(|| {
        let hint = of_a_type(&message).unwrap_or_else(|| advice(&message));
        (message, hint)
    })
}

/// Faults of TOML itself, by the words with which its parser begins.
fn of_notation(message: &str) -> Option<(String, String)> {
    let (_, fault, hint) = NOTATION.iter().find(|(words, ..)| message.starts_with(words))?;
    Some(((*fault).to_owned(), (*hint).to_owned()))
}

static NOTATION: &[(&str, &str, &str)] = &[
    ("string values must be quoted", "a text must be in quotes", "put the value in quotes"),
    ("invalid basic string", "the text has no closing quote", "end it with \" on the same line"),
    ("invalid literal string", "the text has no closing quote", "end it with ' on the same line"),
    ("unclosed table", "the line has no closing bracket", "write [NAME] or [[NAME]]"),
    ("unclosed inline table", "the table has no closing brace", "end it with }"),
    ("unclosed array", "the list has no closing bracket", "end it with ]"),
    ("key with no value", "a key without a value", "write KEY = VALUE"),
    ("wanted string or table", "a text must be here", "write one word in quotes"),
];

/// A value of another kind than its key takes: `invalid type: integer `5`, expected a string`.
fn of_another_kind(message: &str) -> Option<(String, String)> {
    let (found, expected) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let (wanted, hint) = match expected {
        "a string" | "a borrowed string" => ("a text", "put it in quotes"),
        "a boolean" => ("true or false", "write true or false, without quotes"),
        "a sequence" => ("a list", "write [VALUE, VALUE]"),
        expected if expected.starts_with("struct ") || expected == "a map" => ("a table", "write { KEY = VALUE }"),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => ("a whole number", "write a number, without quotes"),
        expected => (expected, "the page of the catalogue format says what it expects"),
    };
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let kind = match kind {
        "integer" | "floating" => "the number",
        "string" => "the text",
        "boolean" => "the value",
        "map" => "a table",
        "sequence" => "a list",
        _ => "this",
    };
    let value = value.trim_start_matches("point ").replace('`', "");
    let found = format!("{kind} {value}");
    Some((format!("{wanted} must be here, not {}", found.trim_end()), hint.to_owned()))
}

/// Keys and words that are not known, and keys that are missing.
fn of_a_key(message: &str) -> Option<(String, String)> {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (first, rest) = quoted.split_first()?;
    let near = suggest::phrase(&suggest::nearest(first, rest.iter().copied()));
    if message.starts_with("unknown field") {
        let hint = misplaced(first, rest).or(near);
        let hint = hint.unwrap_or_else(|| format!("the keys here are {}", rest.join(", ")));
        return Some((format!("there is no key `{first}`"), hint));
    }
    if message.starts_with("missing field") {
        return Some((format!("`{first}` is missing"), example(first)));
    }
    if message.starts_with("unknown variant") {
        let hint = near.unwrap_or_else(|| format!("one of {}", rest.join(", ")));
        return Some((format!("`{first}` is not allowed here"), hint));
    }
    None
}

/// Advice about a key that belongs elsewhere.
fn misplaced(key: &str, known: &[&str]) -> Option<String> {
    let is_field = known.contains(&"read_only") && known.contains(&"optional");
    let advice = match key {
        "required" if is_field => "a field must be given unless it has optional = true: leave `required` out",
        "default" if is_field => "only a parameter has a default: say it in the summary",
        "place" if is_field => "only a parameter has a place: the whole value is sent where its parameter is",
        _ => return None,
    };
    Some(advice.to_owned())
}

/// What may have been meant by a word that is not a type.
fn of_a_type(message: &str) -> Option<String> {
    let word = message.strip_suffix(" is not a type")?;
    let meant = match word {
        "number" => vec!["int", "float"],
        "integer" | "long" => vec!["int"],
        "double" | "decimal" => vec!["float"],
        "str" | "text" => vec!["string"],
        "array" => vec!["list:string"],
        "object" | "map" | "table" | "struct" => vec!["dict"],
        "base64" | "file" => vec!["bytes"],
        _ => suggest::nearest(word, TYPES.iter().copied()),
    };
    let all = || format!("a type is {}, list:TYPE, map:TYPE or @SHAPE", TYPES.join(", "));
    Some(suggest::phrase(&meant).unwrap_or_else(all))
}

const TYPES: [&str; 10] = ["string", "int", "float", "boolean", "date", "bytes", "dict", "list", "any", "none"];

/// A line to write for a key that is missing.
fn example(key: &str) -> String {
    let line = match key {
        "id" => "id = \"myservice\"",
        "title" => "title = \"My service\"",
        "name" => "name = \"thing.list\"",
        "transport" => "[[transport]] with name = \"xmlrpc\", protocol = \"xmlrpc\" and path = \"/RPC2\"",
        "protocol" => "protocol = \"xmlrpc\", or jsonrpc, json, rest",
        "path" => "path = \"/RPC2\"",
        "scheme" => "scheme = \"basic\", or none, bearer, header, query",
        "verb" => "verb = \"GET\", or another verb of HTTP",
        "fields" => "fields = [{ name = \"id\", type = \"string\" }]",
        other => return format!("write {other} = …; the format's page says what it means"),
    };
    format!("write {line}")
}

/// Advice for what the lint finds, by the words of the finding.
fn advice(message: &str) -> String {
    let known = ADVICE.iter().find(|(words, _)| message.contains(words));
    known.map_or("the page of the catalogue format says what it expects", |(_, advice)| advice).to_owned()
}

/// Words of findings, and what to do about each.
static ADVICE: &[(&str, &str)] = &[
    ("is not defined by the provider", "add an [[error]] with that code, or remove it from `errors`"),
    ("is not defined", "describe it: [[shape]] with that name and its fields"),
    ("which is not a method", "add a [[method]] with that name, or name another one"),
    ("no method of that name", "add a [[method]] with that name, or name another one"),
    ("named twice", "give one of them another name, or remove it"),
    (" twice", "give one of them another name, or remove it"),
    ("is taken", "choose another name"),
    ("no transport", "add a [[transport]] with name, protocol and path"),
    ("is not an https address", "write https://HOST, without a path; http:// is for hosts that the profile allows"),
    ("does not begin with /", "begin it with /"),
    ("no place for the key", "write user = \"{key}\", or scheme = \"none\" if the service needs no key"),
    ("credential fields", "use scheme = \"fields\" with auth.fields, or remove auth.fields"),
    ("no route", "write route = { verb = \"GET\", path = \"/things\" }"),
    ("a route, but", "remove `route`, or use a transport with protocol = \"rest\""),
    ("`answers` is missing", "write answers = { as = \"json\" }"),
    ("a GET with a body", "remove `sends`, or use another verb"),
    ("neither a parameter nor a variable", "add a required parameter with that name"),
    ("is not required", "write required = true for it"),
    ("name on the wire", "letters, digits, and - _ . @ are allowed; in XML a path such as range/@id"),
    ("not of its type", "write the values as the type of the parameter or field says"),
    ("the example calls another method", "begin the example with the method's own name"),
    ("there is no pattern", "the page of the catalogue format lists the patterns"),
    ("cannot be typed", "use letters, digits, - and _, and give its other name as `wire`"),
    ("is not a path", "write /things/{id}, without blanks, # and steps such as .."),
    ("one name on the wire", "give one of them another `wire` or place"),
    ("there is no", "name a parameter or field that the method or shape has"),
    ("needs `sends.wrap`", "write `fixed` instead of `beside`, or add `wrap`"),
    ("an OpenAPI document", "`marsh import` makes a provider of it"),
    ("duplicate key", "remove one of the two, or put both into one table"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_plain_words_with_advice() {
        let keys = "`name`, `summary`, `optional`, `read_only`";
        for (message, words, hint) in [
            (
                "unknown field `efect`, expected one of `name`, `effect`",
                "there is no key `efect`",
                "did you mean effect?",
            ),
            ("unknown field `q`, expected `name` or `effect`", "there is no key `q`", "the keys here are name, effect"),
            (
                &format!("unknown field `required`, expected one of {keys}"),
                "there is no key `required`",
                "a field must be given unless it has optional = true: leave `required` out",
            ),
            ("missing field `id`", "`id` is missing", "write id = \"myservice\""),
            (
                "unknown variant `soap`, expected one of `xmlrpc`, `rest`",
                "`soap` is not allowed here",
                "one of xmlrpc, rest",
            ),
            (
                "unknown variant `patch`, expected one of `GET`, `PATCH`",
                "`patch` is not allowed here",
                "did you mean PATCH?",
            ),
            ("@x is not defined", "@x is not defined", "describe it: [[shape]] with that name and its fields"),
            ("number is not a type", "number is not a type", "did you mean int or float?"),
            ("strin is not a type", "strin is not a type", "did you mean string?"),
            (
                "invalid type: integer `5`, expected a string",
                "a text must be here, not the number 5",
                "put it in quotes",
            ),
            (
                "invalid type: string \"yes\", expected a boolean",
                "true or false must be here, not the text \"yes\"",
                "write true or false, without quotes",
            ),
            (
                "invalid type: string \"json\", expected struct Answers",
                "a table must be here, not the text \"json\"",
                "write { KEY = VALUE }",
            ),
            (
                "invalid type: string \"3\", expected usize",
                "a whole number must be here, not the text \"3\"",
                "write a number, without quotes",
            ),
            ("invalid type: map, expected a sequence", "a list must be here, not a table", "write [VALUE, VALUE]"),
            ("unclosed table, expected `]`", "the line has no closing bracket", "write [NAME] or [[NAME]]"),
        ] {
            assert_eq!(worded(message), (words.to_owned(), hint.to_owned()));
        }
        assert!(worded("colour is not a type").1.starts_with("a type is string, int"));
    }
}
