//! The arguments of `docker run` as the body of the engine's create request.
//!
//! Knows the flags that images are built with. What it does not know it says so, and the client program takes over.

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
        } else if let Some(letters) = word.strip_prefix('-') {
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
            "env" => self.environment(value),
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
            // A profile is a file that the client reads.
            "security-opt" if value.starts_with("seccomp=") && value != "seccomp=unconfined" => return None,
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
            "add-host" => "ExtraHosts",
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

    /// `NAME` alone takes the value from our own environment, if there is one.
    fn environment(&mut self, value: &str) {
        let value = match value.contains('=') {
            true => value.to_owned(),
            false => match self.host.env(value) {
                Some(own) => format!("{value}={own}"),
                None => return,
            },
        };
        push(&mut self.body, "Env", value.into());
    }

    fn volume(&mut self, value: &str) {
        match value.split_once(':') {
            None => member(&mut self.body, "Volumes", value, json!({})),
            Some((here, there)) if here.starts_with('.') => {
                let here = self.host.absolute(here);
                self.push("Binds", format!("{}:{there}", here.display()));
            }
            Some(_) => self.push("Binds", value),
        }
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
        if !is_one(&inside) || !(outside.is_empty() || is_one(outside)) {
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
        assert_eq!(found["Env"], json!(["A=1", "OWN=mine"]));
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
        assert_eq!(found["Binds"], json!(["/work/./x:/x:ro"]));
        assert_eq!(found["RestartPolicy"]["MaximumRetryCount"], 2);
        serde_json::from_value::<bollard::models::ContainerCreateBody>(json!({ "HostConfig": found })).unwrap();
    }

    #[test]
    fn what_only_the_client_understands_is_left_to_it() {
        for words in ["-d --no-such-flag img", "img", "-d --env-file x img", "-d", "-d --gpus all img", "-dZ img"] {
            assert!(read(words).is_none(), "{words}");
        }
    }

    #[test]
    fn a_given_name_is_found_in_any_words() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(given_name(&words("-d --odd --name x img")), Some("x"));
        assert_eq!(given_name(&words("--name=y img")), Some("y"));
        assert_eq!(given_name(&words("--names img")), None);
    }
}
