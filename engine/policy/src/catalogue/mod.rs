//! Which actions and condition keys exist, as the Service Authorization Reference lists them.
//!
//! The data is `data/catalogue.txt`, written by `data/generate.py`; new services come out every week, so what is not
//! in it may exist all the same.

mod global;
mod read;

pub use read::{Catalogue, Holds, KeyKind, Service};
