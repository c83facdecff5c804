//! The settings of the `docker` builder and what is wrong with them.
//!
//! Starts nothing; looks at files only to check that they are there.

use std::collections::BTreeMap;
use std::path::Path;

use crate::communicators::Settings as Connection;
use crate::component::config::{Block, LateText, Settings};
use crate::component::{PrepareCx, Problem, Problems};
use crate::containers::Account;
use crate::value::Value;

crate::settings! {
    /// A Dockerfile that the base image is built from.
    pub struct BuildConfig {
        /// The Dockerfile.
        pub path: String,
        /// The folder it is built in.
        pub build_dir: String = ".".to_owned(),
        /// Values of the Dockerfile's `ARG`s.
        pub arguments: BTreeMap<String, String>,
        /// Fetch newer versions of the images it starts from.
        pub pull: Option<bool>,
        /// Compress the folder on its way to the engine.
        pub compress: bool,
    }
}

crate::settings! {
    /// Settings of the `docker` builder.
    pub struct Config {
        /// The base image. Either this or `build` is needed.
        pub image: String,
        /// Build the base image from a Dockerfile first.
        pub build: Block<BuildConfig>,
        /// Make an image of the container.
        pub commit: bool,
        /// Write the container's file system into this tar.
        pub export_path: String,
        /// Throw the container away: useful for tests.
        pub discard: bool,
        /// Who made the image.
        pub author: String,
        /// Instructions as in a Dockerfile, such as `CMD ["/bin/sh"]`, for the committed image.
        pub changes: Vec<String>,
        /// What the committed image is for.
        pub message: String,
        /// Where the folder shared with this machine is mounted; `/packer-files`, for Windows `c:/packer-files`.
        pub container_dir: String,
        /// Devices of this machine given to the container.
        pub device: Vec<String>,
        /// Linux capabilities to add.
        pub cap_add: Vec<String>,
        /// Linux capabilities to drop.
        pub cap_drop: Vec<String>,
        /// The client program. With `docker` the engine is asked without one.
        pub docker_path: String = "docker".to_owned(),
        /// Who runs the provisioners' commands; the image's own user when empty.
        pub exec_user: String,
        /// Give the container all privileges.
        pub privileged: bool,
        /// Give the provisioners' commands a terminal.
        pub pty: bool,
        /// The container runtime.
        pub runtime: String,
        /// Fetch the image first, even if it is there.
        pub pull: Option<bool>,
        /// The arguments of `docker run`; `{{ .Image }}` stands for the image.
        pub run_command: Vec<LateText>,
        /// Folders of the container kept in memory.
        pub tmpfs: Vec<String>,
        /// Folders of this machine mounted in the container: here to there. `~` is the home folder.
        pub volumes: BTreeMap<String, String>,
        /// Give uploaded files to the image's own user; on in legacy templates unless set.
        pub fix_upload_owner: Option<bool>,
        /// The container runs Windows.
        pub windows_container: bool,
        /// The platform of the image: `linux/arm64`.
        pub platform: String,
    }
    flatten { pub account: Account, pub connection: Connection }
}

/// Reads and checks the settings; gives them with warnings.
///
/// # Errors
/// Everything that is wrong with them.
///
/// # Source
/// B-docker-1 … B-docker-36.
pub fn decode(settings: &Value, cx: &PrepareCx) -> Result<(Config, Vec<String>), Problems> {
    let mut config = Config::decode(settings, cx)?;
    let mut warnings = Vec::new();
    fill(&mut config, cx);
    let usual = if config.windows_container { "dockerWindowsContainer" } else { "docker" };
    let mut problems = config.connection.check(cx, usual);
    check_result(&config, cx, &mut problems);
    match &config.build.0 {
        Some(build) => {
            if !config.image.is_empty() {
                problems.push(Problem::of("image", "`image` cannot be specified with a build config"));
            }
            if config.pull == Some(true) {
                warnings.push(
                    "when running a bootstrap build, the `pull` option is ignored and is replaced by `build.pull` \
                     (true by default)"
                        .to_owned(),
                );
            }
            check_build(build, cx, &mut problems);
        }
        None if config.image.is_empty() => problems
            .add("missing 'image' attribute or 'build' section, either needs to be specified for a build to run."),
        None => {}
    }
    config.account.check(&mut problems);
    problems.with_warnings(&warnings).or((config, warnings))
}

fn fill(config: &mut Config, cx: &PrepareCx) {
    if config.container_dir.is_empty() {
        config.container_dir = if config.windows_container { "c:/packer-files" } else { "/packer-files" }.to_owned();
    }
    if config.run_command.is_empty() {
        let entrypoint = if config.windows_container { "powershell" } else { "/bin/sh" };
        let entrypoint = format!("--entrypoint={entrypoint}");
        config.run_command = ["-d", "-i", "-t", &entrypoint, "--", "{{.Image}}"].map(LateText::from).to_vec();
    }
    // The reference's two languages differ here (B-docker-27).
    config.fix_upload_owner.get_or_insert(cx.legacy);
}

