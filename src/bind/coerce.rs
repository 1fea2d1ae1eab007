//! Words → values. An explicit `(type)` always wins; an untyped word is read as the parameter's own type.

use super::error::BindError;
use super::{Sources, later};
use lang::{Pair, Scalar, TagKind, Variable, Word};
use model::{Date, Decimal, Secret, Span, Type, Value};

/// The value of a pair, read as its tag says or else as the declared type.
pub(super) fn value(pair: &Pair<'_>, declared: &Type, sources: &mut dyn Sources) -> Result<Value, BindError> {
    if later::is_open(pair, sources) {
        return Ok(Value::Null);
    }
    let name = pair.name.text.as_str();
    let place = Place { name, span: pair.value.span };
    if let Some(value) = place.variable(pair, declared, sources) {
        return value;
    }
    let Some(tag) = pair.tag else {
        // Only a bare `@-` asks for standard input; quoted, it is text.
        if pair.value.is_bare() && pair.value.text() == "@-" {
            let bytes = sources.stdin().map_err(|cause| place.source("standard input", cause))?;
            let text = place.utf8(bytes, "standard input")?;
            return place.typed(text.trim_end_matches('\n'), declared);
        }
        if let Type::List(inner) = declared {
            return place.members(pair.value, inner, sources);
        }
        return place.typed(&pair.value.text(), declared);
    };
    let text = pair.value.text();
    match &tag.kind {
        TagKind::String => Ok(Value::Text(text)),
        TagKind::Null => Ok(Value::Null),
        TagKind::Json => place.json(&text),
        TagKind::Int => place.typed(&text, &Type::Int),
        TagKind::Float => place.typed(&text, &Type::Float),
        TagKind::Boolean => place.typed(&text, &Type::Boolean),
        TagKind::Date => place.typed(&text, &Type::Date),
        TagKind::List(scalar) => place.members(pair.value, &scalar_type(*scalar), sources),
        TagKind::File => {
            let bytes = place.read(&text, sources)?;
            place.typed(&place.utf8(bytes, &text)?, declared)
        }
        TagKind::Base64 => Ok(Value::Bytes(place.read(&text, sources)?)),
    }
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

fn scalar_type(scalar: Scalar) -> Type {
    match scalar {
        Scalar::String => Type::String,
        Scalar::Int => Type::Int,
        Scalar::Float => Type::Float,
        Scalar::Boolean => Type::Boolean,
        Scalar::Date => Type::Date,
    }
}

/// A parameter and the place of its value, for errors.
struct Place<'p> {
    name: &'p str,
    span: Span,
}

