//! The provider's images and the organization's.

use super::super::fault::Fault;
use super::super::organization::USER;
use super::super::progress::Progress;
use super::os::Os;
use crate::kit::clock::Clock;

/// One of the provider's images, at the default data centre.
pub(crate) const REDHAT: &str = "f084e5c0-87d6-4214-8803-18096c14d573";

/// Images of the organization, with the ids of the documentation's examples.
pub(crate) const LAMP: &str = "c325fe04-7711-4968-962e-c88784eb2a1f";
const APP: &str = "a28cab07-1234-4024-b894-2a1cea39bd61";
const BASIC: &str = "5a18d6f0-eaca-11e1-8340-d93da27669ab";
pub(crate) const FAILED: &str = "7c1a7b1e-0c7e-4b0e-9d1b-3a1f0e5c7a03";

/// An image.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    /// Its id.
    pub(crate) id: String,
    /// Its name, unique among the organization's at a data centre.
    pub(crate) name: String,
    pub(crate) description: String,
    /// Its data centre.
    pub(crate) location: String,
    /// Whether it is the provider's.
    pub(crate) base: bool,
    /// Its operating system.
    pub(crate) os: Os,
    /// CPUs of a server made from it.
    pub(crate) cpus: i64,
    /// Memory of a server made from it, in MB.
    pub(crate) memory: i64,
    /// The sizes of the disks, that of the operating system first.
    pub(crate) sizes: Vec<i64>,
    /// Its priced software.
    pub(crate) labels: Vec<String>,
    /// How it was made, and from what.
    pub(crate) source: Option<(&'static str, String)>,
    /// When it was ready.
    pub(crate) deployed: Option<String>,
    /// `NORMAL`, or the running operation.
    pub(crate) state: &'static str,
    pub(crate) progress: Option<Progress>,
}

/// The properties of a new image.
pub(crate) struct New<'n> {
    /// Its name.
    pub(crate) name: &'n str,
    /// Its description.
    pub(crate) description: &'n str,
    /// Its data centre.
    pub(crate) location: &'n str,
}

/// The images, the provider's first.
#[derive(Debug)]
pub(crate) struct Images {
    pub(crate) all: Vec<Image>,
}

impl Images {
    /// The images of a new sandbox.
    pub(crate) fn seed(clock: &Clock) -> Images {
        let mut all = Vec::new();
        let seeded = |id: &str, name: &str, location: &str, base, os| Image {
            deployed: Some(clock.moved("2011-06-01T12:00:00.000Z")),
            ..seeded(id, name, location, base, os)
        };
        for (at, location) in super::super::locations::LOCATIONS.into_iter().enumerate() {
            let id = |kind: u8| match (kind, at) {
                (1, 0) => REDHAT.to_owned(),
                _ => format!("f084e5c0-87d6-4214-880{kind}-18096c14d57{at}"),
            };
            all.push(seeded(&id(1), "RedHat 5 64-bit 2 CPU", location, true, Os::REDHAT));
            all.push(seeded(&id(2), "Win2008 R2 64-bit 2 CPU", location, true, Os::WINDOWS));
        }
        for (id, name) in [(LAMP, "LAMP"), (APP, "App server"), (BASIC, "BASIC LAMP IMAGE")] {
            all.push(seeded(id, name, "NA1", false, Os::REDHAT));
        }
        let mut failed = seeded(FAILED, "Failed clone", "NA1", false, Os::REDHAT);
        failed.state = "FAILED_ADD";
        failed.deployed = None;
        failed.progress = Some(Progress::failed("CLONE_SERVER", USER, "The disk could not be copied.", clock));
        all.push(failed);
        Images { all }
    }

    /// The image with that id, the provider's or the organization's.
    pub(crate) fn find(&self, id: &str) -> Result<&Image, Fault> {
        self.all.iter().find(|image| image.id == id).ok_or_else(|| unknown(id))
    }

    /// The image with that id, if servers can be made from it.
    pub(crate) fn usable(&self, id: &str) -> Result<&Image, Fault> {
        self.find(id).and_then(|image| if image.deployed.is_some() { Ok(image) } else { Err(unknown(id)) })
    }

    /// The organization's own image with that id, if no operation is running on it.
    pub(crate) fn own(&mut self, id: &str) -> Result<&mut Image, Fault> {
        let image = self.all.iter_mut().find(|image| image.id == id && !image.base).ok_or_else(|| unknown(id))?;
        match image.state.starts_with("PENDING") {
            true => Err(Fault::new(601, format!("Operation in progress on image with Id {id}"))),
            false => Ok(image),
        }
    }

    /// Refuses a name that one of the organization's images already has at a data centre.
    pub(crate) fn name_is_free(&self, location: &str, name: &str) -> Result<(), Fault> {
        match self.all.iter().any(|image| !image.base && image.location == location && image.name == name) {
            true => Err(Fault::new(391, format!("Image name {name} is not unique at {location}"))),
            false => Ok(()),
        }
    }
}

pub(crate) fn seeded(id: &str, name: &str, location: &str, base: bool, os: Os) -> Image {
    Image {
        id: id.into(),
        name: name.into(),
        description: format!("{} image", if base { "OS" } else { "Customer" }),
        location: location.into(),
        base,
        os,
        cpus: 2,
        memory: 4096,
        sizes: if base { vec![10] } else { vec![10, 20] },
        labels: if os == Os::REDHAT { vec!["REDHAT5ES64".into()] } else { Vec::new() },
        source: (!base).then(|| ("IMPORT", format!("{}.mf", name.replace(' ', "")))),
        deployed: None,
        state: "NORMAL",
        progress: None,
    }
}

fn unknown(id: &str) -> Fault {
    Fault::new(390, format!("Server image with Id {id} not found"))
}
