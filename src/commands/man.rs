//! `packer man`: man pages, for whoever reads them and for whoever packs them.

use super::{Session, exit};
use crate::cli;

/// Prints the page of the command that the words name, or of the program.
pub fn run(args: &cli::Man, session: &Session) -> u8 {
    let path: Vec<&str> = args.words.iter().map(String::as_str).collect();
    let Some(page) = cli::man_page(&path) else {
        let name = path.join(" ");
        session.ui.error(format!("There is no page about {name:?}. \"packer -h\" lists the commands."));
        return exit::FAILURE;
    };
    session.ui.say(page.trim_end());
    exit::OK
}
