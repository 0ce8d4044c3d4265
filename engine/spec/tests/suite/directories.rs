//! Specs in directories: which files are read, where variables come from, what data files may be read.

use crate::support::{codes, rendered};
use lz_model::address::{Address, Name};
use lz_spec::{Inputs, Loaded, SpecErrors, load_dir};
use std::path::Path;

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn load(files: &[(&str, &str)], inputs: &Inputs) -> Result<Loaded, SpecErrors> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    load_dir(folder.path(), inputs)
}

const ZONE: (&str, &str) = ("zone.hcl", "landing_zone \"z\" {}\n");

#[test]
fn all_files_of_a_directory_are_one_spec() {
    let loaded = load(
        &[
            ZONE,
            ("ous.lz.yaml", "ou:\n  workloads: { name: Workloads }\n"),
            (
                "accounts/shop.yaml",
                "name: Shop\nemail: shop@example.com\nou: ${ou.workloads}\n",
            ),
            ("accounts/blog-1.yaml", "email: ${local.mail}\n"),
            ("locals.hcl", "locals { mail = \"blog@example.com\" }\n"),
            // None of these is read.
            ("data.yaml", "a: [\n"),
            (".hidden.hcl", "ou \"x\" {}\n"),
            ("sub/more.hcl", "ou \"y\" {}\n"),
            ("accounts/README.md", "text"),
            ("notes.txt", "text"),
        ],
        &Inputs::default(),
    )
    .unwrap();
    let names: Vec<String> = loaded.desired.accounts.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["blog-1", "shop"]);
    assert_eq!(loaded.desired.ous.len(), 1);
    assert_eq!(loaded.desired.accounts[&Name::new("blog-1")].name, "blog-1");
    let origin = loaded
        .desired
        .origin(&Address::Account(Name::new("shop")))
        .unwrap();
    assert_eq!(origin.to_string(), "accounts/shop.yaml:1");
    assert!(loaded.warnings.is_empty());
}

#[test]
fn requests_in_folders_below_accounts_are_not_read_and_that_is_said() {
    let loaded = load(
        &[
            ZONE,
            ("accounts/a.yaml", "email: a@example.com\n"),
            ("accounts/sub/z.yaml", "email: z@example.com\n"),
            ("accounts/sub/deep/y.yml", "email: y@example.com\n"),
            ("accounts/sub/README.md", "text"),
            ("accounts/.git/x.yaml", "email: x@example.com\n"),
        ],
        &Inputs::default(),
    )
    .unwrap();
    assert_eq!(loaded.desired.accounts.len(), 1);
    let told: Vec<(&str, &str)> = loaded
        .warnings
        .iter()
        .map(|warning| (warning.code().name(), warning.message()))
        .collect();
    assert_eq!(
        told,
        [
            ("ignored", "`accounts/sub/deep/y.yml` is not read"),
            ("ignored", "`accounts/sub/z.yaml` is not read"),
        ]
    );
}

#[test]
fn a_request_and_a_block_with_one_label_are_a_conflict() {
    let errors = load(
        &[
            ZONE,
            ("a.hcl", "account \"shop\" { email = \"a@example.com\" }\n"),
            ("accounts/shop.yaml", "email: b@example.com\n"),
        ],
        &Inputs::default(),
    )
    .unwrap_err();
    assert_eq!(codes(&errors), ["duplicate_label"], "{}", rendered(&errors));
}

#[test]
fn the_name_of_a_request_must_be_a_label() {
    let errors = load(
        &[ZONE, ("accounts/1 shop.yaml", "email: b@example.com\n")],
        &Inputs::default(),
    )
    .unwrap_err();
    assert_eq!(codes(&errors), ["bad_label"], "{}", rendered(&errors));
}

