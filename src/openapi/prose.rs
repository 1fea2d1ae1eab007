//! Texts of a document in Markdown or HTML → plain paragraphs, as a terminal shows them.

use model::unseen::is_hidden;

/// Elements of HTML after which a text goes on in a new line, and those that only mark words.
const BREAKS: [&str; 16] =
    ["p", "br", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "table", "tr", "pre", "hr", "blockquote", "aside"];
const MARKS: [&str; 20] = [
    "kbd", "mark", "nobr", "var", "code", "a", "b", "i", "em", "strong", "span", "sup", "sub", "small", "u", "td",
    "th", "thead", "tbody", "img",
];
/// What HTML and Markdown write for single characters.
const ENTITIES: [(&str, &str); 8] = [
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&mdash;", "-"),
    ("&amp;", "&"),
];

/// The words of a text without links, elements and marks. Lines stay.
pub(crate) fn inline(text: &str) -> String {
    let mut out = unlinked(&untagged(text)).replace("**", "");
    out.retain(|c| c == '\n' || c == '\t' || c != '`' && !is_hidden(c));
    ENTITIES.iter().fold(out, |text, (entity, character)| text.replace(entity, character))
}

/// Paragraphs, items of lists and rows of tables, each in a line of its own, with an empty line between paragraphs.
pub(crate) fn paragraphs(text: &str) -> String {
    let text = inline(text);
    let mut whole = Paragraphs::default();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    for (nth, line) in lines.iter().enumerate() {
        let is_head = lines.get(nth + 1).is_some_and(|next| is_rule(next));
        whole.add(line, is_head);
    }
    whole.end()
}

#[derive(Default)]
struct Paragraphs {
    done: Vec<String>,
    open: String,
    /// What is open is an item of a list.
    item: bool,
}

impl Paragraphs {
    fn add(&mut self, line: &str, is_head: bool) {
        let text = line.trim();
        let (heading, item) = (text.trim_start_matches('#'), item(text));
        match () {
            () if text.is_empty() || text.starts_with("~~~") => self.close(""),
            () if is_rule(text) || text.starts_with('|') && is_head => self.close(""),
            () if text.starts_with('|') => self.begin(&row(text)),
            () if heading != text && heading.starts_with(' ') => {
                self.close("");
                self.done.push(heading.trim().to_owned());
                self.close("");
            }
            () if item.is_some() => self.begin(item.unwrap_or_default()),
            () if self.open.is_empty() => self.open = text.to_owned(),
            () => {
                self.open.push(' ');
                self.open.push_str(text);
            }
        }
    }

    /// An item of a list, or a row.
    fn begin(&mut self, text: &str) {
        if !self.open.is_empty() {
            let item = self.item;
            self.done.push(std::mem::take(&mut self.open));
            if !item {
                self.done.push(String::new());
            }
        }
        self.open = format!("- {text}");
        self.item = true;
    }

    fn close(&mut self, next: &str) {
        if !self.open.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
        self.item = false;
        if self.done.last().is_some_and(|last| !last.is_empty()) {
            self.done.push(next.to_owned());
        }
    }

    fn end(mut self) -> String {
        self.close("");
        self.done.join("\n").trim().to_owned()
    }
}

/// The text of an item of a list.
fn item(line: &str) -> Option<&str> {
    let bullet = ["- ", "* ", "+ ", "\u{2022} "].into_iter().find_map(|mark| line.strip_prefix(mark));
    bullet.map(str::trim).filter(|text| !text.is_empty())
}

/// Whether a line only separates the head of a table from its rows, or two paragraphs.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.contains("--") && line.chars().all(|c| "|-: ".contains(c))
}

/// A row of a table, with its cells after each other.
fn row(line: &str) -> String {
    let cells = line.trim_matches('|').split('|').map(str::trim).filter(|cell| !cell.is_empty());
    cells.collect::<Vec<_>>().join(": ")
}

/// A text without elements of HTML.
fn untagged(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let known = after.split_once('>').and_then(|(tag, behind)| Some((replaced(tag)?, behind)));
        match known {
            Some((instead, behind)) => {
                out.push_str(instead);
                rest = behind;
            }
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// What is written instead of an element; `None` for what is none, such as `<id>`.
fn replaced(tag: &str) -> Option<&'static str> {
    let closing = tag.starts_with('/');
    let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default().to_ascii_lowercase();
    match name.as_str() {
        "li" if closing => Some(""),
        "li" => Some("\n- "),
        "tr" | "br" | "hr" => Some("\n"),
        name if BREAKS.contains(&name) => Some("\n\n"),
        "td" | "th" if closing => Some(" "),
        name if MARKS.contains(&name) => Some(""),
        _ => None,
    }
}

/// `[text](address)` as its text.
fn unlinked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(text, behind)| {
            let (_, behind) = behind.split_once(')')?;
            (!text.contains('[') && !text.contains("\n\n")).then_some((text, behind))
        });
        match link {
            Some((text, behind)) => {
                out.push_str(before.strip_suffix('!').unwrap_or(before));
                out.push_str(text);
                rest = behind;
            }
            None => {
                out.push_str(before);
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_and_links_are_left_out() {
        for (text, plain) in [
            ("See [the docs](https://x/y#z), or **not**.", "See the docs, or not."),
            ("A [list] of `a`, [b](c) and ![d](e)", "A [list] of a, b and d"),
            ("[issues are\ndisabled](https://x)", "issues are\ndisabled"),
            ("<p>To charge a <code>card</code>,&nbsp;create &lt;it&gt;</p>", "\n\nTo charge a card, create <it>\n\n"),
            ("PUT /a/<id> with <b>x", "PUT /a/<id> with x"),
            ("a < b > c", "a < b > c"),
            ("[a", "[a"),
            ("x\u{202e}y", "xy"),
        ] {
            assert_eq!(inline(text), plain, "{text}");
        }
    }

    #[test]
    fn a_text_becomes_paragraphs() {
        for (text, plain) in [
            ("One line\nand the same.\n\nAnother.", "One line and the same.\n\nAnother."),
            (
                "#### Errors\n| Status | Code |\n| --- | --- |\n| `422` | `bad` |\n| | `worse` |",
                "Errors\n\n- 422: bad\n- worse",
            ),
            ("Some:\n- one\n  more\n- two\n\nEnd", "Some:\n\n- one more\n- two\n\nEnd"),
            ("<p>A</p><ul><li>b</li><li>c</li></ul>", "A\n\n- b\n- c"),
            ("a\n---\nb", "a\n\nb"),
            ("- [x](y): z\n* w", "- x: z\n- w"),
            ("#hash and # sign", "#hash and # sign"),
            ("", ""),
        ] {
            assert_eq!(paragraphs(text), plain, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_or_grows_without_end(text in "[-|#<>a-z/ *`\\[\\]()!&;\n]{0,80}") {
            prop_assert!(paragraphs(&text).len() <= 3 * text.len() + 8);
            prop_assert!(!inline(&text).contains('`'));
        }
    }
}
