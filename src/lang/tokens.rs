//! The parts of a line for colours and completion; works on incomplete lines too.

use model::Span;

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The accounts before the line.
    Accounts,
    /// The profile before the method.
    Profile,
    /// The method or command.
    Head,
    /// The name of a parameter, or a word of a local command.
    Name,
    /// A value. A list has one token for each of its words.
    Value,
    /// A value. A list has one token for each of its words.
    Tag,
    /// An option.
    Option,
    /// The value of an option.
    OptionValue,
    /// `|`, `>`, `>>`, `>!` or `|!`.
    Operator,
    /// The word `each` after `|`, after which another call begins.
    Each,
    /// The file after an operator.
    File,
    /// The command after `|!`.
    Command,
    /// From `#` to the end of the line.
    Comment,
    /// A newline or `;`.
    Separator,
    /// An error that more typing cannot correct. An incomplete part keeps its kind.
    Error,
}

/// The tokens of a line of a text, as if the line were all of it.
pub fn tokens_within(tokens: &[Token], line: Span) -> Vec<Token> {
    let before = tokens.partition_point(|token| token.span.start < line.start);
    let rest = tokens.get(before..).unwrap_or_default();
    let own = rest.get(..rest.partition_point(|token| token.span.start < line.end)).unwrap_or_default();
    let shifted = |span: Span| Span::new(span.start - line.start, span.end - line.start);
    own.iter().map(|token| Token { span: shifted(token.span), ..*token }).collect()
}

#[cfg(test)]
mod tests {
    use crate::tokens;

    /// The tokens as `Kind text`, one each.
    fn shown(text: &str) -> Vec<String> {
        tokens(text).iter().map(|token| format!("{:?} {}", token.kind, &text[token.span.range()])).collect()
    }

    #[test]
    fn every_part_has_its_kind() {
        for (text, expected) in [
            ("", &[][..]),
            ("work:a.b", &["Profile work", "Head a.b"]),
            ("@a,@b_* x n", &["Accounts @a,@b_*", "Head x", "Name n"]),
            ("@all", &["Accounts @all"]),
            ("@- @all", &["Head @-", "Name @all"]),
            ("x n v (int) 5", &["Head x", "Name n", "Value v", "Tag (int)", "Value 5"]),
            ("x n (list)a, 'b'", &["Head x", "Name n", "Tag (list)", "Value a,", "Value 'b'"]),
            ("x n (null) m", &["Head x", "Name n", "Tag (null)", "Name m"]),
            ("x -ojson --xml", &["Head x", "Option -o", "OptionValue json", "Option --xml"]),
            ("x --output='a'>f", &["Head x", "Option --output", "OptionValue 'a'", "Operator >", "File f"]),
            ("x |! jq . # c", &["Head x", "Operator |!", "Command jq . # c"]),
            (
                "x | each w:y a {b}",
                &["Head x", "Operator |", "Each each", "Profile w", "Head y", "Name a", "Value {b}"],
            ),
            ("x;y # c\n", &["Head x", "Separator ;", "Head y", "Comment # c", "Separator \n"]),
            ("?a", &["Head ?", "Name a"]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn half_typed_lines_have_tokens_too() {
        for (text, expected) in [
            ("work:", &["Head work:"][..]),
            ("x n 'va", &["Head x", "Name n", "Value 'va"]),
            ("x n (json){\"a\":", &["Head x", "Name n", "Tag (json)", "Value {\"a\":"]),
            ("x n (in", &["Head x", "Name n", "Error (in"]),
            ("x n (itn)5", &["Head x", "Name n", "Error (itn)", "Value 5"]),
            ("x --outp y", &["Head x", "Error --outp", "Name y"]),
            ("x -", &["Head x", "Name -"]),
            ("x --output", &["Head x", "Option --output"]),
            ("x --output=", &["Head x", "Option --output"]),
            ("x |", &["Head x", "Operator |"]),
            ("x | grep foo", &["Head x", "Operator |", "File grep", "Error foo"]),
            ("x |! jq '", &["Head x", "Operator |!", "Command jq '"]),
            ("x | each", &["Head x", "Operator |", "Each each"]),
            ("x a\\", &["Head x", "Name a\\"]),
            ("| a", &["Error |", "Head a"]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
