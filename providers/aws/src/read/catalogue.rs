//! Which controls the declared ones are: Control Catalog, asked only for what the lists of enabled controls leave
//! open (Control Tower Controls Reference Guide, "Resource identifiers for APIs and controls").
//!
//! A control of the first generation goes by its name everywhere, so one that is enabled by it costs nothing. An alias
//! of any other is part of no ARN. It is found from behind, by a call for each control that is enabled by an id where
//! the alias is wanted, as long as these are fewer than the catalogue has pages; else by the catalogue's list, page by
//! page until every alias is found. An id costs a call.

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::own::encoded;
use crate::read::tower;
use crate::signed::{Request, Service};
use crate::site::{Stacks, partition};
use crate::tower::{Tower, text};
use lz_model::address::{ADDRESS_TAG, ZONE_TAG};
use lz_model::id::{OuId, ParentId, ResourceId, TargetId};
use lz_model::limits::CATALOGUE_PAGE;
use lz_model::live::{CataloguedControl, LiveCatalogue, LiveControl, LiveOrganization};
use lz_model::tower::{Behaviour, ControlName, resembling};
use lz_provider::{Declared, DeclaredKey, DeclaredObject, Kind, ProviderError, Scope, TowerScope};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// As many calls for single controls are made before the list is the shorter way. The catalogue of December 2024 had
/// eight pages, that of 2026 has more.
const FEW: usize = 10;

/// Reads what the catalogue has to say of the declared controls, and the parameters of those that are enabled by
/// another name than the declared one.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn read(
    connection: &Connection,
    scope: &Scope,
    organization: Option<&mut LiveOrganization>,
) -> Result<LiveCatalogue, ProviderError> {
    let Some(wanted) = scope.tower.as_ref().filter(|scope| !scope.controls.is_empty()) else {
        return Ok(LiveCatalogue::default());
    };
    let places = organization
        .as_deref()
        .map(|organization| places(organization, &scope.declared));
    let tower = organization.and_then(|organization| organization.tower.as_mut());
    let enabled = tower.as_deref().map_or(&[][..], |tower| &tower.controls);
    let desk = Desk {
        site: Stacks::of(connection, &wanted.region).await,
        scope: wanted,
        wanted: wanted_on(wanted, &places.unwrap_or_default()),
        enabled,
        found: LiveCatalogue::default(),
        aliases: BTreeSet::new(),
        next: Next::First,
    };
    let catalogue = desk.run().await?;
    let Some(found) = tower else { return Ok(catalogue) };
    for control in &mut found.controls {
        let mut named = wanted.parameters.iter();
        if control.parameters.is_none() && named.any(|name| catalogue.is_same(name, &control.control)) {
            let tower = Tower::of(connection, &wanted.region).await;
            control.parameters = Some(tower::parameters(&tower, &control.arn).await?);
        }
    }
    Ok(catalogue)
}

/// Returns the declared OUs that exist, by address: recognized as the planner does, by id, by tags, by their names.
fn places(organization: &LiveOrganization, declared: &Declared) -> BTreeMap<String, OuId> {
    let place = |one: &DeclaredObject| {
        let DeclaredKey::Ou(names) = &one.key else {
            return None;
        };
        if let Some(ResourceId::Target(TargetId::Ou(id))) = &one.id {
            return Some((one.address.clone(), id.clone()));
        }
        let path = names.join("/");
        let tagged = organization.ous.values().find(|ou| {
            ou.tags.get(ZONE_TAG) == Some(&declared.zone) && ou.tags.get(ADDRESS_TAG) == Some(&one.address)
        });
        let by_name = || {
            let mut ous = organization.ous.values();
            ous.find(|ou| organization.path(&ParentId::Ou(ou.id.clone())) == path)
        };
        let found = tagged.or_else(by_name)?;
        Some((one.address.clone(), found.id.clone()))
    };
    declared.objects.iter().filter_map(place).collect()
}

/// Returns the OUs on which each declared control is wanted; `None` for one that is yet to be made.
fn wanted_on(scope: &TowerScope, places: &BTreeMap<String, OuId>) -> Wanted {
    scope
        .controls
        .iter()
        .map(|(control, ous)| {
            let ous = ous.iter().map(|address| places.get(address).cloned());
            (control.clone(), ous.collect())
        })
        .collect()
}

type Wanted = BTreeMap<ControlName, BTreeSet<Option<OuId>>>;

/// Where the list goes on.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    First,
    After(String),
    End,
}

/// What is known so far.
struct Desk<'a> {
    site: Stacks<'a>,
    scope: &'a TowerScope,
    wanted: Wanted,
    enabled: &'a [LiveControl],
    found: LiveCatalogue,
    /// Every alias that the list has shown.
    aliases: BTreeSet<String>,
    next: Next,
}

