//! A table of lines for a method.

mod depend;
mod depth;
mod order;
mod properties;

use super::*;
use lang::{self, Variable};
use model::{Date, Diagnostic, Secret};

struct Files;

impl Sources for Files {
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "note.txt" => Ok(b"line one\n".to_vec()),
            "rules.json" => Ok(br#"[{"policy":"DROP"}]"#.to_vec()),
            "logo.png" => Ok(vec![0x89, b'P', 0xff]),
            _ => Err("no such file".into()),
        }
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        Ok(b"from stdin\n".to_vec())
    }

    fn variable(&mut self, variable: &Variable) -> Result<Value, Absent> {
        Ok(match variable.name.as_str() {
            "secret" => Value::Secret(Secret::new("pw")),
            "day" => Date::parse("2011-06-17").unwrap().into(),
            "bytes" => Value::Bytes(vec![0xff]),
            "null" => Value::Null,
            name => {
                let json = match name {
                    "five" => "5",
                    "digits" => "\"007\"",
                    "web" => "\"web\"",
                    "price" => "21.60",
                    "list" => "[1,2]",
                    "names" => "[\"a\",\"b\"]",
                    "map" => "{\"a\":1}",
                    "true" => "true",
                    _ => return Err(Absent { message: format!("no {}", variable.text), hint: Some("set it".into()) }),
                };
                json::parse(json).unwrap()
            }
        })
    }
}

fn method() -> Arc<Method> {
    let json = r#"{"name":"thing.make","params":[
        {"name":"name","type":"string","required":true,"max_length":12},
        {"name":"port","type":"int","min":1,"max":65535},
        {"name":"price","type":"float"},
        {"name":"on","type":"boolean"},
        {"name":"day","type":"date"},
        {"name":"tags","type":"list:string"},
        {"name":"ids","type":"list:int"},
        {"name":"kind","type":"string","choices":["big","small"]},
        {"name":"key","type":"string","secret":true},
        {"name":"rules","type":"list:dict","fields":[
            {"name":"policy","type":"string","optional":true},{"name":"port","type":"int","optional":true}]},
        {"name":"extra","type":"dict"},
        {"name":"counts","type":"map:int"},
        {"name":"data","type":"bytes"},
        {"name":"made","type":"date","operators":["MIN","MAX"]},
        {"name":"sure","type":"string","required":true,"choices":["yes"],"confirm":true}]}"#;
    Arc::new(serde_json::from_str(json).unwrap())
}

fn run(text: &str, rules: Rules<'_>) -> Result<Call, Faults> {
    let lines = lang::parse(text).unwrap();
    bind(&method(), &lines[0], rules, &mut Files)
}

fn bound(text: &str) -> Map {
    match run(text, Rules::default()).unwrap_or_else(|e| panic!("{text}: {e}")).arguments {
        Arguments::Named(map) => map,
        Arguments::Positional(_) => panic!("{text}: positional"),
    }
}

