//! One thing that looks wrong.

use crate::language::{Code, Place, Problem};

/// Something that looks wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: LintCode,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is; the whole document if nothing smaller fits.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do.
    pub suggestion: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// AWS refuses it, or it locks somebody out.
    Error,
    /// It most likely does not do what was meant.
    Warning,
    /// It is worth knowing.
    Note,
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintCode {
    /// The text breaks the grammar.
    Grammar(Code),
    /// The minified text is longer than AWS takes.
    TooLong,
    /// The minified text is close to the limit.
    NearlyFull,
    /// A target has more policies than AWS takes.
    TooManyAttached,
    /// `Version` is missing, so that variables are plain text.
    NoVersion,
    /// Two statements have one name.
    DuplicateSid,
    /// A statement name has characters that AWS refuses.
    BadSid,
    /// No known action fits.
    UnknownAction,
    /// A condition key is not known.
    UnknownKey,
    /// Resource control policies don't reach a service.
    UnreachedService,
    /// A value is not of the operator's type and compares with nothing.
    BadValue,
    /// A key with several values stands under an operator without a quantifier.
    NeedsQuantifier,
    /// A key with one value stands under a quantifier.
    NeedlessQuantifier,
    /// A statement can never match.
    NeverMatches,
    /// A statement changes nothing.
    Redundant,
    /// An Allow list leaves out what lz needs.
    ShutsOutLz,
    /// A Deny has no exception for the role that lz runs under.
    DeniesLz,
    /// A Deny of regions catches services that live in one.
    CatchesGlobal,
}

impl LintCode {
    /// Returns the code as it is shown, such as `lz::policy::too_long`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grammar(code) => code.name(),
            Self::TooLong => "lz::policy::too_long",
            Self::NearlyFull => "lz::policy::nearly_full",
            Self::TooManyAttached => "lz::policy::too_many_attached",
            Self::NoVersion => "lz::policy::no_version",
            Self::DuplicateSid => "lz::policy::duplicate_sid",
            Self::BadSid => "lz::policy::bad_sid",
            Self::UnknownAction => "lz::policy::unknown_action",
            Self::UnknownKey => "lz::policy::unknown_key",
            Self::UnreachedService => "lz::policy::unreached_service",
            Self::BadValue => "lz::policy::bad_value",
            Self::NeedsQuantifier => "lz::policy::needs_quantifier",
            Self::NeedlessQuantifier => "lz::policy::needless_quantifier",
            Self::NeverMatches => "lz::policy::never_matches",
            Self::Redundant => "lz::policy::redundant",
            Self::ShutsOutLz => "lz::policy::shuts_out_lz",
            Self::DeniesLz => "lz::policy::denies_lz",
            Self::CatchesGlobal => "lz::policy::catches_global",
        }
    }

    /// Returns how bad findings of this kind are.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Grammar(_) | Self::TooLong | Self::TooManyAttached | Self::ShutsOutLz => Severity::Error,
            Self::NoVersion
            | Self::DuplicateSid
            | Self::BadSid
            | Self::UnknownAction
            | Self::UnknownKey
            | Self::UnreachedService
            | Self::BadValue
            | Self::NeedsQuantifier
            | Self::NeedlessQuantifier
            | Self::NeverMatches
            | Self::Redundant
            | Self::DeniesLz
            | Self::CatchesGlobal => Severity::Warning,
            Self::NearlyFull => Severity::Note,
        }
    }
}

impl Severity {
    /// Returns the severity as data, such as `warning`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Finding {
    pub(super) fn new(
        code: LintCode,
        place: &Place,
        message: impl Into<String>,
        suggestion: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: code.severity(),
            place: place.clone(),
            message: message.into(),
            suggestion: suggestion.into(),
        }
    }
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        let suggestion = problem
            .help
            .clone()
            .unwrap_or_else(|| "correct the document: AWS refuses it".to_owned());
        Self::new(
            LintCode::Grammar(problem.code),
            &problem.place,
            problem.message.clone(),
            suggestion,
        )
    }
}
