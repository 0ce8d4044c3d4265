//! The catalogue as a table.

use super::global::GLOBAL;
use crate::pattern::Glob;
use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

static TEXT: &str = include_str!("../../data/catalogue.txt");

/// The actions and condition keys that are known.
#[derive(Debug)]
pub struct Catalogue {
    date: String,
    services: BTreeMap<String, Service>,
    actions: HashSet<String>,
    global: Vec<(Glob, KeyKind)>,
}

/// A service.
#[derive(Debug)]
pub struct Service {
    /// Its prefix, such as `s3`.
    pub prefix: &'static str,
    /// Whether resource control policies reach it.
    pub reached_by_rcps: bool,
    /// Its actions, without the prefix.
    pub actions: Vec<&'static str>,
    keys: Vec<(Glob, KeyKind)>,
}

/// What a condition key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyKind {
    /// The type of its values.
    pub holds: Holds,
    /// Whether a request can hold several values.
    pub several: bool,
}

/// The type of the values of a condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is named as the Service Authorization Reference names it"
)]
pub enum Holds {
    Text,
    Arn,
    Bool,
    Number,
    Date,
    Address,
    Bytes,
}

impl Catalogue {
    /// Returns the catalogue that is built in.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static READ: OnceLock<Catalogue> = OnceLock::new();
        READ.get_or_init(|| Self::read(TEXT))
    }

    fn read(text: &'static str) -> Self {
        let mut lines = text.lines();
        let version = lines.next().unwrap_or_default();
        let mut services = BTreeMap::new();
        let mut current: Option<Service> = None;
        for line in lines {
            if let Some(head) = line.strip_prefix('=') {
                services.extend(current.take().map(|s| (s.prefix.to_owned(), s)));
                let (prefix, flag) = head.split_once(' ').unwrap_or((head, ""));
                current = Some(Service {
                    prefix,
                    reached_by_rcps: flag == "R",
                    actions: Vec::new(),
                    keys: Vec::new(),
                });
            } else if let Some(service) = &mut current {
                if service.actions.is_empty() {
                    service.actions = line.split(' ').collect();
                } else {
                    service.keys = line.split(' ').filter_map(key).collect();
                }
            }
        }
        services.extend(current.take().map(|s| (s.prefix.to_owned(), s)));
        let of_service = |s: &Service| -> Vec<String> {
            let full = s.actions.iter().map(|name| format!("{}:{name}", s.prefix));
            full.map(|action| action.to_ascii_lowercase()).collect()
        };
        let global = GLOBAL.iter().map(|(name, kind)| (key_glob(name), key_kind(kind)));
        Self {
            date: date(version),
            actions: services.values().flat_map(of_service).collect(),
            services,
            global: global.collect(),
        }
    }

    /// Returns the day of the data, such as `2026-09-26`.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// Returns the services in order of their prefixes.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.values()
    }

    /// Returns the service with a prefix in lower case.
    #[must_use]
    pub fn service(&self, prefix: &str) -> Option<&Service> {
        self.services.get(prefix)
    }

    /// Returns whether an action in lower case, such as `s3:getobject`, is known.
    #[must_use]
    pub fn has_action(&self, action: &str) -> bool {
        self.actions.contains(action)
    }

    /// Returns whether some known action fits a pattern; case doesn't count.
    #[must_use]
    pub fn has_action_like(&self, pattern: &str) -> bool {
        let lower = pattern.to_ascii_lowercase();
        if !lower.contains(['*', '?']) {
            return self.has_action(&lower);
        }
        let glob = Glob::of_text(&lower);
        self.actions_named(&lower)
            .any(|action| glob.matches(&action.to_ascii_lowercase()))
    }

    /// Returns the known actions that a pattern in lower case could name, by its service.
    pub(crate) fn actions_named(&self, pattern: &str) -> impl Iterator<Item = String> {
        let service = pattern.split_once(':').map_or(pattern, |(service, _)| service);
        let glob = Glob::of_text(if pattern.contains(':') { service } else { "*" });
        let named = self.services.values().filter(move |s| glob.matches(s.prefix));
        named.flat_map(|s| s.actions.iter().map(|name| format!("{}:{name}", s.prefix)))
    }

    /// Returns what a condition key in lower case holds, if it is known.
    #[must_use]
    pub fn key(&self, key: &str) -> Option<KeyKind> {
        let find = |keys: &[(Glob, KeyKind)]| {
            keys.iter()
                .find(|(glob, _)| glob.matches(key))
                .map(|(_, kind)| *kind)
        };
        if let Some(kind) = find(&self.global) {
            return Some(kind);
        }
        let prefix = key.split_once(':').map_or(key, |(prefix, _)| prefix);
        let own = self.service(prefix).and_then(|service| find(&service.keys));
        // Some keys have a prefix that is no service, such as those of identity providers.
        let anywhere = || self.services.values().find_map(|service| find(&service.keys));
        own.or_else(anywhere)
            .or_else(|| prefix.contains('.').then_some(OF_PROVIDER))
    }
}

