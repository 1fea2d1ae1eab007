//! The `marsh` program; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    marsh::cli::main()
}
