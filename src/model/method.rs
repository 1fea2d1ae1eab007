//! What can be called: methods, their parameters and what they return.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::effect::{Effect, EffectWhen, Effects, effects_of};
use super::job::Begins;
use super::pattern::Pattern;
use super::route::{AnswerForm, Answers, Place, Route, Sends, placeholders};
use super::rule::Rule;
use super::{Arguments, Code, PriceRule, Type, Value};

/// How arguments travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Passing {
    /// As one dictionary of named values.
    #[default]
    Named,
    /// As separate values, in the order of the parameters.
    Positional,
}

/// One method of a provider, or one local command.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// The provider's own name.
    pub name: String,
    /// The line of the provider's document, or another pointer into it.
    #[serde(default)]
    pub doc: Option<u32>,
    /// What the provider's document calls the place: a section, a path or a title.
    #[serde(rename = "ref", default)]
    pub reference: Option<String>,
    /// Other names it answers to.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One line of what it does.
    #[serde(default)]
    pub summary: String,
    /// What else a user must know.
    #[serde(default)]
    pub notes: Option<String>,
    /// What it does to the account, at worst: see [`Method::effects_of`] for what a call does.
    #[serde(default)]
    pub effect: Effect,
    /// What else it does beside that.
    #[serde(default)]
    pub also: Vec<Effect>,
    /// What it does with certain values; the first that holds counts.
    #[serde(default)]
    pub effect_when: Vec<EffectWhen>,
    /// What is lost for good, as it follows "loses": `what the server has not written to its disk`.
    #[serde(default)]
    pub loses: Option<String>,
    /// What the provider's document names as a charge: a clause.
    #[serde(default)]
    pub charge: Option<String>,
    /// What the provider's document warns of: a sentence. The user is asked as about a loss.
    #[serde(default)]
    pub caution: Option<String>,
    /// The roles of which a user needs one to call it, where the document names them.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How the arguments travel; as the provider says where this says nothing.
    #[serde(default)]
    pub arguments: Option<Passing>,
    /// In the document's order.
    #[serde(default)]
    pub params: Vec<Param>,
    /// What the values of its parameters ask of each other.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The type of the result.
    #[serde(default)]
    pub returns: Type,
    /// One line about the result.
    #[serde(default)]
    pub returns_summary: Option<String>,
    /// The fields of the result, or of its members, when no shape is named.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The provider's error codes that its document names for this method.
    #[serde(default)]
    pub errors: Vec<Code>,
    /// What codes mean for this method, where that is not what they mean elsewhere.
    #[serde(default)]
    pub meanings: BTreeMap<String, String>,
    /// Since when it is deprecated, or by what it is replaced.
    #[serde(default)]
    pub deprecated: Option<String>,
    /// What goes on after the answer, and how it is found.
    #[serde(default)]
    pub job: Option<Begins>,
    /// The parameter that names what a destroying call destroys, when that is not the first that looks like a name.
    #[serde(default)]
    pub object: Option<String>,
    /// How its price can be asked for.
    #[serde(default)]
    pub price: Option<PriceRule>,
    /// The field of its result that is the account's key from then on.
    #[serde(default)]
    pub new_key: Option<String>,
    /// The field of its result that is a document or a picture: its bytes are what is meant.
    #[serde(default)]
    pub document: Option<String>,
    /// Its own address, where the provider has one for each method.
    #[serde(default)]
    pub route: Option<Route>,
    /// What the body of its request is; nothing when it has none.
    #[serde(default)]
    pub sends: Option<Sends>,
    /// How its answer is read.
    #[serde(default)]
    pub answers: Option<Answers>,
    /// Why its address is believed although nothing confirms it.
    #[serde(default)]
    pub inferred: Option<String>,
    /// A line that calls it.
    #[serde(default)]
    pub example: Option<String>,
    /// Nothing but the name is known: parameters are free and untyped.
    #[serde(skip)]
    pub untyped: bool,
    /// The names of its parameters mean the same in capitals and in small letters, as the provider says.
    #[serde(skip)]
    pub any_case: bool,
}

impl Method {
    /// A method that only the server knows.
    pub fn discovered(name: &str) -> Method {
        Method { name: name.to_owned(), untyped: true, ..Method::default() }
    }

    /// All that it may do, whatever the values.
    pub fn effects(&self) -> Effects {
        Effects::of(self.effect, &self.also)
    }

    /// What a call with these values does. Values without names can mean anything.
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