#[test]
fn values_of_variables_come_from_the_strongest_source() {
    let spec = "variable \"v\" { default = \"default\" }\nou \"x\" { name = var.v }\n";
    let name = |files: &[(&str, &str)], inputs: &Inputs| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[ZONE, ("main.hcl", spec)]);
        write(folder.path(), files);
        let mut inputs = inputs.clone();
        for file in &mut inputs.var_files {
            *file = folder.path().join(&*file);
        }
        let loaded =
            load_dir(folder.path(), &inputs).unwrap_or_else(|errors| panic!("{}", rendered(&errors)));
        loaded.desired.ous.into_values().next().unwrap().name
    };
    let pair = |value: &str| vec![("v".to_owned(), value.to_owned())];
    let main = ("lz.lzvars", "v = \"main\"\n");
    let auto = [("a.auto.lzvars", "v = \"a\"\n"), ("b.auto.lzvars", "v = \"b\"\n")];
    let other = ("other.lzvars", "v = \"other\"\n");
    let env = Inputs {
        env: pair("env"),
        ..Inputs::default()
    };
    let file = Inputs {
        var_files: vec!["other.lzvars".into()],
        ..env.clone()
    };
    let var = Inputs {
        vars: [pair("first"), pair("last")].concat(),
        ..file.clone()
    };
    assert_eq!(name(&[other], &Inputs::default()), "default");
    assert_eq!(name(&[other], &env), "env");
    assert_eq!(name(&[main, other], &env), "main");
    assert_eq!(name(&[main, auto[1], auto[0]], &env), "b");
    assert_eq!(name(&[main, auto[0], other], &file), "other");
    assert_eq!(name(&[main, auto[0], other], &var), "last");
}

#[test]
fn values_from_outside_take_the_type_of_their_variable() {
    let spec = r#"
variable "list" { type = list(string) }
variable "object" {
  type = object({ name = string, size = optional(number, 3) })
}
variable "number" { type = number }
variable "text" { type = string }
ou "x" {
  name = "${join("+", var.list)} ${var.object.name} ${var.object.size + var.number} ${var.text}"
}
"#;
    let given = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let inputs = Inputs {
        vars: vec![
            given("list", "[\"a\", \"b\"]"),
            given("object", "{ name = \"o\" }"),
            given("number", "4"),
        ],
        env: vec![given("text", "[not a list]"), given("elsewhere", "1")],
        ..Inputs::default()
    };
    let loaded =
        load(&[ZONE, ("main.hcl", spec)], &inputs).unwrap_or_else(|errors| panic!("{}", rendered(&errors)));
    assert_eq!(
        loaded.desired.ous.into_values().next().unwrap().name,
        "a+b o 7 [not a list]"
    );

    let wrong = [
        ("list", "a, b"),
        ("list", "[1"),
        ("object", "{ size = 1 }"),
        ("number", "four"),
        ("list", "[var.text]"),
    ];
    for (name, value) in wrong {
        let mut inputs = inputs.clone();
        inputs.vars.push(given(name, value));
        let errors = load(&[ZONE, ("main.hcl", spec)], &inputs).unwrap_err();
        assert_eq!(
            codes(&errors),
            ["variable_value"],
            "{name}={value}: {}",
            rendered(&errors)
        );
    }
    let inputs = Inputs {
        vars: vec![given("lst", "1")],
        ..Inputs::default()
    };
    let errors = load(&[ZONE, ("main.hcl", spec)], &inputs).unwrap_err();
    assert!(
        codes(&errors).contains(&"undeclared_variable"),
        "{}",
        rendered(&errors)
    );
}

#[test]
fn a_variable_file_that_is_missing_is_an_error() {
    let inputs = Inputs {
        var_files: vec!["nowhere.lzvars".into()],
        ..Inputs::default()
    };
    assert_eq!(codes(&load(&[ZONE], &inputs).unwrap_err()), ["unreadable"]);
}

