//! Delegated administrators and trusted access by the services' own calls (aws-facts section 6).

use crate::kit::*;
use crate::tower::*;

/// A service with an administrator in each Region, as its calls go.
struct Service {
    signed: &'static str,
    principal: &'static str,
    enable: (&'static str, &'static str),
    disable: (&'static str, &'static str),
    list: (&'static str, &'static str),
    /// Where the list shows the account.
    shown: &'static str,
    member: &'static str,
    access_first: bool,
    one_everywhere: bool,
    stays_registered: bool,
    taken: u16,
    absent: u16,
}

const SERVICES: [Service; 5] = [
    Service {
        signed: "guardduty",
        principal: "guardduty.amazonaws.com",
        enable: ("POST", "/admin/enable"),
        disable: ("POST", "/admin/disable"),
        list: ("GET", "/admin?maxResults=50"),
        shown: "/adminAccounts/0/adminAccountId",
        member: "adminAccountId",
        access_first: true,
        one_everywhere: true,
        stays_registered: false,
        taken: 400,
        absent: 400,
    },
    Service {
        signed: "securityhub",
        principal: "securityhub.amazonaws.com",
        enable: ("POST", "/organization/admin/enable"),
        disable: ("POST", "/organization/admin/disable"),
        list: ("GET", "/organization/admin"),
        shown: "/AdminAccounts/0/AccountId",
        member: "AdminAccountId",
        access_first: false,
        one_everywhere: false,
        stays_registered: false,
        taken: 400,
        absent: 400,
    },
    Service {
        signed: "macie2",
        principal: "macie.amazonaws.com",
        enable: ("POST", "/admin"),
        disable: ("DELETE", "/admin?adminAccountId={}"),
        list: ("GET", "/admin"),
        shown: "/adminAccounts/0/accountId",
        member: "adminAccountId",
        access_first: true,
        one_everywhere: true,
        stays_registered: false,
        taken: 409,
        absent: 404,
    },
    Service {
        signed: "detective",
        principal: "detective.amazonaws.com",
        enable: ("POST", "/orgs/enableAdminAccount"),
        disable: ("POST", "/orgs/disableAdminAccount"),
        list: ("POST", "/orgs/adminAccountslist"),
        shown: "/Administrators/0/AccountId",
        member: "AccountId",
        access_first: false,
        one_everywhere: false,
        stays_registered: true,
        taken: 400,
        absent: 400,
    },
    Service {
        signed: "inspector2",
        principal: "inspector2.amazonaws.com",
        enable: ("POST", "/delegatedadminaccounts/enable"),
        disable: ("POST", "/delegatedadminaccounts/disable"),
        list: ("POST", "/delegatedadminaccounts/list"),
        shown: "/delegatedAdminAccounts/0/accountId",
        member: "delegatedAdminAccountId",
        access_first: true,
        one_everywhere: false,
        stays_registered: false,
        taken: 409,
        absent: 404,
    },
];

impl Service {
    fn call(&self, world: &World, region: &str, way: (&str, &str), account: &str) -> Result<Value, No> {
        let path = way.1.replace("{}", account);
        let body = match way.0 {
            "GET" | "DELETE" => Value::Null,
            _ if account.is_empty() => json!({}),
            _ => json!({self.member: account}),
        };
        rest(world, (MANAGEMENT, region, self.signed), (way.0, &path), &body)
    }

    fn enable(&self, world: &World, region: &str, account: &str) -> Result<Value, No> {
        self.call(world, region, self.enable, account)
    }

    fn disable(&self, world: &World, region: &str, account: &str) -> Result<Value, No> {
        self.call(world, region, self.disable, account)
    }

    /// The administrator in a Region, if there is one.
    fn here(&self, world: &World, region: &str) -> Option<String> {
        let listed = self.call(world, region, self.list, "").unwrap();
        listed
            .pointer(self.shown)
            .map(|id| id.as_str().unwrap().to_owned())
    }

    fn registered(&self, world: &World) -> usize {
        let listed = world.ok(
            "ListDelegatedAdministrators",
            json!({"ServicePrincipal": self.principal}),
        );
        at(&listed, "/DelegatedAdministrators").as_array().unwrap().len()
    }

    fn ready(&self) -> (World, String) {
        let world = World::new();
        let account = world.account("security");
        if self.access_first {
            world.trust(self.principal);
        }
        (world, account)
    }
}

