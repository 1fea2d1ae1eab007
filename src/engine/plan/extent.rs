//! What a line asks for beyond one call and its answer: all pages of a list, or waiting for what the call begins.

use std::time::Duration;

use super::options::{Options, Wait};
use crate::engine::accounts::rules::Rules;
use crate::engine::call::jobs::{self, Watch};
use crate::engine::state::error::CallError;
use crate::render::Format;
use model::provider::Paging;
use model::{Arguments, Call, Method, Span};
use registry::Source;

/// What is read beyond one answer.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// All pages of the list.
    pub(crate) all: bool,
    /// How long to wait for what the call begins.
    pub(crate) wait: Option<Duration>,
    /// The position of the option for either.
    asked: Option<Span>,
}

impl Extent {
    /// What a line, or else its account, asks for. A line that asks for something impossible is refused.
    pub(crate) fn of(
        options: &Options,
        call: &Call,
        source: Option<&Source>,
        rules: &Rules,
    ) -> Result<Extent, CallError> {
        let asked = options.all.or(options.wait.asked);
        let Some(source) = source else { return Ok(Extent { all: false, wait: None, asked }) };
        let all = all_pages(options.all, call, source.provider().paging_of(&call.method))?;
        let wait = waiting(&options.wait, call, source, rules)?;
        Ok(Extent { all, wait, asked })
    }

    /// The provider's own bytes are one answer and cannot be combined from several.
    pub(super) fn suits(self, format: Format) -> Result<(), CallError> {
        match self.asked.filter(|_| format == Format::Raw) {
            Some(span) => Err(CallError::Usage {
                message: "the provider's own bytes are the bytes of one answer".into(),
                span: Some(span),
                hint: Some("choose another format with -o, or leave out the option".into()),
            }),
            None => Ok(()),
        }
    }

    /// Whether the state that is read at the end may contain a secret.
    pub(super) fn shows_secret(self, source: Option<&Source>, method: &Method) -> bool {
        self.wait.is_some() && source.is_some_and(|source| jobs::shows_secret(source, method))
    }
}

/// Whether a line asks for all pages. Refused if the method has none, or if the line itself chooses one.
fn all_pages(asked: Option<Span>, call: &Call, paging: Option<&Paging>) -> Result<bool, CallError> {
    let Some(span) = asked else { return Ok(false) };
    let refused = |message: String, hint: String| CallError::Usage { message, span: Some(span), hint: Some(hint) };
    let name = &call.method.name;
    let Some(paging) = paging.filter(|paging| paging.has_pages(&call.method)) else {
        return Err(refused(
            format!("{name} does not answer in pages"),
            "leave out --all: one answer has everything".into(),
        ));
    };
    let page = &paging.page;
    match &call.arguments {
        Arguments::Named(given) if given.get(page).is_none() => Ok(true),
        Arguments::Named(_) => Err(refused(
            format!("--all starts at the first page, but the line has {page}"),
            format!("leave out {page}"),
        )),
        Arguments::Positional(_) => {
            Err(refused("--all needs the parameters by name".into(), "leave out --positional".into()))
        }
    }
}

/// How long to wait for what the call begins, by the line or else by its account; `None` for not at all. A line that
/// asks to wait although there is nothing to wait for is refused.
fn waiting(wait: &Wait, call: &Call, source: &Source, rules: &Rules) -> Result<Option<Duration>, CallError> {
    let begins = call.method.job.is_some();
    match (wait.asked, wait.refused) {
        (_, Some(_)) => Ok(None),
        (None, None) => Ok(rules.wait.filter(|_| begins)),
        (Some(span), None) => {
            if !begins && Watch::reading(&source.provider().jobs, call).is_none() {
                let name = &call.method.name;
                let message = match call.effects().only_reads() {
                    true => format!("{name} only reads: it starts nothing to wait for"),
                    false => format!("it is not known whether {name} continues after its answer, or how to follow it"),
                };
                return Err(CallError::Usage { message, span: Some(span), hint: Some("leave out --wait".into()) });
            }
            Ok(Some(wait.most(rules)))
        }
    }
}

