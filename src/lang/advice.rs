//! How the user can correct a wrong line. At the prompt and in scripts, text is quoted; in the arguments of a command
//! the user's own shell has removed the quotes, and only a type can mark a word as text.

use super::operator::{COMMAND, OWN};
use super::{Instead, OptionDef, SyntaxError, TagKind, Takes};
use model::{Class, Diagnostic, Span, suggest};

impl Diagnostic for SyntaxError {
    fn class(&self) -> Class {
        Class::Usage
    }

    fn span(&self) -> Option<Span> {
        Some(self.place())
    }

    fn hint(&self) -> Option<String> {
        match self {
            SyntaxError::InWords(fault) => for_words(fault.fault()),
            fault => for_text(fault),
        }
    }
}

/// For a line from the prompt or a script.
fn for_text(error: &SyntaxError) -> Option<String> {
    use SyntaxError::*;
    Some(match error {
        OpenQuote { quote: '\'', .. } => r#"text with an apostrophe goes between double quotes: "it's""#.into(),
        OpenQuote { .. } | OpenJson { .. } | OpenCommand { .. } | InWords(_) => return None,
        TrailingBackslash { .. } => r"write \\ for a backslash itself".into(),
        UnseenCharacter { character, .. } if character.is_whitespace() => {
            "type a plain space instead, or put it in quotes to send it".into()
        }
        UnseenCharacter { .. } => "remove it, or put it in quotes to send it".into(),
        OpenType { text, .. } => format!("to send it as text, quote it or write (string){text}"),
        UnknownType { name, .. } => format!("{}; to send it as text, quote it or write (string)({name})", types(name)),
        TypeWithoutValue { kind: TagKind::List(_), .. } => {
            "write [] for an empty list, and quote text like -x or |".into()
        }
        TypeWithoutValue { kind, .. } => format!("write ({kind})'' for an empty value, and quote text like -x or |"),
        LooseComma { .. } => "leave it out, or write '' for an empty member; options go after the list".into(),
        NameWithoutValue { instead: Instead::Option(option), .. } => format!(
            "{option} is an option, which goes after all names and values; to send it as text, quote it: '{option}'"
        ),
        NameWithoutValue { name, instead: Instead::Redirect(sign), .. } => {
            format!("{sign} sends the result elsewhere; to send it as text, quote it: {name} '{sign} …'")
        }
        BadPath { .. } => "write name, name.key or name[0].key; quote a name to take it as it is".into(),
        BadVariable { text, .. } => {
            format!("write $name, $name.key or $name[0].key; to send it as text, quote it: '{text}'")
        }
        Unfilled { text, why, .. } => return why.hint(text),
        UnknownOption { name, .. } => format!("{}to send it as text, quote it or write (string){name}", options(name)),
        OptionWithoutValue { option, typed, .. } => {
            format!("{}; to send it as text, quote it: '{typed}'", usage(option))
        }
        OptionWithValue { option, typed, .. } => {
            format!("write --{} alone; to send it as text, quote it: '{typed}'", option.long)
        }
        NoTarget { operator: COMMAND, .. } => "write |! COMMAND".into(),
        NoTarget { operator: OWN, .. } => "write !COMMAND".into(),
        NoTarget { operator, .. } => format!("write {operator} FILE, the name quoted if it looks like an option"),
        SecondRedirect { .. } => "end the line at the first file; |! runs a command".into(),
        AfterFile { piped: true, text, .. } => {
            format!("| writes to a file and |! runs a command: |! … {text}; quote a file name with spaces")
        }
        AfterFile { .. } => "only options may follow the file; quote a file name with spaces".into(),
        anywhere => return everywhere(anywhere),
    })
}

