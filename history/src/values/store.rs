//! The tables of what was seen.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Transaction, params};

use super::sighting::{LONGEST, MOST_ACCOUNTS, MOST_INSIDE, MOST_SEEN, Object, Seen, Sighting};
use crate::account::{self, Account, of_account};
use crate::error::Result;
use crate::moment::Millis;

/// Puts sightings on record, in order.
pub(super) fn put_all(transaction: &Transaction<'_>, sightings: &[Sighting]) -> Result<()> {
    let owners: Result<BTreeSet<i64>> = sightings.iter().map(|sighting| put(transaction, sighting)).collect();
    owners?.into_iter().try_for_each(|owner| fit(transaction, owner))
}

/// Puts one on record, and returns the number of its account.
fn put(transaction: &Transaction<'_>, sighting: &Sighting) -> Result<i64> {
    let Sighting { account, at, list, whole_since, seen, gone } = sighting;
    let owner = owner(transaction, account, *at)?;
    let list = list.as_deref().map(|name| format!("\n{name}\n")).unwrap_or_default();
    let mut insert = transaction.prepare_cached(PUT)?;
    let mut put_within = transaction.prepare_cached(PUT_WITHIN)?;
    for object in seen.iter().filter(|object| object.is_kept()) {
        let Object { kind, key, label, .. } = object;
        let label: String = label.chars().take(LONGEST).collect();
        insert.execute(params![owner, kind, key, label, label.to_lowercase(), list, at])?;
        for (parent_kind, parent_key) in object.parents() {
            put_within.execute(params![owner, kind, key, parent_kind, parent_key])?;
        }
    }
    let mut remove = transaction.prepare_cached(REMOVE)?;
    for (kind, key) in gone {
        remove.execute(params![owner, kind, key])?;
    }
    if let (Some(since), false) = (whole_since, list.is_empty()) {
        transaction.prepare_cached(UNLIST)?.execute(params![owner, list, since])?;
    }
    Ok(owner)
}

/// The number of an account, which is given one the first time.
fn owner(transaction: &Transaction<'_>, account: &Account, at: Millis) -> Result<i64> {
    if let Some(known) = known(transaction, account)? {
        transaction.prepare_cached(SEEN_AGAIN)?.execute(params![known, at, account.id])?;
        return Ok(known);
    }
    let (provider, profile, id, host) = account::four(Some(account));
    transaction.prepare_cached(NEW_OWNER)?.execute(params![provider, profile, id, host, at])?;
    let new = transaction.last_insert_rowid();
    let most = i64::try_from(MOST_ACCOUNTS).unwrap_or(i64::MAX);
    if transaction.prepare_cached(OLD_OWNERS)?.execute(params![most])? > 0 {
        transaction.execute("DELETE FROM seen WHERE owner NOT IN (SELECT id FROM owners)", [])?;
    }
    Ok(new)
}

fn known(connection: &Connection, account: &Account) -> Result<Option<i64>> {
    let (provider, profile, id, host) = account::four(Some(account));
    let mut select = connection.prepare_cached(OWNER)?;
    Ok(select.query_row(params![provider, profile, id, host], |row| row.get(0)).optional()?)
}

/// Removes the oldest values of an account that has too many.
fn fit(transaction: &Transaction<'_>, owner: i64) -> Result<()> {
    let count: i64 = transaction
        .prepare_cached("SELECT count(*) FROM seen WHERE owner = ?1")?
        .query_row([owner], |row| row.get(0))?;
    let surplus = count.saturating_sub(i64::try_from(MOST_SEEN).unwrap_or(i64::MAX));
    if surplus > 0 {
        transaction.execute(OLDEST, params![owner, surplus])?;
    }
    Ok(())
}

