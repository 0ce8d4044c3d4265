//! JSON, YAML, CSV, base64 and URLs.

use super::call::{Call, Function, Later, Parameter, Wrong};
use super::yaml_write::yaml;
use crate::eval::{Duplicates, json_text, read_json};
use crate::value::Value;

const fn looks(name: &'static str, run: fn(&Call<'_>) -> Result<Value, Wrong>) -> Function {
    Function {
        name,
        parameters: &[Parameter::Text],
        rest: None,
        later: Later::Refused,
        run,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "jsonencode",
        parameters: &[Parameter::Nullable],
        rest: None,
        later: Later::Passed,
        run: jsonencode,
    },
    looks("jsondecode", jsondecode),
    looks("yamldecode", |call| {
        crate::read::yaml_value::decode(call.text(0)).map_err(|m| Wrong::argument(0, m))
    }),
    looks("base64encode", |call| {
        Ok(Value::string(base64(call.text(0).as_bytes())))
    }),
    looks("base64decode", base64decode),
    looks("csvdecode", |call| {
        super::csv::decode(call.text(0)).map_err(|message| Wrong::argument(0, message))
    }),
    Function {
        name: "yamlencode",
        parameters: &[Parameter::Nullable],
        rest: None,
        later: Later::Refused,
        run: |call| {
            yaml(call.value(0))
                .map(Value::string)
                .map_err(|message| Wrong::argument(0, message))
        },
    },
    Function {
        name: "textencodebase64",
        parameters: &[Parameter::Text, Parameter::Text],
        rest: None,
        later: Later::Refused,
        run: textencodebase64,
    },
    Function {
        name: "textdecodebase64",
        parameters: &[Parameter::Text, Parameter::Text],
        rest: None,
        later: Later::Refused,
        run: textdecodebase64,
    },
    looks("urlencode", |call| Ok(Value::string(urlencode(call.text(0))))),
];

fn jsonencode(call: &Call<'_>) -> Result<Value, Wrong> {
    json_text(call.value(0))
        .map(Value::text)
        .map_err(|message| Wrong::argument(0, message))
}

fn jsondecode(call: &Call<'_>) -> Result<Value, Wrong> {
    read_json(call.text(0), Duplicates::LastWins)
        .map_err(|message| Wrong::argument(0, format!("this is not JSON: {message}")))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns base64 with padding (RFC 4648, section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for at in 0..4 {
            let six = (bits >> (18 - 6 * at)) & 63;
            let letter = ALPHABET.get(six as usize).copied().map_or('=', char::from);
            text.push(if at > chunk.len() { '=' } else { letter });
        }
    }
    text
}

/// Reads base64 with padding; line ends are skipped.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let quads = text.len() / 4;
    for (at, quad) in text.chunks(4).enumerate() {
        let padding = quad.iter().rev().take_while(|b| **b == b'=').count();
        if padding > 2 || (padding > 0 && at + 1 < quads) {
            return None;
        }
        let mut bits = 0u32;
        for letter in quad {
            let six = match letter {
                b'=' => 0,
                letter => ALPHABET.iter().position(|known| known == letter)?,
            };
            bits = (bits << 6) | u32::try_from(six).ok()?;
        }
        let [_, a, b, c] = bits.to_be_bytes();
        bytes.extend([a, b, c].iter().take(3 - padding));
    }
    Some(bytes)
}

fn base64decode(call: &Call<'_>) -> Result<Value, Wrong> {
    let bytes = from_base64(call.text(0)).ok_or_else(|| Wrong::argument(0, "this is not base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| Wrong::argument(0, "what it decodes to is not UTF-8"))?;
    Ok(Value::string(text))
}

/// Encodings of characters that the `text...base64` functions know.
#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Latin1,
}

fn encoding(call: &Call<'_>) -> Result<Encoding, Wrong> {
    match call.text(1).to_uppercase().as_str() {
        "UTF-8" | "UTF8" => Ok(Encoding::Utf8),
        "UTF-16LE" => Ok(Encoding::Utf16Le),
        "UTF-16BE" | "UTF-16" => Ok(Encoding::Utf16Be),
        "ISO-8859-1" | "LATIN1" => Ok(Encoding::Latin1),
        other => Err(Wrong::argument(1, format!("the encoding `{other}` is not known"))
            .help("known are UTF-8, UTF-16LE, UTF-16BE and ISO-8859-1")),
    }
}

fn textencodebase64(call: &Call<'_>) -> Result<Value, Wrong> {
    let text = call.text(0);
    let bytes = match encoding(call)? {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Latin1 => {
            let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            bytes.ok_or_else(|| Wrong::argument(0, "it has characters that the encoding lacks"))?
        }
    };
    Ok(Value::string(base64(&bytes)))
}

fn textdecodebase64(call: &Call<'_>) -> Result<Value, Wrong> {
    let bytes = from_base64(call.text(0)).ok_or_else(|| Wrong::argument(0, "this is not base64"))?;
    let units = |join: fn([u8; 2]) -> u16| -> Option<String> {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| join(*pair)).collect();
        if rest.is_empty() {
            String::from_utf16(&units).ok()
        } else {
            None
        }
    };
    let text = match encoding(call)? {
        Encoding::Utf8 => String::from_utf8(bytes).ok(),
        Encoding::Utf16Le => units(u16::from_le_bytes),
        Encoding::Utf16Be => units(u16::from_be_bytes),
        Encoding::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
    };
    text.map(Value::string)
        .ok_or_else(|| Wrong::argument(0, "the bytes are not text in this encoding"))
}

fn urlencode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte))
            }
            b' ' => encoded.push('+'),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
