//! References to declared objects: which one is meant, and what its attributes are.

use super::declared::{Labelled, OuBlock};
use super::unknown;
use super::world::{Instances, World, each, with_each};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Evaluator, Failure, Scope, known_later};
use crate::suggest;
use crate::syntax::{Body, Reference, ReferenceStep, Word};
use crate::value::{self, Thing, Type, Value};
use lz_model::address::{Name, OuAddress};
use lz_model::text::{Attribute, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

impl<'a> World<'a> {
    /// Follows `ou.a["key"].b` as far as it names organizational units.
    pub(super) fn ou(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        scope: &Scope<'_>,
    ) -> Result<(Value, usize), Failure> {
        let label = first_name(reference)?;
        let Some(block) = self.declared.ous.get(&*label.text) else {
            return Err(unknown::ou("ou", label, self.declared.ous.keys().copied()).into());
        };
        let instances = self.ou_instances(evaluator, None, block)?;
        let Some((address, mut taken)) =
            self.keyed(evaluator, reference, 1, &instances, scope, "ou", label)?
        else {
            return Ok((
                whole(&instances, |name| Thing::Ou(OuAddress::top(name)), &label.text),
                1,
            ));
        };
        let mut address = OuAddress::top(address);
        let mut block = block;
        while let Some(ReferenceStep::Name(child_label)) = reference.steps.get(taken) {
            let Some(child) = block.children.get(&*child_label.text) else {
                break;
            };
            let instances = self.ou_instances(evaluator, Some(&address), child)?;
            let parent = address.clone();
            let written = address.to_string();
            match self.keyed(
                evaluator,
                reference,
                taken + 1,
                &instances,
                scope,
                &written,
                child_label,
            )? {
                Some((name, after)) => {
                    address = parent.child(name);
                    taken = after;
                    block = child;
                }
                None => {
                    let all = whole(
                        &instances,
                        |name| Thing::Ou(parent.child(name)),
                        &child_label.text,
                    );
                    return Ok((all, taken + 1));
                }
            }
        }
        Ok((Value::Thing(Arc::new(Thing::Ou(address))), taken))
    }

    /// Returns the objects of an `ou` block below one parent.
    pub(super) fn ou_instances(
        &self,
        evaluator: &Evaluator<'_>,
        parent: Option<&OuAddress>,
        block: &OuBlock<'_>,
    ) -> Result<Instances, Failure> {
        let prefix = parent.map_or_else(|| "ou".to_owned(), ToString::to_string);
        let name = format!("{prefix}.{}", block.label.text);
        let each = match parent {
            Some(parent) => self.ou_each(evaluator, parent)?,
            None => None,
        };
        with_each(each.as_ref(), |scope| {
            self.instances(evaluator, &name, block.body, scope, block.label.span)
        })
    }

    /// Returns the nearest `each` of an OU: its own, or that of an OU around it.
    pub(super) fn ou_each(
        &self,
        evaluator: &Evaluator<'_>,
        address: &OuAddress,
    ) -> Result<Option<Value>, Failure> {
        let Some(block) = self.ou_block(address) else {
            return Ok(None);
        };
        let parent = address.parent();
        match (
            &address.name().key,
            self.ou_instances(evaluator, parent.as_ref(), block)?,
        ) {
            (Some(key), Instances::Each(elements)) => {
                Ok(elements.get(key.as_str()).map(|value| each(key, value)))
            }
            _ => match parent {
                Some(parent) => self.ou_each(evaluator, &parent),
                None => Ok(None),
            },
        }
    }

    pub(super) fn ou_block(&self, address: &OuAddress) -> Option<&OuBlock<'a>> {
        let mut names = address.names();
        let mut block = self.declared.ous.get(names.next()?.label.as_str())?;
        for name in names {
            block = block.children.get(name.label.as_str())?;
        }
        Some(block)
    }

    /// Returns block and `each` of a declared object.
    pub(super) fn labelled_each(
        &self,
        evaluator: &Evaluator<'_>,
        kind: &'static str,
        name: &Name,
    ) -> Result<(Labelled<'a>, Option<Value>), Failure> {
        let Some(block) = self.declared.labelled(kind).get(name.label.as_str()) else {
            return Err(Failure::reported());
        };
        let full = format!("{kind}.{}", name.label);
        let instances = self.instances(evaluator, &full, block.body, &Scope::EMPTY, block.label.span)?;
        let each = match (&name.key, instances) {
            (Some(key), Instances::Each(elements)) => {
                elements.get(key.as_str()).map(|value| each(key, value))
            }
            _ => None,
        };
        Ok((*block, each))
    }

    /// Follows `account.x["key"]`, `policy.x["key"]` and their like.
    pub(super) fn labelled(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        scope: &Scope<'_>,
        kind: &'static str,
    ) -> Result<(Value, usize), Failure> {
        let label = first_name(reference)?;
        let thing: fn(Name) -> Thing = match kind {
            "account" => Thing::Account,
            "stack_set" => Thing::StackSet,
            "stack" => Thing::Stack,
            "permission_set" => Thing::PermissionSet,
            _ => Thing::Policy,
        };
        let Some(block) = self.declared.labelled(kind).get(&*label.text) else {
            return Err(unknown::labelled(kind, label, self.declared).into());
        };
        let name = format!("{kind}.{}", label.text);
        let instances = self.instances(evaluator, &name, block.body, &Scope::EMPTY, label.span)?;
        match self.keyed(evaluator, reference, 1, &instances, scope, kind, label)? {
            Some((name, taken)) => Ok((Value::Thing(Arc::new(thing(name))), taken)),
            None => Ok((whole(&instances, thing, &label.text), 1)),
        }
    }

    /// Returns which object of a block a reference means, or nothing if it means all of them.
    #[expect(
        clippy::too_many_arguments,
        reason = "a reference, where it stands, and what it is held against"
    )]
    fn keyed(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        at: usize,
        instances: &Instances,
        scope: &Scope<'_>,
        prefix: &str,
        label: &Word,
    ) -> Result<Option<(Name, usize)>, Failure> {
        let Instances::Each(elements) = instances else {
            return Ok(Some((Name::new(&*label.text), at)));
        };
        let Some(ReferenceStep::Key(key)) = reference.steps.get(at) else {
            return Ok(None);
        };
        let value = evaluator.value(key, scope)?;
        if let Some(hole) = value.hole() {
            return Err(known_later(hole, key.span, "be a key").into());
        }
        let key_text = value::convert(&value, &Type::String)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned));
        let Some(text) = key_text else {
            let message = format!("a key is text, this is {}", value.described());
            return Err(SpecDiagnostic::new(Code::Type, key.span, message).into());
        };
        if elements.contains_key(text.as_str()) {
            return Ok(Some((Name::keyed(&*label.text, text), at + 1)));
        }
        let known: Vec<&str> = elements.keys().map(|key| &**key).collect();
        let message = format!("`{prefix}.{}` has no element `{text}`", label.text);
        Err(SpecDiagnostic::new(Code::NoSuchElement, key.span, message)
            .maybe_help(suggest::help(&text, &known))
            .into())
    }

    /// Evaluates an attribute of another block as text; null counts as left out.
    fn attribute_of(
        &self,
        evaluator: &Evaluator<'_>,
        thing: &Thing,
        body: &Body,
        each: Option<&Value>,
        name: &Word,
    ) -> Result<Option<Value>, Failure> {
        let Some(attribute) = body.attribute(&name.text) else {
            return Ok(None);
        };
        let full = format!("{thing}.{}", name.text);
        let value = self.within(full, name.span, || {
            with_each(each, |scope| evaluator.value(&attribute.value, scope))
        })?;
        // A value of another type is reported where the block itself is read.
        let text = value::convert(&value, &Type::String).map_err(|_| Failure::reported())?;
        Ok((!text.is_null()).then_some(text))
    }
}

