//! `format` and `formatlist`.

use super::call::{Call, Function, Later, Parameter, Wrong};
use crate::codes::Code;
use crate::eval::json_text;
use crate::number::Number;
use crate::value::{self, Type, Value};
use lz_model::text::Text;

/// The widest field; wider ones are a mistake.
const MAX_WIDTH: usize = 10_000;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "format",
        parameters: &[Parameter::Text],
        rest: Some(Parameter::Nullable),
        later: Later::Passed,
        run: |call| format(call.value(0), call.arguments.get(1..).unwrap_or_default()).map(Value::text),
    },
    Function {
        name: "formatlist",
        parameters: &[Parameter::Text],
        rest: Some(Parameter::Nullable),
        later: Later::Passed,
        run: formatlist,
    },
];

fn formatlist(call: &Call<'_>) -> Result<Value, Wrong> {
    let arguments = call.arguments.get(1..).unwrap_or_default();
    let lists: Vec<Option<Vec<Value>>> = arguments.iter().map(Value::elements).collect();
    let sizes: Vec<usize> = lists.iter().flatten().map(Vec::len).collect();
    let Some(size) = sizes.first().copied() else {
        let only = format(call.value(0), arguments)?;
        return Ok(Value::list(vec![Value::text(only)]));
    };
    if sizes.iter().any(|other| *other != size) {
        return Err(Wrong::new("all lists must be of one length"));
    }
    let mut rows = Vec::with_capacity(size);
    for at in 0..size {
        let row: Vec<Value> = arguments
            .iter()
            .zip(&lists)
            .map(|(single, list)| {
                list.as_ref().map_or_else(
                    || single.clone(),
                    |list| list.get(at).cloned().unwrap_or(Value::Null),
                )
            })
            .collect();
        rows.push(Value::text(format(call.value(0), &row)?));
    }
    Ok(Value::list(rows))
}

/// One `%...x` of a format.
#[derive(Default)]
struct Verb {
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
    letter: char,
}

fn format(pattern: &Value, arguments: &[Value]) -> Result<Text, Wrong> {
    let pattern = pattern
        .as_str()
        .ok_or_else(|| Wrong::argument(0, "the format itself must be known").code(Code::KnownAfterApply))?;
    let mut text = Text::default();
    let mut rest = pattern;
    let mut next = 0;
    let mut highest = 0;
    let mut chosen = false;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let (verb, index, behind) = read_verb(after)?;
        rest = behind;
        if verb.letter == '%' {
            text.push_str("%");
            continue;
        }
        if let Some(index) = index {
            next = index;
            chosen = true;
        }
        let argument = arguments.get(next).ok_or_else(|| {
            Wrong::argument(
                0,
                format!(
                    "`%{}` is argument {}; there are {}",
                    verb.letter,
                    next + 1,
                    arguments.len()
                ),
            )
        })?;
        next += 1;
        highest = highest.max(next);
        insert(&mut text, &verb, argument, next)?;
    }
    text.push_str(rest);
    if highest < arguments.len() && !chosen {
        return Err(Wrong::argument(
            highest + 1,
            "there are more arguments than the format uses",
        ));
    }
    Ok(text)
}

/// Reads what follows `%`. Returns the verb, the argument it asks for, and the text behind it.
fn read_verb(text: &str) -> Result<(Verb, Option<usize>, &str), Wrong> {
    let bad = || Wrong::argument(0, "a `%` is not followed by a verb").help("write `%%` for a percent sign");
    let mut verb = Verb::default();
    let mut rest = text;
    loop {
        let mut chars = rest.chars();
        match chars.next() {
            Some('-') => verb.minus = true,
            Some('+') => verb.plus = true,
            Some(' ') => verb.space = true,
            Some('0') => verb.zero = true,
            Some('#') => verb.sharp = true,
            _ => break,
        }
        rest = chars.as_str();
    }
    (verb.width, rest) = digits(rest)?;
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = digits(after)?;
        verb.precision = Some(precision.unwrap_or(0));
        rest = after;
    }
    let mut index = None;
    if let Some(after) = rest.strip_prefix('[') {
        let (number, after) = digits(after)?;
        rest = after.strip_prefix(']').ok_or_else(bad)?;
        index = Some(number.and_then(|number| number.checked_sub(1)).ok_or_else(bad)?);
    }
    let mut chars = rest.chars();
    verb.letter = chars.next().ok_or_else(bad)?;
    Ok((verb, index, chars.as_str()))
}

fn digits(text: &str) -> Result<(Option<usize>, &str), Wrong> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    if number.is_empty() {
        return Ok((None, rest));
    }
    let number = number.parse::<usize>().ok().filter(|number| *number <= MAX_WIDTH);
    number
        .map(|number| (Some(number), rest))
        .ok_or_else(|| Wrong::argument(0, "a width is too large"))
}

fn insert(text: &mut Text, verb: &Verb, argument: &Value, at: usize) -> Result<(), Wrong> {
    let plain = verb.width.is_none() && verb.precision.is_none();
    if let (Value::Later(later), 's' | 'v', true) = (argument, verb.letter, plain) {
        text.push_text((**later).clone());
        return Ok(());
    }
    let json =
        verb.letter == 'v' && (verb.sharp || argument.elements().is_some() || argument.fields().is_some());
    if json {
        text.push_text(json_text(argument).map_err(|message| Wrong::argument(at, message))?);
        return Ok(());
    }
    if let Some(hole) = argument.hole() {
        let message = format!("`{hole}` is known only after apply; only `%s` and `%v` pass it on");
        return Err(Wrong::argument(at, message).code(Code::KnownAfterApply));
    }
    let formatted = known(verb, argument, at)?;
    let width = formatted.chars().count();
    let pad = verb.width.unwrap_or(0).saturating_sub(width);
    if verb.minus {
        text.push_str(&formatted);
        text.push_str(&" ".repeat(pad));
    } else if verb.zero && verb.letter != 'q' {
        let (sign, rest) = match formatted.strip_prefix(['-', '+']) {
            Some(rest) => (formatted.get(..1).unwrap_or_default(), rest),
            None => ("", formatted.as_str()),
        };
        text.push_str(&format!("{sign}{}{rest}", "0".repeat(pad)));
    } else {
        text.push_str(&" ".repeat(pad));
        text.push_str(&formatted);
    }
    Ok(())
}

