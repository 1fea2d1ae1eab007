//! The forms that nearly all of a message consists of, read without the XML crate: tags without attributes, text without
//! control characters, the five references that need no definition. It recognizes nothing that the crate would read in
//! another way, and leaves everything else to it.

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
            let length = length(rest, NAME);
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
        _ => match length(bytes, TEXT) {
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
    !name.is_empty() && length(name.as_bytes(), NAME) == name.len()
}

/// The length of the white space at the beginning of a text.
pub(super) fn blanks(text: &str) -> usize {
    length(text.as_bytes(), BLANK)
}

/// The length of the plain text at the beginning of a text.
pub(super) fn text(text: &str) -> usize {
    length(text.as_bytes(), TEXT)
}

const NAME: u8 = 1;
const TEXT: u8 = 2;
const BLANK: u8 = 4;

/// The classes of each byte.
#[expect(clippy::indexing_slicing, reason = "it is computed by the compiler, which would refuse it")]
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte as usize] = classes_of(byte as u8);
        byte += 1;
    }
    classes
};

const fn classes_of(byte: u8) -> u8 {
    let name = matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b':');
    // With 0xef begin, among others, U+FFFE and U+FFFF, which XML cannot contain. A line break may be written as `\r\n`.
    let text = matches!(byte, b'\t' | b'\n' | b' '..) && !matches!(byte, b'<' | b'&' | 0xef);
    let blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    (if name { NAME } else { 0 }) | (if text { TEXT } else { 0 }) | (if blank { BLANK } else { 0 })
}

fn length(bytes: &[u8], class: u8) -> usize {
    let is = |byte: &u8| CLASSES.get(usize::from(*byte)).is_some_and(|classes| classes & class != 0);
    bytes.iter().position(|byte| !is(byte)).unwrap_or(bytes.len())
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
}
