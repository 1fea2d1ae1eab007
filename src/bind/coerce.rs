//! Words → values. An explicit `(type)` always takes precedence; a word without one is read as the parameter's type.

use super::error::BindError;
use super::scalar::typed;
use super::site::Origin;
use super::sources::Sources;
use super::wording::{named, quoted, wanted};
use super::{fit, json, later};
use lang::{Pair, Scalar, Slot, TagKind, Variable, Word};
use model::rule::either;
use model::{Date, Secret, Span, Spec, Type, Value};

/// The value of a pair, read as its type or else as the catalogue says; without a `spec` nothing is known about it. The
/// contents of dictionaries and lists are checked later.
pub(super) fn value(
    pair: &Pair<'_>,
    spec: Option<Spec<'_>>,
    sources: &mut dyn Sources,
) -> Result<(Value, Origin), BindError> {
    if later::is_open(pair, sources) {
        return Ok((Value::Null, Origin::Open));
    }
    let place = Place { name: &pair.name.text, span: pair.value.span, hidden: spec.is_some_and(|spec| spec.secret) };
    let declared = |value| (value, Origin::Declared);
    let text = pair.value.text();
    let Some(tag) = pair.tag else {
        if let Some(held) = place.held(pair.value, sources) {
            return held.map(declared);
        }
        // Only a bare `@-` means standard input; quoted, it is text.
        if pair.value.is_bare() && text == "@-" {
            let bytes = sources.stdin().map_err(|cause| place.source("standard input", cause))?;
            let text = place.utf8(bytes, "standard input")?;
            return place.untyped(text.trim_end_matches('\n'), spec).map(declared);
        }
        return match spec.map(|spec| spec.type_) {
            Some(Type::List(inner)) => place.members(pair.value, inner, sources).map(declared),
            _ => place.untyped(&text, spec).map(declared),
        };
    };
    let type_ = match tag.kind {
        TagKind::String => return Ok((place.text(pair.value, sources)?, Origin::Explicit)),
        TagKind::Null => return Ok((Value::Null, Origin::Explicit)),
        TagKind::Base64 => return Ok((Value::Bytes(place.read(&text, sources)?), Origin::Explicit)),
        TagKind::File => return place.file(&text, spec, sources).map(declared),
        TagKind::Json => {
            // A bracket opens a dictionary here, unless it is a field.
            let is_field = matches!(Slot::of(pair.value), Some(Ok(_))) || Slot::of(pair.value).is_none();
            let held = if is_field { place.held(pair.value, sources) } else { None };
            let value = held.unwrap_or_else(|| place.json(&text))?;
            let single = !matches!(value, Value::List(_) | Value::Map(_));
            return Ok((value, if single { Origin::Explicit } else { Origin::Declared }));
        }
        TagKind::List(scalar) => return place.list(pair.value, scalar, spec, sources),
        TagKind::Int => Type::Int,
        TagKind::Float => Type::Float,
        TagKind::Boolean => Type::Boolean,
        TagKind::Date => Type::Date,
    };
    let value = match place.held(pair.value, sources) {
        Some(held) => {
            let held = held?;
            fit::scalar(&held, &type_).ok_or_else(|| place.wrong(type_.described(), Some(named(&text, &held))))?
        }
        None => place.typed(&text, &type_)?,
    };
    let same = spec.is_some_and(|spec| *spec.type_ == type_);
    Ok((value, if same { Origin::Declared } else { Origin::Explicit }))
}

/// Seals the texts of a value, so that they cannot be shown from now on.
pub(super) fn seal(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Secret(Secret::new(text)),
        Value::List(list) => Value::List(list.into_iter().map(seal).collect()),
        Value::Map(map) => Value::Map(map.into_iter().map(|(key, value)| (key, seal(value))).collect()),
        other => other,
    }
}

fn scalar_type(scalar: Scalar) -> Type {
    match scalar {
        Scalar::String => Type::String,
        Scalar::Int => Type::Int,
        Scalar::Float => Type::Float,
        Scalar::Boolean => Type::Boolean,
        Scalar::Date => Type::Date,
    }
}

