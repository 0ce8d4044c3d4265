//! The twin over HTTP.

use crate::run::{Folder, Served};

#[test]
fn a_served_twin_is_the_same_world_as_an_embedded_one() {
    let folder = Folder::new();
    folder.write(
        "main.hcl",
        "landing_zone \"small\" { management_account = \"444455556666\" }\norganization {}\nou \"one\" { name = \"One\" }\n",
    );
    let served = Served::start(
        &folder,
        "--state world.json --account 444455556666 --time-scale 100",
    );
    folder
        .lz(&format!("apply --auto-approve --target {}", served.url))
        .ok();
    served.end(rustix::process::Signal::TERM);
    folder
        .lz("plan --target twin:world.json --detailed-exitcode")
        .ok();
}

#[test]
fn a_twin_says_what_is_wrong_with_its_files() {
    let folder = Folder::new();
    folder.write("limits.json", r#"{ "no_such_setting": 1 }"#);
    for options in [
        "--limits limits.json",
        "--limits absent.json",
        "--faults limits.json",
        "--account 12",
    ] {
        let refused = folder.lz(&format!("twin serve {options}"));
        refused.code(1);
        assert!(!refused.stderr.is_empty(), "{options}");
    }
}
