//! Bodies in the format of a browser's form.

use super::EncodeError;
use super::given::Given;
use super::leaf::{Leaf, flatten, joined, leaf};
use model::Map;
use model::escape::{Escape, form};
use model::http::Body;
use model::provider::{Auth, AuthScheme};

/// Writes the credentials if they are fields, the constant fields, and the values of a call. The wire fills in the key.
pub(super) fn write(auth: &Auth, fixed: &Map, given: &[&Given<'_>]) -> Result<Body, EncodeError> {
    let mut fields = Fields(Body::default());
    if auth.scheme == AuthScheme::Fields {
        auth.fields.iter().for_each(|(name, template)| fields.credential(name, template));
    }
    let constant = fixed.iter().flat_map(|(name, value)| flatten(name, value, false));
    constant.for_each(|(name, leaf)| fields.add(&name, &leaf));
    for given in given {
        match given.param.and_then(|param| param.join.as_deref()) {
            // One secret alone has no members.
            Some(separator) if leaf(given.value).is_none() => {
                let text = joined(given, separator)?;
                let text = text.ok_or_else(|| EncodeError::Joined { name: given.name.to_string() })?;
                fields.add(&given.wire, &Leaf::Plain(text.into()));
            }
            _ => flatten(&given.wire, given.value, given.repeats())
                .iter()
                .for_each(|(name, leaf)| fields.add(name, leaf)),
        }
    }
    Ok(fields.0)
}

struct Fields(Body);

impl Fields {
    fn add(&mut self, name: &str, leaf: &Leaf<'_>) {
        self.name(name);
        match leaf {
            Leaf::Plain(text) => self.0.push(&form(text)),
            Leaf::Sealed(secret) => self.0.seal(secret, Escape::Form),
        }
    }

    fn name(&mut self, name: &str) {
        if !self.0.is_empty() {
            self.0.push("&");
        }
        self.0.push(&form(name));
        self.0.push("=");
    }

    fn credential(&mut self, name: &str, template: &str) {
        self.name(name);
        self.0.credential(template, Escape::Form);
    }
}
