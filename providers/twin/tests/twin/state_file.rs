//! The state as a file: complete, readable, checked.

use lz_twin::{AwsTime, Clock, FaultScript, Settings, StateError, Twin};

use crate::kit::*;

/// A world with something of everything in it, and things under way.
fn busy() -> World {
    let world = World::new();
    world.enable(SCP);
    let root = world.root();
    let ou = world.ou(&root, "a");
    let account = world.account("x");
    let into = json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": ou});
    world.ok("MoveAccount", into);
    let policy = world.policy(SCP, "p", ALLOW);
    world.ok("AttachPolicy", json!({"PolicyId": policy, "TargetId": ou}));
    world.ok(
        "TagResource",
        json!({"ResourceId": ou, "Tags": [{"Key": "a", "Value": "b"}]}),
    );
    world.delegate(&account, "sso.amazonaws.com");
    world.ok(
        "InviteAccountToOrganization",
        json!({"Target": {"Id": "444455556666", "Type": "ACCOUNT"}}),
    );
    let closing = world.account("closing");
    world.ok("CloseAccount", json!({"AccountId": closing}));
    world.ask_account("running");
    world
}

fn load(text: &str) -> Result<World, StateError> {
    let clock = Clock::manual(AwsTime::EXAMPLE);
    let Clock::Manual(hands) = clock.clone() else {
        panic!("a manual clock is manual")
    };
    Twin::load(text, Settings::unthrottled(), FaultScript::none(), clock).map(|twin| World { twin, hands })
}

#[test]
fn a_loaded_state_is_the_same_and_goes_on() {
    let world = busy();
    let state = world.twin.state_json();
    let again = load(&state).unwrap();
    assert_eq!(again.twin.state_json(), state);
    assert_eq!(again.twin.now(), world.twin.now());
    for one in [&world, &again] {
        one.wait(60);
        one.ou(&one.root(), "later");
    }
    assert_eq!(
        again.twin.state_json(),
        world.twin.state_json(),
        "timers and ids go on alike"
    );
    assert_eq!(
        crate::tagging::arns(&again, json!({})),
        crate::tagging::arns(&world, json!({}))
    );
}

#[test]
fn a_file_is_written_whole_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twin.json");
    let open = || {
        let clock = Clock::virtual_time(AwsTime::EXAMPLE);
        Twin::open(&path, Settings::unthrottled(), FaultScript::none(), clock)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let _inside = runtime.enter();
    assert!(open().is_ok(), "no file is an empty twin");
    let world = busy();
    world.twin.save(&path).unwrap();
    world.twin.save(&path).unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["twin.json"], "nothing else is left behind");
    assert_eq!(open().unwrap().state_json(), world.twin.state_json());
}

#[test]
fn a_state_that_is_cut_or_contradicts_itself_is_refused() {
    let whole = busy().twin.state_json();
    let mut value: Value = serde_json::from_str(&whole).unwrap();
    let refusal = |text: &str| match load(text) {
        Ok(_) => panic!("must be refused: {text}"),
        Err(error) => error,
    };
    for end in [0, 1, whole.len() / 2, whole.len() - 3] {
        let cut = whole.get(..end).unwrap();
        assert!(matches!(refusal(cut), StateError::Json(_)), "cut at {end}");
    }
    value["format"] = json!(99);
    assert!(refusal(&value.to_string()).to_string().contains("99"));
    value["format"] = json!(1);
    let account = value["accounts"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    let removed = value["accounts"]
        .as_object_mut()
        .unwrap()
        .remove(MANAGEMENT)
        .unwrap();
    let message = refusal(&value.to_string()).to_string();
    assert!(
        message.contains("contradicts itself") && message.contains(MANAGEMENT),
        "{message}"
    );
    value["accounts"][MANAGEMENT] = removed;
    value["accounts"][&account]["colour"] = json!("red");
    assert!(refusal(&value.to_string()).to_string().contains("colour"));
}

#[test]
fn an_ou_that_lies_under_itself_is_refused() {
    let world = World::new();
    let outer = world.ou(&world.root(), "outer");
    let inner = world.ou(&outer, "inner");
    let mut value: Value = serde_json::from_str(&world.twin.state_json()).unwrap();
    for organization in value["organizations"].as_object_mut().unwrap().values_mut() {
        organization["units"][&outer]["parent"] = json!(inner);
    }
    let error = load(&value.to_string()).err().unwrap().to_string();
    assert!(error.contains("lies under itself"), "{error}");
}
