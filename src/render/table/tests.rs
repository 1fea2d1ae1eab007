//! Tables on and off the screen, and what in them is never cut.

use proptest::prelude::*;

use super::super::guide::tests::guide;
use super::super::transcode::tests::any_value;
use super::super::{Format, Guide, Style, render_all, view};
use super::*;

fn shown(json: &str, view: &View) -> (String, Vec<String>) {
    let results = [serde_json::from_str(json).unwrap()];
    let mut out = Vec::new();
    let notes = render_all(&results, view, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), notes.iter().map(Note::to_string).collect())
}

fn table() -> View {
    View::of(Format::Table)
}

fn screen(width: usize) -> View {
    View { style: Style { colour: false, terminal: true }, width: Some(width), ..table() }
}

const SERVERS: &str = r#"[
    {"id":"37605271-d650-4d8e-a0b0-ad46b25d0952","name":"web-1","note":"first of the pair behind the balancer","cpu":2,
     "disk":[{"id":"e1f5","gb":10},{"id":"ef49","gb":50}],"net":{"ip":"192.0.2.11","tags":["a","b"]}},
    {"id":"2b657232-bc95-4508-a491-d75b5682d925","name":"東京","note":null,"cpu":16,"disk":[],"net":{"ip":"192.0.2.12"}}
]"#;

#[test]
fn off_the_screen_a_row_is_a_line() {
    let (text, notes) = shown(SERVERS, &table());
    let lines = [
        "id                                    name   note                                   cpu  \
         disk                           net.ip      net.tags",
        "37605271-d650-4d8e-a0b0-ad46b25d0952  web-1  first of the pair behind the balancer    2  \
         id: e1f5, gb: 10; id: ef49, gb: 50  192.0.2.11  a, b",
        "2b657232-bc95-4508-a491-d75b5682d925  東京                                           16  \
         []                                  192.0.2.12",
    ];
    let squeezed = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(text.lines().map(squeezed).collect::<Vec<_>>(), lines.map(squeezed));
    assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
    assert_eq!(notes, [""; 0]);
    let at = |line: usize, word: &str| {
        let line = text.lines().nth(line).unwrap();
        text::width(&line[..line.find(word).unwrap()])
    };
    assert_eq!((at(0, "net.ip"), at(1, "192.0.2.11")), (at(2, "192.0.2.12"), at(2, "192.0.2.12")));
}

#[test]
fn a_screen_shortens_texts_and_leaves_out_columns_without_room() {
    let (text, notes) = shown(SERVERS, &screen(80));
    assert_eq!(
        text,
        "\
id                                    name   note                 cpu  net.tags
37605271-d650-4d8e-a0b0-ad46b25d0952  web-1  first of the pair …    2  a, b
2b657232-bc95-4508-a491-d75b5682d925  東京                         16
"
    );
    assert_eq!(notes, ["note: no room for disk, net.ip; --columns chooses, -o record shows all"]);
    let (text, notes) = shown(SERVERS, &screen(200));
    assert!(text.contains("id: e1f5, gb: 10; id: ef49, gb: 50") && text.contains("a, b"), "{text}");
    assert_eq!(notes, [""; 0]);
}

#[test]
fn rows_that_cannot_fit_are_records() {
    let (text, notes) = shown(SERVERS, &screen(40));
    assert!(text.starts_with("id        37605271-d650-4d8e-a0b0-ad46b25d0952\nname      web-1\n"), "{text}");
    assert_eq!(notes, ["note: too wide for a table here, so it is shown as -o record"]);
    let chosen = View { columns: view::columns("id,disk,name"), ..screen(50) };
    assert_eq!(shown(SERVERS, &chosen).1, notes);
}

#[test]
fn columns_are_chosen_and_sorted() {
    let chosen = View { columns: view::columns("cpu,name,disk.0.id"), sort: view::sort_keys("-cpu"), ..table() };
    assert_eq!(shown(SERVERS, &chosen).0, "cpu  name   disk.0.id\n 16  東京\n  2  web-1  e1f5\n");
    let bare = View { header: false, ..chosen };
    assert_eq!(shown(SERVERS, &bare).0, "16  東京\n 2  web-1  e1f5\n");
}

