//! Values that are seldom needed, and are read from their text when they are.

use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};

/// A value that is read when it is first asked for.
#[derive(Clone, Debug)]
pub struct Later<T> {
    text: &'static str,
    read: fn(&'static str) -> T,
    value: OnceLock<T>,
}

impl<T> Later<T> {
    /// The value that a text is read as.
    pub fn new(text: &'static str, read: fn(&'static str) -> T) -> Later<T> {
        Later { text, read, value: OnceLock::new() }
    }
}

impl<T> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| (self.read)(self.text))
    }
}

impl<T: Default> Default for Later<T> {
    fn default() -> Later<T> {
        Later::new("", |_| T::default())
    }
}

impl<T: PartialEq> PartialEq for Later<T> {
    fn eq(&self, other: &Later<T>) -> bool {
        **self == **other
    }
}

impl<'de, T: Default + Deserialize<'de>> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Later<T>, D::Error> {
        Ok(Later { value: OnceLock::from(T::deserialize(deserializer)?), ..Later::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_same_read_at_once_or_when_it_is_needed() {
        let read = |text: &'static str| serde_json::from_str::<Vec<u8>>(text).unwrap();
        let (later, now) = (Later::new("[1,2]", read), serde_json::from_str::<Later<Vec<u8>>>("[1,2]").unwrap());
        assert!(later.value.get().is_none() && now.value.get().is_some());
        assert_eq!((&later, later.len()), (&now, 2));
        assert!(Later::<Vec<u8>>::default().is_empty() && later != Later::default());
        assert!(serde_json::from_str::<Later<Vec<u8>>>("[true]").is_err());
    }
}
