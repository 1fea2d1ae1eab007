//! Where calls go: the accounts of a session, their keys and rules, and what a service says about itself.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod answer;
mod cache;
pub mod catalogs;
pub mod changes;
pub mod discovery;
pub mod documents;
pub(crate) mod grant;
pub mod imports;
mod inquiry;
pub(crate) mod introspection;
pub(crate) mod kept_lists;
pub(crate) mod lists;
pub(crate) mod moved;
pub(crate) mod outside;
mod own_views;
pub(crate) mod probe;
pub(crate) mod roster;
pub mod rules;
pub(crate) mod saved;
pub(crate) mod secrets;
pub mod seeking;
pub(crate) mod tags;
pub mod target;
