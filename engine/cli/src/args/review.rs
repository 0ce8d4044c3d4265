//! What a plan for review takes, beside the plan.

use clap::Args;
use std::path::PathBuf;

/// The shortest comment that can say what was left out.
const LEAST_CHARACTERS: u64 = 4_000;

/// How a plan is shown in a pull request.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Options of --format markdown and html")]
pub(crate) struct Review {
    /// The most characters of a comment; what does not fit is named [default: 65536, GitHub's limit]
    #[arg(long, value_name = "N", value_parser = characters)]
    pub(crate) max_chars: Option<usize>,
    /// Where the whole plan can be read: an address that begins with https://
    #[arg(long, value_name = "URL", value_parser = link)]
    pub(crate) link: Option<String>,
    /// A saved plan that was shown before: says what has changed since
    #[arg(long, value_name = "PLAN")]
    pub(crate) since: Option<PathBuf>,
}

fn characters(text: &str) -> Result<usize, String> {
    let number: u64 = text
        .parse()
        .map_err(|_| "expected a number of characters".to_owned())?;
    if number < LEAST_CHARACTERS {
        return Err(format!("a comment needs at least {LEAST_CHARACTERS} characters"));
    }
    usize::try_from(number).map_err(|_| "expected a number of characters".to_owned())
}

fn link(text: &str) -> Result<String, String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    if is_web && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(text.to_owned())
    } else {
        Err("expected an address that begins with https:// and has no blanks".to_owned())
    }
}
