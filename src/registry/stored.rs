//! A catalogue in a file: its names are read when they are listed, and each method and shape when it is needed, so that a
//! start does not grow with the catalogue.
//!
//! The file begins with the lengths of its parts. The names of methods, aliases and shapes are one text, with tables of
//! where each of them is. The descriptions of methods and shapes are behind that, and are never read as a whole.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use super::entry::{Entry, Other, search};

/// How the file begins; the digit is the version of its form.
const MAGIC: &[u8; 8] = b"marsh.1\n";
/// The numbers behind that: the lengths of the parts in bytes, or how many rows they have.
const NUMBERS: usize = 8;
/// The length of both.
const HEAD: usize = MAGIC.len() + 4 * NUMBERS;
/// The most bytes of names and tables.
const LONGEST: usize = 64 * 1024 * 1024;

/// The place where the file is.
pub trait Store: fmt::Debug + Send + Sync {
    /// Some bytes of it; `None` if they are not there or cannot be read.
    fn read(&self, at: u64, length: usize) -> Option<Vec<u8>>;
}

/// The parts of a catalogue, to be stored.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The provider's rules as JSON.
    pub provider: String,
    /// How it answers views, as a JSON list.
    pub views: String,
    /// What else is known about it, for the program that stored it.
    pub info: String,
    /// The methods: name, summary, whether it is deprecated, and the whole entry as JSON.
    pub methods: Vec<(String, String, bool, String)>,
    /// Aliases of methods, each with its method's own name.
    pub aliases: Vec<(String, String)>,
    /// The shapes: name, and the whole entry as JSON.
    pub shapes: Vec<(String, String)>,
}

/// The file. `Err` if it would be too long.
pub fn store(mut parts: Parts) -> Result<Vec<u8>, String> {
    parts.methods.sort();
    parts.aliases.sort();
    parts.shapes.sort();
    let (mut names, mut records) = (Section::default(), Section::default());
    let mut rows: Vec<u32> = Vec::new();
    for (name, summary, deprecated, json) in &parts.methods {
        let ([begin, middle], [_, end]) = (names.add(name)?, names.add(summary)?);
        rows.extend([begin, middle, end, u32::from(*deprecated)]);
        rows.extend(records.add(json)?);
    }
    for (alias, method) in &parts.aliases {
        let ([begin, middle], [_, end]) = (names.add(alias)?, names.add(method)?);
        rows.extend([begin, middle, end]);
    }
    for (name, json) in &parts.shapes {
        rows.extend(names.add(name)?);
        rows.extend(records.add(json)?);
    }
    let lengths = [parts.provider.len(), parts.views.len(), parts.info.len(), names.0.len()];
    let counts = [parts.methods.len(), parts.aliases.len(), parts.shapes.len(), 0];
    let mut file = MAGIC.to_vec();
    for number in lengths.into_iter().chain(counts) {
        file.extend(short(number)?.to_le_bytes());
    }
    for text in [&parts.provider, &parts.views, &parts.info, &names.0] {
        file.extend(text.as_bytes());
    }
    rows.iter().for_each(|number| file.extend(number.to_le_bytes()));
    file.extend(records.0.as_bytes());
    Ok(file)
}

/// Texts behind each other.
#[derive(Default)]
struct Section(String);

impl Section {
    /// Adds one, and says where it begins and ends.
    fn add(&mut self, text: &str) -> Result<[u32; 2], String> {
        let begin = short(self.0.len())?;
        self.0.push_str(text);
        Ok([begin, short(self.0.len())?])
    }
}

fn short(number: usize) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| "the catalogue is too long".to_owned())
}

/// A stored catalogue. The names of all methods are read together when they are listed; one of them is looked up in the
/// file, so that a single call reads next to nothing.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    /// Where the names begin.
    names: u64,
    /// Name, summary, whether it is deprecated, and entry: where each begins and ends.
    methods: Table,
    aliases: Table,
    shapes: Table,
    /// Where the descriptions begin: behind names and tables.
    records: u64,
    /// Names and tables, once they have been read.
    front: Arc<OnceLock<Vec<u8>>>,
    /// The name that was looked up last, and its place: a call asks for the same one many times.
    last: Arc<Mutex<(String, Option<usize>)>>,
    store: Arc<dyn Store>,
}

/// Rows of numbers in a file.
#[derive(Clone, Copy, Debug)]
struct Table {
    at: u64,
    rows: usize,
}

