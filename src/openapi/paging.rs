//! How a long list is read page by page, as the parameters and the answer of an operation show it.
//!
//! What the service counts is preferred to an address that it gives: the addresses of a service behind a proxy are often
//! those of another host, where the key must not go.

use model::{Map, Value};

use super::entry::{name, wire};
use super::result::Returned;
use super::schema::Schema;
use super::words::small;

/// Parameters that choose a page by its number, and by the members before it.
const NUMBERS: [&str; 3] = ["page", "page_number", "pagenumber"];
const OFFSETS: [&str; 4] = ["offset", "skip", "start", "page_offset"];
/// Parameters that take what an answer says about the next page.
const CURSORS: [&str; 13] = [
    "cursor",
    "page_token",
    "next_token",
    "page_cursor",
    "continue",
    "continuation_token",
    "continuation",
    "starting_after",
    "start_after",
    "after",
    "marker",
    "next_cursor",
    "page",
];
/// Those that take the last member.
const LAST: [&str; 4] = ["starting_after", "start_after", "after", "marker"];
/// Parameters for the number of members on a page.
const SIZES: [&str; 9] =
    ["per_page", "page_size", "perpage", "pagesize", "limit", "size", "count", "top", "max_results"];
/// Fields with the total number of members.
const TOTALS: [&str; 7] = ["total", "total_entries", "total_count", "total_results", "total_items", "count", "results"];
/// Fields with what the next page is asked for with.
const TOKENS: [&str; 11] = [
    "next_cursor",
    "next_page_token",
    "next_token",
    "next_page_cursor",
    "continue",
    "continuation_token",
    "next_page",
    "next_marker",
    "next",
    "end_cursor",
    "after",
];
/// Fields with the address of the next page.
const ADDRESSES: [&str; 5] = ["next", "next_url", "next_link", "next_page_url", "next_page"];
/// Where such fields can be.
const AROUND: [&str; 11] = [
    "meta",
    "metadata",
    "pagination",
    "paging",
    "page",
    "pages",
    "links",
    "page_info",
    "cursors",
    "response_metadata",
    "next",
];

/// What is known of an operation whose list may come in pages.
pub(crate) struct Asked<'a, 'd> {
    pub(crate) params: &'a [Map],
    pub(crate) returned: &'a Returned<'d>,
    /// The headers of the answer.
    pub(crate) headers: &'a [&'d str],
    /// Other lists of the document have the address of the next page in a header.
    pub(crate) linked: bool,
}

/// Whether the next page is in the header `Link`.
pub(crate) fn links(headers: &[&str]) -> bool {
    headers.iter().any(|header| header.eq_ignore_ascii_case("link"))
}

/// How a list is read page by page. `None` if it has no pages.
pub(crate) fn paging(asked: &Asked<'_, '_>) -> Option<Map> {
    if !asked.returned.is_list() {
        return None;
    }
    let size = asked.param(&SIZES);
    let rule = asked.by_link(links(asked.headers)).or_else(|| asked.counted(true));
    let rule = rule.or_else(|| asked.by_address()).or_else(|| asked.by_cursor());
    let rule = rule.or_else(|| asked.counted(false));
    let mut rule = rule.or_else(|| asked.by_link(asked.linked && asked.param(&CURSORS).is_some()))?;
    if let Some(size) = size {
        rule.insert("size", name(size));
        let most = size.get("max").and_then(Value::as_int).filter(|most| (1..=100_000).contains(most));
        if let Some(most) = most {
            rule.insert("most", most);
        }
    }
    Some(rule)
}