/// Returns all objects of a block: one, or a map of them.
fn whole(instances: &Instances, thing: impl Fn(Name) -> Thing, label: &str) -> Value {
    match instances {
        Instances::Single => Value::Thing(Arc::new(thing(Name::new(label)))),
        Instances::Each(elements) => Value::map(
            elements
                .keys()
                .map(|key| {
                    (
                        Arc::clone(key),
                        Value::Thing(Arc::new(thing(Name::keyed(label, &**key)))),
                    )
                })
                .collect(),
        ),
    }
}

/// Attributes of each kind of object.
pub(super) const fn attributes_of(kind: &str) -> &'static [&'static str] {
    match kind.as_bytes() {
        b"root" => &["id", "arn"],
        b"organization" => &["id", "arn", "root"],
        b"account" => &["id", "arn", "name", "email", "tags"],
        b"stack" => &["id", "name"],
        b"permission_set" => &["arn", "name"],
        b"tag" => &[],
        _ => &["id", "arn", "name"],
    }
}

impl World<'_> {
    /// Returns an attribute of an object, or a child of an OU.
    pub(super) fn thing_attribute(
        &self,
        evaluator: &Evaluator<'_>,
        thing: &Thing,
        name: &Word,
    ) -> Result<Value, Failure> {
        let no_attribute = || self.no_attribute(thing, name, attributes_of(thing.kind())).into();
        let later = |attribute| match thing.address() {
            Some(address) => Ok(Value::Later(Arc::new(Text::hole(address, attribute)))),
            None => Err(no_attribute()),
        };
        match (thing, &*name.text) {
            (Thing::Organization, "root") => Ok(Value::Thing(Arc::new(Thing::Root))),
            (Thing::Account(account), "id") => {
                let (block, each) = self.labelled_each(evaluator, "account", account)?;
                match self.attribute_of(evaluator, thing, block.body, each.as_ref(), name)? {
                    Some(id) => Ok(id),
                    None => later(Attribute::Id),
                }
            }
            (Thing::Account(account), "tags") => self.account_tags(evaluator, thing, account, name),
            (Thing::Stack(_), "arn") => Err(no_attribute()),
            (Thing::PermissionSet(_), "id") => Err(no_attribute()),
            (_, "id") => later(Attribute::Id),
            (_, "arn") => later(Attribute::Arn),
            (Thing::Ou(address), "name") => {
                let Some(block) = self.ou_block(address) else {
                    return Err(Failure::reported());
                };
                let each = self.ou_each(evaluator, address)?;
                let found = self.attribute_of(evaluator, thing, block.body, each.as_ref(), name)?;
                Ok(found.unwrap_or_else(|| default_name(address.name())))
            }
            (Thing::Account(object), "name" | "email") => {
                let (block, each) = self.labelled_each(evaluator, "account", object)?;
                let found = self.attribute_of(evaluator, thing, block.body, each.as_ref(), name)?;
                Ok(found.unwrap_or_else(|| default_name(object)))
            }
            (Thing::Policy(object) | Thing::PermissionSet(object), "name") => {
                let (block, each) = self.labelled_each(evaluator, thing.kind(), object)?;
                let found = self.attribute_of(evaluator, thing, block.body, each.as_ref(), name)?;
                Ok(found.unwrap_or_else(|| default_name(object)))
            }
            (Thing::StackSet(object) | Thing::Stack(object), "name") => {
                let (block, each) = self.labelled_each(evaluator, kind_of(thing), object)?;
                let found = self.attribute_of(evaluator, thing, block.body, each.as_ref(), name)?;
                Ok(found.unwrap_or_else(|| Value::string(stack_name(object))))
            }
            _ => Err(no_attribute()),
        }
    }

    /// Returns the tags that the spec gives an account; none where it leaves them alone.
    fn account_tags(
        &self,
        evaluator: &Evaluator<'_>,
        thing: &Thing,
        account: &Name,
        name: &Word,
    ) -> Result<Value, Failure> {
        let (block, each) = self.labelled_each(evaluator, "account", account)?;
        let Some(attribute) = block.body.attribute("tags") else {
            return Ok(Value::map(BTreeMap::new()));
        };
        let value = self.within(format!("{thing}.tags"), name.span, || {
            with_each(each.as_ref(), |scope| evaluator.value(&attribute.value, scope))
        })?;
        // Tags of another type are reported where the block itself is read.
        let fields = value
            .fields()
            .map(|fields| (**fields).clone())
            .unwrap_or_default();
        let texts = fields
            .into_iter()
            .filter_map(|(key, value)| Some((key, value::convert(&value, &Type::String).ok()?)))
            .filter(|(_, value)| !value.is_null());
        Ok(Value::map(texts.collect()))
    }

    fn no_attribute(&self, thing: &Thing, name: &Word, known: &[&str]) -> SpecDiagnostic {
        if let Thing::Ou(address) = thing {
            let children = self
                .ou_block(address)
                .map(|block| block.children.keys().copied().collect::<Vec<_>>());
            let all: Vec<&str> = children
                .unwrap_or_default()
                .into_iter()
                .chain(known.iter().copied())
                .collect();
            return unknown::ou(&address.to_string(), name, all.into_iter());
        }
        unknown::attribute(&thing.to_string(), name, known)
    }
}

const fn kind_of(thing: &Thing) -> &'static str {
    if matches!(thing, Thing::Stack(_)) {
        "stack"
    } else {
        "stack_set"
    }
}

/// A stack set or stack whose name is left out is called after its label and key. AWS takes no `_` in it.
pub(super) fn stack_name(name: &Name) -> String {
    let label = name.label.replace('_', "-");
    match &name.key {
        Some(key) => format!("{label}-{}", key.replace('_', "-")),
        None => label,
    }
}

/// An object whose name is left out has its key or label as name.
fn default_name(name: &Name) -> Value {
    Value::string(name.key.as_deref().unwrap_or(&name.label))
}

/// Returns the label behind `ou`, `account` or `policy`.
pub(super) fn first_name<'r>(reference: &Reference<'r>) -> Result<&'r Word, Failure> {
    match reference.steps.first() {
        Some(ReferenceStep::Name(name)) => Ok(name),
        Some(ReferenceStep::Key(_)) | None => Err(unknown::alone(reference.root, reference.root_span).into()),
    }
}
