//! What can be called: methods, their parameters and what they return.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::Deserialize;

pub use super::arguments::Passing;

use super::effect::{Effect, EffectWhen, Effects, effects_of};
use super::job::Begins;
use super::paging::Paging;
use super::pattern::Pattern;
use super::route::{AnswerForm, Answers, Place, Route, Sends, one_or_more, placeholders};
use super::rule::Rule;
use super::{Arguments, Chart, Code, Form, IdempotencyRule, PriceRule, ReconcileRule, ShowRule, Type, Unit, Value};

/// One method of a provider, or one local command.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// The provider's own name.
    pub name: String,
    /// The line of the provider's document, or another pointer into it.
    #[serde(default)]
    pub doc: Option<u32>,
    /// The document's own name for the place: a section, a path or a title.
    #[serde(rename = "ref", default)]
    pub reference: Option<String>,
    /// Other names that users may type for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One line of what it does.
    #[serde(default)]
    pub summary: String,
    /// What else a user must know.
    #[serde(default)]
    pub notes: Option<String>,
    /// What it does to the account at worst; [`Method::effects_of`] is what one call does.
    #[serde(default)]
    pub effect: Effect,
    /// What else it does.
    #[serde(default)]
    pub also: Vec<Effect>,
    /// What it does with certain values; the first condition that holds decides.
    #[serde(default)]
    pub effect_when: Vec<EffectWhen>,
    /// What its effect was derived from in the provider's document, where no person has reviewed it: `its verb GET`.
    #[serde(default)]
    pub derived: Option<String>,
    /// What is lost for good, worded to follow "loses": `what the server has not written to its disk`.
    #[serde(default)]
    pub loses: Option<String>,
    /// A charge that the provider's document mentions: a clause.
    #[serde(default)]
    pub charge: Option<String>,
    /// A warning in the provider's document: a sentence. The user is asked to confirm, as for a loss.
    #[serde(default)]
    pub caution: Option<String>,
    /// How many calls of it one account may have under way at once, where its document gives a limit.
    #[serde(default)]
    pub calls_at_once: Option<NonZeroUsize>,
    /// The user needs one of these roles to call it, where the document names them.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How the arguments are passed, where this is different from the provider's usual way.
    #[serde(default)]
    pub arguments: Option<Passing>,
    /// The way of the key for it, where it is not the account's: one of the provider's ways, or `none`.
    #[serde(default)]
    pub auth: Option<String>,
    /// In the document's order.
    #[serde(default)]
    pub params: Vec<Param>,
    /// Rules between the values of its parameters.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The type of the result.
    #[serde(default)]
    pub returns: Type,
    /// One line about the result.
    #[serde(default)]
    pub returns_summary: Option<String>,
    /// The fields of the result, or of its members, unless the type names a shape.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The columns of a table of its result, the most important first; empty if its shape has them, or none are known.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The provider's error codes that its document names for this method.
    #[serde(default)]
    pub errors: Vec<Code>,
    /// What codes mean for this method, where they mean something else elsewhere.
    #[serde(default)]
    pub meanings: BTreeMap<String, String>,
    /// Since when it is deprecated, or what replaces it.
    #[serde(default)]
    pub deprecated: Option<String>,
    /// What it starts that goes on after the answer, and how to find it.
    #[serde(default)]
    pub job: Option<Begins>,
    /// The parameter that names what a destroying call destroys, if it is not the first that looks like a name.
    #[serde(default)]
    pub object: Option<String>,
    /// The kinds of objects that its result describes, such as `dns.zone`, in place of what its shape says.
    #[serde(default, deserialize_with = "one_or_more")]
    pub kind: Vec<String>,
    /// The field of the result with the id of that object; `None` where the result is the id.
    #[serde(default)]
    pub key: Option<String>,
    /// Fields of the result that name the object for people; the first that is not empty is used.
    #[serde(default, deserialize_with = "one_or_more")]
    pub label: Vec<String>,
    /// How to ask for its price.
    #[serde(default)]
    pub price: Option<PriceRule>,
    /// How to find out its outcome if no answer came.
    #[serde(default)]
    pub reconcile: Option<ReconcileRule>,
    /// How to read its object for a question, if `reconcile` does not say so: see [`Method::showing`].
    #[serde(default)]
    pub shows: Option<ShowRule>,
    /// How the provider recognises a repeated call, where this is different from the provider's usual way.
    #[serde(default)]
    pub idempotency: Option<IdempotencyRule>,
    /// The field of its result that is the account's new key.
    #[serde(default)]
    pub new_key: Option<String>,
    /// The field of its result that is a document or an image: its bytes are written as they are.
    #[serde(default)]
    pub document: Option<String>,
    /// How its result is drawn as a chart.
    #[serde(default)]
    pub chart: Option<Chart>,
    /// Its own address, where each of the provider's methods has one.
    #[serde(default)]
    pub route: Option<Route>,
    /// The body of its request; `None` when it has none.
    #[serde(default)]
    pub sends: Option<Sends>,
    /// How its answer is read.
    #[serde(default)]
    pub answers: Option<Answers>,
    /// How its list is read page by page, where this is different from the provider's usual way.
    #[serde(default)]
    pub paging: Option<Paging>,
    /// Why its address is believed to be right, although nothing confirms it.
    #[serde(default)]
    pub inferred: Option<String>,
    /// An example line that calls it.
    #[serde(default)]
    pub example: Option<String>,
    /// Nothing but its name is known: it takes parameters of any name and type.
    #[serde(skip)]
    pub untyped: bool,
    /// The names of its parameters are not case-sensitive, as the provider states.
    #[serde(skip)]
    pub any_case: bool,
}

