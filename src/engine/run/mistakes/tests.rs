use super::heads::{commands, formatted, group, is_topic, lines, owner, reordered, same_end, sign};
use super::*;
use registry::catalog::Catalog;
use registry::embedded;

/// An account at each built-in provider.
fn registry() -> Registry {
    let mut sources = embedded::all().iter().map(|it| Source::new(it.id, Catalog::open(it).unwrap()));
    let here = sources.find(|source| source.profile() == embedded::DEFAULT).unwrap();
    let mut registry = Registry::new(here, crate::engine::commands::methods());
    embedded::all().iter().filter(|it| it.id != embedded::DEFAULT).for_each(|it| {
        registry.add(Source::new(it.id, Catalog::open(it).unwrap()));
    });
    registry
}

#[test]
fn a_line_is_suggested_only_if_it_can_be_planned() {
    let registry = registry();
    for (line, wanted) in [
        ("server.reboot name myserver1", Some(Fit::Whole)),
        ("server.reboot", Some(Fit::Open)),
        ("server.reboot nmae x", None),
        ("no.such", None),
        ("quit", Some(Fit::Whole)),
        ("help dns", Some(Fit::Whole)),
        ("help frobnication", None),
        ("use nowhere", None),
        ("profiles x", None),
        ("a; b", None),
        ("server.list --failed", None),
    ] {
        assert_eq!(fit(&registry, line), wanted, "{line}");
    }
}

#[test]
fn names_are_found_however_they_are_written() {
    let registry = registry();
    // The account of another provider, which has a method of the same name.
    let other = registry.others().find(|source| source.has("image.list")).unwrap().profile().to_owned();
    for words in ["{} server list", "{}.server.list", "{}: server.list"] {
        let words = words.replace("{}", &other);
        let words: Vec<&str> = words.split(' ').collect();
        let line = format!("{other}:server.list");
        assert!(lines(&registry, &words).any(|found| found == line), "{words:?}");
    }
    for (words, line) in [
        ("reboot myserver1", "server.reboot name myserver1"),
        ("service list", "service.list"),
        ("list services", "service.list"),
        ("Service.List()", "service.list"),
        ("marsh -p work service.list", "service.list"),
        ("zone create", "dns.zone_create"),
        ("create zone", "dns.zone_create"),
        ("x = 5", "let x = 5"),
        ("show servers", "servers"),
        ("list invoice 90d", "invoices 90d"),
        ("server", "servers"),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let found: Vec<String> = lines(&registry, &words).collect();
        assert!(found.iter().any(|found| found == line), "{words:?}: {found:?}");
    }
    assert_eq!(same_end(&registry, "reboot").first().map(String::as_str), Some("server.reboot"));
    assert!(same_end(&registry, "create").is_empty());
    assert_eq!(group(&registry, "DNS").as_deref(), Some("dns"));
    assert_eq!(owner(&registry, "image.list").map(Source::profile), Some(other.as_str()));
    assert!(is_topic("exit") && !is_topic("dns"));
}

#[test]
fn nothing_is_suggested_that_was_typed() {
    let registry = registry();
    let commands: Vec<String> = registry.locals().map(|command| command.name.to_owned()).collect();
    for command in commands.iter().map(String::as_str).chain(["service.list", "server.reboot"]) {
        for rest in ["values", "all", "x", "dns", "name x", "json", "= 5"] {
            let text = format!("{command} {rest}");
            let Ok(lines) = lang::parse(&text) else { continue };
            let error = CallError::usage("it is wrong", lines.first().map(|line| line.head.span));
            let found = advice(&registry, &error, (&text, &[]), (lines.first(), false));
            let hint = found.map(|advice| advice.hint).unwrap_or_default();
            assert!(!hint.contains(&format!("`{text}`")), "{text}: {hint}");
        }
    }
}

#[test]
fn words_after_a_method_may_name_a_format_and_commands_have_habits() {
    let written = |words: Option<Vec<String>>| words.map(|words| words.join(" "));
    assert_eq!(written(formatted("x", &["as", "table"])).as_deref(), Some("x -o table"));
    assert_eq!(written(formatted("x", &["limit", "5"])).as_deref(), Some("x -q '.[:5]'"));
    assert_eq!(formatted("x", &["y"]), None);
    for (words, line) in [
        ("$x = 5", "let x = 5"),
        ("x=5", "let x = 5"),
        ("let x 5", "let x = 5"),
        ("set output=table", "set output table"),
        ("output table", "set output table"),
        ("exit 3", "quit"),
        ("use prod:", "use prod"),
        ("refresh values", "refresh --values"),
        ("refresh lab values", "refresh lab --values"),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        assert_eq!(commands(&words).next().as_deref(), Some(line), "{words:?}");
    }
    let row = Row::of("(int)5 service.list").unwrap();
    assert_eq!(reordered(&row).next().as_deref(), Some("service.list (int)5"));
    assert!(sign(&registry(), "@all", (&["sver.list"], "sver.list")).unwrap().contains("`search sver.list`"));
    assert!(sign(&registry(), "@no", (&["server.list"], "server.list")).unwrap().contains(":server.list`"));
    assert!(sign(&registry(), "!!", (&[], "")).unwrap().contains("Up"));
}
