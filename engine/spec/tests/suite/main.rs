//! Tests of the crate through its public interface.

#[cfg(test)]
mod support;

#[cfg(test)]
mod errors;
#[cfg(test)]
mod loading;
