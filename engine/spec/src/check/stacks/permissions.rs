//! Who manages a stack set: CloudFormation itself, or roles that the organization keeps.

use super::common::Context;
use crate::check::accounts::role_name;
use crate::check::attributes::{Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::value::{Thing, Value};
use lz_model::desired::{AutoDeployment, DesiredAdministrator, DesiredDeployment, Permissions, StackTarget};

/// The role that AWS makes in a new account where no other name is given (aws-facts section 1.2).
const DEFAULT_ROLE: &str = "OrganizationAccountAccessRole";

/// Returns whether CloudFormation manages the set itself.
pub(super) fn is_service_managed(reader: &Reader<'_, '_>) -> bool {
    reader.choice("managed_by").is_none_or(|by| &*by.value != "self")
}

/// Reads everything that belongs to one way of managing a set, and refuses what belongs to the other.
pub(super) fn permissions(
    reader: &Reader<'_, '_>,
    service: bool,
    deploy: &[DesiredDeployment],
) -> Permissions {
    let foreign: &[&str] = if service {
        &["administration_role", "execution_role"]
    } else {
        &["administrator", "administrator_role", "auto_deployment"]
    };
    for name in foreign {
        if let Some(attribute) = reader.attribute(name).filter(|_| reader.is_given(name)) {
            let (is, wanted) = if service {
                ("service", "self")
            } else {
                ("self", "service")
            };
            let message = format!("`{name}` has no meaning with `managed_by = \"{is}\"`");
            reader.error(
                SpecDiagnostic::new(Code::ManagedBy, attribute.name.span, message)
                    .help(format!("take it out, or set `managed_by = \"{wanted}\"`")),
            );
        }
    }
    if service {
        return Permissions::Service {
            auto_deployment: auto_deployment(reader, deploy),
        };
    }
    Permissions::OwnRoles {
        administration_role: reader.text("administration_role").map(|role| role.value),
        execution_role: reader
            .known("execution_role")
            .map(|written| role_name(reader, &written)),
    }
}

/// Automatic deployment gives stacks to every account that comes to an OU, whatever accounts are named (aws-facts
/// section 3.3), so it is on by itself only where whole OUs are named.
fn auto_deployment(reader: &Reader<'_, '_>, deploy: &[DesiredDeployment]) -> Option<AutoDeployment> {
    let whole = deploy
        .iter()
        .flat_map(|deploy| &deploy.targets)
        .all(|target| matches!(target, StackTarget::Root | StackTarget::Ou(_)));
    let retain_stacks = reader.bool("retain_stacks").unwrap_or(false);
    let Some(Placed { value, span }) = reader.value("auto_deployment") else {
        return whole.then_some(AutoDeployment { retain_stacks });
    };
    let wanted = match value.as_bool() {
        Some(false) => return None,
        Some(true) => AutoDeployment { retain_stacks },
        None => retained(reader, &value, span, retain_stacks)?,
    };
    if !whole {
        let message = "automatic deployment reaches every account that comes to the OU, not only those named";
        reader.error(
            SpecDiagnostic::new(Code::ManagedBy, span, message)
                .help("name OUs in `deploy`, or leave `auto_deployment` out"),
        );
    }
    Some(wanted)
}

fn retained(
    reader: &Reader<'_, '_>,
    value: &Value,
    span: crate::source::Span,
    default: bool,
) -> Option<AutoDeployment> {
    let fields = value.fields();
    let retain = fields.and_then(|fields| fields.get("retain_stacks"));
    let known = fields.is_some_and(|fields| fields.keys().all(|name| &**name == "retain_stacks"));
    match retain.map(Value::as_bool) {
        None if known => Some(AutoDeployment {
            retain_stacks: default,
        }),
        Some(Some(retain_stacks)) if known => Some(AutoDeployment { retain_stacks }),
        Some(_) | None => {
            let message = "`auto_deployment` is `true`, `false` or an object";
            reader.error(
                SpecDiagnostic::new(Code::Type, span, message)
                    .help("write `auto_deployment = { retain_stacks = true }`"),
            );
            None
        }
    }
}

/// Reads the delegated administrator. The management account needs no delegation (aws-facts section 6).
pub(super) fn administrator(
    context: &Context<'_, '_>,
    reader: &Reader<'_, '_>,
    service: bool,
) -> Option<DesiredAdministrator> {
    if !service {
        return None;
    }
    let written = reader
        .known("administrator_role")
        .map(|written| role_name(reader, &written));
    let Some(found) = reader.reference("administrator") else {
        if let Some(attribute) = reader
            .attribute("administrator_role")
            .filter(|_| written.is_some())
        {
            let message = "`administrator_role` has no meaning without `administrator`";
            reader.error(
                SpecDiagnostic::new(Code::ManagedBy, attribute.name.span, message)
                    .help("add `administrator = account.<label>`"),
            );
        }
        return None;
    };
    let Thing::Account(account) = &*found.value else {
        return None;
    };
    let declared = context.accounts.get(account);
    if declared.is_some_and(|declared| context.is_management(declared)) {
        let message = "the management account cannot be a delegated administrator";
        reader.error(
            SpecDiagnostic::new(Code::ManagementAccount, found.span, message)
                .help("leave `administrator` out: then the management account administers the set"),
        );
    }
    let made = declared.and_then(|declared| declared.role_name.clone());
    Some(DesiredAdministrator {
        account: account.clone(),
        role: written.or(made).unwrap_or_else(|| DEFAULT_ROLE.to_owned()),
    })
}