    /// The parameter of that name, or the one that has it as another name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        let own = self.params.iter().find(|param| param.name == name);
        own.or_else(|| self.params.iter().find(|param| param.answers_to(name, self.any_case)))
    }

    /// How its arguments travel.
    pub fn passing(&self) -> Passing {
        self.arguments.unwrap_or_default()
    }

    /// Whether a call of it needs a variable of the provider: in its address, or in a value that the program fills in.
    pub fn needs_variable(&self, name: &str) -> bool {
        let in_template = |param: &Param| {
            param.template.as_deref().is_some_and(|template| placeholders(template).any(|found| found == name))
        };
        let filled = |param: &Param| param.variable.as_deref() == Some(name) || in_template(param);
        self.route.as_ref().is_some_and(|route| route.mentions(name)) || self.params.iter().any(filled)
    }

    /// Where the value of a parameter goes.
    pub fn place(&self, param: &Param) -> Place {
        let mentioned = self.route.as_ref().is_some_and(|route| route.mentions(param.wire_name()));
        match param.place {
            Some(place) => place,
            None if mentioned => Place::Path,
            None if self.sends.is_some() => Place::Body,
            None => Place::Query,
        }
    }

    /// Whether a document or a picture comes back: bytes that mean nothing in any other form.
    pub fn returns_document(&self) -> bool {
        let form = self.answers.as_ref().map(|answers| answers.form);
        matches!(form, Some(AnswerForm::Pdf | AnswerForm::Png))
    }

    /// Whether rows come back in the provider's own notation for them.
    pub fn returns_report(&self) -> bool {
        self.answers.as_ref().is_some_and(|answers| answers.form == AnswerForm::Csv)
    }

    /// Whether a secret can come back, however deep: then files are written for the owner alone.
    pub fn returns_secret(&self, shapes: &[Shape]) -> bool {
        fn any<'s>(fields: &'s [Field], shapes: &'s [Shape], seen: &mut Vec<&'s str>) -> bool {
            fields.iter().any(|field| {
                field.secret || any(&field.fields, shapes, seen) || of_shape(field.type_.shape(), shapes, seen)
            })
        }
        fn of_shape<'s>(name: Option<&str>, shapes: &'s [Shape], seen: &mut Vec<&'s str>) -> bool {
            let shape = name.and_then(|name| shapes.iter().find(|shape| shape.name == name));
            // Shapes may contain each other: one that has been looked into needs no second look.
            let Some(shape) = shape.filter(|shape| !seen.contains(&shape.name.as_str())) else { return false };
            seen.push(&shape.name);
            any(&shape.fields, shapes, seen)
        }
        let mut seen = Vec::new();
        any(&self.fields, shapes, &mut seen) || of_shape(self.returns.shape(), shapes, &mut seen)
    }

    /// The fields of its result, or of its members, wherever they are described.
    pub fn result_fields<'m>(&'m self, shapes: &'m [Shape]) -> &'m [Field] {
        let shape = self.returns.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        shape.map_or(&self.fields, |shape| &shape.fields)
    }
}

/// One parameter of a method.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// The provider's own name.
    pub name: String,
    /// Other names it is taken by. Its name on the wire is one of them without being listed.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The type of its value.
    #[serde(rename = "type", default)]
    pub type_: Type,
    /// What a value of type `any` may be; empty means anything.
    #[serde(default)]
    pub takes: Vec<Type>,
    /// One line of what it is.
    #[serde(default)]
    pub summary: String,
    /// Whether a call without it is refused.
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
    /// Fewest characters of a text, or members of a list or a dictionary.
    #[serde(default)]
    pub min_length: Option<usize>,
    /// Most characters of a text, or members of a list or a dictionary.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// A pattern that the text must match.
    #[serde(default)]
    pub pattern: Option<Pattern>,
    /// Texts that it must not be, whatever their case.
    #[serde(default)]
    pub not: Vec<String>,
    /// An empty text may stand for no value.
    #[serde(default)]
    pub or_empty: bool,
    /// No two members of the list may be the same.
    #[serde(default)]
    pub distinct: bool,
    /// Members that must be the only one of the list.
    #[serde(default)]
    pub alone: Vec<Value>,
    /// How a date is written; it is rewritten where it can be.
    #[serde(default)]
    pub form: Option<Form>,
    /// Fields that a list can be sorted by: the value is names between commas.
    #[serde(default)]
    pub sorts: Option<Sorting>,
    /// What the provider assumes when it is left out.
    #[serde(default)]
    pub default: Option<Value>,
    /// A password or a key.
    #[serde(default)]
    pub secret: bool,
    /// Why it should no longer be used.
    #[serde(default)]
    pub deprecated: Option<String>,
    /// Where its value goes, when not to the usual place.
    #[serde(default)]
    pub place: Option<Place>,
    /// Its name on the wire, where that is another one; in XML a path such as `range/address` or `disk/@id`.
    #[serde(default)]
    pub wire: Option<String>,
    /// Words that may come after its name: `created.MIN` beside `created`.
    #[serde(default)]
    pub operators: Vec<String>,
    /// A list that is sent as its name several times over.
    #[serde(default)]
    pub repeat: bool,
    /// The elements that its path on the wire leads through are there even when it is not given.
    #[serde(default)]
    pub always: bool,
    /// The provider's own question whether one is sure; the shell answers it.
    #[serde(default)]
    pub confirm: bool,
    /// The provider's variable whose value is sent when none is given.
    #[serde(default)]
    pub variable: Option<String>,
    /// What a value without a slash is put into: `/base/{org-id}/network/{}`, with the provider's variables.
    #[serde(default)]
    pub template: Option<String>,
    /// The fields of a dictionary, or of a list's members.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// What those fields ask of each other.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

