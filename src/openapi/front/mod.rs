//! The versions of the format, each read into the same operations.

mod entries;
mod openapi3;
mod swagger2;
mod tree;

use model::Value;

use super::error::ImportError;
use super::library::Library;
use super::node::Node;
use super::operation::Api;
pub(crate) use tree::{assigned, rewritten};

/// Reads a document of any version.
pub(crate) fn read(library: &Library) -> Result<Api<'_>, ImportError> {
    let root = Node::root(library).ok_or(ImportError::Unversioned)?;
    let version = |key: &str| match root.value().get(key)? {
        Value::Text(text) => Some(text.clone()),
        // A version without quotes is a number in YAML.
        number @ (Value::Decimal(_) | Value::Int(_)) => Some(number.plain()),
        _ => None,
    };
    match (version("openapi"), version("swagger")) {
        (Some(version), _) if ["3.0", "3.1", "3.2"].iter().any(|known| is_of(&version, known)) => {
            let form = root.text(tree::FORM);
            Ok(openapi3::read(root, if form.is_empty() { format!("OpenAPI {version}") } else { form.to_owned() }))
        }
        (None, Some(version)) if is_of(&version, "2.0") || version == "2" => {
            Ok(swagger2::read(root, format!("Swagger {version}")))
        }
        (Some(version), _) => Err(ImportError::Version { format: "OpenAPI", version }),
        (None, Some(version)) => Err(ImportError::Version { format: "Swagger", version }),
        (None, None) => Err(ImportError::Unversioned),
    }
}

fn is_of(version: &str, known: &str) -> bool {
    version == known || version.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> String {
        let library = Library::of(serde_json::from_str(text).unwrap());
        read(&library).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_known_versions_are_read() {
        for (text, said) in [
            (r#"{"openapi":"3.0.3","paths":{}}"#, ""),
            (r#"{"openapi":"3.1","paths":{}}"#, ""),
            (r#"{"openapi":3.1,"paths":{}}"#, ""),
            (r#"{"swagger":"2.0"}"#, ""),
            (r#"{"swagger":2.0}"#, ""),
            (r#"{"openapi":"4.0.0"}"#, "OpenAPI 4.0.0 is not supported"),
            (r#"{"openapi":"3.01"}"#, "OpenAPI 3.01 is not supported"),
            (r#"{"swagger":"1.2"}"#, "Swagger 1.2 is not supported"),
            (r#"{"paths":{}}"#, "this is not an OpenAPI"),
            ("[]", "this is not an OpenAPI"),
        ] {
            assert!(
                failure(text).starts_with(said) && failure(text).is_empty() == said.is_empty(),
                "{text}: {}",
                failure(text)
            );
        }
    }
}
