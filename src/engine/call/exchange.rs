//! Makes one call: records it, sends it, reads the answer, and recognises a refusal. Repeats it if `retry` allows that.
//! Every call of a user goes through this file or `together`.

use std::borrow::Cow;
use std::io::{BufRead, Write};
use std::time::Instant;

use history::{Key, Millis, NewCall};
use serde::de::Deserializer;

use crate::engine::accounts::account::Account;
use crate::engine::accounts::answer::accepted;
use crate::engine::accounts::roster::Accounts;
use crate::engine::accounts::tags::Seen;
use crate::engine::call::entry;
use crate::engine::call::idempotency::Keyed;
use crate::engine::call::jobs::address;
use crate::engine::call::onward;
use crate::engine::call::pieces::Pieces;
use crate::engine::call::redirect;
use crate::engine::call::retry::{self, Attempts, Repeat};
use crate::engine::call::sighted::{self, Asked};
use crate::engine::call::tee::Tee;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::{End, Entry, Ledger};
use crate::render::{self, Fragment, Note, Passage, StreamError, Written};
use crate::signals;
use crate::wire::{Answer, Timeouts, Wire, WireError};
use codec::{
    self, Aside, Consume, DecodeError, Limits, MessageError, Names, Outcome, Remark, Reply, Sample, Service, Skip,
};
use model::http::{Head, Request};
use model::{Call, Effect, Method, Redactor, Sent, Value, weight};
use registry::Source;

/// The parts of the session that a call needs.
pub(crate) struct Exchange<'s> {
    pub(crate) account: &'s mut Account,
    pub(crate) source: &'s Source,
    pub(crate) wire: &'s mut Wire,
    pub(crate) console: &'s mut Console,
    pub(crate) redactor: &'s mut Redactor,
    /// Where calls are recorded.
    pub(crate) ledger: &'s mut Ledger,
    /// The file that the result of the next calls goes to.
    pub(crate) output: Option<String>,
    pub(crate) timeouts: Timeouts,
    /// No attempt begins after this moment.
    pub(crate) until: Option<Instant>,
    /// How many times a call is repeated at most.
    pub(crate) retries: u8,
}

