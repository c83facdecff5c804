//! Templates of the old JSON language: what mends them.
//!
//! Unaware of the engine and of flags.

pub mod fix;
