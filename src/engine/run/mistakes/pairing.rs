//! Words that are not names and values, as those that may have been meant: `name=x`, `--name x`, or a bare value.

use model::{Method, Param};

/// The ways in which the words after a method may have been meant, the likeliest first.
pub(super) fn pairings(method: &Method, words: &[&str]) -> Vec<Vec<String>> {
    let typed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let (pairs, bare) = divided(method, words);
    let given =
        |param: &&Param| !pairs.iter().any(|(name, _)| method.param(name).is_some_and(|it| it.name == param.name));
    let open: Vec<&Param> = method.params.iter().filter(|param| param.answer().is_none()).filter(given).collect();
    let required: Vec<&Param> = open.iter().copied().filter(|param| param.required).collect();
    let mut ways = vec![typed];
    let mut way = |params: &[&Param]| {
        if params.len() < bare.len() || bare.iter().any(|value| is_no_value(value)) {
            return;
        }
        let named = pairs.iter().cloned();
        let placed = params.iter().zip(&bare).map(|(param, value)| (param.name.clone(), value.clone()));
        ways.push(named.chain(placed).flat_map(|(name, value)| [name, value]).collect());
    };
    way(&required);
    if bare.len() == 1 && required.len() > 1 {
        required.iter().for_each(|param| way(&[param]));
    }
    if bare.len() == 1 && required.is_empty() {
        open.iter().for_each(|param| way(&[param]));
    }
    ways.dedup();
    ways
}

/// Whether a word names something that the method does not have, rather than being a value.
fn is_no_value(word: &str) -> bool {
    let named =
        word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(char::is_alphanumeric));
    word.starts_with(['-', '&', '|']) || named || word.ends_with([':', '='])
}

/// The words that name a parameter with its value, and those that do not.
fn divided(method: &Method, words: &[&str]) -> (Vec<(String, String)>, Vec<String>) {
    let (mut pairs, mut bare) = (Vec::new(), Vec::new());
    let mut words = words.iter().map(|word| word.trim_end_matches(',')).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let name = word.trim_start_matches('-');
        let apart = name.trim_end_matches([':', '=']);
        let joined = name.split_once(['=', ':']).filter(|(_, value)| !value.is_empty());
        if let Some(param) = method.param(apart) {
            words.next_if(|next| matches!(*next, "=" | ":" | "=>" | "=="));
            match words.next() {
                Some(value) => pairs.push((param.name.clone(), value.to_owned())),
                None => bare.push(word.to_owned()),
            }
        } else if let Some((param, (_, value))) = joined.and_then(|it| Some((method.param(it.0)?, it))) {
            pairs.push((param.name.clone(), value.to_owned()));
        } else {
            bare.push(word.to_owned());
        }
    }
    (pairs, bare)
}

/// How a method is called: with its required parameters, or else with what it takes.
pub(super) fn usage(called: &str, method: &Method) -> String {
    let asked: Vec<&Param> = method.params.iter().filter(|param| param.answer().is_none()).collect();
    let word = |param: &Param| match param.type_.keyword().as_str() {
        "any" => format!(" {} VALUE", param.name),
        kind => format!(" {} {}", param.name, kind.to_uppercase()),
    };
    let words: String = asked.iter().filter(|param| param.required).map(|param| word(param)).collect();
    match asked.first() {
        None => format!("`{called}` takes no parameters"),
        Some(param) if words.is_empty() => format!("write `{called}`, or `{called}{}`", word(param)),
        Some(_) => format!("write `{called}{words}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(name: &str, required: bool) -> Param {
        Param { name: name.into(), required, ..Param::default() }
    }

    #[test]
    fn words_become_names_and_values() {
        let one =
            Method { name: "a.b".into(), params: vec![param("name", true), param("size", false)], ..Method::default() };
        let two = Method { params: vec![param("id", true), param("name", true)], ..one.clone() };
        for (method, words, meant) in [
            (&one, "x", "name x"),
            (&one, "name=x", "name x"),
            (&one, "name = x", "name x"),
            (&one, "name: x", "name x"),
            (&one, "name:x", "name x"),
            (&one, "--name x", "name x"),
            (&one, "--name=x", "name x"),
            (&one, "-name x", "name x"),
            (&one, "name=x, size=5", "name x size 5"),
            (&one, "x size 5", "size 5 name x"),
            (&one, "x size=5", "size 5 name x"),
            (&two, "1 x", "id 1 name x"),
            (&two, "x id 1", "id 1 name x"),
            (&two, "x", "name x"),
        ] {
            let words: Vec<&str> = words.split(' ').collect();
            let ways: Vec<String> = pairings(method, &words).into_iter().map(|way| way.join(" ")).collect();
            assert!(ways.iter().any(|way| way == meant), "{words:?}: {ways:?}");
        }
    }

    #[test]
    fn a_usage_shows_what_must_be_given() {
        let method = Method { name: "a.b".into(), params: vec![param("name", true)], ..Method::default() };
        assert_eq!(usage("p:a.b", &method), "write `p:a.b name VALUE`");
        assert_eq!(usage("a.b", &Method::default()), "`a.b` takes no parameters");
    }
}
