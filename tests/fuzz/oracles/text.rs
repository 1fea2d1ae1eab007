//! What people type: lines, secrets, dates.

use std::time::Duration;

use marsh::lang;
use marsh::model::date::{self, Day};
use marsh::model::secret::REDACTED;
use marsh::model::{Date, Redactor, Secret, base64, escape, period};

/// Spans lie on the text, colours cover it, and any text can be written as one word that reads back.
pub(super) fn lines(text: &str) {
    if let Ok(lines) = lang::parse_all(text) {
        for line in &lines {
            assert!(text.get(line.span.start..line.span.end).is_some(), "{:?} cuts a character", line.span);
            let _ = line.pairs();
        }
    }
    let mut end = 0;
    for token in lang::tokens(text) {
        assert!(token.span.start >= end, "the tokens overlap");
        end = token.span.end;
        assert!(text.get(token.span.start..end).is_some(), "{:?} cuts a character", token.span);
    }
    let words: Vec<&str> = text.split('\n').collect();
    let _ = lang::parse_words(&words);
    if !text.contains('\0') {
        let line = format!("m name {}", lang::written(text));
        let lines = lang::parse(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        let pairs = lines[0].pairs().unwrap_or_else(|error| panic!("{line:?}: {error}"));
        assert_eq!((lines.len(), pairs.len()), (1, 1), "{line:?}");
        assert_eq!(pairs[0].value.text(), text, "{line:?}");
    }
}

/// A secret is gone from the text in every notation that the manual names, and what is masked once stays as it is.
pub(super) fn redactor(text: &str) {
    let (secret, around) = text.split_once('\n').unwrap_or((text, ""));
    let secret = secret.trim();
    let letters: Vec<char> = secret.chars().collect();
    let like_a_mask = letters.windows(4).any(|part| "(redacted)".contains(&part.iter().collect::<String>()));
    if letters.len() < 8 || like_a_mask || secret.contains(['*', '…']) {
        return;
    }
    let mut redactor = Redactor::default();
    redactor.learn(&Secret::new(secret));
    let half = around.char_indices().nth(around.chars().count() / 2).map_or(0, |(at, _)| at);
    let (before, after) = around.split_at(half);
    for written in [secret.to_owned(), marsh::model::escape::xml(secret).into_owned()] {
        let said = format!("{before}{written}{after}");
        let shown = redactor.apply(&said);
        // A placeholder and the text around it may form a secret together.
        assert!(!shown.replace(REDACTED, "\u{fffc}").contains(secret), "{secret:?} is in {shown:?}");
        if !runs_into_the_mask(secret) {
            assert_eq!(redactor.apply(&shown), shown, "what is masked is masked again");
        }
        let masked = redactor.mask(&said);
        assert_eq!(masked.len(), said.len(), "a mask moves what comes after it");
        assert!(!masked.contains(secret), "{secret:?} is in {masked:?}");
    }
    if letters.iter().filter(|c| c.is_alphanumeric()).count() < 4 {
        return;
    }
    // In the words of others, in other notations too.
    for written in [
        escape::percent(secret).into_owned(),
        escape::form(secret).into_owned(),
        escape::json(secret).into_owned(),
        escape::percent(&escape::json(secret)).into_owned(),
        base64::encode(format!("{before}{secret}{after}").as_bytes()),
    ] {
        let said = format!("{before} ({written}) {after}");
        let shown = redactor.foreign(&said);
        assert!(!shown.replace(REDACTED, "\u{fffc}").contains(&format!("({written})")), "{secret:?} is in {shown:?}");
        assert!(!shown.replace(REDACTED, "\u{fffc}").contains(secret), "{secret:?} is in {shown:?}");
    }
    let _ = (redactor.own(text), base64::decode(around));
}

/// What reads as a date, day or length of time is written so that it reads back as the same.
pub(super) fn dates(text: &str) {
    if let Some(read) = Date::parse(text) {
        for written in [read.to_compact(), read.to_spaced(), read.as_str().to_owned()] {
            assert!(Date::parse(&written).is_some(), "{text:?} is written {written:?}");
        }
    }
    if let Some(day) = Day::parse(text) {
        assert_eq!(day.until(day), 0);
        let next = day.later(1).map(|next| day.until(next));
        assert!(next.is_none_or(|days| days == 1), "{text:?}");
    }
    let _ = date::http_date(text);
    if let Some(length) = period::parse(text) {
        let words = period::words(length);
        let again = period::parse(&words.replace(' ', ""));
        let near = |again: Duration| again.abs_diff(length) <= length / 10 + Duration::from_millis(10);
        assert!(again.is_none_or(near), "{text:?} is {length:?}, told as {words:?}, which is {again:?}");
    }
    if let Ok(seconds) = text.trim().parse::<i64>() {
        let _ = Date::of_unix(seconds);
    }
}

/// Whether a secret ends as the mask begins, or begins as it ends: beside the rest of such a secret, the mask makes it
/// whole again.
fn runs_into_the_mask(secret: &str) -> bool {
    let cuts = (1..REDACTED.len()).filter_map(|at| Some((REDACTED.get(..at)?, REDACTED.get(at..)?)));
    cuts.into_iter().any(|(begin, end)| secret.ends_with(begin) || secret.starts_with(end))
}