/// For the arguments of a command.
fn for_words(error: &SyntaxError) -> Option<String> {
    use SyntaxError::*;
    Some(match error {
        OpenType { text, .. } => format!("to send it as text, write (string) before it: '(string){text}'"),
        UnknownType { name, .. } => {
            format!("{}; to send it as text, write (string) before it: '(string)({name})…'", types(name))
        }
        TypeWithoutValue { kind: TagKind::List(_), .. } => "an empty list is '[]'".into(),
        TypeWithoutValue { kind: TagKind::String, .. } => {
            "an empty text is '' without a type; text like -x or | goes right after the type: '(string)-x'".into()
        }
        TypeWithoutValue { kind, .. } => format!("the value goes right after the type: '({kind})VALUE'"),
        LooseComma { .. } => "leave it out; an empty member is \"''\", and options go after the list".into(),
        NameWithoutValue { instead: Instead::Option(option), .. } => format!(
            "{option} is an option, which goes after all names and values; to send it as text, write '(string){option}'"
        ),
        NameWithoutValue { instead: Instead::Redirect(sign), .. } => {
            format!("{sign} sends the result elsewhere; to send it as text, write '(string){sign}…'")
        }
        BadPath { .. } => "write name, name.key or name[0].key".into(),
        BadVariable { text, .. } => format!("to send it as text, write '(string){text}'"),
        UnknownOption { name, .. } => format!("{}to send it as text, write '(string){name}'", options(name)),
        OptionWithoutValue { option, typed, .. } => {
            format!("{}; to send it as text, write '(string){typed}'", usage(option))
        }
        OptionWithValue { option, typed, .. } => {
            format!("write --{} alone; to send it as text, write '(string){typed}'", option.long)
        }
        NoTarget { operator, .. } => {
            let what = if *operator == COMMAND { "COMMAND" } else { "FILE" };
            format!("write '{operator}' {what}; to send the character as text, write '(string){operator}'")
        }
        SecondRedirect { .. } => {
            "end the line at the first file; a value that begins with | or > needs a type: '(string)| …'".into()
        }
        AfterFile { piped: true, text, .. } => format!(
            "'|' writes to a file and '|!' runs a command: '|!' … {text}; a value that begins with | needs a type: '(string)| …'"
        ),
        AfterFile { .. } => {
            "only options may follow the file; a value that begins with > needs a type: '(string)> …'".into()
        }
        OpenQuote { .. } | OpenJson { .. } | OpenCommand { .. } | TrailingBackslash { .. } => return for_text(error),
        UnseenCharacter { .. } | InWords(_) => return None,
        anywhere => return everywhere(anywhere),
    })
}

/// Advice that applies in both cases.
fn everywhere(error: &SyntaxError) -> Option<String> {
    use SyntaxError::*;
    Some(match error {
        AccountsAlone { text, .. } => format!("write {text} METHOD; `profiles` lists the accounts"),
        NoMethod { .. } => "write the method first: METHOD name value … options | FILE".into(),
        NullWithValue { .. } => "put a space after it, or leave it out".into(),
        EachWithoutCall { .. } => {
            "write | each METHOD name {field}, in words of their own; a file of that name is | ./each".into()
        }
        SecondEach { .. } => "a second line can go on with its result: $_ | each METHOD name {field}".into(),
        BadSlot { text, .. } => {
            format!("write {{name}}, {{name.key}} or {{name[0]}}; to send it as text, quote it: '{text}'")
        }
        NameWithoutValue { instead: Instead::List, .. } => {
            "an empty list is '[]': after (list) the next word is its first member".into()
        }
        NameWithoutValue { name, .. } => format!("write {name} VALUE, or {name} '' for an empty one"),
        TypeForName { .. } => "names and values alternate: name (type)value".into(),
        _ => return None,
    })
}

fn types(name: &str) -> String {
    if name.eq_ignore_ascii_case("any") {
        return "any is not a type that you can write: leave it out".into();
    }
    let near = suggest::nearest(name, TagKind::NAMES.iter().copied());
    suggest::phrase(&near).unwrap_or_else(|| format!("types are {}", TagKind::NAMES.join(", ")))
}

/// Options of other programs, and what does the same here.
const OPTIONS_ELSEWHERE: [(&[&str], &str); 7] = [
    (&["count", "length", "total"], "-q length counts the rows;"),
    (&["limit", "head", "top", "first", "max-items"], "-q '.[:10]' shows the first rows;"),
    (&["filter", "where", "select", "grep", "jq"], "-q 'map(select(.name == \"x\"))' chooses rows;"),
    (&["format", "json", "csv", "table", "yaml"], "-o FORMAT sets the format: -o csv;"),
    (&["fields", "field", "show"], "--columns NAMES chooses columns;"),
    (&["order", "order-by", "sort-by", "reverse"], "--sort NAME sorts, --sort=-NAME in descending order;"),
    (&["force", "assume-yes", "auto-approve", "no-confirm"], "--yes answers the question;"),
];

