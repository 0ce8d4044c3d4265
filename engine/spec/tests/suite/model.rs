//! Generated specs, printed in both languages.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A part of a string.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Text(String),
    /// `${...}` with this inside.
    Expression(&'static str),
}

/// A value as a person writes it.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    String(Vec<Part>),
    Number(i32),
    Bool(bool),
    Null,
    /// A bare expression.
    Expression(String),
    List(Vec<Written>),
    Map(Vec<(String, Written)>),
}

/// A block: its word, its labels, and what is inside.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) kind: &'static str,
    pub(crate) labels: Vec<String>,
    pub(crate) attributes: Vec<(&'static str, Written)>,
    pub(crate) blocks: Vec<Block>,
}

fn plain(text: impl Into<String>) -> Written {
    Written::String(vec![Part::Text(text.into())])
}

fn reference(text: impl Into<String>) -> Written {
    Written::Expression(text.into())
}

/// Words of both languages, and characters that one of them treats in its own way.
fn wild() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        "[ -~]{0,6}",
        "[äé検🔑ß]{1,3}",
        Just("${".to_owned()),
        Just("%{ if".to_owned()),
        Just("$${x}".to_owned()),
        Just("\\n\\t\"'".to_owned()),
        Just(": # - & * ! | > % @ `".to_owned()),
        Just("012".to_owned()),
        Just("true".to_owned()),
        Just("line\nline\n".to_owned()),
        Just("\ttab  ".to_owned()),
    ];
    vec(sign, 0..4).prop_map(|parts| {
        let text = parts.concat();
        // A `$` right before `${` would make it a mark without meaning.
        if text.ends_with(['$', '%']) {
            format!("{text}.")
        } else {
            text
        }
    })
}

fn string() -> impl Strategy<Value = Written> {
    let expression = prop_oneof![
        Just("var.word"),
        Just("local.list[0]"),
        Just("upper(var.word)"),
        Just("account.base.id"),
        Just("ou.base.arn"),
        Just("join(\"-\", [\"a\", \"b\"])"),
        Just("true ? \"yes\" : \"no\""),
        Just("[for x in [\"q\"] : \"${x}!\"][0]"),
    ];
    let part = prop_oneof![3 => wild().prop_map(Part::Text), 1 => expression.prop_map(Part::Expression)];
    vec(part, 1..4).prop_map(Written::String)
}

fn label() -> impl Strategy<Value = String> {
    "[a-z_][a-z0-9_-]{0,6}".prop_filter("names of attributes", |label| {
        !["id", "arn", "name", "email", "path", "base", "list", "word"].contains(&label.as_str())
    })
}

fn tags() -> impl Strategy<Value = Option<Written>> {
    let value = prop_oneof![
        "[A-Za-z0-9 _.:/=+@-]{0,20}".prop_map(plain),
        any::<i32>().prop_map(Written::Number),
        any::<bool>().prop_map(Written::Bool),
        Just(Written::Null),
        Just(reference("account.base.id")),
        Just(reference("var.word")),
    ];
    option::of(
        btree_map("[A-Za-z][A-Za-z0-9 _.:/=+@-]{0,10}", value, 0..4).prop_map(|tags| {
            Written::Map(
                tags.into_iter()
                    .filter(|(key, _)| {
                        !["lz:", "aws:"]
                            .iter()
                            .any(|owner| key.to_lowercase().starts_with(owner))
                    })
                    .collect(),
            )
        }),
    )
}

fn ou(depth: u32) -> BoxedStrategy<Block> {
    let children = if depth == 0 {
        Just(Vec::new()).boxed()
    } else {
        vec(ou(depth - 1), 0..3).boxed()
    };
    (
        label(),
        option::of("[A-Za-z0-9 é&]{1,20}"),
        tags(),
        option::of(any::<bool>()),
        any::<bool>(),
        children,
    )
        .prop_map(|(label, name, tags, full_access, each, children)| {
            let mut attributes = Vec::new();
            if each {
                attributes.push(("for_each", reference("toset([\"p\", \"q r\"])")));
                attributes.push((
                    "name",
                    Written::String(vec![
                        Part::Text(format!("Each {}", name.unwrap_or_default())),
                        Part::Expression("each.key"),
                    ]),
                ));
            } else {
                // Siblings must have different names, so the label is part of them.
                attributes.extend(name.map(|name| ("name", plain(format!("{name} {label}")))));
            }
            attributes.extend(tags.map(|tags| ("tags", tags)));
            attributes.extend(full_access.map(|value| ("full_access", Written::Bool(value))));
            Block {
                kind: "ou",
                labels: vec![label],
                attributes,
                blocks: unique(children),
            }
        })
        .boxed()
}

