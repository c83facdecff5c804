//! The arguments of `docker run` as the body of the engine's create request.
//!
//! Knows the flags that images are built with. What it does not know it says so, and the client program takes over.

use std::path::{Component, PathBuf};

use serde_json::{Map, Value, json};

use crate::containers::RunContainer;
use crate::host::Host;

/// Reads the words behind `docker run`; `None` when one of them is for the client alone.
///
/// # Source
/// B-docker-24, B-docker-43; the client's documented flags and the API's `POST /containers/create`.
pub fn parse(words: &[String], host: &Host) -> Option<RunContainer> {
    let mut run = Run { host, body: Map::new(), host_config: Map::new(), name: String::new(), platform: String::new() };
    let mut rest = words.iter().map(String::as_str);
    let mut detached = false;
    let image = loop {
        let word = rest.next()?;
        if word == "--" {
            break rest.next()?;
        } else if let Some(flag) = word.strip_prefix("--") {
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (flag, None),
            };
            match (name, switch(name)) {
                ("detach", _) => detached = is_on(value)?,
                (_, Some(field)) => run.switch(field, is_on(value)?),
                _ => run.option(name, value.or_else(|| rest.next())?)?,
            }
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            for (place, letter) in letters.char_indices() {
                match letter {
                    'd' => detached = true,
                    'i' => run.switch(Field::Config("OpenStdin"), true),
                    't' => run.switch(Field::Config("Tty"), true),
                    'P' => run.switch(Field::Host("PublishAllPorts"), true),
                    'q' => {}
                    other => {
                        // The rest of the word is the value, or the next word.
                        let value = &letters[place + other.len_utf8()..];
                        let value = value.strip_prefix('=').unwrap_or(value);
                        run.option(long(other)?, if value.is_empty() { rest.next()? } else { value })?;
                        break;
                    }
                }
            }
        } else {
            break word;
        }
    };
    // Attached, the client would stay and copy streams.
    if !detached {
        return None;
    }
    let command: Vec<&str> = rest.collect();
    let mut body = run.body;
    if let Some(Value::Array(mut variables)) = body.remove(FILE_ENVIRONMENT) {
        // What stands among the words wins over what stands in files, whatever comes first.
        variables.extend(body.remove("Env").into_iter().flat_map(|own| own.as_array().cloned().unwrap_or_default()));
        body.insert("Env".to_owned(), variables.into());
    }
    body.insert("Image".to_owned(), image.into());
    if !command.is_empty() {
        body.insert("Cmd".to_owned(), json!(command));
    }
    body.insert("HostConfig".to_owned(), Value::Object(run.host_config));
    Some(RunContainer { name: run.name, words: words.to_vec(), body: Some(body), platform: run.platform })
}

/// Returns the name that the words give the container, whoever reads them.
pub fn given_name(words: &[String]) -> Option<&str> {
    words.iter().enumerate().find_map(|(index, word)| match word.strip_prefix("--name")? {
        "" => words.get(index + 1).map(String::as_str),
        value => value.strip_prefix('='),
    })
}

/// Where variables from files wait for those among the words; no field of the request.
const FILE_ENVIRONMENT: &str = "packer env-file";

/// Where a setting stands in the request.
enum Field {
    Config(&'static str),
    Host(&'static str),
}

/// Returns the field of a flag without a value.
fn switch(name: &str) -> Option<Field> {
    Some(match name {
        "interactive" => Field::Config("OpenStdin"),
        "tty" => Field::Config("Tty"),
        "privileged" => Field::Host("Privileged"),
        "read-only" => Field::Host("ReadonlyRootfs"),
        "init" => Field::Host("Init"),
        "rm" => Field::Host("AutoRemove"),
        "publish-all" => Field::Host("PublishAllPorts"),
        "oom-kill-disable" => Field::Host("OomKillDisable"),
        _ => return None,
    })
}

/// Returns the long name of a flag of one letter.
fn long(letter: char) -> Option<&'static str> {
    Some(match letter {
        'e' => "env",
        'v' => "volume",
        'w' => "workdir",
        'u' => "user",
        'h' => "hostname",
        'l' => "label",
        'p' => "publish",
        'm' => "memory",
        'c' => "cpu-shares",
        _ => return None,
    })
}

fn is_on(value: Option<&str>) -> Option<bool> {
    match value {
        None | Some("true" | "1") => Some(true),
        Some("false" | "0") => Some(false),
        Some(_) => None,
    }
}

struct Run<'a> {
    host: &'a Host,
    body: Map<String, Value>,
    host_config: Map<String, Value>,
    name: String,
    platform: String,
}

