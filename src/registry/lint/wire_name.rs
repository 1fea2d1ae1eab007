//! Names of parameters and fields on the wire.

/// The notations in which a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// A name in an address, a header or a form.
    Name,
    /// A path into a JSON object.
    Json,
    /// A path into an XML document.
    Xml,
}

/// Whether a parameter or field can have this name on the wire: in JSON and XML a path, in which only the last step may
/// be an attribute of XML.
pub(super) fn is_wire(wire: &str, notation: Notation) -> bool {
    match notation {
        Notation::Name => return !wire.is_empty() && !wire.contains('/'),
        Notation::Json => return wire.split('/').all(|step| !step.is_empty()),
        Notation::Xml => {}
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
    fn names_on_the_wire_are_names_or_paths() {
        for (wire, name, json, xml) in [
            ("a-b", true, true, true),
            ("a[b][]", true, true, false),
            ("a/b", false, true, true),
            ("@a", true, true, true),
            ("a/@b", false, true, true),
            ("@a/b", false, true, false),
            ("a//b", false, false, false),
            ("/a", false, false, false),
            ("", false, false, false),
            ("a b", true, true, false),
        ] {
            let fits = [Notation::Name, Notation::Json, Notation::Xml].map(|notation| is_wire(wire, notation));
            assert_eq!(fits, [name, json, xml], "{wire}");
        }
    }
}
