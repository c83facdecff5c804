//! What tests share: folders to run the program in, and the real parts of the machine.

pub mod docker;
pub mod own_engine;
pub mod parts;
pub mod registry;
pub mod releases;
pub mod sandbox;
pub mod terminal;
