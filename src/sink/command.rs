//! A program that reads a result from its standard input: `|! less -R`.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};

use super::SinkError;
use crate::child;

/// A command that can be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    path: PathBuf,
    /// As the user wrote it.
    name: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Program {
    /// The same with environment variables set for it.
    pub fn with_variables(mut self, variables: &[(String, String)]) -> Program {
        self.variables.extend_from_slice(variables);
        self
    }

    /// As the user wrote it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Runs it on this process's terminal with a file as its last argument, and waits until it ends.
    pub(super) fn open(&self, file: &Path) -> io::Result<ExitStatus> {
        child::command(&self.path).args(&self.arguments).arg(file).status()
    }

    fn failed(&self, source: io::Error) -> SinkError {
        SinkError::Pipe { program: self.name.clone(), source }
    }
}

/// A running program that receives a result. When it is dropped, its input ends, and it is waited for.
#[derive(Debug)]
pub struct CommandSink {
    program: Program,
    child: Child,
    /// `None` once the program has stopped reading.
    input: Option<BufWriter<ChildStdin>>,
}

impl CommandSink {
    /// Splits a command as a POSIX shell would, without expanding anything, and finds its program on a search path (the
    /// value of `PATH`). Nothing is started.
    pub fn check(command: &str, search: &OsStr) -> Result<Program, SinkError> {
        let words = shlex::split(command).ok_or_else(|| SinkError::OpenQuote { command: command.to_owned() })?;
        let (name, arguments) = words.split_first().ok_or(SinkError::NoCommand)?;
        let path = find(name, search).ok_or_else(|| SinkError::NoProgram { program: name.clone() })?;
        Ok(Program { path, name: name.clone(), arguments: arguments.to_vec(), variables: Vec::new() })
    }

    /// Starts the program without a shell. It inherits this process's output.
    pub fn start(program: Program) -> Result<CommandSink, SinkError> {
        let mut command = child::command(&program.path);
        command.args(&program.arguments).envs(program.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped());
        let mut child = command.spawn().map_err(|source| program.failed(source))?;
        let input = child.stdin.take().map(BufWriter::new);
        Ok(CommandSink { program, child, input })
    }

    /// Whether the program has stopped reading.
    pub fn is_closed(&self) -> bool {
        self.input.is_none()
    }

    /// Ends the program's input and waits for it. If the program fails, so does this.
    pub fn finish(mut self) -> Result<(), SinkError> {
        let status = self.flush().and_then(|()| self.end()).map_err(|source| self.program.failed(source))?;
        match status.success() {
            true => Ok(()),
            false => Err(SinkError::Ended { program: self.program.name.clone(), status }),
        }
    }

    fn end(&mut self) -> io::Result<ExitStatus> {
        self.input = None;
        self.child.wait()
    }

    /// A program that stops reading early, like `head`, is no error: the rest is dropped.
    fn unless_closed<T>(&mut self, done: io::Result<T>, otherwise: T) -> io::Result<T> {
        match done {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.input = None;
                Ok(otherwise)
            }
            done => done,
        }
    }
}

impl Write for CommandSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.input.as_mut().map_or(Ok(bytes.len()), |input| input.write(bytes));
        self.unless_closed(done, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.input.as_mut().map_or(Ok(()), Write::flush);
        self.unless_closed(done, ())
    }
}

impl Drop for CommandSink {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// The path of a program. A name with a slash is a path; an empty part of the search path would mean the working
/// directory, and is skipped.
fn find(name: &str, search: &OsStr) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| is_program(path));
    }
    let mut folders = std::env::split_paths(search).filter(|folder| !folder.as_os_str().is_empty());
    folders.find_map(|folder| Some(folder.join(name)).filter(|path| is_program(path)))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    fn check(command: &str) -> Result<Program, SinkError> {
        CommandSink::check(command, OsStr::new(":/nowhere:/usr/bin:/bin"))
    }

    fn start(command: &str) -> CommandSink {
        CommandSink::start(check(command).unwrap()).unwrap()
    }

    #[test]
    fn commands_are_split_and_looked_up() {
        let program = check("sh -c 'echo \"$HOME\"' a\\ b ''").unwrap();
        assert_eq!(program.arguments, ["-c", "echo \"$HOME\"", "a b", ""]);
        assert!(program.path.ends_with("bin/sh") && program.path.is_absolute());
        assert_eq!(check("/bin/sh").unwrap().path, Path::new("/bin/sh"));
        for (command, shown) in [
            ("", "there is no command to pipe into"),
            ("  ", "there is no command to pipe into"),
            ("less 'x", "the command `less 'x` has an open quote"),
            ("no-such-program -x", "cannot find the program `no-such-program`"),
            ("/etc/passwd", "cannot find the program `/etc/passwd`"),
            ("/usr", "cannot find the program `/usr`"),
            ("''", "cannot find the program ``"),
            // Not from the working directory, which contains such a file.
            ("Cargo.toml", "cannot find the program `Cargo.toml`"),
        ] {
            assert_eq!(check(command).unwrap_err().to_string(), shown, "{command}");
        }
    }

    #[test]
    fn the_program_reads_the_result() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out file");
        let mut sink = start(&format!("sh -c 'cat >\"$0\"; exit 3' '{}'", path.display()));
        sink.write_all(b"re").unwrap();
        sink.write_all(b"sult").unwrap();
        assert!(matches!(sink.finish(), Err(SinkError::Ended { status, .. }) if status.code() == Some(3)));
        assert_eq!(fs::read(&path).unwrap(), b"result");
    }

    #[test]
    fn a_program_that_stops_reading_is_not_an_error() {
        let mut sink = start("sh -c 'exec <&-; exit 0'");
        for _ in 0..100 {
            sink.write_all(&[b'x'; 10_000]).unwrap();
        }
        sink.finish().unwrap();
    }

    #[test]
    fn a_dropped_program_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        drop(start(&format!("sh -c 'cat; sleep 0.1; : >\"$0\"' '{}'", path.display())));
        assert!(path.exists());
    }

    #[test]
    fn a_program_that_cannot_run_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken");
        let mut file = File::create(&path).unwrap();
        file.write_all(b"#!/no/such/interpreter\n").unwrap();
        file.set_permissions(fs::Permissions::from_mode(0o755)).unwrap();
        drop(file);
        let error = CommandSink::start(check(&path.display().to_string()).unwrap()).map(|_| ()).unwrap_err();
        assert!(matches!(error, SinkError::Pipe { .. }), "{error}");
    }
}
