//! A result on its way to its place: kept for the lines to come, filtered, hidden from a screen where it is secret.

use std::collections::HashSet;
use std::io;
use std::slice;

use crate::engine::deliver::binary;
use crate::engine::deliver::delivery::{Delivery, Done};
use crate::engine::deliver::filter::Filtered;
use crate::engine::deliver::mask;
use crate::engine::deliver::output::{Output, Place};
use crate::engine::deliver::rescue::{self, OnItsWay};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::kept::Kept;
use crate::engine::state::settings::Manner;
use crate::render::{self, Format, Guide, View};
use model::{Call, Effect, Method, Value};

/// Shows or stores a result that is there as a whole. Its secrets are hidden from a screen.
pub(crate) fn deliver(
    delivery: &mut Delivery<'_>,
    profile: &str,
    call: &Call,
    value: Value,
    output: Output,
) -> Result<(), CallError> {
    deliver_of(delivery, profile, (&call.method, Done::call(call)), value, output)
}

/// The same for a result that a method tells after something else was done for it.
pub(crate) fn deliver_of(
    delivery: &mut Delivery<'_>,
    profile: &str,
    (method, done): (&Method, Done<'_>),
    mut value: Value,
    output: Output,
) -> Result<(), CallError> {
    let common = delivery.accounts.common(profile, method);
    let named = delivery.settings.named;
    if named {
        common.convert(&mut value);
    }
    let shapes = delivery.accounts.registry.source(profile).map_or(&[][..], |source| source.shapes_of(method));
    // Most results hold no secret, and a second tree of a large one costs as much as the first.
    let sealed = method.returns_secret(shapes).then(|| mask::seal(value.clone(), method, shapes));
    let sealed = sealed.filter(|(_, hidden)| *hidden > 0).map(|(sealed, _)| sealed);
    if let Some(sealed) = &sealed {
        mask::learn(sealed, &mut delivery.accounts.redactor);
    }
    // What was called for is known from here on, whether or not it can be written.
    delivery.memory.keep(value, sealed);
    if !named {
        delivery.memory.is_as_it_came(common);
    }
    let mut output = output;
    if delivery.manner == Manner::Prompt {
        let heading = delivery.accounts.heading(profile, &method.name);
        output.heading = Some(format!("({heading} result)"));
    }
    put_last(delivery, output, Some(done))
}

/// Shows or stores the provider's own bytes.
pub(crate) fn bytes(delivery: &mut Delivery<'_>, call: &Call, bytes: &[u8], output: Output) -> Result<(), CallError> {
    delivery.memory.forget("its bytes were passed on unchanged");
    let at_stdout = matches!(output.place, Place::Stdout);
    let copied = output.copy(delivery.console, bytes);
    copied.map_err(|error| rescue::undelivered(delivery, Done::call(call), error, Some(bytes), at_stdout))
}

/// Shows or stores the result that the session remembers; `done` is what has just been done for it, if anything. What
/// cannot be had again is kept where its place fails.
pub(crate) fn put_last(delivery: &mut Delivery<'_>, output: Output, done: Option<Done<'_>>) -> Result<(), CallError> {
    let Some(done) = done else { return put_kept(delivery, output, None).map(|_| ()) };
    let at_stdout = matches!(output.place, Place::Stdout);
    let on_its_way = OnItsWay::of(delivery.settings, delivery.memory, done);
    let put = put_kept(delivery, output, Some(done));
    drop(on_its_way);
    match put {
        Ok(Hidden(true)) => tell_hidden(delivery, done),
        Ok(Hidden(false)) => {}
        Err(error) => return Err(rescue::undelivered(delivery, done, error, None, at_stdout)),
    }
    Ok(())
}

/// Whether a secret of the result was hidden on the screen.
pub(crate) struct Hidden(bool);

/// Tells how to have what was hidden. After one call, whose result cannot be had again, it is kept.
pub(crate) fn tell_hidden(delivery: &mut Delivery<'_>, done: Done<'_>) {
    let once = delivery.manner == Manner::Batch && done.effect != Effect::Read && !delivery.settings.simulated;
    let kept = once
        .then(|| rescue::whole(delivery.memory))
        .flatten()
        .map(|bytes| rescue::keep(delivery, done.what, &bytes, false));
    delivery.console.note(&match kept {
        Some(Kept::At(path)) => {
            format!(
                "note: secrets are hidden on a terminal; the whole result is saved in {}, readable only by you",
                path.display()
            )
        }
        Some(Kept::Shown) => "note: the whole result could not be saved in a file, and is shown above".into(),
        _ => "note: secrets are hidden on a terminal; `| FILE` writes them to a file that only you can read".into(),
    });
}

fn put_kept(delivery: &mut Delivery<'_>, mut output: Output, done: Option<Done<'_>>) -> Result<Hidden, CallError> {
    let Delivery { memory, console, .. } = delivery;
    let Some(kept) = memory.kept() else { return Ok(Hidden(false)) };
    let converted = if output.needs_common() { kept.converted() } else { None };
    let kept = converted.as_ref().unwrap_or(kept);
    let (whole, sealed) = (kept.whole(), kept.shown());
    let shown = if console.out.terminal { sealed } else { whole };
    let Some(filter) = output.filter.take() else {
        return put(console, output, slice::from_ref(whole), slice::from_ref(shown));
    };
    let masked = kept.is_secret() && console.out.terminal;
    match filter.both(whole, masked.then_some(sealed)) {
        Ok(Filtered { stored, shown }) => {
            let output =
                if output.uses_guide() && selects(whole, &stored) { output } else { output.guided(Guide::default()) };
            put(console, output, &stored, &shown)
        }
        Err(error) => {
            let span = filter.span;
            let Some(Done { what, several, effect }) = done else { return Err(CallError::Query { error, span }) };
            // What a change gives can be had once only: it is not lost to a filter.
            if effect != Effect::Read {
                put(console, output, slice::from_ref(whole), slice::from_ref(shown))?;
            }
            Err(CallError::Filter { error, span, what: what.to_owned(), several, effect })
        }
    }
}

/// Whether a filter has only chosen and sorted rows: then they are still as the catalogue describes them.
fn selects(whole: &Value, filtered: &[Value]) -> bool {
    let lines = |values: &[Value]| {
        let mut bytes = Vec::new();
        render::render_all(values, &View::of(Format::Jsonl), &mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    };
    let (Some(rows), Some(chosen)) = (lines(slice::from_ref(whole)), lines(filtered)) else { return false };
    let rows: HashSet<&str> = rows.lines().collect();
    chosen.lines().all(|row| rows.contains(row))
}

/// Brings results to their place; of none, nothing is written. `shown` is what a person may see of them.
pub(crate) fn put(
    console: &mut Console,
    mut output: Output,
    values: &[Value],
    shown: &[Value],
) -> Result<Hidden, CallError> {
    if let Some(heading) = output.heading.take() {
        // What cannot be drawn has no heading.
        if output.view.format == Format::Chart && !values.is_empty() {
            render::render_all(shown, &output.view, &mut io::sink()).map_err(CallError::unwritten)?;
        }
        console.note(&heading);
    }
    if values.is_empty() {
        return output.copy(console, io::empty()).map(|()| Hidden(false));
    }
    if let Some(bytes) = output.bytes_of(values) {
        return output.copy(console, bytes).map(|()| Hidden(false));
    }
    if let Some(picture) = output.picture(console, shown) {
        return console.result(&picture).map(|()| Hidden(false)).map_err(CallError::Output);
    }
    let hidden = output.reaches_terminal(console) && values != shown && output.shows_secrets(console, shown);
    if !output.names_bytes(console) {
        return output.write_all(console, values, shown).map(|()| Hidden(hidden));
    }
    let named: Vec<_> = shown.iter().map(binary::named).collect();
    if !named.iter().any(|(_, found)| *found) {
        return output.write_all(console, values, shown).map(|()| Hidden(hidden));
    }
    let named: Vec<Value> = named.into_iter().map(|(value, _)| value.into_owned()).collect();
    output.write_all(console, &named, &named)?;
    console.note("note: binary data is only named here; `| FILE` stores it, -o json shows it as base64");
    Ok(Hidden(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_only_chosen_differ_from_rows_that_were_made() {
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let whole = value(r#"[{"a":1,"b":"x"},{"a":2,"b":"y"},{"a":3,"b":null}]"#);
        for (filtered, selected) in [
            (&[r#"[{"a":2,"b":"y"}]"#][..], true),
            (&[r#"[{"a":3,"b":null},{"a":1,"b":"x"}]"#], true),
            (&[r#"{"a":1,"b":"x"}"#, r#"{"a":2,"b":"y"}"#], true),
            (&["[]"], true),
            (&[r#"[{"a":2}]"#], false),
            (&[r#"[{"a":2,"b":"y"},{"a":9,"b":"y"}]"#], false),
            (&["3"], false),
        ] {
            let values: Vec<Value> = filtered.iter().map(|text| value(text)).collect();
            assert_eq!(selects(&whole, &values), selected, "{filtered:?}");
        }
    }
}
