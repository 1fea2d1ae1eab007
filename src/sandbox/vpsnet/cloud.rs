//! The clouds for servers, with their templates.

use crate::kit::values::{list, map};
use model::Map;

/// A cloud for servers.
#[derive(Clone, Debug)]
pub(crate) struct Cloud {
    pub(crate) id: i64,
    pub(crate) label: &'static str,
    pub(crate) available: bool,
    pub(crate) ssd: bool,
    /// Id, group and name of each; the same system has a different id in every cloud.
    pub(crate) templates: Vec<(i64, &'static str, &'static str)>,
}

pub(crate) const DEBIAN: (&str, &str) = ("Debian", "Debian 6.0 x64");
pub(crate) const UBUNTU: (&str, &str) = ("Ubuntu", "Ubuntu 10.04 x64");
pub(crate) const WINDOWS: (&str, &str) = ("Windows", "Windows 2008 x64");

/// The clouds of the sandbox; the last of the regular ones is full.
pub(crate) fn seed() -> Vec<Cloud> {
    let cloud = |id, label, available, ssd, templates: &[(i64, (&'static str, &'static str))]| Cloud {
        id,
        label,
        available,
        ssd,
        templates: templates.iter().map(|(id, (group, name))| (*id, *group, *name)).collect(),
    };
    vec![
        cloud(3, "UK Example Cloud", true, false, &[(41, UBUNTU), (42, DEBIAN), (43, WINDOWS)]),
        cloud(15, "US Example Cloud", true, false, &[(78, UBUNTU), (92, DEBIAN)]),
        cloud(4, "Full Example Cloud", false, false, &[(51, UBUNTU)]),
        cloud(160, "SSD Example Cloud", true, true, &[(178, UBUNTU), (192, DEBIAN)]),
    ]
}

impl Cloud {
    /// The template here with the same system as a template of any cloud.
    pub(crate) fn counterpart(&self, template: i64) -> Option<i64> {
        let all = seed();
        let (_, group, _) = all.iter().flat_map(|cloud| &cloud.templates).find(|(id, ..)| *id == template)?;
        self.templates.iter().find(|(_, known, _)| known == group).map(|(id, ..)| *id)
    }

    pub(crate) fn show(&self) -> Map {
        let template = |(id, _, label): &(i64, &str, &str)| map! { "label" => *label, "id" => *id };
        let mut shown = map! {
            "label" => self.label,
            "available" => self.available,
            "system_templates" => list(self.templates.iter().map(template)),
        };
        if !self.ssd {
            shown.insert("fusion_io", false);
        }
        shown.insert("id", self.id);
        shown.insert("cloud_version", 1);
        shown
    }

    /// The form of lists, with their additional fields.
    pub(crate) fn listed(&self) -> Map {
        let mut shown = self.show();
        shown.insert("premium_price", 0);
        shown.insert("currency_code", "USD");
        shown.insert("daily_node_bandwidth", 100);
        shown.insert("monthly_node_bandwidth", 150);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_has_another_id_in_every_cloud() {
        for (cloud, template, same) in [(15, 41, Some(78)), (3, 78, Some(41)), (15, 43, None), (15, 9999, None)] {
            let clouds = seed();
            let cloud = clouds.iter().find(|known| known.id == cloud).unwrap();
            assert_eq!(cloud.counterpart(template), same);
        }
    }
}