impl<'d> Asked<'_, 'd> {
    fn param(&self, names: &[&str]) -> Option<&Map> {
        let called = |param: &&Map, wanted: &str| small(wire(param)).as_deref() == Some(wanted);
        names.iter().find_map(|wanted| self.params.iter().find(|param| called(param, wanted)))
    }

    /// The path of a field around the list.
    fn around(&self, names: &[&str], fits: &dyn Fn(&Schema<'d>) -> bool) -> Option<String> {
        found(self.returned.envelope.as_ref()?, names, fits, 2)
    }

    fn by_link(&self, is_given: bool) -> Option<Map> {
        is_given.then(|| Map::from_iter([("style", "link")]))
    }

    /// Pages that are counted: `whole` if the answer says how many members there are.
    fn counted(&self, whole: bool) -> Option<Map> {
        self.param(&SIZES)?;
        let (style, page) = match (self.param(&NUMBERS), self.param(&OFFSETS)) {
            (Some(page), _) => ("number", page),
            (None, Some(page)) => ("offset", page),
            (None, None) => return None,
        };
        // What is no number is a cursor, if the answer gives one.
        let token = page.get("type").and_then(Value::as_str) == Some("string") && self.token().is_some();
        let total = self.around(&TOTALS, &|it| it.kinds.integer || it.kinds.number);
        if token || whole && total.is_none() {
            return None;
        }
        let mut rule = Map::from_iter([("style", style), ("page", name(page))]);
        if let Some(total) = total {
            rule.insert("total", total);
        }
        Some(rule)
    }

    /// The address of the next page is in the answer.
    fn by_address(&self) -> Option<Map> {
        let says_so = |it: &Schema<'_>| ["uri", "url", "uri-reference"].contains(&it.format);
        let text = |it: &Schema<'_>| it.kinds.string && it.choices.is_empty();
        let sure = self.around(&ADDRESSES, &says_so);
        let likely = || self.around(&ADDRESSES, &text).filter(|_| self.param(&CURSORS).is_none_or(is_number));
        let href = || self.around(&["href"], &text).filter(|path| path.ends_with("next.href"));
        let next = sure.or_else(href).or_else(likely)?;
        Some(Map::from_iter([("style", "url".to_owned()), ("next", next)]))
    }

    /// What the next page is asked for with, in the answer.
    fn token(&self) -> Option<String> {
        self.around(&TOKENS, &|it| (it.kinds.string || it.kinds.integer) && it.choices.is_empty())
    }

    /// The next page is asked for with something that the answer gives: a field, a header, or the last member.
    fn by_cursor(&self) -> Option<Map> {
        let page = self.param(&CURSORS)?;
        let mut rule = Map::from_iter([("style", "cursor"), ("page", name(page))]);
        if let Some(next) = self.token() {
            rule.insert("next", next);
            return Some(rule);
        }
        let told = |header: &&&str| small(header).is_some_and(|it| it.contains("next") || it.ends_with("cursor"));
        if let Some(header) = self.headers.iter().find(told) {
            rule.insert("header", *header);
            return Some(rule);
        }
        let more = self.around(&["has_more", "has_next", "has_next_page"], &|it| it.kinds.boolean)?;
        let member = self.returned.member.as_ref()?;
        let last = small(wire(page)).is_some_and(|it| LAST.contains(&it.as_str())) && member.property("id").is_some();
        rule.insert("last", "id");
        rule.insert("more", more);
        last.then_some(rule)
    }
}

/// Whether a parameter is a number, which chooses a page by itself.
fn is_number(param: &Map) -> bool {
    matches!(param.get("type").and_then(Value::as_str), Some("int" | "float"))
}

