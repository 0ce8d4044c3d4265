//! What commands take that lock, unlock and remember.

use clap::Args;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// A time, such as `90s`, `5m` or `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Patience(Duration);

impl FromStr for Patience {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected a time such as `90s`, `5m` or `1h`".to_owned();
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(split).ok_or_else(wrong)?;
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let seconds = match unit {
            "" | "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => return Err(wrong()),
        };
        let most = Duration::from_secs(7 * 24 * 3_600);
        Ok(Self(
            Duration::from_secs(number.saturating_mul(seconds)).min(most),
        ))
    }
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Lock {
    /// Wait so long for a lock that another run holds, such as 90s, 5m or 1h
    #[arg(long, value_name = "TIME")]
    lock_timeout: Option<Patience>,
}

impl Lock {
    /// Returns how long to wait.
    pub(crate) fn patience(&self) -> Duration {
        self.lock_timeout.map_or(Duration::ZERO, |patience| patience.0)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Do not ask; the lock must have this id
    #[arg(long, value_name = "ID")]
    pub(crate) force: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// A run: its name, the beginning of its name, or `last`
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// The directory of the spec
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// List so many runs, the newest first
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    pub(crate) limit: usize,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        let seconds = |text: &str| text.parse::<Patience>().map(|patience| patience.0.as_secs());
        assert_eq!(seconds("90"), Ok(90));
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("5m"), Ok(300));
        assert_eq!(seconds("1h"), Ok(3_600));
        assert_eq!(seconds("99999999999h"), Ok(604_800), "no longer than a week");
        for wrong in ["", "m", "-5m", "5 m", "5d", "1.5h"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