impl Run<'_> {
    fn switch(&mut self, field: Field, on: bool) {
        match field {
            Field::Config(name) => self.body.insert(name.to_owned(), on.into()),
            Field::Host(name) => self.host_config.insert(name.to_owned(), on.into()),
        };
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.host_config.insert(name.to_owned(), value.into());
    }

    fn push(&mut self, name: &str, value: impl Into<Value>) {
        push(&mut self.host_config, name, value.into());
    }

    fn pair(&mut self, name: &str, key: &str, value: &str) {
        member(&mut self.host_config, name, key, value.into());
    }

    /// Reads one flag with its value; `None` when only the client understands it.
    fn option(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "name" => value.clone_into(&mut self.name),
            "platform" => value.clone_into(&mut self.platform),
            "entrypoint" => {
                self.body.insert("Entrypoint".to_owned(), json!([value]));
            }
            "env" => self.environment("Env", value),
            "label" => {
                let (key, value) = value.split_once('=').unwrap_or((value, ""));
                member(&mut self.body, "Labels", key, value.into());
            }
            "expose" if !value.contains('-') => member(&mut self.body, "ExposedPorts", &port(value), json!({})),
            "publish" => self.publish(value)?,
            "volume" => self.volume(value),
            "mount" => self.mount(value)?,
            "tmpfs" => {
                let (path, options) = value.split_once(':').unwrap_or((value, ""));
                self.pair("Tmpfs", path, options);
            }
            "device" => self.device(value)?,
            "ulimit" => self.ulimit(value)?,
            "restart" => {
                let (policy, count) = value.split_once(':').unwrap_or((value, "0"));
                self.set("RestartPolicy", json!({ "Name": policy, "MaximumRetryCount": count.parse::<i64>().ok()? }));
            }
            "log-driver" => member(&mut self.host_config, "LogConfig", "Type", value.into()),
            "sysctl" | "storage-opt" => {
                let field = if name == "sysctl" { "Sysctls" } else { "StorageOpt" };
                let (key, value) = value.split_once('=')?;
                self.pair(field, key, value);
            }
            "cpus" => {
                let cpus: f64 = value.parse().ok()?;
                #[expect(clippy::cast_possible_truncation, reason = "billionths of a handful of processors")]
                self.set("NanoCpus", (cpus * 1e9).round() as i64);
            }
            // A profile is a file that the client reads; `systempaths` and old spellings it puts into other words.
            "security-opt"
                if value != "no-new-privileges"
                    && value != "seccomp=unconfined"
                    && !value.starts_with("label=")
                    && !value.starts_with("apparmor=") =>
            {
                return None;
            }
            // A second network is another call.
            "network" | "net" if self.host_config.contains_key("NetworkMode") => return None,
            "add-host" => {
                let (name, address) = value.split_once([':', '='])?;
                self.push("ExtraHosts", format!("{name}:{}", address.trim_start_matches('[').trim_end_matches(']')));
            }
            "env-file" => self.environment_file(value)?,
            "gpus" if value == "all" => {
                self.push("DeviceRequests", json!({ "Count": -1, "Capabilities": [["gpu"]] }));
            }
            "pull" if value != "missing" => return None,
            "pull" => {}
            _ => return self.plain(name, value),
        }
        Some(())
    }

    /// Reads a flag whose value goes to the engine as it is, or as a number.
    fn plain(&mut self, name: &str, value: &str) -> Option<()> {
        let config = match name {
            "hostname" => "Hostname",
            "domainname" => "Domainname",
            "user" => "User",
            "workdir" => "WorkingDir",
            "stop-signal" => "StopSignal",
            _ => "",
        };
        let text = match name {
            "runtime" => "Runtime",
            "network" | "net" if !value.contains(',') => "NetworkMode",
            "ipc" => "IpcMode",
            "pid" => "PidMode",
            "uts" => "UTSMode",
            "userns" => "UsernsMode",
            "cgroupns" => "CgroupnsMode",
            "cgroup-parent" => "CgroupParent",
            "cpuset-cpus" => "CpusetCpus",
            "cpuset-mems" => "CpusetMems",
            "isolation" => "Isolation",
            "volume-driver" => "VolumeDriver",
            _ => "",
        };
        let list = match name {
            "cap-add" => "CapAdd",
            "cap-drop" => "CapDrop",
            "dns" => "Dns",
            "dns-option" | "dns-opt" => "DnsOptions",
            "dns-search" => "DnsSearch",
            "group-add" => "GroupAdd",
            "security-opt" => "SecurityOpt",
            "volumes-from" => "VolumesFrom",
            "link" => "Links",
            "device-cgroup-rule" => "DeviceCgroupRules",
            _ => "",
        };
        let number = match name {
            "cpu-shares" => "CpuShares",
            "cpu-period" => "CpuPeriod",
            "cpu-quota" => "CpuQuota",
            "pids-limit" => "PidsLimit",
            "oom-score-adj" => "OomScoreAdj",
            "memory-swappiness" => "MemorySwappiness",
            _ => "",
        };
        let size = match name {
            "memory" => "Memory",
            "memory-swap" => "MemorySwap",
            "memory-reservation" => "MemoryReservation",
            "shm-size" => "ShmSize",
            _ => "",
        };
        match (config, text, list, number, size) {
            ("", "", "", "", "") if name == "stop-timeout" => {
                self.body.insert("StopTimeout".to_owned(), value.parse::<i64>().ok()?.into());
            }
            ("", "", "", "", "") => return None,
            ("", "", "", "", size) => self.set(size, bytes(value)?),
            ("", "", "", number, _) => self.set(number, value.parse::<i64>().ok()?),
            ("", "", list, ..) => self.push(list, value),
            ("", text, ..) => self.set(text, value),
            (config, ..) => {
                self.body.insert(config.to_owned(), value.into());
            }
        }
        Some(())
    }

    /// `NAME` alone takes the value from our own environment; without one it takes the image's variable away, or in a
    /// file says nothing.
    fn environment(&mut self, field: &str, value: &str) {
        let value = match (value.contains('='), self.host.env(value)) {
            (false, Some(own)) => format!("{value}={own}"),
            (false, None) if field == FILE_ENVIRONMENT => return,
            _ => value.to_owned(),
        };
        push(&mut self.body, field, value.into());
    }

    /// One variable a line; empty lines and those that begin with `#` say nothing. What the client would refuse is left
    /// to it.
    fn environment_file(&mut self, path: &str) -> Option<()> {
        let text = std::fs::read_to_string(self.host.absolute(path)).ok()?;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let name = line.split('=').next().unwrap_or_default();
            if name.is_empty() || name.contains(char::is_whitespace) {
                return None;
            }
            self.environment(FILE_ENVIRONMENT, line);
        }
        Some(())
    }

    fn volume(&mut self, value: &str) {
        match value.split_once(':') {
            None => member(&mut self.body, "Volumes", value, json!({})),
            Some((here, there)) if here.starts_with('.') => {
                let here = self.absolute(here);
                self.push("Binds", format!("{here}:{there}"));
            }
            Some(_) => self.push("Binds", value),
        }
    }

    /// Returns a path as the engine takes it: from the root, without `.` and `..`.
    fn absolute(&self, path: &str) -> String {
        let mut clean = PathBuf::new();
        for part in self.host.absolute(path).components() {
            match part {
                Component::ParentDir => {
                    clean.pop();
                }
                Component::CurDir => {}
                part => clean.push(part),
            }
        }
        clean.display().to_string()
    }

    fn mount(&mut self, value: &str) -> Option<()> {
        let mut mount = json!({ "Type": "volume" });
        for part in value.split(',') {
            let (key, value) = part.split_once('=').unwrap_or((part, "true"));
            match key {
                "type" => mount["Type"] = value.into(),
                "source" | "src" => mount["Source"] = value.into(),
                "target" | "dst" | "destination" => mount["Target"] = value.into(),
                "readonly" | "ro" => mount["ReadOnly"] = (value == "true" || value == "1").into(),
                _ => return None,
            }
        }
        if let (Some("bind"), Some(here)) = (mount["Type"].as_str(), mount["Source"].as_str())
            && here.starts_with('.')
        {
            mount["Source"] = self.absolute(here).into();
        }
        self.push("Mounts", mount);
        Some(())
    }

    /// `here[:there[:rights]]`.
    fn device(&mut self, value: &str) -> Option<()> {
        let mut parts = value.split(':');
        let here = parts.next()?;
        let (there, rights) = match (parts.next(), parts.next()) {
            (Some(there), rights) if there.starts_with('/') => (there, rights),
            (rights, None) => (here, rights),
            _ => return None,
        };
        // Anything else names a device to be found by the client's plugins.
        if !here.starts_with('/') {
            return None;
        }
        let rights = rights.unwrap_or("rwm");
        self.push("Devices", json!({ "PathOnHost": here, "PathInContainer": there, "CgroupPermissions": rights }));
        Some(())
    }

    fn ulimit(&mut self, value: &str) -> Option<()> {
        let (name, limits) = value.split_once('=')?;
        let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
        let (soft, hard): (i64, i64) = (soft.parse().ok()?, hard.parse().ok()?);
        self.push("Ulimits", json!({ "Name": name, "Soft": soft, "Hard": hard }));
        Some(())
    }

    /// `[[address:]port:]port[/protocol]`; ranges are the client's.
    fn publish(&mut self, value: &str) -> Option<()> {
        let mut parts: Vec<&str> = value.rsplitn(3, ':').collect();
        let inside = port(parts.remove(0));
        let outside = if parts.is_empty() { "" } else { parts.remove(0) };
        let address = parts.first().copied().unwrap_or_default();
        let is_one = |port: &str| port.split('/').next().is_some_and(|number| number.parse::<u16>().is_ok());
        if address.contains('[') || !is_one(&inside) || !(outside.is_empty() || is_one(outside)) {
            return None;
        }
        member(&mut self.body, "ExposedPorts", &inside, json!({}));
        let bindings = self.host_config.entry("PortBindings").or_insert_with(|| json!({})).as_object_mut()?;
        push(bindings, &inside, json!({ "HostIp": address, "HostPort": outside }));
        Some(())
    }
}

