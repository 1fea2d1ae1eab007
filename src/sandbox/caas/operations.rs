//! The names of operations in a `Status`.

/// Operations by method, with the provider's names.
const OPERATIONS: &[(&str, &str)] = &[
    ("account.create", "Add Account"),
    ("account.delete", "Delete Account"),
    ("account.make_primary", "Designate Primary Admin Account"),
    ("account.update", "Edit Account"),
    ("acl_rule.create", "Add Acl Rule"),
    ("acl_rule.delete", "Delete Acl Rule"),
    ("anti_affinity.create", "Create Anti Affinity Rule"),
    ("anti_affinity.delete", "Delete Anti Affinity Rule"),
    ("backup.change_plan", "Change Backup Service Plan"),
    ("backup.client_add", "Add Backup Client"),
    ("backup.client_remove", "Remove Backup Client"),
    ("backup.client_update", "Modify Backup Client"),
    ("backup.disable", "Disable Backup"),
    ("backup.enable", "Enable Backup for Server"),
    ("backup.restore", "Restore File System Backup"),
    ("backup.restore_out_of_place", "Restore File System Backup"),
    ("disk.change_speed", "Change Server Disk Speed"),
    ("disk.delete", "Delete Local Storage"),
    ("files_account.create", "Create Storage-Account"),
    ("files_account.delete", "Delete Storage-Account"),
    ("files_account.update", "Modify Storage-Account"),
    ("image.clean", "Clean Failed Image"),
    ("image.copy", "Copy Customer Image"),
    ("image.delete", "Delete Server Image"),
    ("image.export", "Export Customer Image"),
    ("image.import", "Import Customer Image"),
    ("image.update", "Edit Server Image"),
    ("ip_block.release", "Release Public IP Block"),
    ("ip_block.reserve", "Reserve New Public IP Block"),
    ("ip_block.reserve_without_size", "Reserve New Public IP Block"),
    ("ip_block.update", "Set Server To Vip Connectivity flag on Public IP Block"),
    ("nat_rule.create", "Add Nat Rule"),
    ("nat_rule.delete", "Delete Nat Rule"),
    ("network.create", "Add Network"),
    ("network.create_simple", "Add Network"),
    ("network.delete", "Delete Network"),
    ("network.multicast", "Set Multicast"),
    ("network.update", "Edit Network"),
    ("ovf_package.copy", "Copy Remote OVF Package"),
    ("persistence_profile.create", "Create Persistence-Profile"),
    ("persistence_profile.delete", "Delete Persistence-Profile"),
    ("probe.create", "Create Probe"),
    ("probe.delete", "Delete Probe"),
    ("probe.update", "Modify Probe"),
    ("real_server.create", "Create Real-Server"),
    ("real_server.delete", "Delete Real-Server"),
    ("real_server.update", "Modify Real-Server"),
    ("server.add_storage", "Add Local Storage"),
    ("server.clean", "Clean Server"),
    ("server.clone", "Clone Server"),
    ("server.delete", "Delete Server"),
    ("server.deploy", "Deploy Server"),
    ("server.notify_private_ip", "Edit Server"),
    ("server.power_off", "Power Off Server"),
    ("server.reboot", "Graceful Reboot Server"),
    ("server.reset", "Reset Server"),
    ("server.restart", "Restart Server"),
    ("server.shutdown", "Graceful Shutdown Server"),
    ("server.start", "Start Server"),
    ("server.stop", "Stop Server"),
    ("server.update", "Edit Server"),
    ("server.update_vmware_tools", "Update Vmware Tools"),
    ("server_farm.add_probe", "Add Probe to Server-Farm"),
    ("server_farm.add_real_server", "Add Real-Server to Server-Farm"),
    ("server_farm.create", "Create Server-Farm"),
    ("server_farm.delete", "Delete Server-Farm"),
    ("server_farm.remove_probe", "Remove Probe from Server-Farm"),
    ("server_farm.remove_real_server", "Remove Real-Server from Server-Farm"),
    ("server_farm.update", "Modify Server-Farm"),
    ("vip.create", "Create VIP"),
    ("vip.delete", "Delete VIP"),
    ("vip.update", "Modify VIP"),
];

/// The name of a method's operation; a reading method has none, and is named after its kind.
pub(crate) fn operation(method: &str) -> String {
    let found = OPERATIONS.iter().find(|(name, _)| *name == method);
    found.map_or_else(|| method.replace(['.', '_'], " "), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::{catalog, methods};
    use model::Effect;

    #[test]
    fn every_changing_method_has_an_operation() {
        let catalog = catalog();
        for method in methods(&catalog) {
            let named = OPERATIONS.iter().any(|(name, _)| *name == method.name);
            assert_eq!(named, method.effect != Effect::Read, "{}", method.name);
        }
    }
}
