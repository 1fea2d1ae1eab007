//! The built program against servers of our own, and the borders inside it: one binary, one module a subject.
//!
//! What holds for every conversation with a provider stands in `tests/providers/`, a folder a case, and needs no Rust.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails"
)]

mod support;

#[path = "fuzz/oracles/mod.rs"]
mod oracles;

mod cases {
    mod accounts;
    mod adding;
    mod addresses;
    mod answers;
    mod api_trees;
    mod arguments;
    mod around;
    mod asking;
    mod authentication;
    mod canary;
    mod canary_everywhere;
    mod catalogs;
    mod catalogue;
    mod catalogue_keys;
    mod charts;
    mod checked_catalogues;
    mod columns;
    mod completing;
    mod connections;
    mod conversations;
    mod counts;
    mod credentials;
    mod custody;
    mod dates;
    mod described;
    mod dialects;
    mod documents;
    mod each;
    mod each_jobs;
    mod earlier_jobs;
    mod echoes;
    mod effects;
    mod endings;
    mod everyday;
    mod examples;
    mod facts;
    mod first_minutes;
    mod floors;
    mod following;
    mod foreign_services;
    mod formats;
    mod forms;
    mod forms_caas;
    mod found_documents;
    mod fuzzed;
    mod hostile;
    mod http_two;
    mod idempotency;
    mod identities;
    mod imported_wire;
    mod imported_work;
    mod importing;
    mod journal;
    mod journal_killed;
    mod judging;
    mod keeping;
    mod layers;
    mod lengths;
    mod manners;
    mod manual;
    mod mistakes;
    mod outcomes;
    mod own_catalogs;
    mod own_commands;
    mod pending;
    mod pictures;
    mod places;
    mod positional;
    mod powerdns;
    mod programs;
    mod promises;
    mod proxies;
    mod queries;
    mod raw_calls;
    mod real;
    mod recalling;
    mod reconcile;
    mod reconciling;
    mod renewing;
    mod repeats;
    mod requests;
    mod safety;
    mod samples;
    mod sandboxes;
    mod saved;
    mod scripts;
    mod sessions;
    mod settings;
    mod several;
    mod shell;
    mod showing;
    mod shown_as;
    mod streams;
    mod tellings;
    mod terminals;
    mod timeline;
    mod together;
    mod trust;
    mod typing;
    mod untested;
    mod values;
    mod verdicts;
    mod versions;
    mod views;
    mod views_of_all;
    mod waiting;
    mod watching;
    mod whose;
    mod wire_forms;
}
