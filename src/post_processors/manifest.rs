//! `manifest`: records the artifacts of a run in one JSON file.
//!
//! Unaware of chains: it is given one artifact, adds one entry, and passes the artifact on.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;
use async_trait::async_trait;
use serde::{Deserialize, Deserializer, Serialize};
use tokio::sync::Mutex;

use super::fields;
use crate::component::config::Settings;
use crate::component::{Artifact, Builtin, Keep, PostProcessor, Prepared, Problems, Processed, Result, RunCx};
use crate::component::{WholeFile, is_stream, make_new_file};
use crate::host::explain;
use crate::journal::Entry;
use crate::settings;

/// The `manifest` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "manifest",
    about: "Records the artifacts of a run in a JSON file.",
    plugin: None,
    schema: Config::schema,
    prepare: |settings, cx| {
        let config = Config::decode(settings, cx)?;
        Ok::<_, Problems>(Prepared { component: Box::new(Manifest { config }), warnings: Vec::new() })
    },
};

settings! {
    /// Settings of the `manifest` post-processor.
    struct Config {
        /// The file to write; its folder must exist.
        output: String = "packer-manifest.json".to_owned(),
        /// Records the names of files without their folders.
        strip_path: bool,
        /// Leaves out when the build ended.
        strip_time: bool,
        /// Names and texts to record with the build.
        custom_data: Option<BTreeMap<String, String>>,
    }
}

struct Manifest {
    config: Config,
}

