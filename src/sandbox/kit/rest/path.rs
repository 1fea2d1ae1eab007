//! Matches paths against the patterns of routes.

use super::form::decoded;
use model::Map;

/// How much of a path is literal in the pattern, and the values of its `{names}`.
pub(super) fn matched(pattern: &str, path: &str) -> Option<(usize, Map)> {
    let (mut literal, mut values) = (0, Map::new());
    let (mut steps, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (steps.next(), given.next()) {
            (None, None) => return Some((literal, values)),
            (Some(step), Some(text)) => literal += step_matched(step, text, &mut values)?,
            _ => return None,
        }
    }
}

fn step_matched(step: &str, text: &str, values: &mut Map) -> Option<usize> {
    let Some((before, rest)) = step.split_once('{') else {
        return (step == text).then_some(step.len());
    };
    let (name, after) = rest.split_once('}')?;
    let value = text.strip_prefix(before)?.strip_suffix(after)?;
    if value.is_empty() {
        return None;
    }
    values.insert(name, decoded(value, false));
    Some(before.len() + after.len())
}

#[cfg(test)]
mod tests {
    use super::super::super::values::map;
    use super::*;

    #[test]
    fn names_match_one_step_of_a_path() {
        for (pattern, path, values) in [
            ("/a/{id}.x", "/a/12.x", Some(map! { "id" => "12" })),
            ("/a/{id}.x", "/a/b%20c.x", Some(map! { "id" => "b c" })),
            ("/a/{id}.x", "/a/.x", None),
            ("/a/{id}.x", "/a/12", None),
            ("/a/{id}.x", "/a/1/2.x", None),
            ("/{x}/b/{y}", "/1/b/2", Some(map! { "x" => "1", "y" => "2" })),
            ("/a", "/a", Some(Map::new())),
            ("/a", "/a/", None),
        ] {
            assert_eq!(matched(pattern, path).map(|(_, values)| values), values, "{pattern} {path}");
        }
        assert!(matched("/a/b.x", "/a/b.x").unwrap().0 > matched("/a/{id}.x", "/a/b.x").unwrap().0);
    }
}
