//! Rules for the catalogues of the program, which a user's own catalogue need not follow: every method is documented,
//! has a pointer into its provider's document, and an example.

use super::finding::found;
use crate::catalog::Catalog;
use model::provider::AuthScheme;
use model::{Method, Provider};

/// Faults of a method.
pub(super) fn findings(method: &Method, _catalog: &Catalog) -> Vec<String> {
    let mut findings: Vec<String> = summary_fault(&method.summary).into_iter().collect();
    findings.extend(found(&[
        (method.doc.is_none(), "`doc` is missing"),
        (method.route.is_some() && method.reference.is_none(), "`ref` is missing"),
        (method.example.is_none(), "no example"),
    ]));
    let params = method.params.iter().filter_map(|param| Some((&param.name, summary_fault(&param.summary)?)));
    findings.extend(params.map(|(name, fault)| format!("{name}: {fault}")));
    findings
}

/// Faults of the provider's rules.
pub(super) fn provider_findings(provider: &Provider) -> Vec<String> {
    found(&[
        (provider.title.is_empty(), "provider: no title"),
        (provider.auth.scheme == AuthScheme::None, "provider: no way to send a key"),
    ])
}

fn summary_fault(summary: &str) -> Option<String> {
    match summary {
        "" => Some("no summary".into()),
        long if long.chars().count() > 80 => Some("the summary is over 80 characters".into()),
        stopped if stopped.ends_with('.') => Some("the summary ends with a full stop".into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_one_short_clause() {
        for (summary, fits) in [("List things", true), ("", false), ("List things.", false), (&"x".repeat(81), false)] {
            assert_eq!(summary_fault(summary).is_none(), fits, "{summary}");
        }
    }
}
