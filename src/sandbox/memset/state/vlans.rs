//! The hosts in each VLAN.

/// The hosts in each VLAN.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vlans {
    /// In the order in which they were added: the first VLAN of a host is its primary one.
    pub(crate) members: Vec<Member>,
    /// The addresses of hosts, which they keep when they leave.
    leases: Vec<(Member, String)>,
}

/// A host in a VLAN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) vlan: String,
    pub(crate) host: String,
}

impl Member {
    pub(crate) fn new(vlan: &str, host: &str) -> Member {
        Member { vlan: vlan.to_owned(), host: host.to_owned() }
    }
}

impl Vlans {
    /// The VLANs of a new sandbox. Dedicated servers get no address automatically.
    pub(crate) fn seed() -> Vlans {
        let mut vlans = Vlans::default();
        for (vlan, host) in [("myvlan1", "mylb1"), ("myvlan2", "myserver3")] {
            vlans.members.push(Member::new(vlan, host));
        }
        for host in ["myserver1", "myserver2"] {
            vlans.members.push(Member::new("myvlan1", host));
            vlans.lease("myvlan1", host);
        }
        vlans
    }

    /// The hosts of a VLAN.
    pub(crate) fn hosts<'v>(&'v self, vlan: &str) -> impl Iterator<Item = &'v str> {
        self.members.iter().filter(move |member| member.vlan == vlan).map(|member| member.host.as_str())
    }

    /// The VLANs of a host, the primary one first.
    pub(crate) fn of<'v>(&'v self, host: &str) -> impl Iterator<Item = &'v str> {
        self.members.iter().filter(move |member| member.host == host).map(|member| member.vlan.as_str())
    }

    /// The addresses of a host in a VLAN.
    pub(crate) fn addresses<'v>(&'v self, vlan: &str, host: &str) -> impl Iterator<Item = &'v str> {
        let member = Member::new(vlan, host);
        self.leases.iter().filter(move |(holder, _)| *holder == member).map(|(_, address)| address.as_str())
    }

    /// Puts a host into a VLAN, as its primary one if requested.
    pub(crate) fn join(&mut self, vlan: &str, host: &str, primary: bool) {
        let member = Member::new(vlan, host);
        if primary && let Some(first) = self.members.iter().position(|known| known.host == host) {
            self.members.remove(first);
            self.members.retain(|known| *known != member);
            self.members.insert(first.min(self.members.len()), member);
        } else if !self.members.contains(&member) {
            self.members.push(member);
        }
    }

    /// Gives a host an address in a VLAN, unless it has one.
    pub(crate) fn lease(&mut self, vlan: &str, host: &str) {
        if self.addresses(vlan, host).next().is_none() {
            let taken = self.leases.iter().filter(|(member, _)| member.vlan == vlan).count();
            let address = format!("{}.{}", network(vlan), 10 + taken);
            self.leases.push((Member::new(vlan, host), address));
        }
    }
}

/// The first three parts of the addresses in a VLAN; its number is the third.
pub(crate) fn network(vlan: &str) -> String {
    let number = vlan.trim_start_matches(|c: char| !c.is_ascii_digit());
    format!("10.1.{}", number.parse().unwrap_or(0_u8))
}
