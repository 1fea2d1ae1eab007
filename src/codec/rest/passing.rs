//! Lists that are passed on member by member while they are read: reports, XML whose root contains the members, and JSON
//! (`listing`).
//!
//! Everything that decides about such an answer is at its beginning: a refusal has another root. What can be known only
//! at the end, as that there was nothing but other elements, is an error after members that have been passed on.

use std::cell::RefCell;
use std::io::BufRead;

use serde::de::value::Error;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};

use super::decode::twins;
use super::document::Notation;
use super::listing::{self, Listing};
use super::result::{Wanted, lacks, tags};
use super::status;
use crate::consume::Consume;
use crate::csv::Rows;
use crate::message::{self, Input, Limits, MessageError, Utf8, clip};
use crate::promise::{Broken, Promise};
use crate::service::Service;
use crate::xml::tree::{Children, Element};
use crate::xml::typed::{self, Declared};
use crate::{Aside, DecodeError, Outcome, Remark, Reply};
use model::failure::{FaultRule, FaultStyle};
use model::http::Head;
use model::route::{AnswerForm, Answers};
use model::{Method, Type, Value};

/// Whether the result of a method can be passed on while it is read, if it is what the catalogue says.
pub(crate) fn passes(service: &Service<'_>, method: &Method) -> bool {
    let Some(answers) = &method.answers else { return false };
    let ruled = service.provider.fault.as_ref().is_none_or(|rule| rule.style == FaultStyle::StatusXml);
    let flat = !answers.list.is_empty() && answers.list.iter().all(|path| !path.contains('/'));
    // What follows a page may be known only when all of it has been read.
    let linked = service.provider.paging_of(method).is_some_and(|paging| paging.style.is_told());
    let bare = !linked && answers.at.is_none() && answers.beside.is_empty() && answers.id.is_none();
    match (answers.form, &method.returns) {
        (AnswerForm::Csv, _) => ruled && !linked,
        (AnswerForm::Xml, Type::List(_)) => ruled && flat && bare && !answers.root.is_empty(),
        // A second member of a name is looked for in a tree.
        (AnswerForm::Json, _) => {
            bare && listing::passes(service, method, answers) && twins(method, service.shapes).is_empty()
        }
        _ => false,
    }
}

/// What a consumer made of a list, or its error, and what the answer says in addition.
type Read<C> = (Result<<C as Consume>::Output, <C as Consume>::Error>, Aside);

/// A list that is about to be read.
pub(crate) struct Passing<'p, R> {
    service: &'p Service<'p>,
    head: &'p Head,
    wanted: Wanted<'p>,
    input: Input<R>,
    limits: Limits,
}

