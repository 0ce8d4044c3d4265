use super::{Kind, Map, Spot};
use crate::fixture;
use crate::render::plan::Sign;
use lz_model::plan::StepId;

#[test]
fn what_comes_goes_and_moves_is_where_it_will_be() {
    let plan = fixture::everything();
    let map = Map::of(&plan, None);
    let find = |address: &str| {
        let found = map
            .entities()
            .find(|(_, entity)| entity.address.as_deref() == Some(address));
        found.unwrap_or_else(|| panic!("{address} is not on the map"))
    };
    let (_, legacy) = find("account.legacy");
    assert_eq!((legacy.kind, legacy.fate), (Kind::Account, Some(Sign::Move)));
    assert_eq!(legacy.former_parent, Some(Spot::Root));
    let (_, old) = find("account.old");
    assert_eq!(old.fate, Some(Sign::Irreversible));
    let (spot, shop) = find("account.shop_prod");
    assert_eq!((shop.fate, &shop.former_parent), (Some(Sign::Create), &None));
    assert_eq!(map.way_up(spot).len(), 3, "the account, its OU and the root");
    let audit = map.get(&Spot::There("2".repeat(12))).unwrap();
    assert_eq!(audit.former_name.as_deref(), Some("Audit 1"));
    assert_eq!(audit.tags.get("owner").map(String::as_str), Some("security"));
    assert!(audit.tags.keys().all(|key| !key.starts_with("lz:")));
}

#[test]
fn every_step_has_a_place_or_concerns_the_organization_as_a_whole() {
    let plan = fixture::everything();
    let map = Map::of(&plan, None);
    for step in &plan.steps {
        for spot in map.spots([&step.id]) {
            assert!(map.get(spot).is_some(), "{}: {spot:?}", step.id);
        }
    }
    let nobody = StepId::named("nothing");
    assert!(map.spots([&nobody]).is_empty());
}

#[test]
fn paths_are_read_from_the_root() {
    let plan = fixture::large(2);
    let map = Map::of(&plan, None);
    assert_eq!(map.path(&Spot::Root), "Root");
    let paths: Vec<String> = map
        .entities()
        .filter(|(_, entity)| entity.kind == Kind::Account)
        .map(|(spot, _)| map.path(spot))
        .collect();
    // The fixture gives all OUs one id: the first name counts.
    assert!(
        paths.contains(&"Workloads/Unit 0/Site 000".to_owned()),
        "{paths:?}"
    );
}
