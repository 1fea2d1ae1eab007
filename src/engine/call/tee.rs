//! The provider's own bytes on their way to their place, while they are checked.

use std::io::{self, BufRead, Read, Write};

/// An input that writes whatever is read of it.
pub(crate) struct Tee<'t, R> {
    input: R,
    out: &'t mut dyn Write,
    /// Where an error of the writer is kept: nothing is read after it.
    fault: &'t mut Option<io::Error>,
}

impl<'t, R: BufRead> Tee<'t, R> {
    /// From an input to a writer.
    pub(crate) fn of(input: R, out: &'t mut dyn Write, fault: &'t mut Option<io::Error>) -> Tee<'t, R> {
        Tee { input, out, fault }
    }
}

impl<R: BufRead> BufRead for Tee<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.fault {
            Some(fault) => Err(fault.kind().into()),
            None => self.input.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        if count > 0 {
            // What is consumed is in the buffer, so that nothing is read here.
            let ready = self.input.fill_buf().map(|ready| ready.get(..count).unwrap_or(ready));
            let written = ready.and_then(|ready| self.out.write_all(ready));
            *self.fault = self.fault.take().or(written.err());
        }
        self.input.consume(count);
    }
}

impl<R: BufRead> Read for Tee<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_read_is_written_once() {
        for chunk in [1, 3, 100] {
            let (mut out, mut fault) = (Vec::new(), None);
            let input = io::BufReader::with_capacity(chunk, &b"some bytes"[..]);
            let mut tee = Tee::of(input, &mut out, &mut fault);
            let first = tee.fill_buf().unwrap().len();
            tee.consume(first.min(2));
            let mut rest = String::new();
            tee.read_to_string(&mut rest).unwrap();
            assert_eq!((out, rest.as_str()), (b"some bytes".to_vec(), &"some bytes"[first.min(2)..]));
        }
    }

    #[test]
    fn nothing_is_read_after_an_error_of_the_writer() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (mut out, mut fault) = (Full, None);
        let mut tee = Tee::of(&b"some bytes"[..], &mut out, &mut fault);
        tee.consume(1);
        assert!(tee.read(&mut [0]).is_err());
        assert_eq!(fault.map(|fault| fault.kind()), Some(io::ErrorKind::StorageFull));
    }
}