impl<'p, R: BufRead> Passing<'p, R> {
    /// The answer to a call, if it begins like a list that can be passed on. Else gives the message back.
    pub(crate) fn of(
        service: &'p Service<'p>,
        method: &'p Method,
        head: &'p Head,
        body: R,
        limits: Limits,
    ) -> Result<Result<Passing<'p, R>, Input<R>>, DecodeError> {
        // The reader of the message counts what is left of a piece.
        let mut input = Input::new(body, Limits { piece: limits.bytes, ..limits });
        let Some(answers) = method.answers.as_ref().filter(|_| limits.passes && head.succeeded()) else {
            return Ok(Err(input));
        };
        if !passes(service, method) {
            return Ok(Err(input));
        }
        input.look_ahead().map_err(MessageError::from)?;
        let rule = service.provider.fault.as_ref();
        let wanted = Wanted { answers, method, shapes: service.shapes, rule };
        match begins(answers, rule, input.head()) {
            true => Ok(Ok(Passing { service, head, wanted, input, limits })),
            false => Ok(Err(input)),
        }
    }

    /// Passes the list to a consumer, as far as it is what the method promises.
    pub(crate) fn decode<C: Consume>(
        self,
        consumer: C,
        (promise, broken): (Promise, &Broken),
    ) -> Result<Outcome<C::Output>, C::Error> {
        if self.wanted.answers.form == AnswerForm::Json {
            let Passing { head, wanted: Wanted { answers, rule, .. }, input, limits, .. } = self;
            return Listing { answers, rule, head }.decode((input, limits), consumer, (promise, broken));
        }
        let trouble = RefCell::default();
        let consumer = promise.watched(consumer, broken);
        let (read, aside) = match self.wanted.answers.form {
            AnswerForm::Csv => self.report(consumer, &trouble)?,
            _ => self.elements(consumer, &trouble)?,
        };
        match (broken.settle(read, || Ok(())), trouble.take()) {
            // What serde made of it is only its text.
            (Err(_), Some(trouble)) => Err(trouble.into()),
            (Err(error), None) => Err(error),
            (Ok(output), _) => Ok(Outcome { reply: Reply::Value(output), aside }),
        }
    }

    /// The rows of a report.
    fn report<C: Consume>(self, consumer: C, trouble: &RefCell<Option<DecodeError>>) -> Result<Read<C>, DecodeError> {
        let Passing { head, wanted, input, limits, .. } = self;
        let text = Utf8::new(input, message::Notation::Xml, head.charset.as_deref(), limits).mending();
        let mut rows = Rows::of(text, &wanted.method.fields).map_err(|error| wanted.unreported(error))?;
        let mut members = 0;
        let next = || {
            rows.input().begin_piece();
            let row = rows.next().map_err(|error| wanted.unreported(error))?;
            members += u64::from(row.is_some());
            Ok(row)
        };
        let read = consumer.consume(List { next, trouble });
        let mended = rows.input().mended().copied().map(Remark::Mended);
        let remarks = mended.into_iter().chain(rows.remarks()).collect();
        Ok((read, Aside { members: Some(members), remarks, ..Aside::default() }))
    }

    /// The elements of a document.
    fn elements<C: Consume>(self, consumer: C, trouble: &RefCell<Option<DecodeError>>) -> Result<Read<C>, DecodeError> {
        let Passing { service, head, wanted, input, limits } = self;
        let Wanted { answers, method, shapes, rule } = wanted;
        let mends = Notation::usual(rule) == Notation::Xml;
        let limits = Limits { tree: limits.tree.min(Limits::default().tree), ..limits };
        let mut children = Children::of(input, head.charset.as_deref(), limits, mends)?;
        let inner = if let Type::List(inner) = &method.returns { inner } else { &method.returns };
        let declared = Declared { type_: inner, fields: &method.fields, shapes };
        let (mut members, mut others) = (0, Vec::new());
        let next = || {
            while let Some(child) = children.next()? {
                if answers.list.contains(&child.name) {
                    members += 1;
                    return Ok(Some(typed::value(&child, declared)));
                }
                note(&mut others, &child);
            }
            let (root, text) = (children.root(), children.root().text.trim_ascii());
            if members == 0 && (!others.is_empty() || !text.is_empty()) {
                let strange = others.first().map(|name| Element { name: name.clone(), ..Element::default() });
                let root = Element { children: strange.into_iter().collect(), ..root.clone() };
                return Err(lacks(&tags(answers.list.iter().map(String::as_str)), &root));
            }
            Ok(None)
        };
        let read = consumer.consume(List { next, trouble });
        let total = service.provider.total_of(method);
        let total = total.and_then(|name| children.root().attribute(name)?.trim().parse().ok());
        let mended = children.mended().map(Remark::Mended);
        let beside =
            Some(Remark::Beside { names: others }).filter(|remark| *remark != Remark::Beside { names: vec![] });
        let remarks = mended.into_iter().chain(beside).collect();
        Ok((read, Aside { total, members: Some(members), remarks, ..Aside::default() }))
    }
}

/// Notes the name of an element that is no member, once.
fn note(others: &mut Vec<String>, child: &Element) {
    let name = clip(&child.name);
    if !others.contains(&name) {
        others.push(name);
    }
}

