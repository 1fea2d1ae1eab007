//! Findings, as they are shown.

use std::fmt;

use super::reading::Fault;
use model::suggest;

/// One thing that is wrong with a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The method, `@shape`, or the part of the provider's rules.
    pub place: String,
    /// What is wrong.
    pub fault: String,
    /// What to write instead.
    pub hint: String,
}

/// Everything that is wrong with a catalogue, in the order of its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    pub(super) fn of(text: &str, mut faults: Vec<Fault>) -> Findings {
        faults.sort_by_key(|fault| fault.span.start);
        Findings(faults.into_iter().map(|fault| finding(text, fault)).collect())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { line, column, place, fault, .. } = self;
        write!(f, "line {line}, column {column}: {place}: {fault}")
    }
}

fn finding(text: &str, fault: Fault) -> Finding {
    let before = text.get(..fault.span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let (words, hint) = worded(&fault.message);
    Finding { line, column, place: fault.place, fault: words, hint }
}

/// The message of the parser or the lint in plain words, and what to do.
fn worded(message: &str) -> (String, String) {
    let message = message.trim_end().replace('\n', "; ");
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let Some((first, rest)) = quoted.split_first() else { return (message.clone(), advice(&message)) };
    if message.starts_with("unknown field") {
        let near = suggest::nearest(first, rest.iter().copied());
        let hint = suggest::phrase(&near).unwrap_or_else(|| format!("the keys here are {}", rest.join(", ")));
        return (format!("there is no key `{first}`"), hint);
    }
    if message.starts_with("missing field") {
        return (format!("`{first}` is missing"), example(first));
    }
    if message.starts_with("unknown variant") {
        return (format!("`{first}` is not allowed here"), format!("one of {}", rest.join(", ")));
    }
    let hint = advice(&message);
    (message, hint)
}

/// A line to write for a key that is missing.
fn example(key: &str) -> String {
    let line = match key {
        "id" => "id = \"myservice\"",
        "title" => "title = \"My service\"",
        "name" => "name = \"thing.list\"",
        "transport" => "[[transport]] with name = \"xmlrpc\", protocol = \"xmlrpc\" and path = \"/RPC2\"",
        "protocol" => "protocol = \"xmlrpc\", or jsonrpc, json, rest",
        "path" => "path = \"/RPC2\"",
        "scheme" => "scheme = \"basic\", or none, fields",
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
    ("there is no", "name a parameter or field that the method or shape has"),
    (
        "is not a type",
        "a type is string, int, float, boolean, date, bytes, dict, any, none, list:TYPE, map:TYPE or @shape",
    ),
    ("duplicate key", "remove one of the two"),
    ("must be quoted", "put the value in quotes"),
    ("invalid type", "write a value of that type"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_plain_words_with_advice() {
        for (message, words, hint) in [
            (
                "unknown field `efect`, expected one of `name`, `effect`",
                "there is no key `efect`",
                "did you mean effect?",
            ),
            ("unknown field `q`, expected `name` or `effect`", "there is no key `q`", "the keys here are name, effect"),
            ("missing field `id`", "`id` is missing", "write id = \"myservice\""),
            (
                "unknown variant `reads`, expected one of `read`, `change`",
                "`reads` is not allowed here",
                "one of read, change",
            ),
            ("@x is not defined", "@x is not defined", "describe it: [[shape]] with that name and its fields"),
        ] {
            assert_eq!(worded(message), (words.to_owned(), hint.to_owned()));
        }
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        let text = "a = 1\n# é\nü = x\n";
        let start = text.find('x').unwrap();
        let fault = Fault { span: start..start + 1, place: "p".into(), message: "m".into() };
        let found = finding(text, fault);
        assert_eq!((found.line, found.column), (3, 5));
    }
}
