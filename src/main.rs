//! marsh.

fn main() {}
