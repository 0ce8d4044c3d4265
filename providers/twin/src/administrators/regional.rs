//! Services with one administrator in each Region: GuardDuty, Security Hub, Macie, Detective, Inspector, Audit Manager
//! (aws-facts section 6).

use serde_json::{Value, json};

use super::delegate::{self, Access, Obstacle};
use super::state::Administrator;
use crate::neighbour::{CAPITAL, Neighbour, PageNames, SMALL, management_organization, page};
use crate::organizations::Organization;
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::{AccountId, World};

/// How one of these services behaves.
pub(super) struct Regional {
    pub(super) who: Neighbour,
    pub(super) principal: &'static str,
    access: Access,
    /// The code for an administrator where there is another.
    taken: (&'static str, u16),
    /// The code for an account that is no administrator here.
    absent: (&'static str, u16),
    /// Whether every Region must have the same administrator.
    everywhere_the_same: bool,
    /// Whether the last Disable leaves the account registered in Organizations.
    stays_registered: bool,
}

pub(super) static GUARDDUTY: Regional = Regional {
    who: Neighbour::GuardDuty,
    principal: "guardduty.amazonaws.com",
    access: Access::First,
    taken: ("BadRequestException", 400),
    absent: ("BadRequestException", 400),
    everywhere_the_same: true,
    stays_registered: false,
};

pub(super) static SECURITYHUB: Regional = Regional {
    who: Neighbour::SecurityHub,
    principal: "securityhub.amazonaws.com",
    access: Access::ByItself,
    taken: ("InvalidInputException", 400),
    absent: ("InvalidInputException", 400),
    everywhere_the_same: false,
    stays_registered: false,
};

pub(super) static MACIE: Regional = Regional {
    who: Neighbour::Macie,
    principal: "macie.amazonaws.com",
    access: Access::First,
    taken: ("ConflictException", 409),
    absent: ("ResourceNotFoundException", 404),
    everywhere_the_same: true,
    stays_registered: false,
};

pub(super) static DETECTIVE: Regional = Regional {
    who: Neighbour::Detective,
    principal: "detective.amazonaws.com",
    access: Access::ByItself,
    taken: ("ValidationException", 400),
    absent: ("ValidationException", 400),
    everywhere_the_same: false,
    stays_registered: true,
};

pub(super) static INSPECTOR: Regional = Regional {
    who: Neighbour::Inspector,
    principal: "inspector2.amazonaws.com",
    access: Access::First,
    taken: ("ConflictException", 409),
    absent: ("ResourceNotFoundException", 404),
    everywhere_the_same: false,
    stays_registered: false,
};

pub(super) static AUDIT: Regional = Regional {
    who: Neighbour::AuditManager,
    principal: "auditmanager.amazonaws.com",
    access: Access::ByItself,
    taken: ("ValidationException", 400),
    absent: ("ResourceNotFoundException", 404),
    everywhere_the_same: false,
    stays_registered: false,
};

/// Every service of this sort.
pub(super) static SERVICES: [&Regional; 6] =
    [&GUARDDUTY, &SECURITYHUB, &MACIE, &DETECTIVE, &INSPECTOR, &AUDIT];

/// A Region that is off in the management account takes no calls: its endpoint does not know the caller.
fn refuse_region_off(world: &World, call: &Call<'_>) -> Result<(), Refusal> {
    let on = world
        .accounts
        .get(call.caller)
        .is_none_or(|account| crate::account::region_is_on(account, call.region, call.settings.partition));
    if on {
        return Ok(());
    }
    Err(Refusal::new(
        "UnrecognizedClientException",
        403,
        format!(
            "Region `{}` is not enabled in account `{}`",
            call.region, call.caller
        ),
    ))
}

impl Regional {
    fn refuse_taken(&self, message: String) -> Refusal {
        Refusal::new(self.taken.0, self.taken.1, message)
    }

    fn refuse_absent(&self, message: String) -> Refusal {
        Refusal::new(self.absent.0, self.absent.1, message)
    }

    /// Returns the administrator in the call's Region.
    fn here<'a>(&self, world: &'a World, org: &Organization, region: &str) -> Option<&'a Administrator> {
        let kept = world.neighbours.administrators.get(&org.management)?;
        kept.regional.get(self.principal)?.get(region)
    }

    /// One administrator in a Region, and for some services the same in all of them (aws-facts section 6).
    fn refuse_another(
        &self,
        world: &World,
        org: &Organization,
        account: &AccountId,
        region: &str,
    ) -> Result<(), Refusal> {
        let kept = world.neighbours.administrators.get(&org.management);
        let regions = kept.and_then(|kept| kept.regional.get(self.principal));
        for (other, administrator) in regions.into_iter().flatten() {
            let counts = other == region || self.everywhere_the_same;
            if counts && administrator.account != *account {
                return Err(self.refuse_taken(format!(
                    "account `{}` is the delegated administrator of `{}` in {other}; remove it first",
                    administrator.account, self.principal
                )));
            }
        }
        Ok(())
    }

