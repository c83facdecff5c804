//! The settings of connections, shared by every builder: declared once, flattened into theirs.
//!
//! Opens no connection, and knows no builder beyond the name of its default communicator.

use std::time::Duration;

use super::keys;
use crate::component::config::{Reader, SecretText, Setting, Shape};
use crate::component::{PrepareCx, Problem, Problems, duration};
use crate::value::{Type, Value};

crate::settings! {
    /// How provisioners reach the machine.
    pub struct Settings {
        /// How to connect to the machine: `ssh`, `winrm`, `none`, or one that the builder brings.
        pub communicator: String,
        /// Once connected, waits this long, drops the connection and connects again.
        pub pause_before_connecting: Duration,
        /// Address of the machine; most builders know it themselves.
        pub ssh_host: String,
        /// Port of the SSH server; 22 when unset.
        pub ssh_port: u16,
        /// Name to log in with.
        pub ssh_username: String,
        /// Password to log in with; it also answers keyboard-interactive questions.
        pub ssh_password: SecretText,
        /// Name of a key pair that exists already (clouds).
        pub ssh_keypair_name: String,
        /// Name of the key pair that is made for this build and thrown away.
        pub temporary_key_pair_name: String,
        /// Type of that key pair: `rsa`, `dsa`, `ecdsa` or `ed25519`.
        pub temporary_key_pair_type: String,
        /// Bits of that key pair; each type has its own default.
        pub temporary_key_pair_bits: u32,
        /// Ciphers that may be used; empty: all that are known to be safe.
        pub ssh_ciphers: Vec<String>,
        /// Removes the throw-away key from the machine at the end.
        pub ssh_clear_authorized_keys: bool,
        /// Key exchange algorithms that may be used; empty: all that are known to be safe.
        pub ssh_key_exchange_algorithms: Vec<String>,
        /// Private key file to log in with, in PEM or OpenSSH form and without passphrase; `~` is the home folder.
        pub ssh_private_key_file: String,
        /// Certificate that goes with the private key file.
        pub ssh_certificate_file: String,
        /// Asks for a terminal for each command.
        pub ssh_pty: bool,
        /// How long to try to connect; 5 minutes when neither this nor `ssh_handshake_attempts` is set, else no limit.
        pub ssh_timeout: Duration,
        /// Older name of `ssh_timeout`; wins when set.
        pub ssh_wait_timeout: Duration,
        /// Logs in with the keys of the local agent.
        pub ssh_agent_auth: bool,
        /// Keeps the local agent from the machine.
        pub ssh_disable_agent_forwarding: bool,
        /// How many failed logins are endured; 10 when neither this nor `ssh_timeout` is set, else no limit.
        pub ssh_handshake_attempts: u32,
        /// Host to jump through.
        pub ssh_bastion_host: String,
        /// Port of the SSH server there; 22 when unset.
        pub ssh_bastion_port: u16,
        /// Logs in there with the keys of the local agent.
        pub ssh_bastion_agent_auth: bool,
        /// Name to log in with there.
        pub ssh_bastion_username: String,
        /// Password to log in with there.
        pub ssh_bastion_password: SecretText,
        /// Lets the user answer the questions of that host on the terminal.
        pub ssh_bastion_interactive: bool,
        /// Private key file to log in with there; the machine's own when unset.
        pub ssh_bastion_private_key_file: String,
        /// Certificate that goes with that key file.
        pub ssh_bastion_certificate_file: String,
        /// How files travel: `scp` or `sftp`; `scp` when unset.
        pub ssh_file_transfer_method: String,
        /// SOCKS5 proxy to connect through.
        pub ssh_proxy_host: String,
        /// Port of that proxy; 1080 when unset.
        pub ssh_proxy_port: u16,
        /// Name for that proxy.
        pub ssh_proxy_username: String,
        /// Password for that proxy.
        pub ssh_proxy_password: SecretText,
        /// How often a sign of life is sent while a command runs; every 5 seconds when unset, never when negative.
        pub ssh_keep_alive_interval: Interval,
        /// Drops the connection when a read or write takes longer; zero: no limit.
        pub ssh_read_write_timeout: Duration,
        /// `PORT:HOST:PORT`: ports of the machine that lead to a host we can reach.
        pub ssh_remote_tunnels: Vec<String>,
        /// `PORT:HOST:PORT`: local ports that lead to a host the machine can reach.
        pub ssh_local_tunnels: Vec<String>,
        /// Public key as bytes; builders fill it.
        pub ssh_public_key: Bytes,
        /// Private key as bytes; builders fill it.
        pub ssh_private_key: Bytes,
        /// Name to log in with.
        pub winrm_username: String,
        /// Password to log in with.
        pub winrm_password: SecretText,
        /// Address of the machine; most builders know it themselves.
        pub winrm_host: String,
        /// Goes to the machine directly, whatever proxy the environment names.
        pub winrm_no_proxy: bool,
        /// Port of the WinRM server; 5985, or 5986 with `winrm_use_ssl`, when unset.
        pub winrm_port: u16,
        /// How long to try to connect; 30 minutes when unset.
        pub winrm_timeout: Duration,
        /// Speaks HTTPS.
        pub winrm_use_ssl: bool,
        /// Does not check the server's certificate.
        pub winrm_insecure: bool,
        /// Logs in by NTLM instead of Basic.
        pub winrm_use_ntlm: bool,
    }
}

