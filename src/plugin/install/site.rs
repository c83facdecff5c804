//! What the two sorts of places have in common from which plugins can be fetched.

use async_trait::async_trait;

use super::super::file_name::{Api, FileName};
use super::super::source::Source;
use super::fetch::{Failure, Fetch};
use crate::component::version::Version;

/// A place where releases of plugins can be had.
#[async_trait(?Send)]
pub trait Site {
    /// Returns how errors name it: its host.
    fn name(&self) -> String;

    /// Whether it has plugins of this source at all.
    fn has(&self, source: &Source) -> bool;

    /// Returns the versions there are, in any order.
    ///
    /// # Errors
    /// When it cannot tell.
    async fn versions(&self, source: &Source, fetch: &Fetch) -> Result<Vec<Version>, Failure>;

    /// Returns the archives of one version that are for this system, in any order.
    ///
    /// # Errors
    /// When it cannot tell.
    async fn archives(&self, source: &Source, version: &Version, fetch: &Fetch) -> Result<Vec<Archive>, Failure>;
}

/// An archive with the binary of a plugin in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// Where it can be had.
    pub url: String,
    /// Its SHA-256, in small hexadecimal digits.
    pub sum: String,
    /// The interface that its plugin speaks.
    pub api: Api,
}

impl Archive {
    /// Returns the name of the binary in it, which is also that of the installed one.
    pub fn binary(&self, source: &Source, version: &Version) -> FileName {
        FileName { name: source.name().to_owned(), version: version.clone(), api: self.api }
    }
}
