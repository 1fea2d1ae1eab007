//! Lists that come in pages: what a rule names must fit its style, and the methods that it is for.

use super::address::is_header;
use super::finding::found;
use crate::catalog::Catalog;
use model::provider::{PageStyle, Paging, Protocol};
use model::{Method, Type};

/// All faults in the provider's rule.
pub(super) fn rule_findings(paging: &Paging, catalog: &Catalog) -> Vec<String> {
    let methods = catalog.records().iter().filter_map(|record| catalog.method(record.name)?.ok());
    let used = methods.into_iter().any(|method| paging.has_pages(&method));
    let mut findings = one_rule(paging, catalog);
    findings.extend(found(&[(!used, "no method has pages by the paging rule")]));
    findings
}

/// All faults in the pages of a method.
pub(super) fn findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let own = method.paging.as_ref();
    let mut findings: Vec<String> = own.map(|paging| one_rule(paging, catalog)).unwrap_or_default();
    let has_pages = catalog.provider().paging_of(method).is_some();
    findings.extend(found(&[
        (
            own.is_some() && !has_pages,
            "it has no pages by its own paging rule: a parameter is missing, or it is no list",
        ),
        // Pages are joined into one list, so each of them must be a list.
        (has_pages && !matches!(method.returns, Type::List(_)), "it is paged, but does not return a list"),
    ]));
    findings
}

fn one_rule(paging: &Paging, catalog: &Catalog) -> Vec<String> {
    let Paging { style, page, size, next, header, last, more, .. } = paging;
    let rest = catalog.provider().transports.iter().any(|transport| transport.protocol == Protocol::Rest);
    let places = [next, header, last].into_iter().flatten().count();
    let fits = match style {
        PageStyle::Number | PageStyle::Offset => places == 0 && more.is_none(),
        PageStyle::Cursor => places == 1,
        PageStyle::Url => places == 1 && next.is_some(),
        PageStyle::Link => places == 0,
    };
    let wanted = match style {
        PageStyle::Number | PageStyle::Offset => {
            "pages are counted, so `next`, `header`, `last` and `more` mean nothing"
        }
        PageStyle::Cursor => "a cursor is in one of `next`, `header` and `last`",
        PageStyle::Url => "the address of the next page is in `next`",
        PageStyle::Link => "the address of the next page is in the header Link, not in `next`, `header` or `last`",
    };
    let lacks = match style {
        PageStyle::Number | PageStyle::Offset => page.is_empty() || size.is_empty(),
        PageStyle::Cursor => page.is_empty(),
        PageStyle::Url | PageStyle::Link => false,
    };
    let faults = found(&[
        (!fits, wanted),
        (lacks, "the parameters that choose a page are missing: `page`, and `size` where pages are counted"),
        (header.as_ref().is_some_and(|name| !is_header(name)), "`header` cannot be the name of a header"),
        (style.is_told() && !rest, "only where each method has its own address do answers say what follows"),
    ]);
    faults.into_iter().map(|fault| format!("paging: {fault}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::check;

    /// What is found in a catalogue with this rule of the provider, and this one of its only list.
    fn lint_of(rule: &str, own: &str) -> String {
        let of = |rule: &str| if rule.is_empty() { String::new() } else { format!("paging = {{ {rule} }}") };
        let (rule, own) = (of(rule), of(own));
        let text = format!(
            r#"
            id = "t"
            host = "https://example.com"
            {rule}
            [[transport]]
            name = "rest"
            protocol = "rest"
            path = ""
            [[method]]
            name = "thing.list"
            effect = "read"
            returns = "list:dict"
            {own}
            params = [{{ name = "at", type = "string" }}]
            route = {{ verb = "GET", path = "/things" }}
            answers = {{ as = "json" }}
            "#
        );
        check(&text).0.iter().map(|finding| format!("{finding}\n")).collect()
    }

    #[test]
    fn rules_fit_their_style() {
        let cursor = r#"style = "cursor", page = "at", next = "meta.next""#;
        for (rule, own, fault) in [
            (cursor, "", ""),
            (r#"style = "cursor", page = "at", last = "id", more = "more""#, "", ""),
            (r#"style = "cursor", page = "at", header = "X-Next""#, "", ""),
            (r#"style = "url", next = "next""#, "", ""),
            (r#"style = "link""#, "", ""),
            ("", cursor, ""),
            (r#"style = "number", page = "page", size = "size""#, cursor, "no method has pages by the paging rule"),
            ("", r#"style = "cursor", page = "none", next = "n""#, "it has no pages by its own paging rule"),
            ("", r#"style = "cursor", page = "at""#, "a cursor is in one of `next`, `header` and `last`"),
            ("", r#"style = "cursor", page = "at", next = "n", last = "id""#, "a cursor is in one of"),
            ("", r#"style = "cursor", page = "at", header = "a b""#, "cannot be the name of a header"),
            ("", r#"style = "url""#, "the address of the next page is in `next`"),
            ("", r#"style = "link", next = "n""#, "the header Link"),
            ("", r#"style = "number", page = "at""#, "the parameters that choose a page are missing"),
            ("", r#"style = "offset", page = "at", size = "at", next = "n""#, "pages are counted"),
        ] {
            let found = lint_of(rule, own);
            assert!(found.contains(fault) && found.is_empty() == fault.is_empty(), "{rule} {own}: {found}");
        }
        let rpc = crate::lint::tests::lint_of("paging = { style = \"link\" }", "", "");
        assert!(rpc.contains("only where each method has its own address"), "{rpc}");
    }
}
