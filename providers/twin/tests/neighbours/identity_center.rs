//! IAM Identity Center and its identity store.

use crate::kit::*;
use crate::tower::*;

/// An organization with Identity Center, as it is from the start.
struct Center {
    world: World,
    instance: String,
    store: String,
    account: String,
}

impl Center {
    fn new() -> Center {
        Center::set(|_| ())
    }

    fn set(change: impl FnOnce(&mut lz_twin::Settings)) -> Center {
        let world = World::set(change);
        let account = world.account("shop");
        let listed = call(&world, MANAGEMENT, "SWBExternalService.ListInstances", &json!({})).unwrap();
        let (instance, store) = (
            text(&listed, "/Instances/0/InstanceArn"),
            text(&listed, "/Instances/0/IdentityStoreId"),
        );
        Center {
            world,
            instance,
            store,
            account,
        }
    }

    fn try_as(&self, who: &str, operation: &str, mut input: Value) -> Result<Value, No> {
        input["InstanceArn"] = json!(self.instance);
        call(
            &self.world,
            who,
            &format!("SWBExternalService.{operation}"),
            &input,
        )
    }

    fn ok(&self, operation: &str, input: Value) -> Value {
        let shown = input.to_string();
        match self.try_as(MANAGEMENT, operation, input) {
            Ok(body) => body,
            Err(no) => panic!("{operation} {shown} was refused: {} {}", no.brief(), no.body),
        }
    }

    fn no(&self, operation: &str, input: Value, wanted: &str) {
        let shown = input.to_string();
        match self.try_as(MANAGEMENT, operation, input) {
            Ok(body) => panic!("{operation} {shown} must be refused, but answers {body}"),
            Err(no) => assert_eq!(
                (no.brief().as_str(), no.status),
                (wanted, 400),
                "{operation} {shown}: {}",
                no.body
            ),
        }
    }

    fn directory(&self, operation: &str, mut input: Value) -> Result<Value, No> {
        input["IdentityStoreId"] = json!(self.store);
        call(
            &self.world,
            MANAGEMENT,
            &format!("AWSIdentityStore.{operation}"),
            &input,
        )
    }

    fn group(&self, name: &str) -> String {
        text(
            &self
                .directory("CreateGroup", json!({"DisplayName": name}))
                .unwrap(),
            "/GroupId",
        )
    }

    fn user(&self, name: &str) -> String {
        text(&self.directory("CreateUser", person(name)).unwrap(), "/UserId")
    }

    fn set_of(&self, name: &str) -> String {
        let made = self.ok("CreatePermissionSet", json!({"Name": name}));
        text(&made, "/PermissionSet/PermissionSetArn")
    }

    fn assigning(&self, set: &str, group: &str) -> Value {
        json!({
            "TargetId": self.account, "TargetType": "AWS_ACCOUNT", "PermissionSetArn": set,
            "PrincipalType": "GROUP", "PrincipalId": group,
        })
    }

    fn assign(&self, set: &str, group: &str) {
        let made = self.ok("CreateAccountAssignment", self.assigning(set, group));
        self.world.wait(5);
        assert_eq!(self.outcome(&made), "SUCCEEDED");
    }

    fn outcome(&self, made: &Value) -> String {
        let id = at(made, "/AccountAssignmentCreationStatus/RequestId");
        let input = json!({"AccountAssignmentCreationRequestId": id});
        let shown = self.ok("DescribeAccountAssignmentCreationStatus", input);
        text(&shown, "/AccountAssignmentCreationStatus/Status")
    }
}

fn person(name: &str) -> Value {
    json!({
        "UserName": name, "DisplayName": name, "Name": {"GivenName": name, "FamilyName": "X"},
        "Emails": [{"Value": format!("{name}@example.com"), "Primary": true}],
    })
}

