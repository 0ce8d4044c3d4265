//! What Control Tower puts into an identity store.

use serde_json::{Map, Value};

use super::state::Entry;
use crate::clock::AwsTime;
use crate::neighbour::uuid;
use crate::world::{AccountId, World};

/// Groups that come with a landing zone (AWS Control Tower User Guide, "IAM Identity Center Groups for AWS Control
/// Tower").
const GROUPS: [&str; 8] = [
    "AWSAccountFactory",
    "AWSAuditAccountAdmins",
    "AWSControlTowerAdmins",
    "AWSLogArchiveAdmins",
    "AWSLogArchiveViewers",
    "AWSSecurityAuditPowerUsers",
    "AWSSecurityAuditors",
    "AWSServiceCatalogAdmins",
];

/// Adds the groups of Control Tower that are not there.
pub(crate) fn welcome_control_tower(world: &mut World, management: &AccountId, at: AwsTime) {
    let World { neighbours, mint, .. } = world;
    let center = neighbours.identity_centers.entry(management.clone()).or_default();
    let groups = &mut center.directory.groups;
    for name in GROUPS {
        if groups
            .values()
            .any(|group| group.text("DisplayName") == Some(name))
        {
            continue;
        }
        let attributes = Map::from_iter([("DisplayName".to_owned(), Value::from(name))]);
        let entry = Entry {
            attributes,
            created_at: at,
            updated_at: at,
        };
        groups.insert(uuid(mint), entry);
    }
}