impl Method {
    /// A method that is only in the server's live list.
    pub fn discovered(name: &str) -> Method {
        Method { name: name.to_owned(), untyped: true, ..Method::default() }
    }

    /// Everything it may do, whatever the values.
    pub fn effects(&self) -> Effects {
        Effects::of(self.effect, &self.also)
    }

    /// What a call with these values does. Values without names count as anything.
    pub fn effects_of(&self, arguments: &Arguments) -> Effects {
        match arguments {
            Arguments::Named(given) => effects_of(&self.effect_when, self.effects(), given),
            Arguments::Positional(_) => self.effects(),
        }
    }

    /// What a code means for this method alone.
    pub fn meaning(&self, code: &Code) -> Option<&str> {
        self.meanings.get(code.as_str()).map(String::as_str)
    }

    /// The place of a parameter in the order of the parameters.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|param| param.name == name)
    }

    /// The parameter with that name or alias.
    pub fn param(&self, name: &str) -> Option<&Param> {
        let own = self.params.iter().find(|param| param.name == name);
        own.or_else(|| self.params.iter().find(|param| param.answers_to(name, self.any_case)))
    }

    /// How its arguments are passed.
    pub fn passing(&self) -> Passing {
        self.arguments.unwrap_or_default()
    }

    /// Whether a call needs a variable of the provider: in its address, or in a value that the program fills in.
    pub fn needs_variable(&self, name: &str) -> bool {
        let in_template = |param: &Param| {
            param.template.as_deref().is_some_and(|template| placeholders(template).any(|found| found == name))
        };
        let filled = |param: &Param| param.variable.as_deref() == Some(name) || in_template(param);
        self.route.as_ref().is_some_and(|route| route.mentions(name)) || self.params.iter().any(filled)
    }

    /// Where the value of a parameter is put.
    pub fn place(&self, param: &Param) -> Place {
        let mentioned = self.route.as_ref().is_some_and(|route| route.mentions(param.wire_name()));
        match param.place {
            Some(place) => place,
            None if mentioned => Place::Path,
            None if self.sends.is_some() => Place::Body,
            None => Place::Query,
        }
    }

    /// Whether the result is a document or an image: bytes that mean nothing in any other form.
    pub fn returns_document(&self) -> bool {
        let form = self.answers.as_ref().map(|answers| answers.form);
        matches!(form, Some(AnswerForm::Pdf | AnswerForm::Png))
    }

    /// Whether the result is rows in the provider's own notation.
    pub fn returns_report(&self) -> bool {
        self.answers.as_ref().is_some_and(|answers| answers.form == AnswerForm::Csv)
    }
}

