//! The program: words and environment in, exit code out.

fn main() -> std::process::ExitCode {
    packer::run(std::env::args_os().collect(), packer::host::Host::real())
}
