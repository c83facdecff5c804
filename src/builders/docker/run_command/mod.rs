//! The arguments of `docker run` as the body of the engine's create request.
//!
//! Takes the words apart; what a flag's value means is `values`'s. What it does not know it says so, and the client program takes over.

#[cfg(test)]
mod tests;
mod values;

use serde_json::{Map, Value, json};

use self::values::{FILE_ENVIRONMENT, Field, Run};
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