impl<'s> Exchange<'s> {
    /// For the account of a profile.
    pub(crate) fn of(
        accounts: &'s mut Accounts,
        console: &'s mut Console,
        profile: &str,
        timeouts: Timeouts,
    ) -> Result<Exchange<'s>, CallError> {
        let retries = accounts.rules(profile).retries;
        let Accounts { list, registry, wire, redactor, ledger, .. } = accounts;
        wire.hide(redactor);
        let account = list.iter_mut().find(|account| account.target.profile == profile);
        match (account, registry.source(profile)) {
            (Some(account), Some(source)) => {
                wire.trusting(account.target.ca.as_deref());
                let (output, until) = (None, None);
                Ok(Exchange { account, source, wire, console, redactor, ledger, output, timeouts, until, retries })
            }
            _ => Err(CallError::usage(format!("there is no account `{profile}`"), None)),
        }
    }

    /// The same, with a result that goes to this file.
    pub(crate) fn into(mut self, output: Option<String>) -> Exchange<'s> {
        self.output = output;
        self
    }

    /// Begins a session with the service, if a method needs one and there is none. The call that does it is on record
    /// like any other.
    pub(crate) fn sign_in(&mut self, method: &Method) -> Result<(), CallError> {
        let grant = self.account.target.grant.clone();
        if let Some((login, _turn)) = self.account.target.login_in_turn(&grant, method, self.source)? {
            let done = self.value(&login);
            let (returned, _) = done.map_err(|error| error.on_the_way_to(&method.name, &login.method.name))?;
            self.account.target.begin_session(&returned, self.redactor)?;
        }
        // A call beside this one may have begun it.
        grant.teach(self.redactor);
        self.wire.hide(self.redactor);
        Ok(())
    }

    /// Sends a call and parses its result into a tree.
    pub(crate) fn value(&mut self, call: &Call) -> Result<(Value, Aside), CallError> {
        self.value_at(call, None)
    }

    /// The same at an address that the service gave for the next page of the list, if there is one.
    pub(crate) fn value_at(&mut self, call: &Call, next: Option<&str>) -> Result<(Value, Aside), CallError> {
        let mut request = self.request(call)?;
        if let Some(next) = next {
            request.http.url = onward::address(&request.http.url, next)?;
        }
        // If a result may contain a secret, there is a second tree without it.
        let trees = if call.method.returns_secret(self.source.shapes_of(&call.method)) { 2 } else { 1 };
        let limits = Limits { tree: weight::MOST / trees, ..Limits::default() };
        self.recorded(
            call,
            &request,
            |value| Some(value),
            |service, answer| Ok(codec::decode_value(service, &call.method, &answer.head, answer.body, limits)?),
        )
    }

    /// Sends a call and writes its result to its place while it is decoded. With `looks`, all of its beginning is kept;
    /// otherwise only the parts of it that show ids and names.
    pub(crate) fn stream(
        &mut self,
        call: &Call,
        passage: Passage<'_>,
        looks: bool,
        mut landing: Landing<'_>,
    ) -> Result<Passed, CallError> {
        let request = self.request(call)?;
        let (begun, wanted) = (history::now(), sighted::wanted(self.source, call));
        let done = self.recorded(
            call,
            &request,
            |(_, sample): &(Written, Sample)| whole(sample),
            |service, answer| {
                let Answer { head, body } = answer;
                let consumer = ToPlace { out: landing.out(), passage };
                match looks {
                    true => codec::decode_looking(service, &call.method, &head, body, consumer),
                    false => {
                        let limits = Limits::streaming();
                        passed(service, call, (&head, body, limits), consumer, wanted.as_ref())
                    }
                }
            },
        );
        let ((Written { notes, twice }, sample), mut aside) = done?;
        aside.remarks.extend(twice.map(|name| Remark::twice(&name)));
        self.saw_beginning(call, &sample, begun);
        Ok(Passed { notes, sample, aside })
    }

    /// Notes what the beginning of a long result showed.
    fn saw_beginning(&mut self, call: &Call, sample: &Sample, begun: Millis) {
        // Of a result with secrets, the part that was not seen may have one that the beginning repeats.
        if sample.cut && !call.method.returns_secret(self.source.shapes_of(&call.method)) {
            let partial = Aside { total: Some(u64::MAX), ..Aside::default() };
            let (account, request) = (&self.account.on_record(), &*entry::request(call));
            let asked = Asked { account, begun, request };
            sighted::note(self.ledger, sighted::of(self.source, asked, call, (sample.value.as_ref(), &partial)));
        }
    }

    /// Sends a call and writes the provider's own bytes to their place while they are checked.
    pub(crate) fn copy(&mut self, call: &Call, out: &mut dyn Write) -> Result<Passed, CallError> {
        let request = self.request(call)?;
        let (begun, wanted) = (history::now(), sighted::wanted(self.source, call));
        let mut fault = None;
        let done = self.recorded(
            call,
            &request,
            |((), sample)| whole(sample),
            |service, answer| {
                let Answer { head, body } = answer;
                let body = Tee::of(body, &mut *out, &mut fault);
                let read = passed(service, call, (&head, body, Limits::streaming()), Skip, wanted.as_ref());
                match fault.take() {
                    Some(fault) => Err(CallError::Output(fault)),
                    None => Ok(read?),
                }
            },
        );
        let (((), sample), aside) = done?;
        self.saw_beginning(call, &sample, begun);
        Ok(Passed { notes: Vec::new(), sample, aside })
    }

    /// Whether the provider's own bytes can be checked while they pass. A document that breaks off is resumed instead.
    pub(crate) fn copies(&self, call: &Call) -> bool {
        let service = self.service(&call.method);
        call.effects().only_reads() && !call.method.returns_document() && codec::passes(&service, &call.method)
    }

    /// Sends a call and returns the provider's own bytes, and whether they are a result. A document that breaks off is
    /// resumed. A result that is too large to be checked is returned unchecked: a refusal is short.
    pub(crate) fn raw(&mut self, call: &Call) -> Raw<Sample> {
        let reads = call.effects().only_reads();
        let (begun, wanted) = (history::now(), sighted::wanted(self.source, call));
        let raw = self.bytes(call, whole, |service, head, body| {
            match passed(service, call, (head, body, Limits::skimming()), Skip, wanted.as_ref()) {
                Err(error) if error.is_too_heavy() && reads && head.succeeded() => {
                    Ok(Outcome { reply: Reply::Value(Sample::default()), aside: Aside::odd([Remark::Unseen]) })
                }
                done => done.map(|Outcome { reply, aside }| Outcome { reply: reply.map(|((), sample)| sample), aside }),
            }
        });
        if let Ok((sample, _)) = &raw.done {
            self.saw_beginning(call, sample, begun);
        }
        raw
    }

    /// Sends a call and returns the provider's own bytes, and their tree.
    pub(crate) fn raw_and_value(&mut self, call: &Call) -> Raw<Value> {
        self.bytes(
            call,
            |value| Some(value),
            |service, head, body| codec::decode_value(service, &call.method, head, body, Limits::default()),
        )
    }

    fn bytes<T>(
        &mut self,
        call: &Call,
        tree: fn(&T) -> Option<&Value>,
        read: impl Fn(&Service<'_>, &Head, &[u8]) -> Result<Outcome<T>, DecodeError>,
    ) -> Raw<T> {
        let mut pieces = Pieces::of(&call.method);
        loop {
            let done = self.request(call).and_then(|mut request| {
                pieces.ask_for_the_rest(&mut request.http);
                self.recorded(call, &request, tree, |service, answer| {
                    let (head, bytes) = pieces.add(answer)?;
                    Ok(read(service, head, bytes)?)
                })
            });
            if !done.as_ref().is_err_and(|error| pieces.can_go_on(error)) {
                // The bytes of an earlier attempt are left out: they do not belong to the error.
                let answered = done.as_ref().err().is_none_or(CallError::is_about_an_answer);
                return Raw { bytes: if answered { pieces.into_bytes() } else { Vec::new() }, done };
            }
        }
    }

    /// What codecs need to know for a call of a method.
    pub(crate) fn service(&self, method: &Method) -> Service<'_> {
        self.account.target.service(self.source.provider(), self.source.shapes_of(method), method)
    }

    fn request(&mut self, call: &Call) -> Result<Prepared, CallError> {
        let service = self.service(&call.method);
        let keyed = Keyed::of(call, self.account, self.ledger, self.redactor)?;
        let mut http = codec::encode(&service, &keyed.call)?;
        keyed.mark(&mut http);
        self.mark_version(call, &mut http)?;
        Ok(Prepared { http, key: keyed.key })
    }

    /// Records a call before it is sent, if it changes anything, and completes its row afterwards. `tree` returns the
    /// result if it was parsed into a tree.
    fn recorded<T>(
        &mut self,
        call: &Call,
        request: &Prepared,
        tree: fn(&T) -> Option<&Value>,
        mut read: impl FnMut(&Service<'_>, Answer<'_>) -> Result<Outcome<T>, CallError>,
    ) -> Result<(T, Aside), CallError> {
        let effect = call.effects().main();
        // A signal after this point leaves enough time to complete the row.
        signals::begin(effect);
        let new = entry::of(self.account, call, self.redactor, self.output.as_deref());
        let new = NewCall { key: request.key.clone(), ..new };
        let (mut entry, mut bytes) = (self.ledger.open(new, effect)?, 0);
        let done = self.attempt(call, request, &mut entry, |service, answer| {
            let received = answer.body.received();
            let done = read(service, answer);
            bytes += received.bytes();
            done
        });
        let mut done = done.map_err(|error| error.unless_read(effect, &call.method.name));
        let end = match &mut done {
            Ok((result, aside)) => {
                aside.job = self.begun_by(call, &request.http.url, (aside.job.take(), tree(result)));
                let value = tree(result);
                let glance = sighted::of(self.source, Asked::of(entry.call()), call, (value, &*aside));
                sighted::note(self.ledger, glance);
                entry::answered(self.source, call, value, aside.job.as_deref())
            }
            // The provider has answered; only the place of the result failed.
            Err(CallError::Output(_)) if effect == Effect::Read => entry::answered(self.source, call, None, None),
            Err(error) => entry::failed(effect, error),
        };
        self.ledger.close(self.console, self.redactor, entry, End { bytes, ..end });
        done
    }

    /// The id of what a call began, if the answer gives the address of that in a header or in the result.
    fn begun_by(&mut self, call: &Call, asked: &str, told: (Option<String>, Option<&Value>)) -> Option<String> {
        let (header, value) = told;
        address::named(self.source, &call.method, asked, (header.as_deref(), value)).unwrap_or_else(|why| {
            self.console.note(&self.redactor.foreign(&format!("note: {why}")));
            None
        })
    }

    /// Sends a request until it is answered, or until it may not be sent again.
    fn attempt<T>(
        &mut self,
        call: &Call,
        request: &Prepared,
        entry: &mut Entry,
        mut read: impl FnMut(&Service<'_>, Answer<'_>) -> Result<Outcome<T>, CallError>,
    ) -> Result<(T, Aside), CallError> {
        let (name, effect) = (&call.method.name, call.effects().main());
        let mut attempts = Attempts::of(effect, self.retries).with_key(request.key.as_ref());
        // The error of an attempt that may have made the change.
        let (mut lost, mut renewed) = (None, false);
        loop {
            let (mut retry_after, session) = (None, self.account.target.grant.session());
            let error = match self.once(call, &request.http, &mut read, &mut retry_after) {
                Ok(done) => return Ok(done),
                Err(error) => self.about_version(call, &request.http, error),
            };
            if !renewed && self.account.target.ends_session(&call.method, session, &error) {
                renewed = true;
                self.console.note("note: the session has ended; another one begins");
                let ready = self.sign_in(&call.method).and_then(|()| self.ledger.again(entry));
                match ready {
                    Ok(()) => continue,
                    Err(error) => return Err(retry::last(self.console, self.redactor, lost, error)),
                }
            }
            let in_time = |repeat: &Repeat| self.until.is_none_or(|until| Instant::now() + repeat.pause < until);
            let Some(repeat) = attempts.failed(&error, retry_after).filter(in_time) else {
                return Err(retry::last(self.console, self.redactor, lost, error));
            };
            retry::announce(self.console, &self.redactor.foreign(&error.to_string()), effect, &repeat);
            if let Err(WireError::Interrupted { by, .. }) = self.wire.pause(repeat.pause) {
                return Err(repeat.broken_off(by, effect, name));
            }
            if effect != Effect::Read && repeat.sent == Sent::Unknown {
                lost = lost.or(Some(error));
            }
            if let Err(error) = self.ledger.again(entry) {
                return Err(retry::last(self.console, self.redactor, lost, error));
            }
        }
    }

    fn once<T>(
        &mut self,
        call: &Call,
        request: &Request,
        read: &mut impl FnMut(&Service<'_>, Answer<'_>) -> Result<Outcome<T>, CallError>,
        retry_after: &mut Option<u64>,
    ) -> Result<(T, Aside), CallError> {
        let (method, effect) = (&*call.method, call.effects().main());
        let lost = |error: WireError| CallError::lost(error, effect, &method.name);
        let target = &self.account.target;
        let provider = self.source.provider();
        let service = target.service(provider, self.source.shapes_of(method), method);
        let (mut request, mut redirects, mut again) = (Cow::Borrowed(request), 0, false);
        let answer = loop {
            let access = target.access(provider, method);
            let answer = self.wire.send(&request, effect, access.parts(), self.timeouts).map_err(lost)?;
            if !again && target.takes_token(provider, &answer.head) {
                target.grant.teach(self.redactor);
                again = true;
                continue;
            }
            match redirect::followed(method, &request, &answer.head, redirects) {
                Some(next) => request = Cow::Owned(next),
                None => break answer,
            }
            redirects += 1;
        };
        *retry_after = answer.head.retry_after;
        let (status, tag, trouble) = (answer.head.status, answer.head.etag.clone(), answer.body.trouble());
        let began = method.job.as_ref().and_then(|begins| answer.head.field(begins.header.as_deref()?).next());
        let began = began.map(str::to_owned);
        let done = read(&service, answer).and_then(|outcome| accepted(&service, method, status, outcome));
        let done = done.map(|(value, aside)| (value, Aside { job: began, ..aside }));
        if done.is_ok() && redirects == 0 {
            let (reads, tag) = (effect == Effect::Read, tag.as_deref());
            target.tags.learn(Seen { reads, verb: request.verb, url: &request.url, tag });
        }
        self.account.learn_of_key(&done);
        match trouble.take() {
            // Whatever the decoder's error is, the real cause is the broken connection.
            Some(error) if done.is_err() => Err(lost(error).within_the_answer()),
            _ => done,
        }
    }
}

