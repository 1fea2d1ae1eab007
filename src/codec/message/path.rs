//! The path to a value inside a message, for errors: `result[3].name`.

use super::clip;

/// Adds a step into a list.
pub(crate) fn push_index(path: &mut String, index: u64) {
    path.push_str(&format!("[{index}]"));
}

/// Adds a step into a dictionary. A key from a message may contain anything.
pub(crate) fn push_key(path: &mut String, key: &str) {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
    if plain {
        path.push_str(if path.is_empty() { "" } else { "." });
        path.push_str(&clip(key));
    } else {
        path.push_str(&format!("['{}']", clip(key)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_any_kind_are_steps() {
        let mut path = String::new();
        for key in ["a", "b-c", "d e", "\u{1b}[2J", "é"] {
            push_key(&mut path, key);
            push_index(&mut path, 7);
        }
        assert_eq!(path, "a[7].b-c[7]['d e'][7]['\u{fffd}[2J'][7].é[7]");
    }
}
