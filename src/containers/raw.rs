//! The engine's calls that report as they go: pull, push, build, import; and the check of a login.
//!
//! Knows no images: sends a request, hands over the messages of the answer. Beside bollard because its 0.21 sends
//! credentials in an alphabet the engine does not read, leaves the layers' ids out of a push, and has no `/auth`.

use std::io;

use bytes::Bytes;
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::ByteStream;
use super::address::Address;
use super::connection::Connector;
use super::trouble::{Answer, Trouble};

/// One POST, or a GET when nothing is sent.
pub struct Post<'a> {
    /// Path with query, encoded.
    pub path: String,
    /// More headers.
    pub headers: Vec<(&'a str, String)>,
    /// What is sent.
    pub body: Body,
}

/// What a request carries.
pub enum Body {
    /// No body: a GET.
    None,
    /// An empty body.
    Empty,
    /// A JSON document.
    Json(Value),
    /// A tar.
    Tar(ByteStream),
}

/// Sends `post` and hands over each JSON message of the answer, until the engine closes it or `receive` fails.
///
/// # Errors
/// When nothing answers, when the engine refuses (in its words), and what `receive` gives.
pub async fn post(
    connector: &Connector,
    post: Post<'_>,
    receive: &mut (dyn FnMut(Value) -> Answer<()> + Send),
) -> Answer<()> {
    let address = connector.address();
    let stream = connector.open().await.map_err(|error| unreachable(address, &error))?;
    let (reader, mut writer) = tokio::io::split(stream);
    let broken = |error: io::Error| Trouble::Unreachable(format!("lost the container engine at {address}: {error}"));
    let mut reader = BufReader::new(reader);
    let answer = answer(&mut reader, receive);
    tokio::pin!(answer);
    // The engine may refuse while the body is still on its way; then its words matter, not the broken pipe.
    tokio::select! {
        biased;
        ended = &mut answer => return ended.map_err(broken)?,
        sent = send(&mut writer, post) => {
            if let Err(error) = sent && error.kind() != io::ErrorKind::BrokenPipe {
                return Err(Trouble::Unreachable(error.to_string()));
            }
        }
    }
    answer.await.map_err(broken)?
}

/// Says that nothing answers at `address`, and what to do about it.
pub fn unreachable(address: &Address, error: &io::Error) -> Trouble {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    let hint = match (address, error.kind()) {
        (Address::Ssh(_), _) => {
            "Check that `ssh` logs in there without a question, and that `docker version` answers on that machine"
        }
        (Address::Tls(..), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other) => {
            "DOCKER_CERT_PATH, or the docker context, names the folder with ca.pem, cert.pem and key.pem"
        }
        (_, io::ErrorKind::PermissionDenied) => "Only root and the members of the group `docker` may use it",
        _ => {
            "Start it (Docker: `sudo systemctl start docker`, or Docker Desktop; Podman: `podman system service`), or \
             set DOCKER_HOST to where one listens"
        }
    };
    Trouble::Unreachable(format!("cannot reach the container engine at {address}: {reason}. {hint}"))
}

async fn send(writer: &mut (impl AsyncWrite + Unpin), post: Post<'_>) -> io::Result<()> {
    let verb = if matches!(post.body, Body::None) { "GET" } else { "POST" };
    let mut head = format!("{verb} {} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n", post.path);
    for (name, value) in &post.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    match post.body {
        Body::None => {
            head.push_str("\r\n");
            writer.write_all(head.as_bytes()).await?;
        }
        Body::Empty => {
            head.push_str("Content-Length: 0\r\n\r\n");
            writer.write_all(head.as_bytes()).await?;
        }
        Body::Json(value) => {
            let text = value.to_string();
            head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}", text.len()));
            writer.write_all(head.as_bytes()).await?;
        }
        Body::Tar(mut pieces) => {
            head.push_str("Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n");
            writer.write_all(head.as_bytes()).await?;
            while let Some(piece) = pieces.recv().await {
                let piece: Bytes = piece?;
                if piece.is_empty() {
                    continue;
                }
                writer.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await?;
                writer.write_all(&piece).await?;
                writer.write_all(b"\r\n").await?;
            }
            writer.write_all(b"0\r\n\r\n").await?;
        }
    }
    writer.flush().await
}

/// How the end of an answer's body is found.
enum Length {
    Chunked,
    Known(usize),
    UntilClosed,
}

