//! The exit codes that scripts rely on, each with its meaning: the single source for help and the man page.

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The number.
    pub code: u8,
    /// One or two words.
    pub name: &'static str,
    /// Its meaning in one line.
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
    exit(5, "provider failed", "the provider itself failed (5xx); or no usable answer to a read"),
    exit(6, "not reached", "no connection; nothing was sent"),
    exit(7, "outcome unknown", "a change was sent, and no usable answer came: check before you repeat it"),
    exit(8, "still running", "waiting stopped; the job is still running"),
    exit(9, "job failed", "the job failed"),
    exit(10, "blocked", "stopped before it was sent: not confirmed, or read-only"),
    exit(11, "some failed", "some of several calls failed"),
    exit(129, "hung up", "SIGHUP: the terminal is gone; 7 if a change may have arrived"),
    exit(130, "Ctrl-C", "Ctrl-C; 7 if a change may have arrived"),
    exit(141, "no reader", "the reader of the result closed it"),
    exit(143, "terminated", "SIGTERM; 7 if a change may have arrived"),
];