fn options(name: &str) -> String {
    let bare = name.trim_start_matches('-').to_lowercase();
    if let Some((_, says)) = OPTIONS_ELSEWHERE.iter().find(|(names, _)| names.contains(&bare.as_str())) {
        return format!("{says} ");
    }
    let near = OptionDef::nearest(name);
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    suggest::phrase(&near).map(|phrase| phrase + " ").unwrap_or_default()
}

fn usage(option: &OptionDef) -> String {
    match option.takes {
        Takes::Value(value) => format!("write --{} {value}: {}", option.long, option.summary),
        Takes::Maybe(value) => format!("write --{0} or --{0}={value}: {1}", option.long, option.summary),
        Takes::Nothing => format!("write --{}", option.long),
    }
}

#[cfg(test)]
mod tests {
    use crate::{SyntaxError, parse, parse_words};
    use model::Diagnostic;

    fn error_of(words: &[&str]) -> SyntaxError {
        match parse_words(words) {
            Ok((line, _)) => line.pairs().unwrap_err(),
            Err(error) => error,
        }
    }

    #[test]
    fn in_a_command_a_type_says_that_a_word_is_text() {
        for (words, hint) in [
            (&["x", "n", "--all"][..], "'(string)--all'"),
            (&["x", "n", "-x"], "'(string)-x'"),
            (&["x", "n", "-o"], "'(string)-o'"),
            (&["x", "n", "-out"], "'(string)-out'"),
            (&["x", "n", "--output=x"], "'(string)--output=x'"),
            (&["x", "n", "-bad"], "'(string)-bad'"),
            (&["x", "n", "--frob"], "'(string)--frob'"),
            (&["x", "n", "--xml=yes"], "'(string)--xml=yes'"),
            (&["x", "n", "--timeout="], "'(string)--timeout='"),
            (&["x", "n", "(c) 2024"], "'(string)(c)…'"),
            (&["x", "n", "(c"], "'(string)(c'"),
            (&["x", "n", "| x"], "'(string)|…'"),
            (&["x", "n", "|", "x"], "'(string)|…'"),
            (&["x", "n", "|"], "'(string)|'"),
            (&["x", "n", "|! x"], "'(string)|!…'"),
            (&["x", "n", ">", "f"], "'(string)>…'"),
            (&["x", "n", "v", "| a", "m"], "'(string)| …'"),
            (&["x", "n", "(string)"], "an empty text is ''"),
            (&["x", "n", "(list)"], "an empty list is '[]'"),
            (&["x", "n", "(list)", "m", "v"], "an empty list is '[]'"),
            (&["x", "a..b", "v"], "write name, name.key"),
            (&["x", "n", "(any)x"], "any is not a type that you can write"),
        ] {
            let error = error_of(words);
            let said = error.hint().unwrap_or_default();
            assert!(said.contains(hint), "{words:?}: {error}: {said}");
            assert!(!said.contains("quote"), "{words:?}: {said}");
        }
    }

    #[test]
    fn the_advice_works() {
        for (words, value) in [
            (&["x", "n", "(string)--all"][..], "--all"),
            (&["x", "n", "(string)-out"], "-out"),
            (&["x", "n", "(string)(c) 2024"], "(c) 2024"),
            (&["x", "n", "(string)| x"], "| x"),
            (&["x", "n", "(string)|"], "|"),
            (&["x", "n", "(string)  lead and trail  "], "  lead and trail  "),
            (&["x", "n", ""], ""),
            (&["x", "n", "[]"], "[]"),
        ] {
            let (line, _) = parse_words(words).unwrap();
            assert_eq!(line.pairs().unwrap()[0].value.text(), value, "{words:?}");
        }
        for (text, value) in [("x n '--all'", "--all"), ("x n '| x'", "| x"), ("x n []", "[]")] {
            let lines = parse(text).unwrap();
            assert_eq!(lines[0].pairs().unwrap()[0].value.text(), value, "{text}");
        }
    }
}
