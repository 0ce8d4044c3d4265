//! Settings of accounts.
