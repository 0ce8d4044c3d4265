//! Manifests of landing zones, as the schemas of 3.1 to 3.3 and of 4.0 describe them (aws-facts 4.2, rules R34, R36).

use serde_json::{Map, Value};

use super::catalog::has_integrations;
use super::refusal::invalid;
use crate::wire::Refusal;
use crate::world::AccountId;

/// A manifest that fits its schema.
#[derive(Clone, Debug)]
pub(super) struct Manifest<'a> {
    value: &'a Value,
    version: &'a str,
}

/// A part of a landing zone that is switched on or off in the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// centralizedLogging: the log archive account.
    Logging,
    /// config: the Config aggregator's account.
    Config,
    /// securityRoles: the audit account.
    Roles,
    /// accessManagement: IAM Identity Center.
    Access,
    /// backup: AWS Backup.
    Backup,
}

impl Part {
    pub(super) const ALL: [Part; 5] = [
        Part::Logging,
        Part::Config,
        Part::Roles,
        Part::Access,
        Part::Backup,
    ];

    /// Returns the member of the manifest.
    pub(super) fn name(self) -> &'static str {
        match self {
            Part::Logging => "centralizedLogging",
            Part::Config => "config",
            Part::Roles => "securityRoles",
            Part::Access => "accessManagement",
            Part::Backup => "backup",
        }
    }

    fn has_account(self) -> bool {
        match self {
            Part::Logging | Part::Config | Part::Roles => true,
            Part::Access | Part::Backup => false,
        }
    }
}

fn wrong(place: &str, rule: &str) -> Refusal {
    invalid(format!("the manifest does not fit its schema: `{place}` {rule}"))
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, Refusal> {
    value.as_object().ok_or_else(|| wrong(place, "must be an object"))
}

/// No member but the known ones (aws-facts 4.2, no unknown keys).
fn refuse_unknown(members: &Map<String, Value>, place: &str, known: &[&str]) -> Result<(), Refusal> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(wrong(&format!("{place}{name}"), "is not a member of it")),
        None => Ok(()),
    }
}

fn member<'a>(members: &'a Map<String, Value>, place: &str, name: &str) -> Result<&'a Value, Refusal> {
    members
        .get(name)
        .ok_or_else(|| wrong(&format!("{place}{name}"), "is required"))
}

fn check_account(value: &Value, place: &str) -> Result<(), Refusal> {
    let fits = value
        .as_str()
        .is_some_and(|text| AccountId::parse(text).is_some());
    if fits {
        Ok(())
    } else {
        Err(wrong(place, "must be an account id of 12 digits"))
    }
}

fn check_truth(value: &Value, place: &str) -> Result<bool, Refusal> {
    value
        .as_bool()
        .ok_or_else(|| wrong(place, "must be true or false"))
}

fn check_text(value: &Value, place: &str, most: usize) -> Result<(), Refusal> {
    let fits = value
        .as_str()
        .is_some_and(|text| (1..=most).contains(&text.chars().count()));
    if fits {
        Ok(())
    } else {
        Err(wrong(place, &format!("must be text of 1 to {most} characters")))
    }
}

/// A retention is a number of days, or its text.
fn check_bucket(value: &Value, place: &str) -> Result<(), Refusal> {
    let members = object(value, place)?;
    refuse_unknown(members, &format!("{place}."), &["retentionDays"])?;
    let Some(days) = members.get("retentionDays") else {
        return Ok(());
    };
    let number = days.as_u64().or_else(|| days.as_str()?.parse().ok());
    match number {
        Some(1..=5475) => Ok(()),
        Some(_) | None => Err(wrong(&format!("{place}.retentionDays"), "must be 1 to 5475 days")),
    }
}

fn check_key(members: &Map<String, Value>, place: &str) -> Result<(), Refusal> {
    match members.get("kmsKeyArn") {
        Some(key) => check_text(key, &format!("{place}.kmsKeyArn"), 2048),
        None => Ok(()),
    }
}

fn check_logging_configurations(value: &Value, place: &str) -> Result<(), Refusal> {
    let members = object(value, place)?;
    let known = ["loggingBucket", "accessLoggingBucket", "kmsKeyArn"];
    refuse_unknown(members, &format!("{place}."), &known)?;
    for name in ["loggingBucket", "accessLoggingBucket"] {
        if let Some(bucket) = members.get(name) {
            check_bucket(bucket, &format!("{place}.{name}"))?;
        }
    }
    check_key(members, place)
}