#[test]
fn small_results_are_shown_by_themselves() {
    for (json, view, text) in [
        (r#""two\nlines""#, screen(80), "two\nlines\n"),
        ("12.30", table(), "12.30\n"),
        (r#"["a",null,"b"]"#, table(), "value\na\n\nb\n"),
        ("[]", table(), ""),
        ("{}", screen(80), ""),
        (r#"{"a":1,"b":"x y"}"#, table(), "a  b\n1  x y\n"),
        (r#"{"a":1,"long":"x y"}"#, screen(80), "a     1\nlong  x y\n"),
        (
            r#"[{"a":"1\t\u001b[2J","b":true},{"a":"two\nlines"}]"#,
            table(),
            "a             b\n1\\t\\u{1b}[2J  true\ntwo\\nlines\n",
        ),
        (r#"[{"a":"two\nlines","b":1},{"a":"x"}]"#, screen(20), "a          b\ntwo lines  1\nx\n"),
    ] {
        assert_eq!(shown(json, &view).0, text, "{json}");
    }
    assert_eq!(shown("[]", &screen(80)).1, ["note: no rows"]);
    assert_eq!(shown("[]", &table()).1, [""; 0]);
}

#[test]
fn the_catalogue_gives_times_secrets_and_order() {
    let guide = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
    let view = View { guide, ..screen(30) };
    let json = r#"[{"key":"a b c d e f g h","born":1330837567,"id":7}]"#;
    let (text, notes) = shown(json, &View { width: Some(60), ..view.clone() });
    assert_eq!(text, "id  born                  key\n 7  2012-03-04 05:06:07Z  a b c d e f g h\n");
    assert_eq!(notes, [""; 0]);
    let (text, notes) = shown(json, &view);
    assert_eq!(text, "id  key\n 7  a b c d e f g h\n");
    assert_eq!(notes, ["note: no room for born; --columns chooses, -o record shows all"]);
}

/// A list of bills whose columns the catalogue names.
fn bills(width: usize) -> View {
    let shapes: Vec<model::Shape> = serde_json::from_str(
        r#"[{"name":"bill","columns":["id","state","sum","note","at.place"],"fields":[{"name":"id"},{"name":"note","unit":"text"},
            {"name":"state"},{"name":"sum","unit":"money","currency":"of"},{"name":"of"},{"name":"size","unit":"bytes"},
            {"name":"port","empty":[0]},{"name":"secret","secret":true},{"name":"at","type":"dict","fields":[{"name":"place"}]}]}]"#,
    )
    .unwrap();
    let method = serde_json::from_str(r#"{"name":"bill.list","returns":"list:@bill"}"#).unwrap();
    View { guide: Guide::of(&method, &shapes), ..screen(width) }
}

const BILLS: &str = r#"[
    {"id":"37605271-d650-4d8e","note":"paid late, by card, as agreed","state":"DONE","sum":12,"of":"GBP","size":3179579806.0,"port":0,"secret":"x"},
    {"id":"2b657232-bc95-4508","note":"","state":"NEW","sum":"1234.5","of":"USD","size":0,"port":0,"secret":"y"}
]"#;

#[test]
fn the_catalogue_says_which_columns_matter() {
    let (text, notes) = shown(BILLS, &bills(60));
    assert_eq!(
        text,
        "\
id                  state          sum  note
37605271-d650-4d8e  DONE     12.00 GBP  paid late, by card,…
2b657232-bc95-4508  NEW    1234.50 USD
"
    );
    assert_eq!(notes, ["note: not shown: size, secret; --columns chooses, -o record shows all"]);
    let (text, notes) = shown(BILLS, &bills(38));
    assert_eq!(text.lines().next().unwrap(), "id                  state          sum");
    assert_eq!(notes, ["note: no room for note and 2 more columns; --columns chooses, -o record shows all"]);
    for (asked, head) in [
        ("+size", "id                  state          sum  note                              size"),
        ("size,port", "   size  port"),
        ("all", "id                  note                           state          sum  of      size  port  secret"),
    ] {
        let (text, notes) = shown(BILLS, &bills(100).with_columns(asked));
        assert_eq!(text.lines().next().unwrap(), head, "{asked}");
        assert!(asked != "all" || notes.is_empty(), "{notes:?}");
    }
    let (text, _) = shown(BILLS, &View { width: None, ..bills(80) }.with_columns("id,note,size"));
    assert!(text.contains("paid late, by card, as agreed  3.18 GB"), "{text}");
}

#[test]
fn a_secret_that_is_not_shown_is_not_spoken_of() {
    let mut rows: Vec<Value> = match serde_json::from_str(BILLS).unwrap() {
        Value::List(rows) => rows,
        other => vec![other],
    };
    for row in &mut rows {
        if let Value::Map(map) = row {
            map.insert("secret", Value::Secret(model::Secret::new("canary")));
        }
    }
    let results = [Value::List(rows)];
    for (view, shows) in [
        (bills(80), false),
        (bills(80).with_columns("id,secret"), true),
        (bills(80).with_columns("id,sum"), false),
        (bills(100).with_columns("+secret"), true),
        (View { format: Format::Json, ..bills(80) }, true),
        (View { format: Format::Csv, ..bills(80) }.with_columns("id"), false),
        (View { format: Format::Record, ..bills(80) }, true),
        // Shown as records.
        (bills(20), true),
    ] {
        assert_eq!(super::super::shows_secrets(&results, &view), shows, "{:?} {:?}", view.format, view.columns);
    }
}

#[test]
fn only_the_names_above_are_painted() {
    let view = View { style: Style { colour: true, terminal: true }, ..screen(80) };
    let (text, _) = shown(r#"[{"a":"xyz","bb":1}]"#, &view);
    assert_eq!(text, "\x1b[1ma\x1b[0m    \x1b[1mbb\x1b[0m\nxyz   1\n");
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_screen_unless_it_is_a_record(value in any_value(), width in 20usize..200) {
        let view = screen(width);
        let mut out = Vec::new();
        let notes = render_all(std::slice::from_ref(&value), &view, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        prop_assert!(!text.contains(super::super::sanitize::is_hidden), "{}", text);
        if matches!(value, Value::List(_)) && !notes.contains(&Note::AsRecords) {
            prop_assert!(text.lines().all(|line| text::width(line) <= width), "{}", text);
        }
    }

    #[test]
    fn every_word_of_a_kept_column_is_whole(
        rows in prop::collection::vec(("[a-f0-9-]{1,36}", "([a-z.@:/]{1,30} ?){0,9}", any::<i64>()), 1..6),
        width in 20usize..200,
    ) {
        let row = |(id, text, number): &(String, String, i64)| Value::Map([
            ("id", Value::from(id.as_str())), ("text", Value::from(text.as_str())), ("number", Value::from(*number)),
        ].into_iter().collect());
        let results = [Value::List(rows.iter().map(row).collect())];
        let mut out = Vec::new();
        let notes = render_all(&results, &View { guide: Guide::default(), ..screen(width) }, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        let left_out: Vec<String> = notes.iter().flat_map(|note| match note {
            Note::LeftOut { no_room, .. } => no_room.clone(),
            _ => Vec::new(),
        }).collect();
        let words: std::collections::HashSet<&str> = shown.split_whitespace().collect();
        for (id, text, number) in &rows {
            prop_assert!(words.contains(id.as_str()), "{}", shown);
            let number = number.to_string();
            prop_assert!(left_out.iter().any(|name| name == "number") || words.contains(number.as_str()), "{}", shown);
            let mut known = text.split_whitespace();
            let cut = words.contains("…");
            let whole = left_out.iter().any(|name| name == "text") || cut || known.all(|word| words.contains(word));
            prop_assert!(whole, "{}", shown);
        }
    }
}
