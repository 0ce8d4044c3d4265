//! The tree itself.

use crate::render::plan::Sign;
use lz_model::id::AccountId;
use lz_model::plan::StepId;
use std::collections::{BTreeMap, BTreeSet};

/// What identifies an entity before and after the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    /// The root.
    Root,
    /// An OU or an account that is there, by its id.
    There(String),
    /// An OU or an account that this step makes.
    New(StepId),
}

/// What an entity is. OUs come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The root.
    Root,
    /// An OU.
    Ou,
    /// An account.
    Account,
}

/// The root, an OU or an account, as it will be; what goes stays where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) kind: Kind,
    /// The name to come.
    pub(crate) name: String,
    /// The name now, where another one comes.
    pub(crate) former_name: Option<String>,
    pub(crate) address: Option<String>,
    /// Tags to come, without lz's own and AWS's.
    pub(crate) tags: BTreeMap<String, String>,
    /// What it will lie in; `None` for the root.
    pub(crate) parent: Option<Spot>,
    /// What it lies in now, where it moves.
    pub(crate) former_parent: Option<Spot>,
    /// What becomes of it itself; `None` where it stays as it is.
    pub(crate) fate: Option<Sign>,
    /// Whether the account has ended already.
    pub(crate) leaving: bool,
}

/// The organization before and after a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Map {
    pub(super) entities: BTreeMap<Spot, Entity>,
    /// What each step is about.
    pub(super) places: BTreeMap<StepId, BTreeSet<Spot>>,
    /// Whether entities are in it that no step names.
    pub(super) is_whole: bool,
}

impl Map {
    /// Returns whether the map shows the whole organization and not only what the plan names.
    pub(crate) const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Returns an entity.
    pub(crate) fn get(&self, spot: &Spot) -> Option<&Entity> {
        self.entities.get(spot)
    }

    /// Returns the name of an account, where the map has it.
    pub(crate) fn account(&self, id: &AccountId) -> Option<&str> {
        let entity = self.get(&Spot::There(id.as_str().to_owned()))?;
        Some(entity.name.as_str())
    }

    /// Returns all entities.
    pub(crate) fn entities(&self) -> impl Iterator<Item = (&Spot, &Entity)> {
        self.entities.iter()
    }

    /// Returns what lies in each entity: OUs first, then accounts, by name.
    pub(crate) fn children(&self) -> BTreeMap<&Spot, Vec<&Spot>> {
        let mut children: BTreeMap<&Spot, Vec<(Kind, &str, &Spot)>> = BTreeMap::new();
        for (spot, entity) in &self.entities {
            if let Some(parent) = &entity.parent {
                let entry = (entity.kind, entity.name.as_str(), spot);
                children.entry(parent).or_default().push(entry);
            }
        }
        children.values_mut().for_each(|list| list.sort());
        children
            .into_iter()
            .map(|(parent, list)| (parent, list.into_iter().map(|(_, _, spot)| spot).collect()))
            .collect()
    }

    /// Returns what steps are about.
    pub(crate) fn spots<'a>(&'a self, steps: impl IntoIterator<Item = &'a StepId>) -> BTreeSet<&'a Spot> {
        steps
            .into_iter()
            .filter_map(|step| self.places.get(step))
            .flatten()
            .collect()
    }

    /// Returns the OU, or the root, that something is or lies in.
    pub(crate) fn unit<'a>(&'a self, spot: &'a Spot) -> &'a Spot {
        match self.get(spot) {
            Some(Entity {
                kind: Kind::Account,
                parent: Some(parent),
                ..
            }) => parent,
            Some(_) | None => spot,
        }
    }

    /// Returns what lies around an entity, itself first, the root last.
    pub(crate) fn way_up<'a>(&'a self, spot: &'a Spot) -> Vec<&'a Spot> {
        let mut way = Vec::new();
        let mut at = Some(spot);
        // A plan made by hand could lead in a circle.
        while let Some(spot) = at.filter(|spot| !way.contains(spot)) {
            way.push(spot);
            at = self.get(spot).and_then(|entity| entity.parent.as_ref());
        }
        way
    }

    /// Returns `Workloads/Prod`, or `Root`.
    pub(crate) fn path(&self, spot: &Spot) -> String {
        let names: Vec<&str> = self
            .way_up(spot)
            .into_iter()
            .rev()
            .filter_map(|spot| self.get(spot))
            .filter(|entity| entity.kind != Kind::Root)
            .map(|entity| entity.name.as_str())
            .collect();
        if names.is_empty() {
            "Root".to_owned()
        } else {
            names.join("/")
        }
    }
}
