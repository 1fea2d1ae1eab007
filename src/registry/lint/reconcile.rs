//! How an unknown outcome is found out: the methods, parameters, fields and codes that the rules refer to.

use super::fields::{field_at, fields_of, fits};
use super::finding::found;
use crate::catalog::Catalog;
use model::reconcile::Expect;
use model::{Field, Method, Param, ReconcileRule, ShowRule, Type, Value};

/// The most characters of a text about where to look.
const LONGEST: usize = 120;

/// Every fault of a method's rules: how its outcome is found out, and how its object is shown before it is called.
pub(super) fn findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let outcome = method.reconcile.iter().flat_map(|rule| faults(rule, (method, catalog), true));
    let outcome = outcome.map(|fault| format!("reconcile: {fault}"));
    let shown = method.shows.iter().flat_map(|rule| {
        let label = label_faults(rule, (method, catalog));
        faults(&rule.as_reconcile(), (method, catalog), false).into_iter().chain(label)
    });
    outcome.chain(shown.map(|fault| format!("shows: {fault}"))).collect()
}

/// The faults of one rule. If it is `kept`, it needs values that the journal keeps.
fn faults(rule: &ReconcileRule, (method, catalog): (&Method, &Catalog), kept: bool) -> Vec<String> {
    match catalog.method(&rule.method) {
        Some(Ok(asked)) => {
            let sides = Sides { rule, method, asked: &asked, catalog, kept };
            [sides.call(), sides.values(), sides.asked(), sides.answer(), sides.sense()].concat()
        }
        _ => vec![format!("{} is not a method", rule.method)],
    }
}

/// The faults of the fields that name an object.
fn label_faults(rule: &ShowRule, (method, catalog): (&Method, &Catalog)) -> Vec<String> {
    let Some(Ok(asked)) = catalog.method(&rule.method) else { return Vec::new() };
    let sides = Sides { rule: &rule.as_reconcile(), method, asked: &asked, catalog, kept: false };
    let fault = |name: &String| match sides.field(name) {
        None => Some(format!("label: {name} is not a field of {}", asked.name)),
        Some(field) if field.secret => Some(format!("label: {name} is secret")),
        Some(field) => (!is_plain(&field.type_)).then(|| format!("label: {name} is not a plain value")),
    };
    rule.label.iter().filter_map(fault).collect()
}

/// A rule between the call that it is about and the one that is asked.
struct Sides<'s> {
    rule: &'s ReconcileRule,
    method: &'s Method,
    asked: &'s Method,
    catalog: &'s Catalog,
    /// The values come from the journal, which keeps no secrets.
    kept: bool,
}

