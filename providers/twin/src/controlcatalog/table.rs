//! The operations of Control Catalog that the twin has. Rates are UNCONFIRMED, so there are no buckets.

use super::control;
use crate::wire::Run::Read;
use crate::wire::{Field, Route};

/// The routes of Control Catalog.
pub(crate) static ROUTES: &[Route] = &[
    crate::neighbour::route!(
        ControlCatalog,
        "controlcatalog",
        "POST",
        "/get-control",
        &[],
        "GetControl",
        Read(control::get)
    ),
    crate::neighbour::route!(
        ControlCatalog,
        "controlcatalog",
        "POST",
        "/list-controls",
        &[Field::Number("maxResults"), Field::Text("nextToken")],
        "ListControls",
        Read(control::list)
    ),
];
