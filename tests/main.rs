//! Every test that runs the program, its documents or its sources from outside.

mod architecture;
mod archives;
mod cleanup;
mod commands;
mod crash;
mod documents;
mod endings;
mod engines;
mod events;
mod examples;
mod faults;
mod hosts;
mod kills;
mod kills_all;
mod output;
mod parity;
mod podman;
mod progress;
mod results;
mod scale;
mod scripts;
mod secrets;
mod shout;
mod support;
mod terminal;
mod trouble;
