//! Named patterns: text formats that providers' documents describe in words.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// A named pattern that a text must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// 32 hexadecimal digits.
    Hex32,
    /// 1 to 64 of A–Z, a–z, 0–9, `-`, `.` and `_`.
    Name64,
    /// The same characters, any number of them.
    Name,
    /// The same characters, not starting with a dot.
    DottedLogin,
    /// The same characters, not starting with a hyphen.
    HyphenedLogin,
    /// Letters, digits, `_` and `-`.
    Word,
    /// Letters, digits and hyphens, without a hyphen at either end.
    InnerHyphens,
    /// Letters of any script, digits, spaces, `.`, `-` and `_`.
    Label,
    /// A–Z, a–z, 0–9 and `_+=#.,;()-`.
    FileName,
    /// The same characters and spaces.
    SpacedFileName,
    /// Letters, digits and spaces.
    Alphanumeric,
    /// A–Z, a–z, 0–9 and `.!@#$%^&*()_+-=`.
    KeyCharacters,
    /// Capitals, small letters, digits and punctuation, at least one of each.
    Mixed,
    /// Printable ASCII.
    Ascii,
    /// No white space.
    NoBlanks,
    /// Digits only.
    Digits,
    /// Two letters.
    Country,
    /// A domain name.
    Domain,
    /// A domain name of two or more parts.
    FullDomain,
    /// An e-mail address.
    Email,
    /// An IPv4 or IPv6 address.
    Ip,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// An IPv4 address whose last number is 11 or more.
    Ipv4From11,
    /// An IPv4 address whose last number is 11 to 254.
    Ipv4Of11To254,
    /// An IPv4 netmask.
    Netmask,
    /// `any`, or IPv4 addresses and ranges separated by commas.
    Ipv4List,
    /// `any`, or IPv6 addresses and ranges separated by commas.
    Ipv6List,
    /// `any`, or port numbers separated by commas.
    PortList,
    /// `yyyy-mm`.
    Month,
}

/// A pattern: its name in catalogues, what it requires, and its check.
type Row = (Pattern, &'static str, &'static str, fn(&str) -> bool);

/// Every pattern. What it requires is worded to follow "must be".
static PATTERNS: &[Row] = &[
    (Pattern::Hex32, "hex32", "32 hexadecimal digits", |text| {
        text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
    }),
    (Pattern::Name64, "name64", "1 to 64 of A-Z, a-z, 0-9, -, . and _", |text| text.len() <= 64 && of(text, "-._")),
    (Pattern::Name, "name", "made of A-Z, a-z, 0-9, -, . and _", |text| of(text, "-._")),
    (Pattern::DottedLogin, "dotted_login", "made of letters, digits, -, . and _, with no dot first", |text| {
        of(text, "-._") && !text.starts_with('.')
    }),
    (Pattern::HyphenedLogin, "hyphened_login", "made of A-Z, a-z, 0-9, -, . and _, with no - first", |text| {
        of(text, "-._") && !text.starts_with('-')
    }),
    (Pattern::Word, "word", "made of letters, digits, _ and -", |text| of(text, "_-")),
    (
        Pattern::InnerHyphens,
        "inner_hyphens",
        "made of letters, digits and hyphens, with no hyphen first or last",
        |text| of(text, "-") && !text.starts_with('-') && !text.ends_with('-'),
    ),
    (Pattern::Label, "label", "made of letters, digits, spaces, ., - and _", |text| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || " .-_".contains(c))
    }),
    (Pattern::FileName, "file_name", "made of A-Z, a-z, 0-9 and _+=#.,;()-", |text| of(text, "_+=#.,;()-")),
    (Pattern::SpacedFileName, "spaced_file_name", "made of A-Z, a-z, 0-9, spaces and _+=#.,;()-", |text| {
        of(text, " _+=#.,;()-")
    }),
    (Pattern::Alphanumeric, "alphanumeric", "made of letters, digits and spaces", |text| of(text, " ")),
    (Pattern::KeyCharacters, "key_characters", "made of letters, digits and .!@#$%^&*()_+-=", |text| {
        of(text, ".!@#$%^&*()_+-=")
    }),
    (Pattern::Mixed, "mixed", "made of capitals, small letters, digits and punctuation, some of each", is_mixed),
    (Pattern::Ascii, "ascii", "printable ASCII", |text| text.bytes().all(|b| (b' '..=b'~').contains(&b))),
    (Pattern::NoBlanks, "no_blanks", "without spaces", |text| !text.contains(char::is_whitespace)),
    (Pattern::Digits, "digits", "a whole number", |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())),
    (Pattern::Country, "country", "two letters, such as GB", |text| {
        text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())
    }),
    (Pattern::Domain, "domain", "a domain name", is_domain),
    (Pattern::FullDomain, "full_domain", "a full host name such as www.example.com", |text| {
        is_domain(text) && text.trim_end_matches('.').contains('.')
    }),
    (Pattern::Email, "email", "an e-mail address", is_email),
    (Pattern::Ip, "ip", "an IP address", |text| text.parse::<IpAddr>().is_ok()),
    (Pattern::Ipv4, "ipv4", "an IPv4 address", |text| text.parse::<Ipv4Addr>().is_ok()),
    (Pattern::Ipv6, "ipv6", "an IPv6 address", |text| text.parse::<Ipv6Addr>().is_ok()),
    (Pattern::Ipv4From11, "ipv4_from_11", "an IPv4 address that does not end in 0 to 10", |text| {
        last_number(text).is_some_and(|last| last >= 11)
    }),
    (Pattern::Ipv4Of11To254, "ipv4_11_to_254", "an IPv4 address that ends in 11 to 254", |text| {
        last_number(text).is_some_and(|last| (11..=254).contains(&last))
    }),
    (Pattern::Netmask, "netmask", "a netmask such as 255.255.255.0", |text| {
        text.parse::<Ipv4Addr>().is_ok_and(|mask| {
            let bits = u32::from(mask);
            bits.leading_ones() + bits.trailing_zeros() >= 32
        })
    }),
    (Pattern::Ipv4List, "ipv4_list", "any, or IPv4 addresses separated by commas without spaces", |text| {
        any_or(text, |member| is_range::<Ipv4Addr>(member, 32))
    }),
    (Pattern::Ipv6List, "ipv6_list", "any, or IPv6 addresses separated by commas without spaces", |text| {
        any_or(text, |member| is_range::<Ipv6Addr>(member, 128))
    }),
    (Pattern::PortList, "port_list", "any, or port numbers separated by commas without spaces", |text| {
        any_or(text, |member| member.parse().is_ok_and(|port: u16| port > 0))
    }),
    (Pattern::Month, "month", "a month as yyyy-mm", is_month),
];

