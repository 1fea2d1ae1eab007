use super::check;

const OWN: &str = r#"
id = "own"
host = "https://api.example.com"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/rpc"
[[method]]
name = "thing.list"
returns = "list:@thing"
[[method]]
name = "thing.delete"
summary = "Delete a thing. It is gone then."
effect = "destroy"
params = [{ name = "id", type = "int", required = true }]
[[shape]]
name = "thing"
fields = [{ name = "id", type = "int" }]
"#;

/// The places and faults of a text, one a line.
fn found(text: &str) -> String {
    check(text).0.iter().map(|finding| format!("{finding} ({})\n", finding.hint)).collect()
}

#[test]
fn a_user_needs_nothing_that_only_the_authors_need() {
    assert_eq!(found(OWN), "");
}

#[test]
fn all_faults_are_found_at_once_with_their_places() {
    let text = OWN
        .replace("returns = \"list:@thing\"", "return = \"list:@thing\"")
        .replace("\"destroy\"", "\"destroys\"")
        .replace("protocol = \"xmlrpc\"", "protocol = \"soap\"")
        .replace("{ name = \"id\", type = \"int\" }", "{ name = \"id\", kinds = \"int\" }");
    let found = found(&text);
    let lines: Vec<&str> = found.lines().collect();
    for (line, begin) in lines.iter().zip([
        "line 6, column 12: provider: `soap` is not allowed here (one of xmlrpc, jsonrpc, json, rest",
        "line 10, column 1: thing.list: there is no key `return` (did you mean returns",
        "line 14, column 10: thing.delete: `destroys` is not allowed here (did you mean destroy",
        "line 18, column 26: @thing: there is no key `kinds`",
    ]) {
        assert!(line.starts_with(begin), "{found}");
    }
    assert_eq!(lines.len(), 4, "{found}");
}

#[test]
fn what_can_be_read_is_checked_beside_what_cannot() {
    // The shape and one method have a key that is none; another method means what cannot be.
    let text = OWN
        .replace("returns = \"list:@thing\"", "returns = \"list:@thing\"\nefect = \"read\"\ncolumns = [\"gone\"]")
        .replace("{ name = \"id\", type = \"int\" }", "{ name = \"id\", kinds = \"int\" }")
        .replace("required = true", "required = true, min = 3, max = 1");
    let lines = found(&text);
    assert!(lines.contains("there is no key `efect`") && lines.contains("@thing: there is no key `kinds`"), "{lines}");
    assert!(lines.contains("line 17, column 20: thing.delete: id: min is above max"), "{lines}");
    // What is wrong with a part that cannot be read in whole is told when it can be.
    assert!(!lines.contains("gone") && lines.lines().count() == 3, "{lines}");
    // Where a field, a name or a rule of the provider cannot be read, others may only seem to be wrong.
    for (from, to) in [
        ("{ name = \"id\", type = \"int\" }", "{ nam = \"id\" }, 5"),
        ("name = \"thing.list\"", "nam = \"thing.list\""),
        ("host = ", "hosts = "),
        ("protocol = \"xmlrpc\"", "protocol = \"soap\""),
    ] {
        let text = OWN.replacen(from, to, 1).replace("required = true", "required = true, min = 3, max = 1");
        let lines = found(&text);
        assert!(!lines.contains("min is above max") && !lines.is_empty(), "{from}: {lines}");
    }
}

#[test]
fn what_the_parts_mean_is_checked_where_they_are() {
    let text = OWN
        .replace("list:@thing", "list:@things")
        .replace("type = \"int\", required = true", "type = \"int\", min = 3, max = 1")
        .replace("path = \"/rpc\"", "path = \"rpc\"");
    let found = found(&text);
    for begin in [
        "line 4, column 3: provider: transport xmlrpc's path does not begin with / (begin it with /)",
        "line 9, column 8: thing.list: @things is not defined (describe it",
        "line 15, column 20: thing.delete: id: min is above max",
    ] {
        assert!(found.contains(begin), "{begin}\n{found}");
    }
}

#[test]
fn every_fault_of_the_notation_is_found() {
    let found = found("id = \ntitle = \"T\"\nhost = 'a\n");
    assert!(found.contains("line 1, column") && found.contains("line 3, column"), "{found}");
    for document in ["openapi: 3.0.0\ninfo: {}\n", "{\n  \"swagger\": \"2.0\"\n}", "# made\n---\n'openapi': '3.1.0'\n"]
    {
        assert!(self::found(document).starts_with("line 1, column 1: TOML: this is an OpenAPI document"), "{document}");
    }
    assert!(super::check("method = 5").0.iter().any(|finding| finding.fault.contains("[[method]]")));
}
