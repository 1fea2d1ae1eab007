//! The parts of the organization: the lowest layer, which does not depend on the calls that change it.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod backups;
pub(crate) mod balancing;
pub(crate) mod files;
pub(crate) mod images;
pub(crate) mod networks;
pub(crate) mod os;
pub(crate) mod reports;
pub(crate) mod servers;
pub(crate) mod transfers;

#[cfg(test)]
mod tests;
