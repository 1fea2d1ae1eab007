//! Notes below a result: that it is only one page, and the provider's warnings.

use crate::engine::call::exchange::Exchange;
use crate::render::text;
use codec::Aside;
use model::provider::Paging;
use model::{Arguments, Call, Value};

/// Notes what the provider said in addition to the result, or left out.
pub(crate) fn tell(exchange: &mut Exchange<'_>, call: &Call, aside: Aside) {
    let paging = exchange.source.provider().paging_of(&call.method).map(|paging| PagedCall::of(call, paging));
    if let Some(note) = page_note(paging.as_ref(), &aside) {
        exchange.console.note(&note);
    }
    warn(exchange, aside);
}

/// Notes the provider's warnings, and what is unusual about the answer.
pub(crate) fn warn(exchange: &mut Exchange<'_>, aside: Aside) {
    for remark in &aside.remarks {
        // Names in it come from the provider.
        let remark = exchange.redactor.foreign(&remark.to_string()).into_owned();
        exchange.console.note(&format!("note: {}", text::abridged(&remark)));
    }
    if let Some(warning) = aside.warning {
        // A line from the provider must not look like one from this program.
        let warning = exchange.redactor.foreign(&warning);
        let warning = text::abridged(&warning).replace('\n', "\n  ");
        exchange.console.note(&format!("note: done with a warning: {warning}"));
    }
}

/// A call of a method that answers in pages.
pub(crate) struct PagedCall<'c> {
    pub(crate) paging: &'c Paging,
    /// The page size, if the call or the catalogue states it.
    pub(crate) size: Option<u64>,
}

impl<'c> PagedCall<'c> {
    /// A call of a method that has pages by this rule.
    pub(crate) fn of(call: &'c Call, paging: &'c Paging) -> PagedCall<'c> {
        let given = match &call.arguments {
            Arguments::Named(map) => map.get(&paging.size),
            Arguments::Positional(_) => None,
        };
        let usual = call.method.param(&paging.size).and_then(|param| param.default.as_ref());
        let size = given.or(usual).and_then(Value::as_int).and_then(|size| u64::try_from(size).ok());
        PagedCall { paging, size }
    }
}

/// A note that shows that a page is not the whole list.
fn page_note(call: Option<&PagedCall<'_>>, aside: &Aside) -> Option<String> {
    let members = aside.members?;
    let more = match aside.total {
        _ if call.is_some() && aside.next.is_some() => "note: this is one page of a longer list".into(),
        _ if call.is_some_and(|call| call.paging.says_the_end()) => return None,
        Some(total) if members >= total => return None,
        Some(total) => format!("note: this page is part of a list of {total}"),
        None if call?.size == Some(members) => "note: the page is full, so there may be more".into(),
        None => return None,
    };
    Some(match call {
        Some(call) if call.paging.page.is_empty() => format!("{more}; --all reads every page"),
        Some(call) => format!("{more}; --all reads every page, {} chooses another", call.paging.page),
        None => more,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use model::{Map, Method};

    #[test]
    fn an_answer_may_say_that_a_page_follows() {
        let list = r#"{"name":"a.b","effect":"read","returns":"list:dict","params":[{"name":"at"}]}"#;
        let method: Arc<Method> = Arc::new(serde_json::from_str(list).unwrap());
        let call = Call { method, arguments: Arguments::Named(Map::new()) };
        for (rule, next, total, note) in [
            (r#""style":"link""#, true, None, Some("note: this is one page of a longer list; --all reads every page")),
            (r#""style":"link""#, false, Some(50), None),
            (
                r#""style":"cursor","page":"at","next":"next""#,
                true,
                None,
                Some("note: this is one page of a longer list; --all reads every page, at chooses another"),
            ),
        ] {
            let paging: Paging = serde_json::from_str(&format!("{{{rule}}}")).unwrap();
            let next = next.then(|| codec::Next::Cursor("c".into()));
            let aside = Aside { next, total, members: Some(10), ..Aside::default() };
            assert_eq!(page_note(Some(&PagedCall::of(&call, &paging)), &aside).as_deref(), note, "{rule}");
        }
    }

    #[test]
    fn one_page_is_distinguished_from_the_whole_list() {
        let paging: Paging = serde_json::from_str(r#"{"style":"offset","page":"from","size":"most"}"#).unwrap();
        let paged =
            r#"{"name":"a.b","params":[{"name":"from","type":"int"},{"name":"most","type":"int","default":50}]}"#;
        for (method, given, members, total, note) in [
            (paged, None, Some(50), None, Some("the page is full, so there may be more; --all")),
            (paged, None, Some(49), None, None),
            (paged, Some(49), Some(49), None, Some("full")),
            (paged, Some(49), Some(50), None, None),
            (paged, None, Some(50), Some(50), None),
            (
                paged,
                None,
                Some(10),
                Some(50),
                Some("this page is part of a list of 50; --all reads every page, from chooses another"),
            ),
            (paged, None, None, Some(50), None),
            (r#"{"name":"a.c"}"#, None, Some(50), None, None),
            (r#"{"name":"a.c"}"#, None, Some(50), Some(60), Some("this page is part of a list of 60")),
        ] {
            let given: Map = given.into_iter().map(|size: i64| ("most", size)).collect();
            let method: Arc<Method> = Arc::new(serde_json::from_str(method).unwrap());
            let call = Call { method, arguments: Arguments::Named(given) };
            let aside = Aside { total, members, ..Aside::default() };
            let paged = paging.has_pages(&call.method).then(|| PagedCall::of(&call, &paging));
            let said = page_note(paged.as_ref(), &aside);
            let fits =
                said.as_deref().zip(note).map_or(said.is_none() && note.is_none(), |(said, note)| said.contains(note));
            assert!(fits, "{members:?} of {total:?}: {said:?}");
        }
    }
}