#[test]
fn words_become_values_of_the_declared_type() {
    let number = |text| Value::number(text).unwrap();
    let texts = |list: &[&str]| Value::List(list.iter().map(|t| Value::from(*t)).collect());
    for (text, name, wanted) in [
        ("thing.make name 80", "name", Value::from("80")),
        ("thing.make name a port 80", "port", Value::Int(80)),
        ("thing.make name a port '80'", "port", Value::Int(80)),
        ("thing.make name (int)80", "name", Value::Int(80)),
        ("thing.make name a port (string)80", "port", Value::from("80")),
        ("thing.make name a price 21.60", "price", number("21.60")),
        ("thing.make name a price 24", "price", number("24.0")),
        ("thing.make name a on no", "on", Value::Bool(false)),
        ("thing.make name a on (boolean)false", "on", Value::Bool(false)),
        ("thing.make name a on (boolean) False", "on", Value::Bool(false)),
        ("thing.make name a on 1", "on", Value::Bool(true)),
        ("thing.make name a day 2011-06-17", "day", Value::Date(model::Date::verbatim("2011-06-17"))),
        ("thing.make name a tags x,y", "tags", texts(&["x", "y"])),
        ("thing.make name a tags (list)x, y", "tags", texts(&["x", "y"])),
        ("thing.make name a tags (list)'x,1',y", "tags", texts(&["x,1", "y"])),
        ("thing.make name a tags '[\"x\",\"y\"]'", "tags", texts(&["x", "y"])),
        ("thing.make name a ids 1,2", "ids", Value::from(vec![Value::Int(1), Value::Int(2)])),
        ("thing.make name a ids (list:int)1,2", "ids", Value::from(vec![Value::Int(1), Value::Int(2)])),
        ("thing.make name a kind (null)", "kind", Value::Null),
        ("thing.make name (file)note.txt", "name", Value::from("line one\n")),
        ("thing.make name @-", "name", Value::from("from stdin")),
        ("thing.make name '@-'", "name", Value::from("@-")),
        ("thing.make name a data (base64)logo.png", "data", Value::Bytes(vec![0x89, b'P', 0xff])),
        ("thing.make name a key hunter22", "key", Value::Secret(Secret::new("hunter22"))),
        ("thing.make name a counts[2] 1", "counts", Value::Map(Map::from_iter([("2", Value::Int(1))]))),
        ("thing.make name a counts.2 1 counts.x 0", "counts", Value::Map(Map::from_iter([("2", 1), ("x", 0)]))),
        (
            "thing.make name a extra (json)'{\"n\": 12345678901234567890123}'",
            "extra",
            Value::Map(Map::from_iter([("n", number("12345678901234567890123"))])),
        ),
        (
            "thing.make name a rules[0][policy] DROP rules[0].port 22",
            "rules",
            Value::from(vec![Value::Map(Map::from_iter([("policy", Value::from("DROP")), ("port", Value::Int(22))]))]),
        ),
        (
            "thing.make name a rules (file)rules.json",
            "rules",
            Value::from(vec![Value::Map(Map::from_iter([("policy", "DROP")]))]),
        ),
    ] {
        assert_eq!(bound(text).get(name), Some(&wanted), "{text}");
    }
}

#[test]
fn a_wrong_line_is_refused_at_the_right_position() {
    for (text, message, at) in [
        ("thing.make nam x", "no parameter `nam`", "nam"),
        ("thing.make port 80", "needs `name`", "thing.make"),
        ("thing.make name a port x1", "must be a whole number", "x1"),
        ("thing.make name a port (int)x1", "must be a whole number", "x1"),
        ("thing.make name a port 1e3", "must be a whole number", "1e3"),
        ("thing.make name a port 0", "must be at least 1", "0"),
        ("thing.make name a port ''", "not empty", "''"),
        ("thing.make name a on maybe", "must be true or false", "maybe"),
        ("thing.make name a day 2020", "must be a date", "2020"),
        ("thing.make name a kind huge", "cannot be `huge`", "huge"),
        ("thing.make name aaaaaaaaaaaaa", "at most 12 characters", "aaaaaaaaaaaaa"),
        ("thing.make name a ids 1,b", "must be a whole number", "b"),
        ("thing.make name a extra '{'", "JSON", "'{'"),
        ("thing.make name a extra '[]'", "a JSON object", "'[]'"),
        ("thing.make name a name b", "given twice", "name"),
        ("thing.make name (file)gone.txt", "no such file", "gone.txt"),
        ("thing.make name (file)logo.png", "not UTF-8", "logo.png"),
        ("thing.make name a rules[1][policy] x", "does not fit", "rules[1][policy]"),
        ("thing.make name a port", "has no value", "port"),
    ] {
        let fault = run(text, Rules::default()).expect_err(text);
        assert!(fault.to_string().contains(message), "{text}: {fault}");
        let span = fault.span().unwrap_or_default();
        assert!(text[span.range()].contains(at), "{text}: points at {:?}", &text[span.range()]);
    }
}

