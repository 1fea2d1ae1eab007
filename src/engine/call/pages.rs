//! Reads a list page by page, whatever the service does at the end.
//!
//! No single sign of the end is trusted. A list ends at the total that the service states, at an empty or short page, and
//! at a page without anything new: some services repeat their last page, and others ignore the parameter.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use history::Millis;

use crate::engine::call::exchange::Exchange;
use crate::engine::call::progress::Progress;
use crate::engine::call::remarks::{self, PagedCall};
use crate::engine::call::sighted;
use crate::engine::state::error::CallError;
use crate::engine::state::page_error::PageError;
use codec::{DecodeError, MessageError, Next as Onward};
use model::provider::{PageStyle, Paging};
use model::{Arguments, Call, Map, Method, Type, Value, weight};

/// The most pages that are read.
const MOST_PAGES: usize = 1000;

/// Reads all pages of a list.
pub(crate) fn all(exchange: &mut Exchange<'_>, call: &Call) -> Result<Value, CallError> {
    let (members, list) = joined(exchange, call)?;
    list.notes().iter().for_each(|note| exchange.console.note(note));
    Ok(Value::List(members))
}

/// Reads a result, with all its pages. Also returns whether it is known to be complete.
pub(crate) fn whole(exchange: &mut Exchange<'_>, call: &Call) -> Result<(Value, bool), CallError> {
    if exchange.source.provider().paging_of(&call.method).is_some() {
        let (members, list) = joined(exchange, call)?;
        return Ok((Value::List(members), list.is_whole()));
    }
    let (value, aside) = exchange.value(call)?;
    let count = value.as_list().map(|list| list.len() as u64);
    let whole = aside.next.is_none() && aside.total.is_none_or(|total| count.is_some_and(|count| count >= total));
    remarks::warn(exchange, aside);
    Ok((value, whole))
}

/// All members in memory, and what is known of the list.
fn joined(exchange: &mut Exchange<'_>, call: &Call) -> Result<(Vec<Value>, Joined), CallError> {
    let mut pages = Pages::of(exchange, call)?;
    let (mut members, mut held) = (Vec::new(), 0);
    while let Some(page) = pages.next(false)? {
        held += page.iter().map(weight::of).sum::<u64>();
        if held > weight::MOST {
            let heavy = DecodeError::from(MessageError::Heavy { limit: weight::MOST, streams: true });
            return Err(pages.broken(heavy.into(), false));
        }
        members.extend(page);
    }
    Ok((members, pages.end()))
}

/// A list that is being read. While it lives, its progress is shown.
pub(crate) struct Pages<'x, 'e> {
    pub(crate) exchange: &'x mut Exchange<'e>,
    call: &'x Call,
    given: &'x Map,
    paging: &'x Paging,
    list: Joined,
    progress: Progress,
    /// How many pages were asked for.
    number: usize,
    begun: Millis,
    ended: bool,
}

impl<'x, 'e> Pages<'x, 'e> {
    /// Before the first page.
    pub(crate) fn of(exchange: &'x mut Exchange<'e>, call: &'x Call) -> Result<Pages<'x, 'e>, CallError> {
        let source = exchange.source;
        let paging = source.provider().paging_of(&call.method);
        let (Some(paging), Arguments::Named(given)) = (paging, &call.arguments) else {
            return Err(CallError::usage(format!("{} does not answer in pages", call.method.name), None));
        };
        let paged = PagedCall::of(call, paging);
        let sized = given.get(&paging.size).is_some() || call.method.param(&paging.size).is_none();
        let size = if sized { paged.size } else { paging.most.map(u64::from).or(paged.size) };
        let list = Joined { size, ..Joined::default() };
        let progress = Progress::of(call.method.name.clone(), exchange.console);
        exchange.wire.quiet(progress.is_live());
        let begun = history::now();
        Ok(Pages { exchange, call, given, paging, list, progress, number: 0, begun, ended: false })
    }

