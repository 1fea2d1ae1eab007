//! Words → values. An explicit `(type)` always wins; an untyped word is read as the parameter's own type.

use super::error::BindError;
use super::site::Origin;
use super::{Sources, fit, later};
use lang::{Pair, Scalar, TagKind, Variable, Word};
use model::rule::either;
use model::{Date, Decimal, Secret, Span, Spec, Type, Value};

/// The value of a pair, read as its tag says or else as the catalogue does; nothing is known of it without a `spec`.
/// What is inside a dictionary or a list is held against the catalogue later.
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
        // Only a bare `@-` asks for standard input; quoted, it is text.
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
        TagKind::String => return Ok((Value::Text(text), Origin::Explicit)),
        TagKind::Null => return Ok((Value::Null, Origin::Explicit)),
        TagKind::Base64 => return Ok((Value::Bytes(place.read(&text, sources)?), Origin::Explicit)),
        TagKind::File => {
            let bytes = place.read(&text, sources)?;
            return place.untyped(&place.utf8(bytes, &text)?, spec).map(declared);
        }
        TagKind::Json => {
            let value = place.held(pair.value, sources).unwrap_or_else(|| place.json(&text))?;
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

/// Seals the texts of a value: they must not be shown from here on.
pub(super) fn seal(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Secret(Secret::new(text)),
        Value::List(list) => Value::List(list.into_iter().map(seal).collect()),
        Value::Map(map) => Value::Map(map.into_iter().map(|(key, value)| (key, seal(value))).collect()),
        other => other,
    }
}

/// A text as a value of a scalar type; `None` when it is no such text.
pub(super) fn typed(text: &str, wanted: &Type) -> Option<Value> {
    match wanted {
        Type::Any | Type::None | Type::String => Some(Value::Text(text.to_owned())),
        Type::Int => {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            whole.then(|| Value::number(text)).flatten()
        }
        Type::Float => {
            let number = Decimal::parse(text)?;
            // A decimal stays one on the wire, also when no fraction was typed.
            let decimal = if number.is_integer() { Decimal::parse(&format!("{number}.0")) } else { None };
            Some(Value::Decimal(decimal.unwrap_or(number)))
        }
        Type::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(Value::Bool(true)),
            "false" | "no" | "off" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Date => Date::parse(text).map(Value::Date),
        Type::Bytes => Some(Value::Bytes(text.as_bytes().to_vec())),
        Type::Dict | Type::MapOf(_) | Type::Shape(_) | Type::List(_) => None,
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

/// What a variable holds, for an error: its name and the kind of its value.
pub(super) fn named(text: &str, value: &Value) -> String {
    format!("`{text}` ({})", value.kind())
}

/// What a text must be to be of a scalar type.
pub(super) fn wanted(type_: &Type) -> &'static str {
    match type_ {
        Type::Date => "a date such as 2011-06-17 or 20110617T00:00:00",
        other => other.described(),
    }
}

/// A parameter and the place of its value, for errors.
struct Place<'p> {
    name: &'p str,
    span: Span,
    /// What was given must not be shown.
    hidden: bool,
}

impl Place<'_> {
    /// What the word holds if it is a variable.
    fn held(&self, word: &Word, sources: &mut dyn Sources) -> Option<Result<Value, BindError>> {
        let variable = match Variable::of(word)? {
            Ok(variable) => variable,
            Err(error) => return Some(Err(BindError::Syntax(error))),
        };
        let absent = |absent| BindError::Variable { absent, span: variable.span };
        Some(sources.variable(&variable).map_err(absent))
    }

    /// A text without a type in front of it.
    fn untyped(&self, text: &str, spec: Option<Spec<'_>>) -> Result<Value, BindError> {
        let Some(spec) = spec else { return Ok(Value::Text(text.to_owned())) };
        match spec.type_ {
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

    /// A text for a value that may be several things: a JSON list or object is one, anything else the first type that
    /// it can be.
    fn any(&self, text: &str, takes: &[Type]) -> Result<Value, BindError> {
        let holds = |wanted: &Type| matches!(wanted, Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_));
        if text.trim_start().starts_with(['[', '{'])
            && (takes.is_empty() || takes.iter().any(holds))
            && let Ok(value @ (Value::List(_) | Value::Map(_))) = super::json::parse(text)
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

    /// A list by its type: the members are texts unless the type says what they are, or the catalogue does.
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

    /// A list without a type: JSON where its members are dictionaries or the text is a JSON list, else members between
    /// commas.
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
        super::json::parse(text).map_err(|cause| self.wrong(&format!("JSON ({cause})"), Some(quoted(text))))
    }

    fn read(&self, path: &str, sources: &mut dyn Sources) -> Result<Vec<u8>, BindError> {
        match path {
            "-" | "@-" => sources.stdin(),
            path => sources.file(path),
        }
        .map_err(|cause| self.source(path, cause))
    }

    /// A text. The mark that some programs put in front of one is no part of it.
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

/// A typed text for an error: quoted, and short.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    match text.chars().count() {
        0 => "empty".into(),
        n if n > MOST => format!("`{}…`", text.chars().take(MOST).collect::<String>()),
        _ => format!("`{text}`"),
    }
}
