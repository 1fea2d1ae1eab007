//! Forms and queries, with the nested names of PHP: `rules[in][0][policy]=DROP`.

use model::{Map, Value};

/// Names nested deeper than this are not split.
const DEEPEST: usize = 16;

/// Parses `name=value&…`; all values are texts, and a name without a value has an empty one.
pub(crate) fn read(text: &str) -> Map {
    let mut fields = Map::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name, true);
        put(&mut fields, &steps(&name), decoded(value, true).into());
    }
    fields
}

/// Splits `a[b][]` into the steps `a`, `b` and an empty one.
fn steps(name: &str) -> Vec<&str> {
    let nested = || {
        let (first, rest) = name.split_once('[')?;
        let inner = rest.strip_suffix(']')?;
        let steps: Vec<&str> = std::iter::once(first).chain(inner.split("][")).collect();
        (!first.is_empty() && steps.len() <= DEEPEST).then_some(steps)
    };
    nested().unwrap_or_else(|| vec![name])
}

fn put(fields: &mut Map, steps: &[&str], value: Value) {
    let Some((step, rest)) = steps.split_first() else { return };
    let next = fields.len().to_string();
    let step = if step.is_empty() { next.as_str() } else { step };
    if rest.is_empty() {
        fields.insert(step, value);
        return;
    }
    let inner = fields.entry(step);
    if inner.as_map().is_none() {
        *inner = Value::Map(Map::new());
    }
    if let Value::Map(inner) = inner {
        put(inner, rest, value);
    }
}

/// Decodes `%20`, and `+` as a space if `plus` is set. Invalid escapes are kept.
pub(crate) fn decoded(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => match escape(after) {
                Some(escaped) => {
                    bytes.push(escaped);
                    rest = after.get(2..).unwrap_or_default();
                }
                None => bytes.push(b'%'),
            },
            b'+' if plus => bytes.push(b' '),
            other => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn escape(after: &[u8]) -> Option<u8> {
    let digits = after.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::values::map;
    use super::*;

    #[test]
    fn forms_are_read() {
        for (text, fields) in [
            ("", map! {}),
            ("a=1&b=", map! { "a" => "1", "b" => "" }),
            ("new", map! { "new" => "" }),
            ("a=b+c%26%C3%a9%zz%", map! { "a" => "b c&é%zz%" }),
            ("a%5Bb%5D=1&a[c]=2", map! { "a" => map! { "b" => "1", "c" => "2" } }),
            ("a[0][x]=1&a[0][y]=2", map! { "a" => map! { "0" => map! { "x" => "1", "y" => "2" } } }),
            ("a[]=1&a[]=2", map! { "a" => map! { "0" => "1", "1" => "2" } }),
            ("a=1&a[b]=2", map! { "a" => map! { "b" => "2" } }),
            ("a[b=1", map! { "a[b" => "1" }),
            ("[b]=1", map! { "[b]" => "1" }),
        ] {
            assert_eq!(read(text), fields, "{text}");
        }
        let deep = format!("a{}", "[a]".repeat(100_000));
        assert_eq!(read(&format!("{deep}=1")), map! { deep => "1" });
    }
}