fn check_result(config: &Config, cx: &PrepareCx, problems: &mut Problems) {
    let ways = [config.commit, config.discard, !config.export_path.is_empty()];
    match ways.iter().filter(|way| **way).count() {
        0 => problems.add("No instructions given for handling the artifact; expected commit, discard, or export_path"),
        1 => {}
        _ => problems.add("Cannot specify more than one of commit, discard, and export_path"),
    }
    if !config.export_path.is_empty() && cx.host.absolute(&config.export_path).is_dir() {
        problems.push(Problem::of("export_path", "export_path must be a file, not a directory"));
    }
}

fn check_build(build: &BuildConfig, cx: &PrepareCx, problems: &mut Problems) {
    let mut problem = |name: &str, detail: String| {
        let setting = ["build", name].map(str::to_owned).to_vec();
        problems.push(Problem { setting, detail, is_warning: false });
    };
    let describe = |path: &str| std::fs::metadata(cx.host.absolute(Path::new(path)));
    if build.path.is_empty() {
        problem("path", "A build section needs a path: the Dockerfile to build the base image from.".to_owned());
    } else {
        match describe(&build.path) {
            Ok(facts) if facts.is_file() => {}
            Ok(_) => problem("path", format!("The Dockerfile {:?} is not a file.", build.path)),
            Err(error) => problem("path", crate::host::explain("stat", &build.path, &error)),
        }
    }
    match describe(&build.build_dir) {
        Ok(facts) if facts.is_dir() => {}
        Ok(_) => problem("build_dir", format!("The folder to build in, {:?}, is not a folder.", build.build_dir)),
        Err(error) => problem("build_dir", crate::host::explain("stat", &build.build_dir, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;

    fn read(members: &[(&str, Value)], legacy: bool) -> Result<(Config, Vec<String>), Vec<String>> {
        let mut cx = fake::prepare_cx(Path::new("/"));
        cx.legacy = legacy;
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        decode(&value, &cx).map_err(|problems| problems.0.into_iter().map(|problem| problem.detail).collect())
    }

    #[test]
    fn exactly_one_result_and_one_source_are_needed() {
        // B-docker-36
        assert_eq!(read(&[], false).unwrap_err().len(), 2);
        let both = [("image", "x".into()), ("commit", true.into()), ("discard", true.into())];
        assert_eq!(
            read(&both, false).unwrap_err(),
            ["Cannot specify more than one of commit, discard, and export_path"],
        );
        let folder = [("image", "x".into()), ("export_path", "tmp".into())];
        assert_eq!(read(&folder, false).unwrap_err(), ["export_path must be a file, not a directory"]);
        let ecr = [("image", "x".into()), ("discard", true.into()), ("ecr_login", true.into())];
        assert_eq!(read(&ecr, false).unwrap_err(), ["ECR login requires login server to be provided."]);
    }

    #[test]
    fn defaults_follow_the_language_and_the_container() {
        let least = [("image", "x".into()), ("discard", true.into())];
        let (config, _) = read(&least, false).unwrap();
        assert_eq!(config.fix_upload_owner, Some(false), "B-docker-27");
        assert_eq!((&*config.container_dir, &*config.connection.communicator), ("/packer-files", "docker"));
        assert_eq!(config.run_command.last().unwrap().0, "{{.Image}}");
        let windows = [least.as_slice(), &[("windows_container", true.into())]].concat();
        let (config, _) = read(&windows, true).unwrap();
        assert_eq!(config.fix_upload_owner, Some(true));
        assert_eq!(config.connection.communicator, "dockerWindowsContainer");
        assert_eq!(config.run_command[3].0, "--entrypoint=powershell");
    }

    #[test]
    fn a_build_block_excludes_image_and_replaces_pull() {
        let build = |path: &str| ("build", Value::object([("path".into(), path.into())]));
        let file = std::env::current_exe().unwrap();
        let good = build(file.to_str().unwrap());
        let (config, warnings) = read(&[good.clone(), ("discard", true.into()), ("pull", true.into())], false).unwrap();
        assert_eq!(config.build.0.unwrap().build_dir, ".");
        assert!(warnings[0].contains("bootstrap build"));
        let both = read(&[good, ("discard", true.into()), ("image", "x".into())], false).unwrap_err();
        assert_eq!(both, ["`image` cannot be specified with a build config"]);
        assert!(
            read(&[build("/nowhere/Dockerfile"), ("discard", true.into())], false).unwrap_err()[0]
                .contains("no such file")
        );
    }
}
