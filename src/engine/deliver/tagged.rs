//! Results of several accounts as one list of rows, each with the account that it is from.
//!
//! A list gives a row for each of its members, a record one row, anything else one row with the column `result`. The
//! account comes first, in the column `account`. If a row has a field of that name itself, the field is called
//! `own_account`.

use model::{Map, Value};

/// The column with the account.
pub(crate) const ACCOUNT: &str = "account";
/// What a field of a row is called that has the name of that column.
pub(crate) const OWN: &str = "own_account";
/// The column with a result that is neither a record nor a list of them.
const RESULT: &str = "result";
/// The columns with the key of a member of a dictionary whose keys are free.
const KEYS: [&str; 2] = ["key", "_key"];

/// The rows of one result. With `keyed`, the keys of the result are free, and each names a row.
pub(crate) fn rows(account: &str, value: Value, keyed: bool) -> Vec<Value> {
    match value {
        Value::List(members) => members.into_iter().map(|member| row(account, None, member)).collect(),
        Value::Map(map) if keyed => map.into_iter().map(|(key, member)| row(account, Some(&key), member)).collect(),
        other => vec![row(account, None, other)],
    }
}

fn row(account: &str, key: Option<&str>, value: Value) -> Value {
    let mut row = Map::new();
    row.insert(ACCOUNT, account);
    if let Some(key) = key {
        let taken = value.get(KEYS[0]).is_some();
        row.insert(if taken { KEYS[1] } else { KEYS[0] }, key);
    }
    match value {
        Value::Map(map) => {
            let taken = map.get(OWN).is_some();
            for (name, value) in map {
                let name = &*name;
                match name {
                    ACCOUNT if taken => row.insert(format!("{OWN}_"), value),
                    ACCOUNT => row.insert(OWN, value),
                    name => row.insert(name, value),
                };
            }
        }
        other => drop(row.insert(RESULT, other)),
    }
    row.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_becomes_rows_with_the_account_first() {
        for (value, keyed, expected) in [
            (r#"[{"a":1},{"a":2}]"#, false, r#"[{"account":"x","a":1},{"account":"x","a":2}]"#),
            (r#"{"a":1}"#, false, r#"[{"account":"x","a":1}]"#),
            ("[]", false, "[]"),
            ("true", false, r#"[{"account":"x","result":true}]"#),
            ("null", false, r#"[{"account":"x","result":null}]"#),
            (r#"["a","b"]"#, false, r#"[{"account":"x","result":"a"},{"account":"x","result":"b"}]"#),
            (r#"[{"a":1},5]"#, false, r#"[{"account":"x","a":1},{"account":"x","result":5}]"#),
            // No field of a row is lost.
            (r#"{"a":1,"account":"y"}"#, false, r#"[{"account":"x","a":1,"own_account":"y"}]"#),
            (
                r#"{"account":"y","own_account":"z"}"#,
                false,
                r#"[{"account":"x","own_account_":"y","own_account":"z"}]"#,
            ),
            (
                r#"{"k":{"a":1},"l":2}"#,
                true,
                r#"[{"account":"x","key":"k","a":1},{"account":"x","key":"l","result":2}]"#,
            ),
            (r#"{"k":{"key":1}}"#, true, r#"[{"account":"x","_key":"k","key":1}]"#),
        ] {
            let value: Value = serde_json::from_str(value).unwrap();
            let rows = Value::List(rows("x", value, keyed));
            assert_eq!(serde_json::to_string(&rows).unwrap(), expected);
        }
    }
}