/// A parameter and the position of its value, for errors.
struct Place<'p> {
    name: &'p str,
    span: Span,
    /// The given value must not be shown.
    hidden: bool,
}

impl Place<'_> {
    /// The word as text: what a field says, or else what was typed.
    fn text(&self, word: &Word, sources: &mut dyn Sources) -> Result<Value, BindError> {
        let Some(held) = self.field(word, sources) else { return Ok(Value::Text(word.text())) };
        match held? {
            value @ (Value::Text(_) | Value::Secret(_)) => Ok(value),
            value @ (Value::Int(_) | Value::Decimal(_) | Value::Bool(_) | Value::Date(_)) => {
                Ok(Value::Text(value.plain()))
            }
            other => Err(self.wrong("a text", Some(named(&word.text(), &other)))),
        }
    }

    /// The value of the word if it is a field of the member for which the call is made.
    fn field(&self, word: &Word, sources: &mut dyn Sources) -> Option<Result<Value, BindError>> {
        let slot = if sources.has_member() { Slot::of(word)? } else { return None };
        Some(match slot {
            Ok(slot) => sources.field(&slot).map_err(|absent| BindError::Variable { absent, span: slot.span }),
            Err(error) => Err(BindError::Syntax(error)),
        })
    }

    /// The value of the word if it is a variable or a field.
    fn held(&self, word: &Word, sources: &mut dyn Sources) -> Option<Result<Value, BindError>> {
        if let Some(field) = self.field(word, sources) {
            return Some(field);
        }
        let variable = match Variable::of(word)? {
            Ok(variable) => variable,
            Err(error) => return Some(Err(BindError::Syntax(error))),
        };
        let absent = |absent| BindError::Variable { absent, span: variable.span };
        Some(sources.variable(&variable).map_err(absent))
    }

    /// The text of a file, or the file itself where the service takes one.
    fn file(&self, path: &str, spec: Option<Spec<'_>>, sources: &mut dyn Sources) -> Result<Value, BindError> {
        let whole = spec.is_some_and(|spec| spec.file);
        match path {
            "-" | "@-" if whole => self.read(path, sources).map(Value::Bytes),
            path if whole => {
                let file = sources.upload(path).map_err(|cause| self.source(path, cause))?;
                Ok(Value::File(Box::new(file)))
            }
            path => self.untyped(&self.utf8(self.read(path, sources)?, path)?, spec),
        }
    }

    /// A text without a type.
    fn untyped(&self, text: &str, spec: Option<Spec<'_>>) -> Result<Value, BindError> {
        let Some(spec) = spec else { return Ok(Value::Text(text.to_owned())) };
        match spec.type_ {
            // A path must not be sent as if it were what the file contains.
            _ if spec.file => Err(self.wrong("a file, as (file)PATH", Some(quoted(text)))),
            _ if spec.or_empty && text.is_empty() => Ok(Value::Text(String::new())),
            Type::Any => self.any(text, spec.takes),
            Type::Dict | Type::MapOf(_) | Type::Shape(_) => match self.json(text)? {
                value @ Value::Map(_) => Ok(value),
                _ => Err(self.wrong("a JSON object", Some(quoted(text)))),
            },
            Type::List(_) => match self.json(text)? {
                value @ Value::List(_) => Ok(value),
                _ => Err(self.wrong("a JSON list", Some(quoted(text)))),
            },
            Type::Date if spec.form.is_some() => {
                let date = Date::parse_loosely(text).map(Value::Date);
                let form = spec.form.map_or("", model::Form::wanted);
                date.ok_or_else(|| self.wrong(form, Some(quoted(text))))
            }
            scalar => self.typed(text, scalar),
        }
    }

    /// A text for a value that may have several types: a JSON list or object is read as such, anything else as the
    /// first type that fits.
    fn any(&self, text: &str, takes: &[Type]) -> Result<Value, BindError> {
        let holds = |wanted: &Type| matches!(wanted, Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_));
        if text.trim_start().starts_with(['[', '{'])
            && (takes.is_empty() || takes.iter().any(holds))
            && let Ok(value @ (Value::List(_) | Value::Map(_))) = json::parse(text)
        {
            return Ok(value);
        }
        if takes.is_empty() {
            return Ok(Value::Text(text.to_owned()));
        }
        let names: Vec<String> = takes.iter().map(|it| it.described().to_owned()).collect();
        takes.iter().find_map(|it| typed(text, it)).ok_or_else(|| self.wrong(&either(&names), Some(quoted(text))))
    }

    fn typed(&self, text: &str, type_: &Type) -> Result<Value, BindError> {
        typed(text, type_).ok_or_else(|| self.wrong(wanted(type_), Some(quoted(text))))
    }

    /// A list with a type: its members are texts unless the type or the catalogue says otherwise.
    fn list(
        &self,
        word: &Word,
        scalar: Scalar,
        spec: Option<Spec<'_>>,
        sources: &mut dyn Sources,
    ) -> Result<(Value, Origin), BindError> {
        let declared = spec.and_then(Spec::member).map(|member| member.type_);
        let inner = match (scalar, declared) {
            (Scalar::String, Some(inner)) if !inner.holds_dict() && !matches!(inner, Type::List(_)) => inner.clone(),
            (scalar, _) => scalar_type(scalar),
        };
        let origin = if scalar == Scalar::String { Origin::Declared } else { Origin::Explicit };
        Ok((self.between_commas(word, &inner, sources)?, origin))
    }

    /// A list without a type: JSON if its members are dictionaries or the text is a JSON list, otherwise members
    /// separated by commas.
    fn members(&self, word: &Word, inner: &Type, sources: &mut dyn Sources) -> Result<Value, BindError> {
        let text = word.text();
        if inner.holds_dict() || matches!(inner, Type::List(_)) || text.trim_start().starts_with('[') {
            return match self.json(&text)? {
                value @ Value::List(_) => Ok(value),
                _ => Err(self.wrong("a JSON list", Some(quoted(&text)))),
            };
        }
        self.between_commas(word, inner, sources)
    }

    fn between_commas(&self, word: &Word, inner: &Type, sources: &mut dyn Sources) -> Result<Value, BindError> {
        let members = word.members();
        let read = members.iter().map(|member| {
            let place = Place { span: member.span, ..*self };
            match place.held(member, sources) {
                Some(held) => {
                    let held = held?;
                    let text = || named(&member.text(), &held);
                    fit::scalar(&held, inner).ok_or_else(|| place.wrong(inner.described(), Some(text())))
                }
                None => place.typed(&member.text(), inner),
            }
        });
        read.collect::<Result<_, _>>().map(Value::List)
    }

    fn json(&self, text: &str) -> Result<Value, BindError> {
        json::parse(text).map_err(|cause| self.wrong(&format!("JSON ({cause})"), Some(quoted(text))))
    }

    fn read(&self, path: &str, sources: &mut dyn Sources) -> Result<Vec<u8>, BindError> {
        match path {
            "-" | "@-" => sources.stdin(),
            path => sources.file(path),
        }
        .map_err(|cause| self.source(path, cause))
    }

    /// Bytes as text, without the byte order mark that some programs add.
    fn utf8(&self, bytes: Vec<u8>, place: &str) -> Result<String, BindError> {
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_| self.source(place, "it is not UTF-8 text; (base64) sends bytes".into()))?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    fn source(&self, place: &str, cause: String) -> BindError {
        BindError::Source { place: place.to_owned(), cause, span: self.span }
    }

    fn wrong(&self, wanted: &str, given: Option<String>) -> BindError {
        let given = given.filter(|_| !self.hidden);
        BindError::Type { name: self.name.into(), wanted: wanted.into(), given, span: self.span }
    }
}