    /// Makes an account the administrator in the call's Region.
    pub(super) fn enable(
        &self,
        world: &mut World,
        call: &Call<'_>,
        member: &'static str,
    ) -> Result<AccountId, Refusal> {
        let account = delegate::account(self.who, call, member)?;
        delegate::with_organization(self.who, world, call, |world, org| {
            refuse_region_off(world, call)?;
            self.refuse_another(world, org, &account, call.region)?;
            let obstacle =
                delegate::obstacle(world, org, &account, self.principal, self.access, call.settings);
            match obstacle {
                None => {}
                Some(full @ Obstacle::Full { .. }) => return Err(self.refuse_taken(full.message())),
                Some(other) => return Err(self.who.invalid(other.message())),
            }
            delegate::register(org, &account, self.principal, call);
            let kept = world
                .neighbours
                .administrators
                .entry(org.management.clone())
                .or_default();
            kept.regional
                .entry(self.principal.to_owned())
                .or_default()
                .entry(call.region.to_owned())
                .or_insert(Administrator {
                    account: account.clone(),
                    since: call.now,
                });
            Ok(account)
        })
    }

    /// Takes the administrator of the call's Region away; the last one is deregistered in Organizations too.
    pub(super) fn disable(
        &self,
        world: &mut World,
        call: &Call<'_>,
        account: Option<AccountId>,
    ) -> Result<AccountId, Refusal> {
        delegate::with_organization(self.who, world, call, |world, org| {
            let here = self
                .here(world, org, call.region)
                .map(|found| found.account.clone());
            let found = here.filter(|here| account.as_ref().is_none_or(|account| account == here));
            let Some(found) = found else {
                let asked = account.as_ref().map_or("no account", AccountId::as_str);
                return Err(self.refuse_absent(format!(
                    "`{asked}` is not the delegated administrator of `{}` in {}",
                    self.principal, call.region
                )));
            };
            let mut last = true;
            if let Some(kept) = world.neighbours.administrators.get_mut(&org.management)
                && let Some(regions) = kept.regional.get_mut(self.principal)
            {
                regions.remove(call.region);
                last = regions.is_empty();
                if last {
                    kept.regional.remove(self.principal);
                }
            }
            if last && !self.stays_registered {
                delegate::deregister(org, &found, self.principal);
            }
            Ok(found)
        })
    }

    /// Returns the administrator in the call's Region, as the management account sees it.
    pub(super) fn shown(&self, world: &World, call: &Call<'_>) -> Result<Option<Administrator>, Refusal> {
        let org = management_organization(self.who, world, call)?;
        refuse_region_off(world, call)?;
        Ok(self.here(world, org, call.region).cloned())
    }

    /// Lists the administrator: one row at most.
    fn list(
        &self,
        world: &World,
        call: &Call<'_>,
        names: &PageNames,
        most: usize,
        (list, row): (&str, impl Fn(&Administrator) -> Value),
    ) -> Answer {
        page(self.who, call, names, 1..=most)?;
        let rows: Vec<Value> = self.shown(world, call)?.iter().map(row).collect();
        answer(&json!({list: rows}))
    }
}

/// GuardDuty EnableOrganizationAdminAccount.
pub(super) fn guardduty_enable(world: &mut World, call: &Call<'_>) -> Answer {
    GUARDDUTY.enable(world, call, "adminAccountId")?;
    empty()
}

/// GuardDuty DisableOrganizationAdminAccount.
pub(super) fn guardduty_disable(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(Neighbour::GuardDuty, call, "adminAccountId")?;
    GUARDDUTY.disable(world, call, Some(account))?;
    empty()
}

/// GuardDuty ListOrganizationAdminAccounts.
pub(super) fn guardduty_list(world: &World, call: &Call<'_>) -> Answer {
    let row = |found: &Administrator| json!({"adminAccountId": found.account, "adminStatus": "ENABLED"});
    GUARDDUTY.list(world, call, &SMALL, 50, ("adminAccounts", row))
}

/// Security Hub has two features; the twin plays the first.
fn feature(call: &Call<'_>) -> Result<(), Refusal> {
    let who = Neighbour::SecurityHub;
    match call
        .input
        .text("Feature")
        .map_err(|error| who.unreadable(error))?
    {
        None | Some("SecurityHub") => Ok(()),
        Some(other) => Err(who.invalid(format!("the twin does not play feature `{other}`"))),
    }
}

/// Security Hub EnableOrganizationAdminAccount.
pub(super) fn securityhub_enable(world: &mut World, call: &Call<'_>) -> Answer {
    feature(call)?;
    let account = SECURITYHUB.enable(world, call, "AdminAccountId")?;
    answer(&json!({"AdminAccountId": account, "Feature": "SecurityHub"}))
}

/// Security Hub DisableOrganizationAdminAccount.
pub(super) fn securityhub_disable(world: &mut World, call: &Call<'_>) -> Answer {
    feature(call)?;
    let account = delegate::account(Neighbour::SecurityHub, call, "AdminAccountId")?;
    SECURITYHUB.disable(world, call, Some(account))?;
    empty()
}