/// Takes blocks with a label or name that came before out.
fn unique(blocks: Vec<Block>) -> Vec<Block> {
    let mut seen = BTreeSet::new();
    let mut each = false;
    blocks
        .into_iter()
        .filter(|block| seen.insert(block.labels.clone()))
        // Two blocks with `for_each` might make the same names.
        .filter(|block| {
            !block.attributes.iter().any(|(name, _)| *name == "for_each")
                || !std::mem::replace(&mut each, true)
        })
        .collect()
}

fn account() -> impl Strategy<Value = Block> {
    (
        label(),
        option::of("[ -~]{1,40}"),
        tags(),
        any::<bool>(),
        option::of(any::<bool>()),
        any::<bool>(),
    )
        .prop_map(|(label, name, tags, placed, billing, each)| {
            let mut attributes = Vec::new();
            let mut email = vec![Part::Text(format!("aws+{label}"))];
            if each {
                attributes.push(("for_each", reference("{ one = { n = 1 }, two = { n = 2 } }")));
                email.extend([
                    Part::Text("-".to_owned()),
                    Part::Expression("each.key"),
                    Part::Expression("each.value.n"),
                ]);
            }
            email.push(Part::Text("@example.com".to_owned()));
            attributes.push(("email", Written::String(email)));
            attributes.extend(name.map(|name| ("name", plain(name))));
            attributes.extend(placed.then(|| ("ou", reference("ou.base"))));
            attributes.extend(tags.map(|tags| ("tags", tags)));
            attributes.extend(billing.map(|value| ("iam_user_access_to_billing", Written::Bool(value))));
            Block {
                kind: "account",
                labels: vec![label],
                attributes,
                blocks: Vec::new(),
            }
        })
}

fn statement() -> impl Strategy<Value = Block> {
    let texts = || vec(string(), 1..3).prop_map(Written::List);
    let condition = (
        prop_oneof![Just("StringEquals"), Just("ArnNotLike"), Just("Bool")],
        "[a-z]{2,5}:[A-Za-z]{2,8}",
        texts(),
    );
    (
        option::of("[A-Za-z][A-Za-z0-9]{0,8}"),
        prop_oneof![Just("Allow"), Just("Deny")],
        prop_oneof![Just("actions"), Just("not_actions")],
        texts(),
        option::of(texts()),
        vec(condition, 0..3),
    )
        .prop_map(|(sid, effect, action_word, actions, resources, conditions)| {
            let mut attributes = vec![("effect", plain(effect)), (action_word, actions)];
            attributes.extend(resources.map(|resources| ("resources", resources)));
            let mut seen = BTreeSet::new();
            let blocks = conditions
                .into_iter()
                .filter(|(operator, key, _)| seen.insert((*operator, key.clone())))
                .map(|(operator, key, values)| Block {
                    kind: "condition",
                    labels: vec![operator.to_owned(), key],
                    attributes: vec![("values", values)],
                    blocks: Vec::new(),
                })
                .collect();
            Block {
                kind: "statement",
                labels: sid.into_iter().collect(),
                attributes,
                blocks,
            }
        })
}

fn policy() -> impl Strategy<Value = Block> {
    let document = prop_oneof![
        vec(statement(), 1..4).prop_map(Ok),
        json().prop_map(|json| Err(Written::Map(json))),
    ];
    (
        label(),
        option::of(string()),
        document,
        option::of(btree_set(
            prop_oneof![Just("root"), Just("ou.base"), Just("account.base")],
            0..3,
        )),
        tags(),
    )
        .prop_map(|(label, description, document, attach, tags)| {
            let mut attributes = vec![("type", plain(if document.is_ok() { "scp" } else { "backup" }))];
            attributes.extend(description.map(|description| ("description", description)));
            attributes.extend(attach.map(|targets| {
                (
                    "attach",
                    Written::List(targets.into_iter().map(reference).collect()),
                )
            }));
            attributes.extend(tags.map(|tags| ("tags", tags)));
            let blocks = match document {
                Ok(statements) => named_once(statements),
                Err(content) => {
                    attributes.push(("content", content));
                    Vec::new()
                }
            };
            Block {
                kind: "policy",
                labels: vec![label],
                attributes,
                blocks,
            }
        })
}

fn set_label() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,6}"
}