/// A duration that may be switched off by a negative value; 5 seconds when unset (C-ssh-32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval(pub Option<Duration>);

impl Default for Interval {
    fn default() -> Interval {
        Interval(Some(Duration::from_secs(5)))
    }
}

impl Setting for Interval {
    fn shape() -> Shape {
        <Duration as Setting>::shape()
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Interval> {
        // The sign is taken off first, so that the rest is checked in the same words as every duration.
        match value.as_str().and_then(|text| text.strip_prefix('-')) {
            Some(text) => match duration::parse(text) {
                Ok(Duration::ZERO) => Some(Interval::default()),
                Ok(_) => Some(Interval(None)),
                Err(reason) => {
                    reader.problem(reason);
                    None
                }
            },
            None => <Duration as Setting>::read(value, reader).map(|length| match length {
                Duration::ZERO => Interval::default(),
                length => Interval(Some(length)),
            }),
        }
    }
}

/// Bytes, written as a list of numbers from 0 to 255.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Setting for Bytes {
    fn shape() -> Shape {
        Shape::Attribute(Type::list(Type::Number), false)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Bytes> {
        let items = value.as_items().unwrap_or_default();
        let bytes: Option<Vec<u8>> =
            items.iter().map(|item| item.as_number()?.as_i64().and_then(|number| u8::try_from(number).ok())).collect();
        if bytes.is_none() {
            reader.problem("A list of bytes is needed here: whole numbers from 0 to 255.");
        }
        bytes.map(Bytes)
    }
}

/// The communicators that settings may name, whatever the builder (C-gen-4).
const KNOWN: [&str; 5] = ["ssh", "winrm", "docker", "dockerWindowsContainer", "none"];

impl Settings {
    /// Fills in the defaults, `default` being the builder's communicator, and returns what is wrong.
    ///
    /// Only the settings of the chosen communicator are looked at. Key files are opened.
    ///
    /// # Source
    /// C-gen-4, C-ssh-28, C-ssh-37, C-ssh-38, C-winrm-1.
    pub fn check(&mut self, cx: &PrepareCx, default: &str) -> Problems {
        let mut problems = Problems::default();
        if let Ok(key) = std::str::from_utf8(&self.ssh_private_key.0) {
            cx.secrets.register_typed(key);
        }
        if self.communicator.is_empty() {
            default.clone_into(&mut self.communicator);
        }
        match self.communicator.as_str() {
            "ssh" => self.check_ssh(cx, &mut problems),
            "winrm" => self.check_winrm(&mut problems),
            name if !KNOWN.contains(&name) => {
                problems.push(Problem::of("communicator", format!("Communicator type {name} is invalid")));
            }
            _ => {}
        }
        problems
    }

    /// Returns the machine's address for the chosen communicator; empty when the builder is to find out.
    pub fn host(&self) -> &str {
        match self.communicator.as_str() {
            "ssh" => &self.ssh_host,
            "winrm" => &self.winrm_host,
            _ => "",
        }
    }

    /// Returns the port for the chosen communicator, once checked; 0 without one.
    pub fn port(&self) -> u16 {
        match self.communicator.as_str() {
            "ssh" => self.ssh_port,
            "winrm" => self.winrm_port,
            _ => 0,
        }
    }

    /// Returns the name to log in with for the chosen communicator.
    pub fn user(&self) -> &str {
        match self.communicator.as_str() {
            "ssh" => &self.ssh_username,
            "winrm" => &self.winrm_username,
            _ => "",
        }
    }

    /// Returns the password for the chosen communicator.
    pub fn password(&self) -> &str {
        match self.communicator.as_str() {
            "ssh" => &self.ssh_password,
            "winrm" => &self.winrm_password,
            _ => "",
        }
    }

