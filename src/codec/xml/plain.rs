//! The forms that nearly all of a message consists of, read without the XML crate: tags without attributes, text without
//! control characters, the five references that need no definition. It recognizes nothing that the crate would read in
//! another way, and leaves everything else to it.

use model::scan::first_of;

/// What a text begins with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plain<'t> {
    /// Text, up to something else or to the end of what is ready.
    Text(&'t str),
    /// A reference: the character, and the length of the reference in bytes.
    Reference(char, usize),
    /// `<name>`
    Open(&'t str),
    /// `<name/>`
    Empty(&'t str),
    /// The closing tag of the innermost element, without spaces, and its length in bytes.
    Close(usize),
    /// Something that is not plain, or not ready as a whole.
    Other,
}

const REFERENCES: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')];

/// The beginning of a text. `open` is the name of the innermost element, if it is plain too.
pub(super) fn read<'t>(ready: &'t str, open: Option<&str>) -> Plain<'t> {
    let bytes = ready.as_bytes();
    match bytes {
        [b'<', b'/', ..] => close(ready, open).map_or(Plain::Other, Plain::Close),
        [b'<', rest @ ..] => {
            let length = length_of_name(rest);
            let name = ready.get(1..=length).unwrap_or_default();
            match rest.get(length..) {
                _ if name.is_empty() => Plain::Other,
                Some([b'>', ..]) => Plain::Open(name),
                Some([b'/', b'>', ..]) => Plain::Empty(name),
                _ => Plain::Other,
            }
        }
        [b'&', ..] => {
            let found = REFERENCES.iter().find(|(reference, _)| ready.starts_with(reference));
            found.map_or(Plain::Other, |(reference, character)| Plain::Reference(*character, reference.len()))
        }
        _ => match text(ready) {
            // The crate would take it for the mark of the beginning of a message.
            0 if ready.starts_with('\u{feff}') => Plain::Text("\u{feff}"),
            0 => Plain::Other,
            length => Plain::Text(ready.get(..length).unwrap_or_default()),
        },
    }
}

/// The length of the closing tag of the innermost element, if the text begins with it and it is plain.
pub(super) fn close(ready: &str, open: Option<&str>) -> Option<usize> {
    let ([b'<', b'/', rest @ ..], Some(name)) = (ready.as_bytes(), open) else { return None };
    match rest.split_at_checked(name.len())? {
        (found, [b'>', ..]) if found == name.as_bytes() => Some(name.len() + "</>".len()),
        _ => None,
    }
}

/// Whether a name is plain: the crate could read the closing tag of any other one in another way.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && length_of_name(name.as_bytes()) == name.len()
}

/// The length of the white space at the beginning of a text.
pub(super) fn blanks(text: &str) -> usize {
    length_of_blanks(text.as_bytes())
}

/// The length of the plain text at the beginning of a text.
pub(super) fn text(text: &str) -> usize {
    length_of_text(text.as_bytes())
}

/// The same of the bytes of a text. A line break may be written as `\r\n`, and with 0xef begin, among others, U+FFFE and
/// U+FFFF, which XML cannot contain.
#[inline]
pub(super) fn length_of_text(bytes: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        match first_of(rest, b' ', [b'<', b'&', 0xef]) {
            Some(at) if matches!(rest.get(at), Some(b'\t' | b'\n')) => length += at + 1,
            Some(at) => return length + at,
            None => return bytes.len(),
        }
    }
}

/// The length of the white space at the beginning of the bytes of a text.
#[inline]
pub(super) fn length_of_blanks(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(bytes.len())
}

/// Whether each byte may be part of a plain name.
#[expect(clippy::indexing_slicing, reason = "it is computed by the compiler, which would refuse it")]
static IN_NAME: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte as usize] = matches!(byte as u8, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b':');
        byte += 1;
    }
    all
};

fn length_of_name(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| !IN_NAME.get(usize::from(*byte)).is_some_and(|is| *is);
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_forms_are_recognized() {
        for (ready, plain) in [
            ("<value><int>", Plain::Open("value")),
            ("<dateTime.iso8601>x", Plain::Open("dateTime.iso8601")),
            ("<ex:nil/>", Plain::Empty("ex:nil")),
            ("</a><b", Plain::Close(4)),
            ("&amp;&", Plain::Reference('&', 5)),
            ("&quot;", Plain::Reference('"', 6)),
            (" é\n> x\u{7f}\u{85}<", Plain::Text(" é\n> x\u{7f}\u{85}")),
            ("all of it", Plain::Text("all of it")),
            ("\u{feff}\u{feff}<", Plain::Text("\u{feff}")),
        ] {
            assert_eq!(read(ready, Some("a")), plain, "{ready}");
        }
    }

    #[test]
    fn everything_else_is_left_alone() {
        for ready in [
            "",
            "<",
            "<a",
            "<a ",
            "<a>"[..2].trim_end(),
            "<a b='c'>",
            "<a />",
            "<a/",
            "<>",
            "</",
            "</a",
            "</a ",
            "</b>",
            "<!--",
            "<?x?>",
            "<![CDATA[",
            "&",
            "&am",
            "&lol;",
            "&#38;",
            "\r\n",
            "\u{1}",
            "\u{fffe}",
            "<é>",
            "<a'>",
            "<a/b>",
        ] {
            assert_eq!(read(ready, Some("a")), Plain::Other, "{ready}");
        }
        assert_eq!(read("</a>", None), Plain::Other);
        assert_eq!(read("a\rb", None), Plain::Text("a"));
    }

    #[test]
    fn names_and_blanks_are_measured() {
        assert!(is_name("a-b_c:d.e1") && !is_name("") && !is_name("a'b") && !is_name("é"));
        assert_eq!((blanks(" \t\r\nx "), blanks("x"), blanks("  ")), (4, 0, 2));
    }

    #[test]
    fn a_text_ends_where_something_else_begins() {
        let plain = "\tab\n  > é€ \u{7f}\u{85}";
        for end in ["", "<", "&", "\r\n", "\u{1}", "\u{feff}", "\u{ffff}"] {
            for times in 0..4 {
                assert_eq!(
                    text(&format!("{}{end}\n<", plain.repeat(times))),
                    match end {
                        "" => plain.len() * times + 1,
                        _ => plain.len() * times,
                    }
                );
            }
        }
        assert_eq!(text("no end\n"), 7);
    }
}