fn template() -> Written {
    let text = |default: &str| {
        Written::Map(vec![
            ("Type".to_owned(), plain("String")),
            ("Default".to_owned(), plain(default)),
        ])
    };
    let bucket = Written::Map(vec![("Type".to_owned(), plain("AWS::S3::Bucket"))]);
    Written::Map(vec![
        (
            "Parameters".to_owned(),
            Written::Map(vec![("P".to_owned(), text("")), ("Q".to_owned(), text("x"))]),
        ),
        (
            "Resources".to_owned(),
            Written::Map(vec![("Bucket".to_owned(), bucket)]),
        ),
    ])
}

fn parameters() -> impl Strategy<Value = Written> {
    let value = prop_oneof![
        string(),
        any::<i32>().prop_map(Written::Number),
        any::<bool>().prop_map(Written::Bool),
        Just(Written::List(vec![plain("a"), reference("account.base.id")])),
    ];
    btree_map(
        prop_oneof![Just("P".to_owned()), Just("Q".to_owned())],
        value,
        1..3,
    )
    .prop_map(|map| Written::Map(map.into_iter().collect()))
}

fn targets() -> impl Strategy<Value = Written> {
    btree_set(
        prop_oneof![
            Just("root"),
            Just("ou.base"),
            Just("account.base"),
            Just("tag(\"k\", \"a b\")")
        ],
        1..4,
    )
    .prop_map(|targets| Written::List(targets.into_iter().map(reference).collect()))
}

fn nested(kind: &'static str, attributes: Vec<(&'static str, Written)>) -> Block {
    Block {
        kind,
        labels: Vec::new(),
        attributes,
        blocks: Vec::new(),
    }
}

fn pace() -> impl Strategy<Value = Vec<(&'static str, Written)>> {
    let amount = || {
        prop_oneof![
            (1..100i32).prop_map(Written::Number),
            (1..100u8).prop_map(|share| plain(format!("{share}%"))),
        ]
    };
    (
        option::of(amount()),
        option::of(amount()),
        option::of(prop_oneof![Just("sequential"), Just("parallel")]),
    )
        .prop_map(|(most, tolerance, regions)| {
            let mut pace = Vec::new();
            pace.extend(most.map(|most| ("max_concurrent", most)));
            pace.extend(tolerance.map(|tolerance| ("failure_tolerance", tolerance)));
            pace.extend(regions.map(|regions| ("region_concurrency", plain(regions))));
            pace
        })
}

fn rollout() -> impl Strategy<Value = Block> {
    let gate = option::of(prop_oneof![
        Just(("command", Written::List(vec![plain("./check"), plain("-x")]))),
        Just(("alarm", plain("errors"))),
        Just(("approval", plain("go on?"))),
    ]);
    (pace(), pace(), option::of(1..90u8), gate, any::<bool>()).prop_map(
        |(all, wave, bake, gate, as_block)| {
            let mut attributes = wave;
            attributes.push(("targets", Written::List(vec![reference("account.base")])));
            attributes.extend(bake.map(|bake| ("bake", plain(format!("1h{bake}m")))));
            let mut blocks = Vec::new();
            if let Some((name, value)) = gate {
                if as_block {
                    blocks.push(nested("gate", vec![(name, value)]));
                } else {
                    attributes.push(("gate", Written::Map(vec![(name.to_owned(), value)])));
                }
            }
            let first = Block {
                kind: "wave",
                labels: vec!["z first".to_owned()],
                attributes,
                blocks,
            };
            let last = Block {
                labels: vec!["a last".to_owned()],
                ..nested("wave", Vec::new())
            };
            Block {
                blocks: vec![first, last],
                ..nested("rollout", all)
            }
        },
    )
}

/// A stack set, deployed to the root so that every wave and override reaches something, or a stack.
fn stack_set() -> impl Strategy<Value = Block> {
    (
        set_label(),
        option::of(parameters()),
        tags(),
        targets(),
        vec(parameters(), 0..3),
        option::of(rollout()),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(label, parameters, tags, targets, overrides, rollout, each, stack)| {
                let mut attributes = vec![("template", template())];
                attributes.extend(parameters.map(|parameters| ("parameters", parameters)));
                attributes.extend(tags.map(|tags| ("tags", tags)));
                if each {
                    attributes.push(("for_each", reference("toset([\"p\", \"q-1\"])")));
                }
                let mut blocks = Vec::new();
                if !stack {
                    blocks.push(nested(
                        "deploy",
                        vec![("targets", Written::List(vec![reference("root")]))],
                    ));
                    blocks.push(nested("deploy", vec![("targets", targets.clone())]));
                    blocks.extend(overrides.into_iter().map(|parameters| {
                        nested(
                            "override",
                            vec![("targets", targets.clone()), ("parameters", parameters)],
                        )
                    }));
                    blocks.extend(rollout);
                }
                Block {
                    kind: if stack { "stack" } else { "stack_set" },
                    labels: vec![label],
                    attributes,
                    blocks,
                }
            },
        )
}

