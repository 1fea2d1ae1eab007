//! The name and namespace of each answer's root element.

/// Root elements by method; methods not listed here answer with a `Status`, or not in XML.
const ROOTS: &[(&str, &str, &str)] = &[
    ("account.list", "directory", "Accounts"),
    ("account.me", "directory", "Account"),
    ("acl_rule.create", "network", "AclRule"),
    ("acl_rule.list", "network", "AclRuleList"),
    ("anti_affinity.list", "server", "AntiAffinityRules"),
    ("backup.get", "backup", "BackupDetails"),
    ("backup.list_client_types", "backup", "BackupClientTypes"),
    ("backup.list_restore_targets", "backup", "RestoreTargetServers"),
    ("backup.list_schedule_policies", "backup", "BackupSchedulePolicies"),
    ("backup.list_storage_policies", "backup", "BackupStoragePolicies"),
    ("datacenter.list", "datacenter", "DatacentersWithMaintenanceStatus"),
    ("datacenter.list_geos", "multigeo", "Geos"),
    ("datacenter.list_geos_with_key", "multigeo", "Geos"),
    ("datacenter.list_simple", "datacenter", "Datacenters"),
    ("datacenter.list_with_disk_speed", "datacenter", "DatacentersWithDiskSpeedDetails"),
    ("datacenter.list_with_limits", "datacenter", "DatacentersWithLimits"),
    ("files_account.list", "storage", "StorageAccounts"),
    ("image.copy", "server", "ImageCopy"),
    ("image.export", "server", "ImageExport"),
    ("image.get", "server", "ServerImageWithState"),
    ("image.import", "server", "ServerImageWithState"),
    ("image.list", "server", "DeployedImagesWithSoftwareLabels"),
    ("image.list_base", "server", "DeployedImagesWithSoftwareLabels"),
    ("image.list_base_in_location", "server", "ServerImages"),
    ("image.list_base_simple", "server", "ServerImages"),
    ("image.list_copies", "server", "ImageCopies"),
    ("image.list_db", "server", "ServerImages"),
    ("image.list_deployed", "server", "DeployedImages"),
    ("image.list_deployed_in_location", "server", "DeployedImages"),
    ("image.list_export_history", "server", "ImageExportHistory"),
    ("image.list_exports", "server", "ImageExports"),
    ("image.list_imports", "server", "ServerImagesWithState"),
    ("image.list_partner", "server", "ServerImages"),
    ("image.list_pending", "server", "PendingDeployImages"),
    ("image.list_pending_deploy", "server", "PendingDeployImages"),
    ("image.list_simple", "server", "ServerImages"),
    ("image.list_web", "server", "ServerImages"),
    ("image.name_exists", "general", "Exists"),
    ("nat_rule.create", "network", "NatRule"),
    ("nat_rule.list", "network", "NatRules"),
    ("network.get", "network", "Network"),
    ("network.get_config", "network", "NetworkConfiguration"),
    ("network.get_config_with_location", "network", "NetworkConfigurationWithLocation"),
    ("network.list", "network", "NetworkWithLocations"),
    ("network.list_in_location", "network", "NetworkWithLocations"),
    ("network.list_simple", "network", "Networks"),
    ("ovf_package.list", "server", "OvfPackages"),
    ("ovf_package.list_copies", "server", "OvfRemoteCopies"),
    ("ovf_package.list_copy_history", "server", "CopyRemoteOvfPackageHistory"),
    ("persistence_profile.list", "vip", "PersistenceProfiles"),
    ("probe.list", "vip", "Probes"),
    ("real_server.list", "vip", "RealServers"),
    ("server.get", "server", "Server"),
    ("server.list", "server", "ServersWithBackup"),
    ("server.list_deployed", "server", "DeployedServers"),
    ("server.list_deployed_on_network", "server", "DeployedServers"),
    ("server.list_deployed_with_disks", "server", "DeployedServersWithDisks"),
    ("server.list_deployed_with_software_labels", "server", "DeployedServersWithSoftwareLabels"),
    ("server.list_deployed_with_status", "server", "DeployedServersWithStatus"),
    ("server.list_on_network", "server", "Servers"),
    ("server.list_pending", "server", "PendingDeployServers"),
    ("server.list_pending_on_network", "server", "PendingDeployServers"),
    ("server.list_pending_with_disks", "server", "PendingDeployServersWithDisks"),
    ("server.list_simple", "server", "Servers"),
    ("server.list_with_state", "server", "ServersWithState"),
    ("server_farm.get", "vip", "ServerFarm"),
    ("server_farm.list", "vip", "ServerFarms"),
    ("software_label.list", "server", "SoftwareLabels"),
    ("vip.list", "vip", "Vips"),
];

/// The namespace and the name of the root of a method's answer.
pub(crate) fn root(method: &str) -> (&'static str, &'static str) {
    let found = ROOTS.iter().find(|(name, ..)| *name == method);
    found.map_or(("general", "Status"), |(_, namespace, root)| (namespace, root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::{catalog, methods};
    use model::route::AnswerForm;

    #[test]
    fn every_answer_in_xml_has_a_root() {
        let catalog = catalog();
        for method in methods(&catalog) {
            let is_xml = method.answers.as_ref().is_some_and(|answers| answers.form == AnswerForm::Xml);
            assert_eq!(root(&method.name) != ("general", "Status"), is_xml, "{}", method.name);
        }
    }
}
