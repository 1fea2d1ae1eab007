//! What the names of profiles and groups may be.

/// The rule for profile names, for people.
pub const PROFILE_NAMES: &str = "letters, digits, - and _ make a name: prod-eu";

/// Whether a text is a valid profile name: it can come before a colon or after `-p`, and be part of the name of a
/// variable or a file.
pub fn is_profile_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    !text.is_empty() && text.chars().all(fits) && !text.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_typed_and_be_part_of_a_file_name() {
        for (name, fits) in
            [("prod-eu", true), ("a_1", true), ("", false), ("-x", false), ("a b", false), ("a:b", false)]
        {
            assert_eq!(is_profile_name(name), fits, "{name}");
        }
    }
}