impl Pattern {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Pattern> {
        PATTERNS.iter().map(|(pattern, ..)| *pattern)
    }

    /// Its name in catalogues.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, ..)| name)
    }

    /// What it requires, worded to follow "must be".
    pub fn wanted(self) -> &'static str {
        self.row().map_or("", |(_, _, wanted, _)| wanted)
    }

    /// Whether a text matches.
    pub fn fits(self, text: &str) -> bool {
        self.row().is_none_or(|(.., fits)| fits(text))
    }

    fn row(self) -> Option<&'static Row> {
        PATTERNS.iter().find(|(pattern, ..)| *pattern == self)
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(name: &str) -> Result<Pattern, String> {
        let found = PATTERNS.iter().find(|(_, known, ..)| *known == name);
        found.map(|(pattern, ..)| *pattern).ok_or_else(|| format!("there is no pattern {name}"))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Pattern, D::Error> {
        String::deserialize(source)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Whether a text is not empty and made only of ASCII letters, digits and the given other characters.
fn of(text: &str, others: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

fn any_or(list: &str, fits: impl Fn(&str) -> bool) -> bool {
    list == "any" || list.split(',').all(fits)
}

/// Whether a text is an address, with or without a prefix length.
fn is_range<A: FromStr>(text: &str, longest: u8) -> bool {
    let (address, prefix) = text.split_once('/').unwrap_or((text, "0"));
    address.parse::<A>().is_ok() && prefix.parse().is_ok_and(|prefix: u8| prefix <= longest)
}

fn last_number(text: &str) -> Option<u8> {
    let [.., last] = text.parse::<Ipv4Addr>().ok()?.octets();
    Some(last)
}

fn is_mixed(text: &str) -> bool {
    let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
    has(|c| c.is_uppercase())
        && has(|c| c.is_lowercase())
        && has(char::is_ascii_digit)
        && has(char::is_ascii_punctuation)
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace)
}

/// Lenient on purpose: underscores, wildcards, a final dot and other scripts all occur in zones.
fn is_domain(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.contains(|c: char| c.is_whitespace() || c.is_control() || "/:@\\".contains(c))
    };
    name.len() <= 253 && name.split('.').all(label)
}

fn is_month(text: &str) -> bool {
    let Some((year, month)) = text.split_once('-') else { return false };
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && (1..=12).contains(&month.parse::<u8>().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that match and texts that do not, separated by spaces.
    static CASES: &[(&str, &[&str], &[&str])] = &[
        ("hex32", &["0123456789abcdef0123456789ABCDEF"], &["", "0123", "0123456789abcdef0123456789ABCDEG"]),
        ("name64", &["myserver-1.x_y"], &["", "my server", "é"]),
        ("name", &["web-1.x_y"], &["", "web p", "web/p"]),
        ("dotted_login", &["a.b-c_d", "-a"], &["", ".alice", "al ice", "a@b"]),
        ("hyphened_login", &["joe.p-1_x", ".joe"], &["", "-joe", "j oe", "j@e"]),
        ("word", &["web_1-a"], &["", "we.b", "we b"]),
        ("inner_hyphens", &["my-photos", "a"], &["", "-photos", "photos-", "my_photos", "a.b"]),
        ("label", &["Web server 1.2_x-y", "Łódź"], &["", "<New>", "a/b", "a#b"]),
        ("file_name", &["My_Image+=#.,;()-1.mf"], &["", "a b", "a/b", "é", "a\"b"]),
        ("spaced_file_name", &["My New Image (1)"], &["", "a/b", "a\tb", "é"]),
        ("alphanumeric", &["It works 1"], &["", "it's", "a-b"]),
        ("key_characters", &["aA0.!@#$%^&*()_+-="], &["", "abc def", "zażółć", "a~b", "a/b"]),
        ("mixed", &["Abc12345!"], &["", "abc12345!", "ABC12345!", "Abcdefgh!", "Abc12345"]),
        ("ascii", &["", "v=DMARC1; p=none ~"], &["bücher", "a\nb", "a\tb", "a\u{7f}"]),
        ("no_blanks", &["", "/index.html?a=b", "é"], &["/a b", "a\tb"]),
        ("digits", &["0", "5060"], &["", "-1", "1.5", "x", "１"]),
        ("country", &["GB", "de"], &["", "G", "GBR", "G1"]),
        ("domain", &["_sip._tcp.example.com.", "*.example.com"], &["", "exa mple.com", "a..b", "http://a"]),
        ("full_domain", &["www.example.com", "example.com."], &["", "localhost", "localhost.", "a b.c"]),
        ("email", &["a@example.com"], &["", "example.com", "a b@example.com", "@example.com", "a@"]),
        ("ip", &["192.0.2.1", "2001:db8::1"], &["", "192.0.2.256", "192.0.2", "x"]),
        ("ipv4", &["192.0.2.1", "0.0.0.0"], &["", "2001:db8::1", "192.0.2.256", "192.0.2.0/24"]),
        ("ipv6", &["2001:db8::1"], &["", "192.0.2.1", "x"]),
        ("ipv4_from_11", &["10.147.15.11", "10.147.15.255"], &["10.147.15.10", "10.147.15.0", "2001:db8::11"]),
        ("ipv4_11_to_254", &["10.147.15.11", "10.147.15.254"], &["10.147.15.10", "10.147.15.255", "x"]),
        (
            "netmask",
            &["255.255.255.0", "255.255.255.255", "0.0.0.0", "255.254.0.0"],
            &["255.0.255.0", "/24", "0.0.0.1"],
        ),
        (
            "ipv4_list",
            &["any", "192.0.2.1", "192.0.2.1,198.51.100.0/24"],
            &["", "any,192.0.2.1", "192.0.2.1, 192.0.2.2", "192.0.2.0/33", "x"],
        ),
        ("ipv6_list", &["any", "2001:db8::1,2001:db8::/120"], &["", "192.0.2.1", "2001:db8::1, ::1", "2001:db8::/129"]),
        ("port_list", &["any", "80", "80,443"], &["", "80, 443", "0", "65536", "http", "80,"]),
        ("month", &["2011-12"], &["", "2011-13", "2011-1", "11-01"]),
    ];

    #[test]
    fn every_pattern_accepts_and_refuses() {
        for (name, right, wrong) in CASES {
            let pattern: Pattern = name.parse().unwrap();
            for text in *right {
                assert!(pattern.fits(text), "{name}: {text:?} fits");
            }
            for text in *wrong {
                assert!(!pattern.fits(text), "{name}: {text:?} does not fit");
            }
            assert!(!pattern.wanted().is_empty() && !pattern.wanted().ends_with('.'), "{name}");
        }
        let tested: Vec<Pattern> = CASES.iter().map(|(name, ..)| name.parse().unwrap()).collect();
        assert_eq!(tested, Pattern::all().collect::<Vec<_>>());
        assert_eq!("nosuch".parse::<Pattern>(), Err("there is no pattern nosuch".into()));
    }

    #[test]
    fn the_longest_name_has_64_characters() {
        assert!(Pattern::Name64.fits(&"a".repeat(64)) && !Pattern::Name64.fits(&"a".repeat(65)));
    }
}
