//! Asks servers for texts and files, again where that may help, and remembers texts that have not changed.
//!
//! Knows nothing of plugins. Every wait ends when the future is dropped.

use std::fmt;
use std::fs::File;
use std::io::{Seek, Write};
use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use reqwest::{Client, Response, StatusCode, Url};
use serde::de::DeserializeOwned;

use super::super::checksum::Summing;
use super::TOKEN;
use super::cache::{Cache, Remembered};
use crate::component::Progress;
use crate::host::Host;
use crate::network;

/// What a [`Fetch`] allows.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long it waits before each further attempt; so many there are.
    pub pauses: Vec<Duration>,
    /// How long a text may be, in bytes.
    pub text: u64,
    /// How long a file may be, in bytes.
    pub file: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        let pauses = [200, 600, 1500].map(Duration::from_millis).to_vec();
        Limits { pauses, text: 16 << 20, file: 1 << 30 }
    }
}

/// Asks servers.
pub struct Fetch {
    /// Whose environment tells the way to them.
    pub host: Host,
    /// How they are reached.
    pub client: Client,
    /// What is remembered of their answers.
    pub cache: Cache,
    /// What is allowed.
    pub limits: Limits,
}

/// Why something could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whether the server works, and just does not have it.
    pub is_missing: bool,
    text: String,
}

impl Failure {
    /// Makes one of another sort than a missing answer.
    pub fn other(text: impl Into<String>) -> Failure {
        Failure { is_missing: false, text: text.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// One attempt that failed.
struct Trouble {
    failure: Failure,
    /// How many further attempts are worth it at most.
    worth: usize,
}

impl Trouble {
    /// Nothing that another attempt would change.
    fn lasting(text: String) -> Trouble {
        Trouble { failure: Failure::other(text), worth: 0 }
    }

    fn of(url: &str, error: &reqwest::Error) -> Trouble {
        let failure = Failure::other(format!("{url}: {}", network::reason(error)));
        // Where nobody listens, one more attempt is enough.
        let worth = if error.is_connect() { 1 } else { usize::MAX };
        Trouble { failure, worth: if error.is_builder() || error.is_redirect() { 0 } else { worth } }
    }
}

impl Fetch {
    /// Returns the text at `url`. `token` is sent to it, and to no host that it leads to.
    ///
    /// A text that the server says has not changed is not sent again.
    ///
    /// # Errors
    /// When the server cannot be reached, does not have it, refuses it, or sends too much.
    pub async fn text(&self, url: &str, token: Option<&str>) -> Result<String, Failure> {
        let remembered = self.cache.read(url);
        self.again(async || {
            let response = self.ask(url, token, remembered.as_ref()).await?;
            if response.status() == StatusCode::NOT_MODIFIED
                && let Some(remembered) = &remembered
            {
                return Ok(remembered.body.clone());
            }
            let tag = response.headers().get(header::ETAG).and_then(|tag| Some(tag.to_str().ok()?.to_owned()));
            let mut body = Vec::new();
            self.receive(url, response, self.limits.text, |piece| {
                body.extend_from_slice(piece);
                Ok(())
            })
            .await?;
            let body = String::from_utf8(body)
                .map_err(|_| Trouble::lasting(format!("{url}: the answer is no text in UTF-8")))?;
            if let Some(tag) = tag {
                self.cache.write(&Remembered { url: url.to_owned(), tag, body: body.clone() });
            }
            Ok(body)
        })
        .await
    }

    /// Returns what the JSON text at `url` says.
    ///
    /// # Errors
    /// As [`Fetch::text`]; also when it says something else.
    pub async fn json<T: DeserializeOwned>(&self, url: &str, token: Option<&str>) -> Result<T, Failure> {
        let text = self.text(url, token).await?;
        serde_json::from_str(&text)
            .map_err(|error| Failure::other(format!("{url}: the answer cannot be read: {error}")))
    }

    /// Writes what stands at `url` to `file`, and returns its SHA-256 in small hexadecimal digits.
    ///
    /// # Errors
    /// As [`Fetch::text`]; also when the file cannot be written.
    pub async fn file(&self, url: &str, file: &File, progress: &Progress) -> Result<String, Failure> {
        self.again(async || {
            let response = self.ask(url, None, None).await?;
            let unwritable = |error| Trouble::lasting(format!("cannot write what {url} sends: {error}"));
            let mut file = file;
            file.rewind().and_then(|()| file.set_len(0)).map_err(unwritable)?;
            progress.set(0, response.content_length().unwrap_or_default());
            let mut summing = Summing::new(file);
            self.receive(url, response, self.limits.file, |piece| {
                progress.add(piece.len() as u64);
                summing.write_all(piece).map_err(unwritable)
            })
            .await?;
            Ok(summing.sum())
        })
        .await
    }

    /// Tries until it works or is not worth it any more.
    async fn again<T>(&self, once: impl AsyncFn() -> Result<T, Trouble>) -> Result<T, Failure> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let Trouble { mut failure, worth } = match once().await {
                Ok(answer) => return Ok(answer),
                Err(trouble) => trouble,
            };
            match self.limits.pauses.get(attempts - 1) {
                Some(pause) if attempts <= worth => tokio::time::sleep(*pause).await,
                _ => {
                    if attempts > 1 {
                        failure.text += &format!(" (tried {attempts} times)");
                    }
                    return Err(failure);
                }
            }
        }
    }

    /// Asks once; the answer is one that is wanted.
    async fn ask(&self, url: &str, token: Option<&str>, known: Option<&Remembered>) -> Result<Response, Trouble> {
        let way = Url::parse(url).map_err(|error| error.to_string()).and_then(|url| network::check(&self.host, &url));
        way.map_err(|reason| Trouble::lasting(format!("{url}: {reason}")))?;
        let mut request = self.client.get(url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(known) = known {
            request = request.header(header::IF_NONE_MATCH, &known.tag);
        }
        let response = request.send().await.map_err(|error| Trouble::of(url, &error))?;
        let status = response.status();
        if status.is_success() || (status == StatusCode::NOT_MODIFIED && known.is_some()) {
            return Ok(response);
        }
        if let Some(wait) = limited(status, response.headers()) {
            return Err(Trouble::lasting(too_many(url, wait, token.is_some())));
        }
        let told = format!("{url}: {}", said(status));
        Err(match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                Trouble { failure: Failure { is_missing: true, text: told }, worth: 0 }
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if token.is_some() => {
                Trouble::lasting(format!("{told}; look at the token in {TOKEN}"))
            }
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                Trouble { failure: Failure::other(told), worth: usize::MAX }
            }
            _ => Trouble::lasting(told),
        })
    }

