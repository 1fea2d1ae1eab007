//! How long lists are read page by page, as the parameters of lists show it.

use std::collections::BTreeMap;

use model::{Map, Value};

use super::params::{name, wire};
use super::result::Returned;
use super::schema::Schema;

/// Parameters that choose a page by its number, and by the members before it.
const NUMBERS: [&str; 3] = ["page", "page_number", "pageNumber"];
const OFFSETS: [&str; 2] = ["offset", "skip"];
/// Parameters for the number of members on a page.
const SIZES: [&str; 8] = ["per_page", "page_size", "perPage", "pageSize", "limit", "size", "count", "top"];
/// Fields with the total number of members.
const TOTALS: [&str; 6] = ["total", "total_entries", "total_count", "totalCount", "count", "results"];
/// Where such a field can be.
const AROUND: [&str; 4] = ["meta", "pagination", "paging", "page"];

/// How a list is read page by page: style, page, size.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pages {
    style: &'static str,
    page: String,
    size: String,
}

/// The rule of most lists, for the provider.
pub(crate) fn paging<'a, 'd: 'a>(methods: impl Iterator<Item = (&'a [Map], &'a Returned<'d>)>) -> Option<Map> {
    let mut counts: BTreeMap<Pages, usize> = BTreeMap::new();
    let mut totals: BTreeMap<String, usize> = BTreeMap::new();
    let mut most: BTreeMap<i64, usize> = BTreeMap::new();
    for (params, returned) in methods.filter(|(_, returned)| returned.is_list()) {
        let Some(pages) = pages(params) else { continue };
        if let Some(total) = returned.envelope.as_ref().and_then(total) {
            *totals.entry(total).or_default() += 1;
        }
        let size = params.iter().find(|param| name(param) == pages.size);
        if let Some(largest) = size.and_then(|param| param.get("max")).and_then(Value::as_int) {
            *most.entry(largest).or_default() += 1;
        }
        *counts.entry(pages).or_default() += 1;
    }
    let pages = commonest(counts)?;
    let mut rule = Map::from_iter([("style", pages.style.to_owned()), ("page", pages.page), ("size", pages.size)]);
    if let Some(total) = commonest(totals) {
        rule.insert("total", total);
    }
    if let Some(most) = commonest(most).filter(|most| (1..=100_000).contains(most)) {
        rule.insert("most", most);
    }
    Some(rule)
}

fn commonest<K: Ord>(counts: BTreeMap<K, usize>) -> Option<K> {
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(key, _)| key)
}

/// The pages that the parameters of a method choose.
fn pages(params: &[Map]) -> Option<Pages> {
    let find = |names: &[&str]| {
        names
            .iter()
            .find_map(|wanted| params.iter().find(|param| wire(param) == *wanted))
            .map(|param| name(param).to_owned())
    };
    let size = find(&SIZES)?;
    let (style, page) = match (find(&NUMBERS), find(&OFFSETS)) {
        (Some(page), _) => ("number", page),
        (None, Some(page)) => ("offset", page),
        (None, None) => return None,
    };
    Some(Pages { style, page, size })
}

/// The path of the total number in what is around a list.
fn total(envelope: &Schema<'_>) -> Option<String> {
    total_in(envelope, 2)
}

fn total_in(schema: &Schema<'_>, left: usize) -> Option<String> {
    let counts = |wanted: &&&str| schema.property(wanted).is_some_and(|property| property.schema().kinds.integer);
    if let Some(found) = TOTALS.iter().find(counts) {
        return Some((*found).to_owned());
    }
    let inner = |wanted: &&str| {
        let property = schema.property(wanted)?.schema();
        Some(format!("{wanted}.{}", total_in(&property, left.checked_sub(1)?)?))
    };
    AROUND.iter().find_map(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;
    use crate::node::Node;
    use model::Type;

    #[test]
    fn the_pages_of_most_lists_are_those_of_the_provider() {
        let schema = r#"{"properties":{"meta":{"properties":{"pagination":{"properties":{"total_entries":{"type":["integer","null"]}}}}}}}"#;
        let library = Library::of(serde_json::from_str(schema).unwrap());
        let envelope = Schema::of(Node::root(&library).unwrap());
        let list = || Returned {
            type_: Type::List(Box::new(Type::Any)),
            envelope: Some(envelope.clone()),
            ..Returned::default()
        };
        let params = |names: &[&str]| -> Vec<Map> {
            names.iter().map(|name| Map::from_iter([("name", Value::from(*name)), ("max", Value::Int(50))])).collect()
        };
        let lists = [
            params(&["page", "per_page"]),
            params(&["limit", "offset"]),
            params(&["page", "per_page", "x"]),
            params(&["page"]),
        ];
        let all: Vec<(&[Map], Returned<'_>)> = lists.iter().map(|params| (params.as_slice(), list())).collect();
        let rule = paging(all.iter().map(|(params, returned)| (*params, returned))).unwrap();
        let text = serde_json::to_string(&Value::Map(rule)).unwrap();
        assert_eq!(
            text,
            r#"{"style":"number","page":"page","size":"per_page","total":"meta.pagination.total_entries","most":50}"#
        );
        let one = Returned::default();
        assert!(paging([(lists[0].as_slice(), &one)].into_iter()).is_none());
    }
}
