//! The meaning of a generated tree and of a parsed line, in the same terms.

use super::draw::Node;
use crate::{Hole, Item, Line, OptionDef, RedirectKind, Segment, TagKind, Variable, Word};

/// A line without positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    accounts: Option<Said>,
    profile: Option<Said>,
    /// Whether `call` comes first, and the verb after it.
    raw: Option<Option<Said>>,
    head: Said,
    items: Vec<Meant>,
    /// The names of a call, split into parts.
    names: Vec<Vec<Segment>>,
    /// The variables among the values.
    variables: Vec<(String, Vec<Segment>)>,
    /// The holes among the values.
    holes: Vec<Hole>,
    options: Vec<(String, Option<Said>)>,
    redirect: Option<(String, Said)>,
    /// The command of the user's own shell.
    own: Option<String>,
    /// The call for each member of the result.
    each: Option<Box<Meaning>>,
}

/// A word as its pieces, each with whether it was quoted.
type Said = Vec<(String, bool)>;

/// A name or a value: its type with its word or the members of a list.
type Meant = (Option<TagKind>, Vec<Said>);

impl Meaning {
    /// The meaning of a parsed line. `is_call` when its items are names and values.
    pub(super) fn of(line: &Line, is_call: bool) -> Meaning {
        let word = |word: &Word| word.pieces.iter().map(|piece| (piece.text.clone(), piece.quoted)).collect::<Said>();
        let item = |item: &Item| match item.is_list() {
            true => (item.tag.as_ref().map(|tag| tag.kind), item.word.members().iter().map(word).collect()),
            false => (item.tag.as_ref().map(|tag| tag.kind), vec![word(&item.word)]),
        };
        let target = |kind: &RedirectKind| match (kind.file(), kind.command()) {
            (Some(file), _) => word(file),
            (None, command) => plain(command.unwrap_or_default()),
        };
        let names = line.pairs().map(|pairs| pairs.into_iter().map(|pair| pair.name.segments).collect());
        Meaning {
            accounts: line.accounts.as_ref().map(word),
            profile: line.profile.as_ref().map(word),
            raw: line.raw.as_ref().map(|raw| raw.verb.as_ref().map(word)),
            head: word(&line.head),
            items: line.items.iter().map(item).collect(),
            variables: read_variables(line),
            holes: Line { each: None, ..line.clone() }.holes().collect(),
            names: if is_call { names.unwrap_or_default() } else { Vec::new() },
            options: line.options.iter().map(|it| (it.option.long.to_owned(), it.value.as_ref().map(word))).collect(),
            redirect: line.redirect.as_ref().map(|it| (it.kind.symbol().to_owned(), target(&it.kind))),
            own: line.own.as_ref().map(|own| own.text.clone()),
            each: line.each.as_ref().map(|each| Box::new(Meaning::of(each, true))),
        }
    }

    /// The same without the difference between quoted and bare: arguments have no quotes.
    pub(super) fn unquoted(mut self) -> Meaning {
        let join = |said: &mut Said| *said = plain(&text(said));
        self.accounts.iter_mut().for_each(join);
        self.profile.iter_mut().for_each(join);
        join(&mut self.head);
        self.items.iter_mut().flat_map(|(_, words)| words).for_each(join);
        self.options.iter_mut().flat_map(|(_, value)| value).for_each(join);
        self.redirect.iter_mut().for_each(|(_, target)| join(target));
        self.each = self.each.map(|each| Box::new(each.unquoted()));
        self
    }
}

fn read_variables(line: &Line) -> Vec<(String, Vec<Segment>)> {
    let words = line.items.iter().flat_map(|item| match (&item.tag, item.is_list()) {
        (None, _) => vec![item.word.clone()],
        (_, true) => item.word.members(),
        _ => Vec::new(),
    });
    let found = words.filter_map(|word| Variable::of(&word)?.ok());
    found.map(|variable| (variable.name, variable.path)).collect()
}

/// The meaning of the lines in a generated `text`.
pub(super) fn of_text(text: &Node) -> Vec<Meaning> {
    let meaning = |line: &Node| if line.rule() == "own" { of_own(line) } else { of_line(line) };
    text.all(LINES).into_iter().map(meaning).collect()
}

/// The rules of a line.
pub(super) const LINES: &[&str] = &["line", "piped", "own"];

/// The meaning of a generated command of the user's own shell.
fn of_own(line: &Node) -> Meaning {
    let text = line.text();
    let name = line.first(&["variable-name"]).map(|name| (None, vec![said(name)]));
    let head = ["let", "save"].into_iter().find(|head| name.is_some() && text.starts_with(head)).unwrap_or("!");
    let equals = (head == "let").then(|| (None, vec![plain("=")]));
    Meaning {
        profile: line.first(&["profile"]).map(said),
        head: plain(head),
        items: name.into_iter().chain(equals).collect(),
        own: line.first(&["command"]).map(Node::text),
        ..Meaning::default()
    }
}

