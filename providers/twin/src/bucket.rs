//! Token buckets: how often an account and an organization may call an API (aws-facts 1.3).

use std::collections::BTreeMap;

use crate::clock::AwsTime;
use crate::settings::Rate;
use crate::world::{AccountId, OrganizationId};

/// Whose bucket it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Account(AccountId),
    Organization(OrganizationId),
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: AwsTime,
}

impl Bucket {
    fn filled(self, rate: f64, burst: f64, now: AwsTime) -> Bucket {
        let tokens = self.tokens + now.since(self.at).as_secs_f64() * rate;
        Bucket {
            tokens: tokens.min(burst),
            at: now.max(self.at),
        }
    }
}

/// Every bucket that has been drawn from; the others are full.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    held: BTreeMap<(Holder, &'static str), Bucket>,
}

/// A hair less than one token, so that sums of fractions that should be 1 count as 1.
const ONE_TOKEN: f64 = 1.0 - 1e-9;

impl Buckets {
    /// Takes one token from the caller's bucket and one from its organization's, or none from either.
    /// Returns whether both had one. `name` tells the bucket of an API, or of a row of APIs.
    pub(crate) fn take(
        &mut self,
        name: &'static str,
        rate: &Rate,
        account: &AccountId,
        organization: Option<&OrganizationId>,
        now: AwsTime,
    ) -> bool {
        let mut draws = vec![(Holder::Account(account.clone()), rate.rate, rate.burst)];
        if let (Some(id), Some(rate), Some(burst)) =
            (organization, rate.organization_rate, rate.organization_burst)
        {
            draws.push((Holder::Organization(id.clone()), rate, burst));
        }
        let filled: Vec<_> = draws
            .into_iter()
            .map(|(holder, rate, burst)| {
                let key = (holder, name);
                let bucket = self.held.get(&key).copied().unwrap_or(Bucket {
                    tokens: burst,
                    at: now,
                });
                (key, bucket.filled(rate, burst, now))
            })
            .collect();
        let enough = filled.iter().all(|(_, bucket)| bucket.tokens >= ONE_TOKEN);
        if enough {
            for (key, bucket) in filled {
                self.held.insert(
                    key,
                    Bucket {
                        tokens: bucket.tokens - 1.0,
                        ..bucket
                    },
                );
            }
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RATE: Rate = Rate {
        rate: 2.0,
        burst: 3.0,
        organization_rate: None,
        organization_burst: None,
    };
    const SHARED: Rate = Rate {
        rate: 5.0,
        burst: 5.0,
        organization_rate: Some(1.0),
        organization_burst: Some(2.0),
    };

    fn account(n: u8) -> AccountId {
        AccountId::parse(&format!("{n:012}")).unwrap()
    }

    #[test]
    fn a_burst_empties_the_bucket_and_time_fills_it_at_the_rate() {
        let (mut buckets, now, who) = (Buckets::default(), AwsTime::EXAMPLE, account(1));
        for _ in 0..3 {
            assert!(buckets.take("X", &RATE, &who, None, now));
        }
        assert!(!buckets.take("X", &RATE, &who, None, now));
        let later = now.after(Duration::from_millis(500));
        assert!(buckets.take("X", &RATE, &who, None, later));
        assert!(!buckets.take("X", &RATE, &who, None, later));
    }

    #[test]
    fn an_idle_bucket_never_holds_more_than_its_burst() {
        let (mut buckets, now, who) = (Buckets::default(), AwsTime::EXAMPLE, account(1));
        assert!(buckets.take("X", &RATE, &who, None, now));
        let later = now.after(Duration::from_secs(3600));
        assert_eq!(
            (0..9)
                .filter(|_| buckets.take("X", &RATE, &who, None, later))
                .count(),
            3
        );
    }

    #[test]
    fn accounts_of_one_organization_share_its_bucket() {
        let (mut buckets, now) = (Buckets::default(), AwsTime::EXAMPLE);
        let org = OrganizationId::parse("o-0123456789").unwrap();
        assert!(buckets.take("X", &SHARED, &account(1), Some(&org), now));
        assert!(buckets.take("X", &SHARED, &account(2), Some(&org), now));
        assert!(!buckets.take("X", &SHARED, &account(3), Some(&org), now));
        assert!(
            buckets.take("Y", &SHARED, &account(3), Some(&org), now),
            "another api has another bucket"
        );
    }
}
