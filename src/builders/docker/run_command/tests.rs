//! What of the words is understood, and what is left to the client.

use super::*;

fn read(words: &str) -> Option<RunContainer> {
    let host = Host::fixed(std::path::Path::new("/work"), &[("OWN", "mine")]);
    parse(&words.split(' ').map(str::to_owned).collect::<Vec<_>>(), &host)
}

fn body(words: &str) -> Value {
    Value::Object(read(words).unwrap().body.unwrap())
}

#[test]
fn the_default_arguments_are_understood() {
    let found = body("-v /tmp/x:/packer-files -d -i -t --entrypoint=/bin/sh -- img:1");
    assert_eq!(
        found,
        json!({
            "Image": "img:1", "OpenStdin": true, "Tty": true, "Entrypoint": ["/bin/sh"],
            "HostConfig": { "Binds": ["/tmp/x:/packer-files"] }
        })
    );
}

#[test]
fn letters_stand_together_and_values_behind_or_after_them() {
    let found = body("-dite=A=1 -eOWN -e NONE -hbox -u 1:2 -m 64m img cmd -x");
    assert_eq!(found["Env"], json!(["A=1", "OWN=mine", "NONE"]));
    assert_eq!((&found["Hostname"], &found["User"]), (&json!("box"), &json!("1:2")));
    assert_eq!(found["Cmd"], json!(["cmd", "-x"]));
    assert_eq!(found["HostConfig"]["Memory"], json!(64 << 20));
}

#[test]
fn what_runs_inside_and_outside_goes_to_its_place() {
    let words = "-d --device /dev/null:/dev/nothing --device /dev/zero --cap-add A --cap-drop B --privileged \
                 --runtime r --platform linux/amd64 --tmpfs /s:size=1m --tmpfs /m -p 127.0.0.1:80:8080 -p 9/udp \
                 --network none --name own -v ./x:/x:ro --restart on-failure:2 img";
    let run = read(words).unwrap();
    assert_eq!((&*run.name, &*run.platform), ("own", "linux/amd64"));
    let found = &run.body.unwrap()["HostConfig"];
    assert_eq!(found["Devices"][0]["PathInContainer"], "/dev/nothing");
    assert_eq!(found["Devices"][1]["PathInContainer"], "/dev/zero");
    assert_eq!(found["Tmpfs"], json!({ "/s": "size=1m", "/m": "" }));
    assert_eq!(found["PortBindings"]["8080/tcp"], json!([{ "HostIp": "127.0.0.1", "HostPort": "80" }]));
    assert_eq!(found["Binds"], json!(["/work/x:/x:ro"]));
    assert_eq!(found["RestartPolicy"]["MaximumRetryCount"], 2);
    serde_json::from_value::<bollard::models::ContainerCreateBody>(json!({ "HostConfig": found })).unwrap();
}

#[test]
fn what_only_the_client_understands_is_left_to_it() {
    for words in [
        "-d --no-such-flag img",
        "img",
        "-d --env-file no-such-file img",
        "-d",
        "-d --gpus 2 img",
        "-dZ img",
        "-d --network a --network b img",
        "-d --security-opt systempaths=unconfined img",
        "-d -p [::1]:80:80 img",
    ] {
        assert!(read(words).is_none(), "{words}");
    }
}

#[test]
fn what_the_client_rewrites_is_rewritten() {
    let found = body("-d --add-host a=1.2.3.4 --add-host b:[::1] --mount type=bind,src=../x,dst=/y --gpus all - img");
    let found_host = &found["HostConfig"];
    assert_eq!(found_host["ExtraHosts"], json!(["a:1.2.3.4", "b:::1"]));
    assert_eq!(found_host["Mounts"], json!([{ "Type": "bind", "Source": "/x", "Target": "/y" }]));
    assert_eq!(found_host["DeviceRequests"], json!([{ "Count": -1, "Capabilities": [["gpu"]] }]));
    assert_eq!((&found["Image"], &found["Cmd"]), (&json!("-"), &json!(["img"])));
}

#[test]
fn variables_of_a_file_are_read_as_the_client_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("env"), "# none\n\nA=1 = 2\n  B='q'\nOWN\nNONE\n").unwrap();
    let host = Host::fixed(folder.path(), &[("OWN", "mine")]);
    let words = "-d -e A=2 --env-file env img".split(' ').map(str::to_owned).collect::<Vec<_>>();
    let body = parse(&words, &host).unwrap().body.unwrap();
    assert_eq!(body["Env"], json!(["A=1 = 2", "B='q'", "OWN=mine", "A=2"]));
}

#[test]
fn a_given_name_is_found_in_any_words() {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(given_name(&words("-d --odd --name x img")), Some("x"));
    assert_eq!(given_name(&words("--name=y img")), Some("y"));
    assert_eq!(given_name(&words("--names img")), None);
}
