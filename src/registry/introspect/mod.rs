//! What services say about themselves, read into lists of methods. Pure: values in, methods out.
//!
//! Each convention has a file: [`system`] with [`signature`] and [`help`], [`koji`], [`spacewalk`], [`openrpc`] and
//! [`kodi`]. `text` removes from names and texts what has no place on a screen, and limits them. A service can send
//! anything here: what does not fit is left out, and what is no list at all is an error of the caller.

pub mod help;
pub mod kodi;
pub mod koji;
pub mod openrpc;
pub mod schema;
pub mod signature;
pub mod spacewalk;
pub mod system;
mod text;

use super::listed::Listed;
use model::Value;
use model::introspection::Dialect;

/// The methods in the answer to the list of a convention; `None` if the answer is not such a list.
pub fn listed(dialect: Dialect, answer: &Value) -> Option<Vec<Listed>> {
    match dialect {
        Dialect::System | Dialect::Any => system::names(answer),
        Dialect::Koji => koji::methods(answer),
        Dialect::Spacewalk => spacewalk::methods(answer),
        Dialect::OpenRpc => openrpc::methods(answer),
        Dialect::Kodi => kodi::methods(answer),
    }
}

/// A text of a service as it can be shown: without controls, and without what all its lines are moved in by.
pub fn plain(said: &str) -> String {
    text::lines(said)
}

/// What the list of a convention is, in words.
pub fn wanted(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::System | Dialect::Any => "a list of names",
        Dialect::Koji => "a list of methods",
        Dialect::Spacewalk => "a dictionary of methods",
        Dialect::OpenRpc => "an OpenRPC document",
        Dialect::Kodi => "a description of methods",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_the_wrong_type_is_no_list_in_any_convention() {
        let wrong = [r"5", r#""x""#, r"null", r"true", r#"[[1]]"#, r#"[5]"#, r#"{"a":5}"#, r#"{"methods":5}"#];
        for dialect in Dialect::TRIED {
            for text in wrong {
                let answer: Value = serde_json::from_str(text).unwrap();
                assert_eq!(listed(dialect, &answer), None, "{dialect:?} {text}");
            }
            assert!(!wanted(dialect).is_empty());
        }
    }
}
