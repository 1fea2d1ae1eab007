//! Filters, order and pages, the same for every list that has them.

use std::cmp::Ordering;

use super::fault::Fault;
use super::write::{Counts, plain};
use model::{Date, Map, Method, Value};

/// The default and largest number of members per page.
const SIZE: usize = 250;
/// The most values of a filter.
const VALUES: usize = 10;
/// The parameters that are not filters.
const PAGING: [&str; 3] = ["pageSize", "pageNumber", "orderBy"];

/// The query as it came; its names are not case-sensitive.
type Query = [(String, String)];

/// Whether a method answers in pages.
pub(super) fn is_paged(method: &Method) -> bool {
    method.param("pageSize").is_some()
}

/// Refuses a query that the method does not accept.
pub(super) fn admit(method: &Method, query: &Query) -> Result<(), Fault> {
    let words = method.route.as_ref().map(|route| route.query.as_slice()).unwrap_or_default();
    for (name, _) in query.iter().filter(|(name, _)| !words.contains(name)) {
        let (field, operator) = name.split_once('.').unwrap_or((name, ""));
        let param = method.params.iter().find(|param| param.wire_name().eq_ignore_ascii_case(field));
        let Some(param) = param else {
            return Err(Fault::new(70, format!("Unsupported parameter: {name}")));
        };
        let known = |known: &String| known.eq_ignore_ascii_case(operator);
        if !operator.is_empty() && !param.operators.iter().any(known) {
            return Err(Fault::new(73, format!("Unsupported operator for {field}: {operator}")));
        }
        let given = query.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name)).count();
        if given > VALUES {
            return Err(Fault::new(72, format!("Too many values for {field}: at most {VALUES}")));
        }
        if given > 1 && PAGING.iter().any(|paging| paging.eq_ignore_ascii_case(name)) {
            return Err(Fault::new(71, format!("More than one value for {name}")));
        }
    }
    number(query, "pageSize", SIZE)?;
    number(query, "pageNumber", usize::MAX).map(drop)
}

fn number(query: &Query, name: &str, most: usize) -> Result<Option<usize>, Fault> {
    let Some((_, text)) = query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else { return Ok(None) };
    match text.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(Some(number)),
        _ => Err(Fault::new(71, format!("Invalid value for {name}: {text}"))),
    }
}

/// The requested page of a list.
pub(super) fn page(members: Vec<Value>, query: &Query) -> Result<(Vec<Value>, Counts), Fault> {
    let mut members: Vec<Value> = members.into_iter().filter(|member| passes(member, query)).collect();
    if let Some((_, order)) = query.iter().find(|(name, _)| name.eq_ignore_ascii_case("orderBy")) {
        sort(&mut members, order)?;
    }
    let size = number(query, "pageSize", SIZE)?.unwrap_or(SIZE);
    let last = members.len().div_ceil(size).max(1);
    let number = number(query, "pageNumber", usize::MAX)?.unwrap_or(1).min(last);
    let total = members.len();
    let members: Vec<Value> = members.into_iter().skip((number - 1) * size).take(size).collect();
    let counts = Counts { total, here: members.len(), number, size };
    Ok((members, counts))
}

/// Whether a member matches every filter: of several values for one field, any one is enough.
fn passes(member: &Value, query: &Query) -> bool {
    let filters = query.iter().filter(|(name, _)| !PAGING.iter().any(|paging| paging.eq_ignore_ascii_case(name)));
    filters.clone().all(|(name, _)| {
        let mut values = filters.clone().filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let (field, operator) = name.split_once('.').unwrap_or((name, ""));
        let found = facets(member, field);
        values.any(|value| found.iter().any(|facet| compares(facet, value, operator)))
    })
}

fn compares(facet: &str, value: &str, operator: &str) -> bool {
    let date = |text: &str| Date::parse(text).map_or_else(|| text.to_owned(), |date| digits(&date.to_compact()));
    let order = date(facet).cmp(&date(value));
    match operator.to_ascii_uppercase().as_str() {
        "MIN" => order != Ordering::Less,
        "MAX" => order != Ordering::Greater,
        _ => facet.eq_ignore_ascii_case(value) || (Date::parse(facet).is_some() && order == Ordering::Equal),
    }
}

/// A time without its zone and fractions: all times of the service are in one zone.
fn digits(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || *c == 'T').take(15).collect()
}

/// Sorts by fields separated by commas; every member must have all of them.
fn sort(members: &mut [Value], order: &str) -> Result<(), Fault> {
    for key in order.split(',').rev() {
        let (field, direction) = key.trim().split_once('.').unwrap_or((key.trim(), ""));
        let descending = direction.eq_ignore_ascii_case("DESCENDING");
        let ascending = direction.is_empty() || direction.eq_ignore_ascii_case("ASCENDING");
        let unknown = members.iter().any(|member| facets(member, field).is_empty());
        if field.is_empty() || unknown || !(ascending || descending) {
            return Err(Fault::new(71, format!("Invalid value for orderBy: {key}")));
        }
        members.sort_by(|one, other| {
            let ordering = facets(one, field).cmp(&facets(other, field));
            if descending { ordering.reverse() } else { ordering }
        });
    }
    Ok(())
}

