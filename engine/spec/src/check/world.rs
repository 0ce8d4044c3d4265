//! What names mean in a spec. Values are found when they are asked for, and a circle is found on the way.

use super::declared::{Declared, Labelled, OuBlock};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Evaluator, Failure, Names, Scope, known_later};
use crate::source::Span;
use crate::suggest;
use crate::syntax::{Body, Expr, Reference, ReferenceStep, Word};
use crate::value::{self, Thing, Type, Value};
use lz_model::address::{Name, OuAddress};
use lz_model::text::{Attribute, Text};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest chain of values that depend on each other.
const MAX_CHAIN: usize = 400;

/// The objects of a block: one, or one for each element of `for_each`.
#[derive(Debug, Clone)]
pub(super) enum Instances {
    Single,
    /// Key to `each.value`.
    Each(Arc<BTreeMap<Arc<str>, Value>>),
}

/// The meaning of all names of one spec.
pub(super) struct World<'a> {
    pub(super) declared: &'a Declared<'a>,
    pub(super) variables: BTreeMap<&'a str, Option<Value>>,
    pub(super) zone: BTreeMap<Arc<str>, Value>,
    locals: RefCell<BTreeMap<String, Option<Value>>>,
    instances: RefCell<BTreeMap<String, Option<Instances>>>,
    /// What is being evaluated, and where it was asked for.
    chain: RefCell<Vec<(String, Span)>>,
}

impl<'a> World<'a> {
    pub(super) fn new(declared: &'a Declared<'a>) -> Self {
        Self {
            declared,
            variables: BTreeMap::new(),
            zone: BTreeMap::new(),
            locals: RefCell::default(),
            instances: RefCell::default(),
            chain: RefCell::default(),
        }
    }

    /// Evaluates something that other values may depend on in turn.
    fn within<T>(
        &self,
        name: String,
        at: Span,
        evaluate: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let position = self.chain.borrow().iter().position(|(known, _)| *known == name);
        if let Some(position) = position {
            return Err(self.circle(position, &name, at).into());
        }
        if self.chain.borrow().len() >= MAX_CHAIN {
            let message = format!("values depend on each other in a chain longer than {MAX_CHAIN}");
            return Err(SpecDiagnostic::new(Code::TooDeep, at, message).into());
        }
        self.chain.borrow_mut().push((name, at));
        let result = evaluate();
        self.chain.borrow_mut().pop();
        result
    }

    fn circle(&self, position: usize, name: &str, at: Span) -> SpecDiagnostic {
        let chain = self.chain.borrow();
        let members = chain.get(position..).unwrap_or_default();
        let mut path: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        path.push(name);
        let mut error = SpecDiagnostic::new(
            Code::Cycle,
            at,
            format!("these values depend on each other: {}", path.join(" -> ")),
        )
        .here("closes the circle")
        .help("break the circle: one of them must not need the others");
        for (name, span) in members.iter().skip(1) {
            error = error.also(*span, format!("`{name}` is needed here"));
        }
        error
    }

    /// Returns a local value.
    pub(super) fn local(&self, evaluator: &Evaluator<'_>, name: &str, at: Span) -> Result<Value, Failure> {
        if let Some(known) = self.locals.borrow().get(name) {
            return known.clone().ok_or_else(Failure::reported);
        }
        let Some(attribute) = self.declared.locals.get(name) else {
            let known: Vec<&str> = self.declared.locals.keys().copied().collect();
            let message = format!("there is no local value `{name}`");
            return Err(SpecDiagnostic::new(Code::UnknownLocal, at, message)
                .maybe_help(suggest::help(name, &known))
                .into());
        };
        let value = self.within(format!("local.{name}"), at, || {
            evaluator.value(&attribute.value, &Scope::EMPTY)
        });
        let value = value.and_then(|value| {
            evaluator.spend(weight(&value), attribute.name.span)?;
            Ok(value)
        });
        self.locals
            .borrow_mut()
            .insert(name.to_owned(), value.as_ref().ok().cloned());
        value
    }

