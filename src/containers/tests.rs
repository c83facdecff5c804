//! What the engine is asked and answers: run against a real one, where it matters by both ways.

use std::path::Path;

use super::testing::{Base, both_engines, engine};
use super::*;
use crate::component::{Upload, fake};
use crate::journal::Undo;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

async fn start(engine: &dyn ContainerEngine, cx: &crate::component::RunCx, base: &Base) -> String {
    let body = serde_json::json!({ "Image": base.0, "Entrypoint": ["/bin/sh"], "OpenStdin": true });
    let run = RunContainer {
        name: unique_name(cx),
        words: words(&["-d", "-i", "--entrypoint=/bin/sh", &base.0]),
        body: body.as_object().cloned(),
        platform: String::new(),
    };
    engine.run(&run).await.unwrap()
}

async fn sh(engine: &dyn ContainerEngine, container: &str, line: &str) -> (i32, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exec = Exec { words: words(&["/bin/sh", "-c", line]), ..Exec::default() };
    let code = engine.exec(container, &exec, &mut out, &mut err).await.unwrap();
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn cx(folder: &Path) -> crate::component::RunCx {
    crate::component::RunCx { host: Host::real(), ..fake::run_cx(folder).0 }
}

#[tokio::test]
async fn commands_and_files_go_in_and_come_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("app")).unwrap();
    std::fs::write(folder.path().join("app/a"), "in a folder").unwrap();
    for engine in both_engines().await {
        let base = Base::make(&*engine, &[]).await;
        let id = start(&*engine, &cx(folder.path()), &base).await;
        let told = sh(&*engine, &id, "echo out; echo err >&2; exit 3").await;
        assert_eq!(told, (3, "out\n".to_owned(), "err\n".to_owned()));
        let mut source = &b"one"[..];
        let (tar, feed) = one_file("f", Upload { source: &mut source, size: 3, mode: Some(0o640), modified: None });
        tokio::join!(engine.copy_in(&id, "/bin", tar), feed).0.unwrap();
        for (content_only, to) in [(false, "/bin"), (false, "/new"), (true, "/new2")] {
            engine.copy_folder_in(&id, &folder.path().join("app"), content_only, to).await.unwrap();
        }
        let told = sh(&*engine, &id, "cat /bin/f /bin/app/a /new/a /new2/a; stat -c ' %a %u' /bin/f").await;
        assert_eq!(told.1, "onein a folderin a folderin a folder 640 0\n", "{}", told.2);
        let mut out = Vec::new();
        engine.copy_out(&id, "/new/a", &mut out).await.unwrap();
        engine.copy_out(&id, "/new", &mut out).await.unwrap();
        assert_eq!(out, b"in a folder");
        assert!(engine.copy_out(&id, "/none", &mut out).await.unwrap_err().to_string().contains("/none"));
        let (_, nothing) = tokio::sync::mpsc::channel(1);
        let refusal = engine.copy_in(&id, "/no/such", nothing).await.unwrap_err().to_string();
        assert_eq!(refusal, format!("destination \"{id}:/no/such\" must be a directory"));
        assert!(engine.remove_container(&id).await.unwrap());
    }
}

#[tokio::test]
async fn a_committed_image_has_no_name_and_no_label_and_can_be_undone_twice() {
    let folder = tempfile::tempdir().unwrap();
    let cx = cx(folder.path());
    if let Some(engine) = engine().await {
        let base = Base::make(&*engine, &[]).await;
        let container = start(&*engine, &cx, &base).await;
        let commit = CommitContainer {
            container: container.clone(),
            changes: words(&["CMD [\"x\"]", "ENTRYPOINT [\"\"]"]),
            ..CommitContainer::default()
        };
        let asked = &*engine;
        let image = make_image(asked, &cx, None, Late::Finishes, |name| async move {
            asked.commit(&CommitContainer { name, ..commit }).await
        });
        let image = image.await.unwrap();
        let facts = engine.inspect_image(&image.id).await.unwrap();
        assert_eq!((facts.tags.len(), facts.command, facts.entrypoint), (0, words(&["x"]), words(&[""])));
        let mut found = engine.facts();
        found.push(("container", container.clone()));
        let entries = [Undo::new(CONTAINER, found), image_entry(&*engine, &image.id)];
        for _ in 0..2 {
            for entry in &entries {
                undo(entry, &cx.host).await.unwrap();
            }
        }
        assert!(engine.inspect_image(&image.id).await.is_err());
        assert!(engine.inspect_container(&container).await.is_err());
        image.gone();
    }
}

#[tokio::test]
async fn an_image_that_somebody_named_is_not_undone_by_its_id() {
    if let Some(engine) = engine().await {
        let base = Base::make(&*engine, &[]).await;
        let id = engine.inspect_image(&base.0).await.unwrap().id;
        undo(&image_entry(&*engine, &id), &Host::real()).await.unwrap();
        assert!(engine.inspect_image(&base.0).await.is_ok());
        undo(&image_entry(&*engine, &base.0), &Host::real()).await.unwrap();
        assert!(engine.inspect_image(&base.0).await.is_err());
    }
}

