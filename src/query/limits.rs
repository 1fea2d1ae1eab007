//! What a filter must not exceed before it is parsed.

use super::QueryError;

/// The longest filter, in bytes.
const LONGEST: usize = 16 * 1024;
/// How deep its brackets may be nested.
const DEEPEST: usize = 200;

/// Refuses a filter that is too long, or nested too deep.
pub(super) fn check(text: &str) -> Result<(), QueryError> {
    if text.len() > LONGEST {
        return Err(QueryError::Long { bytes: text.len(), most: LONGEST });
    }
    let (mut depth, mut chars) = (0_usize, text.char_indices());
    let (mut quoted, mut comment) = (false, false);
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' => comment = false,
            _ if comment => {}
            // Escaped characters have no meaning here; an expression inside a text counts like any other.
            '\\' => _ = chars.next(),
            '"' => quoted = !quoted,
            _ if quoted => {}
            '#' => comment = true,
            '(' | '[' | '{' if depth == DEEPEST => return Err(QueryError::Nested { at, most: DEEPEST }),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_that_are_too_long_or_deep_are_refused() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        for (text, refused) in [
            (nested(DEEPEST), None),
            (nested(DEEPEST + 1), Some(DEEPEST)),
            ("[{(".repeat(100), Some(DEEPEST)),
            ("[]".repeat(1000), None),
            (format!("\"{}\"", "(".repeat(1000)), None),
            (format!("\"\\\"{}\"", "(".repeat(1000)), None),
            (format!(". # {}", "(".repeat(1000)), None),
            (format!("# \"\n{}", "(".repeat(1000)), Some(4 + DEEPEST)),
        ] {
            match (check(&text), refused) {
                (Ok(()), None) => {}
                (Err(QueryError::Nested { at, .. }), Some(place)) => assert_eq!(at, place, "{text}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
        assert!(check(&" ".repeat(LONGEST)).is_ok());
        assert!(matches!(check(&" ".repeat(LONGEST + 1)), Err(QueryError::Long { bytes, .. }) if bytes == LONGEST + 1));
    }
}
