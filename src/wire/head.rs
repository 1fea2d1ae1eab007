//! The status and headers of an answer, as far as they are used.

use std::time::SystemTime;

use hyper::header::{
    ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
    WWW_AUTHENTICATE,
};

use model::date::http_date;
use model::http::Head;

/// Parses the head of an answer. Invalid values count as missing.
pub(super) fn head(status: u16, headers: &HeaderMap) -> Head {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let media = text(CONTENT_TYPE).unwrap_or_default().to_lowercase();
    let mut parts = media.split(';').map(str::trim);
    let content_type = parts.next().unwrap_or_default().to_owned();
    let charset = parts.find_map(|part| part.strip_prefix("charset=")).map(|c| c.trim_matches('"').to_owned());
    Head {
        status,
        content_type,
        charset,
        retry_after: text(RETRY_AFTER).and_then(|when| seconds_until(when.trim(), SystemTime::now())),
        location: text(LOCATION).map(str::to_owned),
        etag: text(ETAG).map(str::to_owned),
        accepts_ranges: text(ACCEPT_RANGES).is_some_and(|unit| unit.trim().eq_ignore_ascii_case("bytes")),
        begins_at: text(CONTENT_RANGE).and_then(first_byte),
        date: text(DATE).map(str::to_owned),
        challenge: text(WWW_AUTHENTICATE).and_then(|asked| asked.split([' ', ',']).next()).map(str::to_lowercase),
        fields: headers.iter().filter_map(field).collect(),
        packed: None,
    }
}

fn field((name, value): (&HeaderName, &HeaderValue)) -> Option<(String, String)> {
    Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
}

/// The seconds in a `Retry-After` header, which is a number of seconds or a date.
fn seconds_until(when: &str, now: SystemTime) -> Option<u64> {
    let seconds = when.parse().ok();
    seconds.or_else(|| Some(http_date(when)?.duration_since(now).unwrap_or_default().as_secs()))
}

/// The first byte in `bytes 100-199/200`.
fn first_byte(range: &str) -> Option<u64> {
    range.trim().strip_prefix("bytes")?.trim_start().split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_is_parsed() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("Text/XML; Charset=\"ISO-8859-1\""));
        let head = head(200, &headers);
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"a\""));
        assert_eq!(super::head(401, &headers).challenge.as_deref(), Some("basic"));
        assert_eq!((head.content_type.as_str(), head.charset.as_deref()), ("text/xml", Some("iso-8859-1")));
        assert_eq!(head.field("Content-Type").collect::<Vec<_>>(), ["Text/XML; Charset=\"ISO-8859-1\""]);
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        let now = http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (when, seconds) in [
            ("7", Some(7)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(seconds_until(when, now), seconds, "{when}");
        }
        for (range, first) in [
            ("bytes 100-199/200", Some(100)),
            ("bytes 0-1/*", Some(0)),
            ("bytes */200", None),
            ("lines 1-2/3", None),
            ("", None),
        ] {
            assert_eq!(first_byte(range), first, "{range}");
        }
    }
}
