//! Controls as Control Catalog tells them.

use crate::tower::{Behaviour, ControlName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What Control Catalog says of the controls that a spec declares, and of enabled ones that may be the same. What
/// planning does not need was not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveCatalogue {
    /// Controls that were looked up, by their id in the catalogue.
    pub controls: BTreeMap<String, CataloguedControl>,
    /// Declared controls that do not exist, each with names that resemble it.
    pub unknown: BTreeMap<ControlName, Vec<String>>,
}

/// A control of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CataloguedControl {
    /// The global ARN.
    pub arn: String,
    /// How it works.
    pub behaviour: Behaviour,
    /// Every name by which it is known to be called: its aliases, its id in the catalogue, its id in the home Region.
    pub names: BTreeSet<ControlName>,
    /// The names of its parameters; `None` where the control was not looked at by itself: no list has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeSet<String>>,
}

impl LiveCatalogue {
    /// Returns whether nothing was asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.controls.is_empty() && self.unknown.is_empty()
    }

    /// Returns the control that a name means.
    #[must_use]
    pub fn find(&self, name: &ControlName) -> Option<&CataloguedControl> {
        let by_id = self.controls.get(name.as_str());
        by_id.or_else(|| {
            self.controls
                .values()
                .find(|control| control.names.contains(name))
        })
    }

    /// Returns whether two names mean one control (Control Tower Controls Reference Guide, "Resource identifiers for
    /// APIs and controls").
    #[must_use]
    pub fn is_same(&self, one: &ControlName, other: &ControlName) -> bool {
        let found = |name| self.find(name).map(|control| control.arn.as_str());
        one == other || found(one).is_some_and(|arn| found(other) == Some(arn))
    }

    /// Returns how a control works: the catalogue knows it better than its name.
    #[must_use]
    pub fn behaviour(&self, name: &ControlName) -> Behaviour {
        match self.find(name).map(|control| control.behaviour) {
            None | Some(Behaviour::Unknown) => name.behaviour(),
            Some(known) => known,
        }
    }

    /// Returns whether a name means a control of the landing zone's own, which no call switches (aws-facts
    /// section 4.3).
    #[must_use]
    pub fn is_own(&self, name: &ControlName) -> bool {
        let own = |name: &ControlName| name.is_mandatory() || name.is_region_deny();
        own(name)
            || self
                .find(name)
                .is_some_and(|control| control.names.iter().any(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ControlName {
        text.parse().unwrap()
    }

    fn catalogue() -> LiveCatalogue {
        let control = |id: &str, names: &[&str], behaviour| {
            let control = CataloguedControl {
                arn: format!("arn:aws:controlcatalog:::control/{id}"),
                behaviour,
                names: names.iter().map(|text| name(text)).collect(),
                parameters: None,
            };
            (id.to_owned(), control)
        };
        let controls = [
            control(
                "497wrm2xnk1wxlf4obrdo7mej",
                &["SH.S3.4", "WTDSMKDKDNLE"],
                Behaviour::Preventive,
            ),
            control(
                "m7a5gbdf08wg2o0en010mkng",
                &["AWS-GR_CLOUDTRAIL_ENABLED"],
                Behaviour::Unknown,
            ),
        ];
        LiveCatalogue {
            controls: controls.into_iter().collect(),
            unknown: BTreeMap::new(),
        }
    }

    #[test]
    fn all_names_of_a_control_mean_the_same() {
        let catalogue = catalogue();
        let all = ["SH.S3.4", "WTDSMKDKDNLE", "497wrm2xnk1wxlf4obrdo7mej"];
        for one in all {
            for other in all {
                assert!(catalogue.is_same(&name(one), &name(other)), "{one} {other}");
            }
            assert!(!catalogue.is_same(&name(one), &name("SH.S3.5")));
            assert!(!catalogue.is_same(&name(one), &name("AWS-GR_CLOUDTRAIL_ENABLED")));
        }
        assert!(catalogue.is_same(&name("SH.S3.5"), &name("SH.S3.5")));
        assert!(!catalogue.is_same(&name("SH.S3.5"), &name("SH.S3.6")));
    }

    #[test]
    fn the_catalogue_beats_what_a_name_lets_guess() {
        let catalogue = catalogue();
        assert_eq!(name("SH.S3.4").behaviour(), Behaviour::Detective);
        assert_eq!(catalogue.behaviour(&name("SH.S3.4")), Behaviour::Preventive);
        assert_eq!(catalogue.behaviour(&name("SH.S3.5")), Behaviour::Detective);
        assert_eq!(
            catalogue.behaviour(&name("m7a5gbdf08wg2o0en010mkng")),
            Behaviour::Unknown
        );
    }

    #[test]
    fn a_mandatory_control_is_one_by_each_of_its_names() {
        let catalogue = catalogue();
        assert!(catalogue.is_own(&name("m7a5gbdf08wg2o0en010mkng")));
        assert!(catalogue.is_own(&name("AWS-GR_REGION_DENY")));
        assert!(!catalogue.is_own(&name("SH.S3.4")));
    }
}
