//! An account is ready when all that its landing zone promises is there: place, tags, contacts, guardrails, baselines,
//! people.

use crate::batch::took;
use crate::spec::zone;
use crate::world;
use lz_tests::people::arrive;
use lz_tests::runtime;
use lz_twin::{Seconds, Settings};

const PROMISES: &str = r#"
policy "stay" {
  type   = "scp"
  attach = [ou.workloads]
  statement "NoLeaving" {
    effect    = "Deny"
    actions   = ["organizations:LeaveOrganization"]
    resources = ["*"]
  }
}
stack_set "baseline" {
  template = { Resources = { Topic = { Type = "AWS::SNS::Topic" } } }
  deploy { targets = [ou.workloads] }
}
permission_set "builder" { managed_policies = ["arn:aws:iam::aws:policy/PowerUserAccess"] }
assignment "builders" {
  permission_set = permission_set.builder
  groups         = ["builders"]
  ous            = [ou.workloads]
}
"#;

const REQUEST: &str = r#"
tags: { owner: ann }
contact:
  security: { name: Ann, title: On call, email: ann@acme.example.com, phone: "+1 555 0100" }
"#;

#[test]
fn an_account_has_all_that_it_was_promised_as_soon_as_aws_can() {
    runtime().block_on(async {
        let settings = Settings {
            stack_seconds: (Seconds::new(40), Seconds::new(40)),
            ..Settings::default()
        };
        let world = world(settings.clone()).await;
        world.converge(&zone(&[], "")).await;
        arrive(&world, &["builders"], &[]).await;
        world.converge(&zone(&[], PROMISES)).await;
        let wanted = zone(&[("shop".to_owned(), REQUEST)], PROMISES);
        let seconds = took(&world, &wanted).await;
        // The account is made, AWS's queue takes its stack, which follows it into the OU; everything else goes beside.
        let steps = [
            settings.create_account_seconds,
            settings.stack_set_queue_seconds,
            settings.stack_seconds.0,
        ];
        let bound: f64 = steps.iter().map(|step| step.duration().as_secs_f64()).sum();
        println!("1 account with all: {seconds:.1} s, AWS's own steps {bound:.1} s");
        assert!(
            seconds <= bound * 1.05,
            "{seconds:.1} s, AWS's own steps take {bound:.1} s"
        );
        world.assert_settled(&wanted).await;
        let live = world.read(&wanted).await.unwrap().organization.unwrap();
        let shop = live
            .accounts
            .values()
            .find(|account| account.name == "Workload shop");
        let shop = shop.unwrap();
        assert_eq!(shop.tags["owner"], "ann");
        assert_eq!(shop.tags["team"], "shop");
        assert!(live.settings[&shop.id].contacts.values().flatten().count() == 1);
        let assignments = live.identity.unwrap().assignments;
        assert!(assignments.iter().any(|assignment| assignment.account == shop.id));
        let baseline = live.stack_sets.values().next().unwrap();
        assert!(
            baseline
                .instances
                .iter()
                .any(|instance| instance.account == shop.id)
        );
    });
}
