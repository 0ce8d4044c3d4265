//! The manifest of a landing zone: what is there, and the spec's words put over it (aws-facts section 4.2).
//!
//! What the spec leaves out stays as it is, and members that lz does not know are kept.

use crate::context::Context;
use lz_model::address::{Address, Name};
use lz_model::desired::DesiredControlTower;
use lz_model::text::{Attribute, Text};
use lz_model::tower::TowerVersion;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What marks a text that stands for one with a hole; no text of AWS's begins with it.
const MARK: char = '\u{0}';

/// A manifest in which ids of accounts may be known only after a step.
pub(super) struct Manifest {
    value: Value,
    holes: BTreeMap<String, Text>,
}

impl Manifest {
    /// Returns the manifest that the spec wants. `live` is the one that is there, with its version.
    pub(super) fn wanted(
        context: &Context<'_>,
        wanted: &DesiredControlTower,
        live: Option<(&Value, TowerVersion)>,
    ) -> Self {
        let integrated = wanted.version.has_integrations();
        let base = match live {
            None if integrated => fresh(wanted),
            None => json!({}),
            Some((value, version)) if integrated && !version.has_integrations() => upgraded(value),
            Some((value, _)) => value.clone(),
        };
        let mut manifest = Self {
            value: base,
            holes: BTreeMap::new(),
        };
        manifest.regions(context, wanted, live.is_some());
        manifest.accounts(context, wanted);
        manifest.logs(wanted);
        if let Some(on) = wanted.access_management {
            manifest.switch("accessManagement", on, integrated);
        }
        manifest.backup(context, wanted, integrated);
        if !integrated {
            manifest.units(wanted);
        }
        manifest
    }

    fn regions(&mut self, context: &Context<'_>, wanted: &DesiredControlTower, is_there: bool) {
        let mut now: BTreeSet<&str> = array(self.value.get("governedRegions"));
        let mut then: BTreeSet<&str> = wanted
            .governed_regions
            .iter()
            .map(|region| region.as_str())
            .collect();
        // The home Region is always governed, whether a manifest names it or not.
        let home = context.desired.zone.home_region.as_ref();
        now.extend(home.map(|region| region.as_str()));
        then.extend(home.map(|region| region.as_str()));
        let listed = wanted
            .governed_regions
            .iter()
            .map(|region| json!(region.as_str()));
        if !is_there || now != then {
            self.set("/governedRegions", listed.collect());
        }
    }

    fn accounts(&mut self, context: &Context<'_>, wanted: &DesiredControlTower) {
        let integrated = wanted.version.has_integrations();
        let config = wanted.config.as_ref().or(wanted.audit.as_ref());
        let parts = [
            ("centralizedLogging", wanted.log_archive.as_ref()),
            ("config", config.filter(|_| integrated)),
            ("securityRoles", wanted.audit.as_ref()),
        ];
        for (part, account) in parts {
            let Some(account) = account else { continue };
            if integrated {
                self.switch(part, true, true);
            }
            let id = self.account(context, account);
            self.set(&format!("/{part}/accountId"), id);
        }
    }

    /// Returns an account's id as a value.
    fn account(&mut self, context: &Context<'_>, account: &Name) -> Value {
        let address = Address::Account(account.clone());
        let text = context.fill(&Text::hole(address, Attribute::Id));
        match text.known() {
            Some(id) => json!(id),
            None => {
                let mark = format!("{MARK}{account}");
                self.holes.insert(mark.clone(), text);
                json!(mark)
            }
        }
    }

    fn logs(&mut self, wanted: &DesiredControlTower) {
        let parts: &[&str] = if wanted.version.has_integrations() {
            &["centralizedLogging", "config"]
        } else {
            &["centralizedLogging"]
        };
        for part in parts
            .iter()
            .filter(|part| self.has(part, wanted.version))
            .copied()
            .collect::<Vec<_>>()
        {
            for (bucket, days) in [
                ("loggingBucket", wanted.log_retention_days),
                ("accessLoggingBucket", wanted.access_log_retention_days),
            ] {
                let place = format!("/{part}/configurations/{bucket}/retentionDays");
                let now = self.value.pointer(&place).and_then(number);
                if let Some(days) = days.filter(|days| now != Some(u64::from(*days))) {
                    self.set(&place, json!(days));
                }
            }
            if let Some(key) = &wanted.kms_key {
                self.set(&format!("/{part}/configurations/kmsKeyArn"), json!(key));
            }
        }
    }

    fn backup(&mut self, context: &Context<'_>, wanted: &DesiredControlTower, integrated: bool) {
        let Some(backup) = &wanted.backup else { return };
        self.switch("backup", true, integrated);
        for (role, account) in [("backupAdmin", &backup.admin), ("centralBackup", &backup.vault)] {
            let id = self.account(context, account);
            self.set(&format!("/backup/configurations/{role}/accountId"), id);
        }
        self.set("/backup/configurations/kmsKeyArn", json!(backup.kms_key));
    }

    fn units(&mut self, wanted: &DesiredControlTower) {
        let now = self.value.pointer("/organizationStructure/security/name");
        let security = wanted.security_ou.as_deref().or(now.and_then(Value::as_str));
        let security = json!(security.unwrap_or("Security"));
        self.set("/organizationStructure/security/name", security);
        if let Some(sandbox) = &wanted.sandbox_ou {
            self.set("/organizationStructure/sandbox/name", json!(sandbox));
        }
    }

