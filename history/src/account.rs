//! The account that a line or a call belongs to.

use rusqlite::Row;
use serde::{Deserialize, Serialize};

/// An account. Two accounts are the same if they have the same provider, host and id. If one of the ids is unknown, the
/// profiles are compared instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The provider's name.
    pub provider: String,
    /// The host and port of its service. The same name at another host is another account.
    pub host: String,
    /// The user's name for it; `None` if it was used without a profile.
    pub profile: Option<String>,
    /// The provider's id for it, if known.
    pub id: Option<String>,
}

impl Account {
    /// Whether both are the same account.
    pub fn is_same(&self, other: &Account) -> bool {
        self.is_same_anywhere(other) && self.host == other.host
    }

    /// Whether both are the same account, whatever their hosts.
    pub fn is_same_anywhere(&self, other: &Account) -> bool {
        let known = self.id.as_ref().zip(other.id.as_ref());
        let same = known.map_or_else(|| self.profile == other.profile, |(one, other)| one == other);
        same && self.provider == other.provider
    }
}

/// [`Account::is_same_anywhere`] of a row, with the provider as `?1`, the profile as `?2` and the id as `?3`. Every row
/// passes when `?1` is null.
macro_rules! of_provider {
    () => {
        "(?1 IS NULL OR provider = ?1
          AND CASE WHEN account IS NULL OR ?3 IS NULL THEN profile IS ?2 ELSE account = ?3 END)"
    };
}
pub(crate) use of_provider;

/// [`Account::is_same`] of a row, with the host as `?4`.
macro_rules! of_account {
    () => {
        concat!($crate::account::of_provider!(), " AND (?1 IS NULL OR host = ?4)")
    };
}
pub(crate) use of_account;

/// The four parameters of [`of_account`]: the provider, the profile, the id and the host.
pub(crate) type Four<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>);

pub(crate) fn four(account: Option<&Account>) -> Four<'_> {
    account.map_or((None, None, None, None), |account| {
        (Some(&account.provider), account.profile.as_deref(), account.id.as_deref(), Some(&account.host))
    })
}

/// The account of a row; `None` if the row has no provider.
pub(crate) fn of_row(row: &Row<'_>) -> rusqlite::Result<Option<Account>> {
    let Some(provider) = row.get("provider")? else { return Ok(None) };
    let (host, profile) = (row.get("host")?, row.get("profile")?);
    Ok(Some(Account { provider, host, profile, id: row.get("account")? }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{begin, fresh, new_call, other};
    use crate::{Filter, NewCall};

    #[test]
    fn two_accounts_are_the_same_by_their_ids_or_else_by_their_names() {
        let of = |provider: &str, profile: Option<&str>, id: Option<&str>| {
            let [profile, id] = [profile, id].map(|text| text.map(str::to_owned));
            Account { provider: provider.to_owned(), host: "h:443".to_owned(), profile, id }
        };
        let (_folder, journal) = fresh();
        let all = [
            of("p", Some("a"), Some("1")),
            of("p", Some("b"), Some("1")),
            of("p", Some("a"), Some("2")),
            of("p", Some("a"), None),
            of("p", None, None),
            of("q", Some("a"), Some("1")),
            Account { host: "h:8443".to_owned(), ..of("p", Some("a"), Some("1")) },
        ];
        for account in &all {
            begin(&journal, &NewCall { account: account.clone(), ..new_call("", "h") }).unwrap();
        }
        for (account, same) in all.iter().zip([&[1, 2, 4][..], &[1, 2], &[3, 4], &[1, 3, 4], &[5], &[6], &[7]]) {
            let alike = all.iter().zip(1i64..).filter(|(other, _)| account.is_same(other)).map(|(_, number)| number);
            assert_eq!(alike.collect::<Vec<_>>(), same);
            let filter = Filter { account: Some(account.clone()), ..Filter::default() };
            let found: Vec<i64> = journal.calls(&filter).unwrap().iter().map(|call| call.id.0).collect();
            assert_eq!((found.as_slice(), journal.count_open(Some(account)).unwrap()), (same, same.len() as u64));
        }
        assert_eq!(journal.count_open(None).unwrap(), 7);
        // The same for lines, without the host.
        for (account, text) in all.iter().zip(["1", "2", "3", "4", "5", "6", "7"]) {
            journal.append(1, Some(account), text, &[]).unwrap();
        }
        journal.append(1, None, "8", &[]).unwrap();
        let reader = other(&journal);
        for account in &all {
            let alike = (0..all.len()).rev().filter(|at| account.is_same_anywhere(&all[*at]));
            let alike: Vec<String> = alike.map(|at| (at + 1).to_string()).collect();
            let found = reader.recall(Some(account), 99).unwrap();
            assert_eq!((found.own, found.others.len()), (alike.clone(), 8 - alike.len()), "{account:?}");
        }
        assert_eq!(reader.recall(None, 99).unwrap().own.len(), 8);
    }
}