fn each(test: impl Fn(&Service)) {
    for service in &SERVICES {
        test(service);
    }
}

#[test]
fn an_administrator_is_named_region_by_region_and_registered_once() {
    each(|service| {
        let (world, account) = service.ready();
        service.enable(&world, "us-east-1", &account).unwrap();
        assert_eq!(
            service.here(&world, "us-east-1").as_ref(),
            Some(&account),
            "{}",
            service.signed
        );
        assert_eq!(service.here(&world, "eu-west-1"), None);
        service.enable(&world, "eu-west-1", &account).unwrap();
        assert_eq!(service.registered(&world), 1);
        service.disable(&world, "us-east-1", &account).unwrap();
        assert_eq!(service.here(&world, "us-east-1"), None);
        assert_eq!(
            service.registered(&world),
            1,
            "{} keeps it for the other Region",
            service.signed
        );
        service.disable(&world, "eu-west-1", &account).unwrap();
        assert_eq!(
            service.registered(&world),
            usize::from(service.stays_registered),
            "{}",
            service.signed
        );
    });
}

#[test]
fn trusted_access_comes_first_where_the_service_does_not_give_it() {
    each(|service| {
        let world = World::new();
        let account = world.account("security");
        let enabled = service.enable(&world, "us-east-1", &account);
        if service.access_first {
            let no = enabled.unwrap_err();
            assert!(
                no.body.to_string().contains("EnableAWSServiceAccess"),
                "{}",
                no.body
            );
        } else {
            enabled.unwrap();
            let listed = world.ok("ListAWSServiceAccessForOrganization", json!({}));
            assert!(listed.to_string().contains(service.principal), "{listed}");
        }
    });
}

#[test]
fn another_administrator_is_refused_in_the_region_and_where_all_must_agree() {
    each(|service| {
        let (world, account) = service.ready();
        let other = world.account("other");
        service.enable(&world, "us-east-1", &account).unwrap();
        for region in ["us-east-1", "eu-west-1"] {
            // Organizations lets each of these services have one administrator.
            let no = service.enable(&world, region, &other).unwrap_err();
            assert_eq!(
                no.status, service.taken,
                "{} {region}: {}",
                service.signed, no.body
            );
        }
        let no = service.disable(&world, "eu-west-1", &account).unwrap_err();
        assert_eq!(no.status, service.absent, "{}", service.signed);
    });
}

#[test]
fn some_services_want_the_same_administrator_everywhere() {
    each(|service| {
        let world = World::set(|settings| {
            settings
                .delegated_administrators
                .insert(service.principal.to_owned(), 2);
        });
        let (account, other) = (world.account("a"), world.account("b"));
        world.trust(service.principal);
        service.enable(&world, "us-east-1", &account).unwrap();
        let elsewhere = service.enable(&world, "eu-west-1", &other);
        assert_eq!(elsewhere.is_err(), service.one_everywhere, "{}", service.signed);
    });
}

#[test]
fn administrators_are_active_members_and_not_the_management_account() {
    each(|service| {
        let (world, account) = service.ready();
        for odd in [MANAGEMENT, NO_ACCOUNT, "12"] {
            assert!(
                service.enable(&world, "us-east-1", odd).is_err(),
                "{} {odd}",
                service.signed
            );
        }
        world.ok("CloseAccount", json!({"AccountId": account}));
        assert!(service.enable(&world, "us-east-1", &account).is_err());
    });
}

#[test]
fn only_the_management_account_names_administrators() {
    each(|service| {
        let (world, account) = service.ready();
        let place = (account.as_str(), "us-east-1", service.signed);
        let no = rest(&world, place, service.enable, &json!({service.member: account})).unwrap_err();
        assert!(no.body.to_string().contains("management account"), "{}", no.body);
    });
}

#[test]
fn a_region_that_is_off_takes_no_calls() {
    each(|service| {
        let (world, account) = service.ready();
        let no = service.enable(&world, "eu-south-2", &account).unwrap_err();
        assert_eq!(no.code, "UnrecognizedClientException");
    });
}