fn check_backup_configurations(value: &Value, place: &str) -> Result<(), Refusal> {
    let members = object(value, place)?;
    let known = ["backupAdmin", "centralBackup", "kmsKeyArn"];
    refuse_unknown(members, &format!("{place}."), &known)?;
    for name in ["backupAdmin", "centralBackup"] {
        let inner = format!("{place}.{name}");
        let given = object(member(members, &format!("{place}."), name)?, &inner)?;
        refuse_unknown(given, &format!("{inner}."), &["accountId"])?;
        check_account(
            member(given, &format!("{inner}."), "accountId")?,
            &format!("{inner}.accountId"),
        )?;
    }
    member(members, &format!("{place}."), "kmsKeyArn")?;
    check_key(members, place)
}

/// Checks one part; `strict` is the schema of 4.0, in which `enabled` is required.
fn check_part(part: Part, value: &Value, strict: bool) -> Result<(), Refusal> {
    let place = part.name();
    let members = object(value, place)?;
    let inside = format!("{place}.");
    let known: &[&str] = match (part, strict) {
        (Part::Logging, _) => &["enabled", "accountId", "configurations"],
        (Part::Config, _) => &["enabled", "accountId", "configurations"],
        (Part::Roles, true) => &["enabled", "accountId"],
        (Part::Roles, false) => &["accountId"],
        (Part::Access, _) => &["enabled"],
        (Part::Backup, _) => &["enabled", "configurations"],
    };
    refuse_unknown(members, &inside, known)?;
    if strict {
        member(members, &inside, "enabled")?;
    }
    let enabled = match members.get("enabled") {
        Some(given) => check_truth(given, &format!("{place}.enabled"))?,
        None => part != Part::Backup,
    };
    match members.get("accountId") {
        Some(account) => check_account(account, &format!("{place}.accountId"))?,
        None if part.has_account() && (enabled || !strict) => {
            member(members, &inside, "accountId")?;
        }
        None => {}
    }
    let configurations = format!("{place}.configurations");
    match (part, members.get("configurations")) {
        (Part::Backup, None) if enabled => {
            member(members, &inside, "configurations")?;
        }
        (Part::Backup, Some(given)) if enabled => check_backup_configurations(given, &configurations)?,
        (Part::Logging | Part::Config, Some(given)) => check_logging_configurations(given, &configurations)?,
        (_, _) => {}
    }
    Ok(())
}

fn check_regions(members: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(regions) = members.get("governedRegions") else {
        return Ok(());
    };
    let list = regions
        .as_array()
        .ok_or_else(|| wrong("governedRegions", "must be a list"))?;
    for region in list {
        check_text(region, "governedRegions", 50)?;
    }
    Ok(())
}

fn check_structure(members: &Map<String, Value>) -> Result<(), Refusal> {
    const PLACE: &str = "organizationStructure";
    let structure = object(member(members, "", PLACE)?, PLACE)?;
    refuse_unknown(structure, &format!("{PLACE}."), &["security", "sandbox"])?;
    member(structure, &format!("{PLACE}."), "security")?;
    for (name, unit) in structure {
        let place = format!("{PLACE}.{name}");
        let given = object(unit, &place)?;
        refuse_unknown(given, &format!("{place}."), &["name"])?;
        check_text(
            member(given, &format!("{place}."), "name")?,
            &format!("{place}.name"),
            120,
        )?;
    }
    Ok(())
}

