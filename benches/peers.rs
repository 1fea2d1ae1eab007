//! Ratios of whole processes: marsh beside its peers.

fn main() {}
