//! Faults on request: what goes wrong at which tick, order or answer, the same in every run.
//!
//! [`Faults`] only decides; whoever plays the terminal carries it out and says so to the broker or not.
//! Here is neither a broker nor a clock.

mod counts;
mod kind;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

pub use self::counts::FaultCounts;
use self::kind::{Kind, Place};
pub use self::parse::InvalidFault;
use crate::random::Random;

/// How many faults one run may have.
pub const FAULTS_MAX: usize = 64;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The trade server's clock jumps.
    Clock {
        /// By so much: up to 31,536,000, a year, forward or back, and not zero.
        seconds: i64,
    },
    /// The answer of an order takes longer; the market moves on meanwhile.
    Delay {
        /// By so much: 1 to 600,000.
        ms: u32,
    },
    /// The terminal is gone without a word, and comes back in a new session. At an order it is carried
    /// out first, and not answered.
    Die,
    /// A request is carried out, and its answer is lost.
    Drop,
    /// The terminal says and reads nothing.
    Freeze {
        /// So long: 1 to 600,000.
        ms: u32,
    },
    /// A line that is no message goes before the tick.
    Garbage,
    /// The order is refused, and not executed.
    Reject {
        /// With this code, which always means a rejection.
        retcode: u64,
    },
    /// The order is refused with 10004, and not executed.
    Requote,
    /// The order is executed, and answered with 10012: nobody knows.
    Unknown,
}

impl Fault {
    /// Returns its name, as it is given and counted.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.kind().name()
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Clock { .. } => Kind::Clock,
            Self::Delay { .. } => Kind::Delay,
            Self::Die => Kind::Die,
            Self::Drop => Kind::Drop,
            Self::Freeze { .. } => Kind::Freeze,
            Self::Garbage => Kind::Garbage,
            Self::Reject { .. } => Kind::Reject,
            Self::Requote => Kind::Requote,
            Self::Unknown => Kind::Unknown,
        }
    }
}

/// Prints name and value, as they are given: `freeze:20000`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Clock { seconds } => write!(f, ":{seconds}"),
            Self::Delay { ms } | Self::Freeze { ms } => write!(f, ":{ms}"),
            Self::Reject { retcode } => write!(f, ":{retcode}"),
            Self::Die | Self::Drop | Self::Garbage | Self::Requote | Self::Unknown => Ok(()),
        }
    }
}

/// Decides what goes wrong, and counts it.
///
/// A fault is given as `NAME[:VALUE]=PROBABILITY`, `NAME[:VALUE]@tick=N` or `NAME[:VALUE]@order=N`, N
/// counted from 1. What is left to chance is drawn from a stream of the fault's own, made of the seed and
/// the name (and, for `die`, whether at a tick or an order): one more fault moves no other.
///
/// # Defaults
///
/// | name | decided at | value, and what it is if not said |
/// | --- | --- | --- |
/// | `requote` | order | none |
/// | `reject` | order | code of the trade server that is a rejection, 10006 |
/// | `delay` | order | milliseconds from 1 to 600000, 500 |
/// | `unknown` | order | none |
/// | `drop` | answer to any request; with `@order` to that order | none |
/// | `die` | tick, order | none |
/// | `freeze` | tick | milliseconds from 1 to 600000, 20000 |
/// | `garbage` | tick | none |
/// | `clock` | tick | seconds from -31536000 to 31536000 but 0, 3600 |
///
/// # Examples
///
/// ```
/// use tickpipe_sim::fault::{Fault, Faults};
///
/// let mut faults = Faults::parse(["requote@order=2", "freeze:300@tick=1", "drop=0"], 7)?;
/// assert_eq!(faults.at_tick().collect::<Vec<_>>(), [Fault::Freeze { ms: 300 }]);
/// assert_eq!(faults.at_order(), None);
/// assert_eq!(faults.at_order(), Some(Fault::Requote));
/// assert!(!faults.at_answer());
/// assert_eq!(faults.counts().total(), 2);
/// # Ok::<(), tickpipe_sim::fault::InvalidFault>(())
/// ```
#[derive(Clone, Debug)]
pub struct Faults {
    seed: u64,
    rules: Vec<Rule>,
    /// Ticks and orders there were.
    ticks: u64,
    orders: u64,
    /// The answer to come is that of an order whose answer is to be lost.
    drops_order_answer: bool,
    counts: FaultCounts,
}

/// One fault and its moment.
#[derive(Clone, Debug)]
struct Rule {
    fault: Fault,
    when: When,
}

#[derive(Clone, Debug)]
enum When {
    Chance(Chance),
    Order(u64),
    Tick(u64),
}

/// A probability, and where it is drawn from.
#[derive(Clone, Debug)]
struct Chance {
    /// Of 2^64 numbers, so many mean that it happens.
    threshold: u128,
    at_order: Random,
    /// At a tick, or at an answer: no fault is drawn at both.
    elsewhere: Random,
}

impl Chance {
    fn new(threshold: u128, seed: u64, name: &str) -> Self {
        let at_order = stream(seed, &[name, "@order"]);
        Self { threshold, at_order, elsewhere: stream(seed, &[name]) }
    }

    fn draw(&mut self, place: Place) -> bool {
        let random = if place == Place::Order { &mut self.at_order } else { &mut self.elsewhere };
        u128::from(random.next()) < self.threshold
    }
}

/// Returns the numbers that belong to a name.
fn stream(seed: u64, name: &[&str]) -> Random {
    // FNV-1a.
    let hash =
        name.iter().flat_map(|part| part.bytes()).fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
    // Drawn once, so that seeds and names which are near to each other give streams that are not.
    Random::new(Random::new(seed ^ hash).next())
}

