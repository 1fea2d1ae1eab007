//! Whose account a line or a call was for.

use rusqlite::Row;

/// An account. Two are the same when their providers are, and their ids where both are known; where one id is not known,
/// the profiles decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The provider's name.
    pub provider: String,
    /// What the user calls it; `None` for one that was used without a name.
    pub profile: Option<String>,
    /// What the provider calls it, where that is known.
    pub id: Option<String>,
}

/// [`Account`]'s rule for a row, with the account as `?1`, `?2` and `?3`. Every account passes when `?1` is null.
macro_rules! of_account {
    () => {
        "(?1 IS NULL OR provider = ?1
          AND CASE WHEN account IS NULL OR ?3 IS NULL THEN profile IS ?2 ELSE account = ?3 END)"
    };
}
pub(crate) use of_account;

/// The three parameters of [`of_account`].
pub(crate) type Three<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

pub(crate) fn three(account: Option<&Account>) -> Three<'_> {
    account.map_or((None, None, None), |account| {
        (Some(account.provider.as_str()), account.profile.as_deref(), account.id.as_deref())
    })
}

/// The account of a row; one without a provider was for none.
pub(crate) fn of_row(row: &Row<'_>) -> rusqlite::Result<Option<Account>> {
    let Some(provider) = row.get("provider")? else { return Ok(None) };
    Ok(Some(Account { provider, profile: row.get("profile")?, id: row.get("account")? }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{fresh, new_call};
    use crate::{Filter, NewCall};

    #[test]
    fn two_accounts_are_the_same_by_their_ids_or_else_by_their_names() {
        let of = |provider: &str, profile: Option<&str>, id: Option<&str>| {
            let [profile, id] = [profile, id].map(|text| text.map(str::to_owned));
            Account { provider: provider.to_owned(), profile, id }
        };
        let (_folder, journal) = fresh();
        let all = [
            of("p", Some("a"), Some("1")),
            of("p", Some("b"), Some("1")),
            of("p", Some("a"), Some("2")),
            of("p", Some("a"), None),
            of("p", None, None),
            of("q", Some("a"), Some("1")),
        ];
        for account in &all {
            journal.begin_change(&NewCall { account: account.clone(), ..new_call("", "h") }).unwrap();
        }
        for (account, same) in all.iter().zip([&[1, 2, 4][..], &[1, 2], &[3, 4], &[1, 3, 4], &[5], &[6]]) {
            let filter = Filter { account: Some(account.clone()), ..Filter::default() };
            let found: Vec<i64> = journal.calls(&filter).unwrap().iter().map(|call| call.id.0).collect();
            assert_eq!((found.as_slice(), journal.count_open(Some(account)).unwrap()), (same, same.len() as u64));
        }
        assert_eq!(journal.count_open(None).unwrap(), 6);
    }
}
