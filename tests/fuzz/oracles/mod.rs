//! What must hold for any input at all. The fuzzer draws inputs and keeps those that reach new code; the tests of the
//! project replay what it kept.
//!
//! An oracle takes bytes and panics when a promise is broken.

mod answers;
mod settings;
mod text;

/// Panics when something does not hold for the input.
pub(crate) type Oracle = fn(&[u8]);

/// Every oracle with its name, which is also that of its fuzz target and of its folder in the corpus.
#[allow(dead_code, reason = "a fuzz target takes one of them, the replay takes all")]
pub(crate) static ALL: &[(&str, Oracle)] = &[
    ("lines", lines),
    ("xmlrpc", xmlrpc),
    ("jsonrpc", jsonrpc),
    ("caas", caas),
    ("json", json),
    ("csv", csv),
    ("catalog", catalog),
    ("config", config),
    ("redactor", redactor),
    ("dates", dates),
];

/// The line language: what is typed at the prompt, in a script and as arguments.
pub(crate) fn lines(input: &[u8]) {
    text::lines(&String::from_utf8_lossy(input));
}

/// An answer over XML-RPC.
pub(crate) fn xmlrpc(input: &[u8]) {
    answers::any("memset", "xmlrpc", input);
}

/// An answer over JSON-RPC 2.0.
pub(crate) fn jsonrpc(input: &[u8]) {
    answers::any("memset", "jsonrpc", input);
}

/// An answer of the service that speaks XML of its own.
pub(crate) fn caas(input: &[u8]) {
    answers::any("caas", "rest", input);
}

/// An answer of the services that speak JSON; the first byte chooses which.
pub(crate) fn json(input: &[u8]) {
    let services = [("artnet", "rest"), ("vpsnet", "rest"), ("memset", "json")];
    let Some((first, rest)) = input.split_first() else { return };
    let (provider, transport) = services[usize::from(*first) % services.len()];
    answers::any(provider, transport, rest);
}

/// A report in CSV.
pub(crate) fn csv(input: &[u8]) {
    answers::report("caas", "report.usage", input);
}

/// A catalogue that somebody wrote.
pub(crate) fn catalog(input: &[u8]) {
    settings::catalog(&String::from_utf8_lossy(input));
}

/// A `config.toml`.
pub(crate) fn config(input: &[u8]) {
    settings::config(&String::from_utf8_lossy(input));
}

/// A secret and a text that may hold it. A line break ends the secret.
pub(crate) fn redactor(input: &[u8]) {
    text::redactor(&String::from_utf8_lossy(input));
}

/// Dates, moments and lengths of time.
pub(crate) fn dates(input: &[u8]) {
    text::dates(&String::from_utf8_lossy(input));
}
