//! Tests of the crate through its public interface.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod differences;
#[cfg(test)]
mod meaning;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod properties;