    /// The members of the next page that were on none before it; `None` after the last page. `passed` says whether a
    /// reader may already have seen earlier ones.
    pub(crate) fn next(&mut self, passed: bool) -> Result<Option<Vec<Value>>, CallError> {
        if self.ended {
            return Ok(None);
        }
        let method = &self.call.method;
        if self.list.circles {
            let (method, page, had) = (method.name.clone(), self.number, self.list.count);
            return Err(CallError::Page(Box::new(PageError::Circle { method, page, had, passed })));
        }
        if self.number == MOST_PAGES {
            let (method, had) = (method.name.clone(), self.list.count);
            return Err(CallError::Page(Box::new(PageError::Endless { method, most: MOST_PAGES, had, passed })));
        }
        self.number += 1;
        let Pages { exchange, progress, list, number, .. } = self;
        // Elsewhere, lines would pile up, and the result follows soon.
        if progress.is_live() {
            progress.show(exchange.console, exchange.redactor, &list.so_far(*number), list.percent());
        }
        let arguments = list.arguments(method, self.given, self.paging, *number);
        let one = Call { method: Arc::clone(method), arguments: Arguments::Named(arguments) };
        let place = list.address().map(str::to_owned);
        let (value, aside) = exchange.value_at(&one, place.as_deref()).map_err(|error| self.broken(error, passed))?;
        let (total, onward) = (aside.total, aside.next.clone());
        remarks::warn(self.exchange, aside);
        let Value::List(page) = value else {
            let (method, page) = (self.call.method.name.clone(), self.number);
            let error = PageError::NoList { method, page, kind: value.kind(), passed };
            return Err(CallError::Page(Box::new(error)));
        };
        let (fresh, next) = self.list.take(page, total);
        self.ended = next == Next::End;
        if self.paging.style.is_told() {
            self.ended = self.list.goes_on(onward, self.paging.says_the_end(), next) == Next::End;
        }
        Ok(Some(fresh))
    }

    /// Whether the page that was read last is the last.
    pub(crate) fn is_over(&self) -> bool {
        self.ended
    }

    /// Shows no more of the progress: what has come is on the screen.
    pub(crate) fn fall_silent(&mut self) {
        self.progress.silence(self.exchange.console);
        self.exchange.wire.quiet(true);
    }

    /// The error of a page. An error of the first page is that of the call itself.
    fn broken(&self, error: CallError, passed: bool) -> CallError {
        if self.number == 1 {
            return error;
        }
        let (method, page, had) = (self.call.method.name.clone(), self.number, self.list.count);
        CallError::Page(Box::new(PageError::Broken { method, page, had, passed, error: Box::new(error) }))
    }

    /// What is known of the list when no further page is read.
    pub(crate) fn end(mut self) -> Joined {
        let account = self.exchange.account.on_record();
        let whole = sighted::all_pages(self.exchange.source, account, self.call, self.begun);
        self.exchange.ledger.saw(whole.filter(|_| self.ended && self.list.is_whole()));
        std::mem::take(&mut self.list)
    }
}

impl Drop for Pages<'_, '_> {
    fn drop(&mut self) {
        self.progress.end(self.exchange.console);
        self.exchange.wire.quiet(false);
    }
}

/// Whether there may be another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Page,
    End,
}

/// What is known of the pages so far.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    /// How many members there are.
    count: usize,
    /// The keys of all members so far, hashed: a key may be as long as its member.
    seen: HashSet<u128>,
    /// The page size that is asked for.
    size: Option<u64>,
    /// How many members were received, including repeated ones.
    received: usize,
    /// The total number of members that the service stated last.
    total: Option<u64>,
    /// A page was as long as asked for: so the service uses the page size, and a shorter page is the last.
    measured: bool,
    /// A page contained nothing new.
    repeated: bool,
    /// How the answer says that the next page is asked for.
    onward: Option<Onward>,
    /// What was said before, hashed.
    told: HashSet<u128>,
    /// What is said to follow has been read already.
    circles: bool,
}

impl Joined {
    /// The arguments for a page.
    fn arguments(&self, method: &Method, given: &Map, paging: &Paging, number: usize) -> Map {
        let int = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let mut arguments = given.clone();
        let place = match (paging.style, &self.onward) {
            (PageStyle::Number, _) => Some(int(number)),
            (PageStyle::Offset, _) => Some(int(self.received)),
            (_, Some(Onward::Cursor(cursor))) => Some(typed(method, &paging.page, cursor)),
            _ => None,
        };
        if let Some(place) = place {
            arguments.insert(&*paging.page, place);
        }
        if let Some(size) = self.size {
            arguments.insert(&*paging.size, Value::Int(i64::try_from(size).unwrap_or(i64::MAX)));
        }
        arguments
    }

    /// The address that the service gave for the next page.
    fn address(&self) -> Option<&str> {
        match &self.onward {
            Some(Onward::Address(place)) => Some(place),
            _ => None,
        }
    }

    /// Whether a page follows, by what the answer says. `counted` is what its members say. If the answer leads back to
    /// what has been read, the list has no end.
    fn goes_on(&mut self, onward: Option<Onward>, says_the_end: bool, counted: Next) -> Next {
        self.onward = onward;
        let Some(next) = &self.onward else { return Next::End };
        if !says_the_end && counted == Next::End {
            return Next::End;
        }
        let (Onward::Cursor(place) | Onward::Address(place)) = next;
        self.circles = !self.told.insert(hashed(place)) || says_the_end && self.repeated;
        Next::Page
    }

