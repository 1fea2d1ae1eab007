//! Where values come from that are not in the line itself: files, standard input, variables.

use super::error::Absent;
use lang::Variable;
use model::Value;

/// Where values that are not in the line itself come from.
pub trait Sources {
    /// The bytes of a file; the error says why not.
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String>;
    /// All of standard input; the error says why not.
    fn stdin(&mut self) -> Result<Vec<u8>, String>;
    /// What a variable holds; the error says what is missing.
    fn variable(&mut self, variable: &Variable) -> Result<Value, Absent> {
        Err(Absent { message: format!("`{}` is not set", variable.text), hint: None })
    }

    /// Whether what comes from there is not known before the line runs: then any value will do.
    fn is_open(&self, _: &Outside<'_>) -> bool {
        false
    }
}

/// Where a value that is not in the line itself comes from.
#[derive(Clone, Copy, Debug)]
pub enum Outside<'o> {
    /// A variable, or a part of one.
    Variable(&'o Variable),
    /// The file of that path.
    File(&'o str),
    /// Standard input.
    Stdin,
}

/// No files and no standard input: for looking at a line without taking anything from anywhere.
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
    fn a_source_knows_no_variable_and_leaves_nothing_open_unless_it_says_so() {
        let line = lang::parse("x name $zone").unwrap().remove(0);
        let variable = Variable::of(&line.items[1].word).unwrap().unwrap();
        assert_eq!(Nothing.variable(&variable).unwrap_err().message, "`$zone` is not set");
        assert!(!Nothing.is_open(&Outside::Variable(&variable)) && !Nothing.is_open(&Outside::Stdin));
        assert_eq!(Nowhere.variable(&variable), Ok(Value::Null));
        assert_eq!((Nowhere.file("/etc/passwd"), Nowhere.stdin()), (Ok(Vec::new()), Ok(Vec::new())));
    }
}
