//! The twin itself: one handle to a world, whichever door a call comes through.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::watch;

use crate::clock::{AwsTime, Clock};
use crate::cloudformation;
use crate::fault::{ConnectionLost, Fault, FaultScript};
use crate::machine::{Admitted, Machine};
use crate::settings::{Settings, StackDrift, StackFault};
use crate::usage::Usage;
use crate::wire::{Arrival, Refusal};
use crate::world::{AccountId, OrganizationId, StateError, World};

/// An AWS organization, or several, inside this process. Clones share one world.
#[derive(Clone)]
pub struct Twin {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    clock: Clock,
    machine: Mutex<Machine>,
    /// How many crashes the present fault script has caused.
    crashes: watch::Sender<u64>,
}

/// Frees an organization that a write has made busy, when the call ends without reaching its operation:
/// because a fault refuses it, or because its caller has stopped waiting.
struct Hold<'a> {
    twin: &'a Twin,
    organization: Option<OrganizationId>,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        if let Some(id) = &self.organization {
            self.twin.machine().release(id);
        }
    }
}

impl std::fmt::Debug for Twin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Twin")
            .field("clock", &self.shared.clock)
            .finish_non_exhaustive()
    }
}

impl Twin {
    /// Returns a twin whose only account is the default one, which has no organization.
    #[must_use]
    pub fn new(settings: Settings, faults: FaultScript, clock: Clock) -> Twin {
        let world = World::new(settings.seed);
        Twin::of(world, settings, faults, clock)
    }

    /// Returns the twin that a state describes; its time goes on from where the state stopped.
    ///
    /// # Errors
    /// [`StateError`] when the text is no state, or one that contradicts itself.
    pub fn load(
        state_json: &str,
        settings: Settings,
        faults: FaultScript,
        clock: Clock,
    ) -> Result<Twin, StateError> {
        let (world, stopped) = World::read(state_json, &settings)?;
        Ok(Twin::of(world, settings, faults, clock.resumed(stopped)))
    }

    pub(crate) fn of(mut world: World, settings: Settings, faults: FaultScript, clock: Clock) -> Twin {
        if let Some(id) = AccountId::parse(&settings.default_account) {
            world.meet(&id, clock.start());
        }
        cloudformation::script(&mut world, &settings, &faults.stacks);
        let machine = Machine::new(world, &settings, faults, clock.start());
        let (crashes, _) = watch::channel(0);
        Twin {
            shared: Arc::new(Shared {
                settings,
                clock,
                machine: Mutex::new(machine),
                crashes,
            }),
        }
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        // A panic elsewhere leaves the world as it was before that call began to write or after it ended.
        self.shared.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the state as text: sorted, indented, the same for the same world.
    #[must_use]
    pub fn state_json(&self) -> String {
        let now = self.now();
        let mut machine = self.machine();
        machine.pass_time(now, &self.shared.settings);
        machine.world.write(now)
    }

    /// Writes the state to a file, which is complete at every moment.
    ///
    /// # Errors
    /// When the file or the one beside it can't be written.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        let text = self.state_json();
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".new");
        let fresh = path.with_file_name(name);
        let mut file = std::fs::File::create(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    }

