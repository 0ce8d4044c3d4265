//! Delegated administrators and trusted access by the services' own calls (aws-facts section 6).
//!
//! `regional` plays the services with one administrator in each Region, the other modules one service each.

mod analyzer;
mod backup;
mod cloudtrail;
mod delegate;
mod firewall;
mod ipam;
mod regional;
mod sharing;
mod state;
mod table;

pub(crate) use state::{Administrators, notice};
pub(crate) use table::{
    ANALYZER, AUDIT, BACKUP, CATALOG, CLOUDTRAIL, DETECTIVE, EC2, FIREWALL, GUARDDUTY, INSPECTOR, MACIE,
    SECURITYHUB, SHARING,
};
