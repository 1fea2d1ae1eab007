//! Images and operating systems in the forms of answers.

use super::super::state::images::Image;
use super::super::world::World;
use crate::kit::values::{date, list, map, texts};
use model::Map;

impl Image {
    /// The description and the sizes of the disks, for other forms.
    pub(crate) fn parts(&self) -> (&str, &[i64]) {
        (&self.description, &self.sizes)
    }

    fn named(&self) -> Map {
        let mut shown = map! { "id" => self.id.as_str(), "name" => self.name.as_str() };
        if !self.description.is_empty() {
            shown.insert("description", self.description.as_str());
        }
        shown
    }

    /// The form of most lists.
    pub(super) fn listed(&self, world: &World) -> Map {
        let mut shown = self.named();
        shown.insert("machineSpecification", self.os.specification(self.cpus, self.memory, &self.sizes));
        shown.insert("location", self.location.as_str());
        shown.insert("softwareLabel", texts(&self.labels));
        if let Some(("CLONE", server)) = &self.source {
            shown.insert("sourceServerId", server.as_str());
        }
        if let Some(deployed) = &self.deployed {
            shown.insert("deployedTime", date(deployed));
        }
        if let Some(progress) = &self.progress {
            shown.insert("status", progress.show(&world.clock));
        }
        shown
    }

    /// The oldest form.
    pub(super) fn oldest(&self) -> Map {
        let owner = if self.base { "base" } else { super::super::organization::ORGANIZATION };
        let mut shown = self.named();
        shown.insert("resourcePath", format!("/oec/{owner}/image/{}", self.id));
        shown.insert("operatingSystem", self.os.show());
        shown.insert("location", self.location.as_str());
        shown.insert("cpuCount", self.cpus);
        shown.insert("memory", self.memory);
        shown.insert("osStorage", self.sizes.first().copied().unwrap_or_default());
        shown.insert("additionalLocalStorage", self.sizes.iter().skip(1).sum::<i64>());
        shown.insert("created", date(self.deployed.as_deref().unwrap_or("1970-01-01T00:00:02.010Z")));
        shown
    }

    /// The full form.
    pub(crate) fn detail(&self, world: &World) -> Map {
        let mut shown = self.named();
        shown.insert("location", self.location.as_str());
        shown.insert("operatingSystem", self.os.show());
        shown.insert("cpuCount", self.cpus);
        shown.insert("memoryMb", self.memory);
        shown.insert("osStorageGb", self.sizes.first().copied().unwrap_or_default());
        let further = (1..).zip(self.sizes.iter().skip(1));
        shown.insert(
            "additionalDisk",
            list(further.map(|(scsi, gb): (i64, &i64)| {
                let id = format!("{}{scsi:02}", self.id.get(..34).unwrap_or_default());
                map! { "id" => id, "scsiId" => scsi.to_string(), "diskSizeGb" => *gb, "state" => "NORMAL" }
            })),
        );
        shown.insert("softwareLabel", texts(&self.labels));
        if let Some((how, what)) = &self.source {
            let kind = match *how {
                "IMPORT" => "MF",
                "COPY" => "SERVER_IMAGE_ID",
                _ => "SERVER_ID",
            };
            let artifact = map! { "type" => kind, "value" => what.as_str() };
            shown.insert("source", map! { "type" => *how, "artifact" => list([artifact]) });
        }
        shown.insert("state", self.state);
        if let Some(deployed) = &self.deployed {
            shown.insert("deployedTime", date(deployed));
        }
        if let Some(progress) = &self.progress {
            shown.insert("status", progress.show(&world.clock));
        }
        shown
    }
}
