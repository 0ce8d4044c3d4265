//! What lies behind the lock of a twin: the world, its buckets, its past, its faults.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::bucket::Buckets;
use crate::clock::AwsTime;
use crate::fault::{FaultScript, Plan};
use crate::organizations::Code;
use crate::past::Past;
use crate::settings::Settings;
use crate::usage::Usage;
use crate::wire::{Answer, Arrival, Call, Change, Operation, Protocol, Refusal, Run, Seen, Service};
use crate::world::{AccountId, OrganizationId, Session, World, mix};
use crate::{account, cloudformation, cloudwatch, neighbour, organizations, reply, s3, sts, tagging};

/// Who calls.
pub(crate) struct Caller {
    account: AccountId,
    session: Option<Session>,
    /// Why its credentials are refused, if they are.
    refused: Option<Refusal>,
}

/// What the outside of the lock must do about a call.
pub(crate) struct Admitted {
    pub(crate) caller: Caller,
    pub(crate) plan: Plan,
    pub(crate) ticket: Ticket,
}

/// Whether a call may go on to its operation.
pub(crate) enum Ticket {
    /// It may.
    Go,
    /// It may, and its organization is busy with it until it is answered.
    Write(OrganizationId),
    /// It may not.
    No(Refusal),
}

impl Ticket {
    /// Returns how long the operation takes.
    pub(crate) fn takes(&self, arrival: &Arrival, settings: &Settings) -> Duration {
        let writes = arrival
            .operation
            .as_ref()
            .is_ok_and(|(operation, _)| operation.run.is_write());
        match self {
            Ticket::No(_) => Duration::ZERO,
            Ticket::Write(_) => settings.write_seconds.duration(),
            Ticket::Go if writes => settings.write_seconds.duration(),
            Ticket::Go => settings.read_seconds.duration(),
        }
    }

    /// Returns the organization that is busy with the call.
    pub(crate) fn organization(&self) -> Option<OrganizationId> {
        match self {
            Ticket::Write(id) => Some(id.clone()),
            Ticket::Go | Ticket::No(_) => None,
        }
    }
}

/// Everything of a twin that changes.
pub(crate) struct Machine {
    pub(crate) world: World,
    pub(crate) usage: Usage,
    /// Rises whenever the world changes.
    pub(crate) revision: u64,
    buckets: Buckets,
    past: Past,
    faults: FaultScript,
    /// Calls since the fault script was set: all of them, and by operation.
    calls: u64,
    calls_of: BTreeMap<String, u64>,
    /// Calls since the beginning, for request ids.
    answered: u64,
    /// Organizations that a write is running in, or was a moment ago, and until when it can conflict.
    busy: BTreeMap<OrganizationId, AwsTime>,
}

/// A write that runs can conflict until it ends, whenever that is.
const RUNNING: AwsTime = AwsTime::from_millis(u64::MAX);

impl Machine {
    pub(crate) fn new(world: World, settings: &Settings, faults: FaultScript, now: AwsTime) -> Machine {
        let past = Past::new(&world, settings, now);
        Machine {
            world,
            usage: Usage::default(),
            revision: 0,
            buckets: Buckets::default(),
            past,
            faults,
            calls: 0,
            calls_of: BTreeMap::new(),
            answered: 0,
            busy: BTreeMap::new(),
        }
    }

    /// Lets everything happen that is due.
    pub(crate) fn pass_time(&mut self, now: AwsTime, settings: &Settings) {
        if self.world.pass_time(now, settings) {
            self.changed(now, settings);
        }
    }

    fn changed(&mut self, now: AwsTime, settings: &Settings) {
        self.revision += 1;
        self.past.remember(&self.world, settings, now);
    }

    pub(crate) fn note_cpu(&mut self, spent: Duration) {
        self.usage.cpu_seconds += spent.as_secs_f64();
    }

    pub(crate) fn set_faults(&mut self, faults: FaultScript) {
        self.faults = faults;
        self.calls = 0;
        self.calls_of.clear();
    }

