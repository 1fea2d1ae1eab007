//! The help page of one method: how to call it, what it does, its parameters and its result.

use super::fields::{describe_field, describe_part, fitting};
use crate::engine::accounts::rules::Rules;
use crate::engine::guard::gate;
use crate::engine::plan::parameter::describe;
use crate::render::text;
use lang::{self, OPTIONS, OptionDef, TokenKind};
use model::rule::{either, words};
use model::{Effect, EffectWhen, ErrorCode, Field, IdempotencyRule, Method, Param, Rule, Shape, Spec, Type, period};
use registry::Source;

/// How many rows parameters and results take at most. If there are more, the innermost fields are left out.
const PARAMETER_ROWS: usize = 80;
const RESULT_ROWS: usize = 60;
/// How many optional parameters the first line shows at most.
const OPTIONAL: usize = 24;

/// The sources of a page.
pub(super) struct Page<'p> {
    /// The source of the method; `None` for a command of the shell.
    pub(super) source: Option<&'p Source>,
    /// Its profile, if a line must name it.
    pub(super) named: Option<&'p str>,
    /// The rules for calls of that account.
    pub(super) rules: Rules,
    pub(super) method: &'p Method,
    /// Columns of the screen.
    pub(super) width: usize,
}

impl Page<'_> {
    /// The whole page. `words` is the service's own description of the method.
    pub(super) fn compose(&self, words: Option<&str>) -> String {
        let mut out = self.heading();
        self.remarks(&mut out);
        self.parameters(&mut out);
        self.options(&mut out);
        self.result(&mut out);
        self.errors(&mut out);
        if let Some(example) = &self.method.example {
            out.push_str(&format!("\nExample\n{}\n", typeable(&self.typed(example), self.width)));
        }
        if let (Some(words), Some(source)) = (words, self.source) {
            out.push_str(&format!("\n{} says\n", source.provider().title));
            for line in words.lines() {
                out.push_str(&format!("  {}\n", text::wrap(line.trim_end(), self.width - 2, 2)));
            }
        }
        out
    }

    /// The command's own options. The options of every line are described elsewhere.
    fn options(&self, out: &mut String) {
        let is_own =
            |option: &&OptionDef| self.source.is_none() && option.commands.contains(&self.method.name.as_str());
        let own: Vec<_> = OPTIONS.iter().filter(is_own).map(|it| (it.usage(), it.summary.to_owned())).collect();
        if !own.is_empty() {
            out.push_str(&format!("\nOptions\n{}", text::columns(&own, self.width, 2)));
        }
    }

    fn paragraph(&self, out: &mut String, text: &str) {
        out.push_str(&format!("\n{}\n", text::wrap(text, self.width, 0)));
    }

    /// A line as a user must type it.
    fn typed(&self, line: &str) -> String {
        self.named.map_or_else(|| line.to_owned(), |profile| format!("{profile}:{line}"))
    }

    fn heading(&self) -> String {
        let method = self.method;
        let mut usage = self.typed(&method.name);
        let shown = || method.params.iter().filter(|param| param.answer().is_none());
        let many = shown().filter(|param| !param.required).count() > OPTIONAL;
        for param in shown().filter(|param| param.required || !many) {
            let word = match param.name.strip_suffix('…') {
                Some(name) => format!("{}…", name.to_uppercase()),
                None if self.source.is_none() && param.choices.is_empty() => param.name.to_uppercase(),
                None if self.source.is_none() => param.name.clone(),
                None => format!("{} {}", param.name, param.type_.keyword().to_uppercase()),
            };
            usage.push_str(&if param.required { format!(" {word}") } else { format!(" [{word}]") });
        }
        if many {
            usage.push_str(" [NAME VALUE]…");
        }
        format!("{}\n", text::wrap(&usage, self.width, 4))
    }

    /// What it does, and what users must know before they use it.
    fn remarks(&self, out: &mut String) {
        let method = self.method;
        if method.untyped {
            self.paragraph(
                out,
                "Only the service knows this method: it takes any parameters, and values are text unless typed.",
            );
        }
        if !method.summary.is_empty() {
            self.paragraph(out, &format!("{}.", method.summary));
        }
        if let Some(text) = &method.deprecated {
            self.paragraph(out, &format!("Deprecated: {text}"));
        }
        if let Some(why) = &method.inferred {
            self.paragraph(out, &format!("The address is inferred, not documented. {why}."));
        }
        let Some(source) = self.source else { return };
        self.effects(out);
        if !method.roles.is_empty() {
            self.paragraph(out, &format!("Needs one of the roles: {}.", method.roles.join(", ")));
        }
        if method.job.is_some() {
            self.paragraph(out, "It starts a job that continues after the answer: --wait waits until it has finished.");
        }
        if let Some(paging) = source.provider().paging_of(method) {
            let given = |name: &str| method.param(name).is_some();
            let choosers = match (given(&paging.page), given(&paging.size)) {
                (true, true) => format!(", {} and {} choose a page", paging.page, paging.size),
                (true, false) => format!(", {} chooses a page", paging.page),
                (false, true) => format!(", {} says how long a page is", paging.size),
                (false, false) => String::new(),
            };
            self.paragraph(out, &format!("The list comes in pages: --all reads all of them{choosers}."));
        }
        if !method.aliases.is_empty() {
            self.paragraph(out, &format!("Also called {}.", method.aliases.join(", ")));
        }
        if let Some(notes) = &method.notes {
            self.paragraph(out, notes);
        }
        if let Some(rule) = method.idempotency.as_ref().filter(|_| !method.effects().only_reads()) {
            self.paragraph(out, &recognised(rule));
        }
        if let Some(rule) = &method.reconcile {
            let words = format!("If its outcome is unknown, `{}` can show whether it was carried out.", rule.method);
            self.paragraph(out, &words);
        }
    }

    /// What it does, whether the user is asked, and how this depends on the values.
    fn effects(&self, out: &mut String) {
        let method = self.method;
        let effects = method.effects();
        self.paragraph(out, &format!("Effect: {effects} ({})", self.consequence()));
        if let Some(what) = &method.loses {
            self.paragraph(out, &format!("What is lost: {what}."));
        }
        if let Some(charge) = &method.charge {
            self.paragraph(out, &format!("Charge: {charge}."));
        }
        if let Some(caution) = &method.caution {
            self.paragraph(out, caution);
        }
        for rule in &method.effect_when {
            self.paragraph(out, &format!("{}: {}.", upper(&condition(rule)), rule.effects()));
        }
        if let Some(derived) = &method.derived {
            let said = format!("Nobody has reviewed the effect: it was derived from {derived} in the document.");
            self.paragraph(out, &said);
        }
    }

    /// What the effect means for the caller.
    fn consequence(&self) -> String {
        let (effects, rules) = (self.method.effects(), &self.rules);
        if rules.refuses_read(self.method) {
            return "refused: the profile is read-only, and nobody has reviewed this read".into();
        }
        if effects.only_reads() {
            return "changes nothing".into();
        }
        if rules.read_only {
            return "refused: the profile is read-only".into();
        }
        let means = |effect| match effect {
            Effect::Change => "reversible",
            other => gate::consequence(other),
        };
        let what: Vec<&str> = effects.iter().map(means).collect();
        let asked = gate::is_asked_about(effects, self.method.caution.is_some(), rules.confirm);
        let question = if asked { "asks first" } else { "runs without asking" };
        format!("{}; {question}; never retried if it might already have run", what.join(" and "))
    }

    fn parameters(&self, out: &mut String) {
        let method = self.method;
        if method.params.is_empty() {
            return;
        }
        out.push_str("\nParameters\n");
        let name = |param: &Param| if param.required { format!("{} *", param.name) } else { param.name.clone() };
        let (rows, left_out) = fitting(PARAMETER_ROWS, 0, |deepest| {
            let mut rows: Vec<(String, String)> = Vec::new();
            for param in &method.params {
                rows.push((name(param), describe(param)));
                self.fields((&param.type_, &param.fields), (1, deepest), &mut rows, describe_part);
            }
            rows
        });
        out.push_str(&text::columns(&rows, self.width, 2));
        if rows.iter().any(|(name, _)| name.ends_with(" *")) {
            out.push_str("  * required\n");
        }
        if left_out {
            out.push_str("  What is inside dictionaries is not listed; Tab offers it.\n");
        }
        self.rules(out);
    }

    /// The rules between parameters, and the fields of those that are dictionaries.
    fn rules(&self, out: &mut String) {
        let shapes: &[Shape] = self.source.map(Source::shapes).unwrap_or_default();
        let inside = self.method.params.iter().flat_map(|param| {
            let spec = Spec::of(param);
            let outer = spec.member().unwrap_or(spec);
            let rules = outer.fields(shapes).map(|(_, rules)| rules).unwrap_or_default();
            rules.iter().flat_map(Rule::sentences).map(move |sentence| format!("in {}: {sentence}", param.name))
        });
        let own = self.method.rules.iter().flat_map(Rule::sentences);
        let sentences: Vec<String> = own.chain(inside).collect();
        if !sentences.is_empty() {
            out.push_str("\nRules\n");
            for sentence in sentences {
                out.push_str(&format!("  {}\n", text::wrap(&sentence, self.width - 2, 4)));
            }
        }
    }

    fn result(&self, out: &mut String) {
        let method = self.method;
        let kind = method.returns.to_string();
        if matches!(kind.as_str(), "none" | "any") && method.returns_summary.is_none() {
            return;
        }
        let summary = method.returns_summary.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
        let words = format!("{}{summary}", kind.replace('@', ""));
        out.push_str(&format!("\nResult\n  {}\n", text::wrap(&words, self.width - 2, 2)));
        let (rows, left_out) = fitting(RESULT_ROWS, 1, |deepest| {
            let mut rows = Vec::new();
            self.fields((&method.returns, &method.fields), (0, deepest), &mut rows, describe_field);
            rows
        });
        out.push_str(&text::columns(&rows, self.width, 2));
        if left_out {
            out.push_str("  What is inside dictionaries is not listed.\n");
        }
    }

    /// One row for each field, with its own fields indented below.
    fn fields(
        &self,
        (type_, own): (&Type, &[Field]),
        (depth, deepest): (usize, usize),
        rows: &mut Vec<(String, String)>,
        describe: fn(&Field) -> (&'static str, String),
    ) {
        if depth >= deepest {
            return;
        }
        let shapes: &[Shape] = self.source.map(Source::shapes).unwrap_or_default();
        let shape = type_.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        for field in shape.map_or(own, |shape| &shape.fields) {
            let (mark, words) = describe(field);
            rows.push((format!("{}{}{mark}", text::blanks(2 * depth), field.name), words));
            self.fields((&field.type_, &field.fields), (depth + 1, deepest), rows, describe);
        }
    }

    fn errors(&self, out: &mut String) {
        let Some(provider) = self.source.map(Source::provider) else { return };
        let known: Vec<&ErrorCode> =
            self.method.errors.iter().filter_map(|code| provider.error_of(self.method, code, false)).collect();
        if !known.is_empty() {
            out.push_str("\nErrors\n");
            let meaning = |error: &ErrorCode| self.method.meaning(&error.code).unwrap_or(&error.summary).to_owned();
            let rows: Vec<_> = known.iter().map(|error| (error.label(), meaning(error))).collect();
            out.push_str(&text::columns(&rows, self.width, 2));
        }
    }
}

