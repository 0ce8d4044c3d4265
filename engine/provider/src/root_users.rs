//! Root users of member accounts through the port: what they can sign in with, seen and taken away centrally
//! (aws-facts R39).

use crate::error::ProviderError;
use lz_model::id::{AccountId, Email};
use std::future::Future;

/// A member account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its root user's e-mail address.
    pub email: Email,
}

/// Which sorts of credentials a root user has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RootSummary {
    /// A password.
    pub password: bool,
    /// Access keys.
    pub access_keys: bool,
    /// MFA devices.
    pub mfa: bool,
    /// Signing certificates.
    pub certificates: bool,
}

impl RootSummary {
    /// Returns whether there is any.
    #[must_use]
    pub const fn is_any(self) -> bool {
        self.password || self.access_keys || self.mfa || self.certificates
    }
}

/// The credentials of a root user, one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RootCredentials {
    /// Whether it has a password.
    pub password: bool,
    /// Ids of its access keys.
    pub access_keys: Vec<String>,
    /// Serial numbers of its MFA devices.
    pub mfa_devices: Vec<String>,
    /// Ids of its signing certificates.
    pub certificates: Vec<String>,
}

impl RootCredentials {
    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.password
            && self.access_keys.is_empty()
            && self.mfa_devices.is_empty()
            && self.certificates.is_empty()
    }
}

/// Sees and takes away the credentials of members' root users.
pub trait RootUsers {
    /// Returns the active member accounts, the management account apart, by id.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn members(&self) -> impl Future<Output = Result<Vec<Member>, ProviderError>>;

    /// Returns which sorts of credentials an account's root user has.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn root_summary(&self, account: &AccountId) -> impl Future<Output = Result<RootSummary, ProviderError>>;

    /// Returns the credentials of an account's root user, one by one.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn root_credentials(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<RootCredentials, ProviderError>>;

    /// Takes these credentials away: the keys first, the second factor last. What is gone already is no error.
    ///
    /// # Errors
    /// Whatever keeps AWS from doing it; what came before is done.
    fn remove_root_credentials(
        &self,
        account: &AccountId,
        held: &RootCredentials,
    ) -> impl Future<Output = Result<(), ProviderError>>;
}
