//! A message is read in the same way whether its usual forms are read in one step or tag by tag: a step needs the whole
//! form at hand, so a message that comes byte by byte is read without any.

use std::io::BufReader;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// The first bytes of a message are passed on as one piece.
const HEAD: usize = 4096;

/// What came of it, with the exact place of an error.
fn came(message: &str, chunk: usize, limits: Limits) -> String {
    let message = [" ".repeat(HEAD).as_bytes(), message.as_bytes()].concat();
    format!("{:?}", read_response(BufReader::with_capacity(chunk, &message[..]), None, limits))
}

fn agree(message: &str, limits: Limits) {
    let expected = came(message, 1, limits);
    for chunk in [7, 64, HEAD, 64 * 1024] {
        assert_eq!(came(message, chunk, limits), expected, "in pieces of {chunk}: {message}");
    }
}

/// A value with nothing wrong in it, as several servers write it.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z <>&é]{0,9}".prop_map(|text| format!(
            "<value><string>{}</string></value>",
            text.replace('&', "&amp;").replace('<', "&lt;")
        )),
        "[a-z]{0,9}".prop_map(|text| format!("<value>{text}</value>")),
        any::<i32>().prop_map(|number| format!("<value><int>{number}</int></value>")),
        any::<i32>().prop_map(|number| format!("<value>\n  <i4>{number}</i4>\n</value>")),
        any::<bool>().prop_map(|yes| format!("<value><boolean>{}</boolean></value>", u8::from(yes))),
        any::<i16>().prop_map(|number| format!("<value><double>{number}.5</double></value>")),
        Just("<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>".to_owned()),
        Just("<value><string/></value>".to_owned()),
        Just("<value><nil/></value>".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let members = vec(("[a-z]{0,4}", inner.clone(), "[ \n]{0,2}"), 0..6).prop_map(|members| {
            let member = |(name, value, blank): (String, String, String)| {
                format!("{blank}<member>{blank}<name>{name}</name>{blank}{value}</member>")
            };
            format!("<value><struct>{}</struct></value>", members.into_iter().map(member).collect::<String>())
        });
        let list = vec(inner.clone(), 0..6)
            .prop_map(|values| format!("<value><array><data>{}</data></array></value>", values.concat()));
        prop_oneof![2 => members, 2 => list, 3 => records(inner)]
    })
}

/// A list of dictionaries that nearly all have the same names, as most answers are.
fn records(inner: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    let names = vec("[a-c]{1,2}", 1..5);
    let rows = vec((vec(inner, 5), 0..8_usize), 1..5);
    (names, rows, "[ \n]{0,1}").prop_map(|(names, rows, blank)| {
        let row = |(values, left_out): (Vec<String>, usize)| {
            let member = |(place, (name, value)): (usize, (&String, String))| {
                let member = format!("{blank}<member>{blank}<name>{name}</name>{blank}{value}{blank}</member>");
                if place == left_out { String::new() } else { member }
            };
            let members: String = names.iter().zip(values).enumerate().map(member).collect();
            format!("<value><struct>{members}{blank}</struct></value>")
        };
        format!("<value><array><data>{}</data></array></value>", rows.into_iter().map(row).collect::<String>())
    })
}

/// What may be wrong in a message, or unusual.
const ODD: [&str; 24] = [
    "<member>",
    "</member>",
    "<name>",
    "</name>",
    "<value>",
    "</value>",
    "<string>",
    "</string>",
    "<int>",
    "</int>",
    "<boolean>2</boolean>",
    "<double>x</double>",
    "<struct>",
    "</struct>",
    "<value/>",
    "<!-- -->",
    "<![CDATA[<]]>",
    "&amp;",
    "&lol;",
    "\r\n",
    " ",
    "x",
    "<",
    "\u{feff}",
];

proptest! {
    #[test]
    fn what_servers_send(value in value()) {
        let message = format!("<methodResponse><params><param>{value}</param></params></methodResponse>");
        prop_assert!(came(&message, HEAD, Limits::default()).starts_with("Ok("), "{message}");
        agree(&message, Limits::default());
    }

    #[test]
    fn what_is_wrong_is_found_in_the_same_place(value in value(), odd in 0..ODD.len(), at in any::<prop::sample::Index>()) {
        let mut message = format!("<methodResponse><params><param>{value}</param></params></methodResponse>");
        let mut place = at.index(message.len());
        while !message.is_char_boundary(place) {
            place -= 1;
        }
        message.insert_str(place, ODD[odd]);
        agree(&message, Limits::default());
        message.truncate(place);
        agree(&message, Limits::default());
    }

    #[test]
    fn limits_are_the_same(value in value(), depth in 0..6_usize, tree in 0..4000_u64, tag in 4..20_usize) {
        let message = format!("<methodResponse><params><param>{value}</param></params></methodResponse>");
        agree(&message, Limits { depth, ..Limits::default() });
        agree(&message, Limits { tree, ..Limits::default() });
        agree(&message, Limits { tag, ..Limits::default() });
    }
}