/// See [`super::Journal::seen`].
pub(super) fn find(
    connection: &Connection,
    account: &Account,
    (kind, begun): (&str, &str),
    most: usize,
) -> Result<Vec<Seen>> {
    let Some(owner) = known(connection, account)? else { return Ok(Vec::new()) };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if begun.is_empty() {
        return rows(connection.prepare_cached(NEWEST)?, params![owner, kind, most]);
    }
    let folded = begun.to_lowercase();
    // Nothing that begins with a text comes after this.
    let end = |text: &str| format!("{text}{}", char::MAX);
    let mut found = rows(connection.prepare_cached(BY_KEY)?, params![owner, kind, begun, end(begun), most])?;
    let named = rows(connection.prepare_cached(BY_LABEL)?, params![owner, kind, folded, end(&folded), most])?;
    found.extend(named.into_iter().filter(|one| !one.key.starts_with(begun)));
    if found.is_empty() {
        found = rows(connection.prepare_cached(CONTAINING)?, params![owner, kind, folded, begun, most])?;
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(found)
}

/// See [`super::Journal::seen_within`].
pub(super) fn find_within(
    connection: &Connection,
    account: &Account,
    (kind, begun): (&str, &str),
    within: &[Vec<(String, String)>],
    most: usize,
) -> Result<Vec<Seen>> {
    let Some(owner) = known(connection, account)?.filter(|_| !within.is_empty()) else { return Ok(Vec::new()) };
    let (mut found, mut large): (Option<BTreeMap<String, Seen>>, Vec<&Vec<_>>) = (None, Vec::new());
    for parents in within {
        let inside = inside(connection, owner, kind, parents)?;
        if inside.len() > MOST_INSIDE {
            large.push(parents);
            continue;
        }
        if inside.is_empty() {
            continue;
        }
        let both = match &found {
            None => inside,
            Some(before) => inside.into_iter().filter(|(key, _)| before.contains_key(key)).collect(),
        };
        found = if both.is_empty() { found } else { Some(both) };
    }
    if found.is_none() && !large.is_empty() {
        let mut found = find(connection, account, (kind, begun), most)?;
        for parents in large {
            found = all_inside(connection, (owner, kind), found, parents)?;
        }
        return Ok(found);
    }
    let folded = begun.to_lowercase();
    let begins = |one: &Seen| one.key.starts_with(begun) || one.label.to_lowercase().starts_with(&folded);
    let contains = |one: &Seen| one.key.contains(begun) || one.label.to_lowercase().contains(&folded);
    let (mut all, rest): (Vec<Seen>, Vec<Seen>) = found.into_iter().flatten().map(|(_, one)| one).partition(begins);
    if all.is_empty() {
        all = rest.into_iter().filter(contains).collect();
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    all.truncate(most);
    Ok(all)
}

/// Those of some values that were seen in one of some objects.
fn all_inside(
    connection: &Connection,
    (owner, kind): (i64, &str),
    values: Vec<Seen>,
    parents: &[(String, String)],
) -> Result<Vec<Seen>> {
    let mut select = connection.prepare_cached(IS_WITHIN)?;
    let mut inside = Vec::new();
    for value in values {
        for (parent_kind, parent_key) in parents {
            if select.exists(params![owner, kind, value.key, parent_kind, parent_key])? {
                inside.push(value);
                break;
            }
        }
    }
    Ok(inside)
}

/// The values of a kind that were seen in one of some objects, by key; one more than counts if there are too many.
fn inside(
    connection: &Connection,
    owner: i64,
    kind: &str,
    parents: &[(String, String)],
) -> Result<BTreeMap<String, Seen>> {
    let mut found = BTreeMap::new();
    let most = i64::try_from(MOST_INSIDE + 1).unwrap_or(i64::MAX);
    for (parent_kind, parent_key) in parents {
        let inside = connection.prepare_cached(WITHIN)?;
        let inside = rows(inside, params![owner, kind, parent_kind, parent_key, most])?;
        found.extend(inside.into_iter().map(|one| (one.key.clone(), one)));
    }
    Ok(found)
}

fn rows(mut select: CachedStatement<'_>, parameters: impl Params) -> Result<Vec<Seen>> {
    let rows =
        select.query_map(parameters, |row| Ok(Seen { key: row.get(0)?, label: row.get(1)?, at: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<Vec<Seen>>>()?)
}

/// See [`super::Journal::count_seen`].
#[cfg(test)]
pub(super) fn count(connection: &Connection, account: &Account) -> Result<Vec<(String, u64)>> {
    let Some(owner) = known(connection, account)? else { return Ok(Vec::new()) };
    let mut select = connection.prepare_cached(COUNT)?;
    let rows = select
        .query_map(params![owner], |row| Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default())))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}

const OWNER: &str =
    concat!("SELECT id FROM owners WHERE ", of_account!(), " ORDER BY account IS NULL, at DESC, id DESC LIMIT 1");
const NEW_OWNER: &str = "INSERT INTO owners (provider, profile, account, host, at) VALUES (?1, ?2, ?3, ?4, ?5)";
const SEEN_AGAIN: &str = "UPDATE owners SET at = max(at, ?2), account = coalesce(account, ?3) WHERE id = ?1";
const OLD_OWNERS: &str =
    "DELETE FROM owners WHERE id IN (SELECT id FROM owners ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?1)";

/// What is known by a name keeps it where an answer has none.
const PUT: &str = "INSERT INTO seen (owner, kind, key, label, folded, lists, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (owner, kind, key) DO UPDATE SET
        label = CASE WHEN excluded.label = '' THEN label ELSE excluded.label END,
        folded = CASE WHEN excluded.label = '' THEN folded ELSE excluded.folded END,
        lists = CASE WHEN excluded.lists = '' OR instr(lists, excluded.lists) > 0 THEN lists
            ELSE lists || excluded.lists END,
        at = max(at, excluded.at)";
const PUT_WITHIN: &str = "INSERT OR IGNORE INTO seen_within (owner, kind, key, parent_kind, parent_key)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const REMOVE: &str = "DELETE FROM seen WHERE owner = ?1 AND kind = ?2 AND key = ?3";
const UNLIST: &str = "DELETE FROM seen WHERE owner = ?1 AND at < ?3 AND instr(lists, ?2) > 0";
const OLDEST: &str = "DELETE FROM seen WHERE owner = ?1
    AND (kind, key) IN (SELECT kind, key FROM seen WHERE owner = ?1 ORDER BY at LIMIT ?2)";

const NEWEST: &str = "SELECT key, label, at FROM seen WHERE owner = ?1 AND kind = ?2 ORDER BY at DESC LIMIT ?3";
const BY_KEY: &str =
    "SELECT key, label, at FROM seen WHERE owner = ?1 AND kind = ?2 AND key >= ?3 AND key < ?4 LIMIT ?5";
const BY_LABEL: &str = "SELECT key, label, at FROM seen INDEXED BY seen_by_label
    WHERE owner = ?1 AND kind = ?2 AND folded >= ?3 AND folded < ?4 LIMIT ?5";
/// Among the newest: to look through all of many would take longer than a key may.
const CONTAINING: &str = "SELECT key, label, at FROM
        (SELECT key, label, folded, at FROM seen INDEXED BY seen_by_kind
            WHERE owner = ?1 AND kind = ?2 ORDER BY at DESC LIMIT 2000)
    WHERE instr(folded, ?3) > 0 OR instr(key, ?4) > 0 LIMIT ?5";
const WITHIN: &str = "SELECT seen.key, label, at FROM seen_within JOIN seen USING (owner, kind, key)
    WHERE owner = ?1 AND kind = ?2 AND parent_kind = ?3 AND parent_key = ?4 LIMIT ?5";
const IS_WITHIN: &str = "SELECT 1 FROM seen_within
    WHERE owner = ?1 AND kind = ?2 AND key = ?3 AND parent_kind = ?4 AND parent_key = ?5";
#[cfg(test)]
const COUNT: &str = "SELECT kind, count(*) FROM seen WHERE owner = ?1 GROUP BY kind ORDER BY kind";
