//! The provider against exchanges in memory, on virtual time.

mod canned;
mod finding;
mod network;
mod performing;
mod reading;
mod trying;