#[test]
fn all_faults_are_reported_at_once() {
    let faults = run("thing.make port x on maybe", Rules::default()).unwrap_err();
    assert_eq!(faults.more().len(), 2);
}

#[test]
fn unchecked_lines_keep_their_types() {
    let rules = Rules { unchecked: true, ..Rules::default() };
    let call = run("thing.make port 99999 news 1", rules).unwrap();
    assert_eq!(
        call.arguments,
        Arguments::Named(Map::from_iter([("port", Value::Int(99999)), ("news", Value::Secret(Secret::new("1")))]))
    );
    assert!(run("thing.make port x", rules).is_err());
}

#[test]
fn operators_follow_a_name() {
    let map = bound("thing.make name a made.MIN 2020-01-01 made.MAX 2020-12-31 made 2020-06-01");
    let dates: Vec<&str> =
        ["made.MIN", "made.MAX", "made"].into_iter().filter_map(|name| map.get(name)?.as_str()).collect();
    assert_eq!(dates, ["2020-01-01", "2020-12-31", "2020-06-01"]);
    for (text, message) in [
        ("thing.make name a made.MIN soon", "must be a date"),
        ("thing.make name a made.MIN 2020-01-01 made.MIN 2020-01-02", "given twice"),
    ] {
        assert!(run(text, Rules::default()).unwrap_err().to_string().contains(message), "{text}");
    }
}

#[test]
fn the_providers_question_is_answered_unless_the_line_does_or_nothing_is_checked() {
    let sure = |text: &str, unchecked| match run(text, Rules { unchecked, ..Rules::default() }).unwrap().arguments {
        Arguments::Named(map) => map.get("sure").cloned(),
        Arguments::Positional(_) => None,
    };
    assert_eq!(sure("thing.make name a", false), Some("yes".into()));
    assert_eq!(sure("thing.make name a sure yes", false), Some("yes".into()));
    assert_eq!(sure("thing.make name a sure no", true), Some("no".into()));
    assert_eq!(sure("thing.make name a", true), None);
}

#[test]
fn a_variable_is_converted_to_the_required_type() {
    let list = |members: &[Value]| Value::List(members.to_vec());
    for (text, name, wanted) in [
        ("name $web", "name", "web".into()),
        ("name $five", "name", "5".into()),
        ("name $price", "name", "21.60".into()),
        ("name $true", "name", "true".into()),
        ("name $day", "name", "2011-06-17".into()),
        ("name $secret", "name", Value::Secret(Secret::new("pw"))),
        ("name '$web'", "name", "$web".into()),
        ("name \\$web", "name", "$web".into()),
        ("name a$web", "name", "a$web".into()),
        ("name (string)$web", "name", "$web".into()),
        ("name a port $five", "port", Value::Int(5)),
        ("name a port $digits", "port", Value::Int(7)),
        ("name a port (int)$digits", "port", Value::Int(7)),
        ("name a price $five", "price", Value::number("5.0").unwrap()),
        ("name a price $price", "price", Value::number("21.60").unwrap()),
        ("name a on $true", "on", true.into()),
        ("name a ids $list", "ids", list(&[1.into(), 2.into()])),
        ("name a ids $five", "ids", list(&[5.into()])),
        ("name a ids (list:int)$five,3", "ids", list(&[5.into(), 3.into()])),
        ("name a tags (list)$five, b, '$web'", "tags", list(&["5".into(), "b".into(), "$web".into()])),
        ("name a tags $names", "tags", list(&["a".into(), "b".into()])),
        ("name a rules[0].port $five", "rules", list(&[Map::from_iter([("port", 5)]).into()])),
        ("name a extra $map", "extra", Map::from_iter([("a", 1)]).into()),
        ("name a extra.x (json)$list", "extra", Map::from_iter([("x", list(&[1.into(), 2.into()]))]).into()),
        ("name a data $bytes", "data", Value::Bytes(vec![0xff])),
        ("name a key $web", "key", Value::Secret(Secret::new("web"))),
    ] {
        assert_eq!(bound(&format!("thing.make {text}")).get(name), Some(&wanted), "{text}");
    }
}

