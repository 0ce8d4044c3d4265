//! Any bytes as each kind of file: nothing may panic, and formatting must be done after once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lz_spec::{Inputs, SourceKind, Sources, format_hcl, load};

fuzz_target!(|bytes: &[u8]| {
    for kind in [SourceKind::Hcl, SourceKind::Yaml, SourceKind::AccountRequest, SourceKind::Variables] {
        let mut sources = Sources::new();
        sources.add("accounts/x.yaml", kind, bytes.to_vec());
        let _ = load(sources, &Inputs::default());
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(formatted) = format_hcl(text)
    {
        assert_eq!(format_hcl(&formatted).expect("formatted text is HCL"), formatted);
    }
});
