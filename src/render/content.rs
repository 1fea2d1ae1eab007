//! The content of a cell of a table: what of it is shown in how much room.

use std::borrow::Cow;

use super::text;

/// The smallest width of a free text that is cut.
const LEAST_TEXT: usize = 12;
/// The smallest width of another text that loses words.
const LEAST_WORDS: usize = 20;

/// The content of a cell, on one line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// What is never shortened: ids, addresses, secrets, dates, numbers.
    Whole(String),
    /// What loses its last words, but no part of a word.
    Words(String),
    /// Free text, cut anywhere.
    Text(String),
    /// The members of a list, of which the last are only counted if there is no room.
    Members(Vec<String>),
    /// What is nested, and what is said instead of it.
    Nested(String, String),
}

impl Default for Content {
    fn default() -> Content {
        Content::Whole(String::new())
    }
}

impl Content {
    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.natural() == 0
    }

    /// The width at which nothing is shortened.
    pub(super) fn natural(&self) -> usize {
        text::width(&self.full())
    }

    /// The smallest width in which it makes sense.
    pub(super) fn least(&self) -> usize {
        let natural = self.natural();
        match self {
            Content::Whole(_) => natural,
            Content::Text(_) => natural.min(LEAST_TEXT),
            Content::Words(words) => {
                let first = words.split(' ').next().map_or(0, text::width);
                natural.min((first + 1 + text::width(text::ellipsis())).max(LEAST_WORDS))
            }
            Content::Members(members) => natural.min(text::width(&some(members, 1))),
            Content::Nested(_, instead) => natural.min(text::width(instead)),
        }
    }

    /// All of it.
    pub(super) fn full(&self) -> Cow<'_, str> {
        match self {
            Content::Whole(text) | Content::Words(text) | Content::Text(text) | Content::Nested(text, _) => {
                Cow::Borrowed(text)
            }
            Content::Members(members) => Cow::Owned(members.join(", ")),
        }
    }

    /// What of it fits into a width that is no smaller than its least.
    pub(super) fn in_width(&self, width: usize) -> Cow<'_, str> {
        if self.natural() <= width {
            return self.full();
        }
        match self {
            Content::Whole(text) => Cow::Borrowed(text),
            Content::Text(text) => text::cut_end(text, width),
            Content::Words(words) => {
                let room = width.saturating_sub(1 + text::width(text::ellipsis()));
                let ends = words.match_indices(' ').map(|(at, _)| at);
                let kept = ends.filter_map(|at| words.get(..at)).take_while(|kept| text::width(kept) <= room).last();
                Cow::Owned(format!("{} {}", kept.unwrap_or_default().trim_end(), text::ellipsis()))
            }
            Content::Members(members) => {
                let fits = |count: &usize| text::width(&some(members, *count)) <= width;
                Cow::Owned(some(members, (1..members.len()).rev().find(fits).unwrap_or(1)))
            }
            Content::Nested(_, instead) => Cow::Borrowed(instead),
        }
    }
}

/// The first of some members, and how many more there are.
fn some(members: &[String], count: usize) -> String {
    let (shown, rest) = members.split_at(count.min(members.len()));
    let shown = shown.join(", ");
    if rest.is_empty() { shown } else { format!("{shown} +{}", rest.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn members(members: &[&str]) -> Content {
        Content::Members(members.iter().map(|&member| member.to_owned()).collect())
    }

    #[test]
    fn what_fits_is_shown() {
        for (content, width, shown) in [
            (Content::Whole("192.0.2.11".into()), 4, "192.0.2.11"),
            (Content::Text("the first of the pair".into()), 12, "the first o…"),
            (Content::Text("the first".into()), 12, "the first"),
            (Content::Words("Web server in London".into()), 20, "Web server in London"),
            (Content::Words("Web server in London".into()), 17, "Web server in …"),
            (Content::Words("Web server in London".into()), 14, "Web server …"),
            (members(&["192.0.2.1", "192.0.2.2", "192.0.2.3"]), 99, "192.0.2.1, 192.0.2.2, 192.0.2.3"),
            (members(&["192.0.2.1", "192.0.2.2", "192.0.2.3"]), 23, "192.0.2.1, 192.0.2.2 +1"),
            (members(&["192.0.2.1", "192.0.2.2", "192.0.2.3"]), 22, "192.0.2.1 +2"),
            (Content::Nested("id: 1; id: 2".into(), "2 items".into()), 11, "2 items"),
            (Content::Nested("id: 1; id: 2".into(), "2 items".into()), 12, "id: 1; id: 2"),
        ] {
            assert_eq!(content.in_width(width), shown, "{content:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(words in "[a-zé ]{0,40}", list in prop::collection::vec("[a-z0-9.]{1,12}", 1..6), more in 0usize..30) {
            for content in [Content::Text(words.clone()), Content::Words(words.clone()), Content::Members(list.clone())] {
                let width = content.least() + more;
                let shown = content.in_width(width).into_owned();
                prop_assert!(text::width(&shown) <= width, "{:?} in {}", content, width);
                if matches!(content, Content::Words(_)) {
                    prop_assert!(shown.split(' ').all(|word| word == "…" || words.split(' ').any(|whole| whole == word)));
                }
            }
        }
    }
}