    /// Returns the objects of a block with this name.
    pub(super) fn instances(
        &self,
        evaluator: &Evaluator<'_>,
        name: &str,
        body: &Body,
        scope: &Scope<'_>,
        at: Span,
    ) -> Result<Instances, Failure> {
        if let Some(known) = self.instances.borrow().get(name) {
            return known.clone().ok_or_else(Failure::reported);
        }
        let Some(attribute) = body.attribute("for_each") else {
            return Ok(Instances::Single);
        };
        let instances = self.within(format!("{name}.for_each"), at, || {
            for_each(evaluator, &attribute.value, scope)
        });
        self.instances
            .borrow_mut()
            .insert(name.to_owned(), instances.as_ref().ok().cloned());
        instances
    }

    fn var(&self, name: &Word) -> Result<Value, Failure> {
        match self.variables.get(&*name.text) {
            Some(value) => value.clone().ok_or_else(Failure::reported),
            None => {
                let known: Vec<&str> = self.variables.keys().copied().collect();
                let message = format!("there is no variable `{}`", name.text);
                let help = suggest::help(&name.text, &known)
                    .unwrap_or_else(|| format!("declare it: variable \"{}\" {{ ... }}", name.text));
                Err(SpecDiagnostic::new(Code::UnknownVariable, name.span, message)
                    .help(help)
                    .into())
            }
        }
    }

