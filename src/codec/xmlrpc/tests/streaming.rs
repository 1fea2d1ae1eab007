//! Values are passed on while the message is still arriving, and the input's own errors come through.

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::super::{Answer, Reader};
use super::*;
use crate::message::MessageError;

/// An error that an input may return.
#[derive(Debug, thiserror::Error)]
#[error("connection reset")]
struct Reset;

/// An input that fails at the end of its bytes, after a harmless interruption.
struct Breaking(bool);

impl Read for Breaking {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match std::mem::replace(&mut self.0, true) {
            false => Err(io::ErrorKind::Interrupted.into()),
            true => Err(io::Error::new(io::ErrorKind::ConnectionReset, Reset)),
        }
    }
}

fn breaking_after(message: &str) -> impl BufRead {
    Cursor::new(message.as_bytes().to_vec()).chain(BufReader::new(Breaking(false)))
}

/// Keeps what it has seen even if reading fails.
struct Collector<'c>(&'c RefCell<Vec<Value>>);

impl<'de> Visitor<'de> for Collector<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(member) = members.next_element()? {
            self.0.borrow_mut().push(member);
        }
        Ok(())
    }
}

#[test]
fn members_arrive_before_the_message_has_ended() {
    let long = "x".repeat(10_000);
    let message = answer(&format!("<array><data><value>a</value><value>{long}</value><value>b"));
    let message = message.split_once("b</value>").unwrap().0;
    let mut reader = Reader::new(breaking_after(message), None, Limits::default());
    assert_eq!(reader.open_response().unwrap(), Answer::Value);
    let seen = RefCell::new(Vec::new());
    let error = (&mut reader).deserialize_any(Collector(&seen)).unwrap_err();
    assert!(matches!(error, DecodeError::Message(MessageError::Io(_))));
    assert_eq!(*seen.borrow(), ["a".into(), Value::from(long)]);
}

#[test]
fn errors_of_the_input_come_through_at_every_byte() {
    let message = answer("<array><data><value><int>1</int></value><value>&amp;<![CDATA[a]]></value></data></array>");
    for length in 0..message.len() {
        match read_response(breaking_after(&message[..length]), None, Limits::default()) {
            Err(DecodeError::Message(MessageError::Io(error))) => {
                assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
                assert!(error.get_ref().is_some_and(|inner| inner.is::<Reset>()), "{length}");
            }
            other => panic!("after {length} bytes: {other:?}"),
        }
    }
}

#[test]
fn typed_readers_take_what_they_need() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Zone {
        name: String,
        pair: (i64, bool),
    }
    let pair = "<array><data><value><int>1</int></value><value><boolean>1</boolean></value></data></array>";
    let zone = |pair: &str| {
        let skipped = "<struct><member><name>x</name><value><array><data/></array></value></member></struct>";
        let message = answer(&format!(
            "<struct><member><name>name</name><value>a</value></member><member><name>other</name><value>{skipped}\
             </value></member><member><name>pair</name><value>{pair}</value></member></struct>"
        ));
        let mut reader = Reader::new(Cursor::new(message), None, Limits::default());
        reader.open_response()?;
        let zone = Zone::deserialize(&mut reader)?;
        reader.close().map(|()| zone)
    };
    assert_eq!(zone(pair).unwrap(), Zone { name: "a".into(), pair: (1, true) });
    let longer = pair.replace("</data>", "<value>more</value></data>");
    assert!(matches!(zone(&longer), Err(DecodeError::Unexpected { .. })));
    assert!(matches!(zone("<int>1</int>"), Err(DecodeError::Consumer(_))));
}

#[test]
fn a_value_can_be_left_unread() {
    for value in ["<int>1</int>", "a", "<array><data><value>a</value></data></array>", "<unheard-of><b/></unheard-of>"]
    {
        let message = answer(value);
        let mut reader = Reader::new(message.as_bytes(), None, Limits::default());
        assert_eq!(reader.open_response().unwrap(), Answer::Value);
        reader.close().unwrap();
    }
    let mut reader = Reader::new(&b"<methodResponse><params/></methodResponse>"[..], None, Limits::default());
    reader.open_response().unwrap();
    IgnoredAny::deserialize(&mut reader).unwrap();
    assert!(IgnoredAny::deserialize(&mut reader).is_err() && Value::deserialize(&mut reader).is_err());
    reader.close().unwrap();
}

#[test]
fn skipped_content_is_limited_too() {
    for endless in ["<value>", "<array>", "<a>"] {
        let message = answer("").replace("</value>", &endless.repeat(100_000));
        let mut reader = Reader::new(message.as_bytes(), None, Limits::default());
        reader.open_response().unwrap();
        assert!(matches!(reader.close(), Err(DecodeError::Deep { .. })), "{endless}");
    }
}

#[test]
fn many_members_take_little_memory() {
    let count = 100_000;
    let members = (0..count).map(|at| format!("<member><name>{at}</name><value/></member>"));
    let message = answer(&format!("<struct>{}</struct>", members.collect::<String>()));
    match read(&message).unwrap() {
        Reply::Value(Value::Map(map)) => assert_eq!(map.len(), count),
        other => panic!("{other:?}"),
    }
}