    /// Counts a page, and returns its members without those that were on an earlier page: the list changed in between.
    fn take(&mut self, page: Vec<Value>, total: Option<u64>) -> (Vec<Value>, Next) {
        let came = page.len();
        let names: Vec<u128> = page.iter().map(|member| hashed(&name(member))).collect();
        let fresh: Vec<Value> = page
            .into_iter()
            .zip(&names)
            .filter(|(_, name)| !self.seen.contains(*name))
            .map(|(member, _)| member)
            .collect();
        self.repeated = came > 0 && fresh.is_empty();
        self.received += came;
        self.total = total.or(self.total);
        self.count += fresh.len();
        self.seen.extend(names);
        // A service may return smaller pages than it is asked for.
        let short = self.size.is_some_and(|size| (came as u64) < size);
        self.measured |= !short;
        let whole = match self.total {
            Some(total) => self.count as u64 >= total,
            None => short && self.measured,
        };
        (fresh, if came == 0 || self.repeated || whole { Next::End } else { Next::Page })
    }

    /// Whether all members were received, and none can have been missed because the list changed.
    fn is_whole(&self) -> bool {
        let count = self.count;
        let moved = self.received > count && !self.repeated;
        !moved && self.total.is_none_or(|total| total == count as u64)
    }

    /// Notes about an unusual end.
    pub(crate) fn notes(&self) -> Vec<String> {
        let count = self.count;
        let told = self.total.filter(|total| *total != count as u64);
        let mut notes: Vec<String> = told
            .map(|total| format!("note: the service reports {total} members but returned {count}"))
            .into_iter()
            .collect();
        match self.repeated {
            true if told.is_none() && self.measured => {
                notes.push("note: the last page contained nothing new; the list ends before it".into())
            }
            false if self.received > count => {
                notes.push(format!(
                    "note: {} came twice, because the list changed; each is included once",
                    self.received - count
                ));
            }
            _ => {}
        }
        notes
    }

    /// The progress in words.
    fn so_far(&self, page: usize) -> String {
        match self.total {
            Some(total) => format!("page {page}, {} of {total}", self.count),
            None => format!("page {page}, {} so far", self.count),
        }
    }

    fn percent(&self) -> Option<i64> {
        let done = (self.count as u64).saturating_mul(100).checked_div(self.total?)?;
        i64::try_from(done).ok()
    }
}

/// A cursor as the type that its parameter has.
fn typed(method: &Method, param: &str, cursor: &str) -> Value {
    let number = method.param(param).filter(|param| param.type_ == Type::Int).and_then(|_| Value::number(cursor));
    number.unwrap_or_else(|| cursor.into())
}

/// The key of a member: its id, or its whole value.
fn name(member: &Value) -> String {
    match member.get("id") {
        Some(id @ (Value::Text(_) | Value::Int(_))) => id.plain(),
        _ => format!("{member:?}"),
    }
}

