//! Every answer that is not what its method promises is an error, for every method and over every transport: a script
//! that asks what there is must not be told "nothing" by a service that is down.

use marsh::codec::{self, Limits, Outcome, Reply};
use marsh::engine::target::{Place, Target};
use marsh::model::http::Head;
use marsh::model::provider::Protocol;
use marsh::model::route::{AnswerForm, Answers};
use marsh::model::{Diagnostic, Method, Type, Value};

use crate::support::calls::Spoken;

/// What stands in place of every answer sooner or later.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Down for maintenance</title></head></html>";

/// The providers, with the ways to speak to each.
const WAYS: [(&str, &[&str]); 4] =
    [("memset", &["xmlrpc", "jsonrpc", "json"]), ("caas", &["rest"]), ("artnet", &["rest"]), ("vpsnet", &["rest"])];

fn spoken(provider: &str, transport: &str) -> Spoken {
    let mut spoken = Spoken::to(provider);
    let place = Place { user: Some("me".into()), transport: Some(transport.into()), ..Place::default() };
    spoken.target = Target::new(provider, spoken.catalog.provider(), place).unwrap();
    spoken
}

fn methods(spoken: &Spoken) -> Vec<Method> {
    let catalog = &spoken.catalog;
    catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap()).collect()
}

