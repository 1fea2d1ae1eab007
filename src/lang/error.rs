//! What can be wrong with a line, and what is only incomplete.

use thiserror::Error;

use super::operator::{COMMAND, OWN};
use super::{OptionDef, TagKind, Unfilled};
use model::{Span, unseen};

/// Why a text is not a valid line. Every variant gives the position.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SyntaxError {
    /// The text ends inside a quote.
    #[error("the quote {quote} is not closed")]
    OpenQuote {
        /// Which quote.
        quote: char,
        /// The quote.
        span: Span,
    },
    /// The text ends inside a JSON object or array.
    #[error("the JSON value is not closed")]
    OpenJson {
        /// The bracket that is open.
        span: Span,
    },
    /// The text ends inside a quote of the command after `|!` or `!`, or in a backslash.
    #[error("the command stops inside a quote or after a backslash")]
    OpenCommand {
        /// The command.
        span: Span,
    },
    /// The text ends in a backslash.
    #[error("the line ends with a backslash, which joins it to the next line")]
    TrailingBackslash {
        /// The backslash.
        span: Span,
    },
    /// An invisible character that is unlikely to be intended.
    #[error("{} is not allowed outside quotes", unseen::name(*.character))]
    UnseenCharacter {
        /// Which character.
        character: char,
        /// The character.
        span: Span,
    },
    /// The method is expected, but something else comes.
    #[error("the line does not begin with a method")]
    NoMethod {
        /// What comes instead.
        span: Span,
    },
    /// The line names accounts, and nothing else.
    #[error("{text} names accounts, and no method follows")]
    AccountsAlone {
        /// The accounts.
        text: String,
        /// The accounts.
        span: Span,
    },
    /// A parenthesis at the start of a word is never closed.
    #[error("{text} opens a type and does not close it")]
    OpenType {
        /// The word.
        text: String,
        /// The word.
        span: Span,
    },
    /// There is no type of that name.
    #[error("unknown type ({name})")]
    UnknownType {
        /// The text between the parentheses.
        name: String,
        /// The parentheses.
        span: Span,
    },
    /// A type without a word after it.
    #[error("({kind}) has no value")]
    TypeWithoutValue {
        /// Which type.
        kind: TagKind,
        /// The type.
        span: Span,
    },
    /// A word is joined to `(null)`.
    #[error("(null) takes no value")]
    NullWithValue {
        /// The type with the word.
        span: Span,
    },
    /// A list ends with a comma, or an option interrupts it.
    #[error("a comma separates nothing")]
    LooseComma {
        /// The comma.
        span: Span,
    },
    /// A name at the end of the line, or before an option.
    #[error("{name} has no value")]
    NameWithoutValue {
        /// The name.
        name: String,
        /// What comes instead of the value.
        instead: Instead,
        /// The name.
        span: Span,
    },
    /// A type in the place of a name.
    #[error("a type is written before a name")]
    TypeForName {
        /// The type.
        span: Span,
    },
    /// A name with dots or brackets that are not a valid path.
    #[error("{path} is not the name of a parameter: {reason}")]
    BadPath {
        /// The name.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
        /// From where it is wrong to the end.
        span: Span,
    },
    /// A variable that has an invalid name, or dots or brackets that are not a valid path.
    #[error("{text} is not a variable: {reason}")]
    BadVariable {
        /// The word.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
        /// From where it is wrong to the end.
        span: Span,
    },
    /// An argument of a script that is not there, or not where it can be.
    #[error("{text} {why}")]
    Unfilled {
        /// The word.
        text: String,
        /// What is wrong with it.
        why: Unfilled,
        /// The word.
        span: Span,
    },
    /// There is no option of that name.
    #[error("unknown option {name}")]
    UnknownOption {
        /// The option with its dashes.
        name: String,
        /// The option.
        span: Span,
    },
    /// An option that requires a value has none.
    #[error("--{} has no value", .option.long)]
    OptionWithoutValue {
        /// Which option.
        option: &'static OptionDef,
        /// As it was typed.
        typed: String,
        /// The option.
        span: Span,
    },
    /// An option that takes no value has one.
    #[error("--{} takes no value", .option.long)]
    OptionWithValue {
        /// Which option.
        option: &'static OptionDef,
        /// The option with the value, as they were typed.
        typed: String,
        /// The option with the value.
        span: Span,
    },
    /// Nothing follows `|` or another operator.
    #[error("{operator} has no {}", if [COMMAND, OWN].contains(operator) { "command" } else { "file" })]
    NoTarget {
        /// The operator.
        operator: &'static str,
        /// The operator.
        span: Span,
    },
    /// A second file or command in one line.
    #[error("the result is sent to two places")]
    SecondRedirect {
        /// The second operator.
        span: Span,
    },
    /// No call follows `| each`.
    #[error("each has no call after it")]
    EachWithoutCall {
        /// The word, or what comes instead of a call.
        span: Span,
    },
    /// A second `each` in one line.
    #[error("a line has one each")]
    SecondEach {
        /// The second one.
        span: Span,
    },
    /// A field of a member that is not a valid path, or only a part of a value.
    #[error("{text} is not a field: {reason}")]
    BadSlot {
        /// The word.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
        /// From where it is wrong to the end.
        span: Span,
    },
    /// A fault in a line whose words were split by another shell: its quotes are gone, and adding some does not help.
    #[error(transparent)]
    InWords(Box<SyntaxError>),
    /// A word after the file.
    #[error("{text} follows the file")]
    AfterFile {
        /// The word.
        text: String,
        /// Whether the file was given with `|`, which runs commands elsewhere.
        piped: bool,
        /// The word.
        span: Span,
    },
}

