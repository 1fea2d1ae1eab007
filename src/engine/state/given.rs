//! What calls were given, where that is all that is to be remembered of them: a line that makes many calls says it once
//! for all.

use std::borrow::Cow;

use history::Sighting;

use model::GIVEN;

/// So many of the values that one line gives are worth completing. Nobody has typed as many.
const MOST: usize = 200;

/// What calls showed, in the same order; what those of an account were given is one sighting. `given` is how many values
/// of the line there were before.
pub(super) fn together<'s>(seen: &'s [Sighting], given: &mut usize) -> Vec<Cow<'s, Sighting>> {
    let mut all: Vec<Cow<'s, Sighting>> = Vec::new();
    for one in seen {
        if !says_what_was_given(one) {
            all.push(Cow::Borrowed(one));
            continue;
        }
        let before = *given;
        *given += one.seen.len();
        if before >= MOST {
            continue;
        }
        match all.iter_mut().rfind(|other| other.account == one.account && says_what_was_given(other)) {
            Some(other) => {
                let other = other.to_mut();
                other.at = one.at;
                other.seen.extend(one.seen.iter().cloned());
            }
            None => all.push(Cow::Borrowed(one)),
        }
    }
    all
}

/// Whether a sighting says nothing else.
fn says_what_was_given(one: &Sighting) -> bool {
    let Sighting { account: _, at: _, list, whole_since, seen, gone } = one;
    let nothing_else = list.is_none() && whole_since.is_none() && gone.is_empty();
    // All of them are of one call, or of several that have been looked at.
    nothing_else && seen.iter().all(|object| object.kind.starts_with(GIVEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use history::{Account, Object};

    fn sighting(host: &str, at: i64, kinds: &[&str], list: Option<&str>) -> Sighting {
        let seen = kinds.iter().map(|kind| Object { kind: (*kind).into(), key: at.to_string(), ..Object::default() });
        Sighting {
            account: Account { provider: "p".into(), host: host.into(), profile: None, id: None },
            at,
            list: list.map(str::to_owned),
            whole_since: None,
            seen: seen.collect(),
            gone: Vec::new(),
        }
    }

    #[test]
    fn what_calls_were_given_is_said_once_and_everything_else_as_it_was() {
        let seen = [
            sighting("h", 1, &["=a x", "=a y"], None),
            sighting("h", 2, &["node", "=a x"], None),
            sighting("h", 3, &["=a x"], None),
            sighting("h", 4, &["=a x"], Some("list")),
            sighting("i", 5, &["=a x"], None),
            sighting("h", 6, &["=a x"], None),
        ];
        let mut given = 0;
        let all = together(&seen, &mut given);
        let told: Vec<String> = all
            .iter()
            .map(|one| {
                let keys: Vec<&str> = one.seen.iter().map(|object| object.key.as_str()).collect();
                format!("{} {} {}", one.account.host, one.at, keys.join(","))
            })
            .collect();
        assert_eq!(told, ["h 6 1,1,3,6", "h 2 2,2", "h 4 4", "i 5 5"]);
        assert_eq!(given, 5);
    }

    #[test]
    fn of_very_many_values_the_first_are_kept() {
        let seen: Vec<Sighting> = (0..150).map(|at| sighting("h", at, &["=a x"], None)).collect();
        let mut given = 0;
        let count = |given: &mut usize| together(&seen, given).iter().map(|one| one.seen.len()).sum::<usize>();
        assert_eq!([count(&mut given), count(&mut given), count(&mut given), given], [150, 50, 0, 450]);
    }
}