/// The meaning of a generated line, or of generated `arguments`.
pub(super) fn of_line(line: &Node) -> Meaning {
    if let (Some(source), Some(fed)) = (line.first(&["source", "passed-source"]), line.first(&["fed", "passed-fed"])) {
        return Meaning { each: Some(Box::new(of_line(fed))), ..of_line(source) };
    }
    let raw = line.first(&["raw-name", "raw-place", "bare-place"]);
    let mut meaning = Meaning {
        accounts: line.first(&["accounts"]).map(said),
        profile: line.first(&["profile"]).map(said),
        raw: raw.map(|_| line.first(&["verb"]).map(said)),
        head: raw.or(line.first(&["head", "bare-head"])).map_or_else(|| plain("?"), said),
        ..Meaning::default()
    };
    let values = ["value", "passed-value"];
    let ends = ["redirect", "command", "passed-redirect", "passed-command"];
    for part in line.all(&[&["name", "path", "option", "passed-option"][..], &values, &ends].concat()) {
        match part.rule() {
            "name" | "path" => {
                meaning.names.push(steps(part));
                meaning.items.push((None, vec![said(part)]));
            }
            "option" | "passed-option" => meaning.options.push(option(part)),
            rule if values.contains(&rule) => {
                meaning.variables.extend(variables(part));
                meaning.holes.extend(holes(part));
                meaning.items.push(value(part));
            }
            _ => meaning.redirect = Some(redirect(part)),
        }
    }
    meaning
}

fn steps(name: &Node) -> Vec<Segment> {
    if name.first(&["quoted-name"]).is_some() {
        return vec![Segment::Key(text(&said(name)))];
    }
    let step = |step: &Node| match step.rule() {
        "index" => Segment::Index(step.text().parse().unwrap()),
        _ => Segment::Key(step.text()),
    };
    name.all(&["key", "index"]).into_iter().map(step).collect()
}

fn variables(value: &Node) -> Vec<(String, Vec<Segment>)> {
    let found = if value.first(&["scalar"]).is_some() { Vec::new() } else { value.all(&["variable"]) };
    let name = |variable: &Node| variable.first(&["variable-name"]).unwrap().text();
    found.into_iter().map(|variable| (name(variable), steps(variable))).collect()
}

fn holes(value: &Node) -> impl Iterator<Item = Hole> {
    value.all(&["hole"]).into_iter().map(|hole| match hole.text().trim_start_matches('$') {
        "@" => Hole::All,
        "#" => Hole::Count,
        digits => Hole::Nth(digits.parse().unwrap()),
    })
}

fn value(value: &Node) -> Meant {
    let kind = |node: &Node| Some(TagKind::parse(node.text().trim_matches(['(', ')'])).unwrap());
    let words = ["glued", "variable", "hole", "word", "raw", "alone"];
    if let Some(spaced) = value.first(&["spaced"]) {
        return (Some(TagKind::String), vec![said(spaced)]);
    }
    if let Some(scalar) = value.first(&["scalar"]) {
        return (kind(scalar), vec![said(value.first(&words).unwrap())]);
    }
    if let Some(many) = value.first(&["many"]) {
        let members: Vec<Said> = value.all(&["member", "passed-member"]).into_iter().map(said).collect();
        let is_empty = members.len() == 1 && text(&members[0]).is_empty();
        return (kind(many), if is_empty { Vec::new() } else { members });
    }
    if value.text().starts_with("(null)") {
        return (Some(TagKind::Null), vec![Said::new()]);
    }
    match value.first(&["json", "quoted"]).filter(|_| value.text().starts_with("(json)")) {
        Some(json) => (Some(TagKind::Json), vec![said(json)]),
        None => (None, vec![said(value)]),
    }
}

fn option(option: &Node) -> (String, Option<Said>) {
    let letter = option.first(&["flag-letter", "valued-letter"]).map(|letter| format!("-{}", letter.text()));
    let name = option.first(&["flag-name", "valued-name", "optional-name"]).map(|name| format!("--{}", name.text()));
    let found = OptionDef::find(&letter.or(name).unwrap()).unwrap();
    (found.long.to_owned(), option.first(&["glued", "word", "plain", "raw", "alone"]).map(said))
}

fn redirect(redirect: &Node) -> (String, Said) {
    let commands = redirect.all(&["command", "command-word"]);
    if redirect.rule() == "command" || !commands.is_empty() {
        let words: Vec<String> = commands.into_iter().map(Node::text).collect();
        return ("|!".to_owned(), plain(&if words.is_empty() { redirect.text() } else { words.join(" ") }));
    }
    let operator = redirect.first(&["operator"]).map_or("|".to_owned(), Node::text);
    (operator, said(redirect.first(&["word", "alone", "file"]).unwrap()))
}

fn plain(text: &str) -> Said {
    vec![(text.to_owned(), false)]
}

fn text(said: &Said) -> String {
    said.iter().map(|(text, _)| text.as_str()).collect()
}

/// The text of a word, by the rules that produced it.
fn said(word: &Node) -> Said {
    let mut pieces = Said::new();
    say(word, &mut pieces);
    pieces
}

fn say(node: &Node, pieces: &mut Said) {
    let text = node.text();
    let inside = || text.get(1..text.len() - 1).unwrap();
    match node.rule() {
        "join" => {}
        "single" | "quoted-name" => push(pieces, inside(), true),
        "double" => {
            let known = |part: &Node| match (part.rule(), part.text().as_str()) {
                ("known", "\\n") => "\n".to_owned(),
                ("known", "\\t") => "\t".to_owned(),
                ("known", sign) => sign.trim_start_matches('\\').chars().next().map_or("\\".to_owned(), String::from),
                (_, text) => text.to_owned(),
            };
            let parts = node.parts().get(1..node.parts().len() - 1).unwrap();
            push(pieces, &parts.iter().map(known).collect::<String>(), true);
        }
        "escape" => push(pieces, text.get(1..).unwrap(), true),
        "" if !text.is_empty() => push(pieces, &text, false),
        _ => node.parts().iter().for_each(|part| say(part, pieces)),
    }
}

fn push(pieces: &mut Said, text: &str, quoted: bool) {
    match pieces.last_mut() {
        Some((last, was_quoted)) if *was_quoted == quoted => last.push_str(text),
        _ => pieces.push((text.to_owned(), quoted)),
    }
}
