//! Why a document cannot become a catalogue.

use thiserror::Error;

/// The longest document that is read, with all of its files, in bytes.
pub const LONGEST: u64 = 64 * 1024 * 1024;

/// Why the bytes of a document, or of one of its files, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is too long.
    #[error("it is longer than {} MB", LONGEST / (1024 * 1024))]
    TooLong,
    /// It is not UTF-8.
    #[error("it is not text in UTF-8")]
    NotText,
    /// It is a web page, or XML.
    #[error("it is a web page or XML, not JSON or YAML")]
    Markup,
    /// It looks like JSON, and is not.
    #[error("it is not valid JSON: {problem}")]
    Json {
        /// What the parser says.
        problem: String,
    },
    /// It is neither JSON nor YAML.
    #[error("it is not valid YAML: {problem}")]
    Yaml {
        /// What the parser says.
        problem: String,
    },
}

/// Why a document cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    /// One of its files cannot be read.
    #[error("{file}: {problem}")]
    File {
        /// The file, or the address.
        file: String,
        /// Why.
        problem: String,
    },
    /// It is no OpenAPI or Swagger document.
    #[error("this is not an OpenAPI or Swagger document: neither `openapi` nor `swagger` says its version")]
    Unversioned,
    /// It is of a version that is not known.
    #[error("{format} {version} is not supported: only Swagger 2.0 and OpenAPI 3.0 to 3.2 are")]
    Version {
        /// OpenAPI or Swagger.
        format: &'static str,
        /// The version it names.
        version: String,
    },
    /// It describes no operation that could be called.
    #[error("the document describes no operation that can be called{}", first(.refused))]
    Nothing {
        /// The operations that it does describe, each with the reason.
        refused: Vec<(String, String)>,
    },
    /// A part of its address is a variable without a value.
    #[error("its address {url} has a part to be filled in: --server gives the whole address")]
    Unfilled {
        /// The address, with the name of that part in braces.
        url: String,
    },
    /// An overlay that does not fit.
    #[error("overlay: {problem}")]
    Overlay {
        /// What is wrong with it.
        problem: String,
    },
}

/// The first operation that was refused.
fn first(refused: &[(String, String)]) -> String {
    refused.first().map(|(operation, reason)| format!("; {operation}: {reason}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_is_wrong_in_plain_words() {
        let version = ImportError::Version { format: "OpenAPI", version: "4.0".into() };
        assert!(version.to_string().starts_with("OpenAPI 4.0 is not supported"));
        assert_eq!(ReadError::TooLong.to_string(), "it is longer than 64 MB");
    }
}