#[test]
fn a_permission_set_lives() {
    let center = Center::new();
    let input =
        json!({"Name": "Admin", "Description": "d", "SessionDuration": "PT8H", "RelayState": "https://x"});
    let made = center.ok("CreatePermissionSet", input);
    let which = json!({"PermissionSetArn": made["PermissionSet"]["PermissionSetArn"]});
    assert_eq!(center.ok("DescribePermissionSet", which.clone()), made);
    let mut update = which.clone();
    update["SessionDuration"] = json!("PT1H30M");
    center.ok("UpdatePermissionSet", update);
    let shown = center.ok("DescribePermissionSet", which.clone());
    assert_eq!(text(&shown, "/PermissionSet/SessionDuration"), "PT1H30M");
    assert_eq!(text(&shown, "/PermissionSet/Description"), "d");
    center.ok("DeletePermissionSet", which.clone());
    center.no("DescribePermissionSet", which, "ResourceNotFound");
    assert_eq!(
        center.ok("ListPermissionSets", json!({})),
        json!({"PermissionSets": []})
    );
}

#[test]
fn permission_sets_have_names_sessions_and_a_quota() {
    let center = Center::set(|settings| settings.identity_center.permission_sets = 1);
    for odd in [
        json!({"Name": "a b"}),
        json!({"Name": "x".repeat(33)}),
        json!({"Name": "A", "SessionDuration": "PT59M"}),
        json!({"Name": "A", "SessionDuration": "PT13H"}),
        json!({"Name": "A", "SessionDuration": "1h"}),
        json!({"Name": "A", "Description": ""}),
    ] {
        center.no("CreatePermissionSet", odd, "Validation");
    }
    center.set_of("A");
    center.no("CreatePermissionSet", json!({"Name": "A"}), "Conflict");
    center.no(
        "CreatePermissionSet",
        json!({"Name": "B"}),
        "ServiceQuotaExceeded",
    );
}

#[test]
fn policies_of_every_sort_are_put_listed_and_taken_away() {
    let center = Center::new();
    let set = center.set_of("A");
    let with = |name: &str, value: Value| json!({"PermissionSetArn": set, name: value});
    let which = json!({"PermissionSetArn": set});
    center.no(
        "PutInlinePolicyToPermissionSet",
        with("InlinePolicy", json!("{}")),
        "Validation",
    );
    assert_eq!(
        center.ok("GetInlinePolicyForPermissionSet", which.clone()),
        json!({})
    );
    center.no(
        "DeleteInlinePolicyFromPermissionSet",
        which.clone(),
        "ResourceNotFound",
    );
    center.ok(
        "PutInlinePolicyToPermissionSet",
        with("InlinePolicy", json!(ALLOW)),
    );
    assert_eq!(
        center.ok("GetInlinePolicyForPermissionSet", which.clone()),
        json!({"InlinePolicy": ALLOW})
    );
    center.ok("DeleteInlinePolicyFromPermissionSet", which.clone());

    let managed = with(
        "ManagedPolicyArn",
        json!("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"),
    );
    center.ok("AttachManagedPolicyToPermissionSet", managed.clone());
    center.no("AttachManagedPolicyToPermissionSet", managed.clone(), "Conflict");
    let own = with("ManagedPolicyArn", json!("arn:aws:iam::111122223333:policy/x"));
    center.no("AttachManagedPolicyToPermissionSet", own, "Validation");
    let listed = center.ok("ListManagedPoliciesInPermissionSet", which.clone());
    assert_eq!(text(&listed, "/AttachedManagedPolicies/0/Name"), "ViewOnlyAccess");
    center.ok("DetachManagedPolicyFromPermissionSet", managed.clone());
    center.no(
        "DetachManagedPolicyFromPermissionSet",
        managed,
        "ResourceNotFound",
    );

    let customer = with(
        "CustomerManagedPolicyReference",
        json!({"Name": "x", "Path": "/a/"}),
    );
    center.ok(
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        customer.clone(),
    );
    center.no(
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        customer.clone(),
        "Conflict",
    );
    let listed = center.ok(
        "ListCustomerManagedPolicyReferencesInPermissionSet",
        which.clone(),
    );
    assert_eq!(
        at(&listed, "/CustomerManagedPolicyReferences"),
        &json!([{"Name": "x", "Path": "/a/"}])
    );
    center.ok(
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
        customer.clone(),
    );
    center.no(
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
        customer,
        "ResourceNotFound",
    );

    center.no(
        "GetPermissionsBoundaryForPermissionSet",
        which.clone(),
        "ResourceNotFound",
    );
    center.no(
        "PutPermissionsBoundaryToPermissionSet",
        with("PermissionsBoundary", json!({})),
        "Validation",
    );
    let boundary = json!({"CustomerManagedPolicyReference": {"Name": "b", "Path": "/"}});
    center.ok(
        "PutPermissionsBoundaryToPermissionSet",
        with("PermissionsBoundary", boundary.clone()),
    );
    let shown = center.ok("GetPermissionsBoundaryForPermissionSet", which.clone());
    assert_eq!(at(&shown, "/PermissionsBoundary"), &boundary);
    center.ok("DeletePermissionsBoundaryFromPermissionSet", which.clone());
    center.no(
        "DeletePermissionsBoundaryFromPermissionSet",
        which,
        "ResourceNotFound",
    );
}

