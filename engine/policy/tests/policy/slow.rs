//! A second evaluator: slow, obvious, straight from the documentation, on raw JSON. It shares no code with the crate.

use serde_json::{Map, Value};

type Context = [(String, Vec<String>)];

/// Returns what each level says.
pub(crate) fn levels(
    levels: &[Vec<Value>],
    principal: &str,
    action: &str,
    resource: &str,
    context: &Context,
) -> Vec<&'static str> {
    let mut context = context.to_vec();
    let parts: Vec<&str> = principal.split(':').collect();
    let given = |context: &Context, key: &str| {
        context
            .iter()
            .any(|(k, v)| k.eq_ignore_ascii_case(key) && !v.is_empty())
    };
    if parts.len() > 5 {
        if !given(&context, "aws:PrincipalArn") {
            let arn = match parts[5].split('/').collect::<Vec<_>>().as_slice() {
                ["assumed-role", role, ..] => format!("arn:aws:iam::{}:role/{role}", parts[4]),
                _ => principal.to_owned(),
            };
            context.retain(|(k, _)| !k.eq_ignore_ascii_case("aws:PrincipalArn"));
            context.push(("aws:PrincipalArn".to_owned(), vec![arn]));
        }
        context.push(("aws:PrincipalAccount".to_owned(), vec![parts[4].to_owned()]));
    }
    let scps = levels.iter().flatten().any(|document| !is_rcp(document));
    let rcps = levels.iter().flatten().any(is_rcp);
    levels
        .iter()
        .map(|policies| {
            let effects = |effect: &str, rcp: bool| {
                policies.iter().filter(|d| is_rcp(d) == rcp).any(|document| {
                    statements(document).iter().any(|s| {
                        s["Effect"] == effect && applies(s, variables(document), action, resource, &context)
                    })
                })
            };
            let allowed = effects("Allow", false) || (rcps && !scps);
            if effects("Deny", false) || effects("Deny", true) {
                "explicit_deny"
            } else if allowed {
                "allow"
            } else {
                "implicit_deny"
            }
        })
        .collect()
}

fn statements(document: &Value) -> Vec<Value> {
    match &document["Statement"] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    }
}

fn is_rcp(document: &Value) -> bool {
    statements(document).iter().any(|s| s.get("Principal").is_some())
}

fn variables(document: &Value) -> bool {
    document["Version"] == "2012-10-17"
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

fn applies(s: &Value, variables: bool, action: &str, resource: &str, context: &Context) -> bool {
    let action = action.to_lowercase();
    let acts = |list: &Value| {
        texts(list)
            .iter()
            .any(|p| like(&plain(&p.to_lowercase()), &action))
    };
    let speaks = match s.get("Action") {
        Some(list) => acts(list),
        None => !acts(&s["NotAction"]),
    };
    let on = |list: &Value| {
        texts(list)
            .iter()
            .any(|p| expand(p, variables, true, context).is_some_and(|p| is_resource(&p, resource)))
    };
    let covers = match s.get("Resource") {
        Some(list) => on(list),
        None => !on(&s["NotResource"]),
    };
    let empty = Map::new();
    let conditions = s.get("Condition").and_then(Value::as_object).unwrap_or(&empty);
    speaks
        && covers
        && conditions.iter().all(|(operator, keys)| {
            keys.as_object()
                .unwrap()
                .iter()
                .all(|(key, values)| condition(operator, key, &texts(values), variables, context))
        })
}

/// A pattern: characters that stand for themselves, or wildcards.
#[derive(Clone, Copy, PartialEq, Debug)]
enum P {
    C(char),
    Question,
    Star,
}

fn plain(text: &str) -> Vec<P> {
    text.chars()
        .map(|c| match c {
            '*' => P::Star,
            '?' => P::Question,
            c => P::C(c),
        })
        .collect()
}

fn like(pattern: &[P], text: &str) -> bool {
    fn go(pattern: &[P], text: &[char]) -> bool {
        match pattern.first() {
            None => text.is_empty(),
            Some(P::Star) => (0..=text.len()).any(|n| go(&pattern[1..], &text[n..])),
            Some(P::Question) => !text.is_empty() && go(&pattern[1..], &text[1..]),
            Some(P::C(c)) => text.first() == Some(c) && go(&pattern[1..], &text[1..]),
        }
    }
    go(pattern, &text.chars().collect::<Vec<_>>())
}

fn lookup<'c>(context: &'c Context, key: &str) -> Option<&'c Vec<String>> {
    context
        .iter()
        .find(|(k, v)| k.eq_ignore_ascii_case(key) && !v.is_empty())
        .map(|(_, v)| v)
}

