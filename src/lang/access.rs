//! Looking things up in a line that has been read.

use super::{Line, OptionDef, Path, Segment, Takes};

impl Line {
    /// Whether an option of that long name was given.
    pub fn has_option(&self, long: &str) -> bool {
        self.options.iter().any(|given| given.option.long == long)
    }

    /// The value of an option; of the last one when it was given more than once.
    pub fn option_value(&self, long: &str) -> Option<String> {
        let given = self.options.iter().rev().find(|given| given.option.long == long)?;
        given.value.as_ref().map(super::Word::text)
    }
}

impl Path {
    /// The parameter that the path begins with.
    pub fn root(&self) -> &str {
        match self.segments.first() {
            Some(Segment::Key(key)) => key,
            _ => &self.text,
        }
    }
}

impl OptionDef {
    /// How it is typed: `-o, --output FORMAT`.
    pub fn usage(&self) -> String {
        let short = self.short.map(|letter| format!("-{letter}, ")).unwrap_or_default();
        let value = match self.takes {
            Takes::Nothing => String::new(),
            Takes::Value(placeholder) => format!(" {placeholder}"),
        };
        format!("{short}--{}{value}", self.long)
    }
}
