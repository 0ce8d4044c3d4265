//! Every landing zone under `examples/` comes up on the twin until nothing is left to do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use lz_tests::{World, example, runtime};
use lz_twin::{FaultScript, Settings};
use std::path::Path;

fn comes_up(name: &str) -> World {
    let desired = example(name);
    runtime().block_on(async {
        let settings = Settings {
            accounts: 1_000,
            ..Settings::default()
        };
        let world = World::new(settings, FaultScript::none()).await;
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        world
    })
}

#[test]
fn the_start_up_comes_up_and_settles() {
    comes_up("startup");
}

#[test]
fn the_media_group_comes_up_and_settles() {
    comes_up("media-group");
}

#[test]
fn security_in_one_place_comes_up_and_settles() {
    let world = comes_up("security-visibility");
    let desired = example("security-visibility");
    runtime().block_on(async {
        let world = World::over(world.twin).await;
        let live = world.read(&desired).await.unwrap().organization.unwrap();
        for service in ["guardduty.amazonaws.com", "securityhub.amazonaws.com"] {
            let told = live.administrators.get(&service.parse().unwrap()).unwrap();
            assert_eq!(told.len(), 8, "{service} in every Region");
        }
    });
}

#[test]
fn control_tower_comes_up_and_people_get_in_with_the_next_plan() {
    let desired = example("control-tower");
    runtime().block_on(async {
        let world = World::new(Settings::default(), FaultScript::none()).await;
        world.converge(&desired).await;
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(plan.steps.len(), 4, "{:#?}", plan.steps);
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
        let live = world.read(&desired).await.unwrap().organization.unwrap();
        // Auditors in the eleven accounts of the four OUs, the platform team in four of them.
        assert_eq!(live.identity.unwrap().assignments.len(), 11 + 4);
    });
}

/// Cuts HCL text into its top-level blocks with the comments above them.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    let mut depth = 0_i32;
    for line in text.lines() {
        if depth == 0 && line.is_empty() {
            blocks.push(String::new());
            continue;
        }
        let block = blocks.last_mut().unwrap();
        block.push_str(line);
        block.push('\n');
        for c in line.chars() {
            depth += i32::from("{[(".contains(c)) - i32::from("}])".contains(c));
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// Files outside of a spec's directory may be read within its repository.
fn share_baselines(repository: &Path) {
    std::fs::create_dir(repository.join(".git")).unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/baselines");
    for baseline in std::fs::read_dir(examples).unwrap() {
        let baseline = baseline.unwrap();
        let template = baseline.path().join("template.yaml");
        if template.is_file() {
            let folder = repository.join("baselines").join(baseline.file_name());
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::copy(template, folder.join("template.yaml")).unwrap();
        }
    }
}

/// The order of blocks and the names of files mean nothing.
#[test]
fn the_order_of_a_spec_does_not_matter() {
    for name in ["startup", "media-group", "security-visibility", "control-tower"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../examples")
            .join(name);
        let repository = tempfile::tempdir().unwrap();
        let copy = repository.path().join(name);
        std::fs::create_dir(&copy).unwrap();
        share_baselines(repository.path());
        let mut all = Vec::new();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if file.ends_with(".hcl") {
                all.extend(blocks(&std::fs::read_to_string(&path).unwrap()));
            } else if path.is_file() {
                std::fs::copy(&path, copy.join(file)).unwrap();
            } else if !file.starts_with('.') {
                std::fs::create_dir(copy.join(&file)).unwrap();
                for inner in std::fs::read_dir(&path).unwrap() {
                    let inner = inner.unwrap();
                    std::fs::copy(inner.path(), copy.join(&file).join(inner.file_name())).unwrap();
                }
            }
        }
        all.reverse();
        assert!(all.len() > 8, "{name} is too small to show anything");
        let (front, back) = all.split_at(all.len() / 3);
        std::fs::write(copy.join("a.hcl"), back.join("\n")).unwrap();
        std::fs::write(copy.join("b.hcl"), front.join("\n")).unwrap();
        let shuffled = lz_spec::load_dir(&copy, &lz_spec::Inputs::default());
        let shuffled = shuffled.unwrap_or_else(|errors| panic!("{errors:?}")).desired;
        assert_eq!(shuffled.without_origins(), example(name).without_origins());
    }
}
