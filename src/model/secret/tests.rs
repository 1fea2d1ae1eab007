use proptest::prelude::*;

use super::redactor::Redactor;
use super::*;
use crate::base64;
use crate::escape::{form, json, percent, xml};

fn knowing(secret: &str) -> Redactor {
    let mut redactor = Redactor::default();
    redactor.learn(&Secret::new(secret));
    redactor
}

#[test]
fn a_secret_prints_as_nothing() {
    assert_eq!(format!("{:?}", Secret::new("hunter22")), REDACTED);
    assert_eq!(Secret::new("0123456789abcdef01234567a32a1fe9").tail(8), "a32a1fe9");
    assert_eq!(Secret::new("short").tail(8), "t");
    let redactor = knowing("hunter22");
    assert_eq!(redactor.apply("hunter22"), REDACTED);
    assert!(!format!("{redactor:?}").contains("hunter"), "{redactor:?}");
}

#[test]
fn secrets_are_found_by_value() {
    let mut redactor = knowing("canary-key");
    redactor.learn(&Secret::new("canary-key-longer"));
    redactor.learn_shown(&Secret::new("pass phrase"));
    for (text, shown) in [
        ("x canary-key-longer y canary-key z", "x (redacted) y (redacted) z"),
        ("pass phrase, passphrase", "(redacted), (redacted)"),
        ("nothing here", "nothing here"),
        ("", ""),
    ] {
        assert_eq!(redactor.apply(text), shown);
    }
    // In text that the user wrote, only whole ones.
    assert_eq!(redactor.mask("é canary-key é, canary-ke phrase"), "é ********** é, canary-ke phrase");
}

#[test]
fn a_piece_is_found_where_it_reveals_much() {
    let redactor = knowing("0123456789abcdefghijklmnopqrstuv");
    for (text, shown) in [
        // Half of it, from anywhere.
        ("x 0123456789abcdefghij y", "x (redacted) y"),
        ("x 89abcdefghijklmn y", "x (redacted) y"),
        ("x 89abcdefghijklm y", "x 89abcdefghijklm y"),
        // A longer word is a different one, however much they have in common.
        ("x 0123456789abcdefghijzz y", "x 0123456789abcdefghijzz y"),
        ("x zz0123456789abcdefghij y", "x zz0123456789abcdefghij y"),
        ("x zz0123456789abcdefghijklmnopqrstuvzz y", "x zz(redacted)zz y"),
        // Its beginning, before something that cuts it off.
        ("x 012345… y", "x (redacted)… y"),
        ("x 012345...", "x (redacted)..."),
        ("x 012345******** y", "x (redacted)******** y"),
        ("x 01234… y", "x 01234… y"),
        ("x 012345 y", "x 012345 y"),
        ("x 123456… y", "x 123456… y"),
        // Its end, except for the last quarter, which is how users distinguish keys.
        ("…nopqrstuv y", "…(redacted) y"),
        ("[...opqrstuv]>", "[...opqrstuv]>"),
        ("…", "…"),
        // One character of it was lost.
        ("x 0123456789abcdefghij?lmnop y", "x (redacted)?lmnop y"),
        ("x 0123456789abcdefghijnopqrstuv y", "x (redacted) y"),
        ("x 0123abcdefghijklmnopqrstuv y", "x (redacted) y"),
        ("x 0123456789abcdefghij01234567 y", "x 0123456789abcdefghij01234567 y"),
    ] {
        assert_eq!(redactor.foreign(text), shown, "{text}");
    }
    // In text that the user wrote, a name that is part of a password is a name.
    assert_eq!(redactor.find("x 0123456789abcdefghij y"), []);
}

#[test]
fn a_key_and_an_id_may_have_much_in_common() {
    let redactor = knowing("0123456789abcdef01234567a32a1fe9");
    for (text, shown) in [
        ("job 0123456789abcdef0123456789abcdef ended", "job 0123456789abcdef0123456789abcdef ended"),
        ("x0123456789abcdef", "x0123456789abcdef"),
        ("job 01234567-89ab-cdef-0123-4567a32a1fe9", "job (redacted)"),
        ("key 0123456789abcdef0123", "key (redacted)"),
    ] {
        assert_eq!(redactor.foreign(text), shown);
    }
}

