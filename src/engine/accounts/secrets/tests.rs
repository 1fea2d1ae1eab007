use super::*;
use model::Method;
use registry::catalog::Catalog;
use registry::{Source, embedded};

fn registry() -> Registry {
    let source = |id: &str| Source::new(id, Catalog::open(embedded::find(id).unwrap()).unwrap());
    let local = |name: &str| Method { name: name.into(), ..Method::default() };
    let locals = ["help", "?", "let", "set", "search", "watch", "last", "add", "wait", "run", "explain", "save"];
    let locals: Vec<Method> = locals.into_iter().map(local).collect();
    Registry::new(source(embedded::DEFAULT), locals)
}

/// What of a text is a secret, what is not shown in its errors, and what is left out where the text is kept.
fn found(text: &str) -> [Vec<&str>; 3] {
    let mut memory = Memory::default();
    memory.set("pw", "x".into());
    let mut places = places(text, &lang::tokens(text), &registry(), &memory);
    places.sort_by_key(|place| (place.range.start, std::cmp::Reverse(place.range.end)));
    let of = |most: Doubt| {
        let mut texts: Vec<&str> = Vec::new();
        let mut end = 0;
        for place in places.iter().filter(|place| place.doubt <= most) {
            // A place within another one says nothing new.
            if place.range.end > end {
                texts.push(&text[place.range.clone()]);
                end = place.range.end;
            }
        }
        texts
    };
    [of(Doubt::None), of(Doubt::Little), of(Doubt::Great)]
}

