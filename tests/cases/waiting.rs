//! What is shown while a call takes long: nothing for a second, then who is waited for, and nothing of it afterwards.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, ENTER, Terminal};
use crate::support::raw::{Peer, result};

/// Holds an answer back until the test has seen what it wants to.
#[derive(Clone, Default)]
struct Gate(Arc<AtomicBool>);

impl Gate {
    fn open(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn wait(&self) {
        while !self.0.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A service that says the first part of its answers at once, and the rest when it may.
fn slow(first: usize) -> (Peer, Gate) {
    let gate = Gate::default();
    let held = gate.clone();
    let text = format!("<string>{}</string>", "x".repeat(50_000));
    let answer = result(&text);
    let peer = Peer::new(move |_, stream| {
        let (front, back) = answer.split_at(first);
        stream.write_all(front)?;
        stream.flush()?;
        held.wait();
        stream.write_all(back)
    });
    (peer, gate)
}

fn asking(peer: &Peer) -> Run {
    World::new().marsh().to(&peer.url(), KEY).env("MARSH_PAGER", "off")
}

fn raw(shell: &Terminal) -> String {
    String::from_utf8_lossy(&shell.raw).into_owned()
}

#[test]
fn a_wait_for_an_answer_shows_the_host_and_the_seconds_and_leaves_nothing_behind() {
    let (peer, gate) = slow(0);
    let mut shell = Terminal::open(asking(&peer).line("internal.noop -q length"));
    let line = format!("{} … 2 s, Ctrl-C stops waiting", peer.host());
    shell.until("the second second", |t| t.row().trim_end() == line);
    gate.open();
    assert_eq!(shell.code(), 0, "{}", shell.contents());
    assert!(!shell.contents().contains("Ctrl-C") && shell.contents().contains("50000"), "{}", shell.contents());
}

#[test]
fn a_long_answer_shows_what_has_come() {
    let (peer, gate) = slow(30_000);
    let mut shell = Terminal::open(asking(&peer).line("internal.noop -q length"));
    shell.until("the size", |t| t.row().contains(&peer.host()) && t.row().contains("kB/s, Ctrl-C stops it"));
    gate.open();
    assert_eq!(shell.code(), 0, "{}", shell.contents());
    assert!(!shell.contents().contains("Ctrl-C"), "{}", shell.contents());
}

#[test]
fn ctrl_c_does_what_the_line_says_and_takes_it_away() {
    let (peer, gate) = slow(0);
    let mut shell = Terminal::open(asking(&peer).env("MARSH_JOURNAL", "off"));
    shell.press("internal.noop");
    shell.press(ENTER);
    shell.until("the line", |t| {
        t.row().contains("1 s, Ctrl-C stops waiting") || t.row().contains("2 s, Ctrl-C stops waiting")
    });
    shell.press(CTRL_C);
    shell.until("the prompt", |t| t.contents().contains("interrupted") && t.at_prompt());
    assert!(!shell.contents().contains("stops waiting"), "{}", shell.contents());
    gate.open();
}

#[test]
fn a_terminal_that_is_not_drawn_on_gets_one_plain_line() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let (peer, gate) = slow(0);
        let mut shell = Terminal::open(asking(&peer).env(name, value).line("internal.noop -q length"));
        shell.until("the line", |t| t.contents().contains("… 1 s, Ctrl-C stops waiting"));
        gate.open();
        assert_eq!(shell.code(), 0, "{}", shell.contents());
        assert!(!raw(&shell).contains("\x1b[2K"), "{}", raw(&shell));
        assert_eq!(raw(&shell).matches("stops waiting").count(), 1, "{}", raw(&shell));
    }
}
