//! Rules between values, and other names for parameters.

use std::sync::Arc;

use super::Files;
use crate::bind::{Rules, bind, remarks};
use model::{Arguments, Diagnostic, Map, Method};

fn method() -> Arc<Method> {
    let json = r#"{"name":"probe.make","params":[
        {"name":"kind","type":"string","choices":["TCP","HTTP","HTTPS"],"default":"TCP"},
        {"name":"lower","type":"int","wire":"range/lower"},
        {"name":"upper","type":"int","wire":"range/upper"},
        {"name":"method","type":"string"},
        {"name":"on","type":"boolean"},
        {"name":"reboot","type":"boolean"},
        {"name":"ip","type":"string","pattern":"ipv4"},
        {"name":"mask","type":"string","pattern":"netmask"},
        {"name":"from","type":"date","form":"day"},
        {"name":"to","type":"date","form":"day"},
        {"name":"a","type":"string"},{"name":"b","type":"string"},
        {"name":"data","type":"any","takes":["string","list:string"]},
        {"name":"plan","type":"string","wire":"@servicePlan","aliases":["net-id"]}],
      "rules":[
        {"when":{"kind":["HTTP*"]},"needs":["lower","upper","method"]},
        {"when":{"kind":["TCP"]},"refuses":["lower","upper","method"]},
        {"order":["lower","upper"]},
        {"when":{"on":[false]},"only":{"reboot":[false]}},
        {"given":["mask"],"needs":["ip"]},
        {"given":["mask"],"network":["ip","mask"]},
        {"order":["from","to"],"days":31},
        {"not_both":["a","b"]},
        {"when":{"kind":["HTTP"]},"takes":{"data":["list:string"]}},
        {"when":{"kind":["HTTPS"]},"patterns":{"data":"ipv4"}}]}"#;
    Arc::new(serde_json::from_str(json).unwrap())
}

fn outcome(method: &Arc<Method>, text: &str) -> Result<Map, Vec<(String, String)>> {
    let line = lang::parse(text).unwrap().remove(0);
    match bind(method, &line, Rules::default(), &mut Files) {
        Ok(call) => match call.arguments {
            Arguments::Named(map) => Ok(map),
            Arguments::Positional(_) => panic!("{text}: positional"),
        },
        Err(faults) => {
            let one = |it: &dyn Diagnostic| (it.to_string(), text[it.span().unwrap_or_default().range()].to_owned());
            let mut all = vec![one(&faults)];
            all.extend(faults.more().into_iter().map(one));
            Err(all)
        }
    }
}

#[test]
fn values_that_do_not_go_together_are_refused() {
    for (text, said, under) in [
        ("kind HTTP lower 1 upper 2", "probe.make needs `method` when `kind` is HTTP", "probe.make"),
        ("kind HTTPS lower 1 method GET", "probe.make needs `upper` when `kind` is HTTPS", "probe.make"),
        ("kind TCP method GET", "`method` must be left out when `kind` is TCP", "method"),
        ("method GET", "`method` must be left out when `kind` is TCP", "method"),
        ("kind HTTP lower 3 upper 2 method GET", "`upper` must not be less than `lower`", "2"),
        ("on false reboot true", "`reboot` must be false when `on` is false", "true"),
        ("mask 255.255.255.0", "probe.make needs `ip` when `mask` is given", "probe.make"),
        (
            "ip 10.0.0.1 mask 255.255.255.0",
            "`ip` must be the first address of its network, which is 10.0.0.0 when `mask` is given",
            "10.0.0.1",
        ),
        ("from 2013-02-02 to 2013-02-01", "`to` must not be before `from`", "2013-02-01"),
        ("from 2013-02-01 to 2013-06-01", "`to` is 120 days after `from`; the maximum is 31", "2013-06-01"),
        ("a x b y", "`a` and `b` cannot both be given", "b"),
        ("kind HTTP lower 1 upper 2 method GET data x", "`data` must be a list of texts when `kind` is HTTP", "x"),
        ("kind HTTPS lower 1 upper 2 method GET data x", "`data` must be an IPv4 address when `kind` is HTTPS", "x"),
    ] {
        let text = format!("probe.make {text}");
        let outcome = outcome(&method(), &text).unwrap_err();
        assert_eq!(outcome, [(said.to_owned(), under.to_owned())], "{text}");
    }
}

