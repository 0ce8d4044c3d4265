//! Reads and checks specs of ten thousand accounts, and prints how long it takes and how much memory.
//!
//! `cargo run --release -p lz-spec --example ten_thousand` measures every form of such a spec, each in a
//! process of its own; with the name of a form it measures that one.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use lz_spec::{Inputs, MemoryData, SourceKind, Sources, load};
use std::error::Error;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

const ACCOUNTS: usize = 10_000;
const FORMS: &[&str] = &["for_each", "hcl_blocks", "yaml_blocks", "requests", "hcl_object"];
const HEAD: &str = r#"
landing_zone "big" { management_account = "111122223333" }
variable "domain" { default = "aws.example.com" }
organization { policy_types = ["scp"] }
ou "workloads" {
  ou "prod" {}
}
policy "deny" {
  type   = "scp"
  attach = [ou.workloads]
  statement "Leave" {
    effect  = "Deny"
    actions = ["organizations:LeaveOrganization"]
  }
}
"#;

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(form) = std::env::args().nth(1) {
        return measure(&form);
    }
    println!("{ACCOUNTS} accounts      text KiB    ms   peak MiB");
    for form in FORMS {
        let output = Command::new(std::env::current_exe()?).arg(form).output()?;
        println!("{}", String::from_utf8_lossy(&output.stdout).trim_end());
    }
    Ok(())
}

fn measure(form: &str) -> Result<(), Box<dyn Error>> {
    let (sources, size) = sources(form)?;
    let start = Instant::now();
    let loaded = load(sources, &Inputs::default())?;
    let took = start.elapsed();
    if loaded.desired.accounts.len() != ACCOUNTS {
        return Err(format!("{} accounts were read", loaded.desired.accounts.len()).into());
    }
    println!(
        "{form:<20} {:>11} {:>5} {:>10}",
        size / 1024,
        took.as_millis(),
        peak_mib()?
    );
    Ok(())
}

/// Returns the most memory that the process has used, from the kernel.
fn peak_mib() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}

fn sources(form: &str) -> Result<(Sources, usize), Box<dyn Error>> {
    let mut text = String::new();
    let head = Sources::new().with("head.hcl", SourceKind::Hcl, HEAD);
    let each = |source: &str| {
        format!(
            "locals {{ accounts = {source} }}\naccount \"team\" {{\n  for_each = local.accounts\n  name     = each.value.title\n  \
             email    = \"aws+${{each.key}}@${{var.domain}}\"\n  ou       = ou.workloads.prod\n  tags     = {{ team = each.value.team, number = each.value.number }}\n}}\n"
        )
    };
    let sources = match form {
        "for_each" => {
            for i in 0..ACCOUNTS {
                writeln!(text, "team-{i}:\n  title: Team {i}\n  team: shop\n  number: {i}")?;
            }
            let main = each("yamldecode(file(\"accounts.yaml\"))");
            head.with("main.hcl", SourceKind::Hcl, &main)
                .with_data(MemoryData::default().with("accounts.yaml", text.as_str()))
        }
        "hcl_object" => {
            text.push_str("{\n");
            for i in 0..ACCOUNTS {
                writeln!(
                    text,
                    "  team-{i} = {{ title = \"Team {i}\", team = \"shop\", number = {i} }}"
                )?;
            }
            text.push('}');
            head.with("main.hcl", SourceKind::Hcl, &each(&text))
        }
        "hcl_blocks" => {
            for i in 0..ACCOUNTS {
                writeln!(
                    text,
                    "account \"team-{i}\" {{\n  name  = \"Team {i}\"\n  email = \"aws+team-{i}@${{var.domain}}\"\n  ou    = ou.workloads.prod\n  \
                     tags  = {{ team = \"shop\", number = {i} }}\n}}\n"
                )?;
            }
            head.with("main.hcl", SourceKind::Hcl, &text)
        }
        "yaml_blocks" => {
            text.push_str("account:\n");
            for i in 0..ACCOUNTS {
                writeln!(
                    text,
                    "  team-{i}:\n    name: Team {i}\n    email: aws+team-{i}@${{var.domain}}\n    ou: ${{ou.workloads.prod}}\n    \
                     tags: {{ team: shop, number: {i} }}"
                )?;
            }
            head.with("main.lz.yaml", SourceKind::Yaml, &text)
        }
        "requests" => {
            let mut sources = head;
            for i in 0..ACCOUNTS {
                let request = format!(
                    "name: Team {i}\nemail: aws+team-{i}@${{var.domain}}\nou: ${{ou.workloads.prod}}\ntags:\n  team: shop\n  number: {i}\n"
                );
                text.push_str(&request);
                sources = sources.with(
                    &format!("accounts/team-{i}.yaml"),
                    SourceKind::AccountRequest,
                    &request,
                );
            }
            sources
        }
        other => return Err(format!("`{other}` is not one of {}", FORMS.join(", ")).into()),
    };
    Ok((sources, text.len()))
}