#[test]
fn what_organizations_deregisters_is_gone_in_every_region() {
    each(|service| {
        let (world, account) = service.ready();
        service.enable(&world, "us-east-1", &account).unwrap();
        let registration = json!({"AccountId": account, "ServicePrincipal": service.principal});
        world.ok("DeregisterDelegatedAdministrator", registration.clone());
        assert_eq!(service.here(&world, "us-east-1"), None, "{}", service.signed);
        world.ok("RegisterDelegatedAdministrator", registration);
        assert_eq!(
            service.here(&world, "us-east-1"),
            None,
            "{} does not see it",
            service.signed
        );
    });
}

#[test]
fn audit_manager_names_its_administrator() {
    let world = World::new();
    let account = world.account("audit");
    let ask = |way: (&str, &str), input: Value| rest(&world, (MANAGEMENT, HOME, "auditmanager"), way, &input);
    let get = ("GET", "/account/organizationAdminAccount");
    assert_eq!(ask(get, Value::Null).unwrap_err().status, 404);
    let register = ("POST", "/account/registerOrganizationAdminAccount");
    let made = ask(register, json!({"adminAccountId": account})).unwrap();
    assert_eq!(ask(get, Value::Null), Ok(made));
    ask(("POST", "/account/deregisterOrganizationAdminAccount"), json!({})).unwrap();
    assert_eq!(ask(get, Value::Null).unwrap_err().status, 404);
}

#[test]
fn inspector_shows_its_administrator() {
    let world = World::new();
    let account = world.account("a");
    world.trust("inspector2.amazonaws.com");
    let ask =
        |path: &str, input: Value| rest(&world, (MANAGEMENT, HOME, "inspector2"), ("POST", path), &input);
    assert_eq!(
        ask("/delegatedadminaccounts/get", json!({})).unwrap_err().status,
        404
    );
    ask(
        "/delegatedadminaccounts/enable",
        json!({"delegatedAdminAccountId": account}),
    )
    .unwrap();
    let shown = ask("/delegatedadminaccounts/get", json!({})).unwrap();
    assert_eq!(text(&shown, "/delegatedAdmin/accountId"), account);
}

fn trail(world: &World, operation: &str, input: Value) -> Result<Value, No> {
    let target = format!("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{operation}");
    call(world, MANAGEMENT, &target, &input)
}

#[test]
fn cloudtrail_has_three_administrators_after_trusted_access() {
    let world = World::new();
    let accounts: Vec<String> = ["a", "b", "c", "d"]
        .iter()
        .map(|name| world.account(name))
        .collect();
    let register = |account: &str| {
        trail(
            &world,
            "RegisterOrganizationDelegatedAdmin",
            json!({"MemberAccountId": account}),
        )
    };
    let code = |answer: Result<Value, No>| answer.unwrap_err().code;
    assert_eq!(
        code(register(&accounts[0])),
        "CloudTrailAccessNotEnabledException"
    );
    world.trust("cloudtrail.amazonaws.com");
    assert_eq!(
        code(register(MANAGEMENT)),
        "CannotDelegateManagementAccountException"
    );
    assert_eq!(code(register(NO_ACCOUNT)), "AccountNotFoundException");
    assert_eq!(code(register("1")), "InvalidParameterException");
    for account in &accounts[..3] {
        register(account).unwrap();
    }
    assert_eq!(code(register(&accounts[0])), "AccountRegisteredException");
    assert_eq!(
        code(register(&accounts[3])),
        "DelegatedAdminAccountLimitExceededException"
    );
    let deregister = |account: &str| {
        trail(
            &world,
            "DeregisterOrganizationDelegatedAdmin",
            json!({"DelegatedAdminAccountId": account}),
        )
    };
    deregister(&accounts[0]).unwrap();
    assert_eq!(code(deregister(&accounts[0])), "AccountNotRegisteredException");
    register(&accounts[3]).unwrap();
}

