//! Addresses: the name of a declared object. An address prints and parses back to itself.

use crate::id::ServicePrincipal;
use crate::policy_type::PolicyType;
use crate::tower::{ControlName, OuBaseline};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The key of the tag that names the landing zone.
pub const ZONE_TAG: &str = "lz:zone";
/// The key of the tag that names the declaration.
pub const ADDRESS_TAG: &str = "lz:address";

/// A block's label and, for a block with `for_each`, the key of one of its objects. Prints as `team["shop"]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name {
    /// The label of the block: `team` in `account "team"`.
    pub label: String,
    /// The key of the object under `for_each`: `shop` in `account.team["shop"]`.
    pub key: Option<String>,
}

impl Name {
    /// Returns the name of a block without `for_each`.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            key: None,
        }
    }

    /// Returns the name of one object of a block with `for_each`.
    #[must_use]
    pub fn keyed(label: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            key: Some(key.into()),
        }
    }
}

/// The labels from an outermost `ou` block down to this one; never empty. Prints as `ou.workloads.prod`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OuAddress {
    outer: Vec<Name>,
    last: Name,
}

impl OuAddress {
    /// Returns the address of an OU directly below the root.
    #[must_use]
    pub const fn top(name: Name) -> Self {
        Self {
            outer: Vec::new(),
            last: name,
        }
    }

    /// Returns the address of an OU nested in this one.
    #[must_use]
    pub fn child(&self, name: Name) -> Self {
        let mut outer = self.outer.clone();
        outer.push(self.last.clone());
        Self { outer, last: name }
    }

    /// Returns the address of the enclosing OU block, if there is one.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (last, outer) = self.outer.split_last()?;
        Some(Self {
            outer: outer.to_vec(),
            last: last.clone(),
        })
    }

    /// Returns the innermost name.
    #[must_use]
    pub const fn name(&self) -> &Name {
        &self.last
    }

    /// Returns the names from the outermost to the innermost.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.outer.iter().chain(std::iter::once(&self.last))
    }

    /// Returns how deep the OU lies below the root: 1 for a top OU.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.outer.len() + 1
    }
}

/// The name of an object that a spec declares.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Address {
    /// The organization itself.
    Organization,
    /// The root of the organization.
    Root,
    /// A policy type that is switched on at the root.
    PolicyType(PolicyType),
    /// Trusted access of a service.
    TrustedService(ServicePrincipal),
    /// An organizational unit.
    Ou(OuAddress),
    /// An account.
    Account(Name),
    /// An organization policy.
    Policy(Name),
    /// The delegated administrator of a service.
    DelegatedAdmin(ServicePrincipal),
    /// A CloudFormation stack set.
    StackSet(Name),
    /// A CloudFormation stack of the management account.
    Stack(Name),
    /// The landing zone of Control Tower.
    ControlTower,
    /// A baseline of Control Tower, on all its OUs.
    Baseline(OuBaseline),
    /// A control of Control Tower, on all its OUs.
    Control(ControlName),
    /// A permission set of IAM Identity Center.
    PermissionSet(Name),
    /// Who has a permission set where.
    Assignment(Name),
}

/// A text that is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not an address such as account.audit, ou.workloads.prod or policy.regions[\"eu\"]")]
pub struct AddressError {
    /// The text as it was given.
    pub given: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization => f.write_str("organization"),
            Self::Root => f.write_str("root"),
            Self::PolicyType(policy_type) => write!(f, "organization.policy_types[\"{policy_type}\"]"),
            Self::TrustedService(service) => write!(f, "organization.trusted_services[\"{service}\"]"),
            Self::Ou(ou) => write!(f, "{ou}"),
            Self::Account(name) => write!(f, "account.{name}"),
            Self::Policy(name) => write!(f, "policy.{name}"),
            Self::DelegatedAdmin(service) => write!(f, "delegated_admin[\"{service}\"]"),
            Self::StackSet(name) => write!(f, "stack_set.{name}"),
            Self::Stack(name) => write!(f, "stack.{name}"),
            Self::ControlTower => f.write_str("control_tower"),
            Self::Baseline(baseline) => write!(f, "baseline[\"{baseline}\"]"),
            Self::Control(control) => write!(f, "control[\"{control}\"]"),
            Self::PermissionSet(name) => write!(f, "permission_set.{name}"),
            Self::Assignment(name) => write!(f, "assignment.{name}"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

fn quote(key: &str) -> String {
    let mut quoted = String::with_capacity(key.len() + 2);
    quoted.push('"');
    for c in key.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        parse(&text).ok_or(AddressError { given: text })
    }
}

impl std::str::FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::try_from(text.to_owned())
    }
}

