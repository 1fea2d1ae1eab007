//! `help`: the overview, the list of methods, and one method with what the provider says of it.

use super::super::discover;
use super::super::error::CallError;
use super::super::session::{Flow, Session};
use crate::lang::{Line, OPTIONS};
use crate::model::{Diagnostic, ErrorCode, Field, Method, Param, Span, Value};
use crate::registry::resolve::{Resolved, resolve};
use crate::render::text;

pub(super) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let Some(topic) = line.items.first() else {
        let text = overview(session);
        return super::put_text(session, line, &text).map(|()| Flow::Continue);
    };
    match topic.word.text().as_str() {
        "remote" => {
            let text = remote(session);
            super::put_text(session, line, &text)?;
        }
        name => method(session, line, name, topic.word.span)?,
    }
    Ok(Flow::Continue)
}

fn rows<'e>(entries: impl Iterator<Item = (&'e str, &'e str)>) -> Vec<(String, String)> {
    entries.map(|(name, summary)| (name.to_owned(), summary.to_owned())).collect()
}

fn overview(session: &Session) -> String {
    let width = session.console.width;
    let provider = &session.registry.provider().title;
    let grammar = [
        ("METHOD NAME VALUE …", "call a method; names and values in any order"),
        ("NAME (int)5", "a value of a type: string int float boolean list date json null file base64 list:TYPE"),
        ("… | FILE", "store the result (`>` refuses to overwrite, `>!` overwrites, `>>` appends)"),
        ("… |! COMMAND", "hand the result to a command"),
        ("# …", "a comment; `;` stands between lines; a line goes on behind an open quote or a final \\"),
    ];
    let options = OPTIONS.iter().map(|option| (option.usage(), option.summary.to_owned())).collect::<Vec<_>>();
    let locals = rows(session.registry.locals().map(|entry| (entry.name, entry.summary)));
    let mut out = format!("Calls methods of {provider}.\n\nLines\n");
    out.push_str(&text::columns(&rows(grammar.into_iter()), width, 2));
    out.push_str("\nCommands\n");
    out.push_str(&text::columns(&locals, width, 2));
    out.push_str("\nOptions of a line\n");
    out.push_str(&text::columns(&options, width, 2));
    out.push_str("\n`help remote` lists the methods, `help METHOD` describes one.\n");
    out
}

fn remote(session: &Session) -> String {
    let entries = rows(session.registry.remotes().map(|entry| (entry.name, entry.summary)));
    text::columns(&entries, session.console.width, 0)
}

/// Describes one method or command.
pub(in super::super) fn method(session: &mut Session, line: &Line, name: &str, span: Span) -> Result<(), CallError> {
    if session.registry.local(name).is_none() {
        session.look_for(name);
    }
    let here = session.target.profile.clone();
    let (method, words) = match resolve(&session.registry, None, &here, name, span)? {
        Resolved::Local(method) => (method, None),
        Resolved::Remote(method) => {
            let words = providers_words(session, &method.name);
            (method, words)
        }
    };
    let page = Page { session, method: &method }.compose(words.as_deref());
    super::put_text(session, line, &page)
}

/// What the service says of a method. That it cannot be asked costs a note, not the help.
fn providers_words(session: &mut Session, name: &str) -> Option<String> {
    let rule = session.registry.provider().introspection.clone()?;
    session.target.credential.as_ref()?;
    let timeouts = session.settings.timeouts;
    match discover::describe(&mut session.wire, &session.target, &rule, name, timeouts) {
        Ok(words) => Some(words.trim().to_owned()).filter(|words| !words.is_empty()),
        Err(error) => {
            let words = error.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
            session.console.note(&format!("note: {} gave no help for {name}: {error}{words}", session.target.host));
            None
        }
    }
}

/// The help page of one method.
struct Page<'p> {
    session: &'p Session,
    method: &'p Method,
}

