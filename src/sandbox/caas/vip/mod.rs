//! Load balancing: real servers, the probes that watch them, farms, profiles and VIPs.

mod farm;
mod kind;
mod probe;
mod profile;
mod real_server;
mod vips;

use super::handler::Handlers;

pub(super) const AREAS: &[Handlers] =
    &[farm::HANDLERS, probe::HANDLERS, profile::HANDLERS, real_server::HANDLERS, vips::HANDLERS];
