//! Lists in JSON that are passed on member by member while they are read: a list that is the whole answer, or one in an
//! object whose other members are checked when all of it has come.
//!
//! A service may say only after the list whether the call worked. Where it then says that it did not, that is an error
//! after members which have been passed on, as for an answer that breaks off.

use std::cell::Cell;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, SeqAccess, Visitor};

use super::DecodeError as RestError;
use super::document::Document;
use super::verdict::Verdict;
use super::{judgement, narrow};
use crate::consume::{Consume, Tree};
use crate::json::Reader;
use crate::message::{Input, Limits};
use crate::promise::{Broken, Promise};
use crate::service::Service;
use crate::{Aside, DecodeError, Outcome, Remark, Reply};
use model::failure::{FaultRule, FaultStyle};
use model::http::Head;
use model::route::Answers;
use model::{Map, Method, Type, Value};

/// Whether the result of a method is such a list, if it is what the catalogue says.
pub(super) fn passes(service: &Service<'_>, method: &Method, answers: &Answers) -> bool {
    let verdict = service.provider.fault.as_ref().is_some_and(|rule| rule.style == FaultStyle::SuccessJson);
    let placed = match answers.list.as_slice() {
        [] => !verdict,
        [path] => !path.contains('.') && path != Answers::ONLY_LIST,
        _ => false,
    };
    let ruled = service.provider.fault.as_ref().is_none_or(|rule| rule.style != FaultStyle::StatusXml);
    matches!(method.returns, Type::List(_)) && placed && ruled && service.provider.total_of(method).is_none()
}

/// Whether a message begins like one, as far as it has come.
pub(super) fn begins(answers: &Answers, rule: Option<&FaultRule>, head: &[u8]) -> bool {
    match answers.list.first() {
        None => head.first() == Some(&b'['),
        Some(list) => leads_to(head, list, rule.and_then(|rule| rule.success.as_deref())).unwrap_or(false),
    }
}

/// Whether an object has this list, after nothing but words and numbers. The field with the outcome may be among them.
fn leads_to(head: &[u8], list: &str, success: Option<&str>) -> Option<bool> {
    let mut rest = head.strip_prefix(b"{")?;
    loop {
        let (key, value) = name(rest.trim_ascii_start())?;
        if key == list {
            return Some(value.first() == Some(&b'['));
        }
        let end = value.iter().position(|byte| matches!(byte, b',' | b'}'))?;
        let (single, after) = value.split_at_checked(end)?;
        let single = single.trim_ascii();
        let is_plain = !matches!(single.first(), None | Some(b'{' | b'[' | b'"'));
        if !is_plain || success == Some(key) && single != b"true" {
            return Some(false);
        }
        rest = after.strip_prefix(b",")?;
    }
}

/// The name of a member and what comes after it. A name with an escape is none that is looked for.
fn name(text: &[u8]) -> Option<(&str, &[u8])> {
    let rest = text.strip_prefix(b"\"")?;
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let (name, rest) = rest.split_at_checked(end)?;
    let value = rest.strip_prefix(b"\"")?.trim_ascii_start().strip_prefix(b":")?;
    Some((str::from_utf8(name).ok()?, value.trim_ascii_start()))
}

/// What is known about an answer that begins like this.
#[derive(Clone, Copy)]
pub(super) struct Listing<'l> {
    pub(super) answers: &'l Answers,
    pub(super) rule: Option<&'l FaultRule>,
    pub(super) head: &'l Head,
}

