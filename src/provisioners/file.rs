//! `file`: brings files to the machine, or fetches them from it.
//!
//! Knows no transfer protocol; those are the communicators'.

use std::path::Path;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use async_trait::async_trait;
use tokio::io::AsyncWriteExt;

use super::Kind;
use crate::component::config::Settings as _;
use crate::component::{
    BuildData, Communicator, OutputFile, PrepareCx, Prepared, Problem, Problems, Provisioner, Result, RunCx, Upload,
    WholeFile, make_folders, shell,
};
use crate::gotemplate::Fields;
use crate::host::{explain, platform, shortest_path};
use crate::value::Value;

/// The provisioner `file`.
pub const KIND: Kind = Kind {
    name: "file",
    about: "Brings files to the machine, or fetches them from it.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

crate::settings! {
    /// Settings of the `file` provisioner.
    struct Config {
        /// File or folder; of a folder that ends in a slash only the content is taken.
        source: String,
        /// Files or folders.
        sources: Vec<String>,
        /// Text to upload.
        content: String,
        /// Where it goes; with a slash at the end a file keeps its name.
        destination: String,
        /// `upload`, or `download`; `upload` when unset.
        direction: String,
        /// Does not ask for the source before the build runs: a step of the build makes it.
        generated: bool,
    }
}

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Provisioner>, Problems> {
    let mut config = Config::decode(settings, cx)?;
    let mut problems = Problems::default();
    if config.direction.is_empty() {
        "upload".clone_into(&mut config.direction);
    }
    let is_known = matches!(config.direction.as_str(), "upload" | "download");
    if !is_known {
        problems.push(Problem::of("direction", "Direction must be one of: download, upload."));
    }
    if !config.source.is_empty() {
        config.sources.push(std::mem::take(&mut config.source));
    }
    if config.direction == "upload" && !config.generated {
        for source in &config.sources {
            if let Err(error) = std::fs::metadata(cx.host.absolute(source)) {
                problems.add(format!("Bad source '{source}': {}", explain("stat", source, &error)));
            }
        }
    }
    if !config.content.is_empty() && !config.sources.is_empty() {
        problems.add("source(s) conflicts with content.");
    }
    if config.destination.is_empty() {
        problems.push(Problem::of("destination", "Destination must be specified."));
    }
    problems.or(Prepared { component: Box::new(File { config, legacy: cx.legacy }), warnings: Vec::new() })
}

struct File {
    config: Config,
    /// Only legacy templates learn build data by `{{ }}`; a text of an HCL template may hold braces of its own.
    legacy: bool,
}

#[async_trait]
impl Provisioner for File {
    async fn provision(&self, cx: &RunCx, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
        let fields = shell::fields(data, &[]);
        let destination = self.render(cx, "destination", &self.config.destination, &fields)?;
        if !self.config.content.is_empty() {
            return self.upload_content(cx, machine.as_ref(), &destination, &fields).await;
        }
        for source in &self.config.sources {
            let source = self.render(cx, "source", source, &fields)?;
            if self.config.direction == "upload" {
                upload(cx, machine.as_ref(), &source, &destination).await?;
            } else if download(cx, machine.as_ref(), &source, &destination).await? == Fetched::Folder {
                // P-file-10, X-7: nobody looks at what comes behind a folder.
                break;
            }
        }
        Ok(())
    }
}

impl File {
    fn render(&self, cx: &RunCx, what: &str, text: &str, fields: &Fields) -> Result<String> {
        if !self.legacy {
            return Ok(text.to_owned());
        }
        shell::render(cx, text, fields).map_err(|reason| anyhow!("Error interpolating {what}: {reason}"))
    }

    /// Uploads the text under the name that a temporary file would have; none is made.
    async fn upload_content(
        &self,
        cx: &RunCx,
        machine: &dyn Communicator,
        destination: &str,
        fields: &Fields,
    ) -> Result<()> {
        if self.config.direction != "upload" {
            bail!("cannot download {destination:?}: content can only be uploaded; give a source instead");
        }
        let content = self.render(cx, "content", &self.config.content, fields)?;
        let name = format!("pkr-file-content{}", cx.host.random_number());
        cx.say(format!("Uploading {} => {destination}", cx.host.temp_dir().join(&name).display()));
        let mut bytes = content.as_bytes();
        let size = bytes.len() as u64;
        // Nobody but its owner reads a text that may hold a secret.
        let from = Upload { source: &mut bytes, size, mode: Some(0o600), modified: None };
        tell(cx, "Upload", machine.upload(cx, &with_name(destination, &name), from).await)
    }
}

/// Returns `destination`, with `name` behind it if it is a folder.
fn with_name(destination: &str, name: &str) -> String {
    if destination.ends_with('/') { format!("{destination}{name}") } else { destination.to_owned() }
}

/// Returns the last part of a path.
fn base_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Complains about a failed transfer in its own line.
fn tell<T>(cx: &RunCx, what: &str, result: Result<T>) -> Result<T> {
    if let Err(error) = &result
        && !cx.cancel.is_cancelled()
    {
        cx.error(format!("{what} failed: {error:#}"));
    }
    result
}

async fn upload(cx: &RunCx, machine: &dyn Communicator, source: &str, destination: &str) -> Result<()> {
    cx.say(format!("Uploading {source} => {destination}"));
    let place = cx.host.absolute(source);
    let about = tokio::fs::metadata(&place).await.map_err(|error| anyhow!(explain("stat", source, &error)))?;
    if about.is_dir() {
        // The slash at its end must survive: it says what becomes of the folder itself.
        return tell(cx, "Upload", machine.upload_dir(cx, &place, destination, &[]).await);
    }
    let mut file = tokio::fs::File::open(&place).await.map_err(|error| anyhow!(explain("open", source, &error)))?;
    let to = with_name(destination, base_name(source));
    let mode = Some(platform::mode(&about));
    let from = Upload { source: &mut file, size: about.len(), mode, modified: about.modified().ok() };
    tell(cx, "Upload", machine.upload(cx, &to, from).await)
}

/// What a download brought.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetched {
    File,
    Folder,
}

