//! Is a request allowed by the policies on the path from the root to an account, and by which statement?
//!
//! [`Compiled`] is a policy made ready once; [`Path`] puts those of all levels together; [`Request`] is what is
//! asked; [`Verdict`] is the answer of every level.

mod actions;
mod compile;
mod condition;
mod derive;
mod path;
mod request;
mod value;
mod verdict;

pub use compile::Compiled;
pub use path::{Level, Member, Path};
pub(crate) use request::context_of;
pub use request::{Request, RequestError};
pub use verdict::{Decision, Exemption, LevelVerdict, Outcome, StatementRef, Verdict};

pub(crate) use actions::ActionIndex;
pub(crate) use condition::Matcher;
pub(crate) use value::{Network, number, timestamp};

#[cfg(test)]
mod tests;