/// Reads an answer while its result passes to a consumer, and keeps the fields that are wanted of the beginning of it.
fn passed<R: BufRead, C: Consume>(
    service: &Service<'_>,
    call: &Call,
    (head, body, limits): (&Head, R, Limits),
    consumer: C,
    wanted: Option<&Names<'_>>,
) -> Result<Outcome<(C::Output, Sample)>, C::Error> {
    let Some(names) = wanted else {
        let Outcome { reply, aside } = codec::decode(service, &call.method, head, body, limits, consumer)?;
        return Ok(Outcome { reply: reply.map(|output| (output, Sample::default())), aside });
    };
    codec::decode_glimpsing(service, &call.method, head, (body, limits), consumer, names)
}

/// A result of which nothing is missing.
fn whole(sample: &Sample) -> Option<&Value> {
    sample.value.as_ref().filter(|_| !sample.cut)
}

/// A request that is ready to be sent.
struct Prepared {
    http: Request,
    /// The idempotency key in it.
    key: Option<Key>,
}

/// The bytes of a provider's answer: a result, a refusal, or none.
pub(crate) struct Raw<T> {
    /// As they were received, but decompressed.
    pub(crate) bytes: Vec<u8>,
    /// Whether they are a valid result.
    pub(crate) done: Result<(T, Aside), CallError>,
}

