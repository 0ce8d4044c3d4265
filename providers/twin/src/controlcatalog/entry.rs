//! A control by each of its names (Control Tower Controls Reference Guide, "Resource identifiers for APIs and
//! controls"): its alias, its id in the catalogue, and its id in a Region.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::names::{LEGACY, NUMBERED, SAMPLED};
use crate::controltower::{Behaviour, MANDATORY, REGION_DENY, behaviour};
use crate::settings::Settings;
use crate::wire::scope_of;
use crate::world::mix;

/// Ids in the catalogue have as many characters.
const GLOBAL: usize = 25;
/// Ids in a Region have as many.
const REGIONAL: usize = 12;

/// A control that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The alias.
    pub(crate) name: String,
    pub(crate) behaviour: Behaviour,
}

/// Returns text of some characters that follows from a seed.
fn spell(seed: u64, length: usize, letters: &[u8]) -> String {
    let mut number = mix(seed);
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let many = u64::try_from(letters.len()).unwrap_or(1).max(1);
        let place = usize::try_from(number % many).unwrap_or_default();
        text.push(letters.get(place).copied().map_or('x', char::from));
        number = mix(number.wrapping_add(0x9e37_79b9_7f4a_7c15));
    }
    text
}

/// Returns the id of a control in the catalogue. Most are made up, since AWS publishes no rule for them.
fn global_id(name: &str) -> String {
    let sampled = SAMPLED.iter().find(|(known, _)| *known == name);
    sampled.map_or_else(
        || {
            spell(
                scope_of(&["global", name]),
                GLOBAL,
                b"0123456789abcdefghijklmnopqrstuvwxyz",
            )
        },
        |(_, id)| (*id).to_owned(),
    )
}

/// Returns the id of a control in a Region: its name for the first generation, none for the last one, and otherwise
/// one that differs from Region to Region.
pub(crate) fn regional_id(name: &str, region: &str) -> Option<String> {
    if name.starts_with("AWS-GR_") {
        return Some(name.to_owned());
    }
    let old = !name.starts_with("CONFIG.");
    old.then(|| {
        spell(
            scope_of(&["regional", name, region]),
            REGIONAL,
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        )
    })
}

/// The built-in controls: their ids in the catalogue, by name and the other way round.
struct BuiltIn {
    ids: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

fn built_in() -> &'static BuiltIn {
    static BUILT_IN: OnceLock<BuiltIn> = OnceLock::new();
    BUILT_IN.get_or_init(|| {
        let numbered = NUMBERED
            .iter()
            .flat_map(|(family, most)| (1..=*most).map(move |number| format!("{family}.{number}")));
        let plain = LEGACY.iter().chain(MANDATORY).map(|name| (*name).to_owned());
        let ids: BTreeMap<String, String> = numbered
            .chain(plain)
            .map(|name| (name.clone(), global_id(&name)))
            .collect();
        let names = ids.iter().map(|(name, id)| (id.clone(), name.clone())).collect();
        BuiltIn { ids, names }
    })
}

/// Returns the names of every control that exists. The landing zone's Region deny control has no global id.
fn names(settings: &Settings) -> impl Iterator<Item = &str> {
    let more = settings.control_tower.more_controls.iter();
    let more = more.filter(|name| !built_in().ids.contains_key(*name));
    let all = built_in().ids.keys().chain(more);
    all.map(String::as_str)
        .filter(|name| !settings.control_tower.missing_controls.contains(*name))
}

fn exists(name: &str, settings: &Settings) -> bool {
    let tower = &settings.control_tower;
    let known = built_in().ids.contains_key(name) || tower.more_controls.contains(name);
    known && !tower.missing_controls.contains(name)
}

impl Entry {
    fn new(name: String, settings: &Settings) -> Entry {
        Entry {
            behaviour: behaviour(&name, settings),
            name,
        }
    }

    /// Returns every control of the catalogue.
    pub(crate) fn all(settings: &Settings) -> impl Iterator<Item = Entry> + '_ {
        names(settings).map(|name| Entry::new(name.to_owned(), settings))
    }

    /// Returns the global ARN.
    pub(crate) fn arn(&self, settings: &Settings) -> String {
        let partition = settings.partition.as_str();
        format!(
            "arn:{partition}:controlcatalog:::control/{}",
            global_id(&self.name)
        )
    }

    /// Returns the control that an ARN of either form names.
    pub(crate) fn by_arn(arn: &str, settings: &Settings) -> Option<Entry> {
        let (service, region, id) = parts(arn, settings)?;
        let found = match service {
            "controlcatalog" if region.is_empty() => {
                let built_in = built_in().names.get(id).map(String::as_str);
                let more = settings.control_tower.more_controls.iter().map(String::as_str);
                let mut all = built_in
                    .into_iter()
                    .chain(more.filter(|name| global_id(name) == id));
                all.find(|name| exists(name, settings))
            }
            "controltower" if region.is_empty() => None,
            "controltower" if id.starts_with("AWS-GR_") => {
                Some(id).filter(|name| *name == REGION_DENY || exists(name, settings))
            }
            "controltower" => names(settings).find(|name| regional_id(name, region).as_deref() == Some(id)),
            _ => None,
        };
        found.map(|name| Entry::new(name.to_owned(), settings))
    }
}

/// Returns service, Region and id of a control's ARN.
fn parts<'a>(arn: &'a str, settings: &Settings) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, id) = arn.rsplit_once("::control/")?;
    let mut parts = before.split(':');
    let whole = parts.next() == Some("arn") && parts.next() == Some(settings.partition.as_str());
    let (service, region) = (parts.next()?, parts.next().unwrap_or_default());
    (whole && parts.next().is_none()).then_some((service, region, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_control_has_one_global_id_and_one_in_each_region() {
        let settings = Settings::default();
        let all: Vec<Entry> = Entry::all(&settings).collect();
        let arns: BTreeSet<String> = all.iter().map(|entry| entry.arn(&settings)).collect();
        assert_eq!(arns.len(), all.len());
        for entry in &all {
            assert_eq!(
                Entry::by_arn(&entry.arn(&settings), &settings).as_ref(),
                Some(entry)
            );
            for region in ["us-east-1", "eu-west-1"] {
                let Some(id) = regional_id(&entry.name, region) else {
                    continue;
                };
                let arn = |region: &str| format!("arn:aws:controltower:{region}::control/{id}");
                assert_eq!(Entry::by_arn(&arn(region), &settings).as_ref(), Some(entry));
                let elsewhere = Entry::by_arn(&arn("ap-south-1"), &settings);
                assert_eq!(elsewhere.is_some(), id.starts_with("AWS-GR_"), "{id}");
            }
        }
    }

    #[test]
    fn only_whole_arns_name_controls() {
        let settings = Settings::default();
        for arn in [
            "AWS-GR_ENCRYPTED_VOLUMES",
            "arn:aws:controltower:::control/AWS-GR_ENCRYPTED_VOLUMES",
            "arn:aws:controlcatalog:us-east-1::control/497wrm2xnk1wxlf4obrdo7mej",
            "arn:aws-cn:controlcatalog:::control/497wrm2xnk1wxlf4obrdo7mej",
            "arn:aws:controltower:us-east-1::control/CT.S3.PR.1",
        ] {
            assert_eq!(Entry::by_arn(arn, &settings), None, "{arn}");
        }
    }
}