    /// Follows `ou.a["key"].b` as far as it names organizational units.
    fn ou(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        scope: &Scope<'_>,
    ) -> Result<(Value, usize), Failure> {
        let Some(label) = first_name(reference, "ou", "label")? else {
            return Err(Failure::reported());
        };
        let Some(block) = self.declared.ous.get(&*label.text) else {
            return Err(unknown_ou("ou", label, self.declared.ous.keys().copied()).into());
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

    /// Follows `account.x["key"]` or `policy.x["key"]`.
    fn labelled(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        scope: &Scope<'_>,
        kind: &'static str,
    ) -> Result<(Value, usize), Failure> {
        let Some(label) = first_name(reference, kind, "label")? else {
            return Err(Failure::reported());
        };
        let (known, thing, code): (_, fn(Name) -> Thing, _) = match kind {
            "account" => (&self.declared.accounts, Thing::Account, Code::UnknownAccount),
            _ => (&self.declared.policies, Thing::Policy, Code::UnknownPolicy),
        };
        let Some(block) = known.get(&*label.text) else {
            let labels: Vec<&str> = known.keys().copied().collect();
            let message = format!("{kind} `{}` is not declared", label.text);
            return Err(SpecDiagnostic::new(code, label.span, message)
                .maybe_help(suggest::help(&label.text, &labels))
                .into());
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

    /// Returns block and `each` of a declared object.
    pub(super) fn labelled_each(
        &self,
        evaluator: &Evaluator<'_>,
        kind: &'static str,
        name: &Name,
    ) -> Result<Option<(Labelled<'a>, Option<Value>)>, Failure> {
        let known = if kind == "account" {
            &self.declared.accounts
        } else {
            &self.declared.policies
        };
        let Some(block) = known.get(name.label.as_str()) else {
            return Ok(None);
        };
        let full = format!("{kind}.{}", name.label);
        let instances = self.instances(evaluator, &full, block.body, &Scope::EMPTY, block.label.span)?;
        let each = match (&name.key, instances) {
            (Some(key), Instances::Each(elements)) => {
                elements.get(key.as_str()).map(|value| each(key, value))
            }
            _ => None,
        };
        Ok(Some((*block, each)))
    }

    /// Evaluates an attribute of another block; the label where the attribute is a name and left out.
    fn text_of(
        &self,
        evaluator: &Evaluator<'_>,
        thing: &Thing,
        body: &Body,
        each: Option<&Value>,
        name: &Word,
        label: &str,
    ) -> Result<Value, Failure> {
        let Some(attribute) = body.attribute(&name.text) else {
            return Ok(Value::string(label));
        };
        let full = format!("{}.{}", thing.address(), name.text);
        self.within(full, name.span, || {
            with_each(each, |scope| {
                let value = evaluator.value(&attribute.value, scope)?;
                value::convert(&value, &Type::String).map_err(|_| Failure::reported())
            })
        })
    }
}

/// Counts values, up to a bound.
fn weight(value: &Value) -> usize {
    match value {
        Value::Tuple(items) | Value::List(items) => items.iter().fold(1, |sum, item| sum + weight(item)),
        Value::Set(items) => items.len() + 1,
        Value::Object(fields) | Value::Map(fields) => fields.values().fold(1, |sum, item| sum + weight(item)),
        Value::String(text) => 1 + text.len() / 64,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Later(_) | Value::Thing(_) => 1,
    }
}

/// Returns `each` as an object.
pub(super) fn each(key: &str, value: &Value) -> Value {
    Value::object(
        [
            ("key".into(), Value::string(key)),
            ("value".into(), value.clone()),
        ]
        .into(),
    )
}

/// Runs with `each` in scope, if there is one.
pub(super) fn with_each<T>(each: Option<&Value>, run: impl FnOnce(&Scope<'_>) -> T) -> T {
    match each {
        Some(each) => run(&Scope::top(&[("each", each.clone())])),
        None => run(&Scope::EMPTY),
    }
}

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

fn for_each(evaluator: &Evaluator<'_>, expression: &Expr, scope: &Scope<'_>) -> Result<Instances, Failure> {
    let value = evaluator.value(expression, scope)?;
    let error = |message: String| SpecDiagnostic::new(Code::ForEach, expression.span, message);
    match &value {
        Value::Object(fields) | Value::Map(fields) => Ok(Instances::Each(Arc::clone(fields))),
        Value::Set(items) => {
            let mut elements = BTreeMap::new();
            for item in items.iter() {
                let Value::String(text) = item else {
                    let message = format!(
                        "`for_each` takes a set of strings, this one has {}",
                        item.described()
                    );
                    return Err(error(message).into());
                };
                elements.insert(Arc::clone(text), item.clone());
            }
            Ok(Instances::Each(Arc::new(elements)))
        }
        Value::Tuple(_) | Value::List(_) => Err(error(
            "`for_each` takes a map or a set, this is a list".to_owned(),
        )
        .help("wrap it in `toset(...)`, or make a map with `{ for x in ... : x.name => x }`")
        .into()),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Later(_)
        | Value::Thing(_) => Err(error(format!(
            "`for_each` takes a map or a set of strings, this is {}",
            value.described()
        ))
        .into()),
    }
}

fn first_name<'r>(reference: &Reference<'r>, root: &str, what: &str) -> Result<Option<&'r Word>, Failure> {
    match reference.steps.first() {
        Some(ReferenceStep::Name(name)) => Ok(Some(name)),
        Some(ReferenceStep::Key(_)) | None => {
            let message = format!("`{root}` alone means nothing");
            Err(
                SpecDiagnostic::new(Code::UnknownName, reference.root_span, message)
                    .help(format!("write `{root}.<{what}>`"))
                    .into(),
            )
        }
    }
}

pub(super) fn unknown_ou<'k>(
    prefix: &str,
    label: &Word,
    known: impl Iterator<Item = &'k str>,
) -> SpecDiagnostic {
    let known: Vec<&str> = known.collect();
    SpecDiagnostic::new(
        Code::UnknownOu,
        label.span,
        format!("organizational unit `{prefix}.{}` is not declared", label.text),
    )
    .here("used here")
    .maybe_help(suggest::help(&label.text, &known))
}

/// What stands at the beginning of a reference.
const ROOTS: &[&str] = &[
    "var",
    "local",
    "each",
    "ou",
    "account",
    "policy",
    "landing_zone",
    "organization",
    "root",
    "path",
];

fn unknown_root(reference: &Reference<'_>, scope: &Scope<'_>) -> SpecDiagnostic {
    let root = &**reference.root;
    let error = SpecDiagnostic::new(
        Code::UnknownName,
        reference.root_span,
        format!("`{root}` means nothing here"),
    );
    match root {
        "each" => SpecDiagnostic::new(
            Code::EachOutside,
            reference.root_span,
            "`each` has a meaning only in a block with `for_each`",
        )
        .help("add `for_each`, or use `local` or `var`"),
        "data" | "module" | "resource" | "self" | "count" | "terraform" => {
            error.help(format!("a spec has no `{root}`; it has {}", ROOTS.join(", ")))
        }
        _ => {
            let mut known = ROOTS.to_vec();
            known.extend(scope.names().into_iter().filter(|name| !name.is_empty()));
            let help = suggest::nearest(root, &known).map(|near| format!("did you mean `{near}`?"));
            let help = help.or_else(|| {
                reference
                    .steps
                    .is_empty()
                    .then(|| format!("text stands in quotes: \"{root}\""))
            });
            error.maybe_help(help)
        }
    }
}

impl Names for World<'_> {
    fn reference(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        scope: &Scope<'_>,
    ) -> Result<(Value, usize), Failure> {
        match &**reference.root {
            "var" => match first_name(reference, "var", "name")? {
                Some(name) => Ok((self.var(name)?, 1)),
                None => Err(Failure::reported()),
            },
            "local" => match first_name(reference, "local", "name")? {
                Some(name) => Ok((self.local(evaluator, &name.text, name.span)?, 1)),
                None => Err(Failure::reported()),
            },
            "ou" => self.ou(evaluator, reference, scope),
            "account" => self.labelled(evaluator, reference, scope, "account"),
            "policy" => self.labelled(evaluator, reference, scope, "policy"),
            "landing_zone" => Ok((Value::object(self.zone.clone()), 0)),
            "organization" => Ok((Value::Thing(Arc::new(Thing::Organization)), 0)),
            "root" => Ok((Value::Thing(Arc::new(Thing::Root)), 0)),
            "path" => {
                let here = [
                    ("module".into(), Value::string(".")),
                    ("root".into(), Value::string(".")),
                ];
                Ok((Value::object(here.into()), 0))
            }
            _ => Err(unknown_root(reference, scope).into()),
        }
    }

    fn attribute(&self, evaluator: &Evaluator<'_>, thing: &Thing, name: &Word) -> Result<Value, Failure> {
        let later = |attribute| Ok(Value::Later(Arc::new(Text::hole(thing.address(), attribute))));
        match (thing, &*name.text) {
            (Thing::Organization, "root") => Ok(Value::Thing(Arc::new(Thing::Root))),
            (Thing::Account(account), "id") => match self.declared_id(evaluator, account)? {
                Some(id) => Ok(id),
                None => later(Attribute::Id),
            },
            (_, "id") => later(Attribute::Id),
            (_, "arn") => later(Attribute::Arn),
            (Thing::Ou(address), "name") => match self.ou_block(address) {
                Some(block) => {
                    let each = self.ou_each(evaluator, address)?;
                    self.text_of(
                        evaluator,
                        thing,
                        block.body,
                        each.as_ref(),
                        name,
                        &block.label.text,
                    )
                }
                None => Err(Failure::reported()),
            },
            (Thing::Account(account), "name" | "email") => {
                self.labelled_text(evaluator, thing, "account", account, name)
            }
            (Thing::Policy(policy), "name") => self.labelled_text(evaluator, thing, "policy", policy, name),
            _ => {
                let known: &[&str] = match thing {
                    Thing::Root => &["id", "arn"],
                    Thing::Organization => &["id", "arn", "root"],
                    Thing::Ou(_) | Thing::Policy(_) => &["id", "arn", "name"],
                    Thing::Account(_) => &["id", "arn", "name", "email"],
                };
                Err(self.no_attribute(thing, name, known).into())
            }
        }
    }
}

impl World<'_> {
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
            return unknown_ou(&address.to_string(), name, all.into_iter());
        }
        let message = format!("`{}` has no attribute `{}`", thing.address(), name.text);
        SpecDiagnostic::new(Code::NoSuchElement, name.span, message)
            .maybe_help(suggest::help(&name.text, known))
    }

    /// Returns the id that the block itself states.
    fn declared_id(&self, evaluator: &Evaluator<'_>, account: &Name) -> Result<Option<Value>, Failure> {
        let Some((block, each)) = self.labelled_each(evaluator, "account", account)? else {
            return Ok(None);
        };
        let Some(attribute) = block.body.attribute("id") else {
            return Ok(None);
        };
        let value = with_each(each.as_ref(), |scope| evaluator.value(&attribute.value, scope))?;
        Ok((!value.is_null()).then_some(value))
    }

    fn labelled_text(
        &self,
        evaluator: &Evaluator<'_>,
        thing: &Thing,
        kind: &'static str,
        object: &Name,
        name: &Word,
    ) -> Result<Value, Failure> {
        let Some((block, each)) = self.labelled_each(evaluator, kind, object)? else {
            return Err(Failure::reported());
        };
        self.text_of(
            evaluator,
            thing,
            block.body,
            each.as_ref(),
            name,
            &block.label.text,
        )
    }
}
