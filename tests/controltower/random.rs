//! Landing zones at random, and edits of them: OUs come, go and are registered or not, accounts move, controls are switched
//! and given other parameters, versions go up. AWS refuses nothing on the way, and then nothing is left to do.

use super::kit::{HEAD, picture, spec, world, zone};
use super::shuffle;
use lz_tests::{World, apply_with, runtime};
use proptest::prelude::*;
use std::fmt::{self, Write as _};

/// The OUs below the root: the address, the parent's place in this list, how it is declared.
const OUS: [(&str, Option<usize>); 5] = [
    ("workloads", None),
    ("workloads.prod", Some(0)),
    ("workloads.prod.eu", Some(1)),
    ("workloads.sdlc", Some(0)),
    ("sandbox", None),
];
const VERSIONS: [&str; 4] = ["3.1", "3.2", "3.3", "4.0"];
/// A policy, a Config rule, a hook, and one with parameters.
const CONTROLS: [&str; 4] = [
    "AWS-GR_RESTRICT_ROOT_USER",
    "AWS-GR_ENCRYPTED_VOLUMES",
    "CT.S3.PR.1",
    "CT.MULTISERVICE.PV.1",
];
const ACCOUNTS: [&str; 3] = ["shop", "blog", "data"];

/// A landing zone in numbers.
#[derive(Clone)]
struct Numbers {
    version: usize,
    enrols: bool,
    /// For each OU: whether it is declared, and whether it is registered.
    ous: Vec<(bool, bool)>,
    /// For each account: its place among what is declared.
    accounts: Vec<usize>,
    /// For each control: where it is wanted, a bit for each OU, and which parameters it has.
    controls: Vec<(u8, bool)>,
}

/// As the spec that it stands for.
impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

fn numbers() -> impl Strategy<Value = Numbers> {
    let ou = (proptest::bool::weighted(0.8), proptest::bool::weighted(0.7));
    let control = (any::<u8>(), any::<bool>());
    (
        0..VERSIONS.len(),
        proptest::bool::weighted(0.7),
        proptest::collection::vec(ou, OUS.len()),
        proptest::collection::vec(any::<usize>(), ACCOUNTS.len()),
        proptest::collection::vec(control, CONTROLS.len()),
    )
        .prop_map(|(version, enrols, ous, accounts, controls)| Numbers {
            version,
            enrols,
            ous,
            accounts,
            controls,
        })
}

/// A landing zone and an edit of it: some parts are thrown anew, the rest stays, and no version goes down.
fn pair() -> impl Strategy<Value = (Numbers, Numbers)> {
    (numbers(), numbers(), any::<u32>()).prop_map(|(first, other, keep)| {
        let mut second = first.clone();
        let mut bit = 0;
        let mut changes = || {
            bit += 1;
            keep & (1 << (bit % 32)) != 0
        };
        second.version = first.version.max(other.version);
        if changes() {
            second.enrols = other.enrols;
        }
        fn some<T: Clone>(of: &mut [T], from: &[T], changes: &mut impl FnMut() -> bool) {
            for (old, new) in of.iter_mut().zip(from).filter(|_| changes()) {
                old.clone_from(new);
            }
        }
        some(&mut second.ous, &other.ous, &mut changes);
        some(&mut second.accounts, &other.accounts, &mut changes);
        some(&mut second.controls, &other.controls, &mut changes);
        (first, second)
    })
}

impl Numbers {
    /// Whether each OU is there: one whose parent is not there is not there either.
    fn declared(&self) -> Vec<bool> {
        self.inherited(|(declared, _)| *declared)
    }

    /// Whether each OU is registered: only where its parent is (R17).
    fn registered(&self) -> Vec<bool> {
        self.inherited(|(declared, registered)| *declared && *registered)
    }

    fn inherited(&self, own: impl Fn(&(bool, bool)) -> bool) -> Vec<bool> {
        let mut all: Vec<bool> = Vec::new();
        for ((_, parent), numbers) in OUS.iter().zip(&self.ous) {
            let above = parent.is_none_or(|parent| all[parent]);
            all.push(above && own(numbers));
        }
        all
    }