/// What comes instead of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Nothing.
    Nothing,
    /// An option, as typed.
    Option(String),
    /// A redirect to a file or a command.
    Redirect(&'static str),
    /// Nothing: a list type written as its own word has taken the words after it as its members.
    List,
}

impl SyntaxError {
    /// Whether more text on the next line can complete it.
    pub fn is_incomplete(&self) -> bool {
        matches!(
            self,
            SyntaxError::OpenQuote { .. }
                | SyntaxError::OpenJson { .. }
                | SyntaxError::OpenCommand { .. }
                | SyntaxError::TrailingBackslash { .. }
        )
    }

    /// The same error for a line whose words were split by another shell.
    pub(super) fn in_words(self) -> SyntaxError {
        match self {
            SyntaxError::InWords(_) => self,
            other => SyntaxError::InWords(Box::new(other)),
        }
    }

    /// The fault itself, wherever the line comes from.
    pub fn fault(&self) -> &SyntaxError {
        match self {
            SyntaxError::InWords(fault) => fault.fault(),
            fault => fault,
        }
    }

    /// Its position in the text.
    pub(super) fn place(&self) -> Span {
        use SyntaxError::*;
        match self {
            InWords(fault) => fault.place(),
            OpenQuote { span, .. }
            | OpenJson { span }
            | OpenCommand { span }
            | TrailingBackslash { span }
            | UnseenCharacter { span, .. }
            | NoMethod { span }
            | AccountsAlone { span, .. }
            | OpenType { span, .. }
            | UnknownType { span, .. }
            | TypeWithoutValue { span, .. }
            | NullWithValue { span }
            | LooseComma { span }
            | NameWithoutValue { span, .. }
            | TypeForName { span }
            | BadPath { span, .. }
            | BadVariable { span, .. }
            | Unfilled { span, .. }
            | UnknownOption { span, .. }
            | OptionWithoutValue { span, .. }
            | OptionWithValue { span, .. }
            | NoTarget { span, .. }
            | SecondRedirect { span }
            | EachWithoutCall { span }
            | SecondEach { span }
            | BadSlot { span, .. }
            | AfterFile { span, .. } => *span,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::parse;
    use model::{Class, Diagnostic};

    /// The error for a wrong line: headline, the text under the caret, hint.
    fn explained(text: &str) -> (String, &str, String) {
        let error = parse(text).unwrap_err();
        assert_eq!((error.class(), error.is_incomplete()), (Class::Usage, false), "{text}");
        (error.to_string(), &text[error.place().range()], error.hint().unwrap_or_default())
    }

    #[test]
    fn an_error_says_what_where_and_what_next() {
        for (text, headline, place, hint) in [
            ("x n a\u{7}", "U+0007 (a control character) is not allowed outside quotes", "\u{7}", "remove it"),
            ("x\u{a0}n a", "U+00A0 (a no-break space) is not allowed outside quotes", "\u{a0}", "a plain space"),
            ("x n a\u{200b}", "U+200B (a zero-width space) is not allowed outside quotes", "\u{200b}", "remove it"),
            ("\u{feff}x", "U+FEFF (a byte order mark) is not allowed outside quotes", "\u{feff}", "remove it"),
            (
                "x n (json){\u{2003}}",
                "U+2003 (a space that is not a plain space) is not allowed outside quotes",
                "\u{2003}",
                "",
            ),
            ("x |! jq\u{a0}.", "U+00A0 (a no-break space) is not allowed outside quotes", "\u{a0}", "a plain space"),
            ("x > a\u{ad}b", "U+00AD (a soft hyphen) is not allowed outside quotes", "\u{ad}", "remove it"),
            ("| f", "the line does not begin with a method", "|", "write the method first"),
            ("(int)5", "the line does not begin with a method", "(int)", "write the method first"),
            ("-o json x", "the line does not begin with a method", "-o", "write the method first"),
            ("x n (abc d", "(abc opens a type and does not close it", "(abc", "write (string)(abc"),
            ("x n ( int )5", "( opens a type and does not close it", "(", "quote it"),
            ("x n (strng)5", "unknown type (strng)", "(strng)", "did you mean string"),
            ("x n (zzz)5", "unknown type (zzz)", "(zzz)", "types are string, int,"),
            ("x n ()5", "unknown type ()", "()", "types are"),
            ("x n (list:json)5", "unknown type (list:json)", "(list:json)", "did you mean"),
            ("x n (int)", "(int) has no value", "(int)", "(int)''"),
            ("x n (list:int) | f", "(list:int) has no value", "(list:int)", "quote text"),
            ("x n (string) -x", "(string) has no value", "(string)", "quote text like -x"),
            ("x n (null)5", "(null) takes no value", "(null)5", "put a space after it"),
            ("x n (list)a, -x b", "a comma separates nothing", ",", "empty member"),
            ("x n (list)a -x ,b", "a comma separates nothing", ",", "options go after"),
            ("x --outptu json", "unknown option --outptu", "--outptu", "did you mean --output? to send"),
            ("x --count", "unknown option --count", "--count", "-q length counts the rows; to send"),
            ("x -force", "unknown option -force", "-force", "--yes answers the question; to send"),
            ("x -timeout 5", "unknown option -timeout", "-timeout", "did you mean --timeout or --times?"),
            ("x -z", "unknown option -z", "-z", "to send it as text, quote it or write (string)-z"),
            ("x -o | f", "--output has no value", "-o", "write --output FORMAT: the form"),
            ("x --timeout=", "--timeout has no value", "--timeout", "write --timeout DURATION"),
            ("x -o (json)", "--output has no value", "-o", "write --output FORMAT"),
            ("x --xml=yes", "--xml takes no value", "--xml=yes", "write --xml alone"),
            ("x -xh", "--xml takes no value", "-xh", "write --xml alone"),
            ("x > -o json", "> has no file", ">", "write > FILE"),
            ("x |! # c", "|! has no command", "|!", "write |! COMMAND"),
            ("x; !", "! has no command", "!", "write !COMMAND"),
            ("let x = ! # c", "! has no command", "!", "write !COMMAND"),
            ("x | f > g", "the result is sent to two places", ">", "first file"),
            ("x | grep foo", "foo follows the file", "foo", "|! runs a command"),
            ("x > f g", "g follows the file", "g", "only options may follow"),
            ("x | each", "each has no call after it", "each", "| ./each"),
            ("x | each -o json", "each has no call after it", "-o", "| ./each"),
            ("x | each | f", "each has no call after it", "|", "| each METHOD"),
            ("x | each y | each z", "a line has one each", "each", "a second line"),
            ("x | f (int)5", "(int) follows the file", "(int)", "|! runs a command"),
        ] {
            let (said, under, next) = explained(text);
            assert_eq!((said.as_str(), under), (headline, place), "{text}");
            assert!(next.contains(hint), "{text}: {next}");
        }
    }

    #[test]
    fn incomplete_text_is_recognized() {
        for (text, place) in [
            ("x n 'a b", "'"),
            ("x n \"a'", "\""),
            ("x 'a\nb", "'"),
            ("x n (json){\"a\": [", "{"),
            ("x n (json) [1,\n2", "["),
            ("x n a\\", "\\"),
            ("x \\", "\\"),
            ("x |! jq '.a", "jq '.a"),
            ("x |! jq \\", "jq \\"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.is_incomplete(), "{text}: {error}");
            assert_eq!(&text[error.place().range()], place, "{text}");
        }
    }

    #[test]
    fn the_first_error_is_the_one_shown() {
        for (text, headline) in [
            ("x --frob 'open", "unknown option --frob"),
            ("x n (int) | f | g", "(int) has no value"),
            ("x 'a; y --frob", "the quote ' is not closed"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), headline, "{text}");
        }
    }
}
