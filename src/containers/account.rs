//! Settings of an account at a registry: shared by the builder and by what pushes.
//!
//! Logs in nowhere.

use super::Login;
use crate::component::config::SecretText;
use crate::component::{Problem, Problems, Result};

crate::settings! {
    /// An account at a registry.
    pub struct Account {
        /// Log in to a registry first.
        pub login: bool,
        /// The account.
        pub login_username: String,
        /// Its password.
        pub login_password: SecretText,
        /// The registry; Docker Hub when empty.
        pub login_server: String,
        /// Log in to the Amazon registry `login_server`.
        pub ecr_login: bool,
        /// Amazon access key.
        pub aws_access_key: String,
        /// Amazon secret key.
        pub aws_secret_key: SecretText,
        /// Amazon session token.
        pub aws_token: SecretText,
        /// Amazon profile.
        pub aws_profile: String,
        /// Treat `login_server` as the public Amazon registry.
        pub aws_force_use_public_ecr: bool,
    }
}

impl Account {
    /// Adds what is wrong with it (B-docker-32).
    pub fn check(&self, problems: &mut Problems) {
        if self.ecr_login && self.login_server.is_empty() {
            problems.push(Problem::of("ecr_login", "ECR login requires login server to be provided."));
        }
    }

    /// Refuses what this version cannot do yet; to be asked before anything is made.
    ///
    /// # Errors
    /// For Amazon registries, with the way around.
    pub fn refuse_what_comes_later(&self) -> Result<()> {
        if !self.ecr_login {
            return Ok(());
        }
        let server = &self.login_server;
        anyhow::bail!(
            "cannot log in to the Amazon registry {server:?}: ecr_login comes with a later version of this program. \
             Until then log in before the build: `aws ecr get-login-password | docker login -u AWS --password-stdin \
             {server}`"
        )
    }

    /// Returns what the engine is told.
    pub fn as_login(&self) -> Login {
        Login {
            server: self.login_server.clone(),
            username: self.login_username.clone(),
            password: self.login_password.to_string(),
        }
    }
}
