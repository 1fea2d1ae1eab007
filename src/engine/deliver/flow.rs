//! The place of a result that is written while it comes.
//!
//! A file is replaced when all of the result is there. What goes to a command or to standard output stays there:
//! the beginning is held until there is more of it than most results have, so that a call that fails writes nothing
//! there.

use std::cell::RefCell;
use std::io::{self, Write};
use std::mem;

use crate::engine::deliver::output::Place;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::sink::{CommandSink, FileSink, Program, SinkError};

/// The bytes that are held until the result is complete, or a page of it.
const HELD: usize = 64 * 1024;

/// A place that a result goes to piece by piece.
pub(crate) struct Flow {
    way: Way,
    /// What has not been passed on yet.
    held: Vec<u8>,
    /// Something has been passed on.
    begun: bool,
}

enum Way {
    File(FileSink),
    /// The command, once it runs.
    Command(Program, Option<CommandSink>),
    Stdout(Box<dyn Write>),
}

impl Flow {
    /// To a place; standard output is the flow's alone until [`Flow::end`].
    pub(crate) fn to(place: Place, console: &mut Console) -> Flow {
        let way = match place {
            Place::File(sink, _) => Way::File(sink),
            Place::Command(program) => Way::Command(program, None),
            Place::Stdout => Way::Stdout(mem::replace(&mut console.out.to, Box::new(io::sink()))),
        };
        Flow { way, held: Vec::new(), begun: false }
    }

    /// Whether it goes to a file, which has all of the result or nothing.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.way, Way::File(_))
    }

    /// Whether a reader may already have seen part of the result: it went to a command or to standard output.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun && !self.is_file()
    }

    /// Whether the command has ended its input: it has seen enough.
    pub(crate) fn is_closed_by_command(&self) -> bool {
        matches!(&self.way, Way::Command(_, Some(sink)) if sink.is_closed())
    }

    /// Passes on what has come so far: it is complete in itself.
    pub(crate) fn pass(&mut self) -> io::Result<()> {
        let held = mem::take(&mut self.held);
        self.write_on(&held)?;
        self.flush_on()
    }

    fn write_on(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.begun = true;
        match &mut self.way {
            Way::File(sink) => sink.write_all(bytes),
            Way::Stdout(out) => out.write_all(bytes),
            Way::Command(program, running) => {
                let sink = match running {
                    Some(sink) => sink,
                    none => none.insert(CommandSink::start(program.clone()).map_err(io::Error::other)?),
                };
                sink.write_all(bytes)?;
                if sink.is_closed() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
            }
        }
    }

    fn flush_on(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::File(_) => Ok(()),
            Way::Stdout(out) => out.flush(),
            Way::Command(_, Some(sink)) => {
                sink.flush()?;
                if sink.is_closed() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
            }
            Way::Command(_, None) => Ok(()),
        }
    }

    /// Ends it. A complete result is in its place afterwards; of another one, a file has nothing, and nothing that is
    /// still held is written. Gives standard output back.
    pub(crate) fn end(mut self, complete: bool, console: &mut Console) -> Result<(), CallError> {
        let closed = self.is_closed_by_command();
        let passed = if complete && !closed { self.pass() } else { Ok(()) };
        let closed = closed || self.is_closed_by_command();
        match self.way {
            Way::File(sink) => {
                passed.map_err(CallError::Output)?;
                if complete { Ok(sink.commit()?) } else { Ok(()) }
            }
            Way::Stdout(out) => {
                console.out.to = out;
                passed.map_err(CallError::Output)
            }
            // A command that stops reading early, like `head`, is no error.
            Way::Command(_, Some(sink)) => {
                passed.or_else(|error| if closed { Ok(()) } else { Err(error) }).map_err(started)?;
                if complete || closed { Ok(sink.finish()?) } else { Ok(()) }
            }
            Way::Command(_, None) => passed.map_err(started),
        }
    }
}

/// The error of a command, which may be that it could not be started.
fn started(error: io::Error) -> CallError {
    match error.downcast::<SinkError>() {
        Ok(error) => error.into(),
        Err(error) => CallError::Output(error),
    }
}

/// Writes to a flow that others hold, too.
pub(crate) struct Tap<'f>(pub(crate) &'f RefCell<Flow>);

