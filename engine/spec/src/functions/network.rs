//! Arithmetic over address blocks.

use super::call::{Call, Function, Later, Parameter, Wrong};
use crate::value::Value;
use num_bigint::BigInt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use Parameter::{Number, Text};

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

pub(super) const FUNCTIONS: &[Function] = &[
    pure("cidrhost", &[Text, Number], None, cidrhost),
    pure("cidrnetmask", &[Text], None, cidrnetmask),
    pure("cidrsubnet", &[Text, Number, Number], None, cidrsubnet),
    pure("cidrsubnets", &[Text], Some(Number), cidrsubnets),
];

/// An address block: its first address as a number, the length of its prefix, and of an address.
#[derive(Clone, Copy)]
struct Block {
    first: u128,
    prefix: u32,
    width: u32,
}

impl Block {
    fn parse(call: &Call<'_>) -> Result<Self, Wrong> {
        let text = call.text(0);
        let bad =
            || Wrong::argument(0, format!("`{text}` is not an address block")).help("such as `10.0.0.0/16`");
        let (address, prefix) = text.split_once('/').ok_or_else(bad)?;
        if prefix.is_empty() || !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let prefix: u32 = prefix.parse().map_err(|_| bad())?;
        let (first, width) = match address.parse().map_err(|_| bad())? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        if prefix > width {
            return Err(bad());
        }
        let block = Self { first, prefix, width };
        Ok(Self {
            first: first & block.mask(),
            ..block
        })
    }

    /// Returns the bits of the prefix as ones.
    fn mask(self) -> u128 {
        let host = self.width - self.prefix;
        let all = if self.width == 128 {
            u128::MAX
        } else {
            (1 << self.width) - 1
        };
        if host == 128 {
            0
        } else {
            all & !((1u128 << host) - 1)
        }
    }

    fn address(self, number: u128) -> String {
        if self.width == 32 {
            Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).to_string()
        } else {
            Ipv6Addr::from(number).to_string()
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.address(self.first), self.prefix)
    }

    /// Returns the block of this number among those that are longer by some bits.
    fn subnet(self, bits: i64, number: &BigInt) -> Result<Self, Wrong> {
        let prefix = u32::try_from(bits)
            .ok()
            .map(|bits| self.prefix + bits)
            .filter(|prefix| *prefix <= self.width);
        let Some(prefix) = prefix else {
            let message = format!(
                "{bits} more bits do not fit behind a prefix of {} bits",
                self.prefix
            );
            return Err(Wrong::argument(1, message));
        };
        let bits = prefix - self.prefix;
        let number = u128::try_from(number.clone())
            .ok()
            .filter(|number| bits >= 128 || number >> bits == 0);
        let Some(number) = number else {
            return Err(Wrong::argument(2, format!("{bits} bits cannot hold this number")));
        };
        let host = self.width - prefix;
        let shifted = if host == 128 { 0 } else { number << host };
        Ok(Self {
            first: self.first | shifted,
            prefix,
            width: self.width,
        })
    }
}

fn cidrhost(call: &Call<'_>) -> Result<Value, Wrong> {
    let block = Block::parse(call)?;
    let number = call
        .number(1)
        .to_bigint()
        .ok_or_else(|| Wrong::argument(1, "a whole number is wanted"))?;
    let host = block.width - block.prefix;
    let size = BigInt::from(1u8) << host;
    // A negative number counts from the end.
    let offset = if number < BigInt::ZERO {
        &size + &number
    } else {
        number
    };
    if offset < BigInt::ZERO || offset >= size {
        return Err(Wrong::argument(
            1,
            format!("the block has no host of this number: it has {host} bits for them"),
        ));
    }
    let offset = u128::try_from(offset).unwrap_or(0);
    Ok(Value::string(block.address(block.first | offset)))
}

fn cidrnetmask(call: &Call<'_>) -> Result<Value, Wrong> {
    let block = Block::parse(call)?;
    if block.width != 32 {
        return Err(Wrong::argument(0, "only IPv4 blocks have a mask"));
    }
    Ok(Value::string(block.address(block.mask())))
}

fn cidrsubnet(call: &Call<'_>) -> Result<Value, Wrong> {
    let block = Block::parse(call)?;
    let number = call
        .number(2)
        .to_bigint()
        .ok_or_else(|| Wrong::argument(2, "a whole number is wanted"))?;
    Ok(Value::string(block.subnet(call.integer(1)?, &number)?.text()))
}

/// Returns neighbouring blocks, each longer by so many bits than the whole.
fn cidrsubnets(call: &Call<'_>) -> Result<Value, Wrong> {
    let block = Block::parse(call)?;
    let mut next = BigInt::from(block.first);
    let end = BigInt::from(block.first) + (BigInt::from(1u8) << (block.width - block.prefix));
    let mut blocks = Vec::new();
    for at in 1..call.arguments.len() {
        let bits = call.integer(at)?;
        if bits < 1 {
            return Err(Wrong::argument(at, "it must be at least 1"));
        }
        let wanted = block.subnet(bits, &BigInt::ZERO).map_err(|wrong| Wrong {
            argument: Some(at),
            ..wrong
        })?;
        let size = BigInt::from(1u8) << (block.width - wanted.prefix);
        let first = (&next + &size - 1u8) / &size * &size;
        next = &first + &size;
        if next > end {
            return Err(Wrong::argument(
                at,
                format!("no room is left in {}", block.text()),
            ));
        }
        blocks.push(Value::string(
            Block {
                first: u128::try_from(first).unwrap_or(0),
                ..wanted
            }
            .text(),
        ));
    }
    Ok(Value::list(blocks))
}
