//! The suites of this crate are integration tests; each is one binary, listed in `Cargo.toml`.
