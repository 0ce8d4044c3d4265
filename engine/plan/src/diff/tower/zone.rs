//! The landing zone: created, updated, repaired, and what AWS wants of it.

use super::manifest::{self, Manifest};
use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::DesiredControlTower;
use lz_model::live::{LandingZoneStatus, LiveLandingZone, LiveTower};
use lz_model::plan::{Action, Change, Reason, TowerStep, TowerWork};
use lz_model::tower::TowerVersion;

/// Trusted access that Control Tower wants to give itself (rule R28).
pub(crate) const CONFIG: &str = "config.amazonaws.com";

/// The landing zone as the plan leaves it.
#[derive(Debug)]
pub(super) struct ZoneAfter {
    pub(super) version: TowerVersion,
    pub(super) enrols_moved: bool,
    /// Whether Control Tower manages Identity Center, so that baselines must name it (rule R29).
    pub(super) identity_center: bool,
    /// Whether that changes with the plan.
    pub(super) identity_center_changes: bool,
    pub(super) config: bool,
    pub(super) backup: bool,
    pub(super) regions: usize,
    /// Whether the version rises, so that baselines and controls must follow (rule R33).
    pub(super) upgraded: bool,
    /// The OU of the shared accounts.
    pub(super) security: Option<Entity>,
    /// The OU that the landing zone makes and registers itself, up to 3.3.
    pub(super) sandbox: Option<String>,
}

/// Plans the landing zone. Returns what it will be; `None` where there is none, or none may be planned.
pub(super) fn diff(
    context: &Context<'_>,
    live: &LiveTower,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) -> Option<ZoneAfter> {
    let wanted = context.desired.tower.zone.as_ref();
    match (wanted, &live.landing_zone) {
        (None, None) => {
            problems.add(
                "no_landing_zone",
                None,
                format!(
                    "`{}` has no landing zone of Control Tower for baselines and controls",
                    live.region
                ),
                "declare it with a `control_tower` block, or correct `home_region` (rules R29, R32)",
            );
            None
        }
        (None, Some(zone)) => Some(after(
            context,
            &unchanged(zone),
            zone.version,
            zone.enrols_moved,
            Some(zone),
        )),
        (Some(wanted), found) => {
            let manifest = Manifest::wanted(
                context,
                wanted,
                found.as_ref().map(|zone| (&zone.manifest, zone.version)),
            );
            let before = problems.count();
            super::parts::check(context, wanted, &manifest, found.as_ref(), problems);
            refuse_version(wanted, found.as_ref(), problems);
            refuse_regions_off(wanted, live, problems);
            if problems.count() > before {
                return None;
            }
            let enrols = super::enrols_moved(context);
            let site = Steps {
                context,
                live,
                drafts,
            };
            match found {
                None => site.create(wanted, &manifest, enrols, problems)?,
                Some(zone) => site.change(wanted, &manifest, enrols, zone),
            }
            Some(after(
                context,
                &manifest_view(&manifest, wanted.version),
                wanted.version,
                enrols,
                found.as_ref(),
            ))
        }
    }
}

/// What later parts ask of a manifest.
struct View {
    identity_center: bool,
    config: bool,
    backup: bool,
    regions: usize,
    logging_account: Option<String>,
    security_ou: Option<String>,
    sandbox_ou: Option<String>,
}

fn manifest_view(manifest: &Manifest, version: TowerVersion) -> View {
    View {
        identity_center: manifest.has("accessManagement", version),
        config: manifest.has("config", version),
        backup: manifest.has("backup", version),
        regions: manifest.region_count(),
        logging_account: ["centralizedLogging", "securityRoles", "config"]
            .iter()
            .find_map(|part| manifest.account_of(part))
            .map(str::to_owned),
        security_ou: manifest.unit("security").map(str::to_owned),
        sandbox_ou: manifest.unit("sandbox").map(str::to_owned),
    }
}

fn unchanged(zone: &LiveLandingZone) -> View {
    let has = |part| manifest::is_on(&zone.manifest, part, zone.version);
    let unit = |which: &str| {
        let name = zone
            .manifest
            .pointer(&format!("/organizationStructure/{which}/name"))?;
        Some(name.as_str()?.to_owned())
    };
    View {
        identity_center: has("accessManagement"),
        config: has("config"),
        backup: has("backup"),
        regions: zone
            .manifest
            .get("governedRegions")
            .and_then(serde_json::Value::as_array)
            .map_or(1, |regions| regions.len().max(1)),
        logging_account: ["centralizedLogging", "securityRoles", "config"]
            .iter()
            .find_map(|part| manifest::account_of(&zone.manifest, part))
            .map(str::to_owned),
        security_ou: unit("security"),
        sandbox_ou: unit("sandbox"),
    }
}