fn push(object: &mut Map<String, Value>, name: &str, value: Value) {
    if let Value::Array(items) = object.entry(name).or_insert_with(|| json!([])) {
        items.push(value);
    }
}

fn member(object: &mut Map<String, Value>, name: &str, key: &str, value: Value) {
    object.entry(name).or_insert_with(|| json!({}))[key] = value;
}

/// Returns a port with its protocol: `80/tcp`.
fn port(text: &str) -> String {
    if text.contains('/') { text.to_owned() } else { format!("{text}/tcp") }
}

/// Reads a size: `512m`, `1g`, `-1`.
fn bytes(text: &str) -> Option<i64> {
    let text = text.to_ascii_lowercase();
    let text = text.strip_suffix('b').unwrap_or(&text);
    let (number, factor) = match text.as_bytes().last()? {
        b'k' => (&text[..text.len() - 1], 1 << 10),
        b'm' => (&text[..text.len() - 1], 1 << 20),
        b'g' => (&text[..text.len() - 1], 1 << 30),
        b't' => (&text[..text.len() - 1], 1 << 40),
        _ => (text, 1),
    };
    number.parse::<i64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
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
        let found =
            body("-d --add-host a=1.2.3.4 --add-host b:[::1] --mount type=bind,src=../x,dst=/y --gpus all - img");
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
}