fn known(verb: &Verb, argument: &Value, at: usize) -> Result<String, Wrong> {
    let convert = |ty: &Type| {
        if argument.is_null() && verb.letter != 'v' {
            return Err(Wrong::argument(at, "null cannot be formatted"));
        }
        value::convert(argument, ty).map_err(|mismatch| Wrong::argument(at, mismatch.to_string()))
    };
    match verb.letter {
        'v' if argument.is_null() => Ok("null".to_owned()),
        'v' => match argument.as_number() {
            Some(number) => Ok(signed(verb, number, general(&number.abs(), verb.precision, 'e'))),
            None => Ok(cut(verb, text_of(&convert(&Type::String)?))),
        },
        't' => Ok(convert(&Type::Bool)?.as_bool().unwrap_or_default().to_string()),
        's' => Ok(cut(verb, text_of(&convert(&Type::String)?))),
        'q' => {
            let text = cut(verb, text_of(&convert(&Type::String)?));
            json_text(&Value::string(text))
                .map(|text| text.to_string())
                .map_err(|message| Wrong::argument(at, message))
        }
        'd' | 'b' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let Value::Number(number) = convert(&Type::Number)? else {
                return Ok(String::new());
            };
            number_text(verb, &number, at)
        }
        other => Err(Wrong::argument(
            0,
            format!("`%{other}` is not a verb of `format`"),
        )),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn cut(verb: &Verb, text: String) -> String {
    verb.precision.map_or_else(
        || text.clone(),
        |precision| text.chars().take(precision).collect(),
    )
}

fn signed(verb: &Verb, number: &Number, magnitude: String) -> String {
    let sign = match (number.is_negative(), verb.plus, verb.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    };
    format!("{sign}{magnitude}")
}

fn number_text(verb: &Verb, number: &Number, at: usize) -> Result<String, Wrong> {
    let whole = || {
        number
            .abs()
            .to_bigint()
            .ok_or_else(|| Wrong::argument(at, "a whole number is wanted"))
    };
    let magnitude = match verb.letter {
        'd' => whole()?.to_string(),
        'b' => whole()?.to_str_radix(2),
        'o' => whole()?.to_str_radix(8),
        'x' => whole()?.to_str_radix(16),
        'X' => whole()?.to_str_radix(16).to_uppercase(),
        'f' | 'F' => fixed(&number.abs(), verb.precision.unwrap_or(6)),
        'e' | 'E' => exponential(number.abs().to_f64(), verb.precision.unwrap_or(6), verb.letter),
        _ => general(
            &number.abs(),
            verb.precision,
            if verb.letter == 'G' { 'E' } else { 'e' },
        ),
    };
    Ok(signed(verb, number, magnitude))
}

/// Rounds half to even on the exact binary value, as Go does.
fn fixed(number: &Number, places: usize) -> String {
    format!("{:.places$}", number.to_f64())
}

fn exponential(value: f64, places: usize, letter: char) -> String {
    let text = format!("{value:.places$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    go_exponent(mantissa, exponent, letter)
}

fn go_exponent(mantissa: &str, exponent: &str, letter: char) -> String {
    let (sign, digits) = exponent
        .strip_prefix('-')
        .map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}{letter}{sign}{digits:0>2}")
}

/// The shorter of both forms. Without a precision there are as many digits as the value needs.
fn general(number: &Number, precision: Option<usize>, letter: char) -> String {
    let (digits, power) = match precision {
        None => scientific(&number.to_string()),
        Some(precision) => {
            let text = format!("{:.*e}", precision.max(1) - 1, number.to_f64());
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
        }
    };
    let digits = match digits.trim_end_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let most = precision.map_or(6, |precision| i64::try_from(precision.max(1)).unwrap_or(i64::MAX));
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    if power < -4 || power >= most {
        let point = if rest.is_empty() { "" } else { "." };
        return go_exponent(&format!("{first}{point}{rest}"), &power.to_string(), letter);
    }
    if power < 0 {
        return format!(
            "0.{}{digits}",
            "0".repeat(usize::try_from(-power - 1).unwrap_or(0))
        );
    }
    let whole = usize::try_from(power + 1).unwrap_or(1);
    match digits.split_at_checked(whole) {
        Some((front, "")) => front.to_owned(),
        Some((front, back)) => format!("{front}.{back}"),
        None => format!("{digits:0<whole$}"),
    }
}

/// Returns the digits of a decimal, and the power of ten of the first.
fn scientific(text: &str) -> (String, i64) {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let size = |text: &str| i64::try_from(text.len()).unwrap_or(0);
    if whole != "0" {
        return (format!("{whole}{fraction}"), size(whole) - 1);
    }
    let digits = fraction.trim_start_matches('0');
    if digits.is_empty() {
        ("0".to_owned(), 0)
    } else {
        (digits.to_owned(), size(digits) - size(fraction) - 1)
    }
}