    /// Gives the pieces of an answer to `take`, at most `limit` bytes of them.
    async fn receive(
        &self,
        url: &str,
        mut response: Response,
        limit: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let mut count = 0;
        while let Some(piece) = response.chunk().await.map_err(|error| Trouble::of(url, &error))? {
            count += piece.len() as u64;
            if count > limit {
                return Err(Trouble::lasting(format!(
                    "{url}: the answer is longer than {} KiB",
                    limit.div_ceil(1 << 10)
                )));
            }
            take(&piece)?;
        }
        Ok(())
    }
}

/// Returns a status in words: `404 Not Found`.
fn said(status: StatusCode) -> String {
    let words = status.canonical_reason().map(|words| format!(" {words}")).unwrap_or_default();
    format!("the server answers {}{words}", status.as_u16())
}

/// How long a server that was asked too often wants to be left alone, in seconds, if it says so.
fn limited(status: StatusCode, headers: &HeaderMap) -> Option<Option<u64>> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let is_spent = status == StatusCode::FORBIDDEN
        && (number("x-ratelimit-remaining") == Some(0) || headers.contains_key(header::RETRY_AFTER));
    (is_spent || status == StatusCode::TOO_MANY_REQUESTS).then(|| {
        let until = number("x-ratelimit-reset").map(|second| {
            let now = jiff::Timestamp::now().as_second();
            second.saturating_sub(u64::try_from(now).unwrap_or_default())
        });
        number("retry-after").or(until)
    })
}

fn too_many(url: &str, wait: Option<u64>, has_token: bool) -> String {
    let when = match wait {
        None => "later".to_owned(),
        Some(seconds @ 0..=90) => format!("in {seconds} seconds"),
        Some(seconds) => format!("in {} minutes", seconds.div_ceil(60)),
    };
    let hint = match has_token {
        true => "",
        false => ". It allows more requests to those who show a token: set PACKER_GITHUB_API_TOKEN",
    };
    format!("{url}: the server was asked too often and has reached its rate limit; try again {when}{hint}")
}