#[test]
fn a_variable_that_does_not_fit_is_refused_in_its_place() {
    for (text, message, place) in [
        ("name $nothing", "no $nothing", "$nothing"),
        ("name $map", "`name` must be a text, not `$map` (dict)", "$map"),
        ("name $null", "`name` must be a text, not `$null` (null)", "$null"),
        ("name $bytes", "`name` must be a text, not `$bytes` (bytes)", "$bytes"),
        ("name a port $web", "`port` must be a whole number, not `$web` (string)", "$web"),
        ("name a port $price", "`port` must be a whole number, not `$price` (float)", "$price"),
        ("name a port $secret", "`port` must be a whole number, not `$secret` (string)", "$secret"),
        ("name a ids $map", "`ids` must be a list of whole numbers, not `$map` (dict)", "$map"),
        ("name a ids 1,$nothing", "no $nothing", "$nothing"),
        ("name a extra $five", "`extra` must be a dictionary, not `$five` (int)", "$five"),
        ("name a kind $web", "`kind` cannot be `web`", "$web"),
    ] {
        let line = format!("thing.make {text}");
        let error = run(&line, Rules::default()).unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
        assert_eq!(&line[error.span().unwrap().range()], place, "{text}");
        assert_eq!((error.class(), error.sent()), (model::Class::Usage, model::Sent::No));
    }
}

#[test]
fn an_answer_is_read_like_a_typed_word() {
    let method = method();
    let texts = |list: &[&str]| Value::List(list.iter().map(|t| Value::from(*t)).collect());
    for (name, text, wanted) in [
        ("name", " two words ", Value::from("two words")),
        ("name", "it's; | x", Value::from("it's; | x")),
        ("name", "(int)5", Value::Int(5)),
        ("name", "(string)''", Value::from("")),
        ("port", "80", Value::Int(80)),
        ("on", "yes", Value::Bool(true)),
        ("tags", "a, b c", texts(&["a", "b c"])),
        ("extra", "{\"a\": \"b\"}", Value::Map(Map::from_iter([("a", "b")]))),
        ("name", "(file)note.txt", Value::from("line one\n")),
    ] {
        let value = answer(method.param(name).unwrap(), text, &mut Files).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(value, wanted, "{name} {text}");
    }
    for (name, text, said) in [
        ("port", "soon", "`port` must be a whole number"),
        ("port", "0", "must be at least 1"),
        ("kind", "huge", "`kind` cannot be `huge`"),
        ("name", "much too long a name", "at most 12"),
    ] {
        let error = answer(method.param(name).unwrap(), text, &mut Files).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    let key = Param { max_length: Some(3), ..method.param("key").unwrap().clone() };
    assert!(secret_answer(&key, Secret::new("abcd")).is_err());
    assert_eq!(secret_answer(&key, Secret::new("(a")).unwrap(), Value::Secret(Secret::new("(a")));
}

#[test]
fn values_given_outside_the_line_are_not_missing() {
    let line = &lang::parse("thing.make port 80").unwrap()[0];
    let missing = bind(&method(), line, Rules::default(), &mut Files).unwrap_err();
    assert_eq!(missing.only_missing().unwrap().collect::<Vec<_>>(), ["name"]);
    let given = [("name".to_owned(), Value::from("a"))];
    let call = bind_with(&method(), line, &given, Rules::default(), &mut Files).unwrap();
    let Arguments::Named(map) = call.arguments else { panic!("positional") };
    assert_eq!(map.keys().collect::<Vec<_>>(), ["port", "name", "sure"]);
}

#[test]
fn a_mistyped_name_is_reported_once() {
    let faults = run("thing.make nam a", Rules::default()).unwrap_err();
    assert_eq!((faults.to_string().as_str(), faults.more().len()), ("thing.make has no parameter `nam`", 0));
    let faults = run("thing.make frobnicate a", Rules::default()).unwrap_err();
    assert_eq!(faults.more().len(), 1);
}
