//! Tests of the crate through its public interface.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod directories;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod features;
#[cfg(test)]
mod formatting;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod model;
mod pipeline;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod stack_kit;
#[cfg(test)]
mod stacks;
#[cfg(test)]
mod stacks_refused;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tower;
#[cfg(test)]
mod vending;
#[cfg(test)]
mod written;
