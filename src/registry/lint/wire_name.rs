//! Names of parameters and fields on the wire.

/// Whether a parameter or field can have this name on the wire: in XML a path, in which only the last step may be an
/// attribute.
pub(super) fn is_wire(wire: &str, xml: bool) -> bool {
    if !xml {
        return !wire.is_empty() && !wire.contains('/');
    }
    let (path, attribute) = match wire.split_once('@') {
        Some((path, attribute)) => (path.strip_suffix('/').unwrap_or(path), Some(attribute)),
        None => (wire, None),
    };
    let name = |step: &str| !step.is_empty() && step.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    attribute.is_none_or(name) && (path.is_empty() && attribute.is_some() || path.split('/').all(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_wire_are_names_or_in_xml_paths() {
        for (wire, plain, xml) in [
            ("a-b", true, true),
            ("a/b", false, true),
            ("@a", true, true),
            ("a/@b", false, true),
            ("@a/b", false, false),
            ("a//b", false, false),
            ("", false, false),
            ("a b", true, false),
        ] {
            assert_eq!((is_wire(wire, false), is_wire(wire, true)), (plain, xml), "{wire}");
        }
    }
}
