//! An engine's progress messages as the lines a client prints where there is no terminal.
//!
//! Knows no connection: takes one message at a time.

use serde_json::Value;

use super::trouble::Trouble;

/// What one message says.
#[derive(Debug, PartialEq)]
pub enum Message {
    /// A line to be shown.
    Line(String),
    /// Text of a build, as it comes.
    Text(String),
    /// Facts for programs: an image's id, a digest.
    Facts(Value),
    /// How many bytes of a layer have come over, or have gone; only a terminal shows it.
    Layer {
        /// Its short id.
        id: String,
        /// Bytes.
        done: u64,
        /// Of so many; 0: not known.
        total: u64,
    },
    /// What nobody needs to see.
    Nothing,
}

/// Reads one message.
///
/// # Errors
/// When the message is the engine's error.
pub fn read(message: &Value) -> Result<Message, Trouble> {
    let detail = &message["errorDetail"];
    if let Some(error) = detail["message"].as_str().or_else(|| message["error"].as_str()) {
        let status = detail["code"].as_i64().and_then(|code| i32::try_from(code).ok()).filter(|code| *code != 0);
        return Err(Trouble::Refused { status: status.unwrap_or(1), words: error.to_owned() });
    }
    if !message["aux"].is_null() {
        return Ok(Message::Facts(message["aux"].clone()));
    }
    if let Some(text) = message["stream"].as_str() {
        return Ok(Message::Text(text.to_owned()));
    }
    let progress = &message["progressDetail"];
    let number = |name: &str| progress[name].as_u64().unwrap_or(0);
    let (done, total) = (number("current"), number("total"));
    if done > 0 || total > 0 {
        // What is unpacked afterwards has been counted on its way.
        let is_moving = matches!(message["status"].as_str(), Some("Downloading" | "Pushing"));
        return Ok(match message["id"].as_str() {
            Some(id) if is_moving => Message::Layer { id: id.to_owned(), done, total },
            _ => Message::Nothing,
        });
    }
    let Some(status) = message["status"].as_str() else { return Ok(Message::Nothing) };
    Ok(Message::Line(match message["id"].as_str().filter(|id| !id.is_empty()) {
        Some(id) => format!("{id}: {status}"),
        None => status.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_become_the_lines_of_a_client_without_a_terminal() {
        let line = |text: &str| Ok(Message::Line(text.to_owned()));
        assert_eq!(read(&json!({ "status": "Pulling from a/b", "id": "base" })), line("base: Pulling from a/b"));
        assert_eq!(read(&json!({ "status": "Preparing", "id": "ab", "progressDetail": {} })), line("ab: Preparing"));
        let moving = json!({ "status": "Downloading", "id": "ab", "progressDetail": { "current": 1, "total": 9 } });
        assert_eq!(read(&moving), Ok(Message::Layer { id: "ab".to_owned(), done: 1, total: 9 }));
        let unpacked = json!({ "status": "Extracting", "id": "ab", "progressDetail": { "current": 1, "total": 9 } });
        assert_eq!(read(&unpacked), Ok(Message::Nothing));
        let failed = json!({ "errorDetail": { "code": 9, "message": "no" }, "error": "no" });
        assert_eq!(read(&failed), Err(Trouble::Refused { status: 9, words: "no".to_owned() }));
    }
}