#[test]
fn what_follows_the_name_of_a_secret_is_one() {
    for (text, secrets) in [
        ("memshell.disable name a password S", &["S"][..]),
        ("memshell.disable password 'S S' name a", &["'S S'"]),
        ("memshell.disable password (string) S name a", &["S"]),
        ("memshell.disable password (list)S, S name a", &["S,", "S"]),
        ("memshell.disable password -x S", &["S"]),
        ("memshell.disable password=S name a", &["S"]),
        ("memshell.disable password:S name a", &["S"]),
        ("memshell.disable password = S name a", &["S"]),
        ("work:memshell.disable password S", &["S"]),
        ("memshell.disable password[0] S", &["S"]),
        ("memshell.disable 'password' S", &["S"]),
        // Not lines at all.
        ("memshell.disable password S name a |", &["S"]),
        ("memshell.disable password 'S", &["'S"]),
        ("memshell.disable password (itn)S", &["(itn)", "S"]),
        ("memshell.disabel a password S", &["S"]),
        ("apikey.inof id S", &["S"]),
        ("x; memshell.disable password S; y name b", &["S"]),
        ("memshell.set_password new_password S current_password S", &["S", "S"]),
        ("apikey.info id S", &["S"]),
        ("memshell.disable password $unset name a", &["$unset"]),
        ("memshell.disable password '$pw' name a", &["'$pw'"]),
        // A name that sounds like one, or is one mistyped.
        ("no.such secret_word S", &["S"]),
        ("no.such --db-password S", &["S"]),
        ("no.such pw=S", &["S"]),
        ("memshell.disable passwrod S", &["S"]),
        ("memshell.disable name a pasword S", &["S"]),
        ("memshell.disable name a pw S", &["S"]),
        ("memshell.disable --password S name a", &["S"]),
        ("memshell.disable --pasword=S name a", &["S"]),
        ("service.info name a api_token S", &["S"]),
        ("let api_token = S", &["S"]),
        ("let password = (string)S; let a = b", &["S"]),
        ("let password S", &["S"]),
        ("save x 'memshell.disable name a password S'", &[]),
        ("set password S", &["S"]),
        // What a variable is set to that is given for one.
        ("let x = S; memshell.disable name m password $x", &["S"]),
        // A line that is given to help, or behind the options of the program.
        ("help memshell.disable password S", &["S"]),
        ("? memshell.disable name a password S", &["S"]),
        ("explain memshell.disable password S", &["S"]),
        ("-k S service.list", &["S"]),
        ("-kS service.list", &["S"]),
        ("marsh -k S memshell.disable password S", &["S", "S"]),
        ("MARSH_KEY=S service.list", &["S"]),
        ("login --key S", &["S"]),
        ("login own --api-key S", &["S"]),
        ("call memshell.disable password S", &["S"]),
        ("work:call memshell.disable name a pw S", &["S"]),
        ("call new.method password S", &["S"]),
        // Deep in a value.
        (r#"service.info name '{"a":[{"password": "S"}]}'"#, &["S"]),
        ("service.info name https://u:S@h/", &["S"]),
        ("http://u:S@h/", &["S"]),
        // A key alone.
        ("0123456789abcdef0123456789abcdef", &["0123456789abcdef0123456789abcdef"]),
        // The key of the program, where it is not to be.
        ("service.list -k S", &["S"]),
        ("service.list name a -kS", &["S"]),
        ("service.list --api-key S -x", &["S"]),
        ("service.list --api-key=S", &["S"]),
        // Before the line of a member, and after it.
        ("@all memshell.disable name a password S", &["S"]),
        ("service.list | each memshell.disable name {name} password S", &["S"]),
        ("service.list | each -k S memshell.disable name {name}", &["S"]),
        ("service.list | eech memshell.disable name {name} password S", &["S"]),
        ("service.list extra password S", &["S"]),
        // Given to a command.
        ("watch 10s -k S service.list", &["S"]),
        ("watch 10s -kS service.list", &["S"]),
        ("watch 10s service.list -k S", &["S"]),
        ("watch 10s memshell.disable name a password S", &["S"]),
        ("servers password S", &["S"]),
        ("expiring 60d -k S", &["S"]),
        ("view -k S servers", &["S"]),
        ("last -k S", &["S"]),
        ("$_ password S", &["S"]),
        ("wait 5 password S", &["S"]),
        ("add own http://127.0.0.1:9/ --key S", &["S"]),
        ("add own http://127.0.0.1:9/?api_key=S&x=1", &["S"]),
        ("save x last password S", &["S"]),
        ("search -k S", &["S"]),
        // In the body and the query of a raw call.
        ("call POST /x?password=S", &["S"]),
        ("call POST /x @ 'a=b&password=S'", &["S"]),
        ("call POST /x @ '<password>S</password>'", &["S"]),
        ("call POST /x @ '{\"a\":\"<b>\",\"password\":\"S\"}'", &["S"]),
        ("call POST /x password S", &["S"]),
        // A second time in the same line.
        ("memshell.disable name a password hunter22 -q '.x == \"hunter22\"'", &["hunter22", "hunter22"]),
        // Not secrets.
        ("search password reset", &[]),
        ("service.info name 'a>b=c'", &[]),
        ("service.list password", &[]),
        ("memshell.disable password $pw name a", &[]),
        ("memshell.disable password $_.password name a", &[]),
        ("memshell.disable name password", &[]),
        ("let zone = S", &[]),
        ("let zone = S; service.info name $zone", &[]),
        ("let password = $_.password", &[]),
        ("service.info name password", &[]),
        ("service.set_nickname nickname token name a", &[]),
        ("service.info name 'key: value'", &[]),
        ("job.status id a", &[]),
        ("help password x", &[]),
        ("search api key", &[]),
        ("$pw", &[]),
        ("", &[]),
    ] {
        assert_eq!(found(text)[0], secrets, "{text}");
    }
}

#[test]
fn what_is_in_the_wrong_place_may_be_one() {
    for (text, hidden, left_out) in [
        // The value of a name that a method with a secret does not have.
        ("memshell.disable name a bogus S", &["S"][..], &["bogus", "S"][..]),
        ("memshell.disable nam S", &["S"], &["S"]),
        ("memshell.disable name a --bogus S", &["S"], &["S"]),
        ("@all memshell.disable S", &["S"], &["S"]),
        ("service.list | each memshell.disable {name} S", &["S"], &["S"]),
        ("memshell.disable S", &["S"], &["S"]),
        ("memshell.disable name a bogus=S", &["bogus=S"], &["bogus=S"]),
        // Words that belong to no name.
        ("memshell.disable name a S", &["S"], &["S"]),
        ("memshell.disable name a S password", &["S"], &["S"]),
        ("memshell.disable S name a", &["S"], &["S"]),
        ("memshell.disable a S", &["a", "S"], &["a", "S"]),
        ("memshell.disable --positional a S", &["a", "S"], &["a", "S"]),
        ("memshell.disable name a # S", &[], &["# S"]),
        ("memshell.disable name a |! mail -s S", &[], &["mail -s S"]),
        // A variable is given for one, and others are set beside it.
        ("let x = S; memshell.disable name m password $y", &["S", "$y"], &["S", "$y"]),
        ("call memshell.disable name a S", &["S"], &["S"]),
        ("call new.method name a", &[], &[]),
        ("call", &[], &[]),
        ("call system.multicall calls S", &["calls", "S"], &["calls", "S"]),
        // Nothing is known of what is in such a call.
        ("system.multicall calls S", &["calls", "S"], &["calls", "S"]),
        // Nothing that is known is called.
        ("S", &[], &["S"]),
        ("export S", &[], &["export S"]),
        ("a:S", &[], &["a:S"]),
        ("S:service.list", &[], &["S"]),
        ("x service.info name a", &["x"], &["x"]),
        // All is as it should be.
        ("memshell.disable name a", &[], &[]),
        ("service.info bogus a", &[], &[]),
        ("service.inof name a", &[], &[]),
        ("help service.info x", &[], &[]),
        ("quit", &[], &["quit"]),
    ] {
        let [_, errors, kept] = found(text);
        assert_eq!((errors, kept), (hidden.to_vec(), left_out.to_vec()), "{text}");
    }
}
