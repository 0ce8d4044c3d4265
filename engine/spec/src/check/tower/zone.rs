//! The `control_tower` block.

use super::Context;
use crate::check::attributes::Reader;
use crate::check::zone::regions;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::value::Thing;
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredBackup, DesiredControlTower, Origin};
use lz_model::id::Region;
use lz_model::tower::TowerVersion;
use std::collections::BTreeMap;

/// The most days that logs can be kept: 15 years (Control Tower User Guide, "Landing zone schemas").
const MOST_DAYS: u32 = 5_475;

pub(super) fn zone(
    context: &Context<'_, '_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> Option<DesiredControlTower> {
    let block = context.checker.world.declared.control_tower?;
    origins.insert(Address::ControlTower, context.checker.origin(block.header));
    let reader = context
        .checker
        .reader(SPEC.block("control_tower")?, &block.body, None);
    let zone = Zone {
        context,
        reader: &reader,
        header: block.header,
    };
    let version = reader
        .choice("version")
        .and_then(|version| version.value.parse().ok());
    let log_archive = zone.account("log_archive");
    let audit = zone.account("audit");
    let config = zone.account("config");
    zone.check_shared(log_archive.as_ref(), audit.as_ref());
    let wanted = DesiredControlTower {
        version: version?,
        governed_regions: zone.governed(),
        log_archive,
        audit,
        config,
        log_retention_days: zone.days("log_retention_days"),
        access_log_retention_days: zone.days("access_log_retention_days"),
        kms_key: zone.key("kms_key", &reader),
        access_management: reader.bool("access_management"),
        backup: zone.backup(),
        security_ou: zone.unit_name("security_ou"),
        sandbox_ou: zone.unit_name("sandbox_ou"),
        auto_enroll: reader.bool("auto_enroll"),
    };
    zone.check_shape(&wanted);
    Some(wanted)
}

struct Zone<'z, 'c, 'a> {
    context: &'z Context<'c, 'a>,
    reader: &'z Reader<'z, 'a>,
    header: Span,
}

