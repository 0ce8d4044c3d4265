//! Generated policies and requests: small worlds, so that patterns and values meet.

use fastrand::Rng;
use serde_json::{Value, json};

pub(crate) fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

fn some(rng: &mut Rng, from: &[&str], most: usize) -> Vec<String> {
    let count = rng.usize(1..=most);
    (0..count).map(|_| pick(rng, from).to_owned()).collect()
}

const ACTION_PATTERNS: &[&str] = &[
    "*",
    "s3:*",
    "S3:Get*",
    "s3:GetObject",
    "s3:*Object",
    "iam:*Role",
    "iam:Create?ole",
    "*:Get*",
    "s?:*",
    "sts:AssumeRole",
    "ec2:Describe*",
    "*:*",
];
pub(crate) const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "S3:putobject",
    "s3:ListBucket",
    "iam:CreateRole",
    "iam:DeleteRole",
    "sts:AssumeRole",
    "ec2:DescribeRegions",
    "ec2:RunInstances",
];
const RESOURCE_PATTERNS: &[&str] = &[
    "*",
    "arn:aws:s3:::logs",
    "arn:aws:s3:::logs/*",
    "arn:aws:s3:::*/a",
    "arn:aws:iam::*:role/lz-*",
    "arn:aws:s3:::l?gs",
    "arn:aws:iam",
    "arn:aws:i*m::1*1:role/x",
    "arn:aws:s3:::${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::${k, 'logs'}/*",
    "arn:aws:s3:::${*}",
    "arn:aws:ec2:eu-*:*:instance/*",
];
pub(crate) const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::logs",
    "arn:aws:s3:::logs/a",
    "arn:aws:s3:::red/a",
    "arn:aws:s3:::*",
    "arn:aws:iam::111122223333:role/lz-admin",
    "arn:aws:iam::11:role/x",
    "arn:aws:ec2:eu-west-1:111122223333:instance/i:j",
];
const TEXTS: &[&str] = &[
    "red",
    "Red",
    "r*",
    "*",
    "blue",
    "re?",
    "${k}",
    "${aws:PrincipalTag/team, 'red'}",
    "true",
    "5",
    "",
];
const NUMBERS: &[&str] = &["1", "5", "5.0", "-2.5", "1e2", "x", ""];
const DATES: &[&str] = &[
    "2024-01-01T00:00:00Z",
    "1704067200",
    "2023-06-01",
    "2024-01-01T01:00:00+01:00",
    "soon",
];
const ADDRESSES: &[&str] = &[
    "10.0.0.0/8",
    "10.1.2.3",
    "10.1.2.0/30",
    "2001:db8::/32",
    "2001:db8::1",
    "::/0",
    "0.0.0.0/0",
    "ten",
];
const ARNS: &[&str] = &[
    "arn:aws:iam::*:role/lz-*",
    "arn:aws:iam::111122223333:role/lz-admin",
    "*",
    "arn:aws:iam::*",
    "arn:*:iam::*:*",
    "arn:aws:iam::11?:role/x",
    "arn:aws:iam::111122223333:root",
    "arn:aws:sns:a:b:c:d",
    "none",
    "arn:aws:iam::${k}:root",
];
const BYTES: &[&str] = &["aGk=", "aGk", "aGs=", "!"];
const KEYS: &[&str] = &[
    "k",
    "K2",
    "aws:PrincipalTag/team",
    "aws:TagKeys",
    "aws:PrincipalArn",
];

fn operator(rng: &mut Rng) -> (String, &'static [&'static str]) {
    let (names, values): (&[&str], &'static [&'static str]) = match rng.u8(..8) {
        0 | 1 => (
            &[
                "StringEquals",
                "StringNotEquals",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase",
                "StringLike",
                "StringNotLike",
            ],
            TEXTS,
        ),
        2 => (
            &[
                "NumericEquals",
                "NumericNotEquals",
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericGreaterThanEquals",
            ],
            NUMBERS,
        ),
        3 => (
            &[
                "DateEquals",
                "DateNotEquals",
                "DateLessThan",
                "DateLessThanEquals",
                "DateGreaterThan",
                "DateGreaterThanEquals",
            ],
            DATES,
        ),
        4 => (&["IpAddress", "NotIpAddress"], ADDRESSES),
        5 => (&["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"], ARNS),
        6 => (&["Bool", "BinaryEquals"], BYTES),
        _ => (&["Null"], &["true", "false"]),
    };
    let name = pick(rng, names);
    if name == "Null" {
        return (name.to_owned(), values);
    }
    let values = if name == "Bool" {
        &["true", "false", "True", "maybe"]
    } else {
        values
    };
    let prefix = pick(rng, &["", "", "", "ForAnyValue:", "ForAllValues:"]);
    let suffix = pick(rng, &["", "", "IfExists"]);
    (format!("{prefix}{name}{suffix}"), values)
}

fn statement(rng: &mut Rng, rcp: bool) -> Value {
    let mut statement = json!({"Effect": if rcp || rng.bool() { "Deny" } else { "Allow" }});
    let not = |rng: &mut Rng| if rng.u8(..4) == 0 { "Not" } else { "" };
    if rcp {
        statement["Principal"] = json!("*");
        statement["Action"] = json!(some(rng, &ACTION_PATTERNS[1..], 3));
    } else {
        statement[format!("{}Action", not(rng))] = json!(some(rng, ACTION_PATTERNS, 3));
    }
    let resources = some(rng, RESOURCE_PATTERNS, 2);
    statement[format!("{}Resource", not(rng))] = if resources.len() == 1 {
        json!(resources[0])
    } else {
        json!(resources)
    };
    for _ in 0..rng.u8(..3) {
        let (operator, values) = operator(rng);
        let key = pick(rng, KEYS);
        statement["Condition"][operator][key] = json!(some(rng, values, 3));
    }
    statement
}

pub(crate) fn document(rng: &mut Rng) -> Value {
    let rcp = rng.u8(..8) == 0;
    let statements: Vec<Value> = (0..rng.usize(1..4)).map(|_| statement(rng, rcp)).collect();
    let mut document = json!({"Statement": statements});
    if rng.u8(..8) != 0 {
        document["Version"] = json!("2012-10-17");
    }
    document
}

pub(crate) fn levels(rng: &mut Rng) -> Vec<Vec<Value>> {
    let full =
        json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    (0..rng.usize(1..4))
        .map(|_| {
            let own = (0..rng.usize(..3)).map(|_| document(rng));
            let mut policies: Vec<Value> = own.collect();
            if rng.u8(..5) != 0 {
                policies.push(full.clone());
            }
            policies
        })
        .collect()
}

pub(crate) fn context(rng: &mut Rng) -> Vec<(String, Vec<String>)> {
    let mut context = Vec::new();
    for key in KEYS {
        if rng.bool() {
            let values = match rng.u8(..7) {
                0 | 1 => TEXTS,
                2 => NUMBERS,
                3 => DATES,
                4 => &["10.1.2.3", "2001:db8::1", "11.0.0.1", "::1"],
                5 => ARNS,
                _ => BYTES,
            };
            let count = if rng.u8(..4) == 0 { rng.usize(..4) } else { 1 };
            let cased = if rng.bool() {
                key.to_uppercase()
            } else {
                (*key).to_owned()
            };
            context.push((cased, (0..count).map(|_| pick(rng, values).to_owned()).collect()));
        }
    }
    context
}

pub(crate) const PRINCIPALS: &[&str] = &[
    "arn:aws:iam::111122223333:role/lz-admin",
    "arn:aws:sts::111122223333:assumed-role/x/y",
    "",
];
