//! Values that are sent in order, without their names.

use std::sync::Arc;

use super::Files;
use crate::bind::{Faults, Rules, bind};
use lang::OptionId;
use model::method::Passing;
use model::{Arguments, Call, Diagnostic, Method};

fn drop_of(passing: Passing) -> Arc<Method> {
    let json = r#"{"name":"drop","effect":"change","params":[
        {"name":"name","type":"string","required":true},
        {"name":"keep_backups","type":"boolean"},
        {"name":"wait","type":"int"}]}"#;
    let method: Method = serde_json::from_str(json).unwrap();
    Arc::new(Method { arguments: Some(passing), ..method })
}

fn run(method: &Arc<Method>, text: &str) -> Result<Call, Faults> {
    let line = lang::parse(text).unwrap().remove(0);
    let rules = Rules {
        positional: line.has(OptionId::Positional),
        unchecked: line.has(OptionId::NoCheck),
        ..Rules::default()
    };
    bind(method, &line, rules, &mut Files)
}

fn values(json: &str) -> Arguments {
    Arguments::Positional(serde_json::from_str(json).unwrap())
}

#[test]
fn nothing_is_left_out_before_a_value() {
    let method = drop_of(Passing::Positional);
    for (text, sent) in [
        ("drop name shop", r#"["shop"]"#),
        ("drop wait 0 keep_backups false name shop", r#"["shop",false,0]"#),
        ("drop name shop keep_backups true", r#"["shop",true]"#),
    ] {
        assert_eq!(run(&method, text).unwrap().arguments, values(sent), "{text}");
    }
    for text in ["drop name shop wait 0", "drop wait 0 name shop", "drop name shop wait 0 --no-check"] {
        let fault = run(&method, text).unwrap_err();
        assert_eq!(fault.to_string(), "`wait` comes after `keep_backups`, which is not given", "{text}");
        assert_eq!(&text[fault.span().unwrap().range()], "wait");
        assert!(fault.hint().unwrap().contains("give keep_backups too"));
    }
    let fault = run(&method, "drop name shop frob 1 --no-check").unwrap_err();
    assert_eq!(fault.to_string(), "drop takes its values in order, and `frob` has no place in that order");
}

#[test]
fn values_without_names_are_all_sent_in_order() {
    for passing in [Passing::Positional, Passing::Named] {
        let method = drop_of(passing);
        for (text, sent) in [
            ("drop --positional shop", r#"["shop"]"#),
            ("drop --positional shop no 5", r#"["shop",false,5]"#),
            ("drop shop (boolean)no (int)5 --positional", r#"["shop",false,5]"#),
            ("drop --positional (string)wait", r#"["wait"]"#),
            ("drop --positional 'wait'", r#"["wait"]"#),
            ("drop --positional shop no 5 6 x --no-check", r#"["shop",false,5,"6","x"]"#),
            // In a line of names and values, the names decide.
            ("drop --positional keep_backups no name shop", r#"["shop",false]"#),
            ("drop --positional name 'keep_backups'", r#"["keep_backups"]"#),
        ] {
            assert_eq!(run(&method, text).unwrap_or_else(|e| panic!("{text}: {e}")).arguments, values(sent), "{text}");
        }
        for (text, said, under) in [
            ("drop --positional wait 0 name shop", "`wait` comes after `keep_backups`, which is not given", "wait"),
            (
                "drop --positional shop wait 0",
                "--positional takes only values, and `wait` is the name of a parameter",
                "wait",
            ),
            ("drop --positional shop no x", "`wait` must be a whole number, not `x`", "x"),
            ("drop --positional shop no 5 6", "drop takes 3 values at most", "6"),
            ("drop --positional", "drop needs `name`", "drop"),
        ] {
            let fault = run(&method, text).unwrap_err();
            assert_eq!(fault.to_string(), said, "{text}");
            assert_eq!(&text[fault.span().unwrap().range()], under, "{text}");
        }
    }
}

#[test]
fn all_values_of_a_method_known_only_to_the_server_are_sent() {
    let unknown = |passing| Arc::new(Method { arguments: passing, ..Method::discovered("drop") });
    for (text, sent) in [
        ("drop --positional shop billing", r#"["shop","billing"]"#),
        ("drop --positional a b c", r#"["a","b","c"]"#),
        ("drop --positional (int)2 (int)3", "[2,3]"),
        ("drop --positional sleeper", r#"["sleeper"]"#),
        ("drop --positional (list:int)1, 2 true", r#"[[1,2],"true"]"#),
        ("drop --positional", "[]"),
        ("drop", "[]"),
    ] {
        for passing in [None, Some(Passing::Positional)] {
            assert_eq!(run(&unknown(passing), text).unwrap().arguments, values(sent), "{text}");
        }
    }
    let named = "drop name shop wait (int)5";
    assert_eq!(run(&unknown(Some(Passing::Positional)), named).unwrap().arguments, values(r#"["shop",5]"#));
    assert!(matches!(run(&unknown(None), named).unwrap().arguments, Arguments::Named(_)));
}

#[test]
fn a_parameter_can_take_all_further_values() {
    let json = r#"{"name":"set","params":[
        {"name":"item","type":"string"},
        {"name":"parts","type":"list:int","variadic":true}]}"#;
    let method: Method = serde_json::from_str(json).unwrap();
    let method = Arc::new(Method { arguments: Some(Passing::Positional), ..method });
    for (text, sent) in [
        ("set --positional x", r#"["x"]"#),
        ("set --positional x 1 2 3", r#"["x",1,2,3]"#),
        ("set item x parts [1,2]", r#"["x",1,2]"#),
        ("set item x parts[0] 1 parts[1] 2", r#"["x",1,2]"#),
        ("set item x", r#"["x"]"#),
    ] {
        assert_eq!(run(&method, text).unwrap().arguments, values(sent), "{text}");
    }
    for text in ["set --positional x 1 two", "set parts [1]"] {
        assert!(run(&method, text).is_err(), "{text}");
    }
}
