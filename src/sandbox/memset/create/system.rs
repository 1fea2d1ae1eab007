//! The operating systems of servers.

use super::super::fault::Fault;

/// The provider's systems: name and label.
const STOCK: &[(&str, &str)] = &[
    ("centos6_64", "CentOS 6"),
    ("centos7_64", "CentOS 7"),
    ("centos7_cpanel_64", "CentOS 7 with cPanel"),
    ("debian_stretch_64", "Debian 9"),
    ("debian_buster_64", "Debian 10"),
    ("ubuntu_trusty_64", "Ubuntu 14.04"),
    ("ubuntu_trusty_docker_64", "Ubuntu 14.04 with Docker"),
    ("ubuntu_xenial_docker_64", "Ubuntu 16.04 with Docker"),
    ("ubuntu_bionic_64", "Ubuntu 18.04"),
    ("ubuntu_bionic_docker_64", "Ubuntu 18.04 with Docker"),
    ("win2012serverstd_r2_64", "Microsoft Windows 2012 Server R2, Standard"),
    ("win2012serverdc_r2_64", "Microsoft Windows 2012 Server R2, Datacenter"),
    ("win2016serverstd_64", "Microsoft Windows 2016 Server, Standard"),
    ("win2016serverdc_64", "Microsoft Windows 2016 Server, Datacenter"),
    ("win2019serverstd_64", "Microsoft Windows 2019 Server, Standard"),
];

/// The memory that Windows and cPanel need, in MB.
const LARGE_MB: i64 = 2048;

/// Whether a system is a Windows system.
pub(crate) fn is_windows(os: &str) -> bool {
    os.starts_with("win")
}

/// Checks that a server with this much memory can run the provider's system of that name.
pub(crate) fn check(os: &str, ram_mb: i64) -> Result<(), Fault> {
    let Some((_, title)) = STOCK.iter().find(|(name, _)| *name == os) else {
        let names: Vec<&str> = STOCK.iter().map(|(name, _)| *name).collect();
        return Err(Fault::parameter("os", &format!("Please select a valid choice: {}.", names.join(", "))));
    };
    if (is_windows(os) || os.contains("cpanel")) && ram_mb < LARGE_MB {
        let complaint = format!("Please select a valid choice. {title} requires at least {LARGE_MB} MB of RAM.");
        return Err(Fault::parameter("os", &complaint));
    }
    Ok(())
}

/// Checks that a key, if given, has the right format and that the system accepts keys.
pub(crate) fn check_ssh_key(os: &str, key: Option<&str>) -> Result<(), Fault> {
    let looks_right = |key: &str| {
        let mut words = key.split_whitespace();
        words.next().is_some_and(|kind| kind.starts_with("ssh-") || kind.starts_with("ecdsa-"))
            && words.next().is_some()
    };
    match key {
        Some(_) if is_windows(os) => Err(Fault::parameter("pub_ssh_key", "Only Linux takes a key.")),
        Some(key) if !looks_right(key) => Err(Fault::parameter("pub_ssh_key", "Enter a public key.")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_every_system_fits() {
        for (os, ram_mb, key, fits) in [
            ("debian_buster_64", 512, None, true),
            ("debian_buster_64", 512, Some("ssh-ed25519 AAAA jane"), true),
            ("debian_buster_64", 512, Some("AAAA"), false),
            ("win2016serverstd_64", 1024, None, false),
            ("win2016serverstd_64", 2048, None, true),
            ("win2016serverstd_64", 2048, Some("ssh-ed25519 AAAA jane"), false),
            ("centos7_cpanel_64", 1024, None, false),
            ("plan9", 4096, None, false),
        ] {
            let outcome = check(os, ram_mb).and_then(|()| check_ssh_key(os, key));
            assert_eq!(outcome.is_ok(), fits, "{os} {ram_mb} {key:?}");
        }
    }
}