fn after(
    context: &Context<'_>,
    view: &View,
    version: TowerVersion,
    enrols_moved: bool,
    found: Option<&LiveLandingZone>,
) -> ZoneAfter {
    let identity_before = found.is_some_and(|zone| unchanged(zone).identity_center);
    ZoneAfter {
        version,
        enrols_moved,
        identity_center: view.identity_center,
        identity_center_changes: found.is_some() && identity_before != view.identity_center,
        config: view.config,
        backup: view.backup,
        regions: view.regions,
        upgraded: found.is_some_and(|zone| zone.version < version),
        security: security(context, view),
        sandbox: view.sandbox_ou.clone(),
    }
}

/// Returns the OU of the shared accounts: up to 3.3 the one that the manifest names, from 4.0 the one they are in
/// (rule R28).
fn security(context: &Context<'_>, view: &View) -> Option<Entity> {
    if let Some(name) = &view.security_ou {
        return top(context, name);
    }
    let wanted = context.desired.tower.zone.as_ref();
    let declared = wanted.and_then(|zone| zone.log_archive.as_ref().or(zone.audit.as_ref()));
    let account = match declared {
        Some(name) => entity::account(&context.pairs, name),
        None => Entity::Account(view.logging_account.as_ref()?.parse().ok()?),
    };
    let above = context.trees.path_after(&account);
    above.get(1).filter(|parent| **parent != Entity::Root).cloned()
}

/// Returns the OU right below the root that has a name after the plan.
pub(super) fn top(context: &Context<'_>, name: &str) -> Option<Entity> {
    let declared = context
        .desired
        .ous
        .iter()
        .find(|(address, ou)| address.parent().is_none() && ou.name == name);
    if let Some((address, _)) = declared {
        return Some(entity::ou(&context.pairs, address));
    }
    let found = context
        .live?
        .ous
        .values()
        .find(|ou| Entity::of_parent(&ou.parent) == Entity::Root && ou.name == name);
    found.map(|ou| Entity::Ou(ou.id.clone()))
}

/// A version exists, and none goes back (aws-facts sections 4.2 and 4.4).
fn refuse_version(
    wanted: &DesiredControlTower,
    found: Option<&LiveLandingZone>,
    problems: &mut Problems<'_>,
) {
    let Some(zone) = found else { return };
    let version = wanted.version;
    if version < zone.version {
        problems.add(
            "landing_zone_version",
            Address::ControlTower,
            format!(
                "the landing zone is of version {}, which cannot go back to {version} (rule R33)",
                zone.version
            ),
            format!("write `version = \"{}\"`", zone.version),
        );
    } else if let Some(latest) = zone.latest.filter(|latest| version > *latest) {
        problems.add(
            "landing_zone_version",
            Address::ControlTower,
            format!("there is no landing zone version {version} here; the newest is {latest}"),
            format!("write `version = \"{latest}\"`"),
        );
    }
}

/// A governed Region is on in the management account (rule R28).
fn refuse_regions_off(wanted: &DesiredControlTower, live: &LiveTower, problems: &mut Problems<'_>) {
    for region in wanted
        .governed_regions
        .iter()
        .filter(|region| live.regions_off.contains(region))
    {
        problems.add(
            "region_off",
            Address::ControlTower,
            format!(
                "`{region}` is not enabled in the management account, so it cannot be governed (rule R28)"
            ),
            "enable the Region there first, or take it out of `governed_regions`",
        );
    }
}

struct Steps<'a, 'c, 'd> {
    context: &'c Context<'a>,
    live: &'c LiveTower,
    drafts: &'d mut Drafts,
}