/// The path of a field of one of these names, in what is around a list.
fn found<'d>(schema: &Schema<'d>, names: &[&str], fits: &dyn Fn(&Schema<'d>) -> bool, left: usize) -> Option<String> {
    let called = |wanted: &str| {
        let it = schema.properties.iter().find(|property| small(property.name).as_deref() == Some(wanted))?;
        (!it.name.contains('.')).then(|| (it.name, it.schema()))
    };
    let here = names.iter().filter_map(|wanted| called(wanted)).find(|(_, it)| !it.is_record() && fits(it));
    if let Some((name, _)) = here {
        return Some(name.to_owned());
    }
    let left = left.checked_sub(1)?;
    AROUND.iter().filter_map(|wanted| called(wanted)).find_map(|(name, inner)| {
        let inner = inner.is_record().then(|| found(&inner, names, fits, left))??;
        Some(format!("{name}.{inner}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;
    use crate::node::Node;
    use model::Type;

    /// The rule for parameters, each as `name` or `name:type`, an envelope and headers.
    fn of(params: &str, envelope: &str, headers: &[&str], linked: bool) -> String {
        let library = Library::of(serde_json::from_str(&format!(r#"{{"properties":{{{envelope}}}}}"#)).unwrap());
        let member = Library::of(serde_json::from_str(r#"{"properties":{"id":{"type":"string"}}}"#).unwrap());
        let schema = |library| Schema::of(Node::root(library).unwrap());
        let returned = Returned {
            type_: Type::List(Box::new(Type::Any)),
            envelope: Some(schema(&library)),
            member: Some(schema(&member)),
            ..Returned::default()
        };
        let param = |text: &str| {
            let (name, kind) = text.split_once(':').unwrap_or((text, "int"));
            Map::from_iter([("name", Value::from(name)), ("type", kind.into()), ("max", Value::Int(50))])
        };
        let params: Vec<Map> = params.split_whitespace().map(param).collect();
        let rule = paging(&Asked { params: &params, returned: &returned, headers, linked });
        rule.map_or_else(String::new, |rule| serde_json::to_string(&Value::Map(rule)).unwrap())
    }

    #[test]
    fn pages_are_found_in_parameters_answers_and_headers() {
        let int = |name: &str| format!(r#""{name}":{{"type":["integer","null"]}}"#);
        let text = |name: &str| format!(r#""{name}":{{"type":"string"}}"#);
        let inside = |name: &str, inner: &str| format!(r#""{name}":{{"properties":{{{inner}}}}}"#);
        let address = |name: &str| format!(r#""{name}":{{"type":"string","format":"uri"}}"#);
        let more = r#""has_more":{"type":"boolean"}"#.to_owned();
        let pages = inside("links", &inside("pages", &text("next")));
        let meta = |inner: &str| inside("meta", &inside("pagination", inner));
        let number = r#""style":"number","page":"page""#;
        for (params, envelope, headers, rule) in [
            // Hetzner, DigitalOcean, Linode, NetBox: the members are counted.
            (
                "page per_page",
                meta(&format!("{},{}", int("next_page"), int("total_entries"))),
                &[][..],
                format!(r#"{number},"total":"meta.pagination.total_entries","size":"per_page","most":50"#),
            ),
            (
                "page per_page",
                format!("{pages},{}", inside("meta", &int("total"))),
                &[],
                format!(r#"{number},"total":"meta.total","size":"per_page","most":50"#),
            ),
            (
                "page page_size",
                format!("{},{}", int("pages"), int("results")),
                &[],
                format!(r#"{number},"total":"results","size":"page_size","most":50"#),
            ),
            (
                "limit offset",
                format!("{},{}", int("count"), address("next")),
                &[],
                r#""style":"offset","page":"offset","total":"count","size":"limit","most":50"#.into(),
            ),
            // An address, where nothing is counted.
            ("", pages.clone(), &[], r#""style":"url","next":"links.pages.next""#.into()),
            ("limit offset", address("next"), &[], r#""style":"url","next":"next","size":"limit","most":50"#.into()),
            (
                "",
                inside("_links", &inside("next", &text("href"))),
                &[],
                r#""style":"url","next":"_links.next.href""#.into(),
            ),
            (
                "",
                inside("links", &inside("next", &text("href"))),
                &[],
                r#""style":"url","next":"links.next.href""#.into(),
            ),
            // GitHub: the header, which is preferred because it says itself where the list ends.
            ("page per_page", int("total_count"), &["link"], r#""style":"link","size":"per_page","most":50"#.into()),
            ("after:string per_page", String::new(), &["Link"], r#""style":"link","size":"per_page","most":50"#.into()),
            // Kubernetes, Stripe, and a token in a header.
            (
                "limit continue:string",
                inside("metadata", &text("continue")),
                &[],
                r#""style":"cursor","page":"continue","next":"metadata.continue","size":"limit","most":50"#.into(),
            ),
            (
                "limit starting_after:string ending_before:string",
                more.clone(),
                &[],
                r#""style":"cursor","page":"starting_after","last":"id","more":"has_more","size":"limit","most":50"#
                    .into(),
            ),
            (
                "limit page:string",
                format!("{more},{},{}", text("next_page"), int("total_count")),
                &[],
                r#""style":"cursor","page":"page","next":"next_page","size":"limit","most":50"#.into(),
            ),
            (
                "next_token:string",
                String::new(),
                &["X-Nomad-NextToken"],
                r#""style":"cursor","page":"next_token","header":"X-Nomad-NextToken""#.into(),
            ),
            (
                "pageToken:string",
                text("nextPageToken"),
                &[],
                r#""style":"cursor","page":"pageToken","next":"nextPageToken""#.into(),
            ),
            ("page", int("next_page"), &[], r#""style":"cursor","page":"page","next":"next_page""#.into()),
            // Numbers alone.
            ("page limit", String::new(), &[], format!(r#"{number},"size":"limit","most":50"#)),
            (
                "page[number] page[size]",
                String::new(),
                &[],
                r#""style":"number","page":"page[number]","size":"page[size]","most":50"#.into(),
            ),
            // None.
            ("page", String::new(), &[], String::new()),
            ("limit", int("total"), &[], String::new()),
            ("starting_after:string", String::new(), &[], String::new()),
            ("name:string", text("x"), &["x-ratelimit"], String::new()),
        ] {
            let wanted = if rule.is_empty() { String::new() } else { format!("{{{rule}}}") };
            assert_eq!(of(params, &envelope, headers, false), wanted, "{params} {envelope} {headers:?}");
        }
        // Where other lists have the header, one with a cursor has it too, though its entry does not say so.
        assert_eq!(of("after:string", "", &[], true), r#"{"style":"link"}"#);
        assert_eq!(of("name:string", "", &[], true), "");
    }

    #[test]
    fn what_is_no_list_has_no_pages() {
        let params = [Map::from_iter([("name", "page")]), Map::from_iter([("name", "per_page")])];
        let returned = Returned::default();
        assert!(paging(&Asked { params: &params, returned: &returned, headers: &["link"], linked: true }).is_none());
    }
}
