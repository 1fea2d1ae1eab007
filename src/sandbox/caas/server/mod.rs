//! server.*: the servers of the organization and their states.

mod deploy;
mod disk;
mod older;
mod power;
mod show;
mod update;

use super::fault::Fault;
use super::handler::Handlers;
use super::state::servers::{NORMAL, Server};
use super::world::World;

pub(super) const AREAS: &[Handlers] =
    &[deploy::HANDLERS, disk::HANDLERS, older::HANDLERS, power::HANDLERS, show::HANDLERS, update::HANDLERS];

impl World {
    /// The server with that id, if no operation is running on it.
    pub(crate) fn idle(&mut self, id: &str) -> Result<&mut Server, Fault> {
        let server = self.servers.find_mut(id)?;
        match server.state {
            NORMAL => Ok(server),
            "FAILED_ADD" => Err(Fault::new(40, format!("Server with Id {id} failed to be deployed: clean it"))),
            _ => Err(Fault::new(392, format!("Operation in progress on Server with Id {id}"))),
        }
    }

    /// Starts an operation on an idle server; its change becomes visible when it has ended.
    pub(crate) fn change(
        &mut self,
        id: &str,
        action: &'static str,
        effect: impl FnOnce(&mut Server) + Send + 'static,
    ) -> Result<(), Fault> {
        let progress = self.progress(action);
        let server = self.idle(id)?;
        server.state = "PENDING_CHANGE";
        server.progress = Some(progress);
        let id = id.to_owned();
        self.after(move |world| {
            if let Ok(server) = world.servers.find_mut(&id) {
                server.state = NORMAL;
                server.progress = None;
                effect(server);
            }
        });
        Ok(())
    }
}