    fn text(&self) -> String {
        let mut text = HEAD.replace(
            "policy_types = [\"scp\"]",
            "\n  policy_types = [\"scp\"]\n  exclusive = [\"controls\", \"baselines\"]\n",
        );
        text += "ou \"security\" { name = \"Security\" }\n";
        for (label, place) in [("log", "ou.security"), ("audit", "ou.security")] {
            account(&mut text, label, place);
        }
        let declared = self.declared();
        ou(&mut text, &declared, None);
        let places: Vec<&str> = there(&declared).collect();
        for (label, place) in ACCOUNTS.iter().zip(&self.accounts) {
            match places.get(place % (places.len() + 1)) {
                Some(place) => account(&mut text, label, &format!("ou.{place}")),
                None => account(&mut text, label, "root"),
            }
        }
        text += &zone(VERSIONS[self.version], &format!("auto_enroll = {}", self.enrols));
        let registered = self.registered();
        let _ = writeln!(
            text,
            "baseline \"AWSControlTowerBaseline\" {{ targets = [{}] }}",
            list(there(&registered))
        );
        for (name, (wanted, variant)) in CONTROLS.iter().zip(&self.controls) {
            let wanted: Vec<bool> = registered
                .iter()
                .enumerate()
                .map(|(bit, registered)| *registered && wanted & (1 << bit) != 0)
                .collect();
            if !wanted.contains(&true) {
                continue;
            }
            let parameters = match (*name, variant) {
                ("CT.MULTISERVICE.PV.1", false) => "parameters = { AllowedRegions = [\"us-east-1\"] }",
                ("CT.MULTISERVICE.PV.1", true) => {
                    "parameters = { AllowedRegions = [\"us-east-1\", \"eu-west-1\"] }"
                }
                _ => "",
            };
            let _ = writeln!(
                text,
                "control \"{name}\" {{\n  targets = [{}]\n  {parameters}\n}}",
                list(there(&wanted))
            );
        }
        text
    }
}

fn there(which: &[bool]) -> impl Iterator<Item = &'static str> {
    let all = OUS.iter().zip(which);
    all.filter(|(_, there)| **there).map(|((address, _), _)| *address)
}

fn list<'a>(addresses: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<String> = addresses.map(|address| format!("ou.{address}")).collect();
    all.join(", ")
}

fn account(text: &mut String, label: &str, place: &str) {
    let _ = writeln!(
        text,
        "account \"{label}\" {{\n  name = \"{label}\"\n  email = \"{label}@example.com\"\n  ou = {place}\n}}"
    );
}

/// Writes the OUs in one, each within its parent.
fn ou(text: &mut String, declared: &[bool], parent: Option<usize>) {
    for (index, (address, above)) in OUS.iter().enumerate() {
        if *above == parent && declared[index] {
            let label = address.rsplit('.').next().unwrap();
            let _ = writeln!(text, "ou \"{label}\" {{\n  name = \"{label}\"");
            ou(text, declared, Some(index));
            text.push_str("}\n");
        }
    }
}

async fn brought_to(world: &World, text: &str) {
    let desired = spec(text);
    world.converge(&desired).await;
    world.assert_settled(&desired).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("LZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(8), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_landing_zone_and_any_edit_of_it_settles((first, second) in pair()) {
        runtime().block_on(async {
            let world = world().await;
            for numbers in [&first, &second] {
                brought_to(&world, &numbers.text()).await;
            }
        });
    }

    /// The order that a plan shows is one of many; AWS refuses none of the others, and they end the same.
    #[test]
    fn every_legal_order_of_an_edit_ends_in_the_same_landing_zone((first, second) in pair(), seed in any::<u64>()) {
        runtime().block_on(async {
            let (one, other) = (world().await, world().await);
            for world in [&one, &other] {
                brought_to(world, &first.text()).await;
            }
            let text = second.text();
            brought_to(&one, &text).await;
            let desired = spec(&text);
            let plan = other.plan(&desired).await.unwrap_or_else(|refusal| panic!("{refusal:?}"));
            let shuffled = shuffle::legally(plan, seed);
            let report = apply_with(&shuffle::OneByOne(&other.provider), shuffled.clone()).await;
            assert!(report.is_complete(), "{report:#?}\nof {shuffled:#?}");
            other.assert_settled(&desired).await;
            assert_eq!(picture(&one, &desired).await, picture(&other, &desired).await);
        });
    }
}