/// Two hashes of a key: no two keys of a list have both in common.
fn hashed(name: &str) -> u128 {
    let [high, low] = [0_u8, 1].map(|first| {
        let mut hasher = DefaultHasher::new();
        (first, name).hash(&mut hasher);
        u128::from(hasher.finish())
    });
    high << 64 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Members with these ids.
    fn page(ids: std::ops::Range<i64>) -> Vec<Value> {
        ids.map(|id| Map::from_iter([("id", id)]).into()).collect()
    }

    #[test]
    fn a_list_ends_where_it_should() {
        let full = || vec![page(0..3), page(3..6), page(6..7)];
        for (pages, total, size, asked, members, note) in [
            (full(), Some(7), Some(3), 3, 7, ""),
            (full(), None, Some(3), 3, 7, ""),
            // Nobody knows how long a page is: an empty one is the end.
            ([full(), vec![vec![]]].concat(), None, None, 4, 7, ""),
            // The service repeats its last page.
            (vec![page(0..3), page(3..6), page(3..6)], None, Some(3), 3, 6, "nothing new"),
            (vec![page(0..3), page(3..6), page(3..6)], Some(6), Some(3), 2, 6, ""),
            (vec![page(0..3), page(3..6), page(3..6)], Some(9), Some(3), 3, 6, "reports 9 members but returned 6"),
            // It does not know the parameter, and gives the same again.
            (vec![page(0..3), page(0..3)], None, Some(3), 2, 3, "nothing new"),
            // It gives smaller pages than it is asked for, or has no more.
            (vec![page(0..2), page(2..4)], Some(4), Some(3), 2, 4, ""),
            (vec![page(0..2), page(2..4), page(4..5), vec![]], None, Some(3), 4, 5, ""),
            (vec![page(0..2), vec![]], None, Some(3), 2, 2, ""),
            (vec![page(0..2), page(0..2)], None, Some(3), 2, 2, ""),
            // The list moved while it was read.
            (vec![page(0..3), page(2..5), page(5..6)], None, Some(3), 3, 6, "1 came twice"),
            (vec![vec![]], Some(5), Some(3), 1, 0, "reports 5 members but returned 0"),
            (vec![page(0..3)], Some(2), Some(3), 1, 3, "reports 2 members but returned 3"),
        ] {
            let mut list = Joined { size, ..Joined::default() };
            let count = pages.len();
            let taken = pages.into_iter().take_while(|page| list.take(page.clone(), total).1 == Next::Page).count();
            assert_eq!((taken + 1, list.count), (asked, members), "{count} pages of {size:?}, {total:?} in all");
            let notes = list.notes().join("; ");
            assert!(notes.contains(note) && notes.is_empty() == note.is_empty(), "{notes:?} for {note:?}");
            assert_eq!(list.is_whole(), matches!(note, "" | "nothing new"), "{note:?}");
        }
    }

    #[test]
    fn pages_are_asked_for_by_number_or_by_what_came() {
        let paging = |style: &str| -> Paging {
            serde_json::from_str(&format!(r#"{{"style":"{style}","page":"p","size":"s"}}"#)).unwrap()
        };
        let method: Method = serde_json::from_str(r#"{"name":"a.b","params":[{"name":"p","type":"int"}]}"#).unwrap();
        for (style, size, arguments) in [
            ("number", Some(3), r#"{"filter":"x","p":2,"s":3}"#),
            ("offset", Some(3), r#"{"filter":"x","p":3,"s":3}"#),
            ("offset", None, r#"{"filter":"x","p":3}"#),
            ("cursor", Some(3), r#"{"filter":"x","p":7,"s":3}"#),
            ("url", None, r#"{"filter":"x"}"#),
        ] {
            let mut list = Joined { size, ..Joined::default() };
            assert_eq!(list.take(page(0..3), None), (page(0..3), Next::Page));
            list.onward = (style == "cursor").then(|| Onward::Cursor("7".into()));
            let given = list.arguments(&method, &Map::from_iter([("filter", "x")]), &paging(style), 2);
            assert_eq!(serde_json::to_string(&Value::Map(given)).unwrap(), arguments);
        }
    }

    #[test]
    fn a_list_goes_on_as_long_as_its_answers_say_so_but_not_in_a_circle() {
        for (pages, says_the_end, asked, circles) in [
            (vec![(page(0..2), Some("a")), (page(2..4), Some("b")), (page(4..5), None)], true, 3, false),
            // An empty page is not the end if the answer names another.
            (vec![(page(0..2), Some("a")), (vec![], Some("b")), (page(2..3), None)], true, 3, false),
            (vec![(page(0..2), Some("a")), (page(2..4), Some("a"))], true, 2, true),
            (vec![(page(0..2), Some("a")), (page(0..2), Some("b"))], true, 2, true),
            (vec![(page(0..2), Some("a")), (page(2..4), Some("b")), (page(4..6), Some("a"))], true, 3, true),
            // The last member is the cursor, and nothing says whether a page follows.
            (vec![(page(0..2), Some("1")), (page(2..4), Some("3")), (vec![], None)], false, 3, false),
            (vec![(page(0..2), Some("1")), (page(2..3), Some("2"))], false, 2, false),
            (vec![(page(0..2), Some("1")), (page(0..2), Some("1"))], false, 2, false),
        ] {
            let (mut list, mut read) = (Joined { size: Some(2), ..Joined::default() }, 0);
            for (page, onward) in pages {
                read += 1;
                let counted = list.take(page, None).1;
                let onward = onward.map(|place| Onward::Cursor(place.into()));
                if list.goes_on(onward, says_the_end, counted) == Next::End || list.circles {
                    break;
                }
            }
            assert_eq!((read, list.circles), (asked, circles));
        }
    }

    #[test]
    fn members_without_an_id_are_known_by_all_they_are() {
        let member = |a: i64| Value::Map(Map::from_iter([("a", a)]));
        assert_ne!(name(&member(1)), name(&member(2)));
        assert_eq!(name(&member(1)), name(&member(1)));
    }
}
