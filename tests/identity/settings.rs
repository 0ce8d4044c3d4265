//! Contacts and Regions of accounts.

use crate::access::BASE;
use lz_model::desired::Desired;
use lz_tests::people::spec;
use lz_tests::{MANAGEMENT, World, runtime};
use lz_twin::{FaultScript, Settings};

/// An account with settings of its own.
pub(crate) const SETTINGS: &str = r#"
account "till" {
  name            = "Till"
  email           = "aws+till@example.com"
  ou              = ou.workloads.prod
  enabled_regions = ["eu-south-1", "eu-west-1"]
  contact "security" {
    name  = "SOC"
    title = "On call"
    email = "soc@example.com"
    phone = "+81-3-0000-0000"
  }
  contact "billing" {
    name  = "Accounts"
    title = "Payable"
    email = "pay@example.com"
    phone = "+81-3-0000-0001"
  }
  primary_contact {
    full_name      = "Acme Ltd"
    address_line_1 = "1 Road"
    city           = "Tokyo"
    postal_code    = "100-0001"
    country_code   = "JP"
    phone          = "+81 3 0000 0000"
    company        = "Acme"
  }
}
"#;

fn trusted(text: &str) -> Desired {
    let base = BASE.replace("[\"sso\"]", "[\"sso\", \"account\"]");
    spec(&format!("{base}{text}"))
}

async fn world() -> World {
    let world = World::new(Settings::default(), FaultScript::none()).await;
    world.converge(&spec(BASE)).await;
    world
}

#[test]
fn settings_of_a_new_account_are_set_after_trusted_access_and_stay() {
    runtime().block_on(async {
        let world = world().await;
        let desired = trusted(SETTINGS);
        let plan = world.plan(&desired).await.unwrap();
        let place = |id: &str| {
            plan.steps
                .iter()
                .position(|step| step.id.as_str() == id)
                .unwrap_or_else(|| panic!("{id} in {:#?}", plan.steps))
        };
        let contact = place("account.till:contact security");
        assert!(place("organization.trusted_services[\"account.amazonaws.com\"]:enable") < contact);
        assert!(place("account.till:create") < contact);
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
    });
}

#[test]
fn a_changed_contact_is_one_step() {
    runtime().block_on(async {
        let world = world().await;
        world.converge(&trusted(SETTINGS)).await;
        let desired = trusted(&SETTINGS.replace("soc@example.com", "ciso@example.com"));
        let plan = world.plan(&desired).await.unwrap();
        let ids: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(ids, ["account.till:contact security"]);
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
    });
}

#[test]
fn settings_without_trusted_access_are_refused() {
    runtime().block_on(async {
        let world = world().await;
        let refusal = world.plan(&spec(&format!("{BASE}{SETTINGS}"))).await.unwrap_err();
        assert_eq!(refusal.problems[0].code, "needs_account_management");
    });
}

#[test]
fn the_management_account_needs_no_trust_to_change_itself() {
    runtime().block_on(async {
        let world = world().await;
        let live = world.read(&spec(BASE)).await.unwrap().organization.unwrap();
        let email = live.accounts.values().find(|one| one.id.as_str() == MANAGEMENT).unwrap().email.clone();
        let own = format!(
            "account \"management\" {{\n  id = \"{MANAGEMENT}\"\n  name = \"management\"\n  email = \"{email}\"\n  \
             contact \"operations\" {{\n    name = \"Ops\"\n    title = \"Ops\"\n    email = \"ops@example.com\"\n    \
             phone = \"1\"\n  }}\n}}\n"
        );
        let name = live.accounts.values().find(|one| one.id.as_str() == MANAGEMENT).unwrap().name.clone();
        let desired = spec(&format!("{BASE}{}", own.replace("name = \"management\"", &format!("name = \"{name}\""))));
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        let live = world.read(&desired).await.unwrap().organization.unwrap();
        assert_eq!(live.settings.len(), 1);
    });
}

#[test]
fn only_what_is_declared_is_read() {
    runtime().block_on(async {
        let world = world().await;
        let desired = trusted(SETTINGS);
        world.converge(&desired).await;
        let before = world.provider.stats().calls;
        world.plan(&desired).await.unwrap();
        let after = world.provider.stats().calls;
        let cost =
            |call: &str| after.get(call).copied().unwrap_or(0) - before.get(call).copied().unwrap_or(0);
        assert_eq!(cost("account:GetAlternateContact"), 2);
        assert_eq!(cost("account:GetContactInformation"), 1);
        assert_eq!(cost("account:GetRegionOptStatus"), 2);
    });
}
