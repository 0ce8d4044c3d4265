//! Names where only constants may stand: defaults of variables and values given from outside.

use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Evaluator, Failure, Names, Scope};
use crate::syntax::{Reference, Word};
use crate::value::{Thing, Value};

/// Refuses every reference.
pub(super) struct Constants;

impl Names for Constants {
    fn reference(
        &self,
        _: &Evaluator<'_>,
        reference: &Reference<'_>,
        _: &Scope<'_>,
    ) -> Result<(Value, usize), Failure> {
        let message = format!(
            "`{}` cannot be used here: this must be a constant",
            reference.root
        );
        Err(
            SpecDiagnostic::new(Code::UnknownName, reference.root_span, message)
                .help("text stands in quotes; what is computed belongs into `locals`")
                .into(),
        )
    }

    fn attribute(&self, _: &Evaluator<'_>, _: &Thing, _: &Word) -> Result<Value, Failure> {
        Err(Failure::reported())
    }
}