#[test]
fn a_set_has_only_so_many_policies() {
    let center = Center::set(|settings| settings.identity_center.policies_per_set = 1);
    let set = center.set_of("A");
    let managed = |name: &str| json!({"PermissionSetArn": set, "ManagedPolicyArn": format!("arn:aws:iam::aws:policy/{name}")});
    center.ok("AttachManagedPolicyToPermissionSet", managed("A"));
    center.no(
        "AttachManagedPolicyToPermissionSet",
        managed("B"),
        "ServiceQuotaExceeded",
    );
}

#[test]
fn an_assignment_is_made_and_taken_away_in_its_time() {
    let center = Center::new();
    let (set, group) = (center.set_of("A"), center.group("admins"));
    let made = center.ok("CreateAccountAssignment", center.assigning(&set, &group));
    assert_eq!(
        text(&made, "/AccountAssignmentCreationStatus/Status"),
        "IN_PROGRESS"
    );
    center.no(
        "CreateAccountAssignment",
        center.assigning(&set, &group),
        "Conflict",
    );
    let list = || {
        center.ok(
            "ListAccountAssignments",
            json!({"AccountId": center.account, "PermissionSetArn": set}),
        )
    };
    assert_eq!(at(&list(), "/AccountAssignments"), &json!([]));
    center.world.wait(5);
    assert_eq!(center.outcome(&made), "SUCCEEDED");
    assert_eq!(text(&list(), "/AccountAssignments/0/PrincipalId"), group);
    center.no(
        "DeletePermissionSet",
        json!({"PermissionSetArn": set}),
        "Conflict",
    );
    let listed = center.ok(
        "ListAccountAssignmentCreationStatus",
        json!({"Filter": {"Status": "SUCCEEDED"}}),
    );
    assert_eq!(
        at(&listed, "/AccountAssignmentsCreationStatus")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let gone = center.ok("DeleteAccountAssignment", center.assigning(&set, &group));
    center.world.wait(5);
    let id = at(&gone, "/AccountAssignmentDeletionStatus/RequestId");
    let shown = center.ok(
        "DescribeAccountAssignmentDeletionStatus",
        json!({"AccountAssignmentDeletionRequestId": id}),
    );
    assert_eq!(
        text(&shown, "/AccountAssignmentDeletionStatus/Status"),
        "SUCCEEDED"
    );
    center.no(
        "DeleteAccountAssignment",
        center.assigning(&set, &group),
        "ResourceNotFound",
    );
    assert_eq!(at(&list(), "/AccountAssignments"), &json!([]));
    center.ok("DeletePermissionSet", json!({"PermissionSetArn": set}));
}

#[test]
fn a_principal_that_is_not_there_makes_the_assignment_fail() {
    let center = Center::new();
    let set = center.set_of("A");
    let made = center.ok(
        "CreateAccountAssignment",
        center.assigning(&set, "a3c4b2d1-1111-4222-8333-444455556666"),
    );
    center.world.wait(5);
    assert_eq!(center.outcome(&made), "FAILED");
}

#[test]
fn targets_sets_and_principals_are_checked() {
    let center = Center::new();
    let (set, group) = (center.set_of("A"), center.group("g"));
    let with = |name: &str, value: &str| {
        let mut input = center.assigning(&set, &group);
        input[name] = json!(value);
        input
    };
    center.no(
        "CreateAccountAssignment",
        with("TargetId", NO_ACCOUNT),
        "ResourceNotFound",
    );
    center.no("CreateAccountAssignment", with("TargetId", "1"), "Validation");
    center.no("CreateAccountAssignment", with("TargetType", "OU"), "Validation");
    center.no(
        "CreateAccountAssignment",
        with("PrincipalType", "ROLE"),
        "Validation",
    );
    let other = format!("{}x", &set[..set.len() - 1]);
    center.no(
        "CreateAccountAssignment",
        with("PermissionSetArn", &other),
        "ResourceNotFound",
    );
}

#[test]
fn assignments_of_a_user_come_through_groups_too() {
    let center = Center::new();
    let (set, group, user) = (center.set_of("A"), center.group("g"), center.user("ann"));
    center.assign(&set, &group);
    center
        .directory(
            "CreateGroupMembership",
            json!({"GroupId": group, "MemberId": {"UserId": user}}),
        )
        .unwrap();
    let input =
        json!({"PrincipalId": user, "PrincipalType": "USER", "Filter": {"AccountId": center.account}});
    let listed = center.ok("ListAccountAssignmentsForPrincipal", input);
    assert_eq!(text(&listed, "/AccountAssignments/0/PrincipalId"), group);
}

#[test]
fn a_changed_set_is_outdated_until_it_is_provisioned() {
    let center = Center::new();
    let (set, group) = (center.set_of("A"), center.group("g"));
    center.assign(&set, &group);
    let latest = |wanted: &str| {
        let input = json!({"PermissionSetArn": set, "ProvisioningStatus": wanted});
        let listed = center.ok("ListAccountsForProvisionedPermissionSet", input);
        at(&listed, "/AccountIds").as_array().unwrap().len()
    };
    const YES: &str = "LATEST_PERMISSION_SET_PROVISIONED";
    const NO: &str = "LATEST_PERMISSION_SET_NOT_PROVISIONED";
    assert_eq!((latest(YES), latest(NO)), (1, 0));
    center.ok(
        "PutInlinePolicyToPermissionSet",
        json!({"PermissionSetArn": set, "InlinePolicy": ALLOW}),
    );
    assert_eq!((latest(YES), latest(NO)), (0, 1));
    let outdated = json!({"AccountId": center.account, "ProvisioningStatus": NO});
    let listed = center.ok("ListPermissionSetsProvisionedToAccount", outdated);
    assert_eq!(at(&listed, "/PermissionSets"), &json!([set]));
    let input = json!({"PermissionSetArn": set, "TargetType": "ALL_PROVISIONED_ACCOUNTS"});
    let made = center.ok("ProvisionPermissionSet", input);
    center.world.wait(5);
    let id = at(&made, "/PermissionSetProvisioningStatus/RequestId");
    let shown = center.ok(
        "DescribePermissionSetProvisioningStatus",
        json!({"ProvisionPermissionSetRequestId": id}),
    );
    assert_eq!(
        text(&shown, "/PermissionSetProvisioningStatus/Status"),
        "SUCCEEDED"
    );
    assert_eq!((latest(YES), latest(NO)), (1, 0));
    let listed = center.ok("ListPermissionSetProvisioningStatus", json!({}));
    assert_eq!(
        at(&listed, "/PermissionSetsProvisioningStatus")
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_delegated_administrator_manages_all_but_the_management_account() {
    let center = Center::new();
    let set = center.set_of("A");
    let group = center.group("g");
    let denied = center
        .try_as(&center.account, "ListPermissionSets", json!({}))
        .unwrap_err();
    assert_eq!(denied.brief(), "AccessDenied");
    center.world.delegate(&center.account, "sso.amazonaws.com");
    center
        .try_as(&center.account, "ListPermissionSets", json!({}))
        .unwrap();
    let mut input = center.assigning(&set, &group);
    input["TargetId"] = json!(MANAGEMENT);
    let denied = center
        .try_as(&center.account, "CreateAccountAssignment", input.clone())
        .unwrap_err();
    assert_eq!(denied.brief(), "AccessDenied");
    center.ok("CreateAccountAssignment", input);
}

#[test]
fn the_instance_is_in_one_region_or_nowhere() {
    let world = World::set(|settings| settings.identity_center.region = Some("eu-west-1".to_owned()));
    let list = |world: &World| call(world, MANAGEMENT, "SWBExternalService.ListInstances", &json!({}));
    assert_eq!(list(&world), Ok(json!({"Instances": []})));
    let world = World::set(|settings| settings.identity_center.region = None);
    assert_eq!(list(&world), Ok(json!({"Instances": []})));
    let tower = Tower::set(|settings| settings.identity_center.region = None);
    let mut manifest = tower.manifest();
    manifest["accessManagement"] = json!({"enabled": true});
    tower.set_up("4.0", manifest, false);
    let listed = list(&tower.world).unwrap();
    assert_eq!(
        at(&listed, "/Instances").as_array().unwrap().len(),
        1,
        "the landing zone has made one"
    );
}

#[test]
fn sets_and_the_instance_have_tags() {
    let center = Center::new();
    let made = center.ok(
        "CreatePermissionSet",
        json!({"Name": "A", "Tags": [{"Key": "a", "Value": "1"}]}),
    );
    let arn = made["PermissionSet"]["PermissionSetArn"].clone();
    center.ok(
        "TagResource",
        json!({"ResourceArn": arn, "Tags": [{"Key": "b", "Value": "2"}]}),
    );
    center.ok("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["a"]}));
    let listed = center.ok("ListTagsForResource", json!({"ResourceArn": arn}));
    assert_eq!(at(&listed, "/Tags"), &json!([{"Key": "b", "Value": "2"}]));
    center.ok("TagResource", json!({"ResourceArn": center.instance, "Tags": []}));
    let odd = json!({"ResourceArn": arn, "Tags": [{"Key": "aws:x", "Value": ""}]});
    center.no("TagResource", odd, "Validation");
}

#[test]
fn users_and_groups_are_found_by_name() {
    let center = Center::new();
    let (user, group) = (center.user("ann"), center.group("admins"));
    let by = |path: &str, value: &str| json!({"AlternateIdentifier": {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}});
    let id = |operation: &str, path: &str, value: &str| center.directory(operation, by(path, value));
    assert_eq!(
        text(&id("GetUserId", "userName", "ann").unwrap(), "/UserId"),
        user
    );
    assert_eq!(
        text(
            &id("GetUserId", "emails.value", "ann@example.com").unwrap(),
            "/UserId"
        ),
        user
    );
    assert_eq!(
        text(&id("GetGroupId", "displayName", "admins").unwrap(), "/GroupId"),
        group
    );
    assert_eq!(
        id("GetUserId", "userName", "bob").unwrap_err().brief(),
        "ResourceNotFound"
    );
    assert_eq!(
        id("GetGroupId", "displayName", "x").unwrap_err().brief(),
        "ResourceNotFound"
    );
    let filter = json!({"Filters": [{"AttributePath": "DisplayName", "AttributeValue": "admins"}]});
    let listed = center.directory("ListGroups", filter).unwrap();
    assert_eq!(text(&listed, "/Groups/0/GroupId"), group);
    let listed = center.directory("ListUsers", json!({"MaxResults": 1})).unwrap();
    assert_eq!(text(&listed, "/Users/0/UserName"), "ann");
}

#[test]
fn names_in_the_store_are_unique() {
    let center = Center::new();
    let (_, group) = (center.user("ann"), center.group("admins"));
    let no = |operation: &str, input: Value| center.directory(operation, input).unwrap_err().brief();
    assert_eq!(
        no("CreateUser", person("ann")),
        "Conflict/UNIQUENESS_CONSTRAINT_VIOLATION"
    );
    let mut same_mail = person("bob");
    same_mail["Emails"] = person("ann")["Emails"].clone();
    assert_eq!(
        no("CreateUser", same_mail),
        "Conflict/UNIQUENESS_CONSTRAINT_VIOLATION"
    );
    assert_eq!(no("CreateUser", json!({"UserName": "bob"})), "Validation");
    assert_eq!(
        no("CreateGroup", json!({"DisplayName": "admins"})),
        "Conflict/UNIQUENESS_CONSTRAINT_VIOLATION"
    );
    center.group("others");
    let rename = json!({"GroupId": group, "Operations": [{"AttributePath": "displayName", "AttributeValue": "others"}]});
    assert_eq!(
        no("UpdateGroup", rename),
        "Conflict/UNIQUENESS_CONSTRAINT_VIOLATION"
    );
}

#[test]
fn users_groups_and_memberships_live() {
    let center = Center::new();
    let (user, group) = (center.user("ann"), center.group("admins"));
    let ok = |operation: &str, input: Value| center.directory(operation, input).unwrap();
    let operations = json!([
        {"AttributePath": "name.familyName", "AttributeValue": "Y"}, {"AttributePath": "title", "AttributeValue": "CTO"},
    ]);
    ok("UpdateUser", json!({"UserId": user, "Operations": operations}));
    let shown = ok("DescribeUser", json!({"UserId": user}));
    assert_eq!(
        (text(&shown, "/Name/FamilyName"), text(&shown, "/Title")),
        ("Y".to_owned(), "CTO".to_owned())
    );
    ok(
        "UpdateGroup",
        json!({"GroupId": group, "Operations": [{"AttributePath": "description", "AttributeValue": "d"}]}),
    );
    assert_eq!(
        text(&ok("DescribeGroup", json!({"GroupId": group})), "/Description"),
        "d"
    );
    let pair = json!({"GroupId": group, "MemberId": {"UserId": user}});
    let made = ok("CreateGroupMembership", pair.clone());
    let again = center
        .directory("CreateGroupMembership", pair.clone())
        .unwrap_err();
    assert_eq!(again.brief(), "Conflict/UNIQUENESS_CONSTRAINT_VIOLATION");
    assert_eq!(ok("GetGroupMembershipId", pair.clone()), made);
    let which = json!({"MembershipId": made["MembershipId"]});
    assert_eq!(
        text(&ok("DescribeGroupMembership", which.clone()), "/GroupId"),
        group
    );
    let member = json!({"MemberId": {"UserId": user}, "GroupIds": [group]});
    assert_eq!(
        at(&ok("IsMemberInGroups", member), "/Results/0/MembershipExists"),
        &json!(true)
    );
    for (operation, input) in [
        ("ListGroupMemberships", json!({"GroupId": group})),
        (
            "ListGroupMembershipsForMember",
            json!({"MemberId": {"UserId": user}}),
        ),
    ] {
        assert_eq!(
            at(&ok(operation, input), "/GroupMemberships")
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
    ok("DeleteGroupMembership", which.clone());
    assert_eq!(
        center
            .directory("DeleteGroupMembership", which)
            .unwrap_err()
            .brief(),
        "ResourceNotFound"
    );
    ok("CreateGroupMembership", pair);
    ok("DeleteUser", json!({"UserId": user}));
    assert_eq!(
        at(
            &ok("ListGroupMemberships", json!({"GroupId": group})),
            "/GroupMemberships"
        ),
        &json!([])
    );
    ok("DeleteGroup", json!({"GroupId": group}));
    assert_eq!(
        center
            .directory("DescribeGroup", json!({"GroupId": group}))
            .unwrap_err()
            .brief(),
        "ResourceNotFound"
    );
    let other = call(
        &center.world,
        MANAGEMENT,
        "AWSIdentityStore.ListUsers",
        &json!({"IdentityStoreId": "d-0000000000"}),
    );
    assert_eq!(other.unwrap_err().brief(), "ResourceNotFound");
}

#[test]
fn an_operation_that_is_left_out_is_refused_by_name() {
    let center = Center::new();
    let no = center
        .try_as(MANAGEMENT, "CreateApplication", json!({}))
        .unwrap_err();
    assert_eq!(no.code, "UnknownOperationException");
    assert!(text(&no.body, "/Message").contains("CreateApplication"));
}
