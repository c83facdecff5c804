//! Every test that runs the program, its documents or its sources from outside.

mod architecture;
mod archives;
mod bad_input;
mod cleanup;
mod commands;
mod documents;
mod engines;
mod events;
mod examples;
mod fuzz_corpus;
mod kills;
mod language;
mod parity;
mod secrets;
mod shout;
mod support;
mod trouble;
mod two_parsers;
