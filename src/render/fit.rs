//! The widths of a table's columns, and which of them are kept when there is no room for all.

use super::text::width;

/// Spaces between two columns.
pub(super) const GAP: usize = 2;

/// The requirements of a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// The width at which nothing is shortened.
    pub(super) natural: usize,
    /// The smallest width in which it makes sense.
    pub(super) least: usize,
    /// Its importance; 0 is the most important.
    pub(super) tier: usize,
}

/// The width of each column; `None` if it must be left out. The most important columns are placed first; then all
/// remaining ones share the room, and the widest gives way.
pub(super) fn widths(wishes: &[Wish], room: usize) -> Vec<Option<usize>> {
    let mut order: Vec<(usize, &Wish)> = wishes.iter().enumerate().collect();
    order.sort_by_key(|(_, wish)| wish.tier);
    let mut kept = vec![None; wishes.len()];
    let (mut used, mut gap) = (0, 0);
    for (index, wish) in order {
        let need = gap + wish.least;
        if let Some(place) = kept.get_mut(index)
            && used + need <= room
        {
            (used, gap) = (used + need, GAP);
            *place = Some(wish.natural.max(wish.least).min(room));
        }
    }
    let gaps = GAP * kept.iter().flatten().count().saturating_sub(1);
    while kept.iter().flatten().sum::<usize>() + gaps > room {
        let columns = kept.iter_mut().zip(wishes).filter_map(|(width, wish)| Some((width.as_mut()?, wish.least)));
        let Some((widest, _)) = columns.filter(|(width, least)| **width > *least).max_by_key(|(width, _)| **width)
        else {
            break;
        };
        *widest -= 1;
    }
    kept
}

/// The tier of a column without values.
pub(super) const EMPTY: usize = usize::MAX;

/// The tier of any other column if no catalogue says more: columns that identify a row matter most, then plain columns, then nested ones, then
/// whole lists of dictionaries.
pub(super) fn tier(index: usize, name: &str, nested: bool) -> usize {
    const TELLING: [&str; 10] =
        ["id", "key", "name", "label", "nickname", "hostname", "domain", "state", "status", "type"];
    const ADDRESSES: [&str; 4] = ["ip", "address", "email", "url"];
    let last = pieces(name).last().map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    let address = last.is_some_and(|word| ADDRESSES.contains(&word.as_str()));
    match name {
        _ if nested => 3,
        _ if name.contains('.') => 2,
        _ if index == 0 || address || TELLING.contains(&name.to_lowercase().as_str()) => 0,
        _ => 1,
    }
}

/// The parts at which a name may be broken: after punctuation and before an inner capital.
fn pieces(name: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut before) = (0, ' ');
    for (at, c) in name.char_indices() {
        let behind_mark = matches!(before, ' ' | '_' | '-' | '.' | '/');
        if at > start && (behind_mark || before.is_lowercase() && c.is_uppercase()) {
            pieces.extend(name.get(start..at));
            start = at;
        }
        before = c;
    }
    pieces.extend(name.get(start..));
    pieces
}

/// The most lines of a name above a column.
const STOREYS: usize = 2;

/// The narrowest column that a name fits above. Of a path only the last step must fit.
pub(super) fn least_for_name(name: &str) -> usize {
    let last = name.rsplit_once('.').map(|(_, last)| folded(&pieces(last)) + 1);
    folded(&pieces(name)).min(last.unwrap_or(usize::MAX))
}

/// The narrowest room in which pieces fit on as few lines as are allowed.
fn folded(pieces: &[&str]) -> usize {
    let line = |pieces: &[&str]| width(pieces.concat().trim_end());
    let splits = (0..=pieces.len()).filter_map(|at| pieces.split_at_checked(at));
    splits.map(|(first, second)| line(first).max(line(second))).min().unwrap_or(0)
}

/// A name on as few lines as the width allows. A path that is too long loses its first steps, and `mark` shows that.
pub(super) fn name_lines(name: &str, room: usize, mark: &str) -> Vec<String> {
    let whole = broken(&pieces(name), room);
    let fits = whole.len() <= STOREYS && whole.iter().all(|line| width(line) <= room);
    match name.rsplit_once('.').filter(|_| !fits) {
        None => whole,
        Some((_, last)) => {
            let mut parts = vec![mark];
            parts.extend(pieces(last));
            broken(&parts, room.max(least_for_name(name)))
        }
    }
}

