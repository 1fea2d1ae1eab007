//! The sources of values that are not in the line itself: files, standard input, variables.

use super::error::Absent;
use lang::{Slot, Variable};
use model::{Upload, Value};

/// Provides values that are not in the line itself.
pub trait Sources {
    /// The bytes of a file; the error says why it cannot be read.
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String>;
    /// A file that is sent as it is; the error says why it cannot be read.
    fn upload(&mut self, path: &str) -> Result<Upload, String> {
        let size = self.file(path)?.len() as u64;
        Ok(Upload { path: path.to_owned(), size, digest: String::new() })
    }
    /// All of standard input; the error says why it cannot be read.
    fn stdin(&mut self) -> Result<Vec<u8>, String>;
    /// The value of a variable; the error says what is missing.
    fn variable(&mut self, variable: &Variable) -> Result<Value, Absent> {
        Err(Absent { message: format!("`{}` is not set", variable.text), hint: None })
    }

    /// Whether the line is a call for a member of a result, so that a word in brackets is one of its fields.
    fn has_member(&self) -> bool {
        false
    }

    /// A field of that member; the error says what is missing.
    fn field(&mut self, slot: &Slot) -> Result<Value, Absent> {
        Err(Absent { message: format!("`{}` is not a field of anything", slot.text), hint: None })
    }

    /// Whether a value is not known before the line runs: any value is then accepted.
    fn is_open(&self, _: &Outside<'_>) -> bool {
        false
    }
}

/// A value that is not in the line itself.
#[derive(Clone, Copy, Debug)]
pub enum Outside<'o> {
    /// A variable, or a part of one.
    Variable(&'o Variable),
    /// A field of the member for which the call is made.
    Field(&'o Slot),
    /// The file at that path.
    File(&'o str),
    /// Standard input.
    Stdin,
}

/// No files and no standard input: for checking a line without reading anything.
pub struct Nowhere;

impl Sources for Nowhere {
    fn file(&mut self, _: &str) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn variable(&mut self, _: &Variable) -> Result<Value, Absent> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Sources for Nothing {
        fn file(&mut self, path: &str) -> Result<Vec<u8>, String> {
            Err(path.to_owned())
        }

        fn stdin(&mut self) -> Result<Vec<u8>, String> {
            Err("-".into())
        }
    }

    #[test]
    fn by_default_a_source_has_no_variables_and_nothing_open() {
        let line = lang::parse("x name $zone").unwrap().remove(0);
        let variable = Variable::of(&line.items[1].word).unwrap().unwrap();
        assert_eq!(Nothing.variable(&variable).unwrap_err().message, "`$zone` is not set");
        assert!(!Nothing.is_open(&Outside::Variable(&variable)) && !Nothing.is_open(&Outside::Stdin));
        let slot = Slot { text: "{a}".into(), path: Vec::new(), span: model::Span::new(0, 3) };
        assert!(!Nothing.has_member() && Nothing.field(&slot).is_err());
        assert_eq!(Nowhere.variable(&variable), Ok(Value::Null));
        assert_eq!((Nowhere.file("/etc/passwd"), Nowhere.stdin()), (Ok(Vec::new()), Ok(Vec::new())));
    }
}