/// Opens a file, and reads the provider's rules and its views. `Err` says what is wrong with it.
pub(super) fn open(store: Arc<dyn Store>) -> Result<Opened, &'static str> {
    let head = Head::read(&*store).ok_or("it is not a stored catalogue of this version")?;
    head.open(store).ok_or("it is damaged")
}

/// What else was stored with a catalogue; `None` if it is not one.
pub fn info(store: &dyn Store) -> Option<String> {
    let head = Head::read(store)?;
    let [provider, views, info, ..] = head.numbers;
    String::from_utf8(store.read((HEAD + provider + views) as u64, info)?).ok()
}

/// The lengths of the parts.
struct Head {
    numbers: [usize; NUMBERS],
}

/// What is read of a file at once.
pub(super) struct Opened {
    pub(super) provider: String,
    pub(super) views: String,
    pub(super) stored: Stored,
}

impl Head {
    fn read(store: &dyn Store) -> Option<Head> {
        let bytes = store.read(0, HEAD)?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let mut numbers = [0; NUMBERS];
        for (number, four) in numbers.iter_mut().zip(rest.chunks_exact(4)) {
            *number = u32::from_le_bytes(four.try_into().ok()?) as usize;
        }
        let head = Head { numbers };
        (head.length()? <= LONGEST).then_some(head)
    }

    /// The bytes between the head and the descriptions.
    fn length(&self) -> Option<usize> {
        let [provider, views, info, names, methods, aliases, shapes, _] = self.numbers;
        let rows = methods.checked_mul(6)?.checked_add(aliases.checked_mul(3)?)?.checked_add(shapes.checked_mul(4)?)?;
        provider.checked_add(views)?.checked_add(info)?.checked_add(names)?.checked_add(rows.checked_mul(4)?)
    }

    fn open(&self, store: Arc<dyn Store>) -> Option<Opened> {
        let [provider, views, info, names, methods, aliases, shapes, _] = self.numbers;
        let records = HEAD + self.length()?;
        // What is behind it is not read now, but it must be there.
        store.read((records - 1) as u64, 1)?;
        let text = |at: usize, length: usize| String::from_utf8(store.read(at as u64, length)?).ok();
        let (provider, views) = (text(HEAD, provider)?, text(HEAD + provider, views)?);
        let names_at = HEAD + provider.len() + views.len() + info;
        let mut at = names_at + names;
        let mut table = |rows: usize, numbers: usize| {
            let table = Table { at: at as u64, rows };
            at += 4 * rows * numbers;
            table
        };
        let (methods, aliases, shapes) = (table(methods, 6), table(aliases, 3), table(shapes, 4));
        let (names, records) = (names_at as u64, records as u64);
        let (front, last) = (Arc::default(), Arc::default());
        let stored = Stored { names, methods, aliases, shapes, records, front, last, store };
        Some(Opened { provider, views, stored })
    }
}

impl Stored {
    pub(super) fn methods(&self) -> usize {
        self.methods.rows
    }

    pub(super) fn aliases(&self) -> usize {
        self.aliases.rows
    }

