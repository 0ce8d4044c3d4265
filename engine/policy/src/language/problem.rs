//! What is wrong with a policy text, and where.

use std::fmt;
use std::ops::Range;

/// A place in a policy text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The place as a JSON pointer (RFC 6901), such as `/Statement/0/Action`; empty for the whole document.
    pub pointer: String,
    /// The first byte of the place in the text.
    pub start: usize,
    /// The byte after the last one of the place.
    pub end: usize,
}

impl Place {
    /// Returns a place.
    #[must_use]
    pub const fn new(pointer: String, span: &Range<usize>) -> Self {
        Self {
            pointer,
            start: span.start,
            end: span.end,
        }
    }

    /// Returns the bytes of the place.
    #[must_use]
    pub const fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str("the document")
        } else {
            write!(f, "`{}`", self.pointer)
        }
    }
}

/// Which rule of the grammar a text breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The text is not JSON.
    NotJson,
    /// A value has the wrong type.
    WrongType,
    /// An element that the grammar doesn't know.
    UnknownElement,
    /// An element that this type of policy can't have.
    ForbiddenElement,
    /// An element is missing.
    MissingElement,
    /// Two elements exclude each other.
    Conflict,
    /// A name stands twice.
    Duplicate,
    /// A list or a text is empty.
    Empty,
    /// `Version` is not the one that policies of organizations have.
    Version,
    /// `Effect` is neither `Allow` nor `Deny`, or not the one that this type of policy can have.
    Effect,
    /// An action has no valid form.
    Action,
    /// A resource has no valid form.
    Resource,
    /// The principal is not `*`.
    Principal,
    /// A condition operator doesn't exist.
    Operator,
    /// A condition key has no valid form.
    Key,
}

impl Code {
    /// Returns the code as it is shown, such as `lz::policy::action`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotJson => "lz::policy::not_json",
            Self::WrongType => "lz::policy::wrong_type",
            Self::UnknownElement => "lz::policy::unknown_element",
            Self::ForbiddenElement => "lz::policy::forbidden_element",
            Self::MissingElement => "lz::policy::missing_element",
            Self::Conflict => "lz::policy::conflict",
            Self::Duplicate => "lz::policy::duplicate",
            Self::Empty => "lz::policy::empty",
            Self::Version => "lz::policy::version",
            Self::Effect => "lz::policy::effect",
            Self::Action => "lz::policy::action",
            Self::Resource => "lz::policy::resource",
            Self::Principal => "lz::policy::principal",
            Self::Operator => "lz::policy::operator",
            Self::Key => "lz::policy::key",
        }
    }
}

/// One fault of a policy text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {place}")]
pub struct Problem {
    /// Which rule is broken.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do, if there is something to say.
    pub help: Option<String>,
}

/// All faults of a policy text, in the order of the text; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// Returns the faults.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
