//! Tests of the crate through its public interface.

#[cfg(test)]
mod support;

mod loading;