impl Wait {
    /// How long a line waits, if it waits.
    pub(crate) fn most(&self, rules: &Rules) -> Duration {
        self.limit.or(rules.wait).unwrap_or(jobs::USUAL)
    }

    /// A note if the account waits for every call, but this call cannot be waited for.
    pub(crate) fn unmet(&self, call: &Call, rules: &Rules) -> Option<String> {
        let asked = self.asked.or(self.refused).is_some();
        let waits = rules.wait.is_some() && !asked && call.method.job.is_none() && !call.effects().only_reads();
        let name = &call.method.name;
        waits.then(|| format!("note: did not wait: it is not known whether {name} continues after its answer"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use model::{Diagnostic, Map, Value};

    fn call(given: &[&str]) -> Call {
        let method: Method = serde_json::from_str(
            r#"{"name":"a.list","effect":"read","params":[{"name":"page","type":"int"},{"name":"size","type":"int"}]}"#,
        )
        .unwrap();
        let given: Map = given.iter().map(|name| (*name, Value::Int(1))).collect();
        Call { method: Arc::new(method), arguments: Arguments::Named(given) }
    }

    fn span() -> Option<Span> {
        Some(Span::new(2, 7))
    }

    #[test]
    fn all_pages_are_read_only_where_there_are_pages_and_none_is_chosen() {
        let paging: Paging = serde_json::from_str(r#"{"style":"number","page":"page","size":"size"}"#).unwrap();
        let other: Paging = serde_json::from_str(r#"{"style":"number","page":"from","size":"size"}"#).unwrap();
        for (asked, given, paging, found) in [
            (None, &["page"][..], Some(&paging), Ok(false)),
            (span(), &["size"], Some(&paging), Ok(true)),
            (span(), &["page"], Some(&paging), Err("--all starts at the first page, but the line has page")),
            (span(), &[], Some(&other), Err("a.list does not answer in pages")),
            (span(), &[], None, Err("a.list does not answer in pages")),
        ] {
            let all = all_pages(asked, &call(given), paging);
            assert_eq!(all.map_err(|error| error.to_string()), found.map_err(str::to_owned), "{given:?}");
        }
    }

    #[test]
    fn the_line_says_how_long_before_the_account_does() {
        let rules = Rules { wait: Some(Duration::from_secs(60)), ..Rules::default() };
        let wait = |limit: Option<u64>| Wait { limit: limit.map(Duration::from_secs), ..Wait::default() };
        assert_eq!(wait(Some(5)).most(&rules), Duration::from_secs(5));
        assert_eq!(wait(None).most(&rules), Duration::from_secs(60));
        assert_eq!(wait(None).most(&Rules::default()), jobs::USUAL);
    }

    #[test]
    fn an_account_that_waits_for_all_says_what_it_cannot_wait_for() {
        let rules = Rules { wait: Some(Duration::from_secs(60)), ..Rules::default() };
        let change: Method = serde_json::from_str(r#"{"name":"a.make","effect":"change"}"#).unwrap();
        let change = Call { method: Arc::new(change), arguments: Arguments::Named(Map::new()) };
        let silent = Wait { refused: span(), ..Wait::default() };
        assert!(Wait::default().unmet(&change, &rules).is_some_and(|note| note.contains("a.make")));
        assert_eq!(silent.unmet(&change, &rules), None);
        assert_eq!(Wait::default().unmet(&change, &Rules::default()), None);
        assert_eq!(Wait::default().unmet(&call(&[]), &rules), None);
    }

    #[test]
    fn the_providers_own_bytes_are_those_of_one_answer() {
        let extent = |asked| Extent { all: true, wait: None, asked };
        assert_eq!(extent(span()).suits(Format::Raw).unwrap_err().span(), span());
        assert!(extent(span()).suits(Format::Json).is_ok() && extent(None).suits(Format::Raw).is_ok());
    }
}