/// Every OpenID Connect provider brings keys of its own, named after its address (IAM User Guide, "IAM and AWS STS
/// condition context keys").
const OF_PROVIDER: KeyKind = KeyKind {
    holds: Holds::Text,
    several: false,
};

fn key(written: &str) -> Option<(Glob, KeyKind)> {
    let (name, kind) = written.rsplit_once(':')?;
    Some((key_glob(name), key_kind(kind)))
}

fn key_kind(written: &str) -> KeyKind {
    let (several, letter) = match written.strip_prefix('+') {
        Some(letter) => (true, letter),
        None => (false, written),
    };
    let holds = match letter {
        "A" => Holds::Arn,
        "B" => Holds::Bool,
        "N" => Holds::Number,
        "D" => Holds::Date,
        "I" => Holds::Address,
        "Y" => Holds::Bytes,
        _ => Holds::Text,
    };
    KeyKind { holds, several }
}

/// A key with `${...}` or a trailing `/` stands for many.
fn key_glob(name: &str) -> Glob {
    let mut pattern = String::new();
    let lower = name.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        pattern.push_str(before);
        pattern.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    pattern.push_str(rest);
    if pattern.ends_with('/') {
        pattern.push('*');
    }
    Glob::of_text(&pattern)
}

/// The version of the package ends in its day and the number of the release on it.
fn date(version: &str) -> String {
    let digits = version.rsplit('.').next().unwrap_or_default();
    match (digits.get(..4), digits.get(4..6), digits.get(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_knows_services_actions_and_keys() {
        let catalogue = Catalogue::built_in();
        assert!(catalogue.date().starts_with("20") && catalogue.date().len() == 10);
        assert!(catalogue.services().count() > 300);
        assert!(catalogue.has_action("s3:getobject") && !catalogue.has_action("s3:nosuchaction"));
        assert!(catalogue.has_action_like("S3:Get*") && catalogue.has_action_like("*"));
        assert!(!catalogue.has_action_like("s3:Nope*") && !catalogue.has_action_like("nope:*"));
        let service = |name: &str| catalogue.service(name).unwrap().reached_by_rcps;
        assert!(service("s3") && !service("ec2"));
    }

    #[test]
    fn keys_tell_type_and_number() {
        let key = |name: &str| Catalogue::built_in().key(name);
        let is = |holds, several| Some(KeyKind { holds, several });
        assert_eq!(key("aws:principalarn"), is(Holds::Arn, false));
        assert_eq!(key("aws:tagkeys"), is(Holds::Text, true));
        assert_eq!(key("aws:principaltag/team"), is(Holds::Text, false));
        assert_eq!(key("s3:tlsversion"), is(Holds::Number, false));
        assert_eq!(
            key("token.actions.githubusercontent.com:sub"),
            is(Holds::Text, false)
        );
        assert_eq!(key("aws:nosuchkey"), None);
    }
}
