//! Forms and queries, as servers read them.

/// The names and values of a query or a form, in order. Invalid escapes are kept.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
    })
}

/// A text with its `%XX` decoded.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    bytes.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let coded = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match coded {
            Some(byte) => bytes.push(byte),
            None => bytes.push(b'%'),
        }
        let rest = if coded.is_some() { piece.get(2..) } else { Some(piece) };
        bytes.extend_from_slice(rest.unwrap_or_default().as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::escape::{form, percent};
    use proptest::prelude::*;

    #[test]
    fn pairs_are_parsed() {
        for (text, expected) in [
            ("", vec![]),
            ("a=1&b=&c", vec![("a", "1"), ("b", ""), ("c", "")]),
            ("a+b=%C3%A9+1&&a=b=c", vec![("a b", "é 1"), ("a", "b=c")]),
            ("a=100%&b=%2", vec![("a", "100%"), ("b", "%2")]),
            ("a=%zz%é%41", vec![("a", "%zz%éA")]),
        ] {
            let pairs: Vec<(String, String)> = pairs(text).collect();
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(pairs, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn client_forms_are_read_back(name: String, value: String) {
            let read: Vec<_> = pairs(&format!("{}={}", form(&name), form(&value))).collect();
            prop_assert_eq!(read, vec![(name.clone(), value)]);
            prop_assert_eq!(decode(&percent(&name)), name);
        }
    }
}