#[tokio::test]
async fn refusals_are_in_the_engines_words() {
    let folder = tempfile::tempdir().unwrap();
    for engine in both_engines().await {
        let base = Base::make(&*engine, &[]).await;
        let id = start(&*engine, &cx(folder.path()), &base).await;
        let commit = CommitContainer {
            container: id.clone(),
            changes: words(&["FETCH everything"]),
            ..CommitContainer::default()
        };
        assert_eq!(
            engine.commit(&commit).await.unwrap_err().told("Error committing container").to_string(),
            "Error committing container: exit status 1\nStderr: Error response from daemon: fetch is not a valid \
             change command\n",
        );
        let missing = engine.inspect_image("packer-test/none").await.unwrap_err();
        assert_eq!(missing.to_string(), "Error: No such object: packer-test/none");
        engine.kill(&id).await.unwrap();
        engine.kill(&id).await.unwrap();
        let (code, _, words) = sh(&*engine, &id, "true").await;
        assert_eq!(code, 1);
        assert!(words.starts_with("Error response from daemon: ") && words.contains("is not running"), "{words}");
        engine.remove_container(&id).await.unwrap();
        assert!(!engine.remove_container(&id).await.unwrap());
    }
}

#[tokio::test]
async fn a_dockerfile_is_built_and_a_failing_one_tells_its_status() {
    let folder = tempfile::tempdir().unwrap();
    let cx = cx(folder.path());
    if let Some(engine) = engine().await {
        let base = Base::make(&*engine, &[]).await;
        let build = async |text: &str| {
            std::fs::write(folder.path().join("Dockerfile"), format!("FROM {}\n{text}\n", base.0)).unwrap();
            let request = BuildImage {
                dockerfile: folder.path().join("Dockerfile"),
                folder: folder.path().to_owned(),
                arguments: [("A".to_owned(), "a b".to_owned())].into(),
                compress: true,
                ..BuildImage::default()
            };
            let asked = &*engine;
            make_image(asked, &cx, None, Late::Finishes, |name| async move {
                asked.build(&BuildImage { name, ..request }, &mut |_| {}).await
            })
            .await
        };
        let image = build("ARG A\nENTRYPOINT [\"/$A\"]").await.unwrap();
        assert_eq!(engine.inspect_image(&image.id).await.unwrap().tags, [""; 0]);
        undo_image(&*engine, &image.id).await.unwrap();
        image.gone();
        let Err(Trouble::Refused { status, words }) = build("RUN echo trying && exit 9").await else { panic!() };
        assert_eq!(status, 9);
        assert!(words.contains("trying") && words.ends_with("returned a non-zero code: 9"), "{words}");
    }
}

#[tokio::test]
async fn an_image_that_others_stand_on_is_not_undone_and_does_not_stop_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let cx = cx(folder.path());
    if let Some(engine) = engine().await {
        let base = Base::make(&*engine, &[]).await;
        let make = async |from: &str, text: &str| {
            std::fs::write(folder.path().join("Dockerfile"), format!("FROM {from}\n{text}\n")).unwrap();
            let (dockerfile, folder) = (folder.path().join("Dockerfile"), folder.path().to_owned());
            let request = BuildImage { dockerfile, folder, ..BuildImage::default() };
            let asked = &*engine;
            let making = make_image(asked, &cx, None, Late::Finishes, |name| async move {
                asked.build(&BuildImage { name, ..request }, &mut |_| {}).await
            });
            making.await.unwrap().id
        };
        let lower = make(&base.0, "ENV A=b").await;
        let upper = make(&lower, "ENV C=d").await;
        assert!(undo_image(&*engine, &lower).await.unwrap());
        assert!(engine.inspect_image(&lower).await.is_ok());
        assert!(undo_image(&*engine, &upper).await.unwrap());
        undo_image(&*engine, &lower).await.unwrap();
        assert!(engine.inspect_image(&lower).await.is_err());
    }
}

#[tokio::test]
async fn a_given_name_that_another_container_has_is_not_undone() {
    let folder = tempfile::tempdir().unwrap();
    let cx = cx(folder.path());
    for engine in both_engines().await {
        let base = Base::make(&*engine, &[]).await;
        let name = unique_name(&cx);
        let shared = folder.path().join("tmp1");
        let bind = format!("{}:/packer-files", shared.display());
        let body = serde_json::json!({
            "Image": base.0, "Entrypoint": ["/bin/sh"], "OpenStdin": true, "HostConfig": { "Binds": [bind] }
        });
        let arguments = words(&["-v", &bind, "-d", "-i", "--entrypoint=/bin/sh", &base.0]);
        std::fs::create_dir_all(&shared).unwrap();
        let run = RunContainer {
            name: name.clone(),
            words: arguments,
            body: body.as_object().cloned(),
            ..RunContainer::default()
        };
        let id = engine.run(&run).await.unwrap();
        let entry = |folder: &Path| sharing_entry(&*engine, &name, folder);
        assert!(!undo(&entry(&folder.path().join("tmp")), &cx.host).await.unwrap(), "another's");
        assert!(engine.inspect_container(&id).await.is_ok());
        assert!(undo(&entry(&shared), &cx.host).await.unwrap());
        assert!(!undo(&entry(&shared), &cx.host).await.unwrap(), "gone");
        assert!(engine.inspect_container(&id).await.is_err());
    }
}