#[test]
fn data_files_may_lie_anywhere_in_the_repository_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let spec = |path: &str| {
        format!(
            "landing_zone \"z\" {{}}\nlocals {{ x = file(\"{path}\") }}\nou \"x\" {{ name = trimspace(local.x) }}\n"
        )
    };
    write(
        folder.path(),
        &[
            ("secret.txt", "secret"),
            ("repo/.git/config", ""),
            ("repo/shared/a.txt", "shared\n"),
            ("repo/zone/b.txt", "own\n"),
        ],
    );
    let zone = folder.path().join("repo/zone");
    let found = |path: &str| {
        write(&zone, &[("main.hcl", &spec(path))]);
        load_dir(&zone, &Inputs::default())
            .map(|loaded| loaded.desired.ous.into_values().next().unwrap().name)
            .map_err(|errors| codes(&errors).join(","))
    };
    assert_eq!(found("b.txt"), Ok("own".to_owned()));
    assert_eq!(found("./b.txt"), Ok("own".to_owned()));
    assert_eq!(found("../shared/a.txt"), Ok("shared".to_owned()));
    assert_eq!(found("../../secret.txt"), Err("file_outside".to_owned()));
    assert_eq!(found("../nowhere.txt"), Err("file_not_found".to_owned()));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("secret.txt"), zone.join("link.txt")).unwrap();
        assert_eq!(found("link.txt"), Err("file_outside".to_owned()));
    }
}

#[test]
fn the_digest_changes_with_everything_that_counts() {
    let spec = "variable \"v\" { default = \"a\" }\nou \"x\" { name = \"${file(\"d.txt\")}${var.v}\" }\n";
    let digest = |data: &str, vars: &[(&str, &str)]| {
        let vars = vars
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        load(
            &[ZONE, ("main.hcl", spec), ("d.txt", data)],
            &Inputs {
                vars,
                ..Inputs::default()
            },
        )
        .unwrap()
        .digest
    };
    let first = digest("1", &[]);
    assert_eq!(first, digest("1", &[]));
    assert_eq!(first.len(), 64);
    assert_ne!(first, digest("2", &[]));
    assert_ne!(first, digest("1", &[("v", "b")]));
}

#[test]
fn windows_line_ends_and_byte_order_marks_change_nothing() {
    let unix = "landing_zone \"z\" {}\nou \"x\" {\n  name = \"X\"\n}\npolicy \"p\" {\n  type = \"tag\"\n  description = <<-EOT\n    a\n    b\n  EOT\n  content = \"{}\"\n}\n";
    let yaml = "ou:\n  y:\n    name: Y\n";
    let read = |hcl: &str, yaml: &str| {
        let loaded = load(&[("main.hcl", hcl), ("more.lz.yaml", yaml)], &Inputs::default());
        loaded
            .unwrap_or_else(|errors| panic!("{}", rendered(&errors)))
            .desired
            .without_origins()
    };
    let plain = read(unix, yaml);
    assert_eq!(
        read(&format!("\u{feff}{unix}"), &format!("\u{feff}{yaml}")),
        plain
    );
    let windows = read(&unix.replace('\n', "\r\n"), &yaml.replace('\n', "\r\n"));
    assert_eq!(windows.ous, plain.ous);
}

/// The READMEs of the baselines show each in a spec: together they are one that is right.
#[test]
fn what_the_baselines_show_is_a_spec() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/baselines");
    let mut texts = vec![std::fs::read_to_string(folder.join("README.md")).unwrap()];
    let mut data = lz_spec::MemoryData::default();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(template) = std::fs::read(path.join("template.yaml")) else {
            continue;
        };
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        data = data.with(&format!("baselines/{name}/template.yaml"), template);
        texts.push(std::fs::read_to_string(path.join("README.md")).unwrap());
    }
    let shown: String = texts
        .iter()
        .flat_map(|text| text.split("\n```hcl\n").skip(1))
        .filter_map(|rest| rest.split("\n```").next())
        .map(|block| format!("{}\n", block.replace("\"../baselines/", "\"baselines/")))
        .collect();
    let loaded = lz_spec::load(
        lz_spec::Sources::hcl(&shown).with_data(data),
        &lz_spec::Inputs::default(),
    );
    match loaded {
        Ok(loaded) => {
            assert!(
                loaded.desired.stack_sets.len() >= 10,
                "{:?}",
                loaded.desired.stack_sets.keys()
            );
            assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
        }
        Err(errors) => panic!("{}", crate::support::rendered(&errors)),
    }
}