    fn check_ssh(&mut self, cx: &PrepareCx, problems: &mut Problems) {
        self.fill_ssh();
        if self.ssh_username.is_empty() {
            problems.push(Problem::of(
                "ssh_username",
                "An ssh_username must be specified\n  Note: some builders used to default ssh_username to \"root\".",
            ));
        }
        check_key(cx, problems, "ssh_", &self.ssh_private_key_file, &self.ssh_certificate_file);
        if !self.ssh_bastion_host.is_empty() {
            self.check_bastion(cx, problems);
        }
        if !matches!(self.ssh_file_transfer_method.as_str(), "scp" | "sftp") {
            let text = format!(
                "ssh_file_transfer_method ('{}') is invalid, valid methods: sftp, scp",
                self.ssh_file_transfer_method
            );
            problems.push(Problem::of("ssh_file_transfer_method", text));
        }
        if !self.ssh_bastion_host.is_empty() && !self.ssh_proxy_host.is_empty() {
            problems.add("please specify either ssh_bastion_host or ssh_proxy_host, not both");
        }
        for (name, tunnels) in
            [("ssh_local_tunnels", &self.ssh_local_tunnels), ("ssh_remote_tunnels", &self.ssh_remote_tunnels)]
        {
            for tunnel in tunnels {
                if let Err(reason) = check_tunnel(tunnel) {
                    problems.push(Problem::of(name, format!("{name} ('{tunnel}') is invalid: {reason}")));
                }
            }
        }
    }

    fn fill_ssh(&mut self) {
        for (port, usual) in
            [(&mut self.ssh_port, 22), (&mut self.ssh_bastion_port, 22), (&mut self.ssh_proxy_port, 1080)]
        {
            if *port == 0 {
                *port = usual;
            }
        }
        // Each of the two limits is lifted by setting the other one alone (C-ssh-37, X-3).
        if self.ssh_timeout.is_zero() && self.ssh_handshake_attempts == 0 {
            self.ssh_timeout = Duration::from_secs(300);
            self.ssh_handshake_attempts = 10;
        }
        if !self.ssh_wait_timeout.is_zero() {
            self.ssh_timeout = self.ssh_wait_timeout;
        }
        if self.ssh_file_transfer_method.is_empty() {
            "scp".clone_into(&mut self.ssh_file_transfer_method);
        }
        if !self.ssh_bastion_host.is_empty() && self.ssh_bastion_private_key_file.is_empty() {
            self.ssh_bastion_private_key_file.clone_from(&self.ssh_private_key_file);
            if self.ssh_bastion_certificate_file.is_empty() {
                self.ssh_bastion_certificate_file.clone_from(&self.ssh_certificate_file);
            }
        }
    }

    fn check_bastion(&self, cx: &PrepareCx, problems: &mut Problems) {
        let has_login = !self.ssh_bastion_password.is_empty()
            || !self.ssh_bastion_private_key_file.is_empty()
            || self.ssh_bastion_agent_auth
            || self.ssh_bastion_interactive;
        if !has_login {
            problems
                .add("ssh_bastion_password, ssh_bastion_private_key_file or ssh_bastion_agent_auth must be specified");
        }
        let (key, certificate) = (&self.ssh_bastion_private_key_file, &self.ssh_bastion_certificate_file);
        check_key(cx, problems, "ssh_bastion_", key, certificate);
    }

