//! Ids of requests: equal for equal words, so a request that is sent again is the same request to AWS.

use sha2::{Digest, Sha256};

/// Returns an id that AWS takes for an operation and for a client token, made from words in their order.
pub(crate) fn token(words: &[&str]) -> String {
    let digest = Sha256::digest(words.join("\n").as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("lz-{hex}")
}
