//! Every test that runs the program, its documents or its sources from outside.

mod architecture;
mod archives;
mod cleanup;
mod commands;
mod documents;
mod engines;
mod events;
mod examples;
mod faults;
mod kills;
mod kills_all;
mod parity;
mod scale;
mod shout;
mod support;
mod trouble;
