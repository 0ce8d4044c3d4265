//! The codes of all spec errors. Each has a page in `docs/errors/`.

use std::fmt;

/// A code with its name and one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// Its name without the prefix `lz::spec::`, which is also the name of its page.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub summary: &'static str,
}

macro_rules! codes {
    ($($variant:ident $name:literal $summary:literal;)*) => {
        /// What is wrong, as a stable word: scripts and documentation rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        const ALL: &[CodeInfo] = &[$(CodeInfo { code: Code::$variant, name: $name, summary: $summary },)*];

        impl Code {
            /// Returns the name without the prefix, such as `unknown_ou`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

codes! {
    NoSpec "no_spec" "The directory holds no spec.";
    Unreadable "unreadable" "A file or directory of the spec cannot be read.";
    NotUtf8 "not_utf8" "A file of the spec is not UTF-8.";
    TooLarge "too_large" "A file of the spec is too large.";
    Syntax "syntax" "The text is not HCL or YAML.";
    TooDeep "too_deep" "Something is nested too deeply.";
    TooMuch "too_much" "Evaluating the spec takes too many steps or too much memory.";
    YamlShape "yaml_shape" "The YAML does not have the shape of a spec.";
    YamlDocuments "yaml_documents" "A YAML file holds more than one document.";
    YamlAlias "yaml_alias" "A YAML alias stands inside its own anchor.";
    YamlBomb "yaml_bomb" "YAML aliases blow the document up.";
    YamlDuplicateKey "yaml_duplicate_key" "A key stands twice in one YAML map.";
    YamlMerge "yaml_merge" "A YAML merge key does not name a map.";
    YamlTag "yaml_tag" "A YAML tag has no meaning here.";
    NotSupported "not_supported" "The feature is part of the language, but this version cannot carry it out.";
    UnknownBlock "unknown_block" "There is no such block.";
    UnknownAttribute "unknown_attribute" "The block has no such attribute.";
    MissingAttribute "missing_attribute" "An attribute that must be there is missing.";
    DuplicateAttribute "duplicate_attribute" "An attribute is set twice.";
    WrongLabels "wrong_labels" "A block has too many or too few labels.";
    BadLabel "bad_label" "A label is not a name that can be referred to.";
    DuplicateBlock "duplicate_block" "A block that may stand once stands twice.";
    DuplicateLabel "duplicate_label" "Two blocks of one kind have the same label.";
    MissingZone "missing_zone" "The spec has no landing_zone block.";
    Type "type" "A value has the wrong type.";
    BadValue "bad_value" "A value is not one of those that the attribute takes.";
    NullValue "null_value" "A value is null where it must not be.";
    DivisionByZero "division_by_zero" "An expression divides by zero.";
    NoSuchElement "no_such_element" "A collection has no such element, or a value no such attribute.";
    DuplicateKey "duplicate_key" "A for expression makes one key twice.";
    UnknownName "unknown_name" "A name does not mean anything here.";
    UnknownVariable "unknown_variable" "The spec declares no such variable.";
    UnknownLocal "unknown_local" "The spec declares no such local value.";
    UnknownOu "unknown_ou" "The spec declares no such organizational unit.";
    UnknownAccount "unknown_account" "The spec declares no such account.";
    UnknownPolicy "unknown_policy" "The spec declares no such policy.";
    UnknownFunction "unknown_function" "There is no such function.";
    FunctionArguments "function_arguments" "A function is called with the wrong arguments.";
    FunctionFailed "function_failed" "A function has no result for these arguments.";
    FileNotFound "file_not_found" "A function reads a file that does not exist.";
    FileOutside "file_outside" "A function reads a file outside the repository.";
    FileUnreadable "file_unreadable" "A function reads a file that cannot be read.";
    KnownAfterApply "known_after_apply" "An expression computes with a value that AWS has yet to assign.";
    Cycle "cycle" "Values depend on each other in a circle.";
    ForEach "for_each" "The value of for_each is not a map or a set of strings.";
    EachOutside "each_outside" "each is used where there is no for_each.";
    MissingVariable "missing_variable" "A variable has neither a value nor a default.";
    UndeclaredVariable "undeclared_variable" "A value is given for a variable that the spec does not declare.";
    VariableValue "variable_value" "The value of a variable does not fit.";
    Validation "validation" "The value of a variable breaks one of its rules.";
    BadType "bad_type" "This is not a type.";
    AccountId "account_id" "This is not an account id.";
    BadId "bad_id" "This is not an id of the right kind.";
    BadRegion "bad_region" "This is not a Region.";
    BadService "bad_service" "This is not a service principal.";
    BadName "bad_name" "AWS refuses this name.";
    BadEmail "bad_email" "AWS refuses this e-mail address.";
    DuplicateEmail "duplicate_email" "Two accounts have the same e-mail address.";
    DuplicateName "duplicate_name" "Two objects have the same name where AWS wants it to be unique.";
    DuplicateId "duplicate_id" "Two blocks claim the same id.";
    OuDepth "ou_depth" "Organizational units are nested deeper than five levels.";
    TooManyOus "too_many_ous" "There are more organizational units than AWS allows.";
    BadTag "bad_tag" "AWS refuses this tag.";
    TooManyTags "too_many_tags" "An object has more tags than AWS allows.";
    ReservedTag "reserved_tag" "A tag key is reserved.";
    ReservedPolicy "reserved_policy" "A policy has a name that belongs to AWS.";
    PolicyContent "policy_content" "A policy has no document, or two.";
    PolicyJson "policy_json" "A policy document is not JSON.";
    PolicySize "policy_size" "A policy document is too large.";
    PolicyStatement "policy_statement" "A statement does not fit the type of its policy.";
    PolicyTypeOff "policy_type_off" "A policy is attached, but its type is not switched on.";
    DuplicateTarget "duplicate_target" "A policy is attached twice to one target.";
    TooManyAttachments "too_many_attachments" "A target has more policies of one type than AWS allows.";
    NoTrustedAccess "no_trusted_access" "Something needs a service to have trusted access, which it does not have.";
    ManagementAccount "management_account" "The management account is used where AWS refuses it.";
    UnknownStackSet "unknown_stack_set" "The spec declares no such stack set.";
    UnknownStack "unknown_stack" "The spec declares no such stack.";
    UnknownPermissionSet "unknown_permission_set" "The spec declares no such permission set.";
    EmptyAssignment "empty_assignment" "An assignment names nobody, or no account.";
    NoTemplate "no_template" "A stack set or stack has no template, or two.";
    Template "template" "CloudFormation would refuse a template.";
    Parameter "parameter" "A parameter does not fit its template.";
    PlainSecret "plain_secret" "The value of a secret parameter stands in the spec.";
    Capabilities "capabilities" "A template needs more than it is allowed to do.";
    ManagedBy "managed_by" "An attribute does not fit the way a stack set is managed.";
    NoDeployment "no_deployment" "A stack set is deployed nowhere.";
    OutsideDeployment "outside_deployment" "A wave or an override names what the stack set is not deployed to.";
    OutsideRegions "outside_regions" "A Region is not one of the landing zone.";
    ManagementSkipped "management_skipped" "A stack set does not reach the management account.";
    Wave "wave" "The waves of a rollout do not make sense.";
    Pace "pace" "A rollout goes at another pace than it seems to.";
    Gate "gate" "A gate has no condition, or two.";
    TooManyStacks "too_many_stacks" "There are more stack sets or stacks than AWS allows.";
    ControlTower "control_tower" "The blocks of Control Tower do not make sense.";
    Control "control" "A control cannot be switched by this name.";
    WrongReference "wrong_reference" "A reference leads to an object of the wrong kind.";
    UnknownTemplate "unknown_template" "The spec declares no such account template.";
    AccountTemplate "account_template" "An account template does not make sense.";
    Request "request" "An account does not keep the rules of its template.";
    Store "store" "The place of a lock or of a history does not make sense.";
    Notify "notify" "A notice does not make sense.";
    LiteralSecret "literal_secret" "A secret is written out in the spec.";
    Moved "moved" "A moved block does not make sense.";
    Removed "removed" "A removed block does not make sense.";
    Bug "bug" "lz itself is wrong.";
    Unused "unused" "Something is declared but not used.";
    Ignored "ignored" "A file looks as if it were meant to be read, but is not.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lz::spec::{}", self.name())
    }
}

/// Returns every code, in the order of the documentation.
#[must_use]
pub const fn error_codes() -> &'static [CodeInfo] {
    ALL
}
