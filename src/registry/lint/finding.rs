//! Collects the messages of failed checks.

/// The messages of the checks that are true.
pub(super) fn found(checks: &[(bool, &str)]) -> Vec<String> {
    checks.iter().filter(|(found, _)| *found).map(|(_, words)| (*words).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failed_checks_are_reported() {
        assert_eq!(found(&[(true, "one"), (false, "two"), (true, "three")]), ["one", "three"]);
    }
}
