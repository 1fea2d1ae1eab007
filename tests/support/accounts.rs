//! Accounts at all simulated providers, as profiles of a configuration.

use marsh::sandbox::{Options, Server};

use super::cmd::World;

/// A world whose configuration names them, `memset` the first.
pub(crate) struct Accounts {
    /// The providers.
    pub(crate) server: Server,
    /// Where the program runs.
    pub(crate) world: World,
}

impl Accounts {
    /// One at each provider, under its name, and further profiles, made from the address of all services.
    pub(crate) fn with(more: impl FnOnce(&str) -> String) -> Accounts {
        let (server, world) = (Server::start(Options::default()).unwrap(), World::new());
        let mut config = "profile = \"memset\"\n".to_owned();
        let accounts = server.accounts();
        let url = accounts[0].url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        for account in accounts {
            let user = account.user.map(|user| format!("user = \"{user}\"\n")).unwrap_or_default();
            let name = account.provider;
            world.put(name, &format!("{}\n", account.key), 0o600);
            let file = world.at(name).display().to_string();
            config +=
                &format!("[profiles.{name}]\nprovider = \"{name}\"\nurl = \"{url}\"\n{user}key_file = \"{file}\"\n");
        }
        world.configure(&(config + &more(&url)));
        Accounts { server, world }
    }

    /// How many calls have come in. At a prompt the list of methods is fetched beside the typing.
    pub(crate) fn calls(&self) -> usize {
        self.server.requests().iter().filter(|(name, _)| name != "system.listMethods").count()
    }
}
