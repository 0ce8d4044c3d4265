//! The provider against exchanges in memory, on virtual time.

mod administrators;
mod canned;
mod finding;
mod identity;
mod invitations;
mod network;
mod performing;
mod reading;
mod set_operations;
mod stack_calls;
mod stack_reading;
mod stack_sets;
mod tower;
mod trying;
