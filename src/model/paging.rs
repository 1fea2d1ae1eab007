//! How a long list is read page by page.

use serde::Deserialize;

/// How the next page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageStyle {
    /// By its number, from 1.
    Number,
    /// By the number of members before it.
    Offset,
    /// By a text that the answer gives, or by the last member.
    Cursor,
    /// By an address that is a field of the answer.
    Url,
    /// By an address in the header `Link`.
    Link,
}

impl PageStyle {
    /// Whether the answer tells how the next page is asked for.
    pub fn is_told(self) -> bool {
        matches!(self, PageStyle::Cursor | PageStyle::Url | PageStyle::Link)
    }
}

/// How a long list is read page by page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// How the next page is asked for.
    pub style: PageStyle,
    /// The parameter that chooses a page.
    #[serde(default)]
    pub page: String,
    /// The parameter for the number of members per page.
    #[serde(default)]
    pub size: String,
    /// The field of an answer with the total number of members.
    #[serde(default)]
    pub total: Option<String>,
    /// The page size to ask for when all members are read.
    #[serde(default)]
    pub most: Option<u32>,
    /// The field of an answer with the next cursor or address: a dotted path. There is none on the last page.
    #[serde(default)]
    pub next: Option<String>,
    /// The header of an answer with the next cursor.
    #[serde(default)]
    pub header: Option<String>,
    /// The field of the last member that is the next cursor.
    #[serde(default)]
    pub last: Option<String>,
    /// The field of an answer that says whether there are more pages.
    #[serde(default)]
    pub more: Option<String>,
}

impl Paging {
    /// Whether a parameter only chooses a page.
    pub fn names(&self, param: &str) -> bool {
        self.page == param || self.size == param
    }

    /// Whether each answer says whether a page follows it, so that nothing else does.
    pub fn says_the_end(&self) -> bool {
        match self.style {
            PageStyle::Number | PageStyle::Offset => false,
            PageStyle::Cursor => self.last.is_none() || self.more.is_some(),
            PageStyle::Url | PageStyle::Link => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_rules_say_where_a_list_ends() {
        for (rule, ends, told) in [
            (r#""style":"number","page":"page","size":"size""#, false, false),
            (r#""style":"offset","page":"page","size":"size""#, false, false),
            (r#""style":"cursor","page":"page","next":"meta.next""#, true, true),
            (r#""style":"cursor","page":"page","last":"id""#, false, true),
            (r#""style":"cursor","page":"page","last":"id","more":"has_more""#, true, true),
            (r#""style":"url","next":"links.next""#, true, true),
            (r#""style":"link""#, true, true),
        ] {
            let paging: Paging = serde_json::from_str(&format!("{{{rule}}}")).unwrap();
            assert_eq!((paging.says_the_end(), paging.style.is_told()), (ends, told), "{rule}");
            assert_eq!(paging.names("page"), !paging.page.is_empty(), "{rule}");
        }
    }
}
