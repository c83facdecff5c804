//! Every test that runs the program, its documents or its sources from outside.

mod architecture;
mod parity;
mod support;
