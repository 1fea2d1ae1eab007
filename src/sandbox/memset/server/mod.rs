//! server.*: the servers of the account.

mod actions;
mod addresses;
mod info;
mod monitoring;
mod reimage;
mod slave_ns;
mod snapshots;
mod status;

use super::fault::Fault;
use super::handler::Handlers;
use super::state::servers::Server;
use super::state::services::{MINISERVERS, SERVERS};
use super::world::World;

pub(super) const AREAS: &[Handlers] = &[
    actions::HANDLERS,
    addresses::HANDLERS,
    info::HANDLERS,
    monitoring::HANDLERS,
    reimage::HANDLERS,
    slave_ns::HANDLERS,
    snapshots::HANDLERS,
    status::HANDLERS,
];

impl World {
    /// The live server of that name.
    pub(crate) fn server(&mut self, name: &str) -> Result<&mut Server, Fault> {
        self.services.live_of(name, SERVERS)?;
        self.servers.find_mut(name).ok_or_else(|| Fault::missing("server", "name", name))
    }

    /// The live Miniserver of that name: dedicated servers do not support its special methods.
    fn miniserver(&mut self, name: &str) -> Result<&mut Server, Fault> {
        self.services.live_of(name, MINISERVERS)?;
        self.server(name)
    }
}
