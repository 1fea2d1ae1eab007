//! What a change answered and what then did not come to its place: it cannot be had again, so it is put where it can be
//! found. Nothing of a reading call is kept: it can be repeated.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::slice;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::config::private;
use crate::engine::deliver::delivery::{Delivery, Done};
use crate::engine::state::error::CallError;
use crate::engine::state::kept::Kept;
use crate::engine::state::memory::Memory;
use crate::engine::state::settings::Settings;
use crate::render::{self, Format, View};
use crate::sink::SinkError;
use model::{Date, Effect, Value};

/// The error of a result that did not come to its place, with what is to be known of the call; any other error as it
/// is. `bytes` is the result where the session does not remember it.
pub(crate) fn undelivered(
    delivery: &mut Delivery<'_>,
    done: Done<'_>,
    error: CallError,
    bytes: Option<&[u8]>,
    at_stdout: bool,
) -> CallError {
    if !matches!(error, CallError::Output(_) | CallError::Sink(_) | CallError::Undrawn(_)) {
        return error;
    }
    let kept = match &error {
        _ if done.effect == Effect::Read => Kept::Nothing,
        CallError::Sink(SinkError::Store { kept: Some(path), .. }) => Kept::At(path.clone()),
        _ => match bytes.map(<[u8]>::to_vec).or_else(|| whole(delivery.memory)) {
            Some(bytes) => keep(delivery, done.what, &bytes, at_stdout),
            None => Kept::Nothing,
        },
    };
    let Done { what, several, effect } = done;
    CallError::Undelivered { error: Box::new(error), what: what.to_owned(), several, effect, kept }
}

/// The result that the session remembers, secrets and all, as JSON; `None` for one that says nothing.
pub(crate) fn whole(memory: &Memory) -> Option<Vec<u8>> {
    let value = memory.kept()?.whole();
    let empty = match value {
        Value::Null | Value::Bool(_) => true,
        Value::Text(text) => text.is_empty(),
        Value::List(list) => list.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    };
    let mut bytes = Vec::new();
    let rendered = render::render_all(slice::from_ref(value), &View::of(Format::Json), &mut bytes);
    (!empty && rendered.is_ok()).then_some(bytes)
}

/// Keeps a result in a file of its own, or shows it where that fails too.
pub(crate) fn keep(delivery: &mut Delivery<'_>, what: &str, bytes: &[u8], at_stdout: bool) -> Kept {
    if let Some(path) = delivery.settings.kept.as_deref().and_then(|folder| stored(folder, what, bytes)) {
        return Kept::At(path);
    }
    // The stream that failed is not the one to try.
    let streams = if at_stdout { None } else { Some(&mut delivery.console.out) };
    let shown = streams.into_iter().chain([&mut delivery.console.err]).any(|stream| {
        let text = if stream.terminal {
            render::sanitize::for_terminal(&String::from_utf8_lossy(bytes)).into_owned().into_bytes()
        } else {
            bytes.to_vec()
        };
        stream.to.write_all(&text).and_then(|()| stream.to.flush()).is_ok()
    });
    if shown { Kept::Shown } else { Kept::Lost }
}

/// Puts a result into a new file of a folder, named after what was done and when.
fn stored(folder: &Path, what: &str, bytes: &[u8]) -> Option<PathBuf> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let moment = Date::of_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))?;
    private::store_new(folder, &format!("{}-{what}", moment.as_str()), bytes).ok()
}

/// A result that is on its way to its place.
struct Will {
    folder: PathBuf,
    what: String,
    several: bool,
    bytes: Vec<u8>,
}

static WILL: Mutex<Option<Will>> = Mutex::new(None);

fn will() -> MutexGuard<'static, Option<Will>> {
    WILL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While it lives, the result that the session remembers is kept if a signal ends the process.
pub(crate) struct OnItsWay;

impl OnItsWay {
    /// For what was done, if that cannot be had again.
    pub(crate) fn of(settings: &Settings, memory: &Memory, done: Done<'_>) -> Option<OnItsWay> {
        let folder = settings.kept.clone().filter(|_| done.effect != Effect::Read)?;
        let Done { what, several, .. } = done;
        *will() = Some(Will { folder, what: what.to_owned(), several, bytes: whole(memory)? });
        Some(OnItsWay)
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        *will() = None;
    }
}

/// Keeps the result that is on its way, and says so: the process ends.
pub fn before_the_end() {
    let Some(Will { folder, what, several, bytes }) = will().take() else { return };
    let kept = stored(&folder, &what, &bytes).map_or(Kept::Lost, Kept::At);
    let said = format!("marsh: {}\n", kept.after(&what, several));
    let _ = io::stderr().write_all(said.as_bytes());
}
