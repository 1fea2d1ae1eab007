//! Lists page by page: the parameters of an endpoint choose a page, and the fields around the list say where it is.

use model::Value;
use model::escape::form;
use openapi::{Endpoint, Place, Schemas};

use super::words;

/// Parameters that choose a page by its number, by the members before it, by a cursor, and by the last key before it.
const NUMBERS: [&str; 4] = ["page", "pagenumber", "pageindex", "pageno"];
const OFFSETS: [&str; 3] = ["offset", "skip", "startindex"];
const CURSORS: [&str; 8] = ["cursor", "pagetoken", "nexttoken", "continue", "marker", "after", "pagecursor", "next"];
const LAST_KEYS: [&str; 2] = ["startingafter", "afterid"];
/// Parameters for the number of members on a page.
const SIZES: [&str; 8] = ["perpage", "pagesize", "limit", "size", "maxresults", "itemsperpage", "top", "pagelimit"];
/// The number of members if nothing says it.
const USUAL: usize = 50;
/// How deep fields about pages are looked for.
const DEEPEST: usize = 4;

/// How a page is chosen, with the name of the parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Style {
    Number(String),
    Offset(String),
    Cursor(String),
    LastKey(String),
    Whole,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub(super) struct Page {
    style: Style,
    /// The number of the first page.
    base: usize,
    pub(super) from: usize,
    pub(super) size: usize,
    total: usize,
    /// The key of the last member.
    last: String,
    /// The address without its query, and the query.
    address: String,
    query: Vec<(String, String)>,
}

impl Page {
    /// The page that a query asks for, of a list of members with these keys.
    pub(super) fn of(
        endpoint: &Endpoint,
        schemas: &Schemas,
        query: &[(String, String)],
        keys: &[String],
        address: &str,
    ) -> Page {
        let find = |names: &[&str]| {
            let queries = || endpoint.inputs.iter().filter(|input| input.place == Place::Query);
            names.iter().find_map(|name| queries().find(|input| words::plain(&input.name) == *name))
        };
        let given = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let whole = |name: &str| given(name).and_then(|text| text.parse::<usize>().ok());
        let default = |input: &openapi::Input| {
            let schema = input.schema.and_then(|id| schemas.get(id))?;
            schema.default.as_ref().and_then(Value::as_int).and_then(|size| usize::try_from(size).ok())
        };
        let sizing = find(&SIZES);
        let size = sizing.and_then(|it| whole(&it.name).or_else(|| default(it))).unwrap_or(USUAL).max(1);
        let mut page = Page {
            style: Style::Whole,
            base: 1,
            from: 0,
            size,
            total: keys.len(),
            last: String::new(),
            address: address.to_owned(),
            query: query.to_vec(),
        };
        if let Some(input) = find(&NUMBERS) {
            let least = input.schema.and_then(|id| schemas.get(id)).and_then(|it| it.min);
            page.base = usize::from(!(default(input) == Some(0) || least == Some(0)));
            let number = whole(&input.name).unwrap_or(page.base).max(page.base);
            page.from = (number - page.base).saturating_mul(size);
            page.style = Style::Number(input.name.clone());
        } else if let Some(input) = find(&OFFSETS) {
            page.from = whole(&input.name).unwrap_or_default();
            page.style = Style::Offset(input.name.clone());
        } else if let Some(input) = find(&LAST_KEYS) {
            let after = given(&input.name).and_then(|key| keys.iter().position(|known| known == key));
            page.from = after.map_or(0, |at| at + 1);
            page.style = Style::LastKey(input.name.clone());
        } else if let Some(input) = find(&CURSORS) {
            page.from = whole(&input.name).unwrap_or_default();
            page.style = Style::Cursor(input.name.clone());
        } else if sizing.and_then(|it| whole(&it.name)).is_none() {
            page.size = page.total.max(1);
        }
        page.from = page.from.min(page.total);
        page.last = keys.get(page.end().saturating_sub(1)).cloned().unwrap_or_default();
        page
    }

    /// The number of the first member that is not on it.
    pub(super) fn end(&self) -> usize {
        self.from.saturating_add(self.size).min(self.total)
    }

    fn has_more(&self) -> bool {
        self.end() < self.total && self.style != Style::Whole
    }

    fn number(&self) -> usize {
        self.base + self.from / self.size
    }

    fn pages(&self) -> usize {
        self.total.div_ceil(self.size).max(1)
    }