    /// Switches a part on or off, unless it is so already.
    fn switch(&mut self, part: &str, on: bool, integrated: bool) {
        let version = if integrated { "4.0" } else { "3.3" };
        let is_on = version.parse().is_ok_and(|version| self.has(part, version));
        if is_on != on || (integrated && self.value.get(part).is_none()) {
            self.set(&format!("/{part}/enabled"), json!(on));
        }
    }

    /// Puts a value at a place, with everything above it.
    fn set(&mut self, pointer: &str, value: Value) {
        let mut at = &mut self.value;
        for name in pointer.split('/').skip(1) {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(members) = at else { return };
            at = members.entry(name).or_insert(Value::Null);
        }
        *at = value;
    }

    /// Returns whether a part is on.
    pub(super) fn has(&self, part: &str, version: TowerVersion) -> bool {
        is_on(&self.value, part, version)
    }

    /// Returns the id of a part's account, if AWS has assigned it.
    pub(super) fn account_of<'m>(&'m self, part: &str) -> Option<&'m str> {
        account_of(&self.value, part).filter(|id| !id.starts_with(MARK))
    }

    /// Returns how many Regions are governed.
    pub(super) fn region_count(&self) -> usize {
        array(self.value.get("governedRegions")).len().max(1)
    }

    /// Returns the name of an OU that the landing zone makes.
    pub(super) fn unit(&self, which: &str) -> Option<&str> {
        let name = self
            .value
            .pointer(&format!("/organizationStructure/{which}/name"));
        name.and_then(Value::as_str)
    }

    /// Returns whether it says the same as a manifest that is there.
    pub(super) fn is(&self, live: &Value) -> bool {
        self.value == *live
    }

    /// Returns the JSON.
    pub(super) fn text(&self) -> Text {
        let mut text = Text::default();
        write(&self.value, &self.holes, &mut text);
        text
    }
}

/// Returns JSON without holes.
pub(super) fn known(value: &Value) -> Text {
    Text::literal(value.to_string())
}

/// Returns whether a part of a manifest is on (Control Tower User Guide, "Landing zone schemas"): up to 3.3 all but
/// backup are unless switched off, from 4.0 each says so.
pub(super) fn is_on(manifest: &Value, part: &str, version: TowerVersion) -> bool {
    let enabled = manifest
        .get(part)
        .and_then(|part| part.get("enabled"))
        .and_then(Value::as_bool);
    match (part, version.has_integrations()) {
        ("config" | "securityRoles", false) => true,
        ("backup", false) | (_, true) => enabled.unwrap_or(false),
        (_, false) => enabled.unwrap_or(true),
    }
}

pub(super) fn account_of<'m>(manifest: &'m Value, part: &str) -> Option<&'m str> {
    manifest.pointer(&format!("/{part}/accountId"))?.as_str()
}

fn array(value: Option<&Value>) -> BTreeSet<&str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

/// A number of days may be shown as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Returns what a new landing zone of 4.0 begins with: each part says whether it is on. Identity Center goes with the
/// security roles, as it does where a manifest of 3.x is silent.
fn fresh(wanted: &DesiredControlTower) -> Value {
    let access = wanted.access_management.unwrap_or(wanted.audit.is_some());
    json!({
        "accessManagement": {"enabled": access},
        "backup": {"enabled": false},
        "centralizedLogging": {"enabled": false},
        "config": {"enabled": false},
        "securityRoles": {"enabled": false},
    })
}

/// Returns a manifest of 3.x in the form of 4.0, with everything on that was on (rule R34).
fn upgraded(old: &Value) -> Value {
    let mut new = Map::new();
    if let Some(regions) = old.get("governedRegions") {
        new.insert("governedRegions".to_owned(), regions.clone());
    }
    let part = |name: &str, on: bool| {
        let mut part = old.get(name).cloned().unwrap_or_else(|| json!({}));
        if let Value::Object(members) = &mut part {
            let enabled = members.get("enabled").and_then(Value::as_bool);
            members.insert("enabled".to_owned(), json!(enabled.unwrap_or(on)));
        }
        part
    };
    let logging = part("centralizedLogging", true);
    let mut config = json!({"enabled": true, "accountId": account_of(old, "securityRoles")});
    // Config had the logs' bucket and key until now, and gets its own.
    if let (Value::Object(members), Some(same)) = (&mut config, logging.get("configurations")) {
        members.insert("configurations".to_owned(), same.clone());
    }
    new.insert("centralizedLogging".to_owned(), logging);
    new.insert("config".to_owned(), config);
    new.insert("securityRoles".to_owned(), part("securityRoles", true));
    new.insert("accessManagement".to_owned(), part("accessManagement", true));
    new.insert("backup".to_owned(), part("backup", false));
    Value::Object(new)
}

fn write(value: &Value, holes: &BTreeMap<String, Text>, text: &mut Text) {
    match value {
        Value::String(mark) if mark.starts_with(MARK) => {
            text.push_str("\"");
            if let Some(hole) = holes.get(mark) {
                text.push_text(hole.clone());
            }
            text.push_str("\"");
        }
        Value::Object(members) => {
            text.push_str("{");
            for (at, (name, member)) in members.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push_str(":");
                write(member, holes, text);
            }
            text.push_str("}");
        }
        Value::Array(elements) => {
            text.push_str("[");
            for (at, element) in elements.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                write(element, holes, text);
            }
            text.push_str("]");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}