    /// Counts a call, finds its caller, takes its tokens.
    pub(crate) fn admit(&mut self, arrival: &Arrival, now: AwsTime, settings: &Settings) -> Admitted {
        self.pass_time(now, settings);
        let plan = self.count(arrival);
        let caller = self.caller(arrival, now, settings);
        let ticket = match (&arrival.operation, &caller.refused) {
            (Err(_), _) => Ticket::Go,
            (Ok(_), Some(refusal)) => Ticket::No(refusal.clone()),
            (Ok((operation, _)), None) => self.ticket(operation, &caller, arrival, now, settings),
        };
        Admitted { caller, plan, ticket }
    }

    fn count(&mut self, arrival: &Arrival) -> Plan {
        *self.usage.calls.entry(arrival.name.clone()).or_default() += 1;
        self.calls += 1;
        if self.faults.rules.is_empty() {
            return Plan::of(None);
        }
        let nth = self.calls_of.entry(arrival.name.clone()).or_default();
        *nth += 1;
        Plan::of(self.faults.fault_of(self.calls, &arrival.name, *nth))
    }

    /// Finds out who calls: a 12-digit key is an account, a key from AssumeRole its session, any other the default.
    fn caller(&mut self, arrival: &Arrival, now: AwsTime, settings: &Settings) -> Caller {
        let key = arrival.access_key.as_deref().unwrap_or_default();
        if let Some(session) = self.world.sessions.get(key).cloned() {
            let expired = session.expires_at <= now;
            let refused =
                expired.then(|| Refusal::new("ExpiredTokenException", 403, "the security token has expired"));
            return Caller {
                account: session.account.clone(),
                session: Some(session),
                refused,
            };
        }
        let named = AccountId::parse(key).or_else(|| AccountId::parse(&settings.default_account));
        // Settings are checked, so the default account is an account id; a fresh one stands in otherwise.
        let account = named.unwrap_or_else(|| self.world.fresh_account_id());
        if !self.world.accounts.contains_key(&account) {
            self.world.meet(&account, now);
            self.changed(now, settings);
        }
        Caller {
            account,
            session: None,
            refused: None,
        }
    }

    fn ticket(
        &mut self,
        operation: &'static Operation,
        caller: &Caller,
        arrival: &Arrival,
        now: AwsTime,
        settings: &Settings,
    ) -> Ticket {
        let organization = self
            .world
            .organization_of(&caller.account)
            .map(|org| org.id.clone());
        if settings.throttling {
            let rate = settings
                .rates
                .get(operation.full_name)
                .copied()
                .or(operation.rate);
            let name = if settings.strict_buckets {
                operation.row
            } else {
                operation.full_name
            };
            let enough = rate.is_none_or(|rate| {
                self.buckets
                    .take(name, &rate, &caller.account, organization.as_ref(), now)
            });
            if !enough {
                return Ticket::No(self.throttle(arrival, settings));
            }
        }
        let guards = !(settings.write_seconds.is_zero() && settings.conflict_seconds.is_zero());
        match organization {
            Some(id) if guards && operation.service == Service::Organizations && operation.run.is_write() => {
                if self.busy.get(&id).is_some_and(|until| now < *until) {
                    return Ticket::No(refuse_conflict());
                }
                self.busy.insert(id.clone(), RUNNING);
                Ticket::Write(id)
            }
            Some(_) | None => Ticket::Go,
        }
    }

    /// Ends a write that has changed nothing: it conflicts with no other.
    pub(crate) fn release(&mut self, organization: &OrganizationId) {
        self.busy.remove(organization);
    }

    /// Returns the refusal of a call as too many, and counts it.
    pub(crate) fn throttle(&mut self, arrival: &Arrival, settings: &Settings) -> Refusal {
        self.usage.throttled += 1;
        let message = "Rate exceeded";
        match arrival.operation.as_ref().map(|(operation, _)| operation.service) {
            Ok(Service::Account) => account::throttled(message),
            Ok(Service::Tagging) => tagging::throttled(message),
            Ok(Service::Sts) => sts::throttled(message),
            Ok(Service::CloudFormation) => cloudformation::throttled(message),
            Ok(Service::S3) => s3::throttled(message),
            Ok(Service::CloudWatch) => cloudwatch::throttled(message),
            Ok(Service::Neighbour(service)) => neighbour::throttled(service, message),
            Ok(Service::Organizations) | Err(_) => Code::TooManyRequests
                .because(message)
                .with("Type", settings.throttle_type.as_str()),
        }
    }