impl Zone<'_, '_, '_> {
    fn error(&self, span: Span, message: String, help: &str) {
        let error = SpecDiagnostic::new(Code::ControlTower, span, message);
        self.reader.error(error.help(help.to_owned()));
    }

    /// Returns where an attribute stands, or the block's header.
    fn place(&self, name: &str) -> Span {
        let attribute = self.reader.attribute(name);
        attribute.map_or(self.header, |attribute| attribute.value.span)
    }

    fn account(&self, name: &str) -> Option<Name> {
        self.account_of(self.reader, name)
    }

    /// Returns a member account; the management account cannot be one of the landing zone's (rule R28).
    fn account_of(&self, reader: &Reader<'_, '_>, name: &str) -> Option<Name> {
        let found = reader.reference(name)?;
        let Thing::Account(account) = &*found.value else {
            return None;
        };
        let management = self
            .context
            .zone
            .and_then(|zone| zone.management_account.as_ref());
        let id = self
            .context
            .accounts
            .get(account)
            .and_then(|account| account.id.as_ref());
        if id.is_some() && id == management {
            let message = format!("`{name}` of Control Tower cannot be the management account (rule R28)");
            let error = SpecDiagnostic::new(Code::ManagementAccount, found.span, message);
            reader.error(error.help("name a member account"));
        }
        Some(account.clone())
    }

    /// Log archive and audit are two accounts (rule R28).
    fn check_shared(&self, log_archive: Option<&Name>, audit: Option<&Name>) {
        if log_archive.is_some() && log_archive == audit {
            self.error(
                self.place("audit"),
                "`log_archive` and `audit` are one account; Control Tower wants two".to_owned(),
                "declare a second account",
            );
        }
    }

    /// Returns the governed Regions. The home Region is always one of them (aws-facts section 4.2).
    fn governed(&self) -> Vec<Region> {
        let zone = self.context.zone;
        if !self.reader.is_given("governed_regions") {
            return zone.map(|zone| zone.regions.clone()).unwrap_or_default();
        }
        let governed = regions(self.reader, "governed_regions");
        let span = self.place("governed_regions");
        if let Some(home) = zone.and_then(|zone| zone.home_region.as_ref())
            && !governed.contains(home)
        {
            self.error(
                span,
                format!("the home Region `{home}` is not among the governed Regions"),
                "add it: Control Tower always governs its home Region",
            );
        }
        let known = zone.map_or(&[][..], |zone| &zone.regions);
        for region in governed
            .iter()
            .filter(|region| !known.is_empty() && !known.contains(region))
        {
            let message = format!("`{region}` is not among the Regions of the landing zone");
            self.reader.error(
                SpecDiagnostic::new(Code::OutsideRegions, span, message)
                    .help("add it to `regions` of `landing_zone`, if it is meant")
                    .warning(),
            );
        }
        governed
    }

    fn days(&self, name: &str) -> Option<u32> {
        let days = self.reader.count(name)?;
        if !(1..=MOST_DAYS).contains(&days) {
            self.error(
                self.place(name),
                format!("`{name}` is {days}; logs are kept for 1 to 5,475 days"),
                "write a number of days in between",
            );
        }
        Some(days)
    }

    fn key(&self, name: &str, reader: &Reader<'_, '_>) -> Option<String> {
        let key = reader.known(name)?;
        if !(key.value.starts_with("arn:") && key.value.contains(":kms:")) {
            self.error(
                key.span,
                format!("`{}` is not the ARN of a key", key.value),
                "write it as `arn:aws:kms:<region>:<account>:key/<id>`",
            );
        }
        Some(key.value.to_string())
    }

    fn unit_name(&self, name: &str) -> Option<String> {
        let unit = self.reader.known(name)?;
        if !(1..=120).contains(&unit.value.chars().count()) {
            self.error(
                unit.span,
                format!(
                    "`{name}` has {} characters; AWS takes 1 to 120",
                    unit.value.chars().count()
                ),
                "choose another name",
            );
        }
        Some(unit.value.to_string())
    }

    fn backup(&self) -> Option<DesiredBackup> {
        let kind = SPEC.block("control_tower")?.block("backup")?;
        let block = self
            .reader
            .body
            .blocks
            .iter()
            .find(|block| &*block.kind.text == "backup")?;
        let reader = self.context.checker.reader(kind, &block.body, None);
        let (admin, vault) = (
            self.account_of(&reader, "admin"),
            self.account_of(&reader, "vault"),
        );
        let kms_key = self.key("kms_key", &reader);
        Some(DesiredBackup {
            admin: admin?,
            vault: vault?,
            kms_key: kms_key?,
        })
    }

    /// The manifests of 3.x and of 4.0 have different members (Control Tower User Guide, "Landing zone schemas").
    fn check_shape(&self, wanted: &DesiredControlTower) {
        let version = wanted.version;
        if version.has_integrations() {
            for name in ["security_ou", "sandbox_ou"] {
                self.refuse_attribute(
                    name,
                    version,
                    "declare the OU; from 4.0 the landing zone makes none",
                );
            }
        } else {
            self.refuse_attribute(
                "config",
                version,
                "take it out: up to 3.3 Config is in the audit account",
            );
            for (name, given) in [("log_archive", &wanted.log_archive), ("audit", &wanted.audit)] {
                if given.is_none() && !self.reader.is_given(name) {
                    let message = format!("`control_tower` of version {version} has no `{name}`");
                    let error = SpecDiagnostic::new(Code::MissingAttribute, self.header, message);
                    self.reader
                        .error(error.help(format!("add `{name} = account.<label>`")));
                }
            }
        }
    }

    fn refuse_attribute(&self, name: &str, version: TowerVersion, help: &str) {
        if self.reader.is_given(name) {
            self.error(
                self.place(name),
                format!("`{name}` has no place in version {version}"),
                help,
            );
        }
    }
}
