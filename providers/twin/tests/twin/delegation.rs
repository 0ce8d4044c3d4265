//! Trusted access and delegated administrators.

use lz_twin::DelegatesOnDisable;

use crate::kit::*;

const GUARDDUTY: &str = "guardduty.amazonaws.com";
const CONFIG: &str = "config.amazonaws.com";
const SSO: &str = "sso.amazonaws.com";

fn pair(account: &str, principal: &str) -> Value {
    json!({"AccountId": account, "ServicePrincipal": principal})
}

fn access(principal: &str) -> Value {
    json!({"ServicePrincipal": principal})
}

#[test]
fn trusted_access_is_given_listed_and_taken() {
    let world = World::new();
    world.ok("EnableAWSServiceAccess", access(SSO));
    world.wait(10);
    world.ok("EnableAWSServiceAccess", access(SSO));
    let listed = world.ok("ListAWSServiceAccessForOrganization", json!({}));
    let one = json!([{"ServicePrincipal": SSO, "DateEnabled": 1_767_225_600.0}]);
    assert_eq!(at(&listed, "/EnabledServicePrincipals"), &one);
    world.ok("DisableAWSServiceAccess", access(SSO));
    let listed = world.ok("ListAWSServiceAccessForOrganization", json!({}));
    assert_eq!(at(&listed, "/EnabledServicePrincipals"), &json!([]));
}

#[test]
fn unknown_principals_are_refused() {
    let world = World::new();
    let account = world.account("a");
    let reason = "InvalidInput/UNRECOGNIZED_SERVICE_PRINCIPAL";
    for operation in [
        "EnableAWSServiceAccess",
        "DisableAWSServiceAccess",
        "ListDelegatedAdministrators",
    ] {
        world.no(operation, access("nobody.amazonaws.com"), reason);
    }
    for operation in [
        "RegisterDelegatedAdministrator",
        "DeregisterDelegatedAdministrator",
    ] {
        world.no(operation, pair(&account, "nobody.amazonaws.com"), reason);
        world.no(operation, pair(&account, "controltower.amazonaws.com"), reason);
    }
    world.no("EnableAWSServiceAccess", access("ipam.amazonaws.com"), reason);
    world.no(
        "EnableAWSServiceAccess",
        access("a b"),
        "InvalidInput/INVALID_PATTERN",
    );
}

#[test]
fn a_delegated_administrator_is_listed_both_ways() {
    let world = World::new();
    let account = world.account("a");
    world.delegate(&account, GUARDDUTY);
    world.wait(5);
    world.delegate(&account, CONFIG);
    let all = world.ok("ListDelegatedAdministrators", json!({}));
    assert_eq!(ids(&all, "/DelegatedAdministrators"), [account.as_str()]);
    let since = at(&all, "/DelegatedAdministrators/0/DelegationEnabledDate").as_f64();
    assert_eq!(since, Some(1_767_225_660.0));
    let none = world.ok("ListDelegatedAdministrators", access(SSO));
    assert_eq!(at(&none, "/DelegatedAdministrators"), &json!([]));
    let services = world.ok("ListDelegatedServicesForAccount", json!({"AccountId": account}));
    assert_eq!(text(&services, "/DelegatedServices/0/ServicePrincipal"), CONFIG);
    assert_eq!(
        text(&services, "/DelegatedServices/1/ServicePrincipal"),
        GUARDDUTY
    );
    for principal in [CONFIG, GUARDDUTY] {
        world.ok("DeregisterDelegatedAdministrator", pair(&account, principal));
    }
    world.no(
        "DeregisterDelegatedAdministrator",
        pair(&account, CONFIG),
        "AccountNotRegistered",
    );
    world.no(
        "ListDelegatedServicesForAccount",
        json!({"AccountId": account}),
        "AccountNotRegistered",
    );
    world.no(
        "ListDelegatedServicesForAccount",
        json!({"AccountId": NO_ACCOUNT}),
        "AccountNotFound",
    );
}

#[test]
fn registering_needs_access_and_an_active_member() {
    let world = World::new();
    let account = world.account("a");
    let register = "RegisterDelegatedAdministrator";
    world.no(
        register,
        pair(&account, SSO),
        "ConstraintViolation/SERVICE_ACCESS_NOT_ENABLED",
    );
    world.trust(SSO);
    let management = "ConstraintViolation/CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR";
    world.no(register, pair(MANAGEMENT, SSO), management);
    world.no(register, pair(NO_ACCOUNT, SSO), "AccountNotFound");
    let closed = world.account("b");
    world.ok("CloseAccount", json!({"AccountId": closed}));
    let suspended = "ConstraintViolation/CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR";
    world.no(register, pair(&closed, SSO), suspended);
    world.ok(register, pair(&account, SSO));
    world.no(register, pair(&account, SSO), "AccountAlreadyRegistered");
}

#[test]
fn services_take_one_administrator_or_a_few() {
    let world = World::new();
    let accounts: Vec<_> = (0..4).map(|n| world.account(&format!("a{n}"))).collect();
    world.delegate(&accounts[0], GUARDDUTY);
    let exists = "ConstraintViolation/DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE";
    world.no(
        "RegisterDelegatedAdministrator",
        pair(&accounts[1], GUARDDUTY),
        exists,
    );
    for account in &accounts[..3] {
        world.delegate(account, CONFIG);
    }
    let full = "ConstraintViolation/MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED";
    world.no("RegisterDelegatedAdministrator", pair(&accounts[3], CONFIG), full);
}

#[test]
fn stack_sets_delegate_under_another_name_than_they_are_trusted() {
    let world = World::new();
    let account = world.account("a");
    let member = "member.org.stacksets.cloudformation.amazonaws.com";
    let refusal = "ConstraintViolation/SERVICE_ACCESS_NOT_ENABLED";
    world.no("RegisterDelegatedAdministrator", pair(&account, member), refusal);
    world.trust("stacksets.cloudformation.amazonaws.com");
    world.ok("RegisterDelegatedAdministrator", pair(&account, member));
}

#[test]
fn what_disabling_access_does_to_delegated_administrators_is_a_setting() {
    for choice in [
        DelegatesOnDisable::Refuse,
        DelegatesOnDisable::Keep,
        DelegatesOnDisable::Deregister,
    ] {
        let world = World::set(|settings| settings.delegates_on_disable = choice);
        let account = world.account("a");
        world.delegate(&account, SSO);
        let left = || {
            ids(
                &world.ok("ListDelegatedAdministrators", json!({})),
                "/DelegatedAdministrators",
            )
            .len()
        };
        match choice {
            DelegatesOnDisable::Refuse => {
                let reason = "ConstraintViolation/DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE";
                world.no("DisableAWSServiceAccess", access(SSO), reason);
                world.ok("DeregisterDelegatedAdministrator", pair(&account, SSO));
                world.ok("DisableAWSServiceAccess", access(SSO));
            }
            DelegatesOnDisable::Keep => {
                world.ok("DisableAWSServiceAccess", access(SSO));
                assert_eq!(left(), 1);
            }
            DelegatesOnDisable::Deregister => {
                world.ok("DisableAWSServiceAccess", access(SSO));
                assert_eq!(left(), 0);
            }
        }
    }
}
