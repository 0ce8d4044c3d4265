//! Data to pages. Nothing here prints, reads a clock or knows a colour.

pub(crate) mod answer;
pub(crate) mod explain;
pub(crate) mod findings;
pub(crate) mod graph;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod outputs;
pub(crate) mod page;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod root;
pub(crate) mod run;
pub(crate) mod safe;
pub(crate) mod standing;
pub(crate) mod tested;
#[cfg(test)]
mod tests;
pub(crate) mod title;
pub(crate) mod words;