/// The whole file (PP-manifest-5).
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Record {
    #[serde(deserialize_with = "null_is_default")]
    builds: Vec<BuildRecord>,
    #[serde(deserialize_with = "null_is_default")]
    last_run_uuid: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct BuildRecord {
    #[serde(deserialize_with = "null_is_default")]
    name: String,
    #[serde(deserialize_with = "null_is_default")]
    builder_type: String,
    #[serde(deserialize_with = "null_is_default", skip_serializing_if = "is_zero")]
    build_time: i64,
    files: Option<Vec<FileRecord>>,
    #[serde(deserialize_with = "null_is_default")]
    artifact_id: String,
    #[serde(deserialize_with = "null_is_default")]
    packer_run_uuid: String,
    custom_data: Option<BTreeMap<String, String>>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct FileRecord {
    #[serde(deserialize_with = "null_is_default")]
    name: String,
    #[serde(deserialize_with = "null_is_default")]
    size: i64,
}

fn null_is_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(value: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or_default())
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Builds of one run take turns; other processes are kept away by the lock file.
static TURN: Mutex<()> = Mutex::const_new(());

#[async_trait]
impl PostProcessor for Manifest {
    /// Adds the artifact to the file. Says nothing, and gives its input back (PP-manifest-9).
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        let entry = self.entry(cx, &*input)?;
        {
            let _turn = TURN.lock().await;
            let place = cx.host.absolute(&self.config.output);
            let lock = LockFile::take(cx, &place).await?;
            let written = self.add(cx, &place, entry);
            match lock {
                Some(lock) => lock.release(),
                None => remove_abandoned(&place),
            }
            written?;
        }
        // A manifest that removed what it lists would be of no use.
        Ok(Some(Processed { artifact: input, keep_input: Keep::Always }))
    }
}

impl Manifest {
    fn entry(&self, cx: &RunCx, input: &dyn Artifact) -> Result<BuildRecord> {
        let (engine, fields) = (cx.engine(), fields(cx, input));
        let render = |(name, text): (&String, &String)| {
            let text = engine.render(text, &fields);
            let text = text.map_err(|reason| anyhow::anyhow!("Error interpolating custom data: {reason}"))?;
            Ok((name.clone(), text))
        };
        let custom_data = self.config.custom_data.as_ref().map(|data| data.iter().map(render).collect::<Result<_>>());
        let files: Vec<FileRecord> = input.files().iter().map(|file| self.file(cx, file)).collect();
        Ok(BuildRecord {
            name: cx.build.label.to_string(),
            builder_type: cx.build.builder_type.to_string(),
            build_time: if self.config.strip_time { 0 } else { cx.host.now().as_second() },
            files: (!files.is_empty()).then_some(files),
            artifact_id: input.id(),
            packer_run_uuid: cx.host.run_id().to_owned(),
            custom_data: custom_data.transpose()?,
        })
    }

    /// A file whose size nobody knows gets 0 (PP-manifest-8).
    fn file(&self, cx: &RunCx, file: &Path) -> FileRecord {
        // A discarded container is a file without a name; that must not become the working folder.
        let facts = (!file.as_os_str().is_empty()).then(|| std::fs::metadata(cx.host.absolute(file)));
        let size = facts.and_then(|facts| facts.ok()).map_or(0, |facts| facts.len());
        let name = match file.file_name() {
            Some(name) if self.config.strip_path => Path::new(name),
            // The base name of nothing.
            None if self.config.strip_path && file.as_os_str().is_empty() => Path::new("."),
            _ => file,
        };
        FileRecord { name: name.display().to_string(), size: i64::try_from(size).unwrap_or(i64::MAX) }
    }

    /// Reads the file, adds `entry` and puts the new file in its place (PP-manifest-6).
    fn add(&self, cx: &RunCx, place: &Path, entry: BuildRecord) -> Result<()> {
        let output = &self.config.output;
        // What is no file, such as the program's output, has nothing to add to; reading it could wait for ever.
        let is_file =
            std::fs::metadata(place).is_ok_and(|facts| facts.is_file() || facts.is_dir()) && !is_stream(place);
        let read = if is_file || !place.exists() { std::fs::read(place) } else { Ok(Vec::new()) };
        let mut record = match read {
            Ok(text) if !text.is_empty() => {
                recorded(&text).map_err(|error| anyhow::anyhow!("Unable to parse content from {output}: {error}"))?
            }
            Ok(_) => Record::default(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Record::default(),
            Err(error) => {
                let action = if place.is_dir() { "read" } else { "open" };
                bail!("Unable to open {output} for reading: {}", explain(action, output, &error))
            }
        };
        if cx.options.force && record.last_run_uuid != cx.host.run_id() {
            record = Record::default();
        }
        record.last_run_uuid.clone_from(&entry.packer_run_uuid);
        record.builds.push(entry);
        let text = serde_json::to_string_pretty(&record).expect("texts and numbers have a JSON form");
        let failed = |action: &'static str| {
            move |error: std::io::Error| {
                anyhow::anyhow!("Unable to write {output}: {}", explain(action, output, &error))
            }
        };
        let (whole, mut file) = WholeFile::create(cx, place, 0o664).map_err(failed("open"))?;
        file.write_all(escape_html(&text).as_bytes()).map_err(failed("write"))?;
        whole.commit().map_err(failed("rename"))
    }
}

/// Reads what the file holds; `null` holds nothing, and a list is no record, although serde would take it for one.
fn recorded(text: &[u8]) -> std::result::Result<Record, serde_json::Error> {
    let value: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(text)?;
    value.map_or_else(|| Ok(Record::default()), |members| serde_json::from_value(members.into()))
}

/// Writes the letters that Go's encoder does not write out; they stand in texts only.
fn escape_html(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escaped += &format!("\\u{:04x}", u32::from(letter)),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// `OUTPUT.lock`, as the reference takes it (PP-manifest-7). Its owner holds a lock of the system on it as well, so
/// that others know an owner that lives from a file that was left over.
struct LockFile {
    path: std::path::PathBuf,
    _held: File,
    entry: Entry,
}

/// How long an owner that lives is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether it is done.
const LOOK: Duration = Duration::from_millis(20);

impl LockFile {
    /// Takes the lock. After three tries it is gone on without it when nobody holds it that we know of (X-15); other
    /// than in the reference, which so loses entries, an owner that lives is waited for.
    ///
    /// # Errors
    /// When the run is cancelled meanwhile.
    async fn take(cx: &RunCx, place: &Path) -> Result<Option<LockFile>> {
        let Some(path) = lock_of(place) else { return Ok(None) };
        let began = Instant::now();
        let mut tries = [200, 400].map(Duration::from_millis).into_iter();
        loop {
            match make_new_file(cx, &path, 0o666) {
                Ok(Some((file, entry))) => {
                    // Where the system has no locks, the file alone has to do.
                    let _ = file.lock();
                    return Ok(Some(LockFile { path, _held: file, entry }));
                }
                Ok(None) => {}
                Err(_) => return Ok(None),
            }
            let pause = if began.elapsed() < PATIENCE && is_held(&path) { Some(LOOK) } else { tries.next() };
            let Some(pause) = pause else { return Ok(None) };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cx.cancel.cancelled() => bail!("context canceled"),
            }
        }
    }

    fn release(self) {
        if std::fs::remove_file(&self.path).is_ok() {
            self.entry.gone();
        }
    }
}

/// Returns where the lock file of the manifest at `place` is.
fn lock_of(place: &Path) -> Option<std::path::PathBuf> {
    Some(place.with_file_name(format!("{}.lock", place.file_name()?.to_string_lossy())))
}

/// Removes the lock file that a program left behind which is gone: nobody has to wait for it again.
fn remove_abandoned(place: &Path) {
    if let Some(path) = lock_of(place).filter(|path| path.is_file() && !is_held(path)) {
        // One that stays costs the next run some tries, and no more.
        let _ = std::fs::remove_file(path);
    }
}

/// Whether a program that lives holds the lock file; one that is gone by now counts as held, and is free next time.
fn is_held(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post_processors::test_support::{artifact, prepare, run_cx};
    use crate::value::{Type, Value};

    async fn run(cx: &RunCx, settings: &[(&str, Value)]) -> Result<()> {
        let manifest = prepare(&KIND, cx, settings).map_err(anyhow::Error::msg)?;
        let processed = manifest.process(cx, artifact(&["out/f.txt", "gone"])).await?.unwrap();
        assert_eq!((processed.artifact.id().as_str(), processed.keep_input), ("File", Keep::Always));
        Ok(())
    }

    // PP-manifest-2 … PP-manifest-5, PP-manifest-8; case post-processors/manifest-options
    #[tokio::test]
    async fn the_file_is_laid_out_as_the_reference_does() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("out")).unwrap();
        std::fs::write(folder.path().join("out/f.txt"), "twelve bytes").unwrap();
        let data = Value::map(Type::String, [("zeta".into(), "<a> & é".into()), ("A".into(), "{{.ID}}".into())]);
        let settings = [("strip_path", true.into()), ("custom_data", data), ("output", "{{build_name}}.json".into())];
        let cx = run_cx(folder.path());
        run(&cx, &settings).await.unwrap();
        let wanted = r#"{
  "builds": [
    {
      "name": "disk",
      "builder_type": "file",
      "build_time": 1767323045,
      "files": [
        {
          "name": "f.txt",
          "size": 12
        },
        {
          "name": "gone",
          "size": 0
        }
      ],
      "artifact_id": "File",
      "packer_run_uuid": "00000000-0000-4000-8000-000000000000",
      "custom_data": {
        "A": "\u003cno value\u003e",
        "zeta": "\u003ca\u003e \u0026 é"
      }
    }
  ],
  "last_run_uuid": "00000000-0000-4000-8000-000000000000"
}"#;
        let wanted = wanted.replace("00000000-0000-4000-8000-000000000000", cx.host.run_id());
        assert_eq!(std::fs::read_to_string(folder.path().join("disk.json")).unwrap(), wanted);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    // PP-manifest-6
    #[tokio::test]
    async fn entries_add_up_unless_forced() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("packer-manifest.json");
        std::fs::write(&place, r#"{"mine": 1, "builds": [{"name": "old"}], "last_run_uuid": "z"}"#).unwrap();
        let mut cx = run_cx(folder.path());
        let names = || {
            let record: Record = serde_json::from_str(&std::fs::read_to_string(&place).unwrap()).unwrap();
            record.builds.into_iter().map(|build| build.name).collect::<Vec<_>>()
        };
        run(&cx, &[]).await.unwrap();
        assert_eq!(names(), ["old", "disk"]);
        cx.options.force = true;
        run(&cx, &[]).await.unwrap();
        assert_eq!(names(), ["old", "disk", "disk"], "the last entry is of this run");
        std::fs::write(&place, r#"{"builds": null, "last_run_uuid": "z"}"#).unwrap();
        run(&cx, &[]).await.unwrap();
        assert_eq!(names(), ["disk"]);
    }

    // PP-manifest-8; cases post-processors/manifest-has-no-folder-maker, manifest-with-a-broken-or-foreign-file
    #[tokio::test]
    async fn what_cannot_be_read_or_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let cx = run_cx(folder.path());
        let error = run(&cx, &[("output", "no/such/folder.json".into())]).await.unwrap_err().to_string();
        let wanted = "Unable to write no/such/folder.json: open no/such/folder.json: no such file or directory";
        assert_eq!(error, wanted);
        std::fs::write(folder.path().join("packer-manifest.json"), "not json").unwrap();
        let error = run(&cx, &[]).await.unwrap_err().to_string();
        assert!(error.starts_with("Unable to parse content from packer-manifest.json: "), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join("packer-manifest.json")).unwrap(), "not json");
    }
}