impl Faults {
    /// Begins without faults.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            rules: Vec::new(),
            ticks: 0,
            orders: 0,
            drops_order_answer: false,
            counts: FaultCounts::default(),
        }
    }

    /// Reads faults as a person writes them.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidFault`] for the first text that is none, that gives a fault and its moment again,
    /// or that is one more than [`FAULTS_MAX`].
    pub fn parse<T: AsRef<str>>(
        texts: impl IntoIterator<Item = T>,
        seed: u64,
    ) -> Result<Self, InvalidFault> {
        let mut faults = Self::new(seed);
        for text in texts {
            faults.add(text.as_ref())?;
        }
        Ok(faults)
    }

    /// Adds one fault.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn add(&mut self, text: &str) -> Result<(), InvalidFault> {
        let rule = parse::rule(text, self.seed)?;
        if self.rules.iter().any(|known| known.is_same_moment(&rule)) {
            return Err(InvalidFault::Again { text: parse::shown(text), name: rule.fault.name() });
        }
        if FAULTS_MAX <= self.rules.len() {
            return Err(InvalidFault::TooMany { text: parse::shown(text) });
        }
        self.rules.push(rule);
        Ok(())
    }

    /// Returns whether nothing can go wrong.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Returns how often each fault happened.
    #[must_use]
    pub const fn counts(&self) -> &FaultCounts {
        &self.counts
    }

    /// Returns the names of faults that were asked for and have not happened.
    pub fn silent(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        let asked = |name| self.rules.iter().any(|rule| rule.fault.name() == name);
        let silent = self.counts.iter().filter(move |(name, count)| *count == 0 && asked(*name));
        silent.map(|(name, _)| name)
    }

    /// Decides what happens at the next tick, to be carried out in the order given.
    ///
    /// Each name happens at most once; with a scripted one and a drawn one of a name it is the scripted
    /// one. A terminal that dies does nothing else, so `die` comes alone.
    pub fn at_tick(&mut self) -> TickFaults {
        self.ticks = self.ticks.saturating_add(1);
        let mut found = [None; Kind::AT_TICK.len()];
        if !self.rules.is_empty() {
            for (slot, kind) in found.iter_mut().zip(Kind::AT_TICK) {
                *slot = self.decide(kind, Place::Tick);
            }
        }
        if let [Some(Fault::Die), rest @ ..] = &mut found {
            rest.fill(None);
        }
        for fault in found.into_iter().flatten() {
            self.counts.count(fault);
        }
        TickFaults { found, next: 0 }
    }

    /// Decides what happens to the next order: the first of `requote`, `reject`, `delay`, `unknown` and
    /// `die`. All are drawn all the same.
    ///
    /// To be asked before the order is carried out, and before [`at_answer`](Self::at_answer) is for its
    /// answer. An order that is sent again is an order of its own.
    pub fn at_order(&mut self) -> Option<Fault> {
        self.orders = self.orders.saturating_add(1);
        let mut first = None;
        for kind in Kind::AT_ORDER {
            let fault = self.decide(kind, Place::Order);
            first = first.or(fault);
        }
        // A terminal that is gone answers nothing that could be lost.
        let drops = self.decide(Kind::Drop, Place::Order).is_some();
        self.drops_order_answer = drops && first != Some(Fault::Die);
        if let Some(fault) = first {
            self.counts.count(fault);
        }
        first
    }

    /// Decides whether the answer that is about to be sent is lost.
    pub fn at_answer(&mut self) -> bool {
        let is_drawn = self.decide(Kind::Drop, Place::Answer).is_some();
        let is_lost = is_drawn || self.drops_order_answer;
        self.drops_order_answer = false;
        if is_lost {
            self.counts.count(Fault::Drop);
        }
        is_lost
    }

    /// Returns a fault of that kind if it happens now.
    fn decide(&mut self, kind: Kind, place: Place) -> Option<Fault> {
        let (ticks, orders) = (self.ticks, self.orders);
        let (mut scripted, mut drawn) = (None, None);
        for rule in self.rules.iter_mut().filter(|rule| rule.fault.kind() == kind) {
            match &mut rule.when {
                When::Tick(number) if place == Place::Tick && *number == ticks => {
                    scripted = Some(rule.fault);
                }
                When::Order(number) if place == Place::Order && *number == orders => {
                    scripted = Some(rule.fault);
                }
                When::Chance(chance) => {
                    if kind.is_drawn_at(place) && chance.draw(place) {
                        drawn = Some(rule.fault);
                    }
                }
                When::Order(_) | When::Tick(_) => {}
            }
        }
        scripted.or(drawn)
    }
}

impl Rule {
    fn is_same_moment(&self, other: &Self) -> bool {
        let is_same = match (&self.when, &other.when) {
            (When::Chance(_), When::Chance(_)) => true,
            (When::Order(one), When::Order(two)) | (When::Tick(one), When::Tick(two)) => one == two,
            _ => false,
        };
        is_same && self.fault.kind() == other.fault.kind()
    }
}

/// What happens at one tick.
#[derive(Clone, Debug)]
pub struct TickFaults {
    found: [Option<Fault>; Kind::AT_TICK.len()],
    next: usize,
}

impl Iterator for TickFaults {
    type Item = Fault;

    fn next(&mut self) -> Option<Fault> {
        while let Some(slot) = self.found.get(self.next) {
            self.next += 1;
            if slot.is_some() {
                return *slot;
            }
        }
        None
    }
}