impl Page<'_> {
    fn compose(&self, words: Option<&str>) -> String {
        let mut out = self.heading();
        if let Some(notes) = &self.method.notes {
            out.push_str(&self.paragraph(notes));
        }
        self.parameters(&mut out);
        self.result(&mut out);
        self.errors(&mut out);
        if let Some(example) = &self.method.example {
            out.push_str(&format!("\nExample\n  {example}\n"));
        }
        if let Some(words) = words {
            out.push_str(&format!("\n{} says\n", self.session.registry.provider().title));
            for line in words.lines() {
                out.push_str(&format!("  {}\n", text::wrap(line.trim_end(), self.width() - 2, 2)));
            }
        }
        out
    }

    fn width(&self) -> usize {
        self.session.console.width.max(20)
    }

    fn paragraph(&self, text: &str) -> String {
        format!("\n{}\n", text::wrap(text, self.width(), 0))
    }

    fn heading(&self) -> String {
        let method = self.method;
        let mut usage = method.name.clone();
        for param in &method.params {
            let word = format!("{} {}", param.name, param.type_.keyword().to_uppercase());
            let optional = !param.required;
            usage.push_str(&if optional { format!(" [{word}]") } else { format!(" {word}") });
        }
        let mut out = format!("{}\n", text::wrap(&usage, self.width(), 4));
        if method.untyped {
            out.push_str(
                &self.paragraph("Only the service knows this method: parameters are free, and text unless typed."),
            );
        } else if !method.summary.is_empty() {
            out.push_str(&self.paragraph(&format!("{}.", method.summary)));
        }
        if let Some(text) = &method.deprecated {
            out.push_str(&self.paragraph(&format!("Deprecated: {text}")));
        }
        if self.session.registry.local(&method.name).is_none() {
            out.push_str(&format!("\nEffect: {}\n", method.effect.as_str()));
        }
        out
    }

    fn parameters(&self, out: &mut String) {
        if self.method.params.is_empty() {
            return;
        }
        out.push_str("\nParameters\n");
        let rows: Vec<_> = self
            .method
            .params
            .iter()
            .map(|p| (format!("{}{}", p.name, if p.required { " *" } else { "" }), describe(p)))
            .collect();
        out.push_str(&text::columns(&rows, self.width(), 2));
        if self.method.params.iter().any(|param| param.required) {
            out.push_str("  * required\n");
        }
    }

    fn result(&self, out: &mut String) {
        let method = self.method;
        let shape =
            method.returns.shape().and_then(|name| self.session.registry.shapes().iter().find(|s| s.name == name));
        let fields: &[Field] = shape.map_or(&method.fields, |shape| &shape.fields);
        let kind = method.returns.to_string();
        if matches!(kind.as_str(), "none" | "any") && method.returns_summary.is_none() {
            return;
        }
        let summary = method.returns_summary.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
        out.push_str(&format!(
            "\nResult\n  {}\n",
            text::wrap(&format!("{}{summary}", kind.replace('@', "")), self.width() - 2, 2)
        ));
        let rows: Vec<_> = fields.iter().map(|field| (field.name.clone(), describe_field(field))).collect();
        out.push_str(&text::columns(&rows, self.width(), 2));
    }

    fn errors(&self, out: &mut String) {
        let known: Vec<&ErrorCode> =
            self.method.errors.iter().filter_map(|code| self.session.registry.provider().error(code)).collect();
        if !known.is_empty() {
            out.push_str("\nErrors\n");
            let rows: Vec<_> = known.iter().map(|e| (e.label(), e.summary.clone())).collect();
            out.push_str(&text::columns(&rows, self.width(), 2));
        }
    }
}

fn describe(param: &Param) -> String {
    let mut words = vec![format!("({}) {}", param.type_.keyword(), param.summary)];
    if !param.choices.is_empty() {
        words.push(format!("one of {}", listed(&param.choices)));
    }
    words.extend(limits(param));
    if let Some(default) = &param.default {
        words.push(format!("default {}", default.plain()));
    }
    if param.secret {
        words.push("secret".into());
    }
    if let Some(text) = &param.deprecated {
        words.push(format!("deprecated: {text}"));
    }
    words.join("; ")
}

fn limits(param: &Param) -> Option<String> {
    let unit = if param.min_length.or(param.max_length).is_some() {
        if param.type_.keyword().starts_with("list") { " members" } else { " characters" }
    } else {
        ""
    };
    let low = param.min.or(param.min_length.map(|n| n as i64));
    let high = param.max.or(param.max_length.map(|n| n as i64));
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}{unit}")),
        (Some(low), None) => Some(format!("at least {low}{unit}")),
        (None, Some(high)) => Some(format!("at most {high}{unit}")),
        (None, None) => None,
    }
}

fn describe_field(field: &Field) -> String {
    let optional = if field.optional { ", may be missing" } else { "" };
    let secret = if field.secret { ", secret" } else { "" };
    format!("{}{optional}{secret}: {}", field.type_.to_string().replace('@', ""), field.summary)
}

fn listed(values: &[Value]) -> String {
    values.iter().map(Value::plain).collect::<Vec<_>>().join(", ")
}