#[test]
fn ipam_switches_its_own_access() {
    let world = World::new();
    let account = world.account("network");
    let ask = |action: &str, account: &str, dry: &str| {
        let fields = [
            ("Action", action),
            ("DelegatedAdminAccountId", account),
            ("DryRun", dry),
        ];
        query(&world, MANAGEMENT, "2016-11-15", &fields)
    };
    let enable = "EnableIpamOrganizationAdminAccount";
    assert_eq!(
        ask(enable, &account, "true"),
        Err((412, "DryRunOperation".to_owned()))
    );
    assert_eq!(
        inside(&ask(enable, &account, "false").unwrap(), "success").as_deref(),
        Some("true")
    );
    assert_eq!(
        ask(enable, MANAGEMENT, "false"),
        Err((400, "InvalidParameterValue".to_owned()))
    );
    let other = world.account("other");
    assert_eq!(
        ask(enable, &other, "false"),
        Err((400, "InvalidParameterValue".to_owned()))
    );
    let listed = world.ok(
        "ListDelegatedAdministrators",
        json!({"ServicePrincipal": "ipam.amazonaws.com"}),
    );
    assert_eq!(text(&listed, "/DelegatedAdministrators/0/Id"), account);
    let disable = "DisableIpamOrganizationAdminAccount";
    ask(disable, &account, "false").unwrap();
    assert_eq!(
        ask(disable, &account, "false"),
        Err((400, "InvalidParameterValue".to_owned()))
    );
    let unknown = query(&world, MANAGEMENT, "2016-11-15", &[("Action", "RunInstances")]);
    assert_eq!(unknown, Err((400, "UnknownOperationException".to_owned())));
}

fn fms(world: &World, who: &str, operation: &str, input: Value) -> Result<Value, No> {
    call(world, who, &format!("AWSFMS_20180101.{operation}"), &input)
}

#[test]
fn firewall_manager_has_a_default_administrator_that_leaves_last() {
    let world = World::new();
    let (first, second) = (world.account("a"), world.account("b"));
    let admin = |account: &str| json!({"AdminAccount": account});
    let code = |answer: Result<Value, No>| answer.unwrap_err().brief();
    assert_eq!(
        code(fms(&world, MANAGEMENT, "GetAdminAccount", json!({}))),
        "ResourceNotFound"
    );
    assert_eq!(
        code(fms(&world, MANAGEMENT, "PutAdminAccount", admin(&first))),
        "InvalidOperation"
    );
    fms(&world, MANAGEMENT, "AssociateAdminAccount", admin(&first)).unwrap();
    assert_eq!(
        code(fms(&world, MANAGEMENT, "AssociateAdminAccount", admin(&second))),
        "InvalidOperation"
    );
    fms(&world, MANAGEMENT, "PutAdminAccount", admin(&second)).unwrap();
    let shown = fms(&world, &second, "GetAdminAccount", json!({})).unwrap();
    assert_eq!(shown, json!({"AdminAccount": first, "RoleStatus": "READY"}));
    let listed = fms(&world, MANAGEMENT, "ListAdminAccountsForOrganization", json!({})).unwrap();
    assert_eq!(at(&listed, "/AdminAccounts").as_array().unwrap().len(), 2);
    assert_eq!(
        code(fms(&world, MANAGEMENT, "DisassociateAdminAccount", json!({}))),
        "InvalidOperation"
    );
    fms(&world, &second, "DisassociateAdminAccount", json!({})).unwrap();
    fms(&world, MANAGEMENT, "DisassociateAdminAccount", json!({})).unwrap();
    let listed = world.ok(
        "ListDelegatedAdministrators",
        json!({"ServicePrincipal": "fms.amazonaws.com"}),
    );
    assert_eq!(at(&listed, "/DelegatedAdministrators"), &json!([]));
}

#[test]
fn administrators_of_firewall_manager_are_named_in_one_region() {
    let world = World::set(|settings| settings.firewall_manager_region = Some("eu-west-1".to_owned()));
    let account = world.account("a");
    let input = json!({"AdminAccount": account});
    let no = fms(&world, MANAGEMENT, "AssociateAdminAccount", input.clone()).unwrap_err();
    assert_eq!(no.brief(), "InvalidOperation");
    let world = World::set(|settings| settings.firewall_manager_region = None);
    let input = json!({"AdminAccount": world.account("a")});
    fms(&world, MANAGEMENT, "AssociateAdminAccount", input).unwrap();
}