/// Whether a message begins like the list that is expected: a refusal, and a page of a gateway, begin in another way.
fn begins(answers: &Answers, rule: Option<&FaultRule>, head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match answers.form {
        AnswerForm::Json => listing::begins(answers, rule, head),
        AnswerForm::Csv => !matches!(head.first(), None | Some(b'<' | b'{' | b'[' | 0)) && head.get(1) != Some(&0),
        _ => root_of(head).is_some_and(|root| answers.root.contains(&root) && root != status::ROOT),
    }
}

/// The name of the root element of a document that begins like this, without its prefix.
fn root_of(head: &[u8]) -> Option<String> {
    let mut rest = head;
    loop {
        rest = rest.trim_ascii_start().strip_prefix(b"<")?;
        let end: &[u8] = match rest {
            [b'?', ..] => b"?>",
            [b'!', b'-', b'-', ..] => b"-->",
            [b'!', ..] => return None,
            _ => break,
        };
        let at = rest.windows(end.len()).position(|window| window == end)?;
        rest = rest.get(at + end.len()..)?;
    }
    let length = rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = str::from_utf8(rest.get(..length)?).ok()?;
    Some(name.split_once(':').map_or(name, |(_, local)| local).to_owned())
}

/// A list as a source of its members. Errors lose their kind on the way through serde, and are kept aside.
struct List<'l, F> {
    next: F,
    trouble: &'l RefCell<Option<DecodeError>>,
}

impl<'de, F: FnMut() -> Result<Option<Value>, DecodeError>> Deserializer<'de> for List<'_, F> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