async fn answer(
    reader: &mut (impl AsyncBufRead + Unpin),
    receive: &mut (dyn FnMut(Value) -> Answer<()> + Send),
) -> io::Result<Answer<()>> {
    let status_line = line(reader).await?;
    let status = status_line.split(' ').nth(1).and_then(|code| code.parse::<u16>().ok());
    let Some(status) = status else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "what answers there does not speak HTTP"));
    };
    let mut length = Length::UntilClosed;
    loop {
        let header = line(reader).await?.to_ascii_lowercase();
        match header.split_once(':').map(|(name, value)| (name, value.trim())) {
            None => break,
            Some(("transfer-encoding", "chunked")) => length = Length::Chunked,
            Some(("content-length", size)) => length = size.parse().map_or(Length::UntilClosed, Length::Known),
            Some(_) => {}
        }
    }
    let refused = !(200..300).contains(&status);
    let mut pending = Vec::new();
    while let Some(piece) = piece(reader, &mut length).await? {
        pending.extend_from_slice(&piece);
        while !refused && let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let message: Vec<u8> = pending.drain(..=end).collect();
            if let Err(trouble) = one(&message, receive) {
                return Ok(Err(trouble));
            }
        }
    }
    if refused {
        let text = String::from_utf8_lossy(&pending);
        let words = serde_json::from_str::<Value>(&text).ok().and_then(|v| v["message"].as_str().map(str::to_owned));
        return Ok(Err(Trouble::refused(words.unwrap_or_else(|| text.trim().to_owned()))));
    }
    Ok(one(&pending, receive))
}

fn one(message: &[u8], receive: &mut (dyn FnMut(Value) -> Answer<()> + Send)) -> Answer<()> {
    if message.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    match serde_json::from_slice(message) {
        Ok(message) => receive(message),
        Err(error) => Err(Trouble::Unreachable(format!("cannot understand the container engine's answer: {error}"))),
    }
}

/// Reads a line of the head, without its end.
async fn line(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

/// Reads the next bytes of the body; `None` at its end.
async fn piece(reader: &mut (impl AsyncBufRead + Unpin), length: &mut Length) -> io::Result<Option<Vec<u8>>> {
    match length {
        Length::Chunked => {
            let size = line(reader).await?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "an answer with broken chunks"))?;
            let mut piece = vec![0; size];
            reader.read_exact(&mut piece).await?;
            line(reader).await?;
            Ok((size > 0).then_some(piece))
        }
        Length::Known(0) => Ok(None),
        Length::Known(left) => {
            let bytes = reader.fill_buf().await?;
            let size = bytes.len().min(*left);
            if size == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let piece = bytes[..size].to_vec();
            reader.consume(size);
            *left -= size;
            Ok(Some(piece))
        }
        Length::UntilClosed => {
            let piece = reader.fill_buf().await?.to_vec();
            reader.consume(piece.len());
            Ok((!piece.is_empty()).then_some(piece))
        }
    }
}

/// Returns `text` as it may stand in a query or, with its slashes kept, in a path.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'@' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// Returns a query of the pairs whose value is not empty.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let filled = pairs.iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(text: &str) -> (Vec<Value>, io::Result<Answer<()>>) {
        let mut seen = Vec::new();
        let ended = answer(&mut text.as_bytes(), &mut |message| {
            seen.push(message);
            Ok(())
        })
        .await;
        (seen, ended)
    }

    #[tokio::test]
    async fn messages_are_found_whatever_the_chunks() {
        let (seen, ended) = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n9\r\n:1}\n{\"b\":\r\n3\r\n2}\n\r\n0\r\n\r\n").await;
        assert_eq!(seen, [serde_json::json!({ "a": 1 }), serde_json::json!({ "b": 2 })]);
        ended.unwrap().unwrap();
        let (seen, _) = read("HTTP/1.0 200 OK\r\n\r\n{}").await;
        assert_eq!(seen.len(), 1);
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_engines_words() {
        let (_, ended) = read("HTTP/1.1 404 Not Found\r\nContent-Length: 19\r\n\r\n{\"message\":\"gone\"}\n").await;
        assert_eq!(ended.unwrap(), Err(Trouble::refused("gone")));
        assert!(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}").await.1.is_err());
    }

    #[test]
    fn queries_leave_out_what_is_empty() {
        assert_eq!(query(&[("a", "x y&z"), ("b", "")]), "a=x%20y%26z");
    }
}
