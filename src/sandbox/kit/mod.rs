//! What the simulated providers share: time, chance, and the catalogue's word on what goes in and comes out.

pub(crate) mod args;
pub(crate) mod check;
pub(crate) mod clock;
pub(crate) mod random;
pub(crate) mod rest;
pub(crate) mod sample;
pub(crate) mod table;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod values;
