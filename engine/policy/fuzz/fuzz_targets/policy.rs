//! Any bytes as a policy, as inherited settings and as a line of `lz policy eval`: nothing may panic, and what is read
//! must mean the same when it is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lz_model::policy_type::PolicyType;
use lz_policy::inherit::{Settings, effective};
use lz_policy::language::Policy;
use lz_policy::line::Lines;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(policy) = Policy::detect(text) {
        let again = Policy::parse(policy.kind, &policy.to_text()).expect("what is written can be read");
        assert_eq!(again.canonical(), policy.canonical());
    }
    if let Ok(settings) = Settings::parse(PolicyType::Tag, text) {
        let _ = effective([[&settings], [&settings]]);
    }
    let _ = Lines::new().answer(text);
});