/// Security Hub ListOrganizationAdminAccounts.
pub(super) fn securityhub_list(world: &World, call: &Call<'_>) -> Answer {
    feature(call)?;
    let row = |found: &Administrator| json!({"AccountId": found.account, "Status": "ENABLED"});
    SECURITYHUB.list(world, call, &CAPITAL, 10, ("AdminAccounts", row))
}

/// Macie EnableOrganizationAdminAccount.
pub(super) fn macie_enable(world: &mut World, call: &Call<'_>) -> Answer {
    MACIE.enable(world, call, "adminAccountId")?;
    empty()
}

/// Macie DisableOrganizationAdminAccount.
pub(super) fn macie_disable(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(Neighbour::Macie, call, "adminAccountId")?;
    MACIE.disable(world, call, Some(account))?;
    empty()
}

/// Macie ListOrganizationAdminAccounts.
pub(super) fn macie_list(world: &World, call: &Call<'_>) -> Answer {
    let row = |found: &Administrator| json!({"accountId": found.account, "status": "ENABLED"});
    MACIE.list(world, call, &SMALL, 25, ("adminAccounts", row))
}

/// Detective EnableOrganizationAdminAccount.
pub(super) fn detective_enable(world: &mut World, call: &Call<'_>) -> Answer {
    DETECTIVE.enable(world, call, "AccountId")?;
    empty()
}

/// Detective DisableOrganizationAdminAccount: names no account, and does not deregister (aws-facts section 6).
pub(super) fn detective_disable(world: &mut World, call: &Call<'_>) -> Answer {
    DETECTIVE.disable(world, call, None)?;
    empty()
}

/// Detective ListOrganizationAdminAccounts.
pub(super) fn detective_list(world: &World, call: &Call<'_>) -> Answer {
    let row = |found: &Administrator| {
        let graph = format!("{:032x}", u128::from(found.since.millis()));
        let (partition, account) = (call.settings.partition.as_str(), &found.account);
        json!({
            "AccountId": account,
            "DelegationTime": found.since.iso8601(),
            "GraphArn": format!("arn:{partition}:detective:{}:{account}:graph:{graph}", call.region),
        })
    };
    DETECTIVE.list(world, call, &CAPITAL, 200, ("Administrators", row))
}

/// Inspector EnableDelegatedAdminAccount.
pub(super) fn inspector_enable(world: &mut World, call: &Call<'_>) -> Answer {
    let account = INSPECTOR.enable(world, call, "delegatedAdminAccountId")?;
    answer(&json!({"delegatedAdminAccountId": account}))
}

/// Inspector DisableDelegatedAdminAccount.
pub(super) fn inspector_disable(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(Neighbour::Inspector, call, "delegatedAdminAccountId")?;
    let account = INSPECTOR.disable(world, call, Some(account))?;
    answer(&json!({"delegatedAdminAccountId": account}))
}

/// Inspector ListDelegatedAdminAccounts.
pub(super) fn inspector_list(world: &World, call: &Call<'_>) -> Answer {
    let row = |found: &Administrator| json!({"accountId": found.account, "status": "ENABLED"});
    INSPECTOR.list(world, call, &SMALL, 5, ("delegatedAdminAccounts", row))
}

/// Inspector GetDelegatedAdminAccount.
pub(super) fn inspector_get(world: &World, call: &Call<'_>) -> Answer {
    match INSPECTOR.shown(world, call)? {
        Some(found) => answer(&json!({
            "delegatedAdmin": {"accountId": found.account, "relationshipStatus": "ENABLED"},
        })),
        None => Err(INSPECTOR.refuse_absent("there is no delegated administrator".to_owned())),
    }
}

/// Audit Manager RegisterOrganizationAdminAccount.
pub(super) fn audit_register(world: &mut World, call: &Call<'_>) -> Answer {
    let account = AUDIT.enable(world, call, "adminAccountId")?;
    let org = management_organization(Neighbour::AuditManager, world, call)?;
    answer(&json!({"adminAccountId": account, "organizationId": org.id}))
}

/// Audit Manager DeregisterOrganizationAdminAccount; the account may be left out.
pub(super) fn audit_deregister(world: &mut World, call: &Call<'_>) -> Answer {
    let named = call
        .input
        .text("adminAccountId")
        .map_err(|error| AUDIT.who.unreadable(error))?;
    let account = match named {
        Some(_) => Some(delegate::account(AUDIT.who, call, "adminAccountId")?),
        None => None,
    };
    AUDIT.disable(world, call, account)?;
    empty()
}

/// Audit Manager GetOrganizationAdminAccount.
pub(super) fn audit_get(world: &World, call: &Call<'_>) -> Answer {
    let org = management_organization(Neighbour::AuditManager, world, call)?;
    match AUDIT.shown(world, call)? {
        Some(found) => answer(&json!({"adminAccountId": found.account, "organizationId": org.id})),
        None => Err(AUDIT.refuse_absent("there is no delegated administrator".to_owned())),
    }
}
