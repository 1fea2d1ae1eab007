//! The kinds of values that a schema allows.

/// The kinds of values that a schema allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    pub(crate) string: bool,
    pub(crate) integer: bool,
    pub(crate) number: bool,
    pub(crate) boolean: bool,
    pub(crate) object: bool,
    pub(crate) array: bool,
}

impl Kinds {
    /// Allows the kind with that name as well.
    pub(crate) fn add(&mut self, word: &str) {
        match word {
            "string" | "file" => self.string = true,
            "integer" => self.integer = true,
            "number" => self.number = true,
            "boolean" => self.boolean = true,
            "object" => self.object = true,
            "array" => self.array = true,
            _ => {}
        }
    }

    /// What either of two allows.
    pub(crate) fn and(self, other: Kinds) -> Kinds {
        Kinds {
            string: self.string || other.string,
            integer: self.integer || other.integer,
            number: self.number || other.number,
            boolean: self.boolean || other.boolean,
            object: self.object || other.object,
            array: self.array || other.array,
        }
    }

    /// Whether the schema says nothing about the kind.
    pub(crate) fn none(self) -> bool {
        self == Kinds::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_may_allow_several_kinds() {
        let mut kinds = Kinds::default();
        assert!(kinds.none());
        ["string", "null", "integer"].into_iter().for_each(|word| kinds.add(word));
        assert_eq!(kinds, Kinds { string: true, integer: true, ..Kinds::default() });
        assert_eq!(kinds.and(Kinds { array: true, ..Kinds::default() }), Kinds { array: true, ..kinds });
    }
}