/// One parameter of a method.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// The provider's own name.
    pub name: String,
    /// Other names that users may type for it. Its name on the wire is one of them without being listed.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The type of its value.
    #[serde(rename = "type", default)]
    pub type_: Type,
    /// The types that a value of type `any` may have; empty means all.
    #[serde(default)]
    pub takes: Vec<Type>,
    /// One line of what it is.
    #[serde(default)]
    pub summary: String,
    /// Whether the provider refuses a call without it.
    #[serde(default)]
    pub required: bool,
    /// The allowed values; empty means any.
    #[serde(default)]
    pub choices: Vec<Value>,
    /// Smallest number.
    #[serde(default)]
    pub min: Option<i64>,
    /// Largest number.
    #[serde(default)]
    pub max: Option<i64>,
    /// What the number must be a multiple of.
    #[serde(default)]
    pub step: Option<i64>,
    /// Fewest characters of a text, or fewest members of a list or a dictionary.
    #[serde(default)]
    pub min_length: Option<usize>,
    /// Most characters of a text, or most members of a list or a dictionary.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// A pattern that the text must match.
    #[serde(default)]
    pub pattern: Option<Pattern>,
    /// Texts that are not allowed, in any letter case.
    #[serde(default)]
    pub not: Vec<String>,
    /// An empty text is accepted as "no value".
    #[serde(default)]
    pub or_empty: bool,
    /// No two members of the list may be equal.
    #[serde(default)]
    pub distinct: bool,
    /// Values that are only allowed as the single member of the list.
    #[serde(default)]
    pub alone: Vec<Value>,
    /// How a date is written; a typed date is converted if possible.
    #[serde(default)]
    pub form: Option<Form>,
    /// Fields that a list can be sorted by: the value is field names separated by commas.
    #[serde(default)]
    pub sorts: Option<Sorting>,
    /// What the provider assumes when it is left out.
    #[serde(default)]
    pub default: Option<Value>,
    /// The kinds of objects that its value, or each of its members, names.
    #[serde(default, deserialize_with = "one_or_more")]
    pub names: Vec<String>,
    /// A password or a key.
    #[serde(default)]
    pub secret: bool,
    /// Why it should no longer be used.
    #[serde(default)]
    pub deprecated: Option<String>,
    /// Where its value is put, if not in the usual place.
    #[serde(default)]
    pub place: Option<Place>,
    /// Its name on the wire, if different; in XML a path such as `range/address` or `disk/@id`, in JSON one such as
    /// `limits/memory`.
    #[serde(default)]
    pub wire: Option<String>,
    /// Words that may follow its name: `created.MIN` beside `created`.
    #[serde(default)]
    pub operators: Vec<String>,
    /// The last parameter, a list: each member is sent as a value of its own where values are sent in order.
    #[serde(default)]
    pub variadic: bool,
    /// The list is sent by repeating its name.
    #[serde(default)]
    pub repeat: bool,
    /// The list is sent as one text with this between its members.
    #[serde(default)]
    pub join: Option<String>,
    /// Its value is a file, given as `(file)PATH`, which is sent as it is.
    #[serde(default)]
    pub file: bool,
    /// The elements on its path are sent even when it is not given.
    #[serde(default)]
    pub always: bool,
    /// The provider's own "are you sure?" parameter; the shell answers it.
    #[serde(default)]
    pub confirm: bool,
    /// The provider's variable whose value is sent when the user gives none.
    #[serde(default)]
    pub variable: Option<String>,
    /// The template for a value without a slash: `/base/{org-id}/network/{}`, with the provider's variables.
    #[serde(default)]
    pub template: Option<String>,
    /// The fields of a dictionary, or of a list's members.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Rules between those fields.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

impl Param {
    /// Its name on the wire.
    pub fn wire_name(&self) -> &str {
        self.wire.as_deref().unwrap_or(&self.name)
    }

    /// Whether a name is one of its aliases.
    fn answers_to(&self, name: &str, any_case: bool) -> bool {
        let same = |known: &str| known == name || any_case && known.eq_ignore_ascii_case(name);
        same(&self.name)
            || self.aliases.iter().any(|alias| same(alias))
            || self.wire_alias().is_some_and(|it| same(&it))
    }

