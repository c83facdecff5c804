//! HCL text to tree. Never fails, never evaluates, opens no file.
//!
//! What cannot be read becomes a diagnostic, and the tree goes on after it.

pub mod ast;