impl Desk<'_> {
    async fn run(mut self) -> Result<LiveCatalogue, ProviderError> {
        let aliases: Vec<ControlName> = self.declared(ControlName::is_alias);
        if !aliases.is_empty() && !self.resolve_from_behind(&aliases).await? {
            self.list_until(&aliases).await?;
        }
        self.singles().await?;
        self.enabled_elsewise().await?;
        let missing: Vec<ControlName> = aliases
            .into_iter()
            .filter(|alias| self.found.find(alias).is_none())
            .collect();
        for name in missing {
            self.found.unknown.insert(name, Vec::new());
        }
        self.name_others().await?;
        self.forget_the_rest();
        Ok(self.found)
    }

    fn declared(&self, is: impl Fn(&ControlName) -> bool) -> Vec<ControlName> {
        self.wanted.keys().filter(|name| is(name)).cloned().collect()
    }

    /// Returns the OUs on which a declared control is not known to be enabled.
    fn open<'w>(&'w self, name: &'w ControlName) -> impl Iterator<Item = Option<&'w OuId>> {
        let is_on = |ou: &OuId| {
            let mut there = self.enabled.iter().filter(|found| found.ou == *ou);
            there.any(|found| self.found.is_same(&found.control, name))
        };
        let ous = self.wanted.get(name).into_iter().flatten().map(Option::as_ref);
        ous.filter(move |ou| !ou.is_some_and(is_on))
    }

    /// Returns the controls on an OU of which nobody knows yet what else they are called.
    fn unresolved<'w>(&'w self, ou: &'w OuId) -> impl Iterator<Item = &'w ControlName> {
        let there = self.enabled.iter().filter(move |found| found.ou == *ou);
        there
            .map(|found| &found.control)
            .filter(|control| self.found.find(control).is_none())
    }

    /// Asks for the controls that are enabled by an id where aliases are wanted. Returns whether that was enough.
    async fn resolve_from_behind(&mut self, aliases: &[ControlName]) -> Result<bool, ProviderError> {
        let mut candidates = BTreeSet::new();
        for ou in aliases.iter().flat_map(|alias| self.open(alias)) {
            let ids = ou.into_iter().flat_map(|ou| self.unresolved(ou));
            let ids: Vec<&ControlName> = ids.filter(|control| !control.is_legacy()).collect();
            if ids.is_empty() {
                // There, at least, the alias is yet to be enabled, and only the list has its ARN.
                return Ok(false);
            }
            candidates.extend(ids.into_iter().cloned());
        }
        if candidates.len() > FEW {
            return Ok(false);
        }
        for candidate in candidates {
            if aliases.iter().all(|alias| self.found.find(alias).is_some()) {
                return Ok(true);
            }
            self.get(&candidate).await?;
        }
        Ok(aliases.iter().all(|alias| self.found.find(alias).is_some()))
    }

    /// Asks for declared ids, and for declared names of the first generation that are not enabled by their name
    /// wherever they are wanted: whether they exist, and which control they are.
    async fn singles(&mut self) -> Result<(), ProviderError> {
        let single = |name: &ControlName| {
            if name.is_alias() || self.found.find(name).is_some() {
                return false;
            }
            if !name.is_legacy() {
                return true;
            }
            let is_somewhere = self.enabled.iter().any(|found| found.control == *name);
            let may_be = |ou: &OuId| self.unresolved(ou).any(|control| !control.is_legacy());
            let mut open = self.open(name).peekable();
            open.peek().is_some() && (!is_somewhere || open.any(|ou| ou.is_some_and(may_be)))
        };
        let singles = self.declared(single);
        if singles.len() > FEW {
            self.list_until(&singles).await?;
        }
        for name in singles {
            if self.found.find(&name).is_none() && !self.get(&name).await? {
                self.found.unknown.insert(name, Vec::new());
            }
        }
        Ok(())
    }

    /// Asks for controls that are enabled by an id in the Region, or by a name of the first generation, where a
    /// declared control is still to be found: they may be the same.
    async fn enabled_elsewise(&mut self) -> Result<(), ProviderError> {
        for name in self.declared(|_| true) {
            let Some(known) = self.found.find(&name) else {
                continue;
            };
            let may_be_legacy = !name.is_legacy() && !known.names.iter().any(ControlName::is_alias);
            let candidates: BTreeSet<ControlName> = self
                .open(&name)
                .flatten()
                .flat_map(|ou| self.unresolved(ou))
                .filter(|control| is_regional(control) || (may_be_legacy && control.is_legacy()))
                .cloned()
                .collect();
            for candidate in candidates {
                self.get(&candidate).await?;
            }
        }
        Ok(())
    }

    /// Finds names that resemble those that do not exist: the whole list is read for it, but no plan comes of it.
    async fn name_others(&mut self) -> Result<(), ProviderError> {
        if self.found.unknown.is_empty() {
            return Ok(());
        }
        while self.next != Next::End {
            self.page().await?;
        }
        let aliases = &self.aliases;
        for (name, others) in &mut self.found.unknown {
            *others = resembling(name.as_str(), aliases.iter().map(String::as_str));
        }
        Ok(())
    }

    /// Keeps what is declared or enabled.
    fn forget_the_rest(&mut self) {
        let named: BTreeSet<&ControlName> = self
            .wanted
            .keys()
            .chain(self.enabled.iter().map(|found| &found.control))
            .collect();
        self.found
            .controls
            .retain(|_, control| control.names.iter().any(|name| named.contains(name)));
    }

    /// Reads the list until all of these are found, or to its end.
    async fn list_until(&mut self, names: &[ControlName]) -> Result<(), ProviderError> {
        while self.next != Next::End && names.iter().any(|name| self.found.find(name).is_none()) {
            self.page().await?;
        }
        Ok(())
    }

    async fn page(&mut self) -> Result<(), ProviderError> {
        let operation = Operation::ListControls;
        let mut path = format!("/list-controls?maxResults={CATALOGUE_PAGE}");
        if let Next::After(token) = &self.next {
            path.push_str("&nextToken=");
            path.push_str(&encoded(token));
        }
        let answer = self.ask(operation, path, &json!({})).await?;
        let Some(Value::Array(controls)) = answer.get("Controls") else {
            return Err(nonsense(operation, "the answer has no list `Controls`"));
        };
        for control in controls {
            self.record(operation, control, None)?;
        }
        let token = answer.get("NextToken").and_then(Value::as_str);
        let next = token.map_or(Next::End, |token| Next::After(token.to_owned()));
        if next == self.next {
            return Err(nonsense(operation, "the token of the next page came twice"));
        }
        self.next = next;
        Ok(())
    }

    /// Asks for one control by a name that is part of an ARN. Returns whether there is one.
    async fn get(&mut self, name: &ControlName) -> Result<bool, ProviderError> {
        let operation = Operation::GetControl;
        let region = &self.scope.region;
        let Some(arn) = name.arn(partition(region), region) else {
            return Ok(false);
        };
        let input = json!({"ControlArn": arn});
        match self.ask(operation, "/get-control".to_owned(), &input).await {
            Err(error) if error.kind == Kind::NotFound => Ok(false),
            answer => {
                self.record(operation, &answer?, Some(name))?;
                Ok(true)
            }
        }
    }

    fn record(
        &mut self,
        operation: Operation,
        control: &Value,
        asked: Option<&ControlName>,
    ) -> Result<(), ProviderError> {
        let arn = text(operation, control, "/Arn")?;
        let aliases = control.get("Aliases").and_then(Value::as_array);
        let aliases = aliases.into_iter().flatten().filter_map(Value::as_str);
        self.aliases.extend(aliases.clone().map(str::to_owned));
        let id = arn.rsplit('/').next().unwrap_or(arn).to_owned();
        let entry = self.found.controls.entry(id);
        let entry = entry.or_insert_with(|| CataloguedControl {
            arn: arn.to_owned(),
            behaviour: Behaviour::Unknown,
            names: BTreeSet::new(),
            parameters: None,
        });
        match control.get("Behavior").and_then(Value::as_str) {
            Some("PREVENTIVE") => entry.behaviour = Behaviour::Preventive,
            Some("DETECTIVE") => entry.behaviour = Behaviour::Detective,
            Some("PROACTIVE") => entry.behaviour = Behaviour::Proactive,
            // The model calls the member optional in lists.
            Some(_) | None => {}
        }
        // An alias of a form of its own is nothing that a spec could name.
        entry.names.extend(aliases.filter_map(|alias| alias.parse().ok()));
        entry.names.extend(arn.parse::<ControlName>().ok());
        entry.names.extend(asked.cloned());
        if asked.is_some() {
            let parameters = control.get("Parameters").and_then(Value::as_array);
            let names = parameters
                .into_iter()
                .flatten()
                .filter_map(|one| one.get("Name")?.as_str());
            entry.parameters = Some(names.map(str::to_owned).collect());
        }
        Ok(())
    }

    async fn ask(&self, operation: Operation, path: String, input: &Value) -> Result<Value, ProviderError> {
        let name = operation
            .key()
            .split_once(':')
            .map_or(operation.key(), |(_, name)| name);
        let request = Request {
            service: Service::ControlCatalog,
            operation: name,
            method: "POST",
            endpoint: self.site.endpoint(Service::ControlCatalog),
            path,
            headers: vec![("content-type", "application/json".to_owned())],
            body: input.to_string().into_bytes(),
        };
        let answer = self.site.send_signed(operation, &request).await?;
        serde_json::from_str(&answer).map_err(|error| nonsense(operation, error.to_string()))
    }
}

/// Returns whether a name is an id in the home Region, which no list shows.
fn is_regional(name: &ControlName) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    !name.is_legacy() && name.as_str().bytes().all(upper)
}
