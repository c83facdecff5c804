//! The data sources inside this program.
//!
//! Declares and lists them; each knows itself alone.

pub mod http;
pub mod null;

use crate::component::BuiltinDataSource;

/// A data source inside this program.
pub type Kind = BuiltinDataSource;

/// Every data source of this program.
pub const ALL: &[&Kind] = &[&http::KIND, &null::KIND];
