//! Rows that say which account they are from: those of a view, and those of a line for several accounts. An id in such a
//! row is one of that account. In another account it may be that of something else, so it is not taken along.

use crate::engine::accounts::roster::Accounts;
use crate::engine::deliver::tagged::ACCOUNT;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Memory;
use lang::{Line, Segment, Slot, Variable, Word};
use model::{Map, Method, Value};

/// Refuses an id from a row of another account than the one that is called. Other values may go anywhere.
pub(super) fn refuse_foreign(
    (memory, accounts): (&Memory, &Accounts),
    line: &Line,
    (profile, method): (&str, &Method),
) -> Result<(), CallError> {
    // What is wrong with names and values is said elsewhere.
    for pair in line.pairs().unwrap_or_default() {
        let names_object = |param: &&model::Param| !param.names.is_empty();
        let param = pair.name.segments.first().and_then(|first| match first {
            Segment::Key(root) => method.params.iter().find(|param| param.name == *root).filter(names_object),
            Segment::Index(_) => None,
        });
        let Some(owner) = param.and_then(|_| owner(memory, pair.value)) else { continue };
        if owner != profile && accounts.registry.source(&owner).is_some() {
            let (text, name) = (pair.value.text(), &method.name);
            return Err(CallError::Usage {
                message: format!("{text} is from a row of {owner}, and {name} would be called in {profile}"),
                span: Some(pair.value.span),
                hint: Some(format!("`{owner}:{name}` calls it there; -q chooses the rows of one account")),
            });
        }
    }
    Ok(())
}

/// The account of the row that a value is a field of.
fn owner(memory: &Memory, word: &Word) -> Option<String> {
    if let Some(Ok(_)) = Slot::of(word) {
        return account(memory.member().flatten()?.as_map()?);
    }
    let mut variable = Variable::of(word)?.ok()?;
    variable.path.pop()?;
    account(memory.look_up(&variable).ok()?.as_map()?)
}

fn account(row: &Map) -> Option<String> {
    match row.get(ACCOUNT)? {
        Value::Text(name) => Some(name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_row_belongs_to_the_account_of_the_row() {
        let mut memory = Memory::default();
        let rows = r#"[{"account":"lab","id":"x","deep":{"id":"y"}},{"id":"z"}]"#;
        memory.set("rows", serde_json::from_str(rows).unwrap());
        memory.feed(Some(Some(serde_json::from_str(r#"{"account":"home","id":"x"}"#).unwrap())));
        let owner = |word: &str| {
            owner(
                &memory,
                &lang::parse(&format!("a | each b c {word}")).unwrap()[0].each.as_ref().unwrap().items[1].word,
            )
        };
        for (word, account) in [
            ("$rows[0].id", Some("lab")),
            ("$rows[1].id", None),
            ("$rows[0]", None),
            ("$rows[0].deep.id", None),
            ("$rows", None),
            ("$other.id", None),
            ("{id}", Some("home")),
            ("id", None),
        ] {
            assert_eq!(owner(word).as_deref(), account, "{word}");
        }
    }
}
