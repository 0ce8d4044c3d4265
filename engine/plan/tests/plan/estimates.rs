//! How long operations take, held against a simulation with other random numbers and another algorithm.

use crate::build::*;
use lz_model::desired::Template;
use lz_model::stack::{Amount, ConcurrencyMode, Pace, RegionConcurrency};
use lz_plan::estimate::{object_seconds, operation_seconds};

/// A generator of its own (Marsaglia, "Xorshift RNGs"): what is judged must not be judged by itself.
struct Random(u64);

impl Random {
    fn seconds(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        20.0 + 40.0 * ((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// Takes up the next account whenever one of those in work ends.
fn region(accounts: usize, at_a_time: usize, random: &mut Random) -> f64 {
    let mut workers = vec![0.0_f64; at_a_time.min(accounts)];
    for _ in 0..accounts {
        let free = workers.iter_mut().min_by(|a, b| a.total_cmp(b)).unwrap();
        *free += random.seconds();
    }
    workers.into_iter().fold(0.0, f64::max)
}

fn simulated(accounts: usize, regions: usize, pace: &Pace) -> f64 {
    let runs = 30;
    let mut random = Random(88_172_645_463_325_252);
    let mut sum = 0.0;
    for _ in 0..runs {
        let each = (0..regions).map(|_| region(accounts, pace.at_a_time(accounts), &mut random));
        sum += match pace.regions {
            RegionConcurrency::Sequential => each.sum::<f64>(),
            RegionConcurrency::Parallel => each.fold(0.0, f64::max),
        };
    }
    sum / f64::from(runs)
}

#[test]
fn an_estimate_is_within_fifteen_percent_of_what_happens() {
    for accounts in [1, 2, 7, 40, 303] {
        for regions in [1, 4, 17] {
            for concurrent in [
                Amount::Count(1),
                Amount::Count(6),
                Amount::Percent(25),
                Amount::Percent(99),
            ] {
                for how in [RegionConcurrency::Sequential, RegionConcurrency::Parallel] {
                    let pace = Pace {
                        max_concurrent: concurrent,
                        failure_tolerance: Amount::Percent(100),
                        mode: ConcurrencyMode::Soft,
                        regions: how,
                    };
                    let happens = simulated(accounts, regions, &pace);
                    // The end is noticed a moment later.
                    let noticed = happens + lz_model::limits::next_look(happens) / 2.0;
                    let estimate = operation_seconds(accounts, regions, &pace);
                    let off = (estimate - noticed).abs() / noticed;
                    assert!(
                        off < 0.15,
                        "{accounts} accounts, {regions} Regions, {pace:?}: {estimate:.0} s, happens {noticed:.0} s"
                    );
                }
            }
        }
    }
}

#[test]
fn a_whole_roll_out_counts_its_waves_and_pauses() {
    let spec = Spec::new()
        .ou("test")
        .ou("prod")
        .account("try", "test")
        .account("shop", "prod")
        .stack_set("base", &["ou.test", "ou.prod"])
        .edit_set("base", |set| {
            set.template = Template::Body(OTHER_TEMPLATE.into());
            let mut canary = wave("canary", &["ou.test"]);
            canary.bake_seconds = 900;
            set.rollout.waves = vec![canary, wave("rest", &[])];
        });
    let org = Org::new()
        .ou("test")
        .ou("prod")
        .account("try", "test")
        .account("shop", "prod")
        .stack_set("base", &["ou.test", "ou.prod"]);
    let plan = plan(spec, org.live());
    // Two stacks in turn, fifteen minutes, two stacks in turn.
    assert!(
        (1_060..1_110).contains(&plan.estimate_seconds),
        "{}",
        plan.estimate_seconds
    );
    assert_eq!(
        object_seconds(&plan, &"stack_set.base".parse().unwrap()),
        plan.estimate_seconds
    );
}