/// A result that was written while it came.
pub(crate) struct Passed {
    /// Notes about its form.
    pub(crate) notes: Vec<Note>,
    /// The beginning of it, if it was looked at.
    pub(crate) sample: Sample,
    /// What the provider said in addition.
    pub(crate) aside: Aside,
}

/// Where a result goes while it is decoded.
pub(crate) enum Landing<'l> {
    /// To its place.
    Place(&'l mut dyn Write),
    /// Into a part of a document that is put together later.
    Fragment(&'l mut Fragment),
}

impl Landing<'_> {
    /// For an attempt at the call, of which nothing has come.
    fn out(&mut self) -> &mut dyn Write {
        match self {
            Landing::Place(out) => out,
            Landing::Fragment(fragment) => {
                fragment.clear();
                *fragment
            }
        }
    }
}

/// Writes a result to its place while it is decoded.
struct ToPlace<'f> {
    out: &'f mut dyn Write,
    passage: Passage<'f>,
}

impl Consume for ToPlace<'_> {
    type Output = Written;
    type Error = CallError;

    fn consume<'de, D>(self, source: D) -> Result<Written, CallError>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        render::stream(source, self.passage, self.out).map_err(unstreamed)
    }
}

/// The error of a result that was not written to its end.
pub(crate) fn unstreamed(error: StreamError) -> CallError {
    match error {
        StreamError::Read(words) => codec::broken_off(&words).into(),
        StreamError::Heavy => DecodeError::from(MessageError::Heavy { limit: weight::MOST, streams: true }).into(),
        StreamError::Write(error) => CallError::Output(error),
    }
}

#[cfg(test)]
mod tests;
