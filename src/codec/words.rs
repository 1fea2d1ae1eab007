//! The words in an answer that is not a result: they are shown with the error, since they often say what happened.

use super::message::excerpt;
use super::xml::tree::Element;
use model::Value;

/// The most characters that are kept.
const MOST: usize = 1000;

/// The first words of a value: itself, or what it contains.
pub(super) fn of_value(value: &Value) -> Option<String> {
    fn first(value: &Value) -> Option<&str> {
        match value {
            Value::Text(text) => Some(text.as_str()).filter(|text| !text.trim_ascii().is_empty()),
            Value::List(list) => first(list.first()?),
            Value::Map(map) => map.iter().filter(|(name, _)| is_open(name)).find_map(|(_, member)| first(member)),
            _ => None,
        }
    }
    first(value).map(excerpt).filter(|words| !words.is_empty())
}

/// The words of an element and of its children.
pub(super) fn of_element(element: &Element) -> Option<String> {
    fn add(element: &Element, text: &mut String) {
        if text.len() < MOST && is_open(&element.name) {
            let end = element.text.floor_char_boundary(MOST);
            text.push_str(element.text.get(..end).unwrap_or_default());
            text.push(' ');
            element.children.iter().for_each(|child| add(child, text));
        }
    }
    let mut text = String::new();
    add(element, &mut text);
    Some(excerpt(&text)).filter(|words| !words.is_empty())
}

/// Whether a member with this name may be shown in an error: an unexpected record may contain a secret too.
fn is_open(name: &str) -> bool {
    let name = name.to_lowercase();
    !["pass", "pwd", "secret", "token", "key", "credential"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(name: &str, text: &str, children: Vec<Element>) -> Element {
        Element { name: name.into(), text: text.into(), children, ..Element::default() }
    }

    #[test]
    fn unexpected_answers_give_their_words() {
        for (json, words) in [
            (r#""down""#, Some("down")),
            (r#"{"message":"down for  maintenance"}"#, Some("down for maintenance")),
            (r#"{"code":5,"error":{"at":1,"text":"down"},"b":"c"}"#, Some("down")),
            (r#"[{"errors":["","x"]},"y"]"#, None),
            (r#"{"errors":["down","x"]}"#, Some("down")),
            (r#"{"password":"canary","api_key":"canary","Token":{"value":"canary"},"name":"web"}"#, Some("web")),
            (r#"{"password":"canary"}"#, None),
            ("5", None),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(of_value(&value).as_deref(), words, "{json}");
        }
        let password = element("adminPassword", "canary", vec![element("value", "canary", vec![])]);
        let inner = element("Fault", "down ", vec![password, element("b", " now", vec![])]);
        assert_eq!(of_element(&element("a", "", vec![inner])).as_deref(), Some("down now"));
        assert_eq!(of_element(&element("a", " ", vec![])), None);
    }
}
