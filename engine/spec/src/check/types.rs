//! Types as `type = list(string)` writes them.

use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Evaluator, Scope};
use crate::read::{Place, hcl::read_expression};
use crate::syntax::{Expr, ExprKind};
use crate::value::{self, Field, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads a type. In YAML it is a text that holds one.
pub(super) fn read_type(evaluator: &Evaluator<'_>, expression: &Expr) -> Result<Type, Vec<SpecDiagnostic>> {
    if let ExprKind::String(text) = &expression.kind {
        let inner = read_expression(&Place::whole(expression.span), text)?;
        return of(evaluator, &inner).map_err(|error| vec![error]);
    }
    of(evaluator, expression).map_err(|error| vec![error])
}

fn bad(expression: &Expr, message: impl Into<String>) -> SpecDiagnostic {
    SpecDiagnostic::new(Code::BadType, expression.span, message).help(
        "types are string, number, bool, any, list(...), set(...), map(...), object({...}), tuple([...]), optional(...)",
    )
}

fn of(evaluator: &Evaluator<'_>, expression: &Expr) -> Result<Type, SpecDiagnostic> {
    if let ExprKind::Variable(name) = &expression.kind {
        return simple(expression, name);
    }
    let ExprKind::Call { name, arguments, .. } = &expression.kind else {
        return Err(bad(expression, "this is not a type"));
    };
    let [argument] = arguments.as_slice() else {
        return Err(bad(expression, format!("`{}` takes one type", name.text)));
    };
    match &*name.text {
        "list" => of(evaluator, argument).map(|of| Type::List(Box::new(of))),
        "set" => of(evaluator, argument).map(|of| Type::Set(Box::new(of))),
        "map" => of(evaluator, argument).map(|of| Type::Map(Box::new(of))),
        "tuple" => {
            let ExprKind::List(items) = &argument.kind else {
                return Err(bad(argument, "`tuple` takes a list of types"));
            };
            items
                .iter()
                .map(|item| of(evaluator, item))
                .collect::<Result<_, _>>()
                .map(Type::Tuple)
        }
        "object" => object(evaluator, argument),
        "optional" => Err(bad(expression, "`optional` stands inside `object({...})` only")),
        other => Err(bad(expression, format!("`{other}` is not a type"))),
    }
}

fn simple(expression: &Expr, name: &str) -> Result<Type, SpecDiagnostic> {
    match name {
        "string" => Ok(Type::String),
        "number" => Ok(Type::Number),
        "bool" => Ok(Type::Bool),
        "any" => Ok(Type::Any),
        "list" => Ok(Type::List(Box::new(Type::Any))),
        "map" => Ok(Type::Map(Box::new(Type::Any))),
        "set" | "object" | "tuple" => Err(bad(
            expression,
            format!("`{name}` needs the type of its elements"),
        )),
        other => Err(bad(expression, format!("`{other}` is not a type"))),
    }
}

fn object(evaluator: &Evaluator<'_>, argument: &Expr) -> Result<Type, SpecDiagnostic> {
    let ExprKind::Object(items) = &argument.kind else {
        return Err(bad(argument, "`object` takes names and types in braces"));
    };
    let mut fields = BTreeMap::new();
    for (name, ty) in items {
        let Some(name) = name.literal() else {
            return Err(bad(name, "the name of an attribute is a word"));
        };
        fields.insert(Arc::from(name), field(evaluator, ty)?);
    }
    Ok(Type::Object(fields))
}

fn field(evaluator: &Evaluator<'_>, expression: &Expr) -> Result<Field, SpecDiagnostic> {
    let ExprKind::Call { name, arguments, .. } = &expression.kind else {
        return of(evaluator, expression).map(Field::required);
    };
    if &*name.text != "optional" {
        return of(evaluator, expression).map(Field::required);
    }
    let (ty, default) = match arguments.as_slice() {
        [ty] => (of(evaluator, ty)?, None),
        [ty, default] => (of(evaluator, ty)?, Some(default)),
        _ => return Err(bad(expression, "`optional` takes a type and maybe a default")),
    };
    let default = default
        .map(|default| constant(evaluator, default, &ty))
        .transpose()?;
    Ok(Field {
        ty,
        optional: true,
        default,
    })
}

fn constant(evaluator: &Evaluator<'_>, expression: &Expr, ty: &Type) -> Result<Value, SpecDiagnostic> {
    let value = evaluator.value(expression, &Scope::EMPTY).map_err(|failure| {
        failure
            .0
            .into_iter()
            .next()
            .unwrap_or_else(|| bad(expression, "this default has no value"))
    })?;
    value::convert(&value, ty)
        .map_err(|mismatch| SpecDiagnostic::new(Code::VariableValue, expression.span, mismatch.to_string()))
}
