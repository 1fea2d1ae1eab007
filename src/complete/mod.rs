//! What can come next in a line being typed. Pure: Tab never uses the network, and the disk only through the folder
//! listing that is passed in.

mod candidate;
mod context;
mod cursor;
mod fit;
mod heads;
mod hint;
mod inner;
mod options;
mod own;
mod params;
mod parents;
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
pub use fit::covers;
pub use hint::{Hint, hint};
use lang::{self, Line, OptionId};
use model::Method;
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
    let inner = line.get(..cursor).and_then(inner::at_end);
    let begin = inner.map_or(0, |inner| inner.start);
    if let Some((start, candidates)) = line.get(begin..cursor).and_then(|typed| own::files(typed, context)) {
        return Completion { start: begin + start, candidates };
    }
    let cursor = Cursor::of(line.get(begin..).unwrap_or(""), cursor - begin);
    let mut candidates = at(&cursor, &Typed::of(cursor.word), context);
    if let Some(inner) = inner.filter(|_| cursor.place == Place::Option) {
        candidates.extend(options::own_of(cursor.word, &cursor.options, inner.command));
    }
    Completion { start: begin + cursor.start, candidates }
}

/// Completes the last of some words that another shell has already split. The results replace that whole word, without
/// any shell's quotes.
pub fn complete_words(words: &[&str], context: &Context<'_>) -> Vec<Candidate> {
    if let Some(inner) = inner::skipped(words).and_then(|count| words.get(count..)) {
        return complete_words(inner, context);
    }
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
        Place::Head if cursor.source.is_some() => heads::of_calls(cursor.word, cursor.profile, registry),
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
        Place::Value(name) => method.map(|method| value(cursor, word, (&method, name), context)).unwrap_or_default(),
        Place::File => {
            let mut found = slots::each(cursor);
            found.extend(values::files(word, context.files));
            found
        }
        Place::Nothing => Vec::new(),
    }
}

/// What a value of a parameter can be: what is allowed, the fields of a member, and what was seen or given before.
fn value(cursor: &Cursor<'_>, word: &Typed, (method, name): (&Method, &str), context: &Context<'_>) -> Vec<Candidate> {
    let Some(source) = cursor.source(context.registry) else { return Vec::new() };
    let mut found = values::of(word, method, Some(source), name, cursor.tag);
    if cursor.source.is_some() && cursor.word.is_empty() {
        found.extend(slots::fields(cursor, context.registry));
    }
    let within = parents::given(cursor, method, context);
    found.extend(remembered::at(word, (method, name), source, &within, context));
    found
}
