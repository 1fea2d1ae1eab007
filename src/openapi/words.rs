//! Texts of a document as they may be stored and shown, and its names as words that can be typed.

use model::unseen::is_hidden;

use super::prose::{inline, paragraphs};

/// The most characters of one line about something.
const LINE: usize = 120;
/// The most characters in which the first sentence is looked for.
const START: usize = 1_000;
/// The most characters of what is said about a method.
const TEXT: usize = 4_000;

/// One line: the first sentence, without marks of Markdown, controls, and a full stop at the end.
pub(crate) fn line(text: &str) -> String {
    let start: String = text.chars().take(START).collect();
    let plain = inline(&start);
    let paragraph = plain.trim_start().split("\n\n").next().unwrap_or_default();
    let mut out = String::new();
    for word in paragraph.split_whitespace() {
        let shown: String = word.chars().filter(|c| !is_hidden(*c) && !"*#".contains(*c)).collect();
        if shown.is_empty() {
            continue;
        }
        if out.chars().count() + shown.chars().count() >= LINE {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&shown);
        if ends_sentence(&shown) {
            break;
        }
    }
    let cut: String = out.chars().take(LINE + 1).collect();
    cut.trim_end_matches(['.', ':', ' ', ',']).to_owned()
}

fn ends_sentence(word: &str) -> bool {
    let short = ["e.g.", "i.e.", "etc.", "vs.", "eg.", "ie."];
    word.ends_with('.') && word.chars().count() > 2 && !short.contains(&word.to_lowercase().trim_start_matches('('))
}

/// Several paragraphs, without marks and controls.
pub(crate) fn lines(text: &str) -> String {
    let short: String = text.chars().take(TEXT).collect();
    paragraphs(&short)
}

/// A name as a word that can be typed: of letters, digits, `_` and `-`. `None` if nothing of it is left.
pub(crate) fn typed(name: &str) -> Option<String> {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            c if c.is_alphanumeric() || c == '-' => out.push(c),
            _ if out.ends_with('_') => {}
            _ => out.push('_'),
        }
    }
    let out = out.trim_matches(['_', '-']);
    (!out.is_empty()).then(|| out.to_owned())
}

/// The same in lower case, with a hyphen or an underscore where the name has another word.
pub(crate) fn small(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut was_small = false;
    for c in typed(name)?.chars() {
        if c.is_uppercase() && was_small {
            out.push('_');
        }
        was_small = c.is_lowercase() || c.is_ascii_digit();
        out.extend(c.to_lowercase());
    }
    Some(out)
}

/// The words of a name, in lower case: `listServers` and `list_servers` have two.
pub(crate) fn parts(name: &str) -> Vec<String> {
    let small = small(name).unwrap_or_default();
    small.split(['_', '-']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A word for one of several: `server` for `servers`. Of a name of several words it is the last that is changed.
pub(crate) fn single(word: &str) -> String {
    let (before, last) = match word.rfind(['_', '-']) {
        Some(at) => word.split_at(at + 1),
        None => ("", word),
    };
    format!("{before}{}", single_word(last))
}

fn single_word(word: &str) -> String {
    match word {
        "aliases" | "statuses" | "processes" => word.trim_end_matches("es").to_owned(),
        _ if ["sses", "xes", "tches", "nches", "shes"].iter().any(|end| word.ends_with(end)) => {
            word.strip_suffix("es").unwrap_or(word).to_owned()
        }
        _ if word.ends_with("ies") && word.len() > 4 => format!("{}y", word.trim_end_matches("ies")),
        _ if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && word.len() > 3 => {
            word.strip_suffix('s').unwrap_or(word).to_owned()
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_the_first_sentence_in_plain_words() {
        for (text, summary) in [
            ("Returns all Server objects.", "Returns all Server objects"),
            ("Lists things. More about it.", "Lists things"),
            ("To list, send a `GET` to `/v2/x`, e.g. so.\n\nMore", "To list, send a GET to /v2/x, e.g. so"),
            ("# Title\n\nText", "Title"),
            ("See [docs](https://x/y) first", "See docs first"),
            ("a\u{1b}[31m b\u{202e}", "a[31m b"),
            ("", ""),
        ] {
            assert_eq!(line(text), summary, "{text}");
        }
        assert!(line(&"word ".repeat(100)).chars().count() <= LINE + 1);
        assert!(line(&"w".repeat(500)).chars().count() <= LINE + 1);
        assert_eq!(lines("a\u{7}\r\nb  \n\nc"), "a b\n\nc");
    }

    #[test]
    fn names_become_words_that_can_be_typed() {
        for (name, word, lower) in [
            ("serverId", Some("serverId"), Some("server_id")),
            ("filter[name]", Some("filter_name"), Some("filter_name")),
            ("X-API-Key", Some("X-API-Key"), Some("x-api-key")),
            ("a.b", Some("a_b"), Some("a_b")),
            ("_x_", Some("x"), Some("x")),
            ("größe", Some("größe"), Some("größe")),
            ("IPv4Address", Some("IPv4Address"), Some("ipv4_address")),
            ("$%", None, None),
            ("", None, None),
        ] {
            assert_eq!((typed(name).as_deref(), small(name).as_deref()), (word, lower), "{name}");
        }
        assert_eq!(parts("listServers-by_id"), ["list", "servers", "by", "id"]);
    }

    #[test]
    fn one_of_several_has_a_word() {
        for (many, one) in [
            ("servers", "server"),
            ("policies", "policy"),
            ("addresses", "address"),
            ("storage_boxes", "storage_box"),
            ("databases", "database"),
            ("branches", "branch"),
            ("caches", "cache"),
            ("processes", "process"),
            ("entity-transfers", "entity-transfer"),
            ("status", "status"),
            ("access", "access"),
            ("dns", "dns"),
            ("zone", "zone"),
            ("as", "as"),
        ] {
            assert_eq!(single(many), one);
        }
    }
}