fn parse(text: &str) -> Option<Address> {
    if text == "organization" {
        return Some(Address::Organization);
    }
    if text == "root" {
        return Some(Address::Root);
    }
    if let Some(rest) = text.strip_prefix("organization.policy_types") {
        return PolicyType::from_name(&only_key(rest)?).map(Address::PolicyType);
    }
    if let Some(rest) = text.strip_prefix("organization.trusted_services") {
        return only_key(rest)?.parse().ok().map(Address::TrustedService);
    }
    if text == "control_tower" {
        return Some(Address::ControlTower);
    }
    if let Some(rest) = text.strip_prefix("baseline[") {
        return OuBaseline::from_name(&only_key(&format!("[{rest}"))?).map(Address::Baseline);
    }
    if let Some(rest) = text.strip_prefix("control[") {
        let key = only_key(&format!("[{rest}"))?;
        return key.parse().ok().map(Address::Control);
    }
    if let Some(rest) = text.strip_prefix("delegated_admin[") {
        let key = only_key(&format!("[{rest}"))?;
        return key.parse().ok().map(Address::DelegatedAdmin);
    }
    let (kind, rest) = text.split_once('.')?;
    let names = names(rest)?;
    match (kind, names.as_slice()) {
        ("account", [name]) => Some(Address::Account(name.clone())),
        ("policy", [name]) => Some(Address::Policy(name.clone())),
        ("stack_set", [name]) => Some(Address::StackSet(name.clone())),
        ("stack", [name]) => Some(Address::Stack(name.clone())),
        ("permission_set", [name]) => Some(Address::PermissionSet(name.clone())),
        ("assignment", [name]) => Some(Address::Assignment(name.clone())),
        ("ou", [outer @ .., last]) => Some(Address::Ou(OuAddress {
            outer: outer.to_vec(),
            last: last.clone(),
        })),
        _ => None,
    }
}

fn only_key(text: &str) -> Option<String> {
    let (key, rest) = bracketed(text)?;
    rest.is_empty().then_some(key)
}

fn names(mut text: &str) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    loop {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (label, rest) = text.split_at_checked(end)?;
        if !is_label(label) {
            return None;
        }
        let (key, rest) = if rest.starts_with('[') {
            let (key, rest) = bracketed(rest)?;
            (Some(key), rest)
        } else {
            (None, rest)
        };
        names.push(Name {
            label: label.to_owned(),
            key,
        });
        match rest.strip_prefix('.') {
            Some(more) => text = more,
            None if rest.is_empty() => return Some(names),
            None => return None,
        }
    }
}

fn bracketed(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix("[\"")?.chars();
    let mut key = String::new();
    loop {
        match rest.next()? {
            '\\' => key.push(rest.next()?),
            '"' => return rest.as_str().strip_prefix(']').map(|after| (key, after)),
            c => key.push(c),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)?;
        match &self.key {
            None => Ok(()),
            Some(key) => write!(f, "[{}]", quote(key)),
        }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.to_string()
    }
}

impl TryFrom<String> for Name {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        match names(&text).as_deref() {
            Some([name]) => Ok(name.clone()),
            _ => Err(AddressError { given: text }),
        }
    }
}

impl fmt::Display for OuAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ou")?;
        self.names().try_for_each(|name| write!(f, ".{name}"))
    }
}

impl From<OuAddress> for String {
    fn from(address: OuAddress) -> String {
        address.to_string()
    }
}

impl TryFrom<String> for OuAddress {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        match parse(&text) {
            Some(Address::Ou(ou)) => Ok(ou),
            _ => Err(AddressError { given: text }),
        }
    }
}

/// Tag values take letters, digits, white space and `_ . : / = + - @` (Organizations shape `TagValue`,
/// aws-facts section 1.2), so `team["shop"]` is tagged `team/shop`; other characters of a key become
/// `=` and their code in hexadecimal, ended by `:`.
impl Address {
    /// Returns the form of the address that a tag can hold.
    #[must_use]
    pub fn to_tag(&self) -> String {
        match self {
            Self::Ou(ou) => {
                let mut tag = "ou".to_owned();
                ou.names().for_each(|name| push_tag_name(&mut tag, name));
                tag
            }
            Self::Account(name) => tag_of("account", name),
            Self::Policy(name) => tag_of("policy", name),
            Self::StackSet(name) => tag_of("stack_set", name),
            Self::Stack(name) => tag_of("stack", name),
            Self::PermissionSet(name) => tag_of("permission_set", name),
            Self::Assignment(name) => tag_of("assignment", name),
            Self::Organization
            | Self::Root
            | Self::PolicyType(_)
            | Self::TrustedService(_)
            | Self::DelegatedAdmin(_)
            | Self::ControlTower
            | Self::Baseline(_)
            | Self::Control(_) => self.to_string(),
        }
    }