/// Pieces on as few lines as the width allows.
fn broken(pieces: &[&str], room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            // Blanks at the end of a line are not seen.
            Some(line) if piece.trim_end().is_empty() || width(line) + width(piece.trim_end()) <= room => {
                line.push_str(piece);
            }
            _ => lines.push((*piece).to_owned()),
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wishes(wishes: &[(usize, usize, usize)]) -> Vec<Wish> {
        wishes.iter().map(|(natural, least, tier)| Wish { natural: *natural, least: *least, tier: *tier }).collect()
    }

    #[test]
    fn the_room_is_shared_and_the_least_important_gives_way() {
        for (columns, room, shared) in [
            (&[(5, 5, 0), (7, 3, 1)][..], 14, &[Some(5), Some(7)][..]),
            (&[(5, 5, 0), (7, 3, 1)], 12, &[Some(5), Some(5)]),
            (&[(5, 5, 0), (30, 3, 1), (20, 3, 1)], 29, &[Some(5), Some(10), Some(10)]),
            (&[(5, 5, 0), (9, 9, 1), (9, 9, 0)], 16, &[Some(5), None, Some(9)]),
            (&[(5, 5, 0), (40, 40, 1), (9, 9, 1)], 16, &[Some(5), None, Some(9)]),
            (&[(50, 50, 0), (5, 5, 1)], 20, &[None, Some(5)]),
            (&[(0, 0, 0), (3, 3, 0)], 3, &[Some(0), None]),
            (&[], 20, &[]),
        ] {
            assert_eq!(widths(&wishes(columns), room), shared, "{columns:?} in {room}");
        }
    }

    #[test]
    fn columns_that_identify_rows_matter_most() {
        for (index, name, nested, expected) in [
            (0, "anything", false, 0),
            (4, "id", false, 0),
            (4, "privateIp", false, 0),
            (4, "primary_ip_address", false, 0),
            (4, "sourceImageId", false, 1),
            (4, "backup.id", false, 2),
            (4, "disk", true, 3),
        ] {
            assert_eq!(tier(index, name, nested), expected, "{name}");
        }
    }

    #[test]
    fn blanks_in_a_name_take_no_lines() {
        assert_eq!(name_lines(" a     ", 1, "…"), ["", "a"]);
        assert_eq!(name_lines("a    b", 3, "…").len(), 2);
    }

    #[test]
    fn names_break_between_their_words() {
        for (name, room, lines) in [
            ("renewal_price_amount", 20, &["renewal_price_amount"][..]),
            ("renewal_price_amount", 14, &["renewal_price_", "amount"]),
            ("softwareLabel", 8, &["software", "Label"]),
            ("Performance Storage Hours", 13, &["Performance", "Storage Hours"]),
            ("backup.assetId", 7, &["backup.", "assetId"]),
            ("machine.system.displayName", 10, &["…display", "Name"]),
            ("a.b.ip_address", 11, &["a.b.ip_", "address"]),
            ("machine_b.ip_address", 9, &["…ip_", "address"]),
            ("ID", 2, &["ID"]),
            ("", 1, &[""]),
        ] {
            assert_eq!(name_lines(name, room, "…"), lines, "{name} {room}");
        }
    }

    proptest! {
        #[test]
        fn columns_never_exceed_the_room(
            columns in prop::collection::vec((0usize..90, 0usize..40, 0usize..4), 0..12),
            room in 1usize..200,
        ) {
            let wishes = wishes(&columns);
            let widths = widths(&wishes, room);
            let kept: Vec<usize> = widths.iter().flatten().copied().collect();
            prop_assert!(kept.iter().sum::<usize>() + GAP * kept.len().saturating_sub(1) <= room);
            prop_assert!(widths.iter().zip(&wishes).all(|(width, wish)| width.is_none_or(|width| width >= wish.least)));
        }

        #[test]
        fn a_name_has_two_lines_at_most_in_the_room_it_needs(name in "[a-zA-Z_. ]{0,40}", more in 0usize..20) {
            let room = (least_for_name(&name) + more).max(1);
            let lines = name_lines(&name, room, "…");
            prop_assert!(lines.len() <= STOREYS, "{:?} in {}", lines, room);
            prop_assert!(lines.iter().all(|line| width(line) <= room), "{:?} in {}", lines, room);
        }

        #[test]
        fn no_part_of_a_name_is_lost(name in any::<String>()) {
            prop_assert_eq!(pieces(&name).concat(), name.as_str());
        }
    }
}
