//! A call that was recorded earlier, with its arguments read back from the text of its row.

use std::sync::Arc;

use history::STAND_IN;

use crate::bind::{Nowhere, Rules, bind};
use crate::engine::call::entry;
use model::{Map, Method};
use registry::Source;

/// The method of a recorded call and its arguments, by the names of the parameters. Secrets are replaced by a
/// placeholder. `None` if the call cannot be restored exactly: the method no longer exists, or a value was left out or
/// cut when the row was written.
pub(crate) fn read_back(source: &Source, recorded: &history::Call) -> Option<(Arc<Method>, Map)> {
    let method = source.method(&recorded.call.method)?.ok()?;
    let text = quoted(&recorded.call.text);
    let line = lang::parse(&text).ok()?.into_iter().next()?;
    // The row does not say in which of these ways the call was made. Any call that asks for the same will do.
    let ways = [(false, false), (false, true), (true, false), (true, true)];
    ways.into_iter().find_map(|(unchecked, positional)| {
        let rules = Rules { unchecked, positional, shapes: source.shapes_of(&method) };
        let call = bind(&method, &line, rules, &mut Nowhere).ok()?;
        (entry::request(&call) == recorded.call.request)
            .then(|| (Arc::clone(&method), entry::named(&call).into_owned()))
    })
}

/// The text of a row with each placeholder in quotes: without them, it looks like a type.
fn quoted(text: &str) -> String {
    let words = text.split(' ').map(|word| if word == STAND_IN { format!("'{word}'") } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use history::Outcome;

    use super::*;
    use crate::engine::call::shown::typed;
    use crate::engine::state::open::tests::call as recorded;
    use model::Value;
    use registry::catalog::Catalog;
    use registry::embedded;

    fn source(id: &str) -> Source {
        Source::new("p", Catalog::open(embedded::find(id).unwrap()).unwrap())
    }

    /// What is read back of a call that was made by this line.
    fn read_of(source: &Source, line: &str, rules: Rules<'_>, text: impl Fn(String) -> String) -> Option<Map> {
        let parsed = lang::parse(line).unwrap().remove(0);
        let method = source.method(&parsed.head.text()).unwrap().unwrap();
        let call = bind(&method, &parsed, Rules { shapes: source.shapes(), ..rules }, &mut Nowhere)
            .unwrap_or_else(|faults| panic!("{line}: {faults:?}"));
        let mut row = recorded(Outcome::Unknown, None);
        row.call.method = method.name.clone();
        row.call.text = text(typed(&call));
        row.call.request = entry::request(&call);
        read_back(source, &row).map(|(_, map)| map)
    }

    #[test]
    fn the_example_of_every_change_is_read_back() {
        for catalog in embedded::all() {
            let source = source(catalog.id);
            let names: Vec<String> = source.entries().map(|entry| entry.name.to_owned()).collect();
            let (mut read, mut not) = (0, Vec::new());
            for name in names {
                let method = source.method(&name).unwrap().unwrap();
                let Some(example) = method.example.as_ref().filter(|_| method.reconcile.is_some()) else { continue };
                if example.contains("(file)") || example.contains("(base64)") || example.contains('@') {
                    continue;
                }
                match read_of(&source, example, Rules::default(), |text| text) {
                    Some(_) => read += 1,
                    None => not.push(name),
                }
            }
            assert!(not.is_empty() && read > 5, "{}: {read} are read back, not {not:?}", catalog.id);
        }
    }

    #[test]
    fn what_is_not_exactly_known_is_not_guessed() {
        let source = source(embedded::DEFAULT);
        let rules = Rules::default();
        let line = "firewalling.rule_delete rule_id a";
        let same = |text: String| text;
        let id = |map: Option<Map>| map.and_then(|map| map.get("rule_id").map(Value::plain));
        assert_eq!(id(read_of(&source, line, rules, same)).as_deref(), Some("a"));
        let positional = Rules { positional: true, ..rules };
        assert_eq!(id(read_of(&source, "firewalling.rule_delete a", positional, same)).as_deref(), Some("a"));
        let unchecked = Rules { unchecked: true, ..rules };
        assert_eq!(id(read_of(&source, &format!("{line} more 1"), unchecked, same)).as_deref(), Some("a"));
        let secret = "openstack.user.create username c password canary-secret-1 email c@example.com enabled true";
        let found = read_of(&source, secret, rules, same).unwrap();
        assert_eq!(found.get("username").map(Value::plain).as_deref(), Some("c"));
        for cut in
            ["firewalling.rule_delete rule_id b", "firewalling.rule_delete rule_id (redacted)", "firewalling…", "'"]
        {
            assert_eq!(read_of(&source, line, rules, |_| cut.to_owned()), None, "{cut}");
        }
    }
}
