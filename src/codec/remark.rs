//! What is unusual about an answer that could be read.

use std::fmt;

use super::message::{Mended, clip};

/// Something that the user of a result should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Some bytes are not in the declared character set.
    Mended(Mended),
    /// A dictionary has a name twice.
    Twice {
        /// The name.
        name: String,
    },
    /// An XML list contains other elements than its members.
    Beside {
        /// Their names, each once.
        names: Vec<String>,
    },
    /// A row of a report has more or fewer cells than its header.
    Uneven {
        /// The line of the first such row, from 1.
        line: u64,
        /// How many cells it has.
        cells: usize,
        /// How many names the header has.
        columns: usize,
        /// How many more rows are like that.
        others: usize,
    },
    /// The last line of a report has no line end, as if more should follow.
    Unended,
    /// It is too large to be checked, and was passed on unchanged.
    Unseen,
}

impl Remark {
    /// That a dictionary has a name twice.
    pub fn twice(name: &str) -> Remark {
        Remark::Twice { name: clip(name) }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::Mended(mended) => mended.fmt(f),
            Remark::Twice { name } => write!(f, "a dictionary of the answer has `{name}` twice; the last one counts"),
            Remark::Beside { names } => {
                write!(f, "the result leaves out what the answer has outside the list: <{}>", names.join(">, <"))
            }
            Remark::Uneven { line, cells, columns, others } => {
                let s = if *cells == 1 { "" } else { "s" };
                write!(f, "line {line} of the report has {cells} cell{s} under {columns} names")?;
                match others {
                    0 => Ok(()),
                    1 => f.write_str(", and one more row does not fit either"),
                    more => write!(f, ", and {more} more rows do not fit either"),
                }
            }
            Remark::Unseen => f.write_str("the answer is passed on as it came; it is too large to be checked"),
            Remark::Unended => f.write_str("the last line of the report has no end: it may have been cut off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_remark_is_a_sentence() {
        let uneven = |cells, others| Remark::Uneven { line: 2, cells, columns: 3, others };
        for (remark, said) in [
            (Remark::Twice { name: "a".into() }, "a dictionary of the answer has `a` twice; the last one counts"),
            (
                Remark::Beside { names: vec!["x".into(), "y".into()] },
                "the result leaves out what the answer has outside the list: <x>, <y>",
            ),
            (uneven(1, 0), "line 2 of the report has 1 cell under 3 names"),
            (uneven(4, 1), "line 2 of the report has 4 cells under 3 names, and one more row does not fit either"),
            (uneven(4, 7), "line 2 of the report has 4 cells under 3 names, and 7 more rows do not fit either"),
            (Remark::Unended, "the last line of the report has no end: it may have been cut off"),
            (Remark::Unseen, "the answer is passed on as it came; it is too large to be checked"),
        ] {
            assert_eq!(remark.to_string(), said);
        }
    }
}
