//! The operations of the identity store. No rate is published, so there are no buckets.

use super::{group, membership, user};
use crate::neighbour::operation;
use crate::wire::Operation;
use crate::wire::Run::{Read, Write};

/// The operations of the identity store.
pub(crate) static OPERATIONS: &[Operation] = &[
    operation!(
        IdentityStore,
        "identitystore",
        "CreateGroup",
        Write(group::create)
    ),
    operation!(
        IdentityStore,
        "identitystore",
        "CreateGroupMembership",
        Write(membership::create)
    ),
    operation!(IdentityStore, "identitystore", "CreateUser", Write(user::create)),
    operation!(
        IdentityStore,
        "identitystore",
        "DeleteGroup",
        Write(group::delete)
    ),
    operation!(
        IdentityStore,
        "identitystore",
        "DeleteGroupMembership",
        Write(membership::delete)
    ),
    operation!(IdentityStore, "identitystore", "DeleteUser", Write(user::delete)),
    operation!(
        IdentityStore,
        "identitystore",
        "DescribeGroup",
        Read(group::describe)
    ),
    operation!(
        IdentityStore,
        "identitystore",
        "DescribeGroupMembership",
        Read(membership::describe)
    ),
    operation!(
        IdentityStore,
        "identitystore",
        "DescribeUser",
        Read(user::describe)
    ),
    operation!(IdentityStore, "identitystore", "GetGroupId", Read(group::id)),
    operation!(
        IdentityStore,
        "identitystore",
        "GetGroupMembershipId",
        Read(membership::id)
    ),
    operation!(IdentityStore, "identitystore", "GetUserId", Read(user::id)),
    operation!(
        IdentityStore,
        "identitystore",
        "IsMemberInGroups",
        Read(membership::is_member)
    ),
    operation!(
        IdentityStore,
        "identitystore",
        "ListGroupMemberships",
        Read(membership::list)
    ),
    operation!(
        IdentityStore,
        "identitystore",
        "ListGroupMembershipsForMember",
        Read(membership::list_for_member)
    ),
    operation!(IdentityStore, "identitystore", "ListGroups", Read(group::list)),
    operation!(IdentityStore, "identitystore", "ListUsers", Read(user::list)),
    operation!(
        IdentityStore,
        "identitystore",
        "UpdateGroup",
        Write(group::update)
    ),
    operation!(IdentityStore, "identitystore", "UpdateUser", Write(user::update)),
];
