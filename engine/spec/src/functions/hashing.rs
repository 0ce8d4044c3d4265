//! Hashes of texts and files.

use super::call::{Call, Function, Later, Parameter, Wrong};
use super::encoding::base64;
use super::files::bytes;
use crate::value::Value;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

const fn hash(name: &'static str, run: fn(&Call<'_>) -> Result<Value, Wrong>) -> Function {
    Function {
        name,
        parameters: &[Parameter::Text],
        rest: None,
        later: Later::Refused,
        run,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    hash("md5", |call| Ok(hex(&Md5::digest(call.text(0))))),
    hash("sha1", |call| Ok(hex(&Sha1::digest(call.text(0))))),
    hash("sha256", |call| Ok(hex(&Sha256::digest(call.text(0))))),
    hash("sha512", |call| Ok(hex(&Sha512::digest(call.text(0))))),
    hash("base64sha256", |call| {
        Ok(Value::string(base64(&Sha256::digest(call.text(0)))))
    }),
    hash("base64sha512", |call| {
        Ok(Value::string(base64(&Sha512::digest(call.text(0)))))
    }),
    hash("filemd5", |call| Ok(hex(&Md5::digest(bytes(call, 0)?)))),
    hash("filesha1", |call| Ok(hex(&Sha1::digest(bytes(call, 0)?)))),
    hash("filesha256", |call| Ok(hex(&Sha256::digest(bytes(call, 0)?)))),
    hash("filesha512", |call| Ok(hex(&Sha512::digest(bytes(call, 0)?)))),
    hash("filebase64sha256", |call| {
        Ok(Value::string(base64(&Sha256::digest(bytes(call, 0)?))))
    }),
    hash("filebase64sha512", |call| {
        Ok(Value::string(base64(&Sha512::digest(bytes(call, 0)?))))
    }),
    Function {
        name: "uuidv5",
        parameters: &[Parameter::Text, Parameter::Text],
        rest: None,
        later: Later::Refused,
        run: uuidv5,
    },
];

fn hex(bytes: &[u8]) -> Value {
    Value::string(hex_text(bytes))
}

fn hex_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name-based UUID (RFC 4122, section 4.3). The well-known namespaces have short names.
fn uuidv5(call: &Call<'_>) -> Result<Value, Wrong> {
    let namespace = match call.text(0) {
        "dns" => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "url" => "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "oid" => "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
        "x500" => "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
        other => other,
    };
    let digits: String = namespace.chars().filter(|c| *c != '-').collect();
    let parts: Option<Vec<u8>> = (0..16)
        .map(|at| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok())
        .collect();
    let Some(parts) = parts.filter(|_| digits.len() == 32) else {
        return Err(Wrong::argument(0, format!("`{namespace}` is not a UUID")));
    };
    let mut hasher = Sha1::new();
    hasher.update(parts);
    hasher.update(call.text(1));
    let mut uuid: Vec<u8> = hasher.finalize().iter().copied().take(16).collect();
    if let Some(version) = uuid.get_mut(6) {
        *version = (*version & 0x0f) | 0x50;
    }
    if let Some(variant) = uuid.get_mut(8) {
        *variant = (*variant & 0x3f) | 0x80;
    }
    let text = hex_text(&uuid);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    Ok(Value::string(format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )))
}
