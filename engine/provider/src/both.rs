//! One read for two specs of one landing zone.

use crate::identity::{IdentityScope, SettingsScope};
use crate::scope::{Declared, Scope, ServiceScope, StackScope, Texts};
use crate::tower::TowerScope;

impl Scope {
    /// Returns what must be read for both. Where they disagree on what an object is to be, this one counts, so that
    /// its plan is the plan that it would have alone.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let Self {
            texts,
            policy_types,
            declared,
            stacks,
            services,
            tower,
            identity,
            settings,
        } = other;
        Self {
            texts: self.texts.and(texts),
            policy_types: self.policy_types.into_iter().chain(policy_types).collect(),
            declared: self.declared.and(declared),
            stacks: self.stacks.and(stacks),
            services: self.services.and(services),
            tower: match (self.tower, tower) {
                (Some(tower), Some(other)) => Some(tower.and(other)),
                (tower, other) => tower.or(other),
            },
            identity: match (self.identity, identity) {
                (Some(identity), Some(other)) => Some(identity.and(other)),
                (identity, other) => identity.or(other),
            },
            settings: both_settings(self.settings, settings),
        }
    }
}

impl Texts {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (
                Self::Of { zone, names, ids },
                Self::Of {
                    zone: other_zone,
                    names: other_names,
                    ids: other_ids,
                },
            ) if zone == other_zone => Self::Of {
                zone,
                names: names.into_iter().chain(other_names).collect(),
                ids: ids.into_iter().chain(other_ids).collect(),
            },
            // Policies of two landing zones: only all of them are certain to be enough.
            (Self::All | Self::Of { .. }, Self::All | Self::Of { .. }) => Self::All,
        }
    }
}

impl Declared {
    /// The later of two objects with one address counts.
    fn and(self, other: Self) -> Self {
        let is_new = |one: &crate::DeclaredObject| {
            let known = self.objects.iter().find(|known| known.address == one.address);
            known.is_none_or(|known| (&known.key, &known.id) != (&one.key, &one.id))
        };
        let mut objects: Vec<_> = other.objects.into_iter().filter(is_new).collect();
        objects.extend(self.objects);
        Self {
            zone: self.zone,
            objects,
        }
    }
}

impl StackScope {
    fn and(mut self, other: Self) -> Self {
        self.regions.extend(other.regions);
        self.sets.extend(other.sets);
        self.overrides.extend(other.overrides);
        self.stacks.extend(other.stacks);
        self
    }
}

impl ServiceScope {
    fn and(mut self, other: Self) -> Self {
        for (service, regions) in other.administrators {
            self.administrators.entry(service).or_default().extend(regions);
        }
        self.regions.extend(other.regions);
        Self {
            root_access: self.root_access || other.root_access,
            resource_policy: self.resource_policy || other.resource_policy,
            ..self
        }
    }
}

impl TowerScope {
    fn and(mut self, other: Self) -> Self {
        self.parameters.extend(other.parameters);
        self.regions.extend(other.regions);
        self
    }
}

impl IdentityScope {
    fn and(mut self, other: Self) -> Self {
        self.sets.extend(other.sets);
        self.principals.extend(other.principals);
        // What one of the specs does not declare is on its way out there: who has it is wanted.
        self.addresses.retain(|address| other.addresses.contains(address));
        Self {
            instance: self.instance.or(other.instance),
            everybody: self.everybody || other.everybody,
            ..self
        }
    }
}

fn both_settings(mut wanted: Vec<SettingsScope>, others: Vec<SettingsScope>) -> Vec<SettingsScope> {
    for other in others {
        let is_same = |one: &&mut SettingsScope| {
            (&one.address, &one.email, &one.id) == (&other.address, &other.email, &other.id)
        };
        match wanted.iter_mut().find(is_same) {
            Some(one) => {
                one.contacts.extend(other.contacts);
                one.primary_contact |= other.primary_contact;
                one.regions.extend(other.regions);
            }
            None => wanted.push(other),
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::address::{Name, OuAddress};
    use lz_model::desired::{Desired, DesiredOu};
    use std::collections::BTreeSet;

    fn spec(zone: &str, name: &str) -> Desired {
        let mut desired = Desired::nothing(zone);
        let ou = DesiredOu {
            name: name.to_owned(),
            id: None,
            tags: None,
            full_access: None,
        };
        desired.ous.insert(OuAddress::top(Name::new("a")), ou);
        desired
    }

    #[test]
    fn two_specs_alike_need_what_one_needs() {
        let scope = || Scope::of(&spec("acme", "A"));
        assert_eq!(scope().and(scope()), scope());
    }

    #[test]
    fn a_renamed_object_is_looked_for_under_both_names_and_this_spec_counts() {
        let both = Scope::of(&spec("acme", "New")).and(Scope::of(&spec("acme", "Old")));
        let names: Vec<String> = both
            .declared
            .objects
            .iter()
            .map(|one| format!("{:?}", one.key))
            .collect();
        assert_eq!(names, ["Ou([\"Old\"])", "Ou([\"New\"])"]);
    }

    #[test]
    fn who_has_a_permission_set_is_read_where_one_of_the_specs_has_dropped_it() {
        let scope = |addresses: &[&str]| IdentityScope {
            region: "eu-west-1".parse().unwrap(),
            instance: None,
            zone: "acme".to_owned(),
            sets: BTreeSet::new(),
            addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
            principals: BTreeSet::new(),
            everybody: false,
        };
        let both = scope(&["permission_set.a"]).and(scope(&["permission_set.a", "permission_set.gone"]));
        assert_eq!(both.addresses, BTreeSet::from(["permission_set.a".to_owned()]));
    }

    #[test]
    fn of_two_landing_zones_every_policy_is_read() {
        let both = Scope::of(&spec("acme", "A")).and(Scope::of(&spec("other", "A")));
        assert_eq!(both.texts, Texts::All);
        assert_eq!(both.declared.zone, "acme");
    }
}
