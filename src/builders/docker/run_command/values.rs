//! What the values of `docker run`'s flags mean in the engine's create request.
//!
//! Knows no order of words: one flag with its value at a time.

use std::path::{Component, PathBuf};

use serde_json::{Map, Value, json};

use crate::host::Host;

/// Where variables from files wait for those among the words; no field of the request.
pub const FILE_ENVIRONMENT: &str = "packer env-file";

/// Where a setting stands in the request.
pub enum Field {
    /// Beside the image.
    Config(&'static str),
    /// In `HostConfig`.
    Host(&'static str),
}

/// A request that grows flag by flag.
pub struct Run<'a> {
    /// Where relative paths and variables come from.
    pub host: &'a Host,
    /// What stands beside the image.
    pub body: Map<String, Value>,
    /// What stands in `HostConfig`.
    pub host_config: Map<String, Value>,
    /// The container's name; empty: none was given.
    pub name: String,
    /// `linux/arm64`; empty: the engine's own.
    pub platform: String,
}

impl Run<'_> {
    /// Sets a flag without a value.
    pub fn switch(&mut self, field: Field, on: bool) {
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
    pub fn option(&mut self, name: &str, value: &str) -> Option<()> {
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
