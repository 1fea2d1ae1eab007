//! `help`: the overview, the list of methods, and one method with what the provider says of it.

use super::super::discover;
use super::super::error::CallError;
use super::super::session::{Flow, Session};
use crate::lang::{Line, OPTIONS, Word};
use crate::model::{Diagnostic, ErrorCode, Field, Method, Param, Value};
use crate::registry::Source;
use crate::registry::resolve::{Resolved, resolve};
use crate::render::text;

pub(super) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let Some(topic) = line.items.first().map(|item| &item.word) else {
        let text = overview(session);
        return super::put_text(session, line, &text).map(|()| Flow::Continue);
    };
    if topic.text() == "remote" {
        let text = remote(session);
        super::put_text(session, line, &text)?;
    } else {
        let (profile, name) = topic.split_profile();
        method(session, line, profile.as_ref(), &name)?;
    }
    Ok(Flow::Continue)
}

fn rows<'e>(entries: impl Iterator<Item = (&'e str, &'e str)>) -> Vec<(String, String)> {
    entries.map(|(name, summary)| (name.to_owned(), summary.to_owned())).collect()
}

fn overview(session: &Session) -> String {
    let width = session.console.width;
    let titles: Vec<&str> = session.registry.sources().map(|source| source.provider().title.as_str()).collect();
    let grammar = [
        ("METHOD NAME VALUE …", "call a method; names and values in any order"),
        ("NAME (int)5", "a value of a type: string int float boolean list date json null file base64 list:TYPE"),
        ("… | FILE", "store the result (`>` refuses to overwrite, `>!` overwrites, `>>` appends)"),
        ("… |! COMMAND", "hand the result to a command"),
        ("# …", "a comment; `;` stands between lines; a line goes on behind an open quote or a final \\"),
    ];
    let options = OPTIONS.iter().map(|option| (option.usage(), option.summary.to_owned())).collect::<Vec<_>>();
    let locals = rows(session.registry.locals().map(|entry| (entry.name, entry.summary)));
    let mut out = format!("Calls methods of {}.\n\nLines\n", titles.join(", "));
    out.push_str(&text::columns(&rows(grammar.into_iter()), width, 2));
    out.push_str("\nCommands\n");
    out.push_str(&text::columns(&locals, width, 2));
    out.push_str("\nOptions of a line\n");
    out.push_str(&text::columns(&options, width, 2));
    out.push_str("\n`help remote` lists the methods, `help METHOD` describes one.\n");
    out
}

/// All methods; with several profiles, each under its name.
fn remote(session: &Session) -> String {
    let width = session.console.width;
    let several = session.registry.sources().nth(1).is_some();
    let mut out = String::new();
    for source in session.registry.sources() {
        if several {
            out.push_str(&format!("{}{}\n", if out.is_empty() { "" } else { "\n" }, source.profile()));
        }
        let entries = rows(source.entries().map(|entry| (entry.name, entry.summary)));
        out.push_str(&text::columns(&entries, width, if several { 2 } else { 0 }));
    }
    out
}

/// Describes one method or command.
pub(in super::super) fn method(
    session: &mut Session,
    line: &Line,
    profile: Option<&Word>,
    name: &Word,
) -> Result<(), CallError> {
    let (text, owner) = (name.text(), profile.map(Word::text));
    if !session.registry.knows(owner.as_deref(), &text) {
        session.look_for(owner.as_deref(), &text);
    }
    let owner = owner.as_deref().zip(profile.map(|word| word.span));
    let (method, profile) = match resolve(&session.registry, owner, &text, name.span)? {
        Resolved::Local(method) => (method, None),
        Resolved::Remote { profile, method } => (method, Some(profile)),
    };
    let words = profile.as_deref().and_then(|profile| providers_words(session, profile, &method.name));
    let source = profile.as_deref().and_then(|profile| session.registry.source(profile));
    let page = Page { source, method: &method, width: session.console.width.max(20) }.compose(words.as_deref());
    super::put_text(session, line, &page)
}

/// What the service says of a method. That it cannot be asked costs a note, not the help.
fn providers_words(session: &mut Session, profile: &str, name: &str) -> Option<String> {
    let timeouts = session.rules(profile).timeouts;
    let Session { accounts, registry, wire, redactor, console, .. } = session;
    let provider = registry.source(profile)?.provider();
    provider.introspection.as_ref()?;
    let account = accounts.iter_mut().find(|account| account.target.profile == profile)?;
    if !account.has_key() {
        return None;
    }
    let words =
        account.unlock(redactor).and_then(|()| discover::describe(wire, &account.target, provider, name, timeouts));
    match words {
        Ok(words) => Some(words.trim().to_owned()).filter(|words| !words.is_empty()),
        Err(error) => {
            let words = error.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
            console.note(&redactor.apply(&format!("note: {profile} gave no help for {name}: {error}{words}")));
            None
        }
    }
}

/// The help page of one method.
struct Page<'p> {
    source: Option<&'p Source>,
    method: &'p Method,
    width: usize,
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
        if let (Some(words), Some(source)) = (words, self.source) {
            out.push_str(&format!("\n{} says\n", source.provider().title));
            for line in words.lines() {
                out.push_str(&format!("  {}\n", text::wrap(line.trim_end(), self.width - 2, 2)));
            }
        }
        out
    }

    fn paragraph(&self, text: &str) -> String {
        format!("\n{}\n", text::wrap(text, self.width, 0))
    }

    fn heading(&self) -> String {
        let method = self.method;
        let mut usage = method.name.clone();
        for param in &method.params {
            let word = format!("{} {}", param.name, param.type_.keyword().to_uppercase());
            let optional = !param.required;
            usage.push_str(&if optional { format!(" [{word}]") } else { format!(" {word}") });
        }
        let mut out = format!("{}\n", text::wrap(&usage, self.width, 4));
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
        if let Some(why) = &method.inferred {
            out.push_str(&self.paragraph(&format!("The address is inferred, not documented. {why}.")));
        }
        if self.source.is_some() {
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
        out.push_str(&text::columns(&rows, self.width, 2));
        if self.method.params.iter().any(|param| param.required) {
            out.push_str("  * required\n");
        }
    }

    fn result(&self, out: &mut String) {
        let method = self.method;
        let shapes = self.source.map(Source::shapes).unwrap_or_default();
        let shape = method.returns.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        let fields: &[Field] = shape.map_or(&method.fields, |shape| &shape.fields);
        let kind = method.returns.to_string();
        if matches!(kind.as_str(), "none" | "any") && method.returns_summary.is_none() {
            return;
        }
        let summary = method.returns_summary.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
        out.push_str(&format!(
            "\nResult\n  {}\n",
            text::wrap(&format!("{}{summary}", kind.replace('@', "")), self.width - 2, 2)
        ));
        let rows: Vec<_> = fields.iter().map(|field| (field.name.clone(), describe_field(field))).collect();
        out.push_str(&text::columns(&rows, self.width, 2));
    }

    fn errors(&self, out: &mut String) {
        let Some(provider) = self.source.map(Source::provider) else { return };
        let known: Vec<&ErrorCode> = self.method.errors.iter().filter_map(|code| provider.error(code)).collect();
        if !known.is_empty() {
            out.push_str("\nErrors\n");
            let rows: Vec<_> = known.iter().map(|e| (e.label(), e.summary.clone())).collect();
            out.push_str(&text::columns(&rows, self.width, 2));
        }
    }
}

pub(in super::super) fn describe(param: &Param) -> String {
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