impl<'a> Manifest<'a> {
    /// Checks a manifest against the schema of its version.
    ///
    /// # Errors
    /// `ValidationException` that names the first member out of place; up to 3.3 also for a manifest that is missing.
    pub(super) fn check(value: &'a Value, version: &'a str) -> Result<Manifest<'a>, Refusal> {
        let manifest = Manifest { value, version };
        if value.is_null() {
            return if manifest.is_integrated() {
                Ok(manifest)
            } else {
                Err(invalid(format!(
                    "a landing zone of version {version} takes a manifest"
                )))
            };
        }
        let members = object(value, "manifest")?;
        if manifest.is_integrated() {
            let known = [
                "governedRegions",
                "accessManagement",
                "backup",
                "centralizedLogging",
                "config",
                "securityRoles",
            ];
            refuse_unknown(members, "", &known)?;
        } else {
            let known = [
                "governedRegions",
                "organizationStructure",
                "accessManagement",
                "backup",
                "centralizedLogging",
                "securityRoles",
            ];
            refuse_unknown(members, "", &known)?;
            check_structure(members)?;
            member(members, "", Part::Logging.name())?;
            member(members, "", Part::Roles.name())?;
        }
        check_regions(members)?;
        for part in Part::ALL {
            if let Some(given) = members.get(part.name()) {
                check_part(part, given, manifest.is_integrated())?;
            }
        }
        manifest.refuse_loose_parts()?;
        Ok(manifest)
    }

    /// Reads a manifest that has been checked before.
    pub(super) fn kept(value: &'a Value, version: &'a str) -> Manifest<'a> {
        Manifest { value, version }
    }

    fn is_integrated(&self) -> bool {
        has_integrations(self.version)
    }

    /// In 4.0 security roles need Config, and access management and backup need security roles (aws-facts R36).
    fn refuse_loose_parts(&self) -> Result<(), Refusal> {
        if !self.is_integrated() {
            return Ok(());
        }
        for (part, needs) in [
            (Part::Roles, Part::Config),
            (Part::Access, Part::Roles),
            (Part::Backup, Part::Roles),
        ] {
            if self.has(part) && !self.has(needs) {
                let (part, needs) = (part.name(), needs.name());
                return Err(invalid(format!("`{part}` can't be enabled without `{needs}`")));
            }
        }
        Ok(())
    }

    /// Returns whether a part is on. Up to 3.3 Config always is.
    pub(super) fn has(&self, part: Part) -> bool {
        let given = self.value.get(part.name());
        let enabled = given
            .and_then(|part| part.get("enabled"))
            .and_then(Value::as_bool);
        match (part, self.is_integrated()) {
            (Part::Config | Part::Roles, false) => true,
            (Part::Logging | Part::Access, false) => enabled.unwrap_or(true),
            (Part::Backup, false) => enabled.unwrap_or(false),
            (_, true) => enabled.unwrap_or(false),
        }
    }

    fn account_at(&self, pointer: &str) -> Option<AccountId> {
        AccountId::parse(self.value.pointer(pointer)?.as_str()?)
    }

    /// Returns the account of a part. Up to 3.3 Config is in the audit account.
    pub(super) fn account(&self, part: Part) -> Option<AccountId> {
        let named = match part {
            Part::Config if !self.is_integrated() => Part::Roles,
            Part::Config | Part::Logging | Part::Roles | Part::Access | Part::Backup => part,
        };
        self.account_at(&format!("/{}/accountId", named.name()))
    }

    /// Returns the account of the backup administrator or of the central vault.
    pub(super) fn backup_account(&self, role: &str) -> Option<AccountId> {
        self.account_at(&format!("/backup/configurations/{role}/accountId"))
    }

    /// Returns the accounts of every part that is on, with the member that names them.
    pub(super) fn accounts(&self) -> Vec<(&'static str, AccountId)> {
        let mut accounts = Vec::new();
        for part in [Part::Logging, Part::Config, Part::Roles] {
            // The two shared accounts of a version up to 3.3 exist even where logging is off.
            let named = self.has(part) || !self.is_integrated();
            if let Some(account) = self.account(part).filter(|_| named) {
                accounts.push((part.name(), account));
            }
        }
        if self.has(Part::Backup) {
            for role in ["backupAdmin", "centralBackup"] {
                accounts.extend(self.backup_account(role).map(|account| (role, account)));
            }
        }
        accounts
    }

    /// Returns the governed Regions; the home Region always is one.
    pub(super) fn regions<'r>(&self, home: &'r str) -> Vec<&'r str>
    where
        'a: 'r,
    {
        let given = self.value.get("governedRegions").and_then(Value::as_array);
        let mut regions: Vec<&str> = given.into_iter().flatten().filter_map(Value::as_str).collect();
        if !regions.contains(&home) {
            regions.push(home);
        }
        regions
    }

    /// Returns the name of the OU that the landing zone makes: `security` or `sandbox`.
    pub(super) fn unit_name(&self, which: &str) -> Option<&'a str> {
        let structure = self.value.get("organizationStructure")?;
        structure.get(which)?.get("name")?.as_str()
    }
}