/// The values of a member under a filter's name: those of its own field, or of a nested one.
fn facets(member: &Value, field: &str) -> Vec<String> {
    let inner = |list: &str, key: &str| -> Vec<String> {
        let members = member.get(list).and_then(Value::as_list).unwrap_or_default();
        members.iter().filter_map(|inner| inner.get(key)).map(plain).collect()
    };
    let own = |key: &str| member.as_map().and_then(|map| find(map, key)).map(|value| vec![plain(value)]);
    let other = match field.to_ascii_lowercase().as_str() {
        "deployed" => own("isDeployed"),
        "started" => own("isStarted"),
        "operatingsystemid" => member.get("operatingSystem").and_then(|os| os.get("id")).map(|id| vec![plain(id)]),
        "packagename" => own("name").or_else(|| member.get("mfFile")?.get("name").map(|name| vec![plain(name)])),
        "networkid" => Some(inner("serverSummary", "networkId")),
        // Copies in progress started when they were requested.
        "startdate" => member.get("status").and_then(|status| status.get("requestTime")).map(|time| vec![plain(time)]),
        _ => None,
    };
    own(field).or(other).unwrap_or_default()
}

fn find<'m>(map: &'m Map, name: &str) -> Option<&'m Value> {
    map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::catalog;
    use crate::kit::values::map;

    fn query(text: &str) -> Vec<(String, String)> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').unwrap()).map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
    }

    fn members() -> Vec<Value> {
        let row = |id: &str, location: &str, day: i64, deployed: bool| {
            let created = format!("2011-08-0{day}T09:00:00.000Z");
            Value::Map(map! { "id" => id, "location" => location, "created" => created, "isDeployed" => deployed })
        };
        vec![row("a", "NA1", 1, true), row("b", "NA2", 2, true), row("c", "NA1", 3, false)]
    }

    #[test]
    fn filters_order_and_pages_select_members() {
        for (text, ids, total, number) in [
            ("", "abc", 3, 1),
            ("location=NA1", "ac", 2, 1),
            ("LOCATION=na1&deployed=true", "a", 1, 1),
            ("location=NA1&location=NA2", "abc", 3, 1),
            ("location=EU1", "", 0, 1),
            ("created.MIN=20110802T000000Z", "bc", 2, 1),
            ("created.MAX=2011-08-02T09:00:00Z", "ab", 2, 1),
            ("created.min=2011-08-02&created.MAX=2011-08-02T12:00:00", "b", 1, 1),
            ("created=2011-08-03T09:00:00", "c", 1, 1),
            ("orderBy=created.descending", "cba", 3, 1),
            ("orderBy=location.DESCENDING,created.DESCENDING", "bca", 3, 1),
            ("pageSize=2", "ab", 3, 1),
            ("pageSize=2&pageNumber=2", "c", 3, 2),
            ("pageSize=2&pageNumber=9", "c", 3, 2),
            ("pageSize=3&pageNumber=2", "abc", 3, 1),
        ] {
            let (found, counts) = page(members(), &query(text)).unwrap();
            let found: String = found.iter().map(|member| plain(member.get("id").unwrap())).collect();
            assert_eq!((found.as_str(), counts.total, counts.number), (ids, total, number), "{text}");
            assert_eq!(counts.here, ids.len(), "{text}");
        }
    }

    #[test]
    fn bad_queries_have_codes() {
        let method = catalog().method("server.list").unwrap().unwrap();
        let many = "id=1&".repeat(11);
        for (text, reason) in [
            ("pageSize=250&pageNumber=1&orderBy=name&created.MIN=20120901", 0),
            ("colour=red", 70),
            ("pageSize=0", 71),
            ("pageSize=251", 71),
            ("pageNumber=-1", 71),
            ("pageNumber=x", 71),
            ("pageSize=5&PAGESIZE=5", 71),
            (many.as_str(), 72),
            ("name.MIN=a", 73),
        ] {
            let found = admit(&method, &query(text)).map_or_else(|fault| fault.reason, |()| 0);
            assert_eq!(found, reason, "{text}");
        }
        assert_eq!(page(members(), &query("orderBy=colour")).unwrap_err().reason, 71);
        assert_eq!(page(members(), &query("orderBy=id.UP")).unwrap_err().reason, 71);
    }

    #[test]
    fn an_order_has_either_direction() {
        for (order, ids) in [
            ("id", "abc"),
            ("id.ASCENDING", "abc"),
            ("created.ascending", "abc"),
            ("id.DESCENDING", "cba"),
            ("id.Descending,created.ASCENDING", "cba"),
        ] {
            let (found, _) = page(members(), &query(&format!("orderBy={order}"))).unwrap();
            let found: String = found.iter().map(|member| plain(member.get("id").unwrap())).collect();
            assert_eq!(found, ids, "{order}");
        }
    }
}