impl Param {
    /// Its name on the wire.
    pub fn wire_name(&self) -> &str {
        self.wire.as_deref().unwrap_or(&self.name)
    }

    /// Whether a name that is not its own is one of its others.
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

    /// The only answer to the provider's question whether one is sure.
    pub fn answer(&self) -> Option<&Value> {
        match self.choices.as_slice() {
            [only] if self.confirm => Some(only),
            _ => None,
        }
    }
}

/// What a value stands for or how it is written, where its type does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A time as seconds since the start of 1970, UTC.
    Epoch,
    /// `yyyy-mm-dd`.
    Day,
    /// `yyyy-mm-ddThh:mm:ss`, with an offset if one is given.
    Moment,
    /// A day or a moment.
    Iso,
    /// `yyyy-mm-dd hh:mm`.
    Minute,
}

/// What a list can be sorted by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sorting {
    /// Names of fields.
    pub by: Vec<String>,
    /// Words that may follow a name after a dot, `DESCENDING` for one.
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
    /// Fewest characters of a text, or members of a list or a dictionary.
    #[serde(default)]
    pub min_length: Option<usize>,
    /// Most characters of a text, or members of a list or a dictionary.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// A pattern that the text must match.
    #[serde(default)]
    pub pattern: Option<Pattern>,
    /// Texts that it must not be, whatever their case.
    #[serde(default)]
    pub not: Vec<String>,
    /// An empty text may stand for no value.
    #[serde(default)]
    pub or_empty: bool,
    /// No two members of the list may be the same.
    #[serde(default)]
    pub distinct: bool,
    /// Members that must be the only one of the list.
    #[serde(default)]
    pub alone: Vec<Value>,
    /// What people are shown in place of a value that means little to them, or how a date is written.
    #[serde(default)]
    pub form: Option<Form>,
    /// What a value of type `any` may be; empty means anything.
    #[serde(default)]
    pub takes: Vec<Type>,
    /// Its name on the wire, where that is another one: see [`Param::wire`].
    #[serde(default)]
    pub wire: Option<String>,
    /// The name of a second member of this name: a service that sends a name twice means two things by it.
    #[serde(default)]
    pub twin: Option<String>,
    /// The fields of an inner dictionary, or of an inner list's members.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// What those fields ask of each other.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

impl Field {
    /// Its name on the wire.
    pub fn wire_name(&self) -> &str {
        self.wire.as_deref().unwrap_or(&self.name)
    }
}

/// A dictionary that several methods return or take.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// What `@name` refers to.
    pub name: String,
    /// The line of the provider's document that describes it.
    #[serde(default)]
    pub doc: Option<u32>,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// What they ask of each other.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_however_deep_it_lies() {
        let shape = |name: &str, holds: &str| format!(r#"{{"name":"{name}","fields":[{holds}]}}"#);
        let inner = |to: &str| format!(r#"{{"name":"in","type":"list:@{to}"}}"#);
        let chain: Vec<String> = (0..20).map(|at| shape(&format!("s{at}"), &inner(&format!("s{}", at + 1)))).collect();
        let last = shape("s20", r#"{"name":"key","type":"string","secret":true}"#);
        let circle = [shape("a", &inner("b")), shape("b", &inner("a"))].join(",");
        let shapes: Vec<Shape> = serde_json::from_str(&format!("[{},{last},{circle}]", chain.join(","))).unwrap();
        for (returns, secret) in [("@s0", true), ("map:@s19", true), ("@a", false), ("@nowhere", false), ("any", false)]
        {
            let method = Method { returns: returns.parse().unwrap(), ..Method::default() };
            assert_eq!(method.returns_secret(&shapes), secret, "{returns}");
        }
    }
}
