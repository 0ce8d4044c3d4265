//! A plan as one page for a browser: the organization as a map, every change with its documents before and after.
//! It asks nothing of the network, reads without scripts, and every foreign text in it is escaped.

mod cards;
mod digest;
mod document;
mod facets;
mod head;
mod page;
#[cfg(test)]
mod tests;
mod text;
mod tree;

pub(crate) use page::page;
