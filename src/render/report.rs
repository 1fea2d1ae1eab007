//! Errors for people and for programs: one format each for all errors.

use serde::Serialize;

use super::caret::{self, WIDTH};
use super::json;
use super::sanitize::for_terminal;
use super::style::{Role, Style, paint};
use super::text::{abridged, bounded, wrap_after};
use model::{Before, Class, Diagnostic, Sent};

/// The indentation of everything below the headline.
const INDENT: &str = "  ";
/// The indentation of the later lines of a paragraph.
const HANGING: usize = 4;

/// An error for people, every line ended by a line feed: the headline, the typed line with the fault marked, the
/// provider's own words, advice, and what happened to the call. `line` is the text that the error's span refers to.
pub fn report(fault: &dyn Diagnostic, line: Option<&str>, style: Style) -> String {
    let mut out = single("marsh:", fault, line, style);
    for further in fault.more() {
        out.push_str(&single("also:", further, line, style));
    }
    if let Some(words) = fate(fault) {
        out.push_str(&format!("{INDENT}{words}\n"));
    }
    if let Some(row) = fault.journal().filter(|_| is_open(fault.class())) {
        out.push_str(&format!("{INDENT}it is call {row} in the journal\n"));
    }
    out
}

/// One fault, without what happened to the call.
fn single(lead: &str, fault: &dyn Diagnostic, line: Option<&str>, style: Style) -> String {
    let headline = for_terminal(&abridged(&fault.to_string())).into_owned();
    let lead = format!("{} ", paint(Role::Error, lead, style.colour));
    let mut out = match style.terminal {
        true => wrap_after(&lead, &headline, WIDTH, INDENT.len()),
        // Searching a log finds it on one line.
        false => lead + &headline.replace('\n', "\n  "),
    };
    out.push('\n');
    if let (Some(span), Some(line)) = (fault.span(), line) {
        out.push_str(&caret::mark(line, span, style.colour));
    }
    if let Some(words) = provider(fault) {
        out.push_str(&note(Role::Head, "provider:", &words, style));
    }
    if let Some(hint) = fault.hint() {
        out.push_str(&note(Role::Hint, "hint:", &abridged(&hint), style));
    }
    out
}

/// A paragraph after a coloured lead. Its words may be untrusted.
fn note(role: Role, lead: &str, words: &str, style: Style) -> String {
    let lead = format!("{INDENT}{} ", paint(role, lead, style.colour));
    wrap_after(&lead, &for_terminal(words), WIDTH, HANGING) + "\n"
}

/// The provider's own words and code.
fn provider(fault: &dyn Diagnostic) -> Option<String> {
    match (fault.provider_words(), fault.provider_code()) {
        (Some(words), Some(code)) => Some(format!("{} (code {code})", abridged(words))),
        (Some(words), None) => Some(abridged(words).into_owned()),
        (None, Some(code)) => Some(format!("code {code}")),
        (None, None) => None,
    }
}

/// What happened to the call, where the user may be unsure.
fn fate(fault: &dyn Diagnostic) -> Option<&'static str> {
    use Class::{Blocked, Credentials, HungUp, Interrupted, Local, NotReached, Terminated, Unknown, Usage};
    let nothing = match fault.before() {
        Before::Nothing => "nothing was sent",
        Before::Lines => "nothing of this line was sent; lines before it were",
        Before::Reads => "only what had to be read first was sent",
        Before::Own => return None,
    };
    match (fault.sent(), fault.class()) {
        // A read that may have arrived has changed nothing.
        (Sent::Unknown, Unknown) => Some("it may have reached the provider"),
        (Sent::No, Local | Usage | Blocked | NotReached | Credentials) => Some(nothing),
        (Sent::No, Interrupted | Terminated | HungUp) => Some(nothing),
        _ => None,
    }
}

/// Whether the user still has to find out what became of the change.
fn is_open(class: Class) -> bool {
    matches!(class, Class::Unknown | Class::Failed | Class::StillRunning)
}