/// Replaces variables; `None` if one has no value.
fn expand(text: &str, variables: bool, wild: bool, context: &Context) -> Option<Vec<P>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if variables && rest.starts_with("${") && rest.contains('}') {
            let end = rest.find('}').unwrap();
            let inside = &rest[2..end];
            rest = &rest[end + 1..];
            let value = if ["*", "?", "$"].contains(&inside) {
                inside.to_owned()
            } else {
                let (key, default) = match inside.split_once(", ") {
                    Some((key, default)) => (key, Some(default.trim_matches('\'').to_owned())),
                    None => (inside, None),
                };
                match lookup(context, key) {
                    Some(values) if values.len() == 1 => values[0].clone(),
                    _ => default?,
                }
            };
            out.extend(value.chars().map(P::C));
        } else {
            let c = rest.chars().next().unwrap();
            rest = &rest[c.len_utf8()..];
            out.push(if wild { plain(&c.to_string())[0] } else { P::C(c) });
        }
    }
    Some(out)
}

fn pieces(pattern: &[P]) -> Vec<Vec<P>> {
    let mut out = vec![vec![]];
    for p in pattern {
        if *p == P::C(':') && out.len() < 6 {
            out.push(vec![]);
        } else {
            out.last_mut().unwrap().push(*p);
        }
    }
    out
}

/// A star at the end of a part goes beyond its colon, any other stays in its part; missing parts are stars.
fn is_resource(pattern: &[P], resource: &str) -> bool {
    if !like(
        &[plain("arn:*")].concat(),
        &pattern
            .iter()
            .map(|p| if let P::C(c) = p { *c } else { '_' })
            .collect::<String>(),
    ) {
        return like(pattern, resource);
    }
    let mut parts = pieces(pattern);
    while parts.len() < 6 {
        parts.push(vec![P::Star]);
    }
    // Try every way to give each part of the pattern some text between colons.
    fn go(parts: &[Vec<P>], text: &str, first: bool) -> bool {
        let text = if first {
            text
        } else {
            match text.strip_prefix(':') {
                Some(text) => text,
                None => return false,
            }
        };
        if parts.len() == 1 {
            return like(&parts[0], text);
        }
        text.char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| {
                let (taken, rest) = text.split_at(at);
                let fits = if parts[0].last() == Some(&P::Star) {
                    // All but the last star stay within the colons.
                    let body = &parts[0][..parts[0].len() - 1];
                    taken
                        .char_indices()
                        .map(|(n, _)| n)
                        .chain([taken.len()])
                        .any(|n| {
                            !taken[..n].contains(':') && like(body, &taken[..n])
                                || literal(body).is_some_and(|b| taken.starts_with(&b))
                        })
                } else {
                    like(&parts[0], taken) && !taken.contains(':')
                };
                fits && go(&parts[1..], rest, false)
            })
    }
    go(&parts, resource, true)
}

fn literal(pattern: &[P]) -> Option<String> {
    pattern
        .iter()
        .map(|p| if let P::C(c) = p { Some(*c) } else { None })
        .collect()
}

fn condition(operator: &str, key: &str, values: &[String], variables: bool, context: &Context) -> bool {
    let found = lookup(context, key);
    if operator == "Null" {
        return values
            .iter()
            .any(|v| v == if found.is_none() { "true" } else { "false" });
    }
    let (quantifier, base) = operator.split_once(':').unwrap_or(("", operator));
    let base = match (base.strip_suffix("IfExists"), found) {
        (Some(_), None) => return true,
        (Some(base), Some(_)) => base,
        (None, _) => base,
    };
    let (positive, negated) = match base {
        "StringNotEquals" => ("StringEquals", true),
        "StringNotEqualsIgnoreCase" => ("StringEqualsIgnoreCase", true),
        "StringNotLike" => ("StringLike", true),
        "NumericNotEquals" => ("NumericEquals", true),
        "DateNotEquals" => ("DateEquals", true),
        "NotIpAddress" => ("IpAddress", true),
        "ArnNotEquals" | "ArnNotLike" => ("ArnLike", true),
        "ArnEquals" => ("ArnLike", false),
        other => (other, false),
    };
    let one = |value: &String| {
        values
            .iter()
            .any(|wanted| compare(positive, wanted, value, variables, context))
            != negated
    };
    match (quantifier, found) {
        ("ForAllValues", None) => true,
        ("ForAllValues", Some(found)) => found.iter().all(one),
        ("ForAnyValue", None) => false,
        ("ForAnyValue", Some(found)) => found.iter().any(one),
        (_, None) => negated,
        (_, Some(found)) => found.len() == 1 && one(&found[0]),
    }
}