/// How the provider recognises a repeated call.
fn recognised(rule: &IdempotencyRule) -> String {
    let by = match (&rule.header, &rule.param) {
        (Some(header), _) => format!("the header {header}, which is filled in for you"),
        (None, param) => format!("{}, which is filled in if you leave it out", param.as_deref().unwrap_or_default()),
    };
    format!("For {}, the provider recognises a repeated call by {by}.", period::words(rule.window))
}

/// When a rule about values holds, in words: `with dry_run true`, `without cpuCount and memory`.
pub(super) fn condition(rule: &EffectWhen) -> String {
    let with = rule.with.iter().map(|(name, values)| format!("with {name} {}", either(&words(values))));
    let without = (!rule.without.is_empty()).then(|| format!("without {}", rule.without.join(" and ")));
    let nowhere = rule.nowhere.iter().map(|(place, values)| match values.as_slice() {
        [] => format!("without any {place}"),
        values => format!("with no {place} that is {}", either(&words(values))),
    });
    let everywhere =
        rule.everywhere.iter().map(|(place, values)| format!("if every {place} is {}", either(&words(values))));
    with.chain(without).chain(nowhere).chain(everywhere).collect::<Vec<_>>().join(", ")
}

/// A sentence with a capital first letter.
fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A line that can be copied from the screen. If it is too long, it is continued after a backslash.
fn typeable(line: &str, width: usize) -> String {
    const CONTINUED: &str = " \\\n    ";
    let mut out = String::from("  ");
    let (mut at, mut used) = (0, out.len());
    let mut put = |piece: &str| {
        let wide = text::width(piece);
        if used > 2 && used + wide + CONTINUED.trim_end().len() > width {
            out.truncate(out.trim_end().len());
            out.push_str(CONTINUED);
            used = 4;
        }
        out.push_str(piece);
        used += wide;
    };
    for token in lang::tokens(line) {
        // A value stays on the same line as its name.
        let begins = matches!(token.kind, TokenKind::Name | TokenKind::Option | TokenKind::Operator);
        if begins && at < token.span.start {
            put(line.get(at..token.span.start).unwrap_or_default());
            at = token.span.start;
        }
    }
    put(line.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_example_continues_after_a_backslash() {
        let line = "acl_rule.create name 'two words' action PERMIT place (json)'{\"a\": 1}' ids (list)a, b";
        let shown = "  acl_rule.create name 'two words' \\\n    action PERMIT \\\n    \
                     place (json)'{\"a\": 1}' \\\n    ids (list)a, b";
        assert_eq!(typeable(line, 40), shown);
        let words = |text: &str| -> Vec<String> {
            lang::tokens(text).iter().map(|token| text[token.span.range()].to_owned()).collect()
        };
        for width in [20, 40, 60, 200] {
            let shown = typeable(line, width);
            assert_eq!(words(&shown), words(line), "{shown}");
            assert!(lang::parse(&shown).is_ok_and(|lines| lines.len() == 1), "{shown}");
        }
        assert_eq!(typeable("server.list", 80), "  server.list");
    }
}
