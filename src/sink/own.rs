//! A command of the user's own shell: `!ls`, `let files = !ls`.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::process::{Child, ExitStatus, Stdio};

use crate::child;
use model::{Class, Diagnostic};

/// The shell where the environment names none.
const SHELL: &str = "/bin/sh";
/// The most bytes of output that become a value.
const MOST: usize = 1 << 20;
/// The most bytes of a variable that a command gets. A system limits each one, to 128 kB on Linux.
const LONGEST: usize = 100_000;
/// The beginning of the names of variables that this program itself reads.
const RESERVED: &str = "MARSH_";

/// A command that the user's own shell runs. It inherits the environment except for the variables that contain keys.
#[derive(Debug)]
pub struct OwnCommand {
    shell: OsString,
    text: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

/// Why a command of the user's own shell has no result.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// The shell cannot be started.
    #[error("cannot start your shell `{shell}`: {source}")]
    Start {
        /// Its path.
        shell: String,
        /// The system's error.
        source: io::Error,
    },
    /// The command failed.
    #[error("the command ended with {}", ended(.0))]
    Ended(ExitStatus),
    /// Ctrl-C ended it.
    #[error("Ctrl-C ended the command")]
    Interrupted,
    /// It wrote more than a value may have.
    #[error("the command wrote more than {} MiB, which is too much for a value", MOST >> 20)]
    TooLong,
    /// What it wrote is no text.
    #[error("the command wrote something that is not UTF-8 text")]
    NoText,
    /// Its output or its end cannot be read.
    #[error("the command cannot be followed to its end: {0}")]
    Read(io::Error),
}

/// How a process ended, in words.
fn ended(status: &ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string(), |code| format!("exit status {code}"))
}

impl OwnCommand {
    /// A command for a shell: the value of `SHELL`, if it is set. `arguments` are what `$1` and the like in it mean.
    pub fn new(shell: Option<OsString>, text: &str, arguments: &[String]) -> OwnCommand {
        let shell = shell.filter(|shell| !shell.is_empty()).unwrap_or_else(|| OsStr::new(SHELL).to_owned());
        OwnCommand { shell, text: text.to_owned(), arguments: arguments.to_vec(), variables: Vec::new() }
    }