#[test]
fn values_that_go_together_are_accepted() {
    for text in [
        "",
        "kind HTTP lower 2 upper 2 method GET",
        "on true reboot true",
        "reboot true",
        "on false reboot false",
        "ip 10.0.0.0 mask 255.255.255.0",
        "ip 10.0.0.1",
        "from 2013-02-01 to 2013-03-04",
        "from 2013-02-01",
        "kind HTTP lower 1 upper 2 method GET data (list)x",
        "kind TCP data x",
    ] {
        assert!(outcome(&method(), &format!("probe.make {text}")).is_ok(), "{text}");
    }
}

#[test]
fn one_of_several_must_be_given_if_the_call_would_do_nothing() {
    let make = |names: &str| -> Arc<Method> {
        let params = r#"[{"name":"id","required":true},{"name":"a"},{"name":"b"}]"#;
        let json = format!(r#"{{"name":"x.y","params":{params},"rules":[{{"at_least_one":{names}}}]}}"#);
        Arc::new(serde_json::from_str(&json).unwrap())
    };
    let said = |names: &str, text: &str| outcome(&make(names), text).map_err(|all| all[0].0.clone()).err();
    assert_eq!(said(r#"["a","b"]"#, "x.y id 1"), Some("x.y needs at least one of `a`, `b`".into()));
    assert_eq!(said(r#"["a"]"#, "x.y id 1"), Some("x.y needs `a`".into()));
    assert_eq!(said(r#"["a","b"]"#, "x.y id 1 b 2"), None);
    assert_eq!(said(r#"["a","b"]"#, "x.y id 1 b.x 2").as_deref(), None, "an open value");
}

#[test]
fn a_name_of_the_document_is_taken_as_the_parameters_own() {
    for (text, name) in
        [("servicePlan x", "plan"), ("net-id x", "plan"), ("range.lower 1 kind HTTP range.upper 2 method GET", "lower")]
    {
        let map = outcome(&method(), &format!("probe.make {text}")).unwrap();
        assert!(map.get(name).is_some(), "{text}: {map:?}");
    }
    let twice = outcome(&method(), "probe.make plan x net-id y").unwrap_err();
    assert_eq!(twice, [("`net-id` is given twice".to_owned(), "net-id".to_owned())]);
    let folded = |any_case| Arc::new(Method { any_case, ..Method::clone(&method()) });
    assert!(outcome(&folded(true), "probe.make NET-ID x Kind TCP").is_ok());
    assert!(outcome(&folded(false), "probe.make NET-ID x").is_err());
}

#[test]
fn parameters_missing_for_another_value_can_be_asked_for() {
    let line = lang::parse("probe.make kind HTTP").unwrap().remove(0);
    let faults = bind(&method(), &line, Rules::default(), &mut Files).unwrap_err();
    assert_eq!(faults.only_missing().unwrap().collect::<Vec<_>>(), ["lower", "upper", "method"]);
}

#[test]
fn values_that_the_provider_cuts_are_sent_with_a_remark() {
    let rules = r#"[{"order":["from","to"],"days":31,"note":"the provider sends the first 31 days only"}]"#;
    let json = format!(
        r#"{{"name":"x.y","params":[{{"name":"from","type":"date"}},{{"name":"to","type":"date"}}],"rules":{rules}}}"#
    );
    let method: Arc<Method> = Arc::new(serde_json::from_str(&json).unwrap());
    for (text, remark) in [
        (
            "x.y from 2013-02-01 to 2013-06-01",
            Some("to is 120 days after from: beyond 31 days the provider sends the first 31 days only"),
        ),
        ("x.y from 2013-02-01 to 2013-02-02", None),
        ("x.y from 2013-02-01", None),
    ] {
        let line = lang::parse(text).unwrap().remove(0);
        let call = bind(&method, &line, Rules::default(), &mut Files).unwrap();
        assert_eq!(remarks(&call).first().map(String::as_str), remark, "{text}");
    }
}
