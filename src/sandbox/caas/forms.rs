//! The allowed characters of values, where the document describes them in words.

use super::fault::Fault;
use crate::kit::args::Args;

/// The allowed characters of a value.
enum Form {
    /// Letters, digits and these.
    Only(&'static str),
    /// Anything without spaces.
    NoBlanks,
}

use Form::{NoBlanks, Only};

/// Names in load balancing: the document says "alphanumeric, no spaces", but its own samples have a hyphen.
const NAME: Form = Only("-_.");

/// Methods and parameters with the allowed characters of their values.
const FORMS: &[(&str, &str, Form)] = &[
    ("account.create", "userName", Only(".-_")),
    ("image.import", "ovfPackage", Only("_+=#.,;()-")),
    ("image.import", "name", Only(" _+=#.,;()-")),
    ("image.export", "ovfPackagePrefix", Only("_+=#.,;()")),
    ("image.copy", "targetImageName", Only(" _+=#.,;()-")),
    ("image.copy", "ovfPackagePrefix", Only("_+=#.,;()-")),
    ("server.clone", "newImageName", Only(" _=#+.,;()-")),
    ("persistence_profile.create", "name", NAME),
    ("persistence_profile.create", "cookieName", NoBlanks),
    ("probe.create", "name", NAME),
    ("probe.create", "requestUrl", NoBlanks),
    ("probe.create", "matchContent", Only(" ")),
    ("real_server.create", "name", NAME),
    ("server_farm.create", "name", NAME),
    ("vip.create", "name", NAME),
];

impl Form {
    fn holds(&self, c: char) -> bool {
        match self {
            Only(others) => c.is_ascii_alphanumeric() || others.contains(c),
            NoBlanks => !c.is_whitespace(),
        }
    }
}

/// The first value of a call with characters that are not allowed: the parameter, and what is wrong.
pub(super) fn fault(method: &str, args: &Args) -> Option<(&'static str, String)> {
    let forms = FORMS.iter().filter(|(known, ..)| *known == method);
    let mut bad = forms.filter_map(|(_, name, form)| {
        let found = args.text(name).chars().find(|c| !form.holds(*c))?;
        Some((*name, format!("'{found}' is not permitted")))
    });
    bad.next()
}

/// The reasons for invalid values of some parameters, by the methods that document them.
const REASONS: &[(&str, u16)] = &[
    ("password", 122),
    ("userName", 121),
    ("roles", 123),
    ("role", 123),
    ("position", 294),
    ("port1", 291),
    ("port2", 291),
    ("startDate", 520),
    ("endDate", 520),
    ("fromDate", 520),
    ("toDate", 520),
];

/// The refusal of an invalid value.
pub(super) fn refusal(documented: impl Fn(u16) -> bool, name: &str, complaint: &str) -> Fault {
    let own = REASONS.iter().find(|(known, reason)| *known == name && documented(*reason));
    match own {
        Some((_, reason)) => Fault::new(*reason, format!("Invalid {name}: {complaint}")),
        None => Fault::data(name, complaint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::catalog;
    use crate::kit::values::map;

    #[test]
    fn every_form_belongs_to_a_parameter() {
        let catalog = catalog();
        for (method, name, _) in FORMS {
            assert!(catalog.method(method).unwrap().unwrap().param(name).is_some(), "{method} {name}");
        }
    }

    #[test]
    fn forms_are_those_of_the_document() {
        for (method, name, value, fits) in [
            ("image.export", "ovfPackagePrefix", "My_Image+=#.,;()9", true),
            ("image.export", "ovfPackagePrefix", "My Image", false),
            ("image.export", "ovfPackagePrefix", "My-Image", false),
            ("image.copy", "ovfPackagePrefix", "My-Image", true),
            ("image.copy", "targetImageName", "My Image", true),
            ("image.copy", "targetImageName", "My/Image", false),
            ("image.import", "ovfPackage", "My Image.mf", false),
            ("probe.create", "name", "web p", false),
            ("probe.create", "requestUrl", "/a?b=ć", true),
            ("probe.create", "requestUrl", "/a b", false),
            ("probe.create", "matchContent", "It works", true),
            ("probe.create", "matchContent", "<b>", false),
            ("persistence_profile.create", "cookieName", "a b", false),
            ("account.create", "userName", "j public", false),
            ("server.clone", "description", "anything at all", true),
        ] {
            let bad = fault(method, &Args::new(map! { name => value }));
            assert_eq!(bad.is_none(), fits, "{method} {name} {value}");
        }
    }
}