/// Two statements must not share a sid. In YAML either all have one or none has.
fn named_once(statements: Vec<Block>) -> Vec<Block> {
    let named = statements.iter().all(|statement| !statement.labels.is_empty());
    let mut seen = BTreeSet::new();
    statements
        .into_iter()
        .map(|statement| {
            if named {
                statement
            } else {
                Block {
                    labels: Vec::new(),
                    ..statement
                }
            }
        })
        .filter(|statement| !named || seen.insert(statement.labels.clone()))
        .collect()
}

fn json() -> impl Strategy<Value = Vec<(String, Written)>> {
    let leaf = prop_oneof![
        string(),
        any::<i32>().prop_map(Written::Number),
        any::<bool>().prop_map(Written::Bool),
        Just(Written::Null),
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Written::List),
            btree_map("[ -~é]{0,6}", inner, 0..4).prop_map(|map| Written::Map(map.into_iter().collect())),
        ]
    });
    btree_map("[A-Za-z@]{1,8}", value, 0..4).prop_map(|map| map.into_iter().collect())
}

/// The blocks of a whole spec that is right.
pub(crate) fn spec() -> impl Strategy<Value = Vec<Block>> {
    let base = |kind, attributes| Block {
        kind,
        labels: vec!["base".to_owned()],
        attributes,
        blocks: Vec::new(),
    };
    let fixed = vec![
        Block {
            kind: "landing_zone",
            labels: vec!["acme".to_owned()],
            attributes: vec![
                ("management_account", plain("012345678901")),
                ("home_region", plain("eu-west-1")),
                (
                    "regions",
                    Written::List(vec![plain("eu-west-1"), plain("us-east-1")]),
                ),
            ],
            blocks: Vec::new(),
        },
        Block {
            kind: "variable",
            labels: vec!["word".to_owned()],
            attributes: vec![("default", plain("Wört")), ("type", reference("string"))],
            blocks: Vec::new(),
        },
        Block {
            kind: "locals",
            labels: Vec::new(),
            attributes: vec![("list", Written::List(vec![reference("var.word"), plain("b")]))],
            blocks: Vec::new(),
        },
        base("ou", vec![("name", plain("Base"))]),
        base(
            "account",
            vec![("email", plain("base@example.com")), ("name", plain("Base"))],
        ),
    ];
    (
        vec(ou(2), 0..4),
        vec(account(), 0..4),
        vec(policy(), 0..4),
        vec(stack_set(), 0..2),
        option::of(0..9u8),
    )
        .prop_map(move |(ous, accounts, policies, sets, bound)| {
            let mut blocks = fixed.clone();
            let accounts: BTreeMap<_, _> = accounts
                .into_iter()
                .map(|block| (block.labels.clone(), block))
                .collect();
            let policies: BTreeMap<_, _> = policies
                .into_iter()
                .map(|block| (block.labels.clone(), block))
                .collect();
            blocks.extend(unique(ous));
            blocks.extend(accounts.into_values());
            blocks.extend(policies.into_values());
            // Names in AWS hold no `_`, and their case counts: the label alone keeps them apart.
            let mut names = BTreeSet::new();
            blocks.extend(
                sets.into_iter()
                    .filter(|block| names.insert(block.labels.concat().replace('_', "-"))),
            );
            blocks.push(Block {
                kind: "test",
                labels: vec!["nobody leaves: \u{e4}, ever".to_owned()],
                attributes: vec![
                    ("ou", reference("ou.base")),
                    ("action", plain("organizations:LeaveOrganization")),
                    (
                        "context",
                        Written::Map(vec![("aws:TagKeys".to_owned(), Written::List(vec![plain("a")]))]),
                    ),
                ],
                blocks: vec![Block {
                    kind: "case",
                    labels: vec!["not even root".to_owned()],
                    attributes: vec![("principal", plain("root")), ("expect", plain("deny"))],
                    blocks: Vec::new(),
                }],
            });
            blocks.push(Block {
                kind: "removed",
                labels: Vec::new(),
                attributes: vec![
                    ("from", reference("account.gone[\"a b\"]")),
                    ("action", plain("close")),
                ],
                blocks: Vec::new(),
            });
            blocks.extend(bound.map(|bound| Block {
                kind: "safety",
                labels: Vec::new(),
                attributes: vec![("max_moves", Written::Number(i32::from(bound)))],
                blocks: Vec::new(),
            }));
            blocks
        })
}
