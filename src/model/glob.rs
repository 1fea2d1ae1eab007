//! Names with a star.

/// Whether a name matches a pattern that may have a `*` at its beginning or its end.
pub(super) fn glob(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_at_either_end_matches_anything() {
        for (pattern, name, fits) in [
            ("a.*", "a.b", true),
            ("*.b", "a.b", true),
            ("a.b", "a.b", true),
            ("a.*", "b.a", false),
            ("a", "ab", false),
            ("*", "x", true),
        ] {
            assert_eq!(glob(pattern, name), fits, "{pattern} {name}");
        }
    }
}
