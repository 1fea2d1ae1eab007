//! Rows put aside until their columns are known: a few in memory, more of them in a file without a name.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};

use model::{Date, Map, Secret, Value};

/// The bytes that are held in memory.
const HELD: usize = 1024 * 1024;
/// The number of bytes that are read at a time.
const ROOM: usize = 64 * 1024;

/// Rows in the order in which they came.
pub(super) struct Spool<'s> {
    make: &'s dyn Fn() -> io::Result<File>,
    held: Vec<u8>,
    file: Option<File>,
}

impl<'s> Spool<'s> {
    /// No rows. `make` gives the file, if they need one.
    pub(super) fn of(make: &'s dyn Fn() -> io::Result<File>) -> Spool<'s> {
        Spool { make, held: Vec::new(), file: None }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: &Value) -> io::Result<()> {
        put(row, &mut self.held);
        if self.held.len() > HELD { self.overflow() } else { Ok(()) }
    }

    /// Whether there are more than fit into memory.
    pub(super) fn is_in_a_file(&self) -> bool {
        self.file.is_some()
    }

    fn overflow(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert((self.make)()?),
        };
        file.write_all(&self.held)?;
        self.held.clear();
        Ok(())
    }

    /// Passes on all rows, from the first.
    pub(super) fn each(&mut self, mut take: impl FnMut(&Value) -> io::Result<()>) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.rewind()?;
            let mut rows = BufReader::with_capacity(ROOM, &*file).chain(self.held.as_slice());
            return pass(&mut rows, &mut take);
        }
        pass(&mut self.held.as_slice(), &mut take)
    }
}

fn pass(rows: &mut impl BufRead, take: &mut impl FnMut(&Value) -> io::Result<()>) -> io::Result<()> {
    while !rows.fill_buf()?.is_empty() {
        take(&value(rows)?)?;
    }
    Ok(())
}

// The first byte of a value.
const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const NUMBER: u8 = 4;
const TEXT: u8 = 5;
const BYTES: u8 = 6;
const DATE: u8 = 7;
const SECRET: u8 = 8;
const LIST: u8 = 9;
const MAP: u8 = 10;

/// Writes a value, each digit of it: a kind, and its bytes or members after their number.
fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(value) => out.push(if *value { TRUE } else { FALSE }),
        Value::Int(number) => {
            out.push(INT);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Decimal(number) => sized(NUMBER, number.as_str().as_bytes(), out),
        Value::Text(text) => sized(TEXT, text.as_bytes(), out),
        // No answer has one; of a call, its path is what is shown.
        Value::File(file) => sized(TEXT, file.path.as_bytes(), out),
        Value::Bytes(bytes) => sized(BYTES, bytes, out),
        Value::Date(date) => sized(DATE, date.as_str().as_bytes(), out),
        // What it contains is not written anywhere, and its placeholder is the same for all.
        Value::Secret(_) => out.push(SECRET),
        Value::List(list) => {
            count(LIST, list.len(), out);
            list.iter().for_each(|member| put(member, out));
        }
        Value::Map(map) => {
            count(MAP, map.len(), out);
            for (key, member) in map.iter() {
                sized(TEXT, key.as_bytes(), out);
                put(member, out);
            }
        }
    }
}

fn count(kind: u8, count: usize, out: &mut Vec<u8>) {
    out.push(kind);
    out.extend_from_slice(&(count as u64).to_le_bytes());
}

fn sized(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    count(kind, bytes.len(), out);
    out.extend_from_slice(bytes);
}

/// Reads a value back. What is not one is an error: somebody else has written to the file.
fn value(rows: &mut impl Read) -> io::Result<Value> {
    let [kind] = array(rows)?;
    Ok(match kind {
        NULL => Value::Null,
        FALSE => Value::Bool(false),
        TRUE => Value::Bool(true),
        INT => Value::Int(i64::from_le_bytes(array(rows)?)),
        NUMBER => Value::number(&text(rows)?).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?,
        TEXT => Value::Text(text(rows)?),
        BYTES => Value::Bytes(bytes(rows)?),
        DATE => Value::Date(Date::verbatim(text(rows)?)),
        SECRET => Value::Secret(Secret::new(String::new())),
        LIST => Value::List((0..length(rows)?).map(|_| value(rows)).collect::<io::Result<_>>()?),
        MAP => Value::Map((0..length(rows)?).map(|_| member(rows)).collect::<io::Result<Map>>()?),
        _ => return Err(io::ErrorKind::InvalidData.into()),
    })
}

fn member(rows: &mut impl Read) -> io::Result<(String, Value)> {
    let [_] = array(rows)?;
    Ok((text(rows)?, value(rows)?))
}

fn array<const N: usize>(rows: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    rows.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn length(rows: &mut impl Read) -> io::Result<u64> {
    array(rows).map(u64::from_le_bytes)
}

fn bytes(rows: &mut impl Read) -> io::Result<Vec<u8>> {
    let (length, mut bytes) = (length(rows)?, Vec::new());
    match rows.take(length).read_to_end(&mut bytes)? as u64 == length {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn text(rows: &mut impl Read) -> io::Result<String> {
    String::from_utf8(bytes(rows)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::super::transcode::tests::any_value;
    use super::*;
    use proptest::prelude::*;

    fn make() -> io::Result<File> {
        tempfile::tempfile()
    }

    fn all(spool: &mut Spool<'_>) -> Vec<Value> {
        let mut found = Vec::new();
        spool
            .each(|row| {
                found.push(row.clone());
                Ok(())
            })
            .unwrap();
        found
    }

    #[test]
    fn many_rows_are_put_into_a_file_and_come_back_as_often_as_wanted() {
        let row = |n: i64| Value::from(Map::from_iter([("n", Value::Int(n)), ("text", "x".repeat(1000).into())]));
        for (count, in_a_file) in [(0, false), (3, false), (3000, true)] {
            let mut spool = Spool::of(&make);
            (0..count).for_each(|n| spool.push(&row(n)).unwrap());
            assert_eq!(spool.is_in_a_file(), in_a_file);
            assert!(spool.held.len() <= HELD);
            for _ in 0..2 {
                assert!(all(&mut spool) == (0..count).map(row).collect::<Vec<_>>(), "{count}");
            }
        }
    }

    #[test]
    fn a_secret_is_not_written() {
        let mut out = Vec::new();
        put(&Value::Secret(Secret::new("canary")), &mut out);
        assert_eq!(out, [SECRET]);
    }

    #[test]
    fn what_somebody_else_wrote_is_an_error() {
        for bytes in
            [&[11][..], &[TEXT, 9, 0, 0, 0, 0, 0, 0, 0, b'x'], &[NUMBER, 1, 0, 0, 0, 0, 0, 0, 0, b'x'], &[INT, 1]]
        {
            assert!(value(&mut &bytes[..]).is_err(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_row_comes_back_as_it_was(rows in prop::collection::vec(any_value(), 0..5)) {
            let mut spool = Spool::of(&make);
            for row in &rows {
                spool.push(row).unwrap();
                spool.overflow().unwrap();
            }
            prop_assert_eq!(all(&mut spool), rows);
        }
    }
}
