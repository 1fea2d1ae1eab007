//! Reads a list page by page and returns all its members as one list, whatever the service does at the end.
//!
//! No single sign of the end is trusted. A list ends at the total that the service states, at an empty or short page, and
//! at a page without anything new: some services repeat their last page, and others ignore the parameter.

use std::collections::HashSet;
use std::sync::Arc;

use crate::engine::call::exchange::Exchange;
use crate::engine::call::progress::Progress;
use crate::engine::call::remarks::{self, PagedCall};
use crate::engine::call::sighted;
use crate::engine::state::error::CallError;
use crate::engine::state::page_error::PageError;
use codec::{DecodeError, MessageError};
use model::provider::{PageStyle, Paging};
use model::{Arguments, Call, Map, Value, weight};

/// The most pages that are read.
const MOST_PAGES: usize = 1000;

/// Reads all pages of a list.
pub(crate) fn all(exchange: &mut Exchange<'_>, call: &Call) -> Result<Value, CallError> {
    let list = shown(exchange, call)?;
    list.notes().iter().for_each(|note| exchange.console.note(note));
    Ok(Value::List(list.members))
}

/// Reads a result, with all its pages. Also returns whether it is known to be complete.
pub(crate) fn whole(exchange: &mut Exchange<'_>, call: &Call) -> Result<(Value, bool), CallError> {
    let paging = exchange.source.provider().paging.as_ref();
    if paging.and_then(|paging| PagedCall::of(call, paging)).is_some() {
        let list = shown(exchange, call)?;
        let whole = list.is_whole();
        return Ok((Value::List(list.members), whole));
    }
    let (value, aside) = exchange.value(call)?;
    let count = value.as_list().map(|list| list.len() as u64);
    let whole = aside.total.is_none_or(|total| count.is_some_and(|count| count >= total));
    remarks::warn(exchange, aside);
    Ok((value, whole))
}

fn shown(exchange: &mut Exchange<'_>, call: &Call) -> Result<Joined, CallError> {
    let mut progress = Progress::of(call.method.name.clone(), exchange.console);
    exchange.wire.quiet(progress.is_live());
    let list = joined(exchange, call, &mut progress);
    progress.end(exchange.console);
    exchange.wire.quiet(false);
    list
}

fn joined(exchange: &mut Exchange<'_>, call: &Call, progress: &mut Progress) -> Result<Joined, CallError> {
    let method = &call.method.name;
    let paged = exchange.source.provider().paging.as_ref().and_then(|paging| PagedCall::of(call, paging));
    let (Some(paged), Arguments::Named(given)) = (paged, &call.arguments) else {
        return Err(CallError::usage(format!("{method} does not answer in pages"), None));
    };
    let sized = given.get(&paged.paging.size).is_some();
    let size = if sized { paged.size } else { paged.paging.most.map(u64::from).or(paged.size) };
    let mut list = Joined { size, ..Joined::default() };
    let begun = history::now();
    for number in 1..=MOST_PAGES {
        // Elsewhere, lines would pile up, and the result follows soon.
        if progress.is_live() {
            progress.show(exchange.console, exchange.redactor, &list.so_far(number), list.percent());
        }
        let arguments = list.arguments(given, paged.paging, number);
        let one = Call { method: Arc::clone(&call.method), arguments: Arguments::Named(arguments) };
        let (value, aside) = exchange.value(&one).map_err(|error| list.broken(method, number, error))?;
        let total = aside.total;
        remarks::warn(exchange, aside);
        let Value::List(page) = value else {
            let error = PageError::NoList { method: method.clone(), page: number, kind: value.kind() };
            return Err(CallError::Page(Box::new(error)));
        };
        list.weight += page.iter().map(weight::of).sum::<u64>();
        if list.weight > weight::MOST {
            let heavy = DecodeError::from(MessageError::Heavy { limit: weight::MOST, streams: false });
            return Err(list.broken(method, number, heavy.into()));
        }
        if list.take(page, total) == Next::End {
            let account = exchange.account.on_record();
            exchange.ledger.saw(sighted::all_pages(exchange.source, account, call, begun).filter(|_| list.is_whole()));
            return Ok(list);
        }
    }
    let had = list.members.len();
    Err(CallError::Page(Box::new(PageError::Endless { method: method.clone(), most: MOST_PAGES, had })))
}

/// Whether there may be another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Page,
    End,
}