/// An error for programs: one line of JSON, without a line feed. `exit_code` is the process's exit code.
pub fn report_json(fault: &dyn Diagnostic, profile: Option<&str>, method: Option<&str>, exit_code: u8) -> String {
    let error = Record {
        kind: fault.class().name(),
        code: exit_code,
        provider_code: fault.provider_code(),
        message: message(fault),
        profile,
        method,
        sent: fault.sent().name(),
        retryable: fault.retryable(),
        journal: fault.journal(),
        hint: fault.hint().map(bounded),
    };
    // Texts, numbers and booleans can always be serialized; even if they could not, programs would still find this key.
    json::line(&Envelope { error }, Style { colour: false, terminal: true })
        .unwrap_or_else(|_| r#"{"error":{}}"#.to_owned())
}

/// The error message for a program: its own words and the provider's.
pub fn message(fault: &dyn Diagnostic) -> String {
    let words = fault.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
    bounded(format!("{fault}{words}"))
}

#[derive(Serialize)]
struct Envelope<'e> {
    error: Record<'e>,
}

#[derive(Serialize)]
struct Record<'e> {
    kind: &'static str,
    code: u8,
    provider_code: Option<String>,
    message: String,
    profile: Option<&'e str>,
    method: Option<&'e str>,
    sent: &'static str,
    retryable: bool,
    /// The row in the journal of the change that it is about; a read has none.
    journal: Option<i64>,
    hint: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;

    #[derive(Debug, thiserror::Error)]
    #[error("{headline}")]
    struct Fault {
        headline: &'static str,
        class: Class,
        sent: Sent,
        span: Option<Span>,
        hint: Option<&'static str>,
        code: Option<&'static str>,
        words: Option<&'static str>,
        before: Before,
    }

    const BARE: Fault = Fault {
        headline: "it broke",
        class: Class::Local,
        sent: Sent::No,
        span: None,
        hint: None,
        code: None,
        words: None,
        before: Before::Nothing,
    };

    impl Diagnostic for Fault {
        fn class(&self) -> Class {
            self.class
        }
        fn span(&self) -> Option<Span> {
            self.span
        }
        fn hint(&self) -> Option<String> {
            self.hint.map(str::to_owned)
        }
        fn sent(&self) -> Sent {
            self.sent
        }
        fn before(&self) -> Before {
            self.before
        }
        fn provider_code(&self) -> Option<String> {
            self.code.map(str::to_owned)
        }
        fn provider_words(&self) -> Option<&str> {
            self.words
        }
    }

    fn plain(fault: &Fault, line: Option<&str>) -> String {
        report(fault, line, Style::default())
    }

    #[test]
    fn a_fault_in_the_line_is_shown_in_place() {
        let fault = Fault {
            headline: "unknown parameter `nam`",
            class: Class::Usage,
            span: Some(Span::new(13, 16)),
            hint: Some("did you mean name?"),
            ..BARE
        };
        let shown = "\
marsh: unknown parameter `nam`
  service.info nam myserver1
               ^^^
  hint: did you mean name?
  nothing was sent
";
        assert_eq!(plain(&fault, Some("service.info nam myserver1")), shown);
        let without_line: String = shown.lines().filter(|l| !l.contains("myserver1") && !l.contains('^')).collect();
        assert_eq!(plain(&fault, None).replace('\n', ""), without_line);
        let coloured = report(&fault, Some("service.info nam myserver1"), Style { colour: true, terminal: true });
        assert!(coloured.starts_with("\x1b[1;31mmarsh:\x1b[0m unknown"), "{coloured}");
        assert!(coloured.contains("  \x1b[1;36mhint:\x1b[0m did you"), "{coloured}");
    }

    #[test]
    fn the_provider_is_quoted_and_disarmed() {
        for (words, code, shown) in [
            (Some("No such service"), Some("4"), "  provider: No such service (code 4)\n"),
            (Some("No such service"), None, "  provider: No such service\n"),
            (None, Some("E_NONE"), "  provider: code E_NONE\n"),
            (Some("\x1b]0;x\x07 line\nnext"), None, "  provider: \\u{1b}]0;x\\u{7} line\n    next\n"),
            (
                Some("the zone cannot be removed because three domains still point to it and are in use"),
                None,
                "  provider: the zone cannot be removed because three domains still point to\n    it and are in use\n",
            ),
        ] {
            let fault = Fault { class: Class::Refused, sent: Sent::Yes, words, code, ..BARE };
            assert_eq!(plain(&fault, None), format!("marsh: it broke\n{shown}"));
        }
    }

    #[test]
    fn a_headline_cannot_control_the_terminal() {
        let fault = Fault { headline: "no file \x1b[2J\nmarsh: all is well", ..BARE };
        assert_eq!(plain(&fault, None), "marsh: no file \\u{1b}[2J\n  marsh: all is well\n  nothing was sent\n");
    }

    #[test]
    fn a_long_headline_is_wrapped_for_people_alone() {
        let headline = "no longer waiting for server.deploy b661857b-a035-946a-939b-f29bf978785f: PENDING_ADD\nso far";
        let fault = Fault { headline, class: Class::Refused, ..BARE };
        assert_eq!(plain(&fault, None), format!("marsh: {}\n", headline.replace('\n', "\n  ")));
        let shown = report(&fault, None, Style { colour: false, terminal: true });
        let wrapped = "marsh: no longer waiting for server.deploy\n  \
                       b661857b-a035-946a-939b-f29bf978785f: PENDING_ADD\n  so far\n";
        assert_eq!(shown, wrapped);
    }

    #[test]
    fn the_fate_of_the_call_is_given_where_it_is_uncertain() {
        let (nothing, perhaps) = ("  nothing was sent\n", "  it may have reached the provider\n");
        for (class, sent, told) in [
            (Class::Usage, Sent::No, nothing),
            (Class::Blocked, Sent::No, nothing),
            (Class::NotReached, Sent::No, nothing),
            (Class::Credentials, Sent::No, nothing),
            (Class::Credentials, Sent::Yes, ""),
            (Class::Interrupted, Sent::No, nothing),
            (Class::Interrupted, Sent::Unknown, ""),
            (Class::Unknown, Sent::Unknown, perhaps),
            (Class::Refused, Sent::Yes, ""),
            (Class::Local, Sent::No, nothing),
            (Class::Local, Sent::Yes, ""),
        ] {
            let fault = Fault { class, sent, ..BARE };
            assert_eq!(plain(&fault, None), format!("marsh: it broke\n{told}"), "{class:?} {sent:?}");
        }
        // "Nothing was sent" is only said if it is true of everything that was typed, and if anything could be.
        for (before, told) in [
            (Before::Own, ""),
            (Before::Lines, "  nothing of this line was sent; lines before it were\n"),
            (Before::Reads, "  only what had to be read first was sent\n"),
        ] {
            let fault = Fault { class: Class::Usage, before, ..BARE };
            assert_eq!(plain(&fault, None), format!("marsh: it broke\n{told}"), "{before:?}");
            let fault = Fault { class: Class::Refused, sent: Sent::Yes, before, ..BARE };
            assert_eq!(plain(&fault, None), "marsh: it broke\n", "{before:?}");
        }
    }

    #[test]
    fn long_words_are_cut_for_people_alone() {
        let long: &'static str = Box::leak("é\u{1b}".repeat(5_000).into_boxed_str());
        let fault = Fault { headline: long, words: Some(long), hint: Some(long), code: Some("3"), ..BARE };
        for style in [Style::default(), Style { colour: false, terminal: true }] {
            let shown = report(&fault, None, style);
            assert!(shown.contains("(code 3)"), "{style:?}");
            assert_eq!((shown.matches('é').count(), shown.matches('…').count()), (1500, 3), "{style:?}");
        }
        assert_eq!(report_json(&fault, None, None, 4).matches('é').count(), 15_000);
    }

    #[test]
    fn programs_get_one_object_on_one_line() {
        let fault = Fault {
            class: Class::NotReached,
            hint: Some("try later"),
            code: Some("-32601"),
            words: Some("no\u{9b}\nsuch \"method\""),
            ..BARE
        };
        assert_eq!(
            report_json(&fault, Some("shop:live"), Some("service.list"), 6),
            concat!(
                r#"{"error":{"kind":"not_reached","code":6,"provider_code":"-32601","#,
                r#""message":"it broke: no\u009b\nsuch \"method\"","profile":"shop:live","method":"service.list","#,
                r#""sent":"no","retryable":false,"journal":null,"hint":"try later"}}"#
            )
        );
        let bare = report_json(&BARE, None, None, 1);
        assert!(bare.contains(r#""profile":null,"method":null"#) && bare.contains(r#""hint":null"#), "{bare}");
    }
}