impl Listing<'_> {
    /// Passes the list to a consumer, as far as it is what the method promises.
    pub(super) fn decode<R: BufRead, C: Consume>(
        self,
        (input, limits): (Input<R>, Limits),
        consumer: C,
        (promise, broken): (Promise, &Broken),
    ) -> Result<Outcome<C::Output>, C::Error> {
        let count = Cell::new(0);
        let consumer = Peeled { inner: promise.watched(consumer, broken), unwrap: &self.answers.unwrap, count: &count };
        let mut reader = Reader::new(input, self.head.charset.as_deref(), limits);
        let read = match self.answers.list.first() {
            None => reader.read(consumer).map(|output| (Ok(output), None)),
            Some(list) => self.object(&mut reader, list, consumer),
        };
        let (reply, warning) = broken.settle(read, || reader.rest())?;
        let remarks = reader.mended().map(Remark::Mended).into_iter().collect();
        let members = reply.is_ok().then(|| count.get());
        let aside = Aside { members, warning, remarks, ..Aside::default() };
        let reply = reply.map_or_else(Reply::Fault, Reply::Value);
        Ok(Outcome { reply, aside })
    }

    /// The list in an object, with a warning in it; or the refusal that the object turns out to be.
    fn object<R: BufRead, C: Consume>(
        self,
        reader: &mut Reader<R>,
        list: &str,
        consumer: C,
    ) -> Result<Told<C::Output>, C::Error> {
        let mut members = reader.members()?;
        let (mut consumer, mut output, mut others) = (Some(consumer), None, Map::new());
        while let Some(key) = members.key()? {
            match consumer.take_if(|_| key == list) {
                Some(consumer) => output = Some(members.value(consumer)?),
                None if key == list => return Err(twice(list).into()),
                None => {
                    others.insert(key, members.value(Tree)?);
                }
            }
        }
        others.insert(list, Value::List(Vec::new()));
        let answer = Value::Map(others);
        let Some(output) = output else { return Err(narrow::instead(&format!("`{list}`"), &answer).into()) };
        let verdict = self.rule.and_then(|rule| judgement::verdict(rule, self.head, &Document::Json(answer), &[]));
        match (verdict, self.rule) {
            (Some(Verdict::Refused(fault)), _) => Ok((Err(fault), None)),
            (Some(Verdict::Warning(words)), _) => Ok((Ok(output), Some(words))),
            (None, Some(FaultRule { style: FaultStyle::SuccessJson, success: Some(field), .. })) => {
                Err(DecodeError::from(RestError::NoVerdict { field: field.clone() }).into())
            }
            (Some(Verdict::Success) | None, _) => Ok((Ok(output), None)),
        }
    }
}

/// The result or the refusal, and a warning.
type Told<T> = (Result<T, crate::Fault>, Option<String>);

/// The error of an object with two lists of a name.
fn twice(list: &str) -> DecodeError {
    DecodeError::Unpromised { wanted: format!("one `{list}`"), found: "two".into(), words: None }
}

/// Takes off what is around each member, and counts them.
struct Peeled<'p, C> {
    inner: C,
    unwrap: &'p [String],
    count: &'p Cell<u64>,
}

impl<C: Consume> Consume for Peeled<'_, C> {
    type Output = C::Output;
    type Error = C::Error;

    fn consume<'de, D>(self, source: D) -> Result<C::Output, C::Error>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        let Peeled { inner, unwrap, count } = self;
        inner.consume(Peeled { inner: source, unwrap, count })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Peeled<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Peeled { inner, unwrap, count } = self;
        inner.deserialize_any(Peeled { inner: visitor, unwrap, count })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Peeled<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        let Peeled { inner, unwrap, count } = self;
        inner.visit_seq(Peeled { inner: seq, unwrap, count })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Peeled<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        let next = match self.unwrap {
            [] => self.inner.next_element_seed(seed)?,
            wrappers => match self.inner.next_element::<Value>()? {
                Some(member) => {
                    let member = narrow::unwrapped(member, wrappers);
                    let source = IntoDeserializer::<A::Error>::into_deserializer(member);
                    Some(seed.deserialize(source).map_err(A::Error::custom)?)
                }
                None => None,
            },
        };
        self.count.set(self.count.get() + u64::from(next.is_some()));
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(text: &str) -> Answers {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_list_is_known_by_its_beginning() {
        let rule: FaultRule =
            serde_json::from_str(r#"{"style":"success-json","success":"success","message":["error"]}"#).unwrap();
        for (list, head, found) in [
            (r#""list":"things""#, r#"{"things":["#, true),
            (r#""list":"things""#, "{ \"success\" : true ,\n\"n\":5, \"things\" : [ {", true),
            (r#""list":"things""#, r#"{"success":false,"things":["#, false),
            (r#""list":"things""#, r#"{"success":null,"things":["#, false),
            (r#""list":"things""#, r#"{"things":{"0":"#, false),
            (r#""list":"things""#, r#"{"things":null,"success":true}"#, false),
            (r#""list":"things""#, r#"{"other":{"things":["#, false),
            (r#""list":"things""#, r#"{"other":"a,\"things\":[","#, false),
            (r#""list":"things""#, r#"{"thi\u006egs":["#, false),
            (r#""list":"things""#, r#"{"success":true}"#, false),
            (r#""list":"things""#, "[", false),
            (r#""list":"things""#, r#"{"things""#, false),
            (r#""unwrap":"thing""#, "[{", true),
            (r#""unwrap":"thing""#, r#"{"errors":["#, false),
            (r#""unwrap":"thing""#, "", false),
        ] {
            let answers = answers(&format!(r#"{{"as":"json",{list}}}"#));
            assert_eq!(begins(&answers, Some(&rule), head.as_bytes()), found, "{list} {head}");
        }
    }
}
