//! CBOR (RFC 8949), as far as the RPC v2 protocol of AWS needs it.

use serde_json::{Map, Number, Value};

use super::answer::moment_of;

/// How deep a value may be nested.
const DEEPEST: usize = 32;

/// Returns the value that bytes hold; tags are passed over, byte strings are not known.
pub(crate) fn read(bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader { rest: bytes };
    reader.value(0)
}

struct Reader<'a> {
    rest: &'a [u8],
}

/// The first byte of an item, with its number; none where the length is left open.
struct Head {
    major: u8,
    low: u8,
    number: Option<u64>,
}

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn head(&mut self) -> Option<Head> {
        let first = *self.take(1)?.first()?;
        let (major, low) = (first >> 5, first & 0x1f);
        let wide = match low {
            0..24 => {
                return Some(Head {
                    major,
                    low,
                    number: Some(u64::from(low)),
                });
            }
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            31 => {
                return Some(Head {
                    major,
                    low,
                    number: None,
                });
            }
            _ => return None,
        };
        let bytes = self.take(wide)?;
        let number = bytes
            .iter()
            .fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        Some(Head {
            major,
            low,
            number: Some(number),
        })
    }

    /// Returns whether an item without length ends here, and then passes over its end.
    fn at_break(&mut self) -> bool {
        let ends = self.rest.first() == Some(&0xff);
        if ends {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        ends
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let head = self.head()?;
        match (head.major, head.number) {
            (0, Some(number)) => Some(Value::from(number)),
            (1, Some(number)) => i64::try_from(number).ok().map(|number| Value::from(-1 - number)),
            (3, number) => self.text(number, depth).map(Value::String),
            (4, number) => {
                let mut items = Vec::new();
                while self.goes_on(number, items.len()) {
                    items.push(self.value(depth + 1)?);
                }
                Some(Value::Array(items))
            }
            (5, number) => {
                let (mut members, mut count) = (Map::new(), 0);
                while self.goes_on(number, count) {
                    let Value::String(name) = self.value(depth + 1)? else {
                        return None;
                    };
                    members.insert(name, self.value(depth + 1)?);
                    count += 1;
                }
                Some(Value::Object(members))
            }
            (6, Some(_)) => self.value(depth + 1),
            (7, Some(number)) => simple(head.low, number),
            _ => None,
        }
    }

    fn goes_on(&mut self, number: Option<u64>, count: usize) -> bool {
        match number {
            Some(number) => u64::try_from(count).is_ok_and(|count| count < number) && !self.rest.is_empty(),
            None => !self.rest.is_empty() && !self.at_break(),
        }
    }

    fn text(&mut self, number: Option<u64>, depth: usize) -> Option<String> {
        if let Some(number) = number {
            let bytes = self.take(usize::try_from(number).ok()?)?;
            return std::str::from_utf8(bytes).ok().map(str::to_owned);
        }
        let mut whole = String::new();
        while !self.at_break() {
            whole.push_str(self.value(depth + 1)?.as_str()?);
        }
        Some(whole)
    }
}

fn simple(low: u8, number: u64) -> Option<Value> {
    match low {
        20 => Some(Value::Bool(false)),
        21 => Some(Value::Bool(true)),
        22 | 23 => Some(Value::Null),
        26 => {
            let bits = u32::try_from(number).ok()?;
            Number::from_f64(f64::from(f32::from_bits(bits))).map(Value::Number)
        }
        27 => Number::from_f64(f64::from_bits(number)).map(Value::Number),
        _ => None,
    }
}

/// Returns a value as bytes; moments are tagged as such.
pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(value, &mut bytes);
    bytes
}

fn head(major: u8, number: u64, into: &mut Vec<u8>) {
    let major = major << 5;
    match number {
        0..24 => into.push(major | u8::try_from(number).unwrap_or(0)),
        24..0x100 => into.extend([major | 24, u8::try_from(number).unwrap_or(0)]),
        0x100..0x1_0000 => {
            into.push(major | 25);
            into.extend(u16::try_from(number).unwrap_or(0).to_be_bytes());
        }
        0x1_0000..0x1_0000_0000 => {
            into.push(major | 26);
            into.extend(u32::try_from(number).unwrap_or(0).to_be_bytes());
        }
        _ => {
            into.push(major | 27);
            into.extend(number.to_be_bytes());
        }
    }
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn float(number: f64, into: &mut Vec<u8>) {
    into.push(0xfb);
    into.extend(number.to_bits().to_be_bytes());
}

fn text(text: &str, into: &mut Vec<u8>) {
    head(3, length(text.len()), into);
    into.extend(text.as_bytes());
}

fn put(value: &Value, into: &mut Vec<u8>) {
    if let Some(at) = moment_of(value) {
        head(6, 1, into);
        float(at.epoch_seconds(), into);
        return;
    }
    match value {
        Value::Null => into.push(0xf6),
        Value::Bool(false) => into.push(0xf4),
        Value::Bool(true) => into.push(0xf5),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => head(0, number, into),
            (None, Some(number)) => head(1, number.unsigned_abs().saturating_sub(1), into),
            (None, None) => float(number.as_f64().unwrap_or(0.0), into),
        },
        Value::String(inner) => text(inner, into),
        Value::Array(items) => {
            head(4, length(items.len()), into);
            items.iter().for_each(|item| put(item, into));
        }
        Value::Object(members) => {
            head(5, length(members.len()), into);
            for (name, inner) in members {
                text(name, into);
                put(inner, into);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let value = json!({
            "text": "a".repeat(300),
            "whole": [0, 23, 24, 255, 256, 65_536, 4_294_967_296_u64, -1, -500],
            "fraction": 0.5,
            "truth": [true, false, null],
        });
        assert_eq!(read(&write(&value)), Some(value));
    }

    #[test]
    fn lengths_may_be_left_open() {
        let bytes = b"\xbf\x61a\x9f\x01\x02\xff\x61b\x7f\x61x\x61y\xff\xff";
        assert_eq!(read(bytes), Some(json!({"a": [1, 2], "b": "xy"})));
    }

    #[test]
    fn broken_bytes_are_no_value() {
        for bytes in [&b""[..], b"\x7b\xff", b"\x1c", b"\xa1\x01\x02", b"\x5f"] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
        assert_eq!(read(&[0x81; 100]), None, "nested too deeply");
    }
}
