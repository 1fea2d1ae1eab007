//! What a check says that found something.

/// The words of the checks that found something.
pub(super) fn found(checks: &[(bool, &str)]) -> Vec<String> {
    checks.iter().filter(|(found, _)| *found).map(|(_, words)| (*words).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_found_is_said() {
        assert_eq!(found(&[(true, "one"), (false, "two"), (true, "three")]), ["one", "three"]);
    }
}
