//! The exit codes that scripts rely on, each with what it says: the one table behind help and the man page.

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The number.
    pub code: u8,
    /// A word or two.
    pub name: &'static str,
    /// One line of what it says.
    pub meaning: &'static str,
}

const fn exit(code: u8, name: &'static str, meaning: &'static str) -> Exit {
    Exit { code, name, meaning }
}

/// All of them.
pub static EXITS: &[Exit] = &[
    exit(0, "done", "done"),
    exit(1, "local", "something on this machine: a file, the configuration"),
    exit(2, "usage", "the line is wrong; nothing was sent"),
    exit(3, "credentials", "the key is missing or was refused"),
    exit(4, "refused", "the provider refused"),
    exit(5, "provider failed", "the provider says that it broke down (5xx); or no usable answer to a read"),
    exit(6, "not reached", "no connection; nothing was sent"),
    exit(7, "outcome unknown", "a change was sent, and no usable answer came: look before you repeat it"),
    exit(8, "still running", "the waiting ended; the job still runs"),
    exit(9, "job failed", "the job ended badly"),
    exit(10, "blocked", "stopped before it was sent: not confirmed, or read-only"),
    exit(11, "some failed", "several calls, of which some failed"),
    exit(129, "hung up", "SIGHUP: the terminal has gone; 7 when a change may have arrived"),
    exit(130, "Ctrl-C", "Ctrl-C; 7 when a change may have arrived"),
    exit(141, "no reader", "nobody reads the result any more"),
    exit(143, "terminated", "SIGTERM; 7 when a change may have arrived"),
];
