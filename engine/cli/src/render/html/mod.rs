//! A plan as a page for a browser.

use crate::map::Map;
use lz_model::plan::Plan;

pub(crate) fn page(
    _plan: &Plan,
    _map: &Map,
    _former: Option<&Plan>,
    _next: &[(&'static str, String)],
) -> String {
    String::new()
}
