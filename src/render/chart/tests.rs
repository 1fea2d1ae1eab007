//! Whole charts: any result on any screen.

use proptest::prelude::*;

use super::super::ability::Ability;
use super::super::style::unpainted;
use super::super::{Format, Style, text};
use super::*;

fn view(width: usize, fine: bool) -> View {
    View {
        style: Style { colour: fine, terminal: true },
        width: Some(width),
        ability: Ability { unicode: true, ..Ability::default() },
        ..View::of(Format::Chart)
    }
}

fn drawn(results: &[Value], view: &View) -> Result<String, String> {
    let mut out = Vec::new();
    match write(results, view, &mut out) {
        Ok(_) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => {
            assert!(undrawn(&error).is_some() && out.is_empty(), "{error}");
            Err(error.to_string())
        }
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_chart_of_ascii_goes_anywhere() {
    let rows = value(r#"[{"date":"2026-10","in":784,"out":1651},{"date":"2026-11","in":-5,"out":null}]"#);
    let screen = View { width: Some(40), ..View::of(Format::Chart) };
    for view in [screen, view(40, false)] {
        let text = drawn(std::slice::from_ref(&rows), &view).unwrap();
        assert!(text.is_ascii() && text.contains("* in  + out"), "{text}");
    }
}

#[test]
fn colours_and_fine_characters_need_a_screen_that_has_them() {
    let numbers = [value("[1,2,3]")];
    assert_eq!(drawn(&numbers, &view(40, true)).unwrap(), "\x1b[36m▃▆█\x1b[0m 1 to 3\n");
    let plain = View { ability: Ability::default(), ..view(40, true) };
    assert_eq!(drawn(&numbers, &plain).unwrap(), "\x1b[36m-+#\x1b[0m 1 to 3\n");
}

#[test]
fn ten_thousand_points_are_drawn() {
    let row = |nth: i64| format!(r#"{{"t":{nth},"n":{},"m":{}}}"#, nth % 97, nth * nth);
    let rows = value(&format!("[{}]", (0..10_000).map(row).collect::<Vec<_>>().join(",")));
    for fine in [true, false] {
        let text = drawn(std::slice::from_ref(&rows), &view(80, fine)).unwrap();
        assert_eq!(text.lines().count(), 15, "{text}");
    }
    let svg = drawn(&[rows], &View { format: Format::Svg, ..view(80, false) }).unwrap();
    assert_eq!(svg.matches("<polyline").count(), 3);
}

fn any_number() -> impl Strategy<Value = Value> {
    let digits = prop::sample::select(vec!["1e999", "-1e999", "1e-999", "12345678901234567890123", "0.1", "-0"]);
    prop_oneof![
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::from),
        (0i64..4).prop_map(Value::Int),
        digits.prop_map(|digits| Value::number(digits).unwrap()),
        Just(Value::Null),
    ]
}

fn any_word() -> impl Strategy<Value = Value> {
    let some = prop::sample::select(vec![
        "",
        "web",
        "東京",
        "2026-11-28",
        "2026-11",
        "e\u{301}\u{200d}",
        "\u{1b}[31m",
        "a\nb",
    ]);
    prop_oneof![some.prop_map(Value::from), any::<String>().prop_map(Value::from)]
}

fn any_result() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![any_number(), any_word(), any::<bool>().prop_map(Value::Bool)];
    leaf.prop_recursive(3, 60, 8, |inner| {
        let key = prop::sample::select(vec!["date", "name", "in", "out", "id", "東", ""]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::List),
            prop::collection::vec((key, inner), 0..6).prop_map(|members| Value::Map(members.into_iter().collect())),
        ]
    })
}

/// Rows as a provider would send them.
fn any_rows() -> impl Strategy<Value = Value> {
    let row = (any_word(), any_word(), any_number(), any_number()).prop_map(|(date, name, one, other)| {
        Value::Map([("date", date), ("name", name), ("in", one), ("out", other)].into_iter().collect())
    });
    prop::collection::vec(row, 0..12).prop_map(Value::List)
}

proptest! {
    #[test]
    fn no_chart_is_wider_than_its_screen(
        result in prop_oneof![any_result(), any_rows(), prop::collection::vec(any_number(), 0..300).prop_map(Value::List)],
        width in prop_oneof![1usize..30, 30usize..200],
        fine: bool,
    ) {
        if let Ok(text) = drawn(std::slice::from_ref(&result), &view(width, fine)) {
            for line in text.lines() {
                let line = unpainted(line);
                prop_assert!(text::width(&line) <= width, "{} > {width}: {line:?}\n{text}", text::width(&line));
                prop_assert!(!line.contains('\x1b'), "{line:?}");
            }
        }
        let _ = drawn(&[result], &View { format: Format::Svg, ..view(width, fine) });
    }
}
