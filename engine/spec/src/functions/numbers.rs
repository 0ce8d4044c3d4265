//! Functions over numbers.

use super::call::{Call, Function, Later, Parameter, Wrong};
use crate::number::Number;
use crate::value::{self, Type, Value};
use num_bigint::BigInt;

const fn pure(
    name: &'static str,
    parameters: &'static [Parameter],
    rest: Option<Parameter>,
    run: fn(&Call<'_>) -> Result<Value, Wrong>,
) -> Function {
    Function {
        name,
        parameters,
        rest,
        later: Later::Refused,
        run,
    }
}

use Parameter::{Elements, Number as Numeric, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("abs", &[Numeric], None, |call| {
        Ok(Value::Number(call.number(0).abs()))
    }),
    pure("ceil", &[Numeric], None, |call| {
        Ok(Value::Number(call.number(0).ceil()))
    }),
    pure("floor", &[Numeric], None, |call| {
        Ok(Value::Number(call.number(0).floor()))
    }),
    pure("log", &[Numeric, Numeric], None, log),
    pure("max", &[Numeric], Some(Numeric), |call| {
        extreme(call, |a, b| a > b)
    }),
    pure("min", &[Numeric], Some(Numeric), |call| {
        extreme(call, |a, b| a < b)
    }),
    pure("parseint", &[Text, Numeric], None, parseint),
    pure("pow", &[Numeric, Numeric], None, pow),
    pure("signum", &[Numeric], None, signum),
    pure("sum", &[Elements], None, sum),
];

fn extreme(call: &Call<'_>, better: fn(&Number, &Number) -> bool) -> Result<Value, Wrong> {
    let mut best = call.number(0);
    for at in 1..call.arguments.len() {
        let number = call.number(at);
        if better(&number, &best) {
            best = number;
        }
    }
    Ok(Value::Number(best))
}

fn float(value: f64) -> Result<Value, Wrong> {
    Number::from_f64(value)
        .map(Value::Number)
        .ok_or_else(|| Wrong::new("the result is not a number"))
}

fn log(call: &Call<'_>) -> Result<Value, Wrong> {
    let (number, base) = (call.number(0).to_f64(), call.number(1).to_f64());
    float(number.ln() / base.ln())
}

fn pow(call: &Call<'_>) -> Result<Value, Wrong> {
    float(call.number(0).to_f64().powf(call.number(1).to_f64()))
}

fn signum(call: &Call<'_>) -> Result<Value, Wrong> {
    Ok(Value::Number(call.integer(0)?.signum().into()))
}

fn parseint(call: &Call<'_>) -> Result<Value, Wrong> {
    let base = u32::try_from(call.integer(1)?).unwrap_or(0);
    if !(2..=62).contains(&base) {
        return Err(Wrong::argument(1, "the base lies between 2 and 62"));
    }
    let text = call.text(0);
    let bad = || Wrong::argument(0, format!("`{text}` is not a whole number in base {base}"));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || digits.len() > 1024 {
        return Err(bad());
    }
    let mut value = BigInt::ZERO;
    for c in digits.chars() {
        value = value * base + digit(c, base).ok_or_else(bad)?;
    }
    Ok(Value::Number(Number::from_bigint(if negative {
        -value
    } else {
        value
    })))
}

/// Above base 36 lower case comes before upper case; up to it they are the same.
fn digit(c: char, base: u32) -> Option<u32> {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        'a'..='z' => u32::from(c) - u32::from('a') + 10,
        'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
        'A'..='Z' => u32::from(c) - u32::from('A') + 36,
        _ => return None,
    };
    (value < base).then_some(value)
}

fn sum(call: &Call<'_>) -> Result<Value, Wrong> {
    let items = call.elements(0);
    if items.is_empty() {
        return Err(Wrong::argument(0, "an empty list has no sum"));
    }
    let mut total = Number::ZERO;
    for item in &items {
        match value::convert(item, &Type::Number) {
            Ok(Value::Number(number)) => total = total.add(&number),
            Ok(_) => return Err(Wrong::argument(0, "an element is null")),
            Err(mismatch) => return Err(Wrong::argument(0, mismatch.to_string())),
        }
    }
    Ok(Value::Number(total))
}