    /// Passes a value as an environment variable, if the name and the value can be that, and this program does not read
    /// it itself.
    pub fn set(&mut self, name: &str, value: &str) {
        let is_name = |name: &str| {
            let mut bytes = name.bytes();
            bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if is_name(name) && !name.starts_with(RESERVED) && value.len() <= LONGEST && !value.contains('\0') {
            self.variables.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Runs it on this process's terminal and streams, and waits until it ends. `is_interrupted` says whether Ctrl-C was
    /// pressed since it began: a command that fails then was ended by it.
    pub fn run(self, is_interrupted: &dyn Fn() -> bool) -> Result<(), OwnError> {
        let mut child = self.start(Stdio::inherit())?;
        judged(child.wait().map_err(OwnError::Read)?, is_interrupted)
    }

    /// The same, and returns what it writes to its standard output, without the last end of a line.
    pub fn output(self, is_interrupted: &dyn Fn() -> bool) -> Result<String, OwnError> {
        let mut child = self.start(Stdio::piped())?;
        let mut bytes = Vec::new();
        let limit = u64::try_from(MOST).unwrap_or(u64::MAX).saturating_add(1);
        let read = child.stdout.take().map_or(Ok(0), |pipe| pipe.take(limit).read_to_end(&mut bytes));
        let is_long = bytes.len() > MOST;
        if is_long {
            // If it has ended already, there is nothing to end.
            let _ = child.kill();
        }
        let status = child.wait().map_err(OwnError::Read)?;
        if is_long && !is_interrupted() {
            return Err(OwnError::TooLong);
        }
        judged(status, is_interrupted)?;
        read.map_err(OwnError::Read)?;
        let mut text = String::from_utf8(bytes).map_err(|_| OwnError::NoText)?;
        if text.ends_with('\n') {
            text.pop();
            text.truncate(text.strip_suffix('\r').map_or(text.len(), str::len));
        }
        Ok(text)
    }

    fn start(self, output: Stdio) -> Result<Child, OwnError> {
        let OwnCommand { shell, text, arguments, variables } = self;
        let mut command = child::command(&shell);
        command.arg("-c").arg(text).envs(variables).stdout(output);
        if !arguments.is_empty() {
            // The word before them is what `$0` means.
            command.arg(&shell).args(arguments);
        }
        let unstarted = |source| OwnError::Start { shell: shell.to_string_lossy().into_owned(), source };
        command.spawn().map_err(unstarted)
    }
}

/// What an end means.
fn judged(status: ExitStatus, is_interrupted: &dyn Fn() -> bool) -> Result<(), OwnError> {
    match status.success() {
        true => Ok(()),
        false if is_interrupted() => Err(OwnError::Interrupted),
        false => Err(OwnError::Ended(status)),
    }
}

impl Diagnostic for OwnError {
    fn class(&self) -> Class {
        match self {
            OwnError::Interrupted => Class::Interrupted,
            _ => Class::Local,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            OwnError::Start { .. } => Some("the variable SHELL names the shell; without it, sh is used".into()),
            OwnError::TooLong => Some("let the command write a file, and read it with (file)PATH".into()),
            OwnError::NoText => Some("let the command write a file, and read it with (base64)PATH".into()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str) -> OwnCommand {
        OwnCommand::new(Some("/bin/sh".into()), text, &["one".into(), "t w o".into()])
    }

    fn output(text: &str) -> Result<String, String> {
        command(text).output(&|| false).map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_command_writes_is_a_value() {
        for (text, written) in [
            ("echo a", "a"),
            ("printf 'a\\n\\n'", "a\n"),
            ("printf 'a\\r\\n'", "a"),
            ("printf a", "a"),
            ("true", ""),
            ("echo \"$2,$1,$#\"", "t w o,one,2"),
            ("echo a; echo b | tr b c", "a\nc"),
        ] {
            assert_eq!(output(text).as_deref(), Ok(written), "{text}");
        }
        let most = format!("head -c {MOST} /dev/zero | tr '\\0' x");
        assert_eq!(output(&most).map(|text| text.len()), Ok(MOST));
    }

    #[test]
    fn a_command_that_fails_has_no_value() {
        for (text, message) in [
            ("echo a; exit 3", "the command ended with exit status 3"),
            ("kill -9 $$", "the command ended with signal: 9"),
            ("printf '\\377'", "not UTF-8"),
            ("cat /dev/zero", "more than 1 MiB"),
            ("echo 'a", "exit status"),
        ] {
            let error = output(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
        let lost = OwnCommand::new(Some("/no/such/shell".into()), "true", &[]).run(&|| false).unwrap_err();
        assert!(lost.to_string().contains("cannot start your shell `/no/such/shell`"), "{lost}");
        assert_eq!((lost.class(), lost.hint().is_some()), (Class::Local, true));
        let stopped = command("exit 130").run(&|| true).unwrap_err();
        assert_eq!((stopped.class(), stopped.hint()), (Class::Interrupted, None));
        assert!(command("exit 0").run(&|| true).is_ok());
    }

    #[test]
    fn values_are_passed_as_variables_where_they_can_be() {
        let mut command = OwnCommand::new(None, "printf '%s,' \"$one\" \"$MARSH_X\"; printenv 'a-b'; true", &[]);
        let long = "x".repeat(LONGEST + 1);
        for (name, value) in
            [("one", "a b"), ("MARSH_X", "no"), ("a-b", "no"), ("1x", "no"), ("nul", "a\0b"), ("long", &long)]
        {
            command.set(name, value);
        }
        assert_eq!(command.variables, [("one".to_owned(), "a b".to_owned())]);
        assert_eq!(command.output(&|| false).unwrap(), "a b,,");
    }
}
