//! Boolean functions that share their parts, so that equal functions are the same number.
//!
//! Reduced ordered binary decision diagrams with one table for all (Bryant 1986). Made here and not taken from a
//! library, because many thousand paths share most of their functions, and equality must cost nothing.

use std::collections::HashMap;

/// A boolean function of a [`Store`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bdd(u32);

/// A variable; lower numbers are decided first.
pub(crate) type Var = u32;

impl Bdd {
    pub(crate) const FALSE: Self = Self(0);
    pub(crate) const TRUE: Self = Self(1);
}

/// A function has grown beyond the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// A conjunction: variables and whether they hold, by number.
pub(crate) type Cube = Vec<(Var, bool)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    var: Var,
    low: Bdd,
    high: Bdd,
}

/// All functions.
#[derive(Debug)]
pub(crate) struct Store {
    nodes: Vec<Node>,
    known: HashMap<Node, Bdd>,
    chosen: HashMap<(Bdd, Bdd, Bdd), Bdd>,
}

/// The most parts that are kept: about 200 MB.
const MAX_NODES: usize = 3_000_000;
/// The most variables on one way through a function, which bounds recursion.
const MAX_DEPTH: u32 = 1_500;

type Made = Result<Bdd, TooLarge>;

impl Store {
    pub(crate) fn new() -> Self {
        let end = |value| Node {
            var: Var::MAX,
            low: value,
            high: value,
        };
        Self {
            nodes: vec![end(Bdd::FALSE), end(Bdd::TRUE)],
            known: HashMap::new(),
            chosen: HashMap::new(),
        }
    }

    /// Returns how many parts are kept.
    pub(crate) fn size(&self) -> usize {
        self.nodes.len()
    }

    fn node(&self, function: Bdd) -> Node {
        let index = usize::try_from(function.0).unwrap_or_default();
        self.nodes.get(index).copied().unwrap_or(Node {
            var: Var::MAX,
            low: Bdd::FALSE,
            high: Bdd::FALSE,
        })
    }

    fn make(&mut self, var: Var, low: Bdd, high: Bdd) -> Made {
        if low == high {
            return Ok(low);
        }
        let node = Node { var, low, high };
        if let Some(known) = self.known.get(&node) {
            return Ok(*known);
        }
        if self.nodes.len() >= MAX_NODES {
            return Err(TooLarge);
        }
        let made = Bdd(u32::try_from(self.nodes.len()).map_err(|_| TooLarge)?);
        self.nodes.push(node);
        self.known.insert(node, made);
        Ok(made)
    }

    /// Returns the function that is a variable.
    pub(crate) fn var(&mut self, var: Var) -> Made {
        self.make(var, Bdd::FALSE, Bdd::TRUE)
    }

    pub(crate) fn not(&mut self, f: Bdd) -> Made {
        self.choose(f, Bdd::FALSE, Bdd::TRUE, 0)
    }

    pub(crate) fn and(&mut self, f: Bdd, g: Bdd) -> Made {
        let (f, g) = if f <= g { (f, g) } else { (g, f) };
        self.choose(f, g, Bdd::FALSE, 0)
    }

    pub(crate) fn or(&mut self, f: Bdd, g: Bdd) -> Made {
        let (f, g) = if f <= g { (f, g) } else { (g, f) };
        self.choose(f, Bdd::TRUE, g, 0)
    }

    /// Returns `f` without `g`.
    pub(crate) fn minus(&mut self, f: Bdd, g: Bdd) -> Made {
        self.choose(g, Bdd::FALSE, f, 0)
    }

    /// Returns "if `f` then `g` else `h`".
    fn choose(&mut self, f: Bdd, g: Bdd, h: Bdd, depth: u32) -> Made {
        match (f, g, h) {
            (Bdd::TRUE, _, _) => return Ok(g),
            (Bdd::FALSE, _, _) => return Ok(h),
            (_, Bdd::TRUE, Bdd::FALSE) => return Ok(f),
            _ if g == h => return Ok(g),
            _ => {}
        }
        if let Some(known) = self.chosen.get(&(f, g, h)) {
            return Ok(*known);
        }
        if depth > MAX_DEPTH {
            return Err(TooLarge);
        }
        let (nf, ng, nh) = (self.node(f), self.node(g), self.node(h));
        let var = nf.var.min(ng.var).min(nh.var);
        let part = |function: Bdd, node: Node, high: bool| {
            if node.var != var {
                function
            } else if high {
                node.high
            } else {
                node.low
            }
        };
        let low = self.choose(
            part(f, nf, false),
            part(g, ng, false),
            part(h, nh, false),
            depth + 1,
        )?;
        let high = self.choose(part(f, nf, true), part(g, ng, true), part(h, nh, true), depth + 1)?;
        let made = self.make(var, low, high)?;
        self.chosen.insert((f, g, h), made);
        Ok(made)
    }

