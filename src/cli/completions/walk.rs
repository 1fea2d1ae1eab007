//! The position of the last word of a command line: among the options, after a subcommand, or in a line.

use crate::cli::definition::{Opt, Part};

/// What was found before the last word, and what is expected there.
#[derive(Debug)]
pub(super) struct Walk<'w> {
    pub(super) due: Due<'w>,
    /// The word, or the part of it after `=`.
    pub(super) word: &'w str,
    /// The part before that in the same word.
    pub(super) front: &'w str,
    /// The account given with `-p`.
    pub(super) profile: Option<&'w str>,
    /// The simulated accounts are used.
    pub(super) sandbox: bool,
    /// What is at the address, given with `--provider`.
    pub(super) provider: Option<&'w str>,
    /// The address.
    pub(super) url: Option<&'w str>,
    /// A key or an address is given without a profile.
    pub(super) bare: bool,
}

/// What is expected.
#[derive(Debug)]
pub(super) enum Due<'w> {
    /// An option.
    Option(&'w Part),
    /// The value of an option.
    Value(&'w Opt),
    /// A word of a subcommand, or the name of one inside it.
    Word(&'w Part, Option<&'w Opt>),
    /// The beginning of a line, or a subcommand.
    Head(&'w Part),
    /// The rest of a line, with its words so far.
    Line(&'w [&'w str]),
}

impl<'w> Walk<'w> {
    /// Goes over the words up to the last one, which is still being typed.
    pub(super) fn along(program: &'w Part, words: &'w [&'w str]) -> Walk<'w> {
        let (word, before) = words.split_last().map_or(("", words), |(last, before)| (*last, before));
        let due = Due::Head(program);
        let mut walk =
            Walk { due, word, front: "", profile: None, provider: None, url: None, sandbox: false, bare: false };
        let (mut part, mut open, mut nth) = (program, None, 0);
        for (at, passed) in before.iter().enumerate() {
            if let Some(option) = open.take() {
                walk.note(option, Some(passed));
            } else if passed.len() > 1 && passed.starts_with('-') {
                open = walk.option(part, passed);
            } else if let Some(inner) = part.part(passed) {
                part = inner;
            } else if std::ptr::eq(part, program) {
                walk.due = Due::Line(words.get(at..).unwrap_or_default());
                return walk;
            } else {
                nth += 1;
            }
        }
        let glued = word.split_once('=').filter(|_| word.starts_with("--"));
        walk.due = match (open, glued) {
            (Some(option), _) => Due::Value(option),
            (None, Some((name, value))) => match find(part, name) {
                Some(option) if option.value.is_some() => {
                    (walk.front, walk.word) = (word.get(..name.len() + 1).unwrap_or(""), value);
                    Due::Value(option)
                }
                _ => Due::Option(part),
            },
            (None, None) if word.starts_with('-') => Due::Option(part),
            (None, None) if std::ptr::eq(part, program) => Due::Head(program),
            (None, None) => Due::Word(part, part.words.get(nth)),
        };
        walk
    }

    /// Records an option, and returns it if its value comes next.
    fn option(&mut self, part: &'w Part, typed: &'w str) -> Option<&'w Opt> {
        if typed.starts_with("--") {
            let (name, value) = typed.split_once('=').map_or((typed, None), |(name, value)| (name, Some(value)));
            let option = find(part, name)?;
            self.note(option, value);
            return Some(option).filter(|option| option.value.is_some() && !option.glued && value.is_none());
        }
        let mut rest = typed.strip_prefix('-')?;
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..)?;
            let option = part.options.iter().find(|option| option.short == Some(letter))?;
            if option.value.is_some() {
                self.note(option, Some(rest).filter(|rest| !rest.is_empty()));
                return Some(option).filter(|_| rest.is_empty());
            }
            self.note(option, None);
        }
        None
    }

    fn note(&mut self, option: &Opt, value: Option<&'w str>) {
        match option.long.as_str() {
            "profile" => self.profile = value.or(self.profile),
            "sandbox" => self.sandbox = true,
            "provider" => self.provider = value.or(self.provider),
            "url" => (self.url, self.bare) = (value.or(self.url), true),
            "api-key" => self.bare = true,
            _ => {}
        }
    }
}

fn find<'p>(part: &'p Part, name: &str) -> Option<&'p Opt> {
    let long = name.strip_prefix("--")?;
    part.options.iter().find(|option| option.long == long)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::definition;

    fn due(words: &[&str]) -> String {
        let program = definition::program();
        let walk = Walk::along(&program, words);
        let what = match walk.due {
            Due::Option(part) => format!("option of {}", part.name),
            Due::Value(option) => format!("value of {}", option.long),
            Due::Word(part, word) => format!("{} {}", part.name, word.map_or("", |word| word.long.as_str())),
            Due::Head(_) => "head".to_owned(),
            Due::Line(words) => format!("line {}", words.len()),
        };
        let said = [walk.profile.unwrap_or(""), if walk.sandbox { "sandbox" } else { "" }];
        format!("{what} {}", said.concat()).trim().to_owned()
    }

    #[test]
    fn the_position_of_the_last_word_is_found() {
        for (words, expected) in [
            (&[][..], "head"),
            (&[""], "head"),
            (&["-"], "option of marsh"),
            (&["-p", ""], "value of profile"),
            (&["-p", "work", "a"], "head work"),
            (&["-pwork", ""], "head work"),
            (&["-xp", "work", ""], "head work"),
            (&["--profile=wo"], "value of profile"),
            (&["--profile=work", "--sandbox", ""], "head worksandbox"),
            (&["--wait", "a"], "head"),
            (&["--as", "c"], "value of as"),
            (&["a.b", ""], "line 2"),
            (&["--sandbox", "a.b", "-o", ""], "line 3 sandbox"),
            (&["login", "--pro"], "option of login"),
            (&["login", "--provider", ""], "value of provider"),
            (&["config", ""], "config"),
            (&["config", "explain", ""], "explain key"),
            (&["config", "explain", "url", ""], "explain"),
            (&["run", "--batch", ""], "run file"),
            (&["completions", ""], "completions shell"),
        ] {
            assert_eq!(due(words), expected, "{words:?}");
        }
    }
}