    pub(super) fn entry(&self, at: usize) -> Option<Entry<'_>> {
        let front = self.front();
        let [begin, middle, end, deprecated, ..] = self.row::<6>(self.methods, at)?;
        let name = |begin: u32, end: u32| str::from_utf8(front.get(begin as usize..end as usize)?).ok();
        Some(Entry { name: name(begin, middle)?, summary: name(middle, end)?, deprecated: deprecated == 1 })
    }

    pub(super) fn alias(&self, at: usize) -> Option<Other<'_>> {
        let front = self.front();
        let [begin, middle, end] = self.row(self.aliases, at)?;
        let name = |begin: u32, end: u32| str::from_utf8(front.get(begin as usize..end as usize)?).ok();
        Some(Other { name: name(begin, middle)?, method: name(middle, end)? })
    }

    /// The place of the method with that name or alias.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let Ok(mut last) = self.last.lock() else { return self.look_up(name) };
        if name.is_empty() || last.0 != name {
            *last = (name.to_owned(), self.look_up(name));
        }
        last.1
    }

    fn look_up(&self, name: &str) -> Option<usize> {
        let own = |name: &[u8]| self.find::<6>(self.methods, name);
        let other = || {
            let [_, begin, end] = self.row(self.aliases, self.find::<3>(self.aliases, name.as_bytes())?)?;
            own(&self.name(begin, end)?)
        };
        own(name.as_bytes()).or_else(other)
    }

    /// The whole entry of a method, as JSON.
    pub(super) fn record(&self, at: usize) -> Option<String> {
        let [.., begin, end] = self.row::<6>(self.methods, at)?;
        self.text(begin, end)
    }

    /// All shapes as JSON, sorted by name; none if one cannot be read.
    pub(super) fn all_shapes(&self) -> Option<Vec<String>> {
        let shape = |at| self.row::<4>(self.shapes, at).and_then(|[_, _, begin, end]| self.text(begin, end));
        (0..self.shapes.rows).map(shape).collect()
    }

    /// The shape of that name, as JSON.
    pub(super) fn shape(&self, name: &str) -> Option<String> {
        let at = self.find::<4>(self.shapes, name.as_bytes())?;
        self.row::<4>(self.shapes, at).and_then(|[_, _, begin, end]| self.text(begin, end))
    }

    /// Names and tables, which are read when they are first listed; empty if they cannot be read.
    fn front(&self) -> &[u8] {
        let length = usize::try_from(self.records.saturating_sub(self.names)).unwrap_or_default();
        self.front.get_or_init(|| self.store.read(self.names, length).unwrap_or_default())
    }

    /// Some bytes of names and tables: from memory if they are there.
    fn part(&self, at: u64, length: usize) -> Option<Cow<'_, [u8]>> {
        let Some(front) = self.front.get() else { return self.store.read(at, length).map(Cow::Owned) };
        let begin = usize::try_from(at.checked_sub(self.names)?).ok()?;
        front.get(begin..begin.checked_add(length)?).map(Cow::Borrowed)
    }

    fn row<const N: usize>(&self, table: Table, at: usize) -> Option<[u32; N]> {
        let bytes = self.part(table.at + (4 * N * at) as u64, 4 * N).filter(|_| at < table.rows)?;
        let mut row = [0; N];
        for (to, four) in row.iter_mut().zip(bytes.chunks_exact(4)) {
            *to = u32::from_le_bytes(four.try_into().ok()?);
        }
        Some(row)
    }

    fn name(&self, begin: u32, end: u32) -> Option<Cow<'_, [u8]>> {
        self.part(self.names + u64::from(begin), end.checked_sub(begin)? as usize)
    }

    /// The row that begins with a name.
    fn find<const N: usize>(&self, table: Table, wanted: &[u8]) -> Option<usize> {
        search(table.rows, |at| {
            let row = self.row::<N>(table, at)?;
            let (begin, middle) = (row.first()?, row.get(1)?);
            Some(self.name(*begin, *middle)?.as_ref().cmp(wanted))
        })
    }

    fn text(&self, begin: u32, end: u32) -> Option<String> {
        let length = end.checked_sub(begin)? as usize;
        String::from_utf8(self.store.read(self.records + u64::from(begin), length)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Held(Vec<u8>);

    impl Store for Held {
        fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
            let at = usize::try_from(at).ok()?;
            self.0.get(at..at.checked_add(length)?).map(<[u8]>::to_vec)
        }
    }

    #[test]
    fn each_part_is_found_where_it_was_put() {
        let parts = Parts {
            provider: "p".into(),
            views: "v".into(),
            info: "i".into(),
            methods: vec![("b".into(), "B".into(), false, "{b}".into()), ("a".into(), "A".into(), true, "{a}".into())],
            aliases: vec![("x".into(), "a".into())],
            shapes: vec![("s".into(), "{s}".into()), ("r".into(), "{r}".into())],
        };
        let bytes = store(parts).unwrap();
        assert_eq!(info(&Held(bytes.clone())).as_deref(), Some("i"));
        let Opened { provider, views, stored } = open(Arc::new(Held(bytes))).ok().unwrap();
        assert_eq!((provider.as_str(), views.as_str()), ("p", "v"));
        assert_eq!((stored.methods(), stored.aliases()), (2, 1));
        let found = |name: &str| stored.position(name);
        let unread = [found("a"), found("b"), found("x"), found("c"), found("")];
        assert_eq!(unread, [Some(0), Some(1), Some(0), None, None]);
        assert!(stored.front.get().is_none());
        let entry = stored.entry(0).unwrap();
        assert_eq!((entry.name, entry.summary, entry.deprecated), ("a", "A", true));
        assert_eq!((stored.record(1).as_deref(), stored.record(2)), (Some("{b}"), None));
        assert_eq!(stored.alias(0), Some(Other { name: "x", method: "a" }));
        assert_eq!((stored.shape("s").as_deref(), stored.shape("t")), (Some("{s}"), None));
        assert_eq!(stored.all_shapes().unwrap(), ["{r}", "{s}"]);
        assert!(stored.front.get().is_some());
        assert_eq!([found("a"), found("b"), found("x"), found("c"), found("")], unread);
    }
}
