//! Bodies in the format of a browser's form.

use super::given::Given;
use super::leaf::{Leaf, flatten};
use model::Map;
use model::escape::{Escape, form};
use model::http::Body;
use model::provider::{Auth, AuthScheme};

/// Writes the credentials if they are fields, the constant fields, and the values of a call. The wire fills in the key.
pub(super) fn write(auth: &Auth, fixed: &Map, given: &[&Given<'_>]) -> Body {
    let mut fields = Fields(Body::default());
    if auth.scheme == AuthScheme::Fields {
        auth.fields.iter().for_each(|(name, template)| fields.credential(name, template));
    }
    let constant = fixed.iter().flat_map(|(name, value)| flatten(name, value, false));
    let values = given.iter().flat_map(|given| flatten(&given.wire, given.value, given.repeats()));
    for (name, leaf) in constant.chain(values) {
        fields.name(&name);
        match leaf {
            Leaf::Plain(text) => fields.0.push(&form(&text)),
            Leaf::Sealed(secret) => fields.0.seal(secret, Escape::Form),
        }
    }
    fields.0
}

struct Fields(Body);

impl Fields {
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
