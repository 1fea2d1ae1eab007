//! What can come next in a line being typed. Pure: Tab never uses the network, and the disk only through the folder
//! listing that is passed in.

mod candidate;
mod context;
mod cursor;
mod fit;
mod heads;
mod hint;
mod options;
mod params;
mod paths;
mod remembered;
mod results;
mod slots;
mod standing;
mod typed;
mod values;

#[cfg(test)]
mod tests;

pub use candidate::Candidate;
pub use context::{Context, FileName, Nothing, Seen, Setting, Words};
use cursor::{Cursor, Place};
pub use hint::{Hint, hint};
use lang::{self, Line, OptionId};
pub use remembered::answers;
pub use standing::{Standing, standings};
use typed::Typed;

/// The candidates for the word under the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte of the line where that word begins.
    pub start: usize,
    /// Best first.
    pub candidates: Vec<Candidate>,
}

/// Completes the word that ends at the cursor, a byte of the line.
pub fn complete(line: &str, cursor: usize, context: &Context<'_>) -> Completion {
    let cursor = Cursor::of(line, cursor);
    let candidates = at(&cursor, &Typed::of(cursor.word), context);
    Completion { start: cursor.start, candidates }
}

/// Completes the last of some words that another shell has already split. The results replace that whole word, without
/// any shell's quotes.
pub fn complete_words(words: &[&str], context: &Context<'_>) -> Vec<Candidate> {
    let typed = words.join(" ");
    let cursor = Cursor::of_words(&typed, &lang::word_tokens(words));
    let last = words.last().copied().unwrap_or("");
    // What comes before it in the same word: a type, `--output=`, a profile.
    let front = cursor.start.checked_sub(typed.len() - last.len()).and_then(|length| last.get(..length));
    // After `|` or `>` another word begins.
    let Some(front) = front.filter(|front| cursor.place != Place::File || *front != last || last.is_empty()) else {
        return Vec::new();
    };
    let found = at(&cursor, &Typed::apart(cursor.word), context).into_iter();
    found.map(|one| Candidate { insert: format!("{front}{}", one.insert), ..one }).collect()
}

/// What is possible at the cursor.
fn at(cursor: &Cursor<'_>, word: &Typed, context: &Context<'_>) -> Vec<Candidate> {
    let registry = context.registry;
    let method = cursor.method(registry);
    let command = cursor.command(registry);
    let head = cursor.head.filter(|_| cursor.profile.is_none()).unwrap_or("");
    match &cursor.place {
        Place::Head | Place::Name | Place::Value(_) if cursor.word.starts_with('$') => {
            results::paths(cursor.word, context)
        }
        Place::Name if command.is_some() && cursor.word.is_empty() && cursor.nth == 0 && head == "history" => {
            options::names("", &cursor.options, head)
        }
        Place::Accounts => heads::accounts(cursor.word, registry),
        Place::Head if cursor.accounts.is_some() => heads::of_accounts(cursor.word, &cursor.sources(registry)),
        Place::Head => heads::heads(cursor.word, cursor.profile, registry),
        Place::Name | Place::Value(_) if command.is_some() => {
            command.map(|command| heads::argument(word, &command, cursor, context)).unwrap_or_default()
        }
        Place::Option if cursor.source.is_some() => options::names(cursor.word, &cursor.options, Line::EACH),
        Place::Option => options::names(cursor.word, &cursor.options, head),
        Place::OptionValue(option) if option.id == OptionId::Profile => heads::profiles(&word.text, registry),
        Place::OptionValue(option) => {
            let method = cursor.view(registry).or(method);
            let fields = |method| params::result_fields(method, cursor.source(registry));
            let columns = method.as_deref().map(fields).unwrap_or_default();
            match option.long {
                "query" => paths::filter(word, method.as_deref(), cursor.source(registry), context.last),
                _ => options::values(word, option, &columns, &context.words),
            }
        }
        Place::Name => match method.as_deref() {
            Some(method) => {
                let names = params::names(cursor.word, method, cursor.source(registry), &cursor.used);
                // Once every parameter is given, only options can come.
                let done = names.is_empty() && cursor.word.is_empty();
                if done { options::names("", &cursor.options, head) } else { names }
            }
            None => Vec::new(),
        },
        Place::Tag(name) => params::tags(cursor.word, method.as_deref(), name),
        Place::Value(_) if cursor.source.is_some() && cursor.word.starts_with('{') => slots::fields(cursor, registry),
        Place::Value(name) => match (method.as_deref(), cursor.source(registry)) {
            (Some(method), Some(source)) => {
                let mut found = values::of(word, method, Some(source), name, cursor.tag);
                if cursor.source.is_some() && cursor.word.is_empty() {
                    found.extend(slots::fields(cursor, registry));
                }
                found.extend(remembered::at(word, method, source, name, context));
                found
            }
            _ => Vec::new(),
        },
        Place::File => {
            let mut found = slots::each(cursor);
            found.extend(values::files(word, context.files));
            found
        }
        Place::Nothing => Vec::new(),
    }
}