    /// Its name on the wire as a user would type it: `range.address` for `range/address`, `id` for `@id`.
    pub fn wire_alias(&self) -> Option<String> {
        Some(self.wire.as_deref()?.replace('/', ".").replace('@', ""))
    }

    /// The only answer to the provider's "are you sure?".
    pub fn answer(&self) -> Option<&Value> {
        match self.choices.as_slice() {
            [only] if self.confirm => Some(only),
            _ => None,
        }
    }
}

/// What a list can be sorted by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sorting {
    /// Names of fields.
    pub by: Vec<String>,
    /// Words that may follow a name after a dot, such as `DESCENDING`.
    #[serde(default)]
    pub with: Vec<String>,
}

/// One field of a dictionary.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The provider's own name.
    pub name: String,
    /// The type of its value.
    #[serde(rename = "type", default)]
    pub type_: Type,
    /// One line of what it is.
    #[serde(default)]
    pub summary: String,
    /// Whether it may be missing.
    #[serde(default)]
    pub optional: bool,
    /// The service sets it: it is in results and never sent.
    #[serde(default)]
    pub read_only: bool,
    /// The kinds of objects that its value, or each of its members, names.
    #[serde(default, deserialize_with = "one_or_more")]
    pub names: Vec<String>,
    /// The kinds of objects that it describes, in place of what its shape says, or that its value is the id of.
    #[serde(default, deserialize_with = "one_or_more")]
    pub kind: Vec<String>,
    /// The inner field with the id of that object; `None` where the value is the id.
    #[serde(default)]
    pub key: Option<String>,
    /// What names the object for people: inner fields, or those beside it where the value is the id.
    #[serde(default, deserialize_with = "one_or_more")]
    pub label: Vec<String>,
    /// A password or a key.
    #[serde(default)]
    pub secret: bool,
    /// The values it may take; empty means any.
    #[serde(default)]
    pub choices: Vec<Value>,
    /// Smallest number.
    #[serde(default)]
    pub min: Option<i64>,
    /// Largest number.
    #[serde(default)]
    pub max: Option<i64>,
    /// What the number must be a multiple of.
    #[serde(default)]
    pub step: Option<i64>,
    /// Fewest characters of a text, or fewest members of a list or a dictionary.
    #[serde(default)]
    pub min_length: Option<usize>,
    /// Most characters of a text, or most members of a list or a dictionary.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// A pattern that the text must match.
    #[serde(default)]
    pub pattern: Option<Pattern>,
    /// Texts that are not allowed, in any letter case.
    #[serde(default)]
    pub not: Vec<String>,
    /// An empty text is accepted as "no value".
    #[serde(default)]
    pub or_empty: bool,
    /// No two members of the list may be equal.
    #[serde(default)]
    pub distinct: bool,
    /// Values that are only allowed as the single member of the list.
    #[serde(default)]
    pub alone: Vec<Value>,
    /// How a date is written, or how a value that means little to people is shown.
    #[serde(default)]
    pub form: Option<Form>,
    /// What it measures, or how a table shows it.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// For money: the field beside it that has the currency, or the currency itself (`GBP`).
    #[serde(default)]
    pub currency: Option<String>,
    /// Values that mean that there is none.
    #[serde(default)]
    pub empty: Vec<Value>,
    /// The types that a value of type `any` may have; empty means all.
    #[serde(default)]
    pub takes: Vec<Type>,
    /// Its name on the wire, if different: see [`Param::wire`].
    #[serde(default)]
    pub wire: Option<String>,
    /// The name given to a second member of the same name, for a service that sends a name twice with two meanings.
    #[serde(default)]
    pub twin: Option<String>,
    /// The fields of an inner dictionary, or of an inner list's members.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Rules between those fields.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

impl Field {
    /// Its name on the wire.
    pub fn wire_name(&self) -> &str {
        self.wire.as_deref().unwrap_or(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_is_written_without_brackets() {
        let of =
            |names: &str| serde_json::from_str::<Param>(&format!(r#"{{"name":"p","names":{names}}}"#)).unwrap().names;
        assert_eq!((of(r#""a""#), of(r#"["a","b"]"#)), (vec!["a".into()], vec!["a".into(), "b".into()]));
    }
}