/// An answer as a protocol carries it, its value written as JSON.
fn enveloped(protocol: Protocol, value: &str) -> String {
    let xml = match value {
        "null" => "<nil/>".to_owned(),
        text if text.starts_with('"') => format!("<string>{}</string>", text.trim_matches('"')),
        "{}" => "<struct></struct>".to_owned(),
        "[]" => "<array><data></data></array>".to_owned(),
        _ => "<struct><member><name>error</name><value>database down</value></member></struct>".to_owned(),
    };
    match protocol {
        Protocol::XmlRpc => {
            format!("<methodResponse><params><param><value>{xml}</value></param></params></methodResponse>")
        }
        Protocol::JsonRpc => format!(r#"{{"jsonrpc":"2.0","id":1,"result":{value}}}"#),
        Protocol::Json | Protocol::Rest => value.to_owned(),
    }
}

/// A list of one member at a path, a step around it each.
fn at(path: &str, value: &str) -> String {
    path.rsplit('.').fold(value.to_owned(), |value, step| format!(r#"{{"{step}":{value}}}"#))
}

/// Five answers, and more, that are no list: another type or root, no member, nothing, a page, and an error in place of it.
fn no_lists(spoken: &Spoken, method: &Method) -> Vec<String> {
    let protocol = spoken.target.transport.protocol;
    let common = [String::new(), "\n".to_owned(), PAGE.to_owned()];
    let own = match (&method.answers, protocol) {
        (Some(answers), Protocol::Rest) => match answers.form {
            AnswerForm::Xml => foreign_documents(answers),
            AnswerForm::Csv => {
                ["Service unavailable", "<error>down</error>", "{\"error\":\"down\"}", "A,B\n1,2\n3,\"x"]
                    .map(str::to_owned)
                    .to_vec()
            }
            _ => foreign_objects(spoken, method, answers),
        },
        _ => {
            ["{}", "\"down\"", "null", r#"{"error":"database down"}"#].map(|value| enveloped(protocol, value)).to_vec()
        }
    };
    own.into_iter().chain(common).collect()
}

fn foreign_documents(answers: &Answers) -> Vec<String> {
    let (root, member) = (&answers.root[0], &answers.list[0]);
    let success = "<Status><operation>List</operation><result>SUCCESS</result><resultDetail>Done</resultDetail>\
                   <resultCode>REASON_0</resultCode></Status>";
    vec![
        format!("<Foo><{member}/></Foo>"),
        format!("<{root}><datascenter/></{root}>"),
        format!("<{root}>down</{root}>"),
        "<error>database down</error>".to_owned(),
        "<Envelope><Body><Fault>down</Fault></Body></Envelope>".to_owned(),
        format!("<ns6:Status xmlns:ns6=\"u\">{success}</ns6:Status>"),
        success.to_owned(),
        format!("<{root}/>garbage"),
        "{\"error\":\"down\"}".to_owned(),
    ]
}

fn foreign_objects(spoken: &Spoken, method: &Method, answers: &Answers) -> Vec<String> {
    let success = spoken.catalog.provider().fault.as_ref().and_then(|rule| rule.success.clone());
    // Of some lists it is not known what they are of.
    let of_records = method.result_fields(spoken.catalog.shapes()).len() > 1;
    let wrong = ["\"down\"", "{}", "null", "5", "{\"id\":1}"].into_iter().chain(of_records.then_some("[\"down\"]"));
    let wrong = wrong.map(|value| match answers.list.first() {
        Some(path) => at(path, value),
        None => value.to_owned(),
    });
    let bare = ["{}", r#"{"message":"maintenance"}"#].map(str::to_owned);
    let all = wrong.chain(bare);
    match success {
        // What is said of success is said, so that only the list is missing.
        Some(field) => all
            .map(|object| {
                let rest = object.trim_start_matches('{');
                let between = if rest == "}" { "" } else { "," };
                format!(r#"{{"{field}":true{between}{rest}"#)
            })
            .collect(),
        None => all.collect(),
    }
}

/// Makes sure that an answer to a method cannot be read; gives what is said.
#[track_caller]
fn unreadable(spoken: &Spoken, method: &Method, body: &str) -> String {
    let head = Head { status: 200, ..Head::default() };
    let service = spoken.target.service(spoken.catalog.provider(), spoken.catalog.shapes(), method);
    let decoded = codec::decode_value(&service, method, &head, body.as_bytes(), Limits::default());
    let error = match decoded {
        Err(error) => error,
        Ok(outcome) => panic!("{} {body:?}: {outcome:?}", method.name),
    };
    let said = error.to_string();
    assert_eq!(error.class().exit_code(), 5, "{} {body:?}: {said}", method.name);
    assert!(said.starts_with("the answer cannot be read: "), "{} {body:?}: {said}", method.name);
    // The same while it goes into a file.
    let streamed = codec::decode(&service, method, &head, body.as_bytes(), Limits::streaming(), codec::Skip);
    let streamed = streamed.unwrap_err().to_string();
    // What is wrong at the beginning of a report is said before its end has come.
    let early = method.returns_report() && streamed.starts_with("the answer cannot be read: a report with");
    assert!(streamed == said || early, "{} {body:?}: {streamed}, and {said}", method.name);
    said
}

/// Whether what came is a list of nothing.
fn is_empty_list(spoken: &Spoken, method: &Method, body: &str) -> bool {
    let outcome = spoken.answered(&method.name, 200, body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"));
    matches!(outcome, Outcome { reply: Reply::Value(Value::List(list)), .. } if list.is_empty())
}

/// The answer of a service that has nothing to list.
fn nothing_to_list(spoken: &Spoken, method: &Method) -> String {
    match (&method.answers, spoken.target.transport.protocol) {
        (Some(answers), Protocol::Rest) => match answers.form {
            AnswerForm::Xml => format!("<x:{0} xmlns:x=\"u\" totalCount=\"0\"/>", answers.root[0]),
            AnswerForm::Csv => {
                method.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(",") + "\n"
            }
            _ => {
                let list = answers.list.first().map_or("[]".to_owned(), |path| at(path, "[]"));
                let success = spoken.catalog.provider().fault.as_ref().and_then(|rule| rule.success.as_ref());
                success.map_or(list.clone(), |field| format!(r#"{{"{field}":true,{}"#, &list[1..]))
            }
        },
        (_, protocol) => enveloped(protocol, "[]"),
    }
}

#[test]
fn a_wrong_answer_never_becomes_a_list() {
    let mut counts = Vec::new();
    let mut answers = 0;
    for (provider, transports) in WAYS {
        for transport in transports {
            let spoken = spoken(provider, transport);
            let lists: Vec<Method> =
                methods(&spoken).into_iter().filter(|method| matches!(method.returns, Type::List(_))).collect();
            for method in &lists {
                assert!(is_empty_list(&spoken, method, &nothing_to_list(&spoken, method)), "{}", method.name);
                let wrong = no_lists(&spoken, method);
                assert!(wrong.len() >= 5, "{}", method.name);
                answers += wrong.len();
                for body in wrong {
                    unreadable(&spoken, method, &body);
                }
            }
            counts.push((provider, *transport, lists.len()));
        }
    }
    assert_eq!(
        counts,
        [
            ("memset", "xmlrpc", 30),
            ("memset", "jsonrpc", 30),
            ("memset", "json", 30),
            ("caas", "rest", 60),
            ("artnet", "rest", 24),
            ("vpsnet", "rest", 28),
        ]
    );
    assert_eq!(answers, 1_893);
}

#[test]
fn a_wrong_answer_never_becomes_a_record() {
    let mut counts = Vec::new();
    for (provider, transports) in WAYS {
        for transport in transports {
            let spoken = spoken(provider, transport);
            let known = |method: &Method| method.result_fields(spoken.catalog.shapes()).len() > 1;
            let records = methods(&spoken).into_iter().filter(|method| matches!(method.returns, Type::Shape(_)));
            let records: Vec<Method> = records.filter(known).collect();
            for method in &records {
                let protocol = spoken.target.transport.protocol;
                let success = spoken.catalog.provider().fault.as_ref().and_then(|rule| rule.success.as_ref());
                let mut wrong = vec![String::new(), PAGE.to_owned()];
                match (&method.answers, protocol) {
                    (Some(Answers { form: AnswerForm::Xml | AnswerForm::Status, .. }), Protocol::Rest) => {
                        wrong.extend(
                            ["<error>database down</error>", "<Foo/>", "<Envelope><Fault/></Envelope>"]
                                .map(str::to_owned),
                        );
                    }
                    (Some(answers), Protocol::Rest) => {
                        let path = answers.at.as_deref();
                        wrong.extend(["\"down\"", "[]", "[1,2]", "null", "7"].map(|value| match (path, success) {
                            (Some(path), Some(field)) => format!(r#"{{"{field}":true,{}"#, &at(path, value)[1..]),
                            (Some(path), None) => at(path, value),
                            (None, _) => value.to_owned(),
                        }));
                    }
                    (_, protocol) => wrong.extend(["\"down\"", "[]"].map(|value| enveloped(protocol, value))),
                }
                for body in wrong {
                    unreadable(&spoken, method, &body);
                }
            }
            counts.push((provider, *transport, records.len()));
        }
    }
    assert_eq!(
        counts,
        [
            ("memset", "xmlrpc", 76),
            ("memset", "jsonrpc", 76),
            ("memset", "json", 76),
            ("caas", "rest", 77),
            ("artnet", "rest", 21),
            ("vpsnet", "rest", 15),
        ]
    );
}

#[test]
fn every_document_in_xml_has_a_root_that_is_known() {
    let caas = Spoken::to("caas");
    let xml: Vec<Method> = methods(&caas)
        .into_iter()
        .filter(|method| method.answers.as_ref().is_some_and(|answers| answers.form == AnswerForm::Xml))
        .collect();
    for method in &xml {
        assert!(!method.answers.as_ref().unwrap().root.is_empty(), "{}", method.name);
    }
    assert_eq!(xml.len(), 69);
}

#[test]
fn an_error_says_what_came_and_what_was_expected() {
    let (caas, vpsnet, artnet, memset) =
        (Spoken::to("caas"), Spoken::to("vpsnet"), Spoken::to("artnet"), Spoken::to("memset"));
    for (spoken, method, body, said) in [
        (
            &caas,
            "server.list",
            "<error>database down</error>",
            "<ServersWithBackup> or <Servers> was expected, and <error> came",
        ),
        (
            &caas,
            "datacenter.list_simple",
            "<Datacenters><datascenter/></Datacenters>",
            "<datacenter> in <Datacenters> was expected, and <datascenter> came",
        ),
        (&caas, "server.get", "<error>down</error>", "<Server> was expected, and <error> came"),
        (&caas, "server.delete", "<error>down</error>", "<Status> was expected, and <error> came"),
        (
            &caas,
            "report.usage",
            "Service unavailable\n",
            "a report with the columns DAY, Location, CPU Hours, … was expected, and `Service unavailable` came",
        ),
        (&caas, "report.usage", "DAY,Location\n1,\"x", "the quote that is opened in line 2 is never closed"),
        (&vpsnet, "virtual_machine.list", "\"down\"", "a list of dictionaries was expected, and `down` came"),
        (&vpsnet, "virtual_machine.list", "", "the message is not JSON but empty"),
        (&vpsnet, "virtual_machine.power_off", "", "the message is not JSON but empty"),
        (
            &vpsnet,
            "virtual_machine.get",
            "{\"message\":\"maintenance\"}",
            "a dictionary with `running` and the like was expected, and `message` came",
        ),
        (&artnet, "services.list", "{\"success\":true}", "`services_list` was expected, and nothing came"),
        (
            &artnet,
            "vps.list",
            "{\"success\":true,\"services_list\":\"down\"}",
            "a list of dictionaries was expected, and `down` came",
        ),
        (
            &artnet,
            "vps.list",
            "{\"success\":false,\"success\":true,\"services_list\":[]}",
            "it has `success` twice, and nobody knows which is meant",
        ),
        (
            &memset,
            "service.list",
            "<methodResponse><params><param><value>down</value></param></params></methodResponse>",
            "a list was expected, and `down` came",
        ),
    ] {
        let definition = spoken.catalog.method(method).unwrap().unwrap();
        let found = unreadable(spoken, &definition, body);
        assert!(found.ends_with(said), "{method} {body}: {found}");
    }
}