    fn check_winrm(&mut self, problems: &mut Problems) {
        if self.winrm_port == 0 {
            self.winrm_port = if self.winrm_use_ssl { 5986 } else { 5985 };
        }
        if self.winrm_timeout.is_zero() {
            self.winrm_timeout = Duration::from_secs(30 * 60);
        }
        if self.winrm_username.is_empty() {
            problems.push(Problem::of("winrm_username", "winrm_username must be specified."));
        }
    }
}

/// Checks the settings `<prefix>private_key_file` and `<prefix>certificate_file`.
fn check_key(cx: &PrepareCx, problems: &mut Problems, prefix: &str, key: &str, certificate: &str) {
    let (key_name, certificate_name) = (format!("{prefix}private_key_file"), format!("{prefix}certificate_file"));
    if key.is_empty() {
        if !certificate.is_empty() {
            let text = format!("{key_name} must be specified if {certificate_name} is specified");
            problems.push(Problem::of(&certificate_name, text));
        }
        return;
    }
    if let Err(reason) = keys::check_private_key(&cx.host, key) {
        problems.push(Problem::of(&key_name, format!("{key_name} is invalid: {reason}")));
    }
    if !certificate.is_empty()
        && let Err(reason) = keys::check_certificate(&cx.host, certificate)
    {
        problems.push(Problem::of(&certificate_name, format!("{certificate_name} is invalid: {reason}")));
    }
}

/// Checks `PORT:HOST:PORT`.
fn check_tunnel(tunnel: &str) -> Result<(), String> {
    let [near, host, far] = tunnel.split(':').collect::<Vec<_>>()[..] else {
        return Err("a tunnel is written PORT:HOST:PORT".to_owned());
    };
    for port in [near, far] {
        if port.parse::<u16>().is_err() {
            return Err(format!("{port:?} is no port: a number from 0 to 65535 is needed"));
        }
    }
    if host.is_empty() { Err("the host between the two ports is missing".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::config::Settings as _;
    use crate::component::{BuildInfo, RunOptions};
    use crate::host::Host;

    fn checked(members: &[(&str, Value)]) -> (Settings, Vec<String>) {
        let host = Host::fixed(std::path::Path::new("/"), &[]);
        let cx = PrepareCx {
            host,
            build: BuildInfo::default(),
            options: RunOptions::default(),
            legacy: false,
            secrets: Default::default(),
        };
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        let mut settings = Settings::decode(&value, &cx).unwrap();
        let problems = settings.check(&cx, "ssh").0.into_iter().map(|problem| problem.detail).collect();
        (settings, problems)
    }

    #[test]
    fn both_limits_have_defaults_only_when_neither_is_set() {
        // C-ssh-37
        let user = ("ssh_username", "me".into());
        let limits = |members: &[(&str, Value)]| {
            let settings = checked(members).0;
            (settings.ssh_timeout.as_secs(), settings.ssh_handshake_attempts)
        };
        assert_eq!(limits(std::slice::from_ref(&user)), (300, 10));
        assert_eq!(limits(&[user.clone(), ("ssh_timeout", "1m".into())]), (60, 0));
        assert_eq!(limits(&[user.clone(), ("ssh_handshake_attempts", 3.into())]), (0, 3));
        assert_eq!(limits(&[user, ("ssh_wait_timeout", "2m".into())]), (120, 10));
    }

    #[test]
    fn an_unknown_communicator_is_named() {
        // C-gen-4
        assert_eq!(checked(&[("communicator", "x".into())]).1, ["Communicator type x is invalid"]);
        assert_eq!(checked(&[("communicator", "docker".into())]).1, [""; 0]);
    }

    #[test]
    fn all_that_is_wrong_with_ssh_is_said_at_once() {
        // C-ssh-38
        let tunnels = Value::list(Type::String, ["8080".into(), "1:h:2".into()]);
        let (_, problems) = checked(&[
            ("ssh_certificate_file", "c".into()),
            ("ssh_bastion_host", "jump".into()),
            ("ssh_proxy_host", "socks".into()),
            ("ssh_file_transfer_method", "rsync".into()),
            ("ssh_local_tunnels", tunnels),
        ]);
        let starts = ["An ssh_username must", "ssh_private_key_file must", "ssh_bastion_password, ssh_bastion_priv"];
        for (problem, start) in problems.iter().zip(starts) {
            assert!(problem.starts_with(start), "{problem}");
        }
        assert!(problems.contains(&"please specify either ssh_bastion_host or ssh_proxy_host, not both".to_owned()));
        assert!(problems.iter().any(|p| p.starts_with("ssh_local_tunnels ('8080') is invalid: ")));
    }

    #[test]
    fn winrm_looks_at_its_own_settings_only() {
        let winrm = ("communicator", "winrm".into());
        let odd = ("ssh_file_transfer_method", "pigeon".into());
        let (_, problems) = checked(&[winrm.clone(), odd.clone()]);
        assert_eq!(problems, ["winrm_username must be specified."]);
        let (settings, problems) =
            checked(&[winrm, odd, ("winrm_username", "me".into()), ("winrm_use_ssl", true.into())]);
        assert_eq!((settings.port(), problems.len()), (5986, 0));
    }

    #[test]
    fn a_negative_interval_is_off_and_bytes_are_numbers() {
        let key = Value::list(Type::Number, [104.into(), 105.into()]);
        let (settings, _) = checked(&[("ssh_keep_alive_interval", "-1s".into()), ("ssh_public_key", key)]);
        assert_eq!(settings.ssh_keep_alive_interval, Interval(None));
        assert_eq!(settings.ssh_public_key.0, b"hi");
    }
}