    /// Returns the address that a tag holds, or `None` if it holds none.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let (kind, rest) = tag.split_once('.')?;
        let mut names = rest.split('.').map(tag_name).collect::<Option<Vec<Name>>>()?;
        let last = names.pop()?;
        match (kind, names.is_empty()) {
            ("account", true) => Some(Self::Account(last)),
            ("policy", true) => Some(Self::Policy(last)),
            ("stack_set", true) => Some(Self::StackSet(last)),
            ("stack", true) => Some(Self::Stack(last)),
            ("permission_set", true) => Some(Self::PermissionSet(last)),
            ("assignment", true) => Some(Self::Assignment(last)),
            ("ou", _) => Some(Self::Ou(OuAddress { outer: names, last })),
            _ => None,
        }
    }
}

fn tag_of(kind: &str, name: &Name) -> String {
    let mut tag = kind.to_owned();
    push_tag_name(&mut tag, name);
    tag
}

fn push_tag_name(tag: &mut String, name: &Name) {
    tag.push('.');
    tag.push_str(&name.label);
    let Some(key) = &name.key else { return };
    tag.push('/');
    for c in key.chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '_' | '/' | '+' | '-' | '@') {
            tag.push(c);
        } else {
            tag.push_str(&format!("={:x}:", u32::from(c)));
        }
    }
}

fn tag_name(text: &str) -> Option<Name> {
    let Some((label, encoded)) = text.split_once('/') else {
        return is_label(text).then(|| Name::new(text));
    };
    let mut key = String::new();
    let mut rest = encoded;
    while let Some((before, after)) = rest.split_once('=') {
        let (code, after) = after.split_once(':')?;
        key.push_str(before);
        key.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
        rest = after;
    }
    key.push_str(rest);
    is_label(label).then(|| Name::keyed(label, key))
}

/// Returns whether a text can be a block label: a letter or underscore, then letters, digits, `_` or `-`.
#[must_use]
pub fn is_label(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_print_as_the_spec_refers_to_them() {
        let prod = OuAddress::top(Name::new("workloads")).child(Name::new("prod"));
        assert_eq!(Address::Ou(prod).to_string(), "ou.workloads.prod");
        assert_eq!(
            Address::Account(Name::keyed("team", "shop")).to_string(),
            "account.team[\"shop\"]"
        );
        let admin = Address::DelegatedAdmin("guardduty.amazonaws.com".parse().unwrap());
        assert_eq!(admin.to_string(), "delegated_admin[\"guardduty.amazonaws.com\"]");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for bad in [
            "",
            "account",
            "account.",
            "account.a.b",
            "ou.a[x]",
            "ou.a[\"x\"",
            "thing.a",
            "policy.1",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }

    fn name() -> impl Strategy<Value = Name> {
        ("[a-z_][a-z0-9_-]{0,8}", proptest::option::of("[ -~é]{0,6}"))
            .prop_map(|(label, key)| Name { label, key })
    }

    fn address() -> impl Strategy<Value = Address> {
        prop_oneof![
            Just(Address::Organization),
            Just(Address::Root),
            Just(Address::PolicyType(PolicyType::Rcp)),
            Just(Address::TrustedService("sso.amazonaws.com".parse().unwrap())),
            Just(Address::DelegatedAdmin("sso.amazonaws.com".parse().unwrap())),
            name().prop_map(Address::Account),
            name().prop_map(Address::Policy),
            name().prop_map(Address::StackSet),
            name().prop_map(Address::Stack),
            Just(Address::ControlTower),
            Just(Address::Baseline(OuBaseline::Backup)),
            Just(Address::Control("AWS-GR_ENCRYPTED_VOLUMES".parse().unwrap())),
            name().prop_map(Address::PermissionSet),
            name().prop_map(Address::Assignment),
            proptest::collection::vec(name(), 1..5).prop_map(|mut names| {
                let last = names.pop().unwrap();
                Address::Ou(OuAddress { outer: names, last })
            }),
        ]
    }

    proptest! {
        #[test]
        fn an_address_parses_back_to_itself(address in address()) {
            prop_assert_eq!(address.to_string().parse::<Address>().unwrap(), address);
        }

        #[test]
        fn an_address_survives_in_a_tag_and_uses_only_what_tags_take(address in address()) {
            let tag = address.to_tag();
            let is_tagged = matches!(
                address,
                Address::Ou(_)
                    | Address::Account(_)
                    | Address::Policy(_)
                    | Address::StackSet(_)
                    | Address::Stack(_)
                    | Address::PermissionSet(_)
                    | Address::Assignment(_)
            );
            if is_tagged {
                prop_assert!(tag.chars().all(|c| c.is_alphanumeric() || " _.:/=+-@".contains(c)), "{}", tag);
                prop_assert_eq!(Address::from_tag(&tag), Some(address));
            } else {
                prop_assert_eq!(Address::from_tag(&tag), None);
            }
        }
    }
}