    /// The value that chooses the page that begins with a member.
    fn choosing(&self, from: usize) -> Option<(&str, String)> {
        match &self.style {
            Style::Number(name) => Some((name, (self.base + from / self.size).to_string())),
            Style::Offset(name) | Style::Cursor(name) => Some((name, from.to_string())),
            Style::LastKey(name) => Some((name, self.last.clone())),
            Style::Whole => None,
        }
    }

    /// The address of the page that begins with a member.
    fn link(&self, from: usize) -> String {
        let chosen = self.choosing(from);
        let others = self.query.iter().filter(|(name, _)| chosen.as_ref().is_none_or(|(own, _)| own != name));
        let own = chosen.iter().map(|(name, value)| (*name, value.as_str()));
        let all = others.map(|(name, value)| (name.as_str(), value.as_str())).chain(own);
        let pairs: Vec<String> = all.map(|(name, value)| format!("{}={}", form(name), form(value))).collect();
        format!("{}?{}", self.address, pairs.join("&"))
    }

    /// The value of the header `Link`, if there is another page.
    pub(super) fn header(&self) -> Option<String> {
        self.has_more().then(|| format!("<{}>; rel=\"next\"", self.link(self.end())))
    }

    /// Fills the fields around the list that are about pages.
    pub(super) fn fill(&self, schemas: &Schemas, id: usize, around: &mut Value, spot: &[String]) {
        self.fill_in(schemas, id, around, spot, DEEPEST);
    }

    fn fill_in(&self, schemas: &Schemas, id: usize, around: &mut Value, spot: &[String], left: usize) {
        let (Value::Map(map), Some(left), Some(schema)) = (around, left.checked_sub(1), schemas.get(id)) else {
            return;
        };
        let mut absent = Vec::new();
        for (name, value) in map.iter_mut() {
            let Some(property) = schemas.property(id, name) else { continue };
            if spot.first().is_some_and(|list| list == name) && spot.len() == 1 {
                continue;
            }
            let inner =
                spot.split_first().filter(|(first, _)| *first == name).map(|(_, rest)| rest).unwrap_or_default();
            if value.as_map().is_some() {
                self.fill_in(schemas, property.schema, value, inner, left);
            } else if let Some(found) = self.told(&words::plain(name), value) {
                let nullable = schemas.get(property.schema).is_some_and(|it| it.nullable || it.kinds.is_empty());
                match found {
                    Some(found) => *value = found,
                    None if nullable => *value = Value::Null,
                    None if schema.property(name).is_some_and(|it| !it.required) => absent.push(name.to_owned()),
                    None => *value = "".into(),
                }
            }
        }
        absent.iter().for_each(|name| drop(map.remove(name)));
    }

    /// What a field about pages says: nothing if there is no such page. `None` for any other field.
    fn told(&self, name: &str, shown: &Value) -> Option<Option<Value>> {
        let count = |count: usize| Some(Some(Value::Int(i64::try_from(count).unwrap_or(i64::MAX))));
        let more = self.has_more();
        match name {
            "hasmore" | "hasnext" | "hasnextpage" | "more" if shown.as_bool().is_some() => Some(Some(more.into())),
            "istruncated" | "truncated" if shown.as_bool().is_some() => Some(Some(more.into())),
            "next" | "nextpage" | "nexturl" | "nextlink" | "nextpageurl" | "nextpageuri" => {
                Some(more.then(|| self.other(self.end(), shown)))
            }
            "previous" | "prev" | "previouspage" | "prevpage" | "previousurl" => {
                Some((self.from > 0).then(|| self.other(self.from.saturating_sub(self.size), shown)))
            }
            "nextcursor" | "cursor" | "nextpagetoken" | "nexttoken" | "continue" | "nextmarker"
                if shown.as_str().is_some() =>
            {
                Some(more.then(|| self.choosing(self.end()).map(|(_, value)| value.into()).unwrap_or_default()))
            }
            "first" if shown.as_str().is_some() => Some(Some(self.other(0, shown))),
            "last" if shown.as_str().is_some() => {
                Some(more.then(|| self.other((self.pages() - 1).saturating_mul(self.size), shown)))
            }
            _ if shown.as_int().is_none() => None,
            "total" | "totalentries" | "totalcount" | "totalresults" | "count" | "results" | "totalitems" => {
                count(self.total)
            }
            "page" | "currentpage" | "pagenumber" => count(self.number()),
            "pages" | "lastpage" | "totalpages" | "pagecount" => count(self.pages()),
            "perpage" | "pagesize" | "limit" => count(self.size),
            "offset" | "from" => count(self.from),
            "remainingitemcount" => count(self.total.saturating_sub(self.end())),
            _ => None,
        }
    }