    /// Returns the twin of a state file, or a new one when there is no such file.
    ///
    /// # Errors
    /// [`StateError`] when the file can't be read or is no state.
    pub fn open(
        path: &Path,
        settings: Settings,
        faults: FaultScript,
        clock: Clock,
    ) -> Result<Twin, StateError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Twin::load(&text, settings, faults, clock),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Twin::new(settings, faults, clock))
            }
            Err(error) => Err(StateError::Io(error)),
        }
    }

    /// Answers one call of an AWS API.
    ///
    /// # Errors
    /// [`ConnectionLost`] when the fault script says that there is no answer.
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ConnectionLost> {
        let Shared { settings, clock, .. } = &*self.shared;
        let (arrival, admitted) = self.timed(|machine, now| {
            let arrival = Arrival::read(&request);
            let admitted = machine.admit(&arrival, now, settings);
            (arrival, admitted)
        });
        let Admitted { caller, plan, ticket } = admitted;
        let mut hold = Hold {
            twin: self,
            organization: ticket.organization(),
        };
        if !plan.delay.is_zero() {
            clock.sleep(plan.delay).await;
        }
        let refused = match plan.before {
            None => None,
            Some(Fault::Crash) => return Err(self.crash()),
            Some(Fault::Throttle) => Some(self.machine().throttle(&arrival, settings)),
            Some(Fault::Fail { code, status }) => {
                Some(Refusal::new(code, status, "the fault script refuses this call"))
            }
            Some(Fault::LoseReply | Fault::Delay { .. } | Fault::CrashAfter) => None,
        };
        let response = match refused {
            Some(refusal) => self.timed(|machine, _| machine.respond(&arrival, Err(refusal))),
            None => {
                let took = ticket.takes(&arrival, settings);
                if !took.is_zero() {
                    clock.sleep(took).await;
                }
                hold.organization = None;
                self.timed(|machine, now| {
                    let answer = machine.answer(&arrival, &caller, ticket, now, settings);
                    machine.respond(&arrival, answer)
                })
            }
        };
        match plan.after {
            None => Ok(response),
            Some(ConnectionLost::Crashed) => Err(self.crash()),
            Some(ConnectionLost::Reply) => Err(ConnectionLost::Reply),
        }
    }

    /// Works on the machine, with the present moment, and notes the processor time that it takes.
    fn timed<T>(&self, work: impl FnOnce(&mut Machine, AwsTime) -> T) -> T {
        let began = crate::usage::thread_time();
        let now = self.now();
        let mut machine = self.machine();
        let result = work(&mut machine, now);
        machine.note_cpu(crate::usage::thread_time().saturating_sub(began));
        result
    }

    fn crash(&self) -> ConnectionLost {
        self.shared.crashes.send_modify(|crashes| *crashes += 1);
        ConnectionLost::Crashed
    }

    /// Returns what this handle and its clones have been asked since the twin was made or loaded.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let elapsed = self.now().since(self.shared.clock.start());
        Usage {
            aws_seconds: elapsed.as_secs_f64(),
            ..self.machine().usage.clone()
        }
    }

    /// Returns once the fault script has ended the caller; at once if it already has.
    pub async fn crashed(&self) {
        let mut crashes = self.shared.crashes.subscribe();
        // The sender lives as long as this handle, so waiting can't fail.
        let _ = crashes.wait_for(|crashes| *crashes > 0).await;
    }

    /// Replaces the fault script; calls are counted from 1 again and former crashes are forgotten.
    ///
    /// Faults of stacks are added to those that are known, because they belong to the world and not to its callers;
    /// [`Twin::clear_stack_faults`] takes them away.
    pub fn set_faults(&self, faults: FaultScript) {
        for fault in &faults.stacks {
            self.add_stack_fault(fault);
        }
        self.machine().set_faults(faults);
        self.shared.crashes.send_replace(0);
    }

    /// Makes stacks fail from now on; the state keeps the fault, with how often it has happened.
    pub fn add_stack_fault(&self, fault: &StackFault) {
        self.rewrite(|script| script.add_fault(fault));
    }

    /// Lets every stack succeed from now on.
    pub fn clear_stack_faults(&self) {
        self.rewrite(|script| script.faults.clear());
    }

    /// Changes a resource behind its stack's back, for drift detection to find.
    pub fn add_stack_drift(&self, drift: &StackDrift) {
        self.rewrite(|script| script.add_drift(drift));
    }

    /// Undoes every change behind the back of a stack.
    pub fn clear_stack_drifts(&self) {
        self.rewrite(|script| script.drifts.clear());
    }

    /// Says whether an account has the execution role that self-managed stack sets need; every account has it
    /// unless told otherwise. Text that is no account id changes nothing.
    pub fn set_execution_role(&self, account: &str, exists: bool) {
        let Some(id) = AccountId::parse(account) else {
            return;
        };
        self.rewrite(|script| {
            if exists {
                script.without_role.remove(&id);
            } else {
                script.without_role.insert(id);
            }
        });
    }

    /// Changes what is said to go wrong with stacks. It is part of the world, so its revision rises.
    fn rewrite(&self, change: impl FnOnce(&mut cloudformation::Script)) {
        let mut machine = self.machine();
        change(&mut machine.world.cloudformation.script);
        machine.revision += 1;
    }

    /// Returns the present moment on the twin's clock.
    #[must_use]
    pub fn now(&self) -> AwsTime {
        self.shared.clock.now()
    }

    /// Returns the settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Returns a number that rises whenever the world changes.
    #[must_use]
    pub fn revision(&self) -> u64 {
        let now = self.now();
        let mut machine = self.machine();
        machine.pass_time(now, &self.shared.settings);
        machine.revision
    }
}
