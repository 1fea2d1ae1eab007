//! Forms of bodies, queries and answers that catalogues of services of today need.

use super::*;

#[test]
fn bodies_have_the_form_that_the_catalogue_gives_them() {
    let json = |rest: &str| format!(r#""route":{{"verb":"POST","path":"/x"}},"sends":{{"as":"json"{rest}}}"#);
    let nested = r#","params":[{"name":"memory","wire":"limits/memory"},{"name":"cpus","wire":"limits/cpu/count"},
        {"name":"limits"},{"name":"list"}]"#;
    let wrapped = json(r#","wrap":"arguments","fixed":{"all":true},"beside":{"method":"torrent-get"}"#);
    for (definition, given, body) in [
        (
            json("") + nested,
            r#"{"memory":1,"cpus":2,"list":[1]}"#,
            r#"{"limits":{"memory":1,"cpu":{"count":2}},"list":[1]}"#,
        ),
        (json("") + nested, r#"{"memory":1,"limits":{"disk":3}}"#, r#"{"limits":{"memory":1,"disk":3}}"#),
        // What is not in the catalogue is no path.
        (json("") + nested, r#"{"a/b":1}"#, r#"{"a/b":1}"#),
        (wrapped.clone(), r#"{"ids":[7]}"#, r#"{"method":"torrent-get","arguments":{"all":true,"ids":[7]}}"#),
        (wrapped, "{}", r#"{"method":"torrent-get","arguments":{"all":true}}"#),
        (json(r#","wrap":"a","beside":{"m":1}"#), "{}", r#"{"m":1,"a":{}}"#),
        (json(r#","whole":"o""#) + r#","params":[{"name":"o"}]"#, r#"{"o":[{"n":[]}]}"#, r#"[{"n":[]}]"#),
        (json(r#","whole":"o""#) + r#","params":[{"name":"o"}]"#, "{}", ""),
    ] {
        assert_eq!(called(&definition, arguments(given)).unwrap().body.preview(), body, "{given}");
    }
    let whole = json(r#","whole":"o""#) + r#","params":[{"name":"o"}]"#;
    let taken = EncodeError::Taken { name: "memory".into(), path: "limits/memory".into() };
    let limits = EncodeError::Taken { name: "limits".into(), path: "limits".into() };
    let beside = |name: &str| EncodeError::Beside { whole: "o".into(), name: name.into() };
    for (definition, given, error) in [
        (&whole, r#"{"o":1,"p":2}"#, beside("p")),
        (&whole, r#"{"p":2}"#, beside("p")),
        (
            &(json("") + r#","params":[{"name":"limits"},{"name":"memory","wire":"limits/memory"}]"#),
            r#"{"limits":5,"memory":1}"#,
            taken,
        ),
        (
            &(json("") + r#","params":[{"name":"memory","wire":"limits/memory"},{"name":"limits"}]"#),
            r#"{"limits":5,"memory":1}"#,
            limits,
        ),
    ] {
        assert_eq!(called(definition, arguments(given)), Err(error), "{given}");
    }
}

#[test]
fn lists_and_objects_travel_as_the_catalogue_says_in_queries_and_forms() {
    let params = r#""params":[{"name":"filter"},{"name":"tags","repeat":true},{"name":"expand","wire":"expand[]","repeat":true},
        {"name":"ids","join":",","place":"query"},{"name":"size","wire":"page[size]"}]"#;
    let query = r#""route":{"verb":"GET","path":"/x"},"#;
    let form = r#""route":{"verb":"DELETE","path":"/x"},"sends":{"as":"form"},"#;
    for (given, pieces) in [
        (r#"{"filter":{"name":"x y","in":[1,{"a":true}]}}"#, "filter[name]=x y&filter[in][0]=1&filter[in][1][a]=true"),
        (r#"{"filter":[{"b":[0]}]}"#, "filter[0][b][0]=0"),
        (r#"{"tags":["a","b&c"],"expand":["d"],"size":5}"#, "tags=a&tags=b&c&expand[]=d&page[size]=5"),
        (r#"{"filter":{},"tags":[]}"#, "filter=&tags="),
    ] {
        let url = called(&format!("{query}{params}"), arguments(given)).unwrap().url;
        let shown = |text: &str| text.replace("%5B", "[").replace("%5D", "]").replace("%26", "&").replace("%20", " ");
        assert_eq!(shown(&url), format!("https://p.example/x?{pieces}"));
        let body = called(&format!("{form}{params}"), arguments(given)).unwrap().body.preview();
        let credentials = "login=me&pw=%3C(redacted)%3E&";
        assert_eq!(shown(&body.replace('+', " ")), shown(&format!("{credentials}{pieces}")), "{given}");
    }
}

#[test]
fn the_only_list_of_an_answer_is_found() {
    let definition =
        |list: &str| format!(r#""effect":"read","returns":"list:dict","answers":{{"as":"json","list":{list}}}"#);
    for (list, answer, result) in [
        (r#""*""#, r#"{"servers":[{"id":1}],"meta":{"page":[1]},"links":{}}"#, r#"[{"id":1}]"#),
        (r#""*""#, r#"{"a.b":[],"meta":{}}"#, "[]"),
        (r#""*""#, r#"[{"id":1}]"#, r#"[{"id":1}]"#),
        (r#""data.*""#, r#"{"data":{"x":[{"id":1}]},"more":[]}"#, r#"[{"id":1}]"#),
        (r#"["items","*"]"#, r#"{"items":[{"id":1}],"others":[]}"#, r#"[{"id":1}]"#),
        (r#"["items","*"]"#, r#"{"others":[{"id":2}]}"#, r#"[{"id":2}]"#),
        (r#""*""#, r#"{"a":[],"b":[]}"#, "instead of exactly one list"),
        (r#""*""#, r#"{"servers":null}"#, "instead of exactly one list"),
        (r#""data.*""#, r#"{"x":[]}"#, "instead of exactly one list in `data`"),
        (r#""*""#, r#"{"servers":[],"servers":[{"id":1}]}"#, "`servers` twice"),
    ] {
        let head = Head { status: 200, ..Head::default() };
        let method = method(&definition(list));
        let read = with(&provider("null"), |service| {
            decode_value(service, &method, &head, answer.as_bytes(), Limits::default())
        });
        match read {
            Ok(Outcome { reply: Reply::Value(value), .. }) => {
                assert_eq!(serde_json::to_string(&value).unwrap(), result, "{answer}");
            }
            other => {
                let error = other.unwrap_err().to_string();
                assert!(error.contains(result.trim_start_matches("instead of ")), "{answer}: {error}");
            }
        }
    }
}

#[test]
fn cookies_are_sent_in_one_header_and_the_keys_of_a_dictionary_can_be_names() {
    let cookies = r#""route":{"verb":"GET","path":"/x"},"params":[{"name":"sid","place":"cookie"},{"name":"lang","wire":"l","place":"cookie"}]"#;
    let sent = |given: &str| {
        let request = called(cookies, arguments(given))?;
        Ok(request.headers.into_iter().find(|(name, _)| name == "cookie").map(|(_, value)| value))
    };
    let wrong = || Err(EncodeError::Cookie { name: "sid".into() });
    for (given, header) in [
        (r#"{"lang":"de","sid":"a=b/c:%20"}"#, Ok(Some("sid=a=b/c:%20; l=de".to_owned()))),
        (r#"{"sid":5}"#, Ok(Some("sid=5".to_owned()))),
        ("{}", Ok(None)),
        (r#"{"sid":"a b"}"#, wrong()),
        (r#"{"sid":"a;b"}"#, wrong()),
        (r#"{"sid":"a\r\nX: y"}"#, wrong()),
        (r#"{"sid":["a"]}"#, wrong()),
    ] {
        assert_eq!(sent(given), header, "{given}");
    }
    let query = r#""route":{"verb":"GET","path":"/x"},"params":[{"name":"tags","repeat":true}]"#;
    let request = called(query, arguments(r#"{"tags":{"a":"1","b":["x","y"]}}"#)).unwrap();
    assert!(request.url.ends_with("/x?a=1&b=x&b=y"), "{}", request.url);
    let form = r#""route":{"verb":"POST","path":"/x"},"sends":{"as":"form"},"params":[{"name":"l","join":","}]"#;
    let body = called(form, arguments(r#"{"l":["a","b&c"]}"#)).unwrap().body.preview();
    assert!(body.ends_with("&l=a%2Cb%26c"), "{body}");
    assert_eq!(called(form, arguments(r#"{"l":["a,b"]}"#)), Err(EncodeError::Joined { name: "l".into() }));
    let parts = r#""route":{"verb":"POST","path":"/x"},"sends":{"as":"multipart","parts":{"l":"application/json"}},"params":[{"name":"l","repeat":true}]"#;
    let body = called(parts, arguments(r#"{"l":[{"a":1},{"b":[2]}]}"#)).unwrap().body.preview();
    let part = |json: &str| format!("name=\"l\"\r\nContent-Type: application/json\r\n\r\n{json}\r\n");
    assert!(body.contains(&part(r#"{"a":1}"#)) && body.contains(&part(r#"{"b":[2]}"#)), "{body}");
}
