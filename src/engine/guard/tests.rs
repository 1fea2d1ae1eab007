//! Rules and questions with an account and a person of our own, and no network.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use super::repeat::of as earlier;
use super::*;
use crate::bind::{self, Nowhere};
use crate::engine::accounts::rules::Confirm;
use crate::engine::call::entry;
use crate::engine::fixture;
use crate::engine::run::session::{Parts, Session};
use crate::engine::state::console::Person;
use crate::engine::{AccountParts, Console, Records, Rules, Stream};
use lang::{self, Line, OptionId};
use model::{Call, Class, Diagnostic, Effect, Secret};

const CATALOG: &str = r#"
id = "own"
title = "Our Own"
document = "wiki"
host = "https://api.example.com"
auth = { scheme = "basic", user = "{key}" }
transport = [{ name = "xmlrpc", protocol = "xmlrpc", path = "/rpc" }]
[[method]]
name = "thing.list"
doc = 1
summary = "List things"
effect = "read"
example = "thing.list"
[[method]]
name = "thing.rename"
doc = 1
summary = "Rename a thing"
effect = "change"
example = "thing.rename id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
[[method]]
name = "thing.delete"
doc = 1
summary = "Delete a thing"
effect = "destroy"
example = "thing.delete id 1"
params = [
  { name = "id", type = "int", required = true, summary = "Number" },
  { name = "password", type = "string", secret = true, summary = "Password" },
]
[[method]]
name = "thing.order"
doc = 1
summary = "Order a thing"
effect = "billable"
example = "thing.order size 1"
effect_when = [{ with = { dry_run = [true] }, effect = "read" }]
params = [{ name = "size", type = "int", required = true, summary = "Size" }, { name = "dry_run", type = "boolean", summary = "Whether" }]
[[method]]
name = "thing.swap"
doc = 1
summary = "Swap a thing"
effect = "destroy"
also = ["billable"]
effect_when = [{ without = ["paid"], effect = "destroy" }]
loses = "the old thing"
charge = "the new one is paid for"
example = "thing.swap id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }, { name = "paid", type = "boolean", summary = "Whether" }]
[[method]]
name = "thing.move"
doc = 1
summary = "Move a thing"
effect = "change"
caution = "Things break easily."
example = "thing.move id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
"#;

