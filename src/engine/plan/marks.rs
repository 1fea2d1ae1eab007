//! Values of a line being typed that the catalogue does not allow, so that they can be marked before Enter.

use crate::bind::{self, BindError, Outside, Rules, Sources};
use crate::engine::plan::lookup;
use crate::engine::plan::options::Options;
use lang::Line;
use model::{Diagnostic, Span};
use registry::Registry;
use registry::resolve::Resolved;

/// The positions of values that their parameters do not allow. Nothing is read or asked: variables, files and
/// standard input may hold anything. A line that is not complete yet is judged as far as it goes.
pub(crate) fn wrong(registry: &Registry, text: &str) -> Vec<Span> {
    let lines = lang::parse(text).unwrap_or_default();
    lines.into_iter().flat_map(|line| of_line(registry, line).unwrap_or_default()).collect()
}

fn of_line(registry: &Registry, mut line: Line) -> Option<Vec<Span>> {
    // A name that is still being typed is compared with nothing.
    let profile = line.profile.as_ref().map(lang::Word::text);
    if line.raw.is_none() && !registry.knows(profile.as_deref(), &line.head.text()) {
        return None;
    }
    let Ok(Resolved::Remote { profile, method, .. }) = lookup::meaning(registry, &line) else { return None };
    let options = Options::of(&line).ok()?;
    if !options.positional && line.pairs().is_err() {
        // The value of the last name is still to come.
        line.items.pop();
    }
    let shapes = registry.source(&profile).map_or(&[][..], |source| source.shapes_of(&method));
    let rules = Rules { unchecked: options.unchecked, positional: options.positional, shapes };
    let faults = bind::bind_with(&method, &line, &[], rules, &mut Anything).err()?;
    Some(faults.all().filter(|fault| is_of_a_value(fault)).filter_map(Diagnostic::span).collect())
}

/// What is missing, or depends on other values, may still come.
fn is_of_a_value(fault: &BindError) -> bool {
    matches!(fault, BindError::Type { .. } | BindError::Choice { .. } | BindError::Limit { .. })
}

/// What is not in the line may be anything.
struct Anything;

impl Sources for Anything {
    fn file(&mut self, _: &str) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn is_open(&self, _: &Outside<'_>) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::Source;
    use registry::catalog::Catalog;
    use registry::embedded;

    #[test]
    fn a_value_that_cannot_be_is_found_and_one_that_is_not_known_is_not() {
        let catalog = Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap();
        let registry = Registry::new(Source::new("p", catalog), Vec::new());
        for (line, marked) in [
            ("dns.zone_info id abc", &["abc"][..]),
            ("dns.zone_info id 0123456789abcdef0123456789abcdef", &[]),
            ("dns.zone_info id $zone", &[]),
            ("dns.zone_info id @-", &[]),
            ("dns.zone_info id", &[]),
            ("dns.zone_info", &[]),
            ("dns.zone_record_create ttl abc type Z zone_id", &["abc", "Z"]),
            ("dns.zone_record_create priority 1000", &["1000"]),
            ("dns.zone_record_create priority 1000 --no-check", &[]),
            ("dns.zone_create nickname x records[0].ttl x", &["x"]),
            ("dns.zone_list; dns.zone_info id abc", &["abc"]),
            ("no.such id abc", &[]),
            ("dns.zone_info id 'abc", &[]),
        ] {
            let found = wrong(&registry, line);
            let found: Vec<&str> = found.iter().map(|span| &line[span.range()]).collect();
            assert_eq!(found, marked, "{line}");
        }
    }
}
