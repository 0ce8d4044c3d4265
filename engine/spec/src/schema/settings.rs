//! The settings inside of an `account` block.

use super::{BlockKind, Labels, Repeat, ValueKind, block, optional, required};

pub(super) static CONTACT: BlockKind = block(
    "contact",
    Labels::One("security, billing or operations"),
    Repeat::Many,
    &[
        required("name", ValueKind::Text, "The name of the person or team."),
        required("title", ValueKind::Text, "The title."),
        required("email", ValueKind::Text, "The e-mail address."),
        required("phone", ValueKind::Text, "The telephone number."),
    ],
    &[],
    "An alternate contact of the account. One that the spec leaves out is left alone.",
);

pub(super) static PRIMARY_CONTACT: BlockKind = block(
    "primary_contact",
    Labels::None,
    Repeat::Once,
    &[
        required("full_name", ValueKind::Text, "The full name."),
        required(
            "address_line_1",
            ValueKind::Text,
            "The first line of the address.",
        ),
        optional(
            "address_line_2",
            ValueKind::Text,
            "The second line of the address.",
        ),
        optional(
            "address_line_3",
            ValueKind::Text,
            "The third line of the address.",
        ),
        required("city", ValueKind::Text, "The city."),
        optional(
            "state_or_region",
            ValueKind::Text,
            "The state or region of the address.",
        ),
        optional("district_or_county", ValueKind::Text, "The district or county."),
        required("postal_code", ValueKind::Text, "The postal code."),
        required(
            "country_code",
            ValueKind::Text,
            "The country, by its two letters.",
        ),
        required(
            "phone",
            ValueKind::Text,
            "The telephone number, beginning with `+`.",
        ),
        optional("company", ValueKind::Text, "The company."),
        optional("website", ValueKind::Text, "The web site."),
    ],
    &[],
    "The primary contact of the account, as a whole.",
);
