//! One file a command; here the registry is filled, and each command gets its session.
//!
//! What commands share: `session`, `templates` and `legacy`, `running`.

mod build;
mod cleanup;
mod completion;
mod components_page;
mod config_file;
mod console;
mod crash;
mod explain;
mod findings;
mod fix;
mod fmt;
mod hcl2_upgrade;
mod init;
mod inspect;
mod legacy;
mod man;
mod output;
mod plugins;
mod running;
mod session;
mod templates;
mod validate;
mod verdict;
mod version;
mod whole_file;

use std::ffi::OsString;
use std::sync::Arc;

pub use components_page::components_page;
use crash::Crashes;
pub use findings::schema as validate_schema;
pub use inspect::schema as inspect_schema;
pub use session::Session;
use session::{Ground, Shows, complain};

use crate::cli::{self, Command, Manner, Request};
use crate::component::{Kinds, Registry};
use crate::host::Host;
use crate::stores::Clients;

/// Exit codes (CLI-4).
pub mod exit {
    /// Done.
    pub const OK: u8 = 0;
    /// Wrong words, a template with errors, a failed or interrupted build.
    pub const FAILURE: u8 = 1;
    /// The program has crashed.
    pub const CRASH: u8 = 2;
    /// `fmt -check` has found something to change.
    pub const UNFORMATTED: u8 = 3;
    /// No such command.
    pub const NO_COMMAND: u8 = 127;
}

/// Runs the program with its words (the first is its own name) and the components that templates may use; returns its
/// exit code.
pub fn run(words: Vec<OsString>, host: Host, registry: Registry) -> u8 {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
    if let Some(code) = completion::answer(words.get(1..).unwrap_or_default(), &host) {
        return code;
    }
    let host = host.with_stores(Arc::new(Clients));
    match Ground::find(host, registry) {
        Ok(ground) => {
            let (secrets, log) = (Arc::clone(&ground.secrets), Arc::clone(&ground.log));
            let crashes = Crashes::of(&words, ground.host.clone(), secrets, log);
            crashes.watch();
            crashes.told(|| run_words(words, ground), &mut std::io::stdout())
        }
        Err(reason) => {
            complain(&reason);
            exit::FAILURE
        }
    }
}

fn run_words(words: Vec<String>, ground: Ground) -> u8 {
    let words = cli::parse(words.into_iter().skip(1).collect());
    let machine_readable = words.machine_readable;
    // Help is for people in either mode.
    let show = |text: &str, code| {
        let session = Session::plain(ground.clone(), false);
        session.ui.say(text.strip_suffix('\n').unwrap_or(text));
        session.end_shown(code)
    };
    match words.request {
        Request::Run(command) => run_command(command, machine_readable, ground),
        Request::Autocomplete(what) => {
            let session = Session::plain(ground.clone(), machine_readable);
            session.end(completion::autocomplete(what, &session))
        }
        Request::Contradiction(complaint) => {
            complain(&complaint);
            exit::FAILURE
        }
        Request::GeneralHelp(text, asked) => show(&text, if asked { exit::OK } else { exit::NO_COMMAND }),
        Request::Help(text) => show(&text, exit::OK),
        Request::Misuse { complaint, manner, usage } => {
            let usage = usage.trim_end();
            let (first, second) = match (complaint, manner) {
                (None, _) => (usage.to_owned(), None),
                (Some(complaint), Manner::UsageFirst) => (usage.to_owned(), Some(complaint)),
                (Some(complaint), _) => (complaint, Some(usage.to_owned())),
            };
            if machine_readable && manner != Manner::Plain {
                // What commands themselves say about their words is for programs too (CLI-64).
                let session = Session::plain(ground, true);
                let is_usage = |text: &str| text == usage;
                for text in [Some(first), second].into_iter().flatten() {
                    if is_usage(&text) { session.ui.say(text) } else { session.ui.error(text) }
                }
                return session.end_shown(exit::FAILURE);
            }
            let text = second.map_or_else(|| first.clone(), |second| format!("{first}\n\n{second}"));
            show(&text, exit::FAILURE)
        }
    }
}

fn run_command(command: Command, machine_readable: bool, ground: Ground) -> u8 {
    let plain = |ground| Session::plain(ground, machine_readable);
    let document = |is_one, ground| if is_one { Session::document(ground) } else { plain(ground) };
    // Where something is done, that counts, and not whether it could be told.
    let doing = |session: Session, run: &dyn Fn(&Session) -> u8| session.end(run(&session));
    let showing = |session: Session, run: &dyn Fn(&Session) -> u8| session.end_shown(run(&session));
    match command {
        Command::Build(args) => build::run(&args, machine_readable, ground),
        Command::Cleanup(args) => doing(plain(ground), &|session| cleanup::run(&args, session)),
        Command::Completion(args) => showing(Session::plain(ground, false), &|session| completion::run(&args, session)),
        Command::Console(args) => doing(plain(ground), &|session| console::run(&args, session)),
        Command::Execute(_) => doing(plain(ground), &|session| not_there_yet("execute", session)),
        Command::Explain(args) => showing(plain(ground), &|session| explain::run(&args, session)),
        Command::Fix(args) => showing(plain(ground), &|session| fix::run(&args, session)),
        Command::Fmt(args) => showing(plain(ground), &|session| fmt::run(&args, session)),
        Command::Hcl2Upgrade(args) => doing(plain(ground), &|session| hcl2_upgrade::run(&args, session)),
        Command::Init(args) => doing(plain(ground), &|session| init::run(&args, session)),
        Command::Inspect(args) => showing(document(args.json, ground), &|session| inspect::run(&args, session)),
        Command::Man(args) => showing(Session::plain(ground, false), &|session| man::run(&args, session)),
        Command::Plugins(args) => doing(plain(ground), &|session| plugins::run(&args, session)),
        Command::SbomGenerate(_) => doing(plain(ground), &|session| not_there_yet("sbom-generate", session)),
        Command::Validate(args) => {
            let mut session = document(args.json, ground);
            if args.sarif.is_some() && !args.json {
                session.shows = Shows::Both;
            }
            showing(session, &|session| validate::run(&args, session))
        }
        Command::VerifyAttestation(_) => doing(plain(ground), &|session| not_there_yet("verify-attestation", session)),
        Command::Version(args) => showing(plain(ground), &|session| version::run(&args, session)),
    }
}

/// Says that the command `name` is none of this version; returns the exit code.
fn not_there_yet(name: &str, session: &Session) -> u8 {
    session.ui.error(format!("There is no \"packer {name}\" yet: it comes with a later version of this program."));
    exit::FAILURE
}

/// Returns every component inside the program.
pub fn registry() -> Registry {
    Registry {
        builders: Kinds::of(crate::builders::ALL),
        provisioners: Kinds::of(crate::provisioners::ALL),
        post_processors: Kinds::of(crate::post_processors::ALL),
        data_sources: Kinds::of(crate::data_sources::ALL),
    }
}