impl<'de, F: FnMut() -> Result<Option<Value>, DecodeError>> SeqAccess<'de> for List<'_, F> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        match (self.next)() {
            Ok(Some(member)) => seed.deserialize(member.into_deserializer()).map(Some),
            Ok(None) => Ok(None),
            Err(error) => {
                let words = error.to_string();
                *self.trouble.borrow_mut() = Some(error);
                Err(de::Error::custom(words))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consume::Tree;
    use crate::{decode, decode_value};
    use model::Provider;
    use std::collections::BTreeMap;

    const LIST: &str = r#"{"name":"a.list","effect":"read","returns":"list:dict","fields":[{"name":"id","wire":"@id","type":"int"},
        {"name":"name","type":"string"}],"answers":{"as":"xml","root":["Things","More"],"list":["thing","item"]}}"#;
    const REPORT: &str = r#"{"name":"a.report","effect":"read","returns":"list:dict","fields":[{"name":"Day","type":"string"},
        {"name":"Hours","type":"float"}],"answers":{"as":"csv"}}"#;

    const STATUS: &str = r#""fault":{"style":"status-xml","success":"result","code":"code","message":["detail"]},
        "paging":{"style":"number","page":"page","size":"size","total":"total"}"#;
    const SUCCESS: &str = r#""fault":{"style":"success-json","success":"success","code":"error.code",
        "message":["error.words"],"warnings":"warnings"},
        "paging":{"style":"offset","page":"offset","size":"limit"}"#;
    const ERRORS: &str = r#""fault":{"style":"errors-json","message":["errors","error"]}"#;
    const NAMED: &str = r#"{"name":"a.list","effect":"read","returns":"list:dict","fields":[{"name":"id","type":"int"}],
        "answers":{"as":"json","list":"things"}}"#;
    const WRAPPED: &str = r#"{"name":"a.list","effect":"read","returns":"list:dict","fields":[{"name":"id","type":"int"}],
        "answers":{"as":"json","unwrap":"thing"}}"#;

    /// What an answer comes to as a tree and while it is passed on: the result with what is said of it, or the error.
    fn both(rules: &str, method: &str, body: &[u8]) -> [String; 2] {
        let provider = format!(
            r#"{{"id":"p","title":"P","host":"https://p.example","auth":{{"scheme":"none"}},
                "transport":[{{"name":"rest","protocol":"rest","path":""}}],{rules}}}"#
        );
        let provider: Provider = serde_json::from_str(&provider).unwrap();
        let (method, head) = (serde_json::from_str(method).unwrap(), Head { status: 200, ..Head::default() });
        let transport = provider.default_transport().unwrap();
        let auth = &provider.auth;
        let (url, shapes, variables) = ("https://p.example/", &[][..], BTreeMap::new());
        let service = Service { transport, url, provider: &provider, auth, shapes, variables: &variables };
        let passed = decode(&service, &method, &head, body, Limits::streaming(), Tree);
        let whole = decode_value(&service, &method, &head, body, Limits::default());
        [whole, passed].map(|done| done.map_or_else(|error| format!("{error}"), |done| format!("{done:?}")))
    }

    #[test]
    fn a_list_that_is_passed_on_is_that_of_a_tree() {
        for (method, body) in [
            (LIST, &b"<Things total='7'><thing id='1'><name>x</name></thing><item id='2'/></Things>"[..]),
            (LIST, b"<?xml version='1.0'?><!-- a --><p:More xmlns:p='u'>\n<p:thing id='x'/>\n</p:More>\n"),
            (LIST, b"<Things/>"),
            (LIST, b"<Things><note/><thing id='1'/><odd/><note/></Things>"),
            (LIST, b"<Things><odd/><more/></Things>"),
            (LIST, b"<Things>nothing here</Things>"),
            (LIST, b"<Things><thing><name>caf\xe9</name></thing></Things>"),
            (LIST, b"<Things><thing id='1'>"),
            (LIST, b"<Things><thing></things></Things>"),
            (LIST, b"<Things/><Things/>"),
            (LIST, b"<Others/>"),
            (LIST, b"<html><body>Login</body></html>"),
            (LIST, b"<!DOCTYPE a [<!ENTITY e 'x'>]><Things/>"),
            (LIST, b"<Status><result>ERROR</result><code>R1</code><detail>no</detail></Status>"),
            (LIST, b"<Status><result>SUCCESS</result></Status>"),
            (LIST, b""),
            (LIST, b"{}"),
            (REPORT, b"Day,Hours\n1,9.60\n2,\n"),
            (REPORT, b"\xef\xbb\xbfDay,Hours\r\n\"a\nb\",1,2\r\n3"),
            (REPORT, b"Day,Hours\ncaf\xe9,1\n"),
            (REPORT, b"Day\n"),
            (REPORT, b"Day,Hours\n1,\"2"),
            (REPORT, b"Other,Names\n1,2\n"),
            (REPORT, b"Try later"),
            (REPORT, b"<Status><result>ERROR</result><code>R1</code><detail>no</detail></Status>"),
            (REPORT, b"<html/>"),
            (REPORT, b" \n"),
        ] {
            let [whole, passed] = both(STATUS, method, body);
            assert_eq!(passed, whole, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_list_in_json_that_is_passed_on_is_that_of_a_tree() {
        for (rules, method, body) in [
            (SUCCESS, NAMED, &br#"{"things":[{"id":1},{"id":2,"more":[]}],"success":true}"#[..]),
            (SUCCESS, NAMED, br#"{"success":true,"n":5,"things":[]}"#),
            (SUCCESS, NAMED, br#"{"things":[{"id":1}],"warnings":[],"success":true}"#),
            (SUCCESS, NAMED, br#"{"things":[{"id":1}],"success":true,"warnings":[{"words":"late"}]}"#),
            (SUCCESS, NAMED, br#"{"success":false,"error":{"code":"x","words":"no"}}"#),
            (SUCCESS, NAMED, br#"{"things":[{"id":1}]}"#),
            (SUCCESS, NAMED, br#"{"things":{"0":{"id":1},"2":{"id":3}},"success":true}"#),
            (SUCCESS, NAMED, br#"{"things":null,"success":true}"#),
            (SUCCESS, NAMED, br#"{"things":[{"id":1}],"success":true} x"#),
            (SUCCESS, NAMED, b"[]"),
            (SUCCESS, NAMED, b""),
            (SUCCESS, NAMED, b"\xef\xbb\xbf {\"things\":[{\"id\":1}],\"success\":true}\n"),
            (SUCCESS, NAMED, b"{\"things\":[{\"id\":1,\"name\":\"caf\xe9\"}],\"success\":true}"),
            (SUCCESS, NAMED, b"<br /><b>Warning</b>"),
            (ERRORS, NAMED, br#"{"n":1,"things":[{"id":1.50}],"meta":{"x":[1]}}"#),
            (ERRORS, NAMED, br#"{"things":[{"id":1}],"errors":[["x","no"]]}"#),
            (ERRORS, NAMED, br#"[{"id":1}]"#),
            (ERRORS, WRAPPED, br#"[{"thing":{"id":1}},{"id":2},{"thing":{"id":3},"more":1}]"#),
            (ERRORS, WRAPPED, b" []"),
            (ERRORS, WRAPPED, br#"{"errors":[["x","no"]]}"#),
            (ERRORS, WRAPPED, b"false"),
            (ERRORS, WRAPPED, b"null"),
        ] {
            let [whole, passed] = both(rules, method, body);
            assert_eq!(passed, whole, "{}", String::from_utf8_lossy(body));
        }
        // A refusal after the list is one all the same.
        let body = br#"{"things":[{"id":1}],"success":false,"error":{"code":"x","words":"no"}}"#;
        for found in both(SUCCESS, NAMED, body) {
            assert!(found.contains(r#"reply: Fault(Fault { code: Some(Code("x")), message: "no""#), "{found}");
        }
        // What is wrong in the middle is told by its place.
        for body in [&br#"[{"thing":{"id":1}},"#[..], br#"[{"thing":{"id":1}},]"#, br#"[1] 2"#] {
            let [whole, passed] = both(ERRORS, WRAPPED, body);
            assert!(!whole.starts_with("Outcome") && !passed.starts_with("Outcome"), "{whole} {passed}");
        }
        let error = crate::broken_off("EOF while parsing a string at line 1 column 33").to_string();
        assert_eq!(error, "the answer cannot be read: a value breaks off at line 1, column 33");
        let [_, passed] = both(SUCCESS, NAMED, br#"{"things":[],"things":[],"success":true}"#);
        assert_eq!(passed, "the answer cannot be read: one `things` was expected, and two came");
    }

    #[test]
    fn only_flat_lists_are_passed_on() {
        let provider: Provider = serde_json::from_str(
            r#"{"id":"p","title":"P","host":"https://p.example","auth":{"scheme":"none"},
                "transport":[{"name":"rest","protocol":"rest","path":""}]}"#,
        )
        .unwrap();
        let (transport, variables) = (provider.default_transport().unwrap(), BTreeMap::new());
        let auth = &provider.auth;
        let service = Service { transport, url: "", provider: &provider, auth, shapes: &[], variables: &variables };
        for (answers, passed) in [
            (r#"{"as":"csv"}"#, true),
            (r#"{"as":"xml","root":"a","list":"b"}"#, true),
            (r#"{"as":"xml","root":"a","list":"b/c"}"#, false),
            (r#"{"as":"xml","root":"a","list":"b","at":"c"}"#, false),
            (r#"{"as":"xml","root":"a","list":"b","beside":{"c":"d"}}"#, false),
            (r#"{"as":"xml","list":"b"}"#, false),
            (r#"{"as":"json","list":"b"}"#, true),
            (r#"{"as":"json"}"#, true),
            (r#"{"as":"json","list":"b.c"}"#, false),
            (r#"{"as":"json","list":"*"}"#, false),
            (r#"{"as":"json","at":"b"}"#, false),
        ] {
            let method = format!(r#"{{"name":"a.b","effect":"read","returns":"list:dict","answers":{answers}}}"#);
            assert_eq!(passes(&service, &serde_json::from_str(&method).unwrap()), passed, "{answers}");
        }
    }

    #[test]
    fn the_root_is_found_behind_what_may_be_before_it() {
        for (head, root) in [
            ("<a>", Some("a")),
            ("<p:a x='1'", Some("a")),
            ("<a/>", Some("a")),
            ("<?xml?>\n<!-- <b> -->\n<a ", Some("a")),
            ("<!DOCTYPE a><a>", None),
            ("<a", None),
            ("a", None),
            ("<!-- ", None),
        ] {
            assert_eq!(root_of(head.as_bytes()).as_deref(), root, "{head}");
        }
    }
}
