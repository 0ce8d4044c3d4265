//! How to reach AWS, and as whom.

use aws_smithy_runtime_api::client::http::{HttpClient, SharedHttpClient};
use lz_model::id::{AccountId, Region};
use std::fmt;
use std::time::Duration;

/// How to reach AWS, and as whom. [`Options::default`] is what the AWS CLI would do without arguments.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// An endpoint for every service, instead of AWS's own.
    pub endpoint_url: Option<String>,
    /// The Region whose partition is meant; by default the environment's, the profile's, then `us-east-1`.
    pub region: Option<Region>,
    /// Where credentials come from.
    pub credentials: Credentials,
    /// The role to take on.
    pub role: Option<Role>,
    /// How requests travel.
    pub transport: Transport,
    /// The seed of the waiting times between tries.
    pub seed: u64,
}

/// Where credentials come from. `Debug` hides the secret.
#[derive(Clone, Default)]
pub enum Credentials {
    /// The environment, shared files with SSO and processes, web identity, then the machine.
    #[default]
    Chain,
    /// A profile of the shared files.
    Profile(String),
    /// An access key and its secret.
    Static {
        /// The key's id. The twin reads an account id here.
        access_key: String,
        /// The secret.
        secret_key: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain => f.write_str("Chain"),
            Self::Profile(name) => f.debug_tuple("Profile").field(name).finish(),
            Self::Static { access_key, .. } => f
                .debug_struct("Static")
                .field("access_key", access_key)
                .finish_non_exhaustive(),
        }
    }
}

/// A role to take on with the credentials that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role's ARN.
    pub arn: String,
    /// The session's name; `lz` by default.
    pub session_name: Option<String>,
    /// The external id that the role asks for.
    pub external_id: Option<String>,
}

/// How requests travel.
#[derive(Debug, Clone, Default)]
pub enum Transport {
    /// Over the network. TLS is set up when the first request needs it.
    #[default]
    Network,
    /// Through a client that was handed in. No time-out is set, so that virtual time can run.
    Given(SharedHttpClient),
}

impl Transport {
    /// Returns how much longer one request may travel than another: over the network the first one also
    /// pays for the connection and its TLS.
    pub(crate) const fn slack(&self) -> Duration {
        match self {
            Self::Network => Duration::from_millis(250),
            Self::Given(_) => Duration::ZERO,
        }
    }
}

impl Options {
    /// Returns options that reach an AWS within this process, called by `account`.
    pub fn in_process(client: impl HttpClient + 'static, account: &AccountId) -> Self {
        Self {
            credentials: Credentials::Static {
                access_key: account.as_str().to_owned(),
                secret_key: "in-process".to_owned(),
            },
            transport: Transport::Given(SharedHttpClient::new(client)),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_never_shown() {
        let credentials = Credentials::Static {
            access_key: "AKIAEXAMPLE".to_owned(),
            secret_key: "very secret".to_owned(),
        };
        let shown = format!("{credentials:?}");
        assert!(
            shown.contains("AKIAEXAMPLE") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