#[test]
fn ram_and_service_catalog_switch_their_own_access() {
    let world = World::new();
    let ram = || {
        let way = ("POST", "/enablesharingwithawsorganization");
        rest(&world, (MANAGEMENT, HOME, "ram"), way, &json!({}))
    };
    assert_eq!(ram(), Ok(json!({"returnValue": true})));
    assert_eq!(ram(), Ok(json!({"returnValue": true})), "twice is harmless");
    let catalog = |operation: &str| {
        let target = format!("AWS242ServiceCatalogService.{operation}");
        call(&world, MANAGEMENT, &target, &json!({}))
    };
    let status = || {
        text(
            &catalog("GetAWSOrganizationsAccessStatus").unwrap(),
            "/AccessStatus",
        )
    };
    assert_eq!(status(), "DISABLED");
    catalog("EnableAWSOrganizationsAccess").unwrap();
    assert_eq!(status(), "ENABLED");
    let account = world.account("a");
    world.delegate(&account, "servicecatalog.amazonaws.com");
    assert_eq!(
        catalog("DisableAWSOrganizationsAccess").unwrap_err().brief(),
        "InvalidState"
    );
    let registration = json!({"AccountId": account, "ServicePrincipal": "servicecatalog.amazonaws.com"});
    world.ok("DeregisterDelegatedAdministrator", registration);
    catalog("DisableAWSOrganizationsAccess").unwrap();
    assert_eq!(status(), "DISABLED");
    let listed = world.ok("ListAWSServiceAccessForOrganization", json!({}));
    assert!(listed.to_string().contains("ram.amazonaws.com"));
}

#[test]
fn an_analyzer_of_the_organization_is_the_administrators() {
    let world = World::new();
    let account = world.account("a");
    let ask =
        |way: (&str, &str), input: Value| rest(&world, (&account, HOME, "access-analyzer"), way, &input);
    let wanted = json!({"analyzerName": "org", "type": "ORGANIZATION", "tags": {"a": "b"}});
    assert_eq!(
        ask(("PUT", "/analyzer"), wanted.clone()).unwrap_err().brief(),
        "Validation"
    );
    world.trust("access-analyzer.amazonaws.com");
    assert_eq!(
        ask(("PUT", "/analyzer"), wanted.clone()).unwrap_err().brief(),
        "AccessDenied"
    );
    world.delegate(&account, "access-analyzer.amazonaws.com");
    ask(("PUT", "/analyzer"), wanted.clone()).unwrap();
    assert_eq!(ask(("PUT", "/analyzer"), wanted).unwrap_err().brief(), "Conflict");
    let odd = json!({"analyzerName": "x", "type": "MAGIC"});
    assert_eq!(ask(("PUT", "/analyzer"), odd).unwrap_err().brief(), "Validation");
    let listed = ask(("GET", "/analyzer?type=ORGANIZATION&maxResults=5"), Value::Null).unwrap();
    assert_eq!(text(&listed, "/analyzers/0/name"), "org");
    assert_eq!(
        text(
            &ask(("GET", "/analyzer/org"), Value::Null).unwrap(),
            "/analyzer/tags/a"
        ),
        "b"
    );
    ask(("DELETE", "/analyzer/org"), Value::Null).unwrap();
    assert_eq!(
        ask(("GET", "/analyzer/org"), Value::Null).unwrap_err().brief(),
        "ResourceNotFound"
    );
}

#[test]
fn backup_keeps_its_global_settings() {
    let world = World::new();
    let ask = |method: &str, input: Value| {
        rest(
            &world,
            (MANAGEMENT, HOME, "backup"),
            (method, "/global-settings"),
            &input,
        )
    };
    assert_eq!(ask("GET", Value::Null).unwrap(), json!({"GlobalSettings": {}}));
    let wanted = json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "true"}});
    ask("PUT", wanted.clone()).unwrap();
    assert_eq!(
        ask("GET", Value::Null).unwrap()["GlobalSettings"],
        wanted["GlobalSettings"]
    );
    let odd = json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "yes"}});
    assert_eq!(ask("PUT", odd).unwrap_err().brief(), "InvalidParameterValue");
}

#[test]
fn administrators_survive_a_save() {
    let service = &SERVICES[0];
    let (world, account) = service.ready();
    service.enable(&world, "us-east-1", &account).unwrap();
    let saved = world.twin.state_json();
    let (settings, faults) = (lz_twin::Settings::unthrottled(), lz_twin::FaultScript::none());
    let clock = lz_twin::Clock::Manual(world.hands.clone());
    let twin = lz_twin::Twin::load(&saved, settings, faults, clock).unwrap();
    let world = World {
        twin,
        hands: world.hands.clone(),
    };
    assert_eq!(service.here(&world, "us-east-1"), Some(account));
}