    /// Runs the operation of a call.
    pub(crate) fn answer(
        &mut self,
        arrival: &Arrival,
        caller: &Caller,
        ticket: Ticket,
        now: AwsTime,
        settings: &Settings,
    ) -> Answer {
        let (operation, input) = match &arrival.operation {
            Ok((operation, input)) => (*operation, input),
            Err(refusal) => return Err(refusal.clone()),
        };
        let writing = match ticket {
            Ticket::No(refusal) => return Err(refusal),
            Ticket::Write(id) => Some(id),
            Ticket::Go => None,
        };
        self.pass_time(now, settings);
        let (caller, session) = (&caller.account, caller.session.as_ref());
        let region = &arrival.region;
        let call = Call {
            operation: operation.name,
            caller,
            session,
            region,
            input,
            now,
            settings,
        };
        let answer = self.run(operation, &call);
        if let Some(id) = writing {
            self.busy
                .insert(id, now.after(settings.conflict_seconds.duration()));
        }
        answer
    }

    fn run(&mut self, operation: &Operation, call: &Call<'_>) -> Answer {
        let (now, settings) = (call.now, call.settings);
        let answer = match operation.run {
            Run::Read(read) => return read(self.seen_by(operation, now, settings), call),
            Run::OrgRead(access, read) => {
                let world = self.seen_by(operation, now, settings);
                let org = organizations::admit(world, call.caller, access, call.operation)?;
                return read(&Seen { world, org, call });
            }
            Run::Write(write) => write(&mut self.world, call),
            Run::OrgWrite(access, write) => {
                let id = organizations::admit(&self.world, call.caller, access, call.operation)?
                    .id
                    .clone();
                let Some(mut org) = self.world.organizations.remove(&id) else {
                    return Err(Refusal::new("ServiceException", 500, "the organization is gone"));
                };
                let answer = write(&mut Change {
                    world: &mut self.world,
                    org: &mut org,
                    call,
                });
                self.world.organizations.insert(id, org);
                answer
            }
        };
        if answer.is_ok() {
            neighbour::notice(&mut self.world, call);
            self.world.pass_time(now, settings);
            self.changed(now, settings);
        }
        answer
    }

    /// Returns the world as a reader sees it: perhaps a little old for Organizations and its tags, and for the lists
    /// of CloudFormation that AWS says are eventually consistent (aws-facts 1.1 and 3.2).
    fn seen_by(&self, operation: &Operation, now: AwsTime, settings: &Settings) -> &World {
        let lags = match operation.service {
            Service::Organizations | Service::Tagging => true,
            Service::CloudFormation => cloudformation::is_eventual(operation.name),
            Service::Account | Service::Sts | Service::S3 | Service::CloudWatch | Service::Neighbour(_) => {
                false
            }
        };
        let draw = mix(settings.seed ^ self.answered);
        let past = lags.then(|| self.past.seen(now, settings, draw)).flatten();
        past.unwrap_or(&self.world)
    }

    /// Writes an answer in the protocol of its call.
    pub(crate) fn respond(&mut self, arrival: &Arrival, answer: Answer) -> Response<Bytes> {
        self.answered += 1;
        let id = reply::request_id(self.answered);
        match arrival.protocol {
            Protocol::Json => reply::json(answer, &id),
            Protocol::RestJson => reply::rest_json(answer, &id, neighbour::message_member(arrival)),
            Protocol::Query(namespace) => reply::query(answer, &id, namespace, arrival.operation_name()),
            Protocol::Ec2(namespace) => reply::ec2(answer, &id, namespace, arrival.operation_name()),
            Protocol::Cbor => reply::cbor(answer, &id),
            Protocol::RestXml { bodiless } => reply::rest_xml(answer, &id, bodiless),
        }
    }
}

/// Two writes at once in one organization (aws-facts 1.4, contention).
fn refuse_conflict() -> Refusal {
    Code::ConcurrentModification.because(
        "AWS Organizations can't complete your request because it conflicts with another attempt to modify the same \
         entity. Try again later.",
    )
}
