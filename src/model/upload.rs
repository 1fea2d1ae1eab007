//! A file that is sent as it is: its name and what identifies its content, never the content itself.

use std::fmt;

/// A file of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    /// Its path.
    pub path: String,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of its content in hexadecimal digits.
    pub digest: String,
}

impl Upload {
    /// The last part of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl fmt::Display for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} bytes, sha256 {}", self.name(), self.size, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name_length_and_digest() {
        for (path, name) in [("/tmp/a.img", "a.img"), ("a.img", "a.img"), ("", "")] {
            let file = Upload { path: path.into(), size: 5, digest: "ab".into() };
            assert_eq!((file.name(), file.to_string()), (name, format!("{name}: 5 bytes, sha256 ab")));
        }
    }
}