impl Steps<'_, '_, '_> {
    fn push(&mut self, verb: &str, work: TowerWork, reason: Reason) {
        let action = Action::Tower(TowerStep {
            region: self.live.region.clone(),
            work,
        });
        let draft = Draft::new(self.context.desired, Address::ControlTower, verb, action, reason);
        self.drafts.push(draft);
    }

    fn create(
        mut self,
        wanted: &DesiredControlTower,
        manifest: &Manifest,
        enrols_moved: bool,
        problems: &mut Problems<'_>,
    ) -> Option<()> {
        let before = problems.count();
        refuse_elsewhere(self.context, self.live, problems);
        refuse_config_access(self.context, problems);
        if problems.count() > before {
            return None;
        }
        let version = wanted.version;
        self.push("make roles", TowerWork::MakeRoles { version }, Reason::Missing {});
        let work = TowerWork::CreateZone {
            version,
            manifest: manifest.text(),
            enrols_moved,
        };
        self.push("create", work, Reason::Missing {});
        Some(())
    }

    fn change(
        mut self,
        wanted: &DesiredControlTower,
        manifest: &Manifest,
        enrols: bool,
        zone: &LiveLandingZone,
    ) {
        let version = wanted.version;
        let differs = version != zone.version || enrols != zone.enrols_moved || !manifest.is(&zone.manifest);
        let broken = zone.drifted || zone.status == LandingZoneStatus::Failed;
        let upgraded = version.has_integrations() && !zone.version.has_integrations();
        // Nothing that is read names the roles. One that is missing shows as drift, and is not made by a reset (rule R28;
        // Control Tower User Guide, "Types of governance drift").
        if broken || (differs && upgraded) {
            self.push("make roles", TowerWork::MakeRoles { version }, Reason::Differs {});
        }
        if differs {
            let work = TowerWork::UpdateZone {
                landing_zone: zone.arn.clone(),
                version: Change {
                    before: zone.version,
                    after: version,
                },
                manifest: Change {
                    before: manifest::known(&zone.manifest),
                    after: manifest.text(),
                },
                enrols_moved: Change {
                    before: zone.enrols_moved,
                    after: enrols,
                },
            };
            self.push("update", work, Reason::Differs {});
        } else if broken {
            let work = TowerWork::ResetZone {
                landing_zone: zone.arn.clone(),
                version: zone.version,
            };
            self.push("reset", work, Reason::Differs {});
        }
    }
}

/// There is one landing zone, and it is seen in its home Region only, which cannot change (aws-facts section 4.2).
/// Its own guardrails show that it is somewhere else.
fn refuse_elsewhere(context: &Context<'_>, tower: &LiveTower, problems: &mut Problems<'_>) {
    let Some(live) = context.live else { return };
    let trusted = live
        .trusted_services
        .iter()
        .any(|service| service.as_str() == "controltower.amazonaws.com");
    let guarded = live
        .policies
        .values()
        .any(|policy| policy.name.starts_with("aws-guardrails-"));
    if trusted && guarded {
        problems.add(
            "home_region_differs",
            Address::ControlTower,
            format!(
                "Control Tower has been set up, but not in `{}`: its home Region never changes",
                tower.region
            ),
            "write the Region in which it was set up as `home_region` of `landing_zone`",
        );
    }
}

/// Control Tower gives Config its trusted access itself, and does not begin where it is there (rule R28).
fn refuse_config_access(context: &Context<'_>, problems: &mut Problems<'_>) {
    let wanted = context.desired.organization.as_ref();
    let listed = wanted.is_some_and(|o| o.trusted_services.iter().any(|s| s.as_str() == CONFIG));
    let found = context
        .live
        .is_some_and(|live| live.trusted_services.iter().any(|s| s.as_str() == CONFIG));
    let goes = wanted.is_some_and(|o| {
        o.exclusive
            .contains(&lz_model::desired::Exclusive::TrustedServices)
    });
    if listed || (found && !goes) {
        problems.add(
            "config_trusted_access",
            Address::ControlTower,
            format!("`{CONFIG}` has trusted access, or is to have it: a landing zone cannot be set up then (rule R28)"),
            format!("disable trusted access of `{CONFIG}` and take it out of `trusted_services` until the landing zone is there"),
        );
    }
}

/// Returns the accounts that the landing zone is made from, each with what it is there for.
pub(crate) fn shared_accounts(wanted: &DesiredControlTower) -> Vec<(&'static str, &Name)> {
    let named = [
        ("log_archive", wanted.log_archive.as_ref()),
        ("audit", wanted.audit.as_ref()),
        ("config", wanted.config.as_ref()),
        ("backup.admin", wanted.backup.as_ref().map(|backup| &backup.admin)),
        ("backup.vault", wanted.backup.as_ref().map(|backup| &backup.vault)),
    ];
    named
        .into_iter()
        .filter_map(|(what, name)| Some((what, name?)))
        .collect()
}