    /// Another page in the form in which one is shown: its number, or its address.
    fn other(&self, from: usize, shown: &Value) -> Value {
        match (&self.style, shown) {
            (Style::Cursor(_), Value::Text(text)) if !text.contains("://") => from.to_string().into(),
            (_, Value::Int(_)) => Value::Int(i64::try_from(self.base + from / self.size).unwrap_or(i64::MAX)),
            // A number may be made up where null is allowed.
            (_, Value::Null) => Value::Int(i64::try_from(self.base + from / self.size).unwrap_or(i64::MAX)),
            _ => self.link(from).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::schema;
    use super::*;
    use openapi::Input;

    fn page(names: &[&str], query: &str) -> Page {
        let input = |name: &&str| Input {
            name: (*name).to_owned(),
            place: Place::Query,
            required: false,
            joined: None,
            schema: None,
        };
        let endpoint = Endpoint { inputs: names.iter().map(input).collect(), ..Endpoint::default() };
        let query: Vec<(String, String)> = crate::form::pairs(query).collect();
        let keys: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        Page::of(&endpoint, &Schemas::default(), &query, &keys, "http://h/x")
    }

    #[test]
    fn a_query_chooses_a_page() {
        for (names, query, range, next) in [
            (&["page", "per_page"][..], "per_page=2", 0..2, "http://h/x?per_page=2&page=2"),
            (&["page", "per_page"], "page=3&per_page=2", 4..5, ""),
            (&["page", "per_page"], "page=9", 5..5, ""),
            (&["limit", "offset"], "limit=2&offset=1", 1..3, "http://h/x?limit=2&offset=3"),
            (&["limit", "cursor"], "limit=2&cursor=2", 2..4, "http://h/x?limit=2&cursor=4"),
            (&["limit", "starting_after"], "limit=2&starting_after=b", 2..4, "http://h/x?limit=2&starting_after=d"),
            (&["limit"], "limit=2", 0..2, ""),
            (&[], "page=2", 0..5, ""),
            (&["page", "per_page"], "page=99999999999999999999&per_page=0", 0..1, "http://h/x?per_page=0&page=2"),
        ] {
            let page = page(names, query);
            let link = page.header().unwrap_or_default();
            let link = link.trim_start_matches('<').split('>').next().unwrap_or_default();
            assert_eq!((page.from..page.end(), link), (range, next), "{query}");
        }
    }

    #[test]
    fn the_fields_around_a_list_agree_with_it() {
        let text = r#"{"properties":{"total":{"type":"integer"},"items":{"type":"array","items":{}},
            "meta":{"type":"object","properties":{"pagination":{"type":"object","properties":{"page":{"type":"integer"},"next_page":{"type":["integer","null"]},"last_page":{"type":"integer"},"previous_page":{"type":["integer","null"]}}}}},
            "links":{"type":"object","properties":{"next":{"type":"string"},"first":{"type":"string"}}},"next":{"type":["string","null"]},"has_more":{"type":"boolean"}}}"#;
        let (schemas, id) = schema(text);
        for (query, filled) in [
            (
                "per_page=2",
                r#"{"total":5,"items":[],"meta":{"pagination":{"page":1,"next_page":2,"last_page":3,"previous_page":null}},"links":{"next":"http://h/x?per_page=2&page=2","first":"http://h/x?per_page=2&page=1"},"next":"http://h/x?per_page=2&page=2","has_more":true}"#,
            ),
            (
                "per_page=5",
                r#"{"total":5,"items":[],"meta":{"pagination":{"page":1,"next_page":null,"last_page":1,"previous_page":null}},"links":{"first":"http://h/x?per_page=5&page=1"},"next":null,"has_more":false}"#,
            ),
        ] {
            let around = r#"{"total":1,"items":[],"meta":{"pagination":{"page":1,"next_page":1,"last_page":1,"previous_page":1}},"links":{"next":"x","first":"x"},"next":"x","has_more":true}"#;
            let mut around: Value = serde_json::from_str(around).unwrap();
            page(&["page", "per_page"], query).fill(&schemas, id, &mut around, &["items".to_owned()]);
            assert_eq!(serde_json::to_string(&around).unwrap(), filled);
        }
    }
}
