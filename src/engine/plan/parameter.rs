//! The description of a parameter.

use model::rule::either;
use model::{Form, Param, Spec, Type, Value};

/// How many values are listed where there are more than so many.
const LISTED: usize = 20;
const MOST_LISTED: usize = 40;

/// A parameter's type, meaning and limits in one line.
pub(crate) fn describe(param: &Param) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend((!param.summary.is_empty()).then(|| param.summary.clone()));
    if param.answer().is_some() {
        words.push("filled in by the shell".into());
    } else if !param.choices.is_empty() {
        words.push(format!("one of {}", listed(&param.choices)));
    }
    words.extend(limits(&Spec::of(param)));
    if let Some(default) = &param.default {
        words.push(format!("default {}", default.plain()));
    }
    if !param.operators.is_empty() {
        let names: Vec<String> = param.operators.iter().map(|word| format!("{}.{word}", param.name)).collect();
        words.push(format!("also as {}", names.join(", ")));
    }
    if !param.aliases.is_empty() {
        words.push(format!("also called {}", param.aliases.join(", ")));
    }
    if param.secret {
        words.push("secret".into());
    }
    if let Some(text) = &param.deprecated {
        words.push(format!("deprecated: {text}"));
    }
    format!("({}) {}", param.type_.keyword(), words.join("; ")).trim_end().to_owned()
}

/// The words of a pattern, `1 to 64 of A-Z`, with a smaller upper limit.
fn shortened(wanted: &str, most: usize) -> Option<String> {
    let (least, rest) = wanted.split_once(" to ")?;
    let (_, of) = rest.split_once(" of ")?;
    Some(format!("{least} to {most} of {of}"))
}

/// The limits of a value, or of the members of a list.
pub(crate) fn limits(spec: &Spec<'_>) -> Vec<String> {
    let types = || spec.takes.iter().map(|wanted| wanted.described().to_owned()).collect::<Vec<_>>();
    let mut words: Vec<String> = Vec::new();
    words.extend((!spec.takes.is_empty()).then(|| either(&types())));
    // A pattern may name a length of its own: the shorter one is the only limit.
    let of_pattern = spec.pattern.map(|pattern| pattern.wanted().to_owned());
    let shorter = of_pattern.as_ref().zip(spec.max_length).and_then(|(wanted, most)| shortened(wanted, most));
    words.extend(if shorter.is_some() { None } else { span(spec) });
    words.extend(spec.step.map(|step| format!("a multiple of {step}")));
    words.extend(shorter.or(of_pattern));
    words.extend(spec.form.filter(|form| *form != Form::Epoch).map(|form| form.wanted().to_owned()));
    words.extend((!spec.not.is_empty()).then(|| format!("not {}", spec.not.join(" or "))));
    words.extend(spec.or_empty.then(|| "or empty".to_owned()));
    words.extend(spec.distinct.then(|| "each once".to_owned()));
    words.extend(spec.sorts.map(|sorting| {
        let with: Vec<String> = sorting.with.iter().map(|word| format!(", each optionally with .{word}")).collect();
        format!("any of {}, separated by commas{}", sorting.by.join(", "), with.concat())
    }));
    words
}

/// The range of a number, or of the length of a text or a list.
fn span(spec: &Spec<'_>) -> Option<String> {
    let counted = match spec.type_.keyword() {
        kind if kind.starts_with("list") || matches!(spec.type_, Type::List(_)) => "member",
        kind if kind == "json" => "field",
        _ => "character",
    };
    let counts = spec.min_length.or(spec.max_length).is_some();
    // The last number decides about the plural.
    let unit = |number: i64| match number {
        _ if !counts => String::new(),
        1 => format!(" {counted}"),
        _ => format!(" {counted}s"),
    };
    let low = spec.min.or(spec.min_length.map(|n| n as i64));
    let high = spec.max.or(spec.max_length.map(|n| n as i64));
    match (low, high) {
        (Some(low), Some(high)) if low == high => Some(format!("exactly {low}{}", unit(low))),
        (Some(low), Some(high)) => Some(format!("{low} to {high}{}", unit(high))),
        (Some(low), None) => Some(format!("at least {low}{}", unit(low))),
        (None, Some(high)) => Some(format!("at most {high}{}", unit(high))),
        (None, None) => None,
    }
}

/// Values separated by commas. Of very many only the first ones: Tab offers them all.
pub(crate) fn listed(values: &[Value]) -> String {
    let shown = if values.len() > MOST_LISTED { LISTED } else { values.len() };
    let words: Vec<String> = values.iter().take(shown).map(Value::plain).collect();
    let more = match values.len() - shown {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    words.join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_said_once() {
        let param: Param =
            serde_json::from_str(r#"{"name":"n","type":"string","summary":"Name","pattern":"name64","max_length":32}"#)
                .unwrap();
        assert_eq!(describe(&param), "(string) Name; 1 to 32 of A-Z, a-z, 0-9, -, . and _");
        let param = Param { pattern: None, ..param };
        assert_eq!(describe(&param), "(string) Name; at most 32 characters");
        let bare = Param { summary: String::new(), ..param };
        assert_eq!(describe(&bare), "(string) at most 32 characters");
        assert_eq!(describe(&Param { max_length: None, ..bare }), "(string)");
    }

    #[test]
    fn very_many_values_are_not_all_listed() {
        let values = |count: i64| (0..count).map(Value::Int).collect::<Vec<_>>();
        assert_eq!(listed(&values(3)), "0, 1, 2");
        assert!(listed(&values(40)).ends_with("38, 39"));
        assert!(listed(&values(41)).ends_with("18, 19 and 21 more"));
    }
}