/// Collects what is written.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Gives one answer, and writes down what was asked.
struct Answering(Option<&'static str>, Paper);

impl Person for Answering {
    fn line(&mut self, question: &str) -> io::Result<Option<String>> {
        writeln!(self.1, "{question}")?;
        Ok(self.0.map(str::to_owned))
    }

    fn secret(&mut self, _: &str) -> io::Result<Option<Secret>> {
        Ok(None)
    }
}

/// Who sits at the terminal: nobody, somebody who takes every question back, or somebody who answers so.
#[derive(Clone, Copy, Debug)]
enum Seat {
    Empty,
    Leaving,
    Saying(&'static str),
}

fn session(rules: Rules, yes: bool, seat: Seat) -> (Session, Paper) {
    recording(rules, yes, seat, Records::Off)
}

fn recording(rules: Rules, yes: bool, seat: Seat, records: Records) -> (Session, Paper) {
    let paper = Paper::default();
    let answer = match seat {
        Seat::Empty => None,
        Seat::Leaving => Some(None),
        Seat::Saying(words) => Some(Some(words)),
    };
    let person = answer.map(|answer| Box::new(Answering(answer, paper.clone())) as Box<dyn Person>);
    let account = AccountParts { rules, ..fixture::account("prod", CATALOG, "0123456789") };
    let console = Console {
        out: Stream::plain(Box::new(io::sink())),
        err: Stream::plain(Box::new(paper.clone())),
        person,
        width: 80,
        height: 24,
        window: Default::default(),
        ability: Default::default(),
    };
    let mut parts = Parts { records, ..fixture::parts(account, console) };
    parts.settings.yes = yes;
    (Session::new(parts).unwrap(), paper)
}

/// What becomes of lines that leave together, and what was written meanwhile.
fn put(session: &mut Session, text: &str) -> Result<(), CallError> {
    let lines = lang::parse(text).unwrap();
    let calls: Vec<Call> = lines
        .iter()
        .map(|line| {
            let method = session.accounts.registry.here().method(&line.head.text()).unwrap().unwrap();
            bind::bind(&method, line, bind::Rules::default(), &mut Nowhere).unwrap()
        })
        .collect();
    let agreed = |line: &Line| session.settings.yes || line.has(OptionId::Yes);
    let pending = |(call, line): (_, &Line)| {
        let (agreed, again) = (agreed(line), line.has(OptionId::Again));
        Pending { profile: "prod", call, agreed, again, head: line.head.span }
    };
    let pending: Vec<_> = calls.iter().zip(&lines).map(pending).collect();
    for pending in &pending {
        admit(&session.accounts, pending)?;
    }
    confirm(&mut session.gate(), &pending)
}

fn written(paper: &Paper) -> String {
    String::from_utf8(paper.0.borrow().clone()).unwrap()
}

#[test]
fn rules_and_answers_decide_what_leaves() {
    let rules = |confirm: Confirm| Rules { confirm, ..Rules::default() };
    let (none, destroy, change) = (rules(Confirm::None), rules(Confirm::Destroy), rules(Confirm::Change));
    let read_only = Rules { read_only: true, confirm: Confirm::None, ..Rules::default() };
    for (rules, yes, seat, line, through) in [
        (&none, false, Seat::Empty, "thing.delete id 5", true),
        (&destroy, false, Seat::Empty, "thing.list", true),
        (&destroy, false, Seat::Empty, "thing.rename id 5", true),
        (&destroy, false, Seat::Empty, "thing.delete id 5", false),
        (&destroy, false, Seat::Empty, "thing.order size 5", false),
        (&destroy, true, Seat::Empty, "thing.delete id 5", true),
        (&destroy, false, Seat::Empty, "thing.delete id 5 --yes", true),
        (&destroy, false, Seat::Empty, "thing.delete id 5 -y", true),
        (&destroy, false, Seat::Saying("5"), "thing.delete id 5", true),
        (&destroy, false, Seat::Saying("y"), "thing.delete id 5", false),
        (&destroy, false, Seat::Leaving, "thing.delete id 5", false),
        (&destroy, false, Seat::Saying("y"), "thing.order size 5", true),
        (&destroy, false, Seat::Saying(""), "thing.order size 5", false),
        (&change, false, Seat::Empty, "thing.list", true),
        (&change, false, Seat::Empty, "thing.rename id 5", false),
        (&change, false, Seat::Saying("yes"), "thing.rename id 5", true),
        (&change, false, Seat::Saying("no"), "thing.rename id 5", false),
        (&read_only, true, Seat::Saying("5"), "thing.list", true),
        (&read_only, true, Seat::Saying("5"), "thing.rename id 5", false),
        (&read_only, true, Seat::Saying("5"), "thing.delete id 5 --yes", false),
        (&read_only, true, Seat::Saying("y"), "thing.order size 5", false),
        // What the values make of a call counts, and what its document warns of.
        (&destroy, false, Seat::Empty, "thing.order size 5 dry_run true", true),
        (&destroy, false, Seat::Empty, "thing.order size 5 dry_run (string)true", false),
        (&read_only, false, Seat::Empty, "thing.order size 5 dry_run true", true),
        (&destroy, false, Seat::Empty, "thing.move id 5", false),
        (&destroy, false, Seat::Saying("y"), "thing.move id 5", true),
        (&none, false, Seat::Empty, "thing.move id 5", true),
        (&destroy, false, Seat::Saying("5"), "thing.swap id 5 paid true", true),
        (&destroy, false, Seat::Saying("y"), "thing.swap id 5 paid true", false),
        // Several at once: the number of those that destroy.
        (&destroy, false, Seat::Empty, "thing.list; thing.rename id 5", true),
        (
            &destroy,
            false,
            Seat::Saying("2"),
            "thing.delete id 5; thing.list; thing.delete id 6; thing.order size 1",
            true,
        ),
        (&destroy, false, Seat::Saying("5"), "thing.delete id 5; thing.delete id 6", false),
        (&destroy, false, Seat::Saying("y"), "thing.order size 5; thing.order size 6", true),
        (&destroy, false, Seat::Empty, "thing.delete id 5 -y; thing.delete id 6", false),
        (&destroy, false, Seat::Saying("6"), "thing.delete id 5 -y; thing.delete id 6", true),
    ] {
        let (mut session, paper) = session(rules.clone(), yes, seat);
        let ended = put(&mut session, line);
        let class = ended.as_ref().err().map(Diagnostic::class);
        let wanted = (!through).then_some(Class::Blocked);
        assert_eq!(class, wanted, "{line} {seat:?}: {ended:?}\n{}", written(&paper));
    }
}

#[test]
fn a_question_shows_everything_but_secrets() {
    let (mut one, paper) = session(Rules::default(), false, Seat::Saying("5"));
    put(&mut one, "thing.delete id 5 password hunter22").unwrap();
    let told = "thing.delete: Delete a thing\n  provider  Our Own\n  profile   prod\n  id        5\n  \
                password  (redacted)\nThis cannot be undone.\nType 5 to confirm: \n";
    assert_eq!(written(&paper), told);
    for (line, told) in [
        ("thing.swap id 5", "This cannot be undone. You will lose: the old thing.\nType 5 to confirm: \n"),
        (
            "thing.swap id 5 paid true",
            "  price     unknown\nThis cannot be undone. You will lose: the old thing.\nThis may cost money: the new one is paid for.\n\
             Type 5 to confirm: \n",
        ),
        ("thing.move id 5", "This changes something.\nThings break easily.\nContinue? [y/N] \n"),
    ] {
        let (mut one, paper) = session(Rules::default(), false, Seat::Saying("no"));
        put(&mut one, line).unwrap_err();
        assert!(written(&paper).ends_with(told), "{line}: {}", written(&paper));
    }
    let (mut several, paper) = session(Rules::default(), false, Seat::Saying("2"));
    put(&mut several, "thing.swap id 5; thing.swap id 6 paid true; thing.move id 1").unwrap();
    let told = "3 calls:\n  prod:thing.swap 5: Swap a thing (cannot be undone)\n  \
                prod:thing.swap 6: Swap a thing (cannot be undone and may cost money)\n  \
                prod:thing.move 1: Move a thing (needs care)\n  price unknown\n  \
                thing.swap: the new one is paid for\n2 of them cannot be undone.\nType 2 to confirm: \n";
    assert_eq!(written(&paper), told);
    let (mut several, paper) = session(Rules::default(), false, Seat::Saying("1"));
    put(&mut several, "thing.delete id 5 password hunter22; thing.order size 1").unwrap();
    let told = "2 calls:\n  prod:thing.delete 5: Delete a thing (cannot be undone)\n  \
                prod:thing.order: Order a thing (may cost money)\n  price unknown\n\
                1 of them cannot be undone.\nType 1 to confirm: \n";
    assert_eq!(written(&paper), told);
}

#[test]
fn a_change_that_may_have_been_made_already_is_asked_about_whatever_the_rules_are() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Arc::new(history::Journal::at(folder.path(), "s"));
    let records = || Records::In(Arc::clone(&journal));
    let none = || Rules { confirm: Confirm::None, ..Rules::default() };
    let (mut session, _) = recording(none(), true, Seat::Empty, records());
    let method = session.accounts.registry.here().method("thing.rename").unwrap().unwrap();
    let line = &lang::parse("thing.rename id 5").unwrap()[0];
    let call = bind::bind(&method, line, bind::Rules::default(), &mut Nowhere).unwrap();
    let account = session.accounts.here().unwrap();
    let new = entry::of(account, &call, &session.accounts.redactor, None);
    let begun = session.accounts.ledger.open(new, Effect::Change).unwrap();
    let row = begun.row.unwrap();
    let head = line.head.span;
    let pending = Pending { profile: "prod", call: &call, agreed: false, again: false, head };
    let found = |pending: &Pending<'_>| earlier(&session.accounts, pending).unwrap().map(|repeat| repeat.row);
    assert_eq!((found(&pending), found(&Pending { again: true, ..pending })), (Some(row), None));
    for (seat, yes, line, through) in [
        (Seat::Empty, true, "thing.rename id 5", false),
        (Seat::Empty, true, "thing.list; thing.rename id 5", false),
        (Seat::Empty, false, "thing.rename id 5 --yes", false),
        (Seat::Saying("n"), true, "thing.rename id 5", false),
        (Seat::Leaving, true, "thing.rename id 5", false),
        (Seat::Saying("y"), false, "thing.rename id 5", true),
        (Seat::Saying("y"), false, "thing.rename id 5; thing.rename id 6", true),
        (Seat::Empty, false, "thing.rename id 5 --again", true),
        (Seat::Empty, false, "thing.rename id 6", true),
        (Seat::Empty, false, "thing.list", true),
    ] {
        let (mut session, paper) = recording(none(), yes, seat, records());
        let done = put(&mut session, line);
        assert_eq!(done.is_ok(), through, "{seat:?} {line}: {done:?}");
        let asked = written(&paper).contains(&format!("call {row} in the journal"));
        assert_eq!(asked, !matches!(seat, Seat::Empty), "{line}");
        if let (Err(error), Seat::Empty) = (done, seat) {
            assert!(error.class() == Class::Blocked && error.to_string().contains(&format!("call {row}")), "{error}");
            assert_eq!(session.accounts.ledger.row, Some(row));
        }
    }
}
