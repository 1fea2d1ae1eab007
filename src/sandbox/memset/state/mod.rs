//! The parts of an account: the lowest layer, which does not depend on the calls that change it.

pub(crate) mod balancers;
pub(crate) mod clusters;
pub(crate) mod firewall;
pub(crate) mod invoices;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod memstores;
pub(crate) mod monitoring;
pub(crate) mod payment_methods;
pub(crate) mod projects;
pub(crate) mod servers;
pub(crate) mod services;
pub(crate) mod shells;
pub(crate) mod snapshots;
pub(crate) mod vlans;
pub(crate) mod zones;

#[cfg(test)]
mod tests;