#[test]
fn a_short_secret_is_found_as_a_word() {
    for (secret, text, foreign, own) in [
        ("abc12", "wrong password abc12", "wrong password (redacted)", "wrong password abc12"),
        ("abc12", "`abc12`, abc123, ABC12", "`(redacted)`, abc123, ABC12", "`(redacted)`, abc123, ABC12"),
        ("a", "a service is `a`", "(redacted) service is `(redacted)`", "a service is `(redacted)`"),
        ("ab1!", "not ab1!, ab1!x", "not (redacted), (redacted)x", "not ab1!, ab1!x"),
        ("a\"b", r#"{"p":"a\"b"}"#, r#"{"p":"(redacted)"}"#, r#"{"p":"a\"b"}"#),
        ("ü1", "ü1 %C3%BC1 xü1", "(redacted) (redacted) xü1", "ü1 %C3%BC1 xü1"),
    ] {
        let redactor = knowing(secret);
        assert_eq!((redactor.foreign(text), redactor.own(text)), (foreign.into(), own.into()), "{secret}");
        assert_eq!(redactor.apply(text), text);
    }
}

/// A key in every notation that a service may write it in.
fn notations(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = |format: fn(u8) -> String| secret.bytes().map(format).collect::<String>();
    let characters = |format: fn(char) -> String| secret.chars().map(format).collect::<String>();
    let url_safe = |text: &str| base64::encode(text.as_bytes()).replace('+', "-").replace('/', "_");
    let with = |user: &str, end: &str| base64::encode(format!("{user}{secret}{end}").as_bytes());
    let half = secret.char_indices().nth(secret.chars().count() / 2).map_or(0, |(at, _)| at);
    let (first, second) = secret.split_at(half);
    let wrapped = |between: &str| format!("{first}{between}{second}");
    vec![
        ("as it is", secret.to_owned()),
        ("Base64", with("", "")),
        ("Base64 without padding", with("", "").trim_end_matches('=').to_owned()),
        ("Base64 for addresses", url_safe(secret)),
        ("Base64 with a user", with("me:", "")),
        ("Base64 with a longer user", with("somebody:", "")),
        ("Base64 with a line end", with("me:", "\n")),
        ("Base64 for addresses with a user", url_safe(&format!("m:{secret}\n"))),
        ("Base64 on several lines", {
            let text = with("me:", "\n");
            let (first, second) = text.split_at(text.len() / 2);
            format!("{first}\r\n{second}")
        }),
        ("Base64 in an address", percent(&with("", "")).into_owned()),
        ("%-encoding", percent(secret).into_owned()),
        (
            "%-encoding in lower case",
            bytes(|byte| match byte {
                byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                byte => format!("%{byte:02x}"),
            }),
        ),
        ("a form", form(secret).into_owned()),
        ("%-encoding twice", percent(&percent(secret)).into_owned()),
        ("every byte as %XX", bytes(|byte| format!("%{byte:02X}"))),
        ("%-encoding of Latin-1", characters(|c| format!("%{:02X}", u32::from(c).min(255)))),
        ("JSON", json(secret).into_owned()),
        (
            "JSON as PHP writes it",
            characters(|c| match c {
                '/' => r"\/".to_owned(),
                '<' | '>' | '&' | '\'' | '"' => format!("\\u{:04X}", u32::from(c)),
                c if !c.is_ascii() => format!("\\u{:04x}", u32::from(c)),
                c => json(&c.to_string()).into_owned(),
            }),
        ),
        ("JSON in JSON", json(&json(secret)).into_owned()),
        ("XML", xml(secret).into_owned()),
        ("XML twice", xml(&xml(secret)).into_owned()),
        ("HTML", xml(secret).replace('\'', "&#39;").replace('"', "&quot;").replace('ü', "&uuml;")),
        ("HTML in hexadecimal", xml(secret).replace('\'', "&#x27;").replace('"', "&#x22;")),
        ("HTML with every sign", characters(|c| format!("&#{};", u32::from(c)))),
        ("HTML with every sign in hexadecimal", characters(|c| format!("&#x{:X};", u32::from(c)))),
        ("an address with a user", format!("https://me:{}@h/", percent(secret))),
        ("hexadecimal", bytes(|byte| format!("{byte:02x}"))),
        ("hexadecimal in capitals", bytes(|byte| format!("{byte:02X}"))),
        ("a dump", bytes(|byte| format!("{byte:02x}:"))),
        ("C", bytes(|byte| format!("\\x{byte:02x}"))),
        ("a list in C", bytes(|byte| format!("0x{byte:02x}, "))),
        ("a list of bytes", format!("[{}]", bytes(|byte| format!("{byte}, ")).trim_end_matches(", "))),
        ("Python", format!("'{}'", secret.replace('\\', r"\\").replace('\'', r"\'"))),
        (
            "Python's bytes",
            format!(
                "b'{}'",
                bytes(|byte| match byte {
                    b'\'' | b'\\' => format!("\\{}", char::from(byte)),
                    b' '..=b'~' => char::from(byte).to_string(),
                    byte => format!("\\x{byte:02x}"),
                })
            ),
        ),
        ("Latin-1", secret.bytes().map(char::from).collect()),
        ("capitals", secret.to_uppercase()),
        ("small letters", secret.to_lowercase()),
        ("three quarters of it", secret.chars().take(secret.chars().count() * 3 / 4).collect()),
        ("its beginning", format!("{first}…")),
        ("its beginning before dots", format!("{first}...")),
        ("two lines", wrapped("\n")),
        ("two lines of mail", wrapped("\r\n    ")),
        ("with a zero-width space", wrapped("\u{200b}")),
        ("with a soft hyphen", wrapped("&shy;")),
        ("blanks run together", secret.split_whitespace().collect::<Vec<_>>().join(" ")),
    ]
}

#[test]
fn secrets_are_found_in_every_notation() {
    let mut tried = 0;
    for secret in [
        "Canary+Pa/ss=w&ord<9>\"x%41'Zq~7ü",
        "ca9a12ca9a12ca9a12ca9a12feedbee5",
        "S3cret-Par&ameter/+<x>",
        "a<b&c  \"d\\e",
        "correct horse battery staple",
        "hunter2",
        r"\\server\new%20%zz&amp;",
    ] {
        let redactor = knowing(secret);
        for (notation, text) in notations(secret) {
            // Many words contain a small piece of a short secret.
            if secret.len() < 8 && (notation.contains("quarters") || notation.contains("beginning")) {
                continue;
            }
            for (before, after) in [("", ""), ("wrong key ", " was given"), ("<b>(", ")</b>"), ("k=", "&x=1")] {
                let shown = redactor.foreign(&format!("{before}{text}{after}")).into_owned();
                let rest = shown.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                // What surrounds the secret, such as a user's name, may remain.
                let left = rest.map(|rest| rest.replace(REDACTED, "").len());
                let allowed = if notation.contains("address with") { "https://me:@h/".len() } else { 6 };
                assert!(left.is_some_and(|left| left <= allowed), "{secret} in {notation}: {text} → {shown}");
                assert!(shown.contains(REDACTED), "{secret} in {notation}: {text} → {shown}");
                tried += 1;
            }
        }
    }
    assert!(tried > 1000, "{tried}");
}

#[test]
fn ordinary_words_stay() {
    let redactor = knowing("Canary+Pa/ss=w&ord<9>\"x%41'Zq~7ü");
    for text in [
        "The service myserver1 does not exist: see https://api.example.com/v1/xmlrpc?page=2&size=25",
        "{\"error\": \"no such network 37605271-d650-4d8e-a0b0-ad46b25d0952\", \"bytes\": [1, 2, 300]}",
        "0x63 0x61 Zm9vYmFyYmF6 … ... *** &amp; %41 \\u0041",
    ] {
        assert_eq!(redactor.apply(text), text);
        assert_eq!(redactor.foreign(text), text);
    }
}

#[test]
fn a_secret_of_punctuation_alone_is_found_unchanged() {
    for secret in ["........", "+++***+++", "\\.\\.\\.\\."] {
        let redactor = knowing(secret);
        for (before, after) in [("", ""), ("x", "y"), ("it is ", " here")] {
            let shown = format!("{before}{REDACTED}{after}");
            assert_eq!(redactor.apply(&format!("{before}{secret}{after}")), shown);
            assert_eq!(redactor.foreign(&format!("{before}{}{after}", percent(secret))), shown);
        }
        assert_eq!(redactor.apply("a.b+c***d"), "a.b+c***d");
    }
    // The mask itself is not a secret.
    assert_eq!(knowing("r.e.d.a.c.t.e.d").apply("it is (redacted)"), "it is (redacted)");
}

#[test]
fn a_long_text_is_searched_to_its_end() {
    let redactor = knowing("0123456789abcdefghijklmnopqrstuv");
    let filler = "é and words ".repeat(10_000);
    let text = format!("{filler}0123456789abcdefghijklmnopqrstuv{filler}&#48;&#49;23456789abcdefghijklmnopqrstuv");
    assert_eq!(redactor.apply(&text), format!("{filler}(redacted){filler}(redacted)"));
    // Around the borders of the chunks of a long text.
    for at in [60_000, 61_400, 65_500, 65_520, 65_530, 65_536] {
        let filler = "x".repeat(at);
        assert_eq!(redactor.apply(&format!("{filler} 0123456789abcdefghijklmnopqrstuv y")).len(), at + 13, "{at}");
    }
    let long = "0123456789abcdef ghij klmnopqrstuv-".repeat(1_000);
    assert_eq!(knowing(&long).apply(&format!("x {long} y")), "x (redacted) y");
    let mut short = knowing("abcde");
    short.learn_text("fg");
    let text = format!("{}abcde", "x".repeat(65_534));
    assert_eq!(short.foreign(&text), text);
}

#[test]
fn only_secrets_of_results_are_forgotten() {
    let mut redactor = knowing("the-key-itself");
    let password = |number: u64| Secret::new(format!("{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    for number in 0..3_000 {
        redactor.learn_shown(&password(number));
    }
    let text = |number: u64| format!("the-key-itself or {}", password(number).expose());
    assert_eq!(redactor.apply(&text(2_999)), "(redacted) or (redacted)");
    assert_eq!(redactor.apply(&text(0)), text(0).replace("the-key-itself", REDACTED));
}

/// One way to write a text in another notation.
pub(super) fn written(how: u8, text: &str) -> String {
    match how % 8 {
        0 => percent(text).into_owned(),
        1 => form(text).into_owned(),
        2 => json(text).into_owned(),
        3 => xml(text).into_owned(),
        4 => text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
        5 => text.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect(),
        6 => text.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        _ => text.to_uppercase(),
    }
}

proptest! {
    #[test]
    fn a_secret_in_notations_within_notations_is_found(
        secret in "[!-~äöüłß]{12,40}",
        how in proptest::collection::vec(any::<u8>(), 0..4),
    ) {
        let text = how.iter().fold(secret.clone(), |text, how| written(*how, &text));
        let shown = knowing(&secret).foreign(&format!("begin {text} end")).into_owned();
        prop_assert!(shown.len() <= "begin (redacted) end".len() + 24, "{}: {} → {}", secret, text, shown);
    }

    #[test]
    fn base64_of_a_secret_among_other_bytes_is_found(
        secret in "[!-~]{12,40}",
        before in proptest::collection::vec(any::<u8>(), 0..9),
        after in proptest::collection::vec(any::<u8>(), 0..9),
    ) {
        let bytes = [before.as_slice(), secret.as_bytes(), after.as_slice()].concat();
        let shown = knowing(&secret).apply(&format!("x {} y", base64::encode(&bytes))).into_owned();
        prop_assert!(shown.trim_end_matches(" y").trim_end_matches('=').len() <= "x (redacted)".len(), "{}", shown);
    }

    #[test]
    fn any_text_can_be_searched(secret in any::<String>(), text in any::<String>(), join in any::<bool>()) {
        let text = if join { format!("{text}{secret}{text}") } else { text };
        let mut redactor = knowing(&secret);
        redactor.learn_text("ab");
        let found = redactor.find(&text);
        prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert!(found.iter().all(|range| text.get(range.clone()).is_some_and(|part| !part.is_empty())));
        prop_assert_eq!(redactor.mask(&text).len(), text.len());
        if secret.chars().filter(|c| c.is_alphanumeric()).count() >= 8 {
            prop_assert!(!redactor.apply(&text).contains(&secret) , "{}", text);
        }
        let (_, _) = (redactor.foreign(&text), redactor.own(&text));
    }

    #[test]
    fn a_text_made_of_pieces_of_a_secret_takes_no_longer(secret in "[ab]{6,400}", text in "[ab.…%&;]{0,3000}") {
        let found = knowing(&secret).find(&text);
        prop_assert!(found.iter().all(|range| range.end <= text.len()));
    }
}

#[test]
fn the_rest_of_a_secret_without_its_tags_is_hidden() {
    let redactor = knowing("Canary+Pa<9>\"x%41'Zq~7");
    for text in ["\"x%41'Zq~7 is no key", "no key: Canary+Pa", "Canary+Pa\"x%41'Zq~7"] {
        let shown = redactor.foreign(text);
        assert!(!shown.contains("x%41") && !shown.contains("Canary"), "{text}: {shown}");
    }
    // Short text may be anything.
    assert_eq!(knowing("0123456789abcdef<b>all").foreign("all is well"), "all is well");
}
