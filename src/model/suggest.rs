//! "Did you mean": the names nearest to a mistyped one.
//!
//! There are as many kinds of iterators as there are lists of names; the work is compiled once for all of them.

/// Names, wherever they come from.
type Names<'i, 'n> = &'i mut dyn Iterator<Item = &'n str>;

/// The best candidates for a word, nearest first, at most three; empty when none is near.
pub fn nearest<'n>(word: &str, mut names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    nearest_of(word, &mut names)
}

fn nearest_of<'n>(word: &str, names: Names<'_, 'n>) -> Vec<&'n str> {
    let folded = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .filter_map(|name| {
            let score = score(&folded, &name.to_lowercase());
            (score >= 0.8).then_some((score, name))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    // Two accounts may have methods of the same name.
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.truncate(3);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// The candidates that a dotted word shortens part by part, such as `server.reboot` for `s.reb`; at most three.
pub fn shortened<'n>(word: &str, mut names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    shortened_of(word, &mut names)
}

fn shortened_of<'n>(word: &str, names: Names<'_, 'n>) -> Vec<&'n str> {
    let word = word.to_lowercase();
    let parts: Vec<&str> = word.split('.').collect();
    let fits = |name: &&str| {
        let name = name.to_lowercase();
        let mut theirs = name.split('.');
        let mut begins = |part: &str| theirs.next().is_some_and(|whole| !part.is_empty() && whole.starts_with(part));
        parts.len() > 1 && parts.iter().all(|part| begins(part)) && theirs.next().is_none()
    };
    let mut found: Vec<&str> = names.filter(fits).collect();
    found.sort_by_key(|name| (name.len(), *name));
    found.dedup();
    found.truncate(3);
    found
}

/// The candidates that match with more or fewer words, such as `server-id` for `id`; at most three.
pub fn kin<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let word = word.to_lowercase();
    let ends = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with(['-', '_']));
    names
        .filter(|name| {
            let name = name.to_lowercase();
            ends(&name, &word) || ends(&word, &name)
        })
        .take(3)
        .collect()
}

/// Whether a word is a name with one or two typing slips: letters missing, doubled, swapped or replaced.
pub fn is_slip(word: &str, name: &str) -> bool {
    strsim::damerau_levenshtein(word, name) <= if name.len() < 8 { 1 } else { 2 }
}

/// Similarity from 0 to 1. A dotted name is also compared part by part, so that a mistyped group does not hide the
/// right verb after it.
fn score(word: &str, name: &str) -> f64 {
    let whole = strsim::jaro_winkler(word, name).max(strsim::normalized_damerau_levenshtein(word, name));
    let (ours, theirs): (Vec<_>, Vec<_>) = (word.split('.').collect(), name.split('.').collect());
    if ours.len() < 2 || ours.len() != theirs.len() {
        return whole;
    }
    let parts: f64 = ours.iter().zip(&theirs).map(|(a, b)| strsim::jaro_winkler(a, b)).fold(1.0, f64::min);
    (whole + parts) / 2.0
}

/// ` (did you mean a, b or c?)`; `None` without names.
pub fn phrase(names: &[&str]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(format!("did you mean {one}?")),
        [rest @ .., last] => Some(format!("did you mean {} or {last}?", rest.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["service.list", "service.info", "server.list", "dns.zone_record_create", "dns.reload"];

    #[test]
    fn the_nearest_name_comes_first() {
        for (word, best) in [
            ("service.lst", "service.list"),
            ("servce.list", "service.list"),
            ("dns.zone_record_crate", "dns.zone_record_create"),
            ("dns.relaod", "dns.reload"),
            ("Service.List", "service.list"),
        ] {
            assert_eq!(nearest(word, NAMES.into_iter()).first().copied(), Some(best), "{word}");
        }
        assert!(nearest("frobnicate", NAMES.into_iter()).is_empty());
        assert_eq!(nearest("dns.relaod", NAMES.into_iter().chain(NAMES)), ["dns.reload"]);
    }

    #[test]
    fn a_dotted_word_may_be_short_for_a_name() {
        for (word, names) in [
            ("s.list", &["server.list", "service.list"][..]),
            ("serv.inf", &["service.info"]),
            ("S.Info", &["service.info"]),
            ("dns.z", &["dns.zone_record_create"]),
            ("s.x", &[]),
            ("s.", &[]),
            ("service", &[]),
            ("s.l.x", &[]),
        ] {
            assert_eq!(shortened(word, NAMES.into_iter()), names, "{word}");
        }
    }

    #[test]
    fn a_name_with_a_word_more_or_less_is_kin() {
        let names = ["server-id", "backup-client-id", "grid", "name"];
        assert_eq!(kin("id", names.into_iter()), ["server-id", "backup-client-id"]);
        assert_eq!(kin("Server_Name", names.into_iter()), ["name"]);
        assert!(kin("", names.into_iter()).is_empty() && kin("client", names.into_iter()).is_empty());
    }

    #[test]
    fn a_slip_is_a_letter_or_two() {
        for (word, name, slip) in [
            ("pasword", "password", true),
            ("passwrod", "password", true),
            ("secrte", "secret", true),
            ("passive", "passwd", false),
            ("keys", "tokens", false),
        ] {
            assert_eq!(is_slip(word, name), slip, "{word}");
        }
    }

    #[test]
    fn the_phrase_reads_well() {
        assert_eq!(phrase(&[]), None);
        assert_eq!(phrase(&["a", "b"]).as_deref(), Some("did you mean a or b?"));
    }
}
