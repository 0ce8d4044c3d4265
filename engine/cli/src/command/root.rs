//! `lz root`: what members' root users can sign in with, and taking it away.

use crate::answer::Answer;
use crate::args::{Records, Root, RootAudit as AuditArgs, RootCommand, RootRemove as RemoveArgs};
use crate::consent::{self, World};
use crate::context::Context;
use crate::exit::Exit;
use crate::next::{self, Repeat};
use crate::problem::{Failure, Problem};
use crate::render::root::question;
use crate::root::{RootAudit, RootRemoval};
use crate::session::Session;
use crate::{spec, term};
use lz_model::address::Address;
use lz_model::id::AccountId;
use lz_provider::Member;
use std::path::Path;

/// Runs one of the two.
///
/// # Errors
/// Whatever keeps it from succeeding.
pub(super) fn run(context: &Context<'_>, args: &Root) -> Result<Exit, Failure> {
    match &args.command {
        RootCommand::Audit(args) => audit(context, args),
        RootCommand::Remove(args) => remove(context, args),
    }
}

fn audit(context: &Context<'_>, args: &AuditArgs) -> Result<Exit, Failure> {
    let target = context.global.target();
    let session = Session::open(context, &target, &args.dir, None, Records::default())?;
    let audit = RootAudit::of(session.audit_root_users()?);
    context.answer(&Answer::RootAudit(&audit))?;
    Ok(if !audit.unknown.is_empty() {
        Exit::AwsRefused
    } else if args.detailed_exitcode && !audit.with_credentials.is_empty() {
        Exit::Changes
    } else {
        Exit::Done
    })
}

fn remove(context: &Context<'_>, args: &RemoveArgs) -> Result<Exit, Failure> {
    let wanted = wanted(context, args)?;
    let target = context.global.target();
    let session = Session::open(context, &target, &args.dir, None, Records::default())?;
    let member = find(&session, &wanted, &args.account)?;
    let held = session.root_credentials(&member.id)?;
    let mut removal = RootRemoval::of(&member, &held);
    if !held.is_empty() {
        agree(context, &session, args, &removal)?;
        session.remove_root_credentials(&member.id, &held)?;
        removal.removed = true;
    }
    context.answer(&Answer::RootRemoval(&removal))?;
    Ok(Exit::Done)
}

/// What the command line names.
enum Wanted {
    Id(AccountId),
    Email(String),
}

/// An account of the spec is known by its e-mail address, its natural key.
fn wanted(context: &Context<'_>, args: &RemoveArgs) -> Result<Wanted, Failure> {
    if let Ok(id) = args.account.parse::<AccountId>() {
        return Ok(Wanted::Id(id));
    }
    let Ok(Address::Account(name)) = args.account.parse::<Address>() else {
        let message = format!(
            "`{}` is neither an account id nor an account's address",
            args.account
        );
        return Err(failure(
            &message,
            "write 12 digits, or an address such as `account.audit`",
        ));
    };
    let desired = spec::load(context, &args.dir)?;
    let Some(account) = desired.accounts.get(&name) else {
        let message = format!("the spec declares no `{}`", args.account);
        return Err(failure(&message, "write the account's id instead"));
    };
    Ok(match &account.id {
        Some(id) => Wanted::Id(id.clone()),
        None => Wanted::Email(account.email.as_str().to_lowercase()),
    })
}

fn find(session: &Session<'_>, wanted: &Wanted, written: &str) -> Result<Member, Failure> {
    let is_it = |member: &Member| match wanted {
        Wanted::Id(id) => member.id == *id,
        Wanted::Email(email) => member.email.as_str().to_lowercase() == *email,
    };
    session.members()?.into_iter().find(is_it).ok_or_else(|| {
        failure(
            &format!("`{written}` is no active member account of the organization"),
            "the management account's root user, and those of closed accounts, are not managed centrally",
        )
    })
}

/// Shows what will go and asks, unless it is the twin or the command line says so.
fn agree(
    context: &Context<'_>,
    session: &Session<'_>,
    args: &RemoveArgs,
    removal: &RootRemoval,
) -> Result<(), Failure> {
    if session.world() == World::Twin || args.auto_approve {
        return Ok(());
    }
    context.answer(&Answer::RootRemoval(removal))?;
    let refusal = match session.ask(question(removal))? {
        term::Answer::Yes => return Ok(()),
        term::Answer::No => consent::declined(),
        term::Answer::Nobody => {
            let path = Path::new(&args.account);
            consent::nobody(&next::command(
                context.global,
                "root remove",
                path,
                Repeat::Always,
            ))
        }
    };
    Err(Failure::of(Exit::ConsentMissing, refusal))
}

fn failure(message: &str, help: &str) -> Failure {
    Failure::of(Exit::Error, Problem::new("lz::cli::root", message).help(help))
}