async fn download(cx: &RunCx, machine: &dyn Communicator, source: &str, destination: &str) -> Result<Fetched> {
    let is_folder = source.ends_with('/') || source.contains(['*', '?', '[']);
    let is_named = destination.ends_with('/') && !source.ends_with(['/', '*']);
    let target = match is_named {
        true => shortest_path(&with_name(destination, base_name(source))),
        false => destination.to_owned(),
    };
    cx.say(format!("Downloading {source} => {target}"));
    let (place, path) = (cx.host.absolute(&target), Path::new(&target));
    let folder = if target.ends_with('/') { path } else { path.parent().unwrap_or(Path::new("")) };
    make_folders(&cx.host, folder).map_err(|reason| anyhow!(reason))?;
    if is_folder {
        machine.download_dir(cx, source, &place, &[]).await?;
        return Ok(Fetched::Folder);
    }
    let (whole, file) =
        WholeFile::create(cx, &place, 0o644).map_err(|error| anyhow!(explain("open", &target, &error)))?;
    let mut file = OutputFile::new(file, &*target);
    tell(cx, "Download", machine.download(cx, source, &mut file).await)?;
    file.flush().await?;
    whole.commit().map_err(|error| anyhow!(explain("rename", &target, &error)))?;
    Ok(Fetched::File)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::component::NotSupported;
    use crate::component::fake::{self, Machine};
    use crate::value::Type;

    fn prepared(folder: &Path, members: &[(&str, Value)]) -> Result<Box<dyn Provisioner>, Vec<String>> {
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        prepare(&value, &fake::prepare_cx(folder))
            .map(|prepared| prepared.component)
            .map_err(|problems| problems.0.into_iter().map(|problem| problem.detail).collect())
    }

    async fn run(folder: &Path, machine: &Arc<Machine>, members: &[(&str, Value)]) -> (Result<()>, Vec<String>) {
        let provisioner = prepared(folder, members).unwrap_or_else(|problems| panic!("{problems:?}"));
        let machine: Arc<dyn Communicator> = Arc::clone(machine) as _;
        let (cx, said) = fake::run_cx(folder);
        (provisioner.provision(&cx, &machine, &BuildData::default()).await, said.lines())
    }

    fn texts(items: &[&str]) -> Value {
        Value::list(Type::String, items.iter().map(|item| Value::from(*item)))
    }

    #[tokio::test]
    async fn files_keep_their_mode_and_folders_their_slash() {
        // P-file-2, P-file-8, P-file-9
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("app")).unwrap();
        let tool = folder.path().join("tool");
        std::fs::write(&tool, "text").unwrap();
        std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o750)).unwrap();
        let machine = Machine::answering([]);
        let sources = ("sources", texts(&["./tool", "app/"]));
        let settings = [sources, ("source", "app".into()), ("destination", "/opt/".into())];
        let (result, said) = run(folder.path(), &machine, &settings).await;
        result.unwrap();
        assert_eq!(said[..2], ["==> fake.n: Uploading ./tool => /opt/", "==> fake.n: Uploading app/ => /opt/"]);
        let app = folder.path().join("app").display().to_string();
        let folders = [format!("upload_dir {app}/ /opt/"), format!("upload_dir {app} /opt/")];
        assert_eq!(machine.asked(), ["upload /opt/tool 750", &folders[0], &folders[1]]);
    }

    #[tokio::test]
    async fn content_travels_under_a_name_of_its_own_and_leaves_no_file_here() {
        // P-file-3, P-file-7
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::answering([]);
        let settings = [("content", "a text".into()), ("destination", "/opt/".into())];
        run(folder.path(), &machine, &settings).await.0.unwrap();
        assert!(machine.asked()[0].starts_with("upload /opt/pkr-file-content"), "{:?}", machine.asked());
        assert_eq!(machine.uploads.lock().unwrap()[0], b"a text");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_download_makes_folders_and_stops_behind_a_folder() {
        // P-file-10
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::answering([]);
        let settings = |sources: &[&str]| {
            let to = ("destination", "new/in/".into());
            [("direction", "download".into()), ("sources", texts(sources)), to]
        };
        let (result, said) = run(folder.path(), &machine, &settings(&["/a/x", "/a/logs/*", "/a/y"])).await;
        result.unwrap();
        let lines = ["==> fake.n: Downloading /a/x => new/in/x", "==> fake.n: Downloading /a/logs/* => new/in/"];
        assert_eq!(said, lines);
        let got = std::fs::read_to_string(folder.path().join("new/in/x")).unwrap();
        assert_eq!(got, "content of /a/x");
        let asked = machine.asked();
        assert_eq!(asked.len(), 2);
        assert!(asked[1].starts_with("download_dir /a/logs/* "));
    }

    #[tokio::test]
    async fn what_the_machine_refuses_is_the_error() {
        // P-file-7
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::answering([]);
        machine.upload_errors.lock().unwrap().push_back(NotSupported("no room".to_owned()).into());
        let settings = [("content", "x".into()), ("destination", "/d".into())];
        let (result, said) = run(folder.path(), &machine, &settings).await;
        assert_eq!(result.unwrap_err().to_string(), "no room");
        assert_eq!(said[1], "==> fake.n: Upload failed: no room");
    }

    #[test]
    fn mistakes_are_told_at_once() {
        // P-file-11, P-file-13
        let problems = |members: &[(&str, Value)]| prepared(Path::new("/"), members).err().unwrap_or_default();
        assert_eq!(
            problems(&[("source", "no/such".into()), ("content", "x".into())]),
            [
                "Bad source 'no/such': stat no/such: no such file or directory",
                "source(s) conflicts with content.",
                "Destination must be specified.",
            ]
        );
        let way = [("direction", "sideways".into()), ("destination", "/d".into())];
        assert_eq!(problems(&way), ["Direction must be one of: download, upload."]);
        let later = [("source", "no/such".into()), ("destination", "/d".into()), ("generated", true.into())];
        assert_eq!(problems(&later), [""; 0]);
        assert_eq!(problems(&[("destination", "/d".into())]), [""; 0]);
    }
}
