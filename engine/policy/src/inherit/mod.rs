//! Policies that are inherited: tag, backup, AI opt-out, chat, the declarative ones and their like.
//!
//! They say what holds by inheritance operators, and the policies of all levels become one effective policy
//! (Organizations User Guide, "Understanding declarative policy inheritance").

mod effective;
mod settings;

pub use effective::effective;
pub use settings::Settings;
