//! Documents: a PDF page with a line of text, and parts of one for clients that resume a download.

use crate::Response;

/// A document of one page with one line; parentheses and backslashes, which have a meaning in PDF, are left out.
pub(super) fn page(line: &str) -> Vec<u8> {
    let line: String = line.chars().filter(|c| !"()\\".contains(*c)).collect();
    let content = format!("BT /F1 14 Tf 72 770 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let (mut text, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (number, object) in (1..).zip(&objects) {
        places.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (table, size) = (text.len(), objects.len() + 1);
    text.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n{places}"));
    text.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    text.into_bytes()
}

/// Serves a document, or the part that a `Range` header requests.
pub(super) fn served(document: Vec<u8>, range: Option<&str>) -> Response {
    let kind = "application/pdf";
    let whole = document.len();
    let mut response = match range.and_then(|range| range.strip_prefix("bytes=")).and_then(|range| piece(range, whole))
    {
        None => Response::new(200, kind, document),
        Some(Ok((from, to))) => {
            let part = document.get(from..=to).unwrap_or_default().to_vec();
            let mut response = Response::new(206, kind, part);
            response.headers.push(("content-range", format!("bytes {from}-{to}/{whole}")));
            response
        }
        Some(Err(Unsatisfiable)) => {
            let mut response = Response::new(416, kind, Vec::new());
            response.headers.push(("content-range", format!("bytes */{whole}")));
            response
        }
    };
    response.headers.push(("accept-ranges", "bytes".to_owned()));
    response
}

/// The requested range is outside the document.
#[derive(Debug, PartialEq, Eq)]
struct Unsatisfiable;

/// The first and last byte of a single range; `None` for anything else, which must be ignored.
fn piece(range: &str, whole: usize) -> Option<Result<(usize, usize), Unsatisfiable>> {
    let (from, to) = range.split_once('-')?;
    let last = whole.checked_sub(1)?;
    let (from, to): (usize, usize) = match (from, to) {
        ("", count) => (whole.saturating_sub(count.parse().ok()?), last),
        (from, "") => (from.parse().ok()?, last),
        (from, to) => (from.parse().ok()?, to.parse::<usize>().ok()?.min(last)),
    };
    Some(if from <= to { Ok((from, to)) } else { Err(Unsatisfiable) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (range, bytes) in [
            ("0-9", Some(Ok((0, 9)))),
            ("5-", Some(Ok((5, 99)))),
            ("5-1000", Some(Ok((5, 99)))),
            ("-10", Some(Ok((90, 99)))),
            ("-1000", Some(Ok((0, 99)))),
            ("100-", Some(Err(Unsatisfiable))),
            ("9-5", Some(Err(Unsatisfiable))),
            ("0-1,5-9", None),
            ("a-b", None),
            ("", None),
        ] {
            assert_eq!(piece(range, 100), bytes, "{range}");
        }
    }

    #[test]
    fn pieces_make_up_the_document() {
        let document = page("Hello");
        let first = served(document.clone(), Some("bytes=0-99"));
        let rest = served(document.clone(), Some("bytes=100-"));
        assert_eq!((first.status, rest.status), (206, 206));
        assert_eq!(rest.headers[0].1, format!("bytes 100-{}/{}", document.len() - 1, document.len()));
        assert_eq!([first.body, rest.body].concat(), document);
        assert_eq!(served(document.clone(), Some("bytes=99999-")).status, 416);
        assert_eq!(served(document.clone(), None).body, document);
    }

    #[test]
    fn the_table_of_a_document_points_at_its_objects() {
        let text = String::from_utf8(page("a (b)")).unwrap();
        let table = text.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse::<usize>().unwrap();
        assert!(text[table..].starts_with("xref\n0 6\n"));
        for (number, line) in (1..).zip(text[table..].lines().skip(3).take(5)) {
            let place: usize = line[..10].parse().unwrap();
            assert!(text[place..].starts_with(&format!("{number} 0 obj")), "{line}");
        }
        assert!(text.contains("(a b) Tj"));
    }
}