    /// Returns the variables that a function depends on, in order.
    pub(crate) fn support(&self, function: Bdd) -> Vec<Var> {
        let mut seen = std::collections::BTreeSet::new();
        let mut vars = std::collections::BTreeSet::new();
        let mut open = vec![function];
        while let Some(next) = open.pop() {
            let node = self.node(next);
            if node.var != Var::MAX && seen.insert(next) {
                vars.insert(node.var);
                open.extend([node.low, node.high]);
            }
        }
        vars.into_iter().collect()
    }

    /// Returns conjunctions whose union lies between two functions and none of which can be left out
    /// (Minato 1993); at most `most` of them, and whether that was all.
    pub(crate) fn cubes(
        &mut self,
        lower: Bdd,
        upper: Bdd,
        most: usize,
    ) -> Result<(Vec<Cube>, bool), TooLarge> {
        let mut found = Vec::new();
        let all = self.cover(lower, upper, most, &mut Vec::new(), &mut found, 0)?;
        let complete = found.len() <= most;
        found.truncate(most);
        let _cover = all;
        for cube in &mut found {
            cube.sort_unstable();
        }
        found.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        Ok((found, complete))
    }

    fn cover(
        &mut self,
        lower: Bdd,
        upper: Bdd,
        most: usize,
        way: &mut Cube,
        found: &mut Vec<Cube>,
        depth: u32,
    ) -> Made {
        if lower == Bdd::FALSE || found.len() > most {
            return Ok(Bdd::FALSE);
        }
        if upper == Bdd::TRUE {
            found.push(way.clone());
            return Ok(Bdd::TRUE);
        }
        if depth > MAX_DEPTH {
            return Err(TooLarge);
        }
        let (nl, nu) = (self.node(lower), self.node(upper));
        let var = nl.var.min(nu.var);
        let halves = |function: Bdd, node: Node| {
            if node.var == var {
                (node.low, node.high)
            } else {
                (function, function)
            }
        };
        let ((l0, l1), (u0, u1)) = (halves(lower, nl), halves(upper, nu));
        let only_low = self.minus(l0, u1)?;
        way.push((var, false));
        let f0 = self.cover(only_low, u0, most, way, found, depth + 1)?;
        way.pop();
        let only_high = self.minus(l1, u0)?;
        way.push((var, true));
        let f1 = self.cover(only_high, u1, most, way, found, depth + 1)?;
        way.pop();
        let (rest0, rest1) = (self.minus(l0, f0)?, self.minus(l1, f1)?);
        let rest = self.or(rest0, rest1)?;
        let both = self.and(u0, u1)?;
        let free = self.cover(rest, both, most, way, found, depth + 1)?;
        let (low, high) = (self.or(f0, free)?, self.or(f1, free)?);
        self.make(var, low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_functions_are_the_same() {
        let mut store = Store::new();
        let (a, b) = (store.var(0).unwrap(), store.var(1).unwrap());
        let both = store.and(a, b).unwrap();
        let (not_a, not_b) = (store.not(a).unwrap(), store.not(b).unwrap());
        let either_not = store.or(not_a, not_b).unwrap();
        assert_eq!(store.not(either_not), Ok(both));
        assert_eq!(store.minus(a, a), Ok(Bdd::FALSE));
        assert_eq!(store.support(both), [0, 1]);
    }

    #[test]
    fn cubes_cover_a_function_and_use_what_does_not_matter() {
        let mut store = Store::new();
        let (a, b) = (store.var(0).unwrap(), store.var(1).unwrap());
        let both = store.and(a, b).unwrap();
        let either = store.or(a, b).unwrap();
        assert_eq!(
            store.cubes(both, both, 9),
            Ok((vec![vec![(0, true), (1, true)]], true))
        );
        let (cubes, all) = store.cubes(either, either, 9).unwrap();
        assert!(all && cubes.len() == 2);
        let (loose, _) = store.cubes(both, either, 9).unwrap();
        assert_eq!(loose.len(), 1);
        assert_eq!(loose[0].len(), 1);
        assert_eq!(
            store
                .cubes(either, either, 1)
                .map(|(cubes, all)| (cubes.len(), all)),
            Ok((1, false))
        );
    }

    #[test]
    fn a_function_too_deep_is_refused() {
        let mut store = Store::new();
        let mut all = Ok(Bdd::TRUE);
        for var in (0..3_000).rev() {
            all = store.var(var).and_then(|v| store.and(v, all?));
        }
        let built = all.unwrap();
        assert_eq!(store.not(built), Err(TooLarge));
    }
}