impl Write for Tap<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut flow = self.0.borrow_mut();
        let fits = !flow.begun && flow.held.len() + bytes.len() <= HELD;
        if fits && !flow.is_file() {
            flow.held.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let held = mem::take(&mut flow.held);
        if !held.is_empty() {
            flow.write_on(&held)?;
        }
        flow.write_on(bytes)?;
        Ok(bytes.len())
    }

    /// What is held stays held: a page, or the end, passes it on.
    fn flush(&mut self) -> io::Result<()> {
        let mut flow = self.0.borrow_mut();
        if flow.begun { flow.flush_on() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::console::{Stream, Window};
    use crate::render::Ability;
    use std::ffi::OsStr;
    use std::rc::Rc;

    /// A stream that can be looked at.
    #[derive(Clone, Default)]
    struct Seen(Rc<RefCell<Vec<u8>>>);

    impl Write for Seen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn console(out: &Seen) -> Console {
        let stream = || Stream::plain(Box::new(out.clone()));
        let (person, window, ability) = (None, Window::default(), Ability::default());
        Console { out: stream(), err: stream(), person, width: 80, height: 24, window, ability }
    }

    #[test]
    fn the_beginning_is_held_until_there_is_much_or_all_of_it() {
        for (pieces, complete, before, after) in [
            (vec![10, 20], true, 0, 30),
            (vec![10, 20], false, 0, 0),
            (vec![HELD, 1, 5], true, HELD + 6, HELD + 6),
            (vec![HELD, 1, 5], false, HELD + 6, HELD + 6),
            (vec![HELD + 1], false, HELD + 1, HELD + 1),
            (vec![], true, 0, 0),
        ] {
            let seen = Seen::default();
            let mut console = console(&seen);
            let flow = RefCell::new(Flow::to(Place::Stdout, &mut console));
            for length in &pieces {
                Tap(&flow).write_all(&vec![b'x'; *length]).unwrap();
                Tap(&flow).flush().unwrap();
            }
            assert_eq!((seen.0.borrow().len(), flow.borrow().has_begun()), (before, before > 0), "{pieces:?}");
            flow.into_inner().end(complete, &mut console).unwrap();
            assert_eq!(seen.0.borrow().len(), after, "{pieces:?}");
            // Standard output is the console's again.
            console.result("y").unwrap();
            assert_eq!(seen.0.borrow().len(), after + 1);
        }
    }

    #[test]
    fn what_is_complete_in_itself_is_passed_on() {
        let seen = Seen::default();
        let mut console = console(&seen);
        let flow = RefCell::new(Flow::to(Place::Stdout, &mut console));
        Tap(&flow).write_all(b"page").unwrap();
        flow.borrow_mut().pass().unwrap();
        assert_eq!(&*seen.0.borrow(), b"page");
        Tap(&flow).write_all(b"next").unwrap();
        flow.into_inner().end(false, &mut console).unwrap();
        assert_eq!(&*seen.0.borrow(), b"pagenext");
    }

    #[test]
    fn a_command_runs_when_there_is_something_for_it_and_may_stop_reading() {
        let folder = tempfile::tempdir().unwrap();
        let place = |command: &str| Place::Command(CommandSink::check(command, OsStr::new("/usr/bin:/bin")).unwrap());
        let file = folder.path().join("out");
        let (mut console, tee) = (console(&Seen::default()), format!("cp /dev/stdin {}", file.display()));
        for (complete, there) in [(false, false), (true, true)] {
            let flow = RefCell::new(Flow::to(place(&tee), &mut console));
            Tap(&flow).write_all(b"all").unwrap();
            flow.into_inner().end(complete, &mut console).unwrap();
            assert_eq!(file.exists(), there);
        }
        let flow = RefCell::new(Flow::to(place("true"), &mut console));
        let fault = (0..1000).find_map(|_| Tap(&flow).write_all(&[b'x'; HELD]).err());
        assert_eq!(fault.map(|fault| fault.kind()), Some(io::ErrorKind::BrokenPipe));
        assert!(flow.borrow().is_closed_by_command());
        flow.into_inner().end(true, &mut console).unwrap();
        let flow = RefCell::new(Flow::to(place("false"), &mut console));
        assert!(matches!(flow.into_inner().end(true, &mut console), Err(CallError::Sink(SinkError::Ended { .. }))));
    }
}
