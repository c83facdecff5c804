//! Feeds `checks::gotemplate`.

#![no_main]

#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::check("gotemplate", bytes));