/// The pages so far.
#[derive(Debug, Default)]
struct Joined {
    members: Vec<Value>,
    /// The keys of all members so far.
    seen: HashSet<String>,
    /// The page size that is asked for.
    size: Option<u64>,
    /// How many members were received, including repeated ones.
    received: usize,
    /// The memory that they use.
    weight: u64,
    /// The total number of members that the service stated last.
    total: Option<u64>,
    /// A page was as long as asked for: so the service uses the page size, and a shorter page is the last.
    measured: bool,
    /// A page contained nothing new.
    repeated: bool,
}

impl Joined {
    /// The arguments for a page.
    fn arguments(&self, given: &Map, paging: &Paging, number: usize) -> Map {
        let int = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let mut arguments = given.clone();
        let place = match paging.style {
            PageStyle::Number => int(number),
            PageStyle::Offset => int(self.received),
        };
        arguments.insert(&*paging.page, place);
        if let Some(size) = self.size {
            arguments.insert(&*paging.size, Value::Int(i64::try_from(size).unwrap_or(i64::MAX)));
        }
        arguments
    }

    /// Adds a page. Members that were on an earlier page count once: the list changed in between.
    fn take(&mut self, page: Vec<Value>, total: Option<u64>) -> Next {
        let came = page.len();
        let names: Vec<String> = page.iter().map(name).collect();
        let fresh: Vec<Value> = page
            .into_iter()
            .zip(&names)
            .filter(|(_, name)| !self.seen.contains(*name))
            .map(|(member, _)| member)
            .collect();
        self.repeated = came > 0 && fresh.is_empty();
        self.received += came;
        self.total = total.or(self.total);
        self.members.extend(fresh);
        self.seen.extend(names);
        // A service may return smaller pages than it is asked for.
        let short = self.size.is_some_and(|size| (came as u64) < size);
        self.measured |= !short;
        let whole = match self.total {
            Some(total) => self.members.len() as u64 >= total,
            None => short && self.measured,
        };
        if came == 0 || self.repeated || whole { Next::End } else { Next::Page }
    }

    /// Whether all members were received, and none can have been missed because the list changed.
    fn is_whole(&self) -> bool {
        let count = self.members.len();
        let moved = self.received > count && !self.repeated;
        !moved && self.total.is_none_or(|total| total == count as u64)
    }

    /// Notes about an unusual end.
    fn notes(&self) -> Vec<String> {
        let count = self.members.len();
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
            Some(total) => format!("page {page}, {} of {total}", self.members.len()),
            None => format!("page {page}, {} so far", self.members.len()),
        }
    }

    fn percent(&self) -> Option<i64> {
        let done = (self.members.len() as u64).saturating_mul(100).checked_div(self.total?)?;
        i64::try_from(done).ok()
    }

    /// The error of a page. An error of the first page is that of the call itself.
    fn broken(&self, method: &str, page: usize, error: CallError) -> CallError {
        if page == 1 {
            return error;
        }
        let had = self.members.len();
        CallError::Page(Box::new(PageError::Broken { method: method.to_owned(), page, had, error: Box::new(error) }))
    }
}

/// The key of a member: its id, or its whole value.
fn name(member: &Value) -> String {
    match member.get("id") {
        Some(id @ (Value::Text(_) | Value::Int(_))) => id.plain(),
        _ => format!("{member:?}"),
    }
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
            let taken = pages.into_iter().take_while(|page| list.take(page.clone(), total) == Next::Page).count();
            assert_eq!(
                (taken + 1, list.members.len()),
                (asked, members),
                "{count} pages of {size:?}, {total:?} in all"
            );
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
        for (style, size, arguments) in [
            ("number", Some(3), r#"{"filter":"x","p":2,"s":3}"#),
            ("offset", Some(3), r#"{"filter":"x","p":3,"s":3}"#),
            ("offset", None, r#"{"filter":"x","p":3}"#),
        ] {
            let mut list = Joined { size, ..Joined::default() };
            assert_eq!(list.take(page(0..3), None), Next::Page);
            let given = list.arguments(&Map::from_iter([("filter", "x")]), &paging(style), 2);
            assert_eq!(serde_json::to_string(&Value::Map(given)).unwrap(), arguments);
        }
    }

    #[test]
    fn members_without_an_id_are_known_by_all_they_are() {
        let member = |a: i64| Value::Map(Map::from_iter([("a", a)]));
        assert_ne!(name(&member(1)), name(&member(2)));
        assert_eq!(name(&member(1)), name(&member(1)));
    }
}