impl Sides<'_> {
    /// A parameter of the call, or a field of one.
    fn param(&self, name: &str) -> Option<Param> {
        let (name, fields) = name.split_once('.').map_or((name, None), |(name, fields)| (name, Some(fields)));
        let param = self.method.params.iter().find(|param| param.name == name)?;
        let Some(path) = fields else { return Some(param.clone()) };
        let field = field_at(fields_of(&param.type_, &param.fields, self.catalog), path, self.catalog)?;
        let (type_, choices, secret) = (field.type_, field.choices, field.secret || param.secret);
        Some(Param { type_, choices, secret, ..Param::default() })
    }

    /// The parameters of the call.
    fn call(&self) -> Vec<String> {
        let mut findings = found(&[(self.method.effects().only_reads(), "a method that only reads needs none")]);
        for name in self.rule.parameters() {
            match self.param(name) {
                None => findings.push(format!("{name} is not a parameter of the call")),
                Some(param) if param.secret && self.kept => {
                    findings.push(format!("{name} is secret, so it is not kept"))
                }
                Some(param) if !is_plain(&param.type_) => findings.push(format!("{name} is not a plain value")),
                Some(_) => {}
            }
        }
        for name in &self.rule.needs {
            if self.param(name).is_some_and(|param| param.required) {
                findings.push(format!("needs names {name}, which is required anyway"));
            }
        }
        let counts = self.rule.count.as_ref().and_then(|name| self.param(name));
        findings.extend(found(&[(
            counts.is_some_and(|param| param.type_ != Type::Int),
            "count must name an int parameter",
        )]));
        findings
    }

    /// The values that a rule gives for parameters and fields.
    fn values(&self) -> Vec<String> {
        let rule = self.rule;
        let unless = rule.unless.iter().filter_map(|(name, values)| {
            let param = self.param(name)?;
            Some((name.as_str(), values.as_slice(), param.type_, param.choices))
        });
        let conditions = [&rule.holding, &rule.after, &rule.busy].into_iter().flatten();
        let wanted = conditions.flat_map(|condition| condition.wanted()).filter_map(|(path, values)| {
            let field = self.field(path)?;
            Some((path, values, field.type_, field.choices))
        });
        let mut findings = Vec::new();
        for (name, values, declared, choices) in unless.chain(wanted) {
            let wrong = values.iter().filter(|value| !can_be(value, &declared, &choices));
            findings.extend(wrong.map(|value| format!("{name} cannot be {}", value.plain())));
        }
        findings
    }

    /// The method that is asked, its parameters and its codes.
    fn asked(&self) -> Vec<String> {
        let Sides { rule, asked, .. } = self;
        let mut findings =
            found(&[(!asked.effects().only_reads(), "it is asked of a method that does more than read")]);
        let is_given = |name: &String| self.param(name).is_some_and(|param| param.required);
        for param in asked.params.iter().filter(|param| param.required) {
            match rule.with.get(&param.name) {
                None => findings.push(format!("{} needs {}", asked.name, param.name)),
                // Without it, a question shows no object.
                Some(from) if !is_given(from) && self.kept => {
                    findings.push(format!("{from} may be missing, and {} needs it", asked.name))
                }
                Some(_) => {}
            }
        }
        for (to, from) in &rule.with {
            match asked.params.iter().find(|param| param.name == *to) {
                None => findings.push(format!("{to} is not a parameter of {}", asked.name)),
                Some(to_param) => {
                    let from_type = self.param(from).map(|param| param.type_);
                    if from_type.is_some_and(|from| !goes_with(&from, &to_param.type_)) {
                        findings.push(format!("{to} and {from} are of different types"));
                    }
                }
            }
        }
        let unknown = rule.gone.iter().filter(|code| self.catalog.provider().error(code).is_none());
        findings.extend(unknown.map(|code| format!("{code} is not one of the provider's codes")));
        findings
    }

    /// The field of a member at a path.
    fn field(&self, path: &str) -> Option<Field> {
        let fields = fields_of(&self.asked.returns, &self.asked.fields, self.catalog);
        let whole = match (&self.rule.at, path) {
            (None, ".") => return Some(Field { type_: member_type(&self.asked.returns), ..Field::default() }),
            (Some(at), ".") => at.clone(),
            (Some(at), path) => format!("{at}.{path}"),
            (None, path) => path.to_owned(),
        };
        let field = field_at(fields, &whole, self.catalog)?;
        Some(Field { type_: member_type(&field.type_), ..field })
    }

    /// The fields of the answer.
    fn answer(&self) -> Vec<String> {
        let rule = self.rule;
        let mut findings = Vec::new();
        for path in rule.fields() {
            match self.field(path) {
                None => findings.push(format!("{path} is not a field of {}", self.asked.name)),
                Some(field) if field.secret && self.kept => findings.push(format!("{path} is secret")),
                Some(_) => {}
            }
        }
        for (path, name) in rule.find.iter().chain(&rule.becomes) {
            if let (Some(field), Some(param)) = (self.field(path), self.param(name))
                && !goes_with(&param.type_, &field.type_)
            {
                findings.push(format!("{path} and {name} are of different types"));
            }
        }
        let since = rule.since.as_ref().and_then(|path| self.field(path));
        let timed = since.is_none_or(|field| field.type_ == Type::Date || field.form == Some(model::Form::Epoch));
        findings.extend(found(&[(!timed, "since is not a date")]));
        findings
    }

    /// Whether what is said goes together.
    fn sense(&self) -> Vec<String> {
        let rule = self.rule;
        let (present, changed) = (rule.expect == Expect::Present, rule.expect == Expect::Changed);
        let made = rule.since.is_some() || rule.unique || rule.count.is_some();
        let listed = matches!(self.asked.returns, Type::List(_)) || rule.at.is_some();
        let look = rule.look.as_deref();
        found(&[
            (rule.with.is_empty() && rule.find.is_empty(), "nothing says what is looked for"),
            (listed && rule.find.is_empty() && rule.since.is_none(), "nothing says which member of the list is meant"),
            (!present && made, "since, unique and count are for what a call makes"),
            (present && rule.after.is_some(), "then is for what a call changes or removes"),
            (rule.unique && rule.since.is_some(), "what is recognized by its time need not be unique"),
            (rule.count.is_some() && rule.since.is_none(), "several can only be recognized by their time"),
            (changed && rule.becomes.is_empty() && rule.after.is_none(), "nothing says what is changed"),
            (changed && !rule.gone.is_empty(), "gone is for what a call makes or removes"),
            (!present && rule.id.is_some(), "id is for what a call makes"),
            (rule.expect == Expect::Absent && !rule.becomes.is_empty(), "what is gone shows nothing"),
            (present && rule.busy.is_some(), "busy is for what a call changes or removes"),
            (rule.slow && rule.busy.is_some(), "what shows that it is busy need not be slow"),
            (rule.unless.values().any(Vec::is_empty), "unless names no values"),
            (look.is_some_and(|look| look.is_empty() || look.len() > LONGEST), "look is empty or too long"),
            (look.is_some_and(|look| look.ends_with('.')), "look ends with a full stop"),
        ])
    }
}

