//! What an engine answers when it does not do what it was asked.
//!
//! Knows no action: the caller says what it tried.

use std::fmt;

/// What a call gives.
pub type Answer<T> = Result<T, Trouble>;

/// Why a call did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The engine, or its client, said no.
    Refused {
        /// The client's exit status; over the API what the client would have ended with.
        status: i32,
        /// Its own words, as the client shows them.
        words: String,
    },
    /// The engine could not be asked, or the connection broke.
    Unreachable(String),
}

impl Trouble {
    /// Makes a refusal in the engine's words.
    pub fn refused(message: impl fmt::Display) -> Trouble {
        Trouble::Refused { status: 1, words: format!("Error response from daemon: {message}") }
    }

    /// Returns the error of a failed `action` in the form scripts know.
    pub fn told(self, action: &str) -> anyhow::Error {
        match self {
            Trouble::Refused { status, words } => anyhow::anyhow!("{action}: exit status {status}\nStderr: {words}\n"),
            Trouble::Unreachable(reason) => anyhow::anyhow!("{action}: {reason}"),
        }
    }

    /// Returns the exit status that a client would have had.
    pub fn status(&self) -> i32 {
        match self {
            Trouble::Refused { status, .. } => *status,
            Trouble::Unreachable(_) => 1,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Refused { words, .. } => f.write_str(words),
            Trouble::Unreachable(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Trouble {}
