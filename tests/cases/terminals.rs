//! What a terminal can do decides how lines are read: on one that draws nothing, lines are plain; on any other, what
//! Tab lists fits the screen and never asks.

use crate::support::cmd::World;
use crate::support::keys::{BACKSPACE, CTRL_C, CTRL_L, ENTER, PROMPT, TAB, Terminal};

#[test]
fn a_terminal_that_draws_nothing_gets_plain_lines() {
    for name in [None, Some(""), Some("dumb"), Some("emacs"), Some("cons25")] {
        let run = World::new().marsh().arg("--sandbox");
        let run = match name {
            Some(name) => run.env("TERM", name),
            None => run.without("TERM"),
        };
        let mut shell = Terminal::open(run);
        shell.see(PROMPT);
        // A question is plain too.
        shell.press("internal.version\rno.such\rservice.set_nickname nickname 'a\nb'\r");
        shell.see("name:");
        shell.press("myserver1\rservice.list --wi\x7fait | x.json\rquit\r");
        assert_eq!(shell.code(), 0, "{name:?}\n{}", shell.contents());
        let raw = String::from_utf8(shell.raw.clone()).unwrap();
        assert!(!raw.contains('\x1b'), "{name:?}: {raw:?}");
        for shown in ["(internal.version result)", "unknown method `no.such`", "(service.set_nickname result)"] {
            assert!(raw.contains(shown), "{name:?}: no {shown}\n{raw}");
        }
    }
}

#[test]
fn ctrl_c_drops_a_plain_line_and_cancels_a_plain_question() {
    let mut shell = Terminal::open(World::new().marsh().arg("--sandbox").without("TERM"));
    shell.see(PROMPT);
    shell.press("service.set_nickname nickname 'open\rand more\r");
    shell.press(CTRL_C);
    shell.see("(Ctrl-D or `quit` leaves)");
    shell.press("service.set_nickname nickname web\r");
    shell.see("name:");
    shell.press(CTRL_C);
    shell.see("nothing was sent");
    shell.press("internal.version\r");
    shell.see("(internal.version result)");
    shell.press("quit\r");
    assert_eq!(shell.code(), 0);
}

#[test]
fn a_list_of_completions_fits_the_screen_and_asks_nothing() {
    for (columns, rows, typed) in [(80, 24, "s"), (80, 24, ""), (80, 5, "s"), (200, 50, ""), (20, 10, ""), (80, 3, "s")]
    {
        let mut shell = Terminal::sandbox();
        shell.resize(columns, rows);
        // The editor asks for the size when it redraws the line.
        shell.press(CTRL_L);
        shell.press(typed);
        shell.press(TAB);
        shell.press(TAB);
        shell.press("q");
        shell.until("the line", |shell| shell.row().ends_with(&format!("{PROMPT} {typed}q")));
        shell.press(BACKSPACE);
        shell.after(CTRL_C);
        shell.press("quit");
        shell.press(ENTER);
        assert_eq!(shell.code(), 0, "{columns}x{rows} {typed}");
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        assert!(!raw.contains("--More--") && !raw.contains("possibilities"), "{columns}x{rows}: {raw:?}");
        assert!(rows < 4 || raw.contains("service.list") || raw.contains("more: "), "{columns}x{rows}: {raw:?}");
    }
}