/// Whether a value is of a type, and one of the choices if there are any. A text that ends with `*` is the beginning of one.
fn can_be(value: &Value, declared: &Type, choices: &[Value]) -> bool {
    let beginning = value.as_str().and_then(|text| text.strip_suffix('*'));
    let is_one = |choice: &Value| match (beginning, choice.as_str()) {
        (Some(beginning), Some(choice)) => choice.starts_with(beginning),
        _ => choice == value,
    };
    fits(value, declared) && (choices.is_empty() || choices.iter().any(is_one))
}

/// The type of the members of a list.
fn member_type(declared: &Type) -> Type {
    match declared {
        Type::List(inner) => member_type(inner),
        other => other.clone(),
    }
}

/// Whether it is one value, or a list of such.
fn is_plain(declared: &Type) -> bool {
    !matches!(member_type(declared), Type::Dict | Type::Shape(_) | Type::MapOf(_) | Type::Bytes | Type::None)
}

/// Whether a value of one type can be written as one of the other: services write numbers as texts.
fn goes_with(one: &Type, other: &Type) -> bool {
    let kind = |declared: &Type| match member_type(declared) {
        Type::Any => None,
        Type::Boolean => Some(0),
        Type::Date => Some(1),
        Type::String | Type::Int | Type::Float => Some(2),
        _ => Some(3),
    };
    match (kind(one), kind(other)) {
        (Some(one), Some(other)) => one == other && one != 3,
        (one, other) => one != Some(3) && other != Some(3),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests;

    /// What is found in a rule of `thing.make` about its outcome.
    fn lint_of(rule: &str) -> String {
        lint_of_both(&format!("reconcile = {{ {rule} }}"))
    }

    /// What is found in the rules of `thing.make`.
    fn lint_of_both(rules: &str) -> String {
        let provider = r#"error = [{ code = 4, kind = "refused", summary = "No such thing" }]"#;
        let fields = r#"
            { name = "id", type = "string" },
            { name = "name", type = "string" },
            { name = "state", type = "string" },
            { name = "mode", type = "string", choices = ["UP", "PENDING_UP"] },
            { name = "key", type = "string", secret = true },
            { name = "on", type = "boolean" },
            { name = "made", type = "date" },
            { name = "at", type = "int", form = "epoch" },
            { name = "hosts", type = "list:string" },
            { name = "parts", type = "map:dict", fields = [{ name = "size", type = "int" }] },
        "#;
        let methods = format!(
            r#"
            [[method]]
            name = "thing.list"
            doc = 1
            summary = "List things"
            effect = "read"
            returns = "list:@thing"
            example = "thing.list"
            params = [{{ name = "name", type = "string", summary = "Name" }}]
            [[method]]
            name = "thing.get"
            doc = 1
            summary = "Show a thing"
            effect = "read"
            returns = "@thing"
            example = "thing.get id x"
            params = [{{ name = "id", type = "string", required = true, summary = "Id" }}]
            [[method]]
            name = "thing.make"
            doc = 1
            summary = "Make a thing"
            {rules}
            example = "thing.make name x"
            params = [
              {{ name = "name", type = "string", required = true, summary = "Name" }},
              {{ name = "size", type = "int", summary = "Size" }},
              {{ name = "kind", type = "string", choices = ["A", "MX"], summary = "Kind" }},
              {{ name = "on", type = "boolean", summary = "On" }},
              {{ name = "key", type = "string", secret = true, summary = "Key" }},
              {{ name = "all", type = "dict", summary = "All", fields = [{{ name = "size", type = "int" }}] }},
            ]
            "#
        );
        tests::lint_of(provider, fields, &methods)
    }

    #[test]
    fn rules_name_what_is_there_and_make_sense() {
        for (rule, finding) in [
            (
                r#"method = "thing.list", with = { name = "name" }, find = { name = "name" }, since = "made", id = "id""#,
                "fit",
            ),
            (r#"method = "thing.list", with = { name = "name" }, since = "at", count = "size""#, "fit"),
            (r#"method = "thing.list", find = { hosts = "name" }, unique = true, where = { state = ["OK"] }"#, "fit"),
            (r#"method = "thing.list", at = "hosts", find = { "." = "name" }, expect = "absent""#, "fit"),
            (r#"method = "thing.list", at = "parts.*", find = { size = "size" }, unique = true"#, "fit"),
            (r#"method = "thing.get", with = { id = "name" }, expect = "changed", becomes = { on = "on" }"#, "fit"),
            (r#"method = "thing.get", with = { id = "name" }, gone = [4], expect = "absent""#, "fit"),
            (
                r#"method = "thing.get", with = { id = "name" }, expect = "absent", then = { mode = ["PENDING_*"], on = [true] }"#,
                "fit",
            ),
            (r#"method = "thing.list", find = { name = "name" }, unless = { kind = ["MX"], on = [true] }"#, "fit"),
            (r#"method = "thing.list", find = { name = "name" }, needs = ["size"]"#, "fit"),
            (
                r#"method = "thing.get", with = { id = "name" }, gone = [4], expect = "changed", becomes = { on = "on" }"#,
                "gone is for what",
            ),
            (
                r#"method = "thing.get", with = { id = "name" }, id = "id", expect = "changed", becomes = { on = "on" }"#,
                "id is for what",
            ),
            (r#"method = "thing.list", find = { name = "name" }, needs = ["name"]"#, "name, which is required anyway"),
            (r#"method = "thing.list", find = { name = "name" }, unless = { kind = ["NS"] }"#, "kind cannot be NS"),
            (r#"method = "thing.list", find = { name = "name" }, unless = { on = [1] }"#, "on cannot be 1"),
            (r#"method = "thing.list", find = { name = "name" }, unless = { "all.size" = ["a"] }"#, "cannot be a"),
            (r#"method = "thing.list", find = { name = "name" }, where = { on = ["true"] }"#, "on cannot be true"),
            (r#"method = "thing.list", find = { name = "name" }, where = { mode = ["DOWN"] }"#, "mode cannot be DOWN"),
            (
                r#"method = "thing.list", find = { name = "name" }, expect = "absent", then = { mode = ["GOING_*"] }"#,
                "mode cannot be GOING_*",
            ),
            (
                r#"method = "thing.list", find = { name = "name" }, expect = "absent", busy = { on = ["yes"] }"#,
                "on cannot be yes",
            ),
            (r#"method = "thing.list", at = "parts.*", find = { size = "all.size" }, unique = true"#, "fit"),
            (r#"method = "thing.list", find = { name = "all.none" }"#, "all.none is not a parameter"),
            (r#"method = "thing.no""#, "thing.no is not a method"),
            (r#"method = "thing.make", with = { name = "name" }"#, "does more than read"),
            (r#"method = "thing.get""#, "thing.get needs id"),
            (r#"method = "thing.list", with = { id = "name" }"#, "id is not a parameter of thing.list"),
            (r#"method = "thing.list", with = { name = "on" }"#, "name and on are of different types"),
            (r#"method = "thing.list", find = { name = "title" }"#, "title is not a parameter of the call"),
            (r#"method = "thing.list", find = { name = "key" }"#, "key is secret, so it is not kept"),
            (r#"method = "thing.list", find = { name = "all" }"#, "all is not a plain value"),
            (r#"method = "thing.list", find = { title = "name" }"#, "title is not a field of thing.list"),
            (r#"method = "thing.list", find = { key = "name" }"#, "key is secret"),
            (r#"method = "thing.list", find = { on = "name" }"#, "on and name are of different types"),
            (r#"method = "thing.list", find = { parts = "name" }"#, "of different types"),
            (r#"method = "thing.list", at = "parts.*", find = { name = "name" }"#, "name is not a field"),
            (r#"method = "thing.list", find = { name = "name" }, since = "state""#, "since is not a date"),
            (r#"method = "thing.list", find = { name = "name" }, where = { mood = ["OK"] }"#, "mood is not a field"),
            (r#"method = "thing.get", with = { id = "name" }, gone = [5]"#, "5 is not one of"),
            (r#"method = "thing.list", since = "made""#, "nothing says what is looked for"),
            (r#"method = "thing.list", with = { name = "name" }"#, "which member of the list"),
            (r#"method = "thing.list", find = { name = "name" }, count = "size""#, "only be recognized by their time"),
            (r#"method = "thing.list", find = { name = "name" }, since = "made", count = "name""#, "must name an int"),
            (r#"method = "thing.list", find = { name = "name" }, since = "made", unique = true"#, "need not be unique"),
            (
                r#"method = "thing.list", find = { name = "name" }, expect = "absent", unique = true"#,
                "what a call makes",
            ),
            (r#"method = "thing.list", find = { name = "name" }, then = { on = [true] }"#, "then is for"),
            (r#"method = "thing.list", find = { name = "name" }, expect = "changed""#, "nothing says what is changed"),
            (
                r#"method = "thing.list", find = { name = "name" }, expect = "absent", becomes = { on = "on" }"#,
                "what is gone",
            ),
            (r#"method = "thing.list", find = { name = "name" }, busy = { on = [true] }"#, "busy is for"),
            (
                r#"method = "thing.list", find = { name = "name" }, expect = "absent", slow = true, busy = { on = [true] }"#,
                "need not be slow",
            ),
            (r#"method = "thing.list", find = { name = "name" }, unless = { size = [] }"#, "names no values"),
            (r#"method = "thing.list", find = { name = "name" }, unless = { no = [1] }"#, "no is not a parameter"),
            (r#"method = "thing.list", find = { name = "name" }, look = "the list.""#, "full stop"),
            (r#"method = "thing.list", find = { name = "name" }, look = """#, "empty or too long"),
        ] {
            let findings = lint_of(rule);
            assert!(findings.contains(finding), "{rule}: {findings}");
        }
    }
    #[test]
    fn what_shows_an_object_is_checked_in_the_same_way_but_may_be_asked_with_a_key() {
        for (rule, finding) in [
            (r#"method = "thing.get", with = { id = "name" }, gone = [4]"#, "fit"),
            (r#"method = "thing.get", with = { id = "key" }, label = "name""#, "fit"),
            (r#"method = "thing.list", find = { key = "key" }, label = ["name", "id"]"#, "fit"),
            (r#"method = "thing.list""#, "nothing says what is looked for"),
            (r#"method = "thing.list", with = { name = "name" }"#, "nothing says which member"),
            (r#"method = "thing.make", with = { name = "name" }"#, "does more than read"),
            (r#"method = "thing.gone", with = { id = "name" }"#, "thing.gone is not a method"),
            (r#"method = "thing.get", with = { id = "name" }, label = "title""#, "title is not a field"),
            (r#"method = "thing.get", with = { id = "name" }, label = "key""#, "key is secret"),
            (r#"method = "thing.get", with = { id = "name" }, label = "parts""#, "parts is not a plain value"),
        ] {
            let findings = lint_of_both(&format!("shows = {{ {rule} }}"));
            assert!(findings.contains(finding), "{rule}: {findings}");
            assert!(finding == "fit" || findings.contains("shows: "), "{findings}");
        }
    }
}