fn compare(operator: &str, wanted: &str, value: &str, variables: bool, context: &Context) -> bool {
    let wild = operator == "StringLike" || operator == "ArnLike";
    let takes_variables =
        wild || operator.starts_with("String") || operator == "Bool" || operator == "BinaryEquals";
    let Some(pattern) = expand(wanted, variables && takes_variables, wild, context) else {
        return false;
    };
    let text: String = pattern
        .iter()
        .filter_map(|p| if let P::C(c) = p { Some(*c) } else { None })
        .collect();
    match operator {
        "StringEquals" => text == value,
        "StringEqualsIgnoreCase" => text.to_lowercase() == value.to_lowercase(),
        "StringLike" => like(&pattern, value),
        "Bool" => {
            let lower = text.to_lowercase();
            (lower == "true" || lower == "false") && lower == value.to_lowercase()
        }
        // The generated values, by hand.
        "BinaryEquals" => {
            let hi = |t: &str| t == "aGk=" || t == "aGk";
            (hi(&text) && hi(value))
                || (text == "aGs=" && value == "aGs=")
                || (text.is_empty() && value.is_empty())
        }
        "IpAddress" => in_network(&text, value),
        "ArnLike" => {
            let parts = pieces(&pattern);
            let arn: Vec<&str> = value.splitn(6, ':').collect();
            pattern == [P::Star]
                || (parts.len() == 6 && arn.len() == 6 && parts.iter().zip(arn).all(|(p, a)| like(p, a)))
        }
        _ if operator.starts_with("Numeric") => match (text.parse::<f64>(), value.parse::<f64>()) {
            (Ok(wanted), Ok(found)) => ordered(&operator["Numeric".len()..], found, wanted),
            _ => false,
        },
        _ if operator.starts_with("Date") => match (date(&text), date(value)) {
            (Some(wanted), Some(found)) => ordered(&operator["Date".len()..], found, wanted),
            _ => false,
        },
        other => panic!("{other}"),
    }
}

fn ordered(relation: &str, found: f64, wanted: f64) -> bool {
    match relation {
        "Equals" => found == wanted,
        "LessThan" => found < wanted,
        "LessThanEquals" => found <= wanted,
        "GreaterThan" => found > wanted,
        "GreaterThanEquals" => found >= wanted,
        other => panic!("{other}"),
    }
}

/// The dates that are generated, and numbers of seconds.
fn date(text: &str) -> Option<f64> {
    match text {
        "2024-01-01T00:00:00Z" | "1704067200" | "2024-01-01T01:00:00+01:00" => Some(1_704_067_200.0),
        "2023-06-01" => Some(1_685_577_600.0),
        "1" | "5" | "5.0" | "-2.5" => text.parse().ok(),
        _ => None,
    }
}

fn bits(address: std::net::IpAddr) -> String {
    match address {
        std::net::IpAddr::V4(a) => format!("4{:032b}", u32::from(a)),
        std::net::IpAddr::V6(a) => format!("6{:0128b}", u128::from(a)),
    }
}

fn in_network(network: &str, address: &str) -> bool {
    let (base, length) = network.split_once('/').unwrap_or((network, "128"));
    let (Ok(base), Ok(address)) = (base.parse(), address.parse()) else {
        return false;
    };
    let length: usize = length.parse().unwrap();
    let (base, address) = (bits(base), bits(address));
    let length = (length + 1).min(base.len());
    base[..length] == *address.get(..length).unwrap_or_default()
}