impl Place<'_> {
    /// The value of a word that is a variable, as the type in front of it says, or else the declared one. Behind
    /// `(string)` any word is text, and the word behind `(null)` is none.
    fn variable(
        &self,
        pair: &Pair<'_>,
        declared: &Type,
        sources: &mut dyn Sources,
    ) -> Option<Result<Value, BindError>> {
        let wanted = match pair.tag.map(|tag| tag.kind) {
            None => declared.clone(),
            Some(TagKind::Json) => Type::Any,
            Some(TagKind::Int) => Type::Int,
            Some(TagKind::Float) => Type::Float,
            Some(TagKind::Boolean) => Type::Boolean,
            Some(TagKind::Date) => Type::Date,
            Some(TagKind::List(_) | TagKind::String | TagKind::Null | TagKind::File | TagKind::Base64) => return None,
        };
        let held = self.held(pair.value, sources)?;
        Some(held.and_then(|value| self.fit(value, &wanted, &pair.value.text())))
    }

    /// What the word holds if it is a variable.
    fn held(&self, word: &Word, sources: &mut dyn Sources) -> Option<Result<Value, BindError>> {
        let variable = match Variable::of(word)? {
            Ok(variable) => variable,
            Err(error) => return Some(Err(BindError::Syntax(error))),
        };
        let absent = |absent| BindError::Variable { absent, span: variable.span };
        Some(sources.variable(&variable).map_err(absent))
    }

    /// A value that is there already, as the type that is wanted: one that fits stays what it is, and a single one of
    /// another type is read like the same value typed by hand. `text` is how the line calls it.
    fn fit(&self, value: Value, wanted: &Type, text: &str) -> Result<Value, BindError> {
        let misfit = |value: &Value| {
            let given = format!("`{text}` ({})", value.kind());
            BindError::Type { name: self.name.into(), wanted: described(wanted).into(), given, span: self.span }
        };
        match (wanted, value) {
            (Type::Any | Type::None, value)
            | (Type::String, value @ (Value::Text(_) | Value::Secret(_)))
            | (Type::Int, value @ Value::Int(_))
            | (Type::Boolean, value @ Value::Bool(_))
            | (Type::Date, value @ Value::Date(_))
            | (Type::Bytes, value @ Value::Bytes(_))
            | (Type::Dict | Type::MapOf(_) | Type::Shape(_), value @ Value::Map(_)) => Ok(value),
            (Type::List(inner), Value::List(members)) => members
                .into_iter()
                .map(|member| self.fit(member, inner, text))
                .collect::<Result<_, _>>()
                .map(Value::List),
            (Type::List(inner), single @ (Value::Text(_) | Value::Secret(_) | Value::Int(_))) => {
                self.fit(single, inner, text).map(|member| Value::List(vec![member]))
            }
            (Type::Dict | Type::MapOf(_) | Type::Shape(_) | Type::List(_), other) => Err(misfit(&other)),
            (wanted, Value::Text(text)) => self.typed(&text, wanted),
            (wanted, single @ (Value::Int(_) | Value::Decimal(_) | Value::Bool(_) | Value::Date(_))) => {
                self.typed(&single.plain(), wanted)
            }
            (_, other) => Err(misfit(&other)),
        }
    }

    fn typed(&self, text: &str, wanted: &Type) -> Result<Value, BindError> {
        match wanted {
            Type::Any | Type::None | Type::String => Ok(Value::Text(text.to_owned())),
            Type::Int => self.int(text),
            Type::Float => self.float(text),
            Type::Boolean => self.boolean(text),
            Type::Date => {
                let date = Date::parse(text).map(Value::Date);
                date.ok_or_else(|| self.wrong("a date such as 2011-06-17 or 20110617T00:00:00", text))
            }
            Type::Bytes => Ok(Value::Bytes(text.as_bytes().to_vec())),
            Type::Dict | Type::MapOf(_) | Type::Shape(_) => match self.json(text)? {
                value @ Value::Map(_) => Ok(value),
                _ => Err(self.wrong("a JSON object", text)),
            },
            Type::List(_) => match self.json(text)? {
                value @ Value::List(_) => Ok(value),
                _ => Err(self.wrong("a JSON list", text)),
            },
        }
    }

    /// A list: JSON where its members are dictionaries or the text is a JSON list, else members between commas.
    fn members(&self, word: &Word, inner: &Type, sources: &mut dyn Sources) -> Result<Value, BindError> {
        let text = word.text();
        if inner.holds_dict() || matches!(inner, Type::List(_)) || text.starts_with('[') {
            return self.typed(&text, &Type::List(Box::new(inner.clone())));
        }
        let members = word.members();
        members
            .iter()
            .map(|member| match self.held(member, sources) {
                Some(held) => self.at(member.span).fit(held?, inner, &member.text()),
                None => self.at(member.span).typed(&member.text(), inner),
            })
            .collect::<Result<_, _>>()
            .map(Value::List)
    }

    fn at(&self, span: Span) -> Place<'_> {
        Place { name: self.name, span }
    }

    fn int(&self, text: &str) -> Result<Value, BindError> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        whole.then(|| Value::number(text)).flatten().ok_or_else(|| self.wrong("a whole number", text))
    }

    fn float(&self, text: &str) -> Result<Value, BindError> {
        let number = Decimal::parse(text).ok_or_else(|| self.wrong("a decimal number", text))?;
        // A decimal stays one on the wire, also when no fraction was typed.
        let decimal = if number.is_integer() { Decimal::parse(&format!("{number}.0")) } else { None };
        Ok(Value::Decimal(decimal.unwrap_or(number)))
    }

    fn boolean(&self, text: &str) -> Result<Value, BindError> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "off" | "0" => Ok(Value::Bool(false)),
            _ => Err(self.wrong("true or false", text)),
        }
    }

    fn json(&self, text: &str) -> Result<Value, BindError> {
        super::json::parse(text).map_err(|cause| self.wrong(&format!("JSON ({cause})"), text))
    }

    fn read(&self, path: &str, sources: &mut dyn Sources) -> Result<Vec<u8>, BindError> {
        match path {
            "-" | "@-" => sources.stdin(),
            path => sources.file(path),
        }
        .map_err(|cause| self.source(path, cause))
    }

    fn utf8(&self, bytes: Vec<u8>, place: &str) -> Result<String, BindError> {
        String::from_utf8(bytes).map_err(|_| self.source(place, "it is not UTF-8 text; (base64) sends bytes".into()))
    }

    fn source(&self, place: &str, cause: String) -> BindError {
        BindError::Source { place: place.to_owned(), cause, span: self.span }
    }

    fn wrong(&self, wanted: &str, given: &str) -> BindError {
        BindError::Type { name: self.name.into(), wanted: wanted.into(), given: quoted(given), span: self.span }
    }
}

/// What a type is called where a value is none of it.
fn described(wanted: &Type) -> &'static str {
    match wanted {
        Type::Any | Type::None => "a value",
        Type::String => "a text",
        Type::Int => "a whole number",
        Type::Float => "a decimal number",
        Type::Boolean => "true or false",
        Type::Date => "a date",
        Type::Bytes => "bytes",
        Type::Dict | Type::MapOf(_) | Type::Shape(_) => "a dictionary",
        Type::List(_) => "a list",
    }
}

/// A typed text for an error: quoted, and short.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    match text.chars().count() {
        0 => "nothing".into(),
        n if n > MOST => format!("`{}…`", text.chars().take(MOST).collect::<String>()),
        _ => format!("`{text}`"),
    }
}
