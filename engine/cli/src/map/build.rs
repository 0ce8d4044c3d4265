//! From a plan and the organization's outline to the map.

use super::outline::{Outline, Unit, is_shown};
use super::place::{Places, at_account, at_ou, at_parent};
use super::tree::{Entity, Kind, Map, Spot};
use crate::render::plan::{Sign, sign};
use lz_model::plan::{Action, Plan, Step, Tagging};
use std::collections::BTreeMap;

impl Map {
    /// Returns the map of a plan. Without an outline it shows what the plan names.
    pub(crate) fn of(plan: &Plan, outline: Option<&Outline>) -> Self {
        let organizations = plan
            .steps
            .iter()
            .filter(|step| matches!(step.action, Action::CreateOrganization {}));
        let places = Places {
            outline,
            organizations: organizations.map(|step| &step.id).collect(),
        };
        let mut map = Self {
            entities: outline.map(known).unwrap_or_default(),
            places: BTreeMap::new(),
            is_whole: outline.is_some() || plan.organization.is_none(),
        };
        map.entities
            .entry(Spot::Root)
            .or_insert_with(|| entity(Kind::Root, "Root"));
        for step in &plan.steps {
            map.take(step, &places);
        }
        map
    }

    fn take(&mut self, step: &Step, places: &Places<'_>) {
        let spots = places.of(step);
        for (spot, name) in &spots {
            if let Some(name) = name {
                self.ensure(spot, name, step);
            }
        }
        self.change(step, places);
        let known = spots.into_iter().map(|(spot, _)| spot);
        self.places.insert(step.id.clone(), known.collect());
    }

    /// Something that a step names is there, whatever else is known of it.
    fn ensure(&mut self, spot: &Spot, name: &str, step: &Step) {
        self.entities.entry(spot.clone()).or_insert_with(|| {
            let kind = match (&step.action, spot) {
                (_, Spot::There(id)) if id.chars().all(|c| c.is_ascii_digit()) => Kind::Account,
                (Action::MoveAccount { .. }, Spot::New(_)) => Kind::Account,
                (_, Spot::There(_) | Spot::New(_) | Spot::Root) => Kind::Ou,
            };
            Entity {
                parent: Some(Spot::Root),
                ..entity(kind, name)
            }
        });
    }

    /// Changes the entity that a step itself changes.
    fn change(&mut self, step: &Step, places: &Places<'_>) {
        let made = || Spot::New(step.id.clone());
        if let Action::CreateOu { name, parent, tags } = &step.action {
            let (parent, path) = places.named(parent, at_parent);
            self.ensure(&parent, path.as_deref().unwrap_or_default(), step);
            let comes = coming(step, Kind::Ou, name, parent, tags);
            self.entities.insert(made(), comes);
        } else if let Action::CreateAccount { name, tags, .. } = &step.action {
            let comes = coming(step, Kind::Account, name, Spot::Root, tags);
            self.entities.insert(made(), comes);
        } else if let Action::InviteAccount { account, tags, .. } = &step.action {
            let comes = coming(step, Kind::Account, account.as_str(), Spot::Root, tags);
            self.entities.insert(made(), comes);
        } else if let Action::MoveAccount { account, from, to } = &step.action {
            let (spot, _) = places.named(account, at_account);
            let (from, from_path) = places.named(from, at_parent);
            let (to, to_path) = places.named(to, at_parent);
            self.ensure(&from, from_path.as_deref().unwrap_or_default(), step);
            self.ensure(&to, to_path.as_deref().unwrap_or_default(), step);
            if let Some(entity) = self.entities.get_mut(&spot) {
                entity.parent = Some(to);
                // What comes only passes through the root.
                if entity.fate != Some(Sign::Create) {
                    entity.former_parent = Some(entity.former_parent.take().unwrap_or(from));
                    entity.fate = Some(Sign::Move);
                }
                own(entity, step);
            }
        } else if let Action::RenameOu { ou, name } = &step.action {
            self.rename(&at_ou(ou), &name.after, step);
        } else if let Action::RenameAccount { account, name } = &step.action {
            self.rename(&at_account(account), &name.after, step);
        } else if let Action::SetTags { .. } = &step.action {
            self.tag(step, places);
        } else if matches!(
            step.action,
            Action::DeleteOu { .. } | Action::CloseAccount { .. } | Action::ReleaseAccount { .. }
        ) {
            for (spot, _) in places.of(step) {
                if let Some(entity) = self.entities.get_mut(&spot) {
                    entity.fate = Some(sign(step));
                    own(entity, step);
                }
            }
        }
    }

    fn rename(&mut self, spot: &Spot, name: &str, step: &Step) {
        if let Some(entity) = self.entities.get_mut(spot) {
            let former = std::mem::replace(&mut entity.name, name.to_owned());
            entity.former_name = Some(entity.former_name.take().unwrap_or(former));
            // A move is seen from further away.
            entity.fate = Some(entity.fate.unwrap_or(Sign::Change));
            own(entity, step);
        }
    }

    fn tag(&mut self, step: &Step, places: &Places<'_>) {
        let Action::SetTags {
            resource,
            purpose,
            set,
            remove,
        } = &step.action
        else {
            return;
        };
        let is_policy = matches!(resource.id.now(), Some(lz_model::id::ResourceId::Policy(_)));
        let Some((spot, _)) = places.of(step).into_iter().next().filter(|_| !is_policy) else {
            return;
        };
        let Some(entity) = self.entities.get_mut(&spot) else {
            return;
        };
        for (key, change) in set.iter().filter(|(key, _)| is_shown(key)) {
            if let Some(value) = &change.after {
                entity.tags.insert(key.clone(), value.to_string());
            }
        }
        for key in remove.keys() {
            entity.tags.remove(key);
        }
        entity.fate = Some(entity.fate.unwrap_or(Sign::Change));
        match purpose {
            Tagging::Adopt | Tagging::Readdress | Tagging::Update => own(entity, step),
            Tagging::Forget => entity.address = None,
        }
    }
}

fn own(entity: &mut Entity, step: &Step) {
    entity.address = Some(step.address.to_string());
}

fn known(outline: &Outline) -> BTreeMap<Spot, Entity> {
    let there = |kind: Kind, unit: &Unit| Entity {
        address: unit.address.clone(),
        tags: unit.tags.clone(),
        parent: Some(at_parent(&unit.parent)),
        leaving: unit.leaving,
        ..entity(kind, &unit.name)
    };
    let ous = outline
        .ous
        .iter()
        .map(|(id, unit)| (at_ou(id), there(Kind::Ou, unit)));
    let accounts = outline
        .accounts
        .iter()
        .map(|(id, unit)| (at_account(id), there(Kind::Account, unit)));
    ous.chain(accounts).collect()
}

fn coming(step: &Step, kind: Kind, name: &str, parent: Spot, tags: &lz_model::desired::Tags) -> Entity {
    let tags = tags.iter().filter(|(key, _)| is_shown(key));
    Entity {
        address: Some(step.address.to_string()),
        tags: tags
            .map(|(key, value)| (key.clone(), value.to_string()))
            .collect(),
        parent: Some(parent),
        fate: Some(Sign::Create),
        ..entity(kind, name)
    }
}

fn entity(kind: Kind, name: &str) -> Entity {
    Entity {
        kind,
        name: name.to_owned(),
        former_name: None,
        address: None,
        tags: BTreeMap::new(),
        parent: None,
        former_parent: None,
        fate: None,
        leaving: false,
    }
}
