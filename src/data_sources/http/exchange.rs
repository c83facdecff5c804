//! One question and its answer, over as many redirects as it takes.
//!
//! Unaware of values. The rules for redirects are those of Go's client, which templates were written for: reqwest's own
//! keep PUT and DELETE where Go's turns them into GET.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, StatusCode, Url};

use super::Config;
use crate::component::Result;
use crate::host::Host;
use crate::network::{self, USER_AGENT, reason};

/// How many requests one question may take.
const REQUESTS: usize = 10;
/// How long a server may take to accept the connection.
const CONNECT: Duration = Duration::from_secs(30);
/// How long a server may be silent. The reference waits for ever.
const SILENCE: Duration = Duration::from_secs(300);
/// How long an answer may be, in bytes: it becomes a value in memory.
const LIMIT: usize = 32 << 20;

/// Headers that only the server they were meant for may see.
const PRIVATE: [HeaderName; 3] = [header::AUTHORIZATION, header::COOKIE, header::WWW_AUTHENTICATE];
/// Headers that speak of the body.
const OF_BODY: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LANGUAGE, header::CONTENT_LOCATION];

/// What a server answered.
pub struct Answer {
    /// The text; what is not UTF-8 is replaced.
    pub body: String,
    /// Headers by name, written `Content-Type`; values of one name are joined with `, `.
    pub headers: BTreeMap<String, String>,
}

/// Asks, and returns the last answer.
///
/// # Errors
/// A server that cannot be reached or falls silent, a status outside 200–299, too many redirects, an answer over `LIMIT`.
///
/// # Source
/// D-1, D-2; the redirects of Go's `net/http`.
pub async fn ask(config: &Config, host: &Host) -> Result<Answer> {
    let url = Url::parse(&config.url).with_context(|| "cannot read the url")?;
    let method = if config.method.is_empty() { Method::GET } else { method_of(&config.method)? };
    let body = Some(config.request_body.clone()).filter(|body| {
        // An empty text is sent where a text is expected: the server is told that its length is 0.
        !body.is_empty() || [Method::POST, Method::PUT, Method::PATCH].contains(&method)
    });
    let mut question = Question { method, url, headers: headers_of(&config.request_headers)?, body, redirects: 0 };
    let client = client(host)?;
    for _ in 0..REQUESTS {
        network::check(host, &question.url).map_err(|reason| anyhow!("{}: {reason}", question.name()))?;
        let response = question.send(&client).await?;
        match question.redirected(&response)? {
            Some(next) => question = next,
            None => return answer(response, &question).await,
        }
    }
    bail!("{}: stopped after {REQUESTS} redirects", question.name())
}

fn method_of(name: &str) -> Result<Method> {
    Method::from_bytes(name.as_bytes()).with_context(|| format!("cannot use the method {name:?}"))
}

fn headers_of(given: &BTreeMap<String, String>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    for (name, value) in given {
        let name =
            HeaderName::from_bytes(name.as_bytes()).with_context(|| format!("cannot send the header {name:?}"))?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            anyhow!("cannot send the header {name:?}: its value holds a line break or a control character")
        })?;
        // The address tells the host, and nothing else.
        if name != header::HOST {
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

fn client(host: &Host) -> Result<Client> {
    network::client(host)
        .map_err(|reason| anyhow!("cannot set up a client: {reason}"))?
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .http1_title_case_headers()
        .build()
        .map_err(|error| anyhow!("cannot set up a client: {}", reason(&error)))
}

struct Question {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<String>,
    /// How many redirects led here.
    redirects: usize,
}

impl Question {
    async fn send(&self, client: &Client) -> Result<Response> {
        let mut request = client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|error| anyhow!("{}: {}", self.name(), reason(&error)))
    }

    /// Returns what to ask next, if the answer leads elsewhere.
    fn redirected(&self, response: &Response) -> Result<Option<Question>> {
        let status = response.status();
        let keeps_method = match status {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => false,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
            _ => return Ok(None),
        };
        let Some(location) = response.headers().get(header::LOCATION) else {
            if keeps_method {
                return Ok(None);
            }
            bail!("{}: {} response missing Location header", self.name(), status.as_u16());
        };
        let location = String::from_utf8_lossy(location.as_bytes());
        let url = self.url.join(&location);
        let mut url = url.with_context(|| format!("{}: cannot follow the redirect to {location:?}", self.name()))?;
        if url.fragment().is_none() {
            url.set_fragment(self.url.fragment());
        }
        let (method, headers) = (self.method.clone(), self.headers.clone());
        let mut next = Question { method, url, headers, body: None, redirects: self.redirects + 1 };
        if keeps_method {
            next.body.clone_from(&self.body);
        } else {
            if next.method != Method::HEAD {
                next.method = Method::GET;
            }
            OF_BODY.iter().for_each(|name| drop(next.headers.remove(name)));
        }
        if !is_within(&next.url, &self.url) {
            PRIVATE.iter().for_each(|name| drop(next.headers.remove(name)));
        }
        Ok(Some(next))
    }

    /// Returns how errors name it: `Get`, with the address where it is not the one that was given.
    fn name(&self) -> String {
        let (first, rest) = self.method.as_str().split_at(1);
        let method = format!("{first}{}", rest.to_ascii_lowercase());
        // Who asked knows the address that was given.
        if self.redirects == 0 { method } else { format!("{method} {:?}, after a redirect", shown(self.url.as_str())) }
    }
}

/// Returns an address as people may see it: without its password.
pub fn shown(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if url.password().is_some() => {
            // An address that cannot have a password has none to hide.
            let _ = url.set_password(Some("***"));
            url.into()
        }
        _ => address.to_owned(),
    }
}

/// Whether headers for `first` may be sent to `next`: the same host, or one below it.
fn is_within(next: &Url, first: &Url) -> bool {
    match (next.host_str(), first.host_str()) {
        (Some(next), Some(first)) => next == first || next.strip_suffix(first).is_some_and(|sub| sub.ends_with('.')),
        _ => false,
    }
}

async fn answer(mut response: Response, question: &Question) -> Result<Answer> {
    let status = response.status();
    if !status.is_success() {
        bail!("HTTP request error. Response code: {}", status.as_u16());
    }
    let mut headers = BTreeMap::<String, String>::new();
    // How it was cut into pieces is no part of an answer.
    for (name, value) in response.headers().iter().filter(|(name, _)| *name != header::TRANSFER_ENCODING) {
        let value = String::from_utf8_lossy(value.as_bytes());
        headers
            .entry(written(name))
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(&value);
            })
            .or_insert_with(|| value.to_string());
    }
    let mut body = Vec::new();
    while let Some(piece) =
        response.chunk().await.map_err(|error| anyhow!("{}: {}", question.name(), reason(&error)))?
    {
        if body.len() + piece.len() > LIMIT {
            bail!("{}: the answer is longer than {} MiB", question.name(), LIMIT >> 20);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { body: String::from_utf8_lossy(&body).into_owned(), headers })
}

/// Returns a header's name as templates know it: `Content-Type`.
fn written(name: &HeaderName) -> String {
    let words = name.as_str().split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join("-")
}
