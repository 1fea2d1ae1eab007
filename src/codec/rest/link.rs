//! The header `Link` (RFC 8288): `</items?page=2>; rel="next", </items?page=9>; rel="last"`.

/// The address of the next page in one value of the header. What cannot be read is left out.
pub(super) fn next(header: &str) -> Option<String> {
    linked(header, "next")
}

/// The first address with a relation in one value of the header. What cannot be read is left out.
pub fn linked(header: &str, relation: &str) -> Option<String> {
    let mut rest = header;
    loop {
        rest = rest.split_once('<')?.1;
        let (target, after) = rest.split_once('>')?;
        let (is_related, after) = parameters(after, relation);
        if is_related {
            return Some(target.trim().to_owned());
        }
        rest = after;
    }
}

/// Whether the parameters of a link say that it has a relation, and what follows them.
fn parameters<'t>(text: &'t str, relation: &str) -> (bool, &'t str) {
    let (mut is_related, mut known, mut rest) = (false, false, text.trim_start());
    while let Some(after) = rest.strip_prefix(';') {
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, value) = after.split_at(end);
        let (value, after) = match value.strip_prefix('=') {
            Some(value) => read(value.trim_start()),
            None => (String::new(), value),
        };
        // Of several relations in one link only the first counts.
        if name.trim().eq_ignore_ascii_case("rel") && !known {
            known = true;
            is_related = value.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(relation));
        }
        rest = after.trim_start();
    }
    (is_related, rest)
}

/// A value, in quotes or without them, and what follows it.
fn read(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) = text.split_at(text.find([';', ',']).unwrap_or(text.len()));
        return (value.trim().to_owned(), after);
    };
    let (mut value, mut letters) = (String::new(), quoted.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{linked, next};

    #[test]
    fn the_link_to_the_next_page_is_found() {
        for (header, found) in [
            (r#"<https://h/x?page=2>; rel="next""#, Some("https://h/x?page=2")),
            (r#"<https://h/x?page=1>; rel="prev", <https://h/x?page=3>; rel="next""#, Some("https://h/x?page=3")),
            ("</x?a=1,2;3>; rel=next; title=x", Some("/x?a=1,2;3")),
            (r#"</x>; title="a, <b>; rel=\"next\""; rel="last", </y>; REL=Next"#, Some("/y")),
            (r#"</x>; rel="up next""#, Some("/x")),
            (r#"</x>; rel="last"; rel="next""#, None),
            (r#"</x>; rev="next""#, None),
            ("</x>; rel", None),
            ("</x", None),
            ("rel=next", None),
            ("", None),
        ] {
            assert_eq!(next(header).as_deref(), found, "{header}");
        }
        let header = r#"</docs>; rel="service-doc", </api.json>; rel="service-desc"; type="application/json""#;
        assert_eq!(linked(header, "service-desc").as_deref(), Some("/api.json"));
        assert_eq!(linked(header, "next"), None);
    }

    proptest! {
        #[test]
        fn a_link_among_others_is_found(target in "[a-z/?=&,;.]{1,20}", title in "[ -~]{0,20}", others in 0_usize..3) {
            let title = title.replace('\\', "\\\\").replace('"', "\\\"");
            let other = format!("</o>; title=\"{title}\"; rel=\"prev\", ");
            let header = format!("{}<{target}>; title=\"{title}\"; rel=\"next\"", other.repeat(others));
            prop_assert_eq!(next(&header), Some(target));
        }

        #[test]
        fn anything_can_be_read(header in "[<>;,=\"\\\\a-z é]{0,40}") {
            let _ = next(&header);
        }
    }
}
