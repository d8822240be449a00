//! All that there is: an EA, a broker, connections with their sessions and strategies.

use tickpipe_proto::ErrorCode;

use crate::broker::{Broker, SETTLED_AFTER};
use crate::ea::{Ea, Want};
use crate::link::Link;
use crate::random::Random;
use crate::strategy::{Orders, Scene};
use crate::wire::Weather;
use crate::{Clock, MINUTE, SECOND, Time};

/// A rule that is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Canary {
    /// An answer that comes late is taken for the request that is open.
    LateAnswer,
    /// The EA forgets which orders it has sent.
    NoTable,
    None,
    /// An order is sent again if nothing is heard of it.
    OrderAgain,
    /// The answer to a tick is forgotten.
    TickLost,
    /// A tick is answered twice.
    TickTwice,
}

/// What came of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) hash: u64,
    pub(crate) steps: u64,
    pub(crate) sessions: u64,
    pub(crate) ticks: u64,
    pub(crate) ticks_answered: u64,
    pub(crate) orders_done: u64,
    pub(crate) orders_unknown: u64,
    pub(crate) orders_settled: u64,
    pub(crate) late_replies: u64,
    pub(crate) ticks_dropped: u64,
    pub(crate) handler_timeouts: u64,
    pub(crate) silences: u64,
}

impl Report {
    /// Adds what a session came to, at its end.
    fn count(&mut self, link: &Link) {
        let counters = link.session.counters();
        self.ticks += counters.ticks;
        self.ticks_answered += link.judge.ticks_answered;
        self.late_replies += counters.late_replies;
        self.ticks_dropped += counters.ticks_dropped;
        self.handler_timeouts += counters.handler_timeouts;
        self.silences += u64::from(link.strategy.is_silence);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.hash ^= other.hash;
        self.steps += other.steps;
        self.sessions += other.sessions;
        self.ticks += other.ticks;
        self.ticks_answered += other.ticks_answered;
        self.orders_done += other.orders_done;
        self.orders_unknown += other.orders_unknown;
        self.orders_settled += other.orders_settled;
        self.late_replies += other.late_replies;
        self.ticks_dropped += other.ticks_dropped;
        self.handler_timeouts += other.handler_timeouts;
        self.silences += other.silences;
    }
}

pub(crate) struct World {
    now: Time,
    clock: Clock,
    canary: Canary,
    random: Random,
    weather: Weather,
    ea: Ea,
    broker: Broker,
    links: Vec<Link>,
    orders: Orders,
    next_cut: Time,
    /// No order is given any more.
    is_settling: bool,
    report: Report,
}

impl World {
    pub(crate) fn new(seed: u64, canary: Canary) -> Self {
        let mut random = Random::new(seed);
        let weather = Weather::of(&mut random);
        let ea = Ea::new(Random::new(random.next()), canary == Canary::NoTable);
        Self {
            now: 0,
            clock: Clock::new(),
            canary,
            weather,
            ea,
            random,
            broker: Broker::default(),
            links: Vec::new(),
            orders: Orders::default(),
            next_cut: SECOND,
            is_settling: false,
            report: Report { hash: 0xCBF2_9CE4_8422_2325, ..Report::default() },
        }
    }

    /// Lets the world run for a time, then five more minutes in which nothing fails, after which
    /// everybody knows what has become of every order.
    pub(crate) fn run(mut self, time: Time) -> Report {
        self.run_until(time);
        self.weather = Weather::CALM;
        self.next_cut = Time::MAX;
        self.is_settling = true;
        self.run_until(time + 5 * MINUTE);
        self.orders.check(&self.broker);
        let settled = self.now - 4 * MINUTE + SETTLED_AFTER;
        if let Some(since) = self.orders.oldest_unknown() {
            assert!(since > settled, "an order is unknown since {since}, it is {}", self.now);
        }
        self.report.orders_done = self.broker.count();
        self.report.orders_unknown = self.orders.unknown;
        self.report.orders_settled = self.orders.settled;
        self.report
    }

    fn run_until(&mut self, end: Time) {
        let mut at_once = 0;
        loop {
            let next = self.due();
            if next > end {
                self.now = end;
                return;
            }
            // Everything moves on: nothing is due again and again at the same moment.
            at_once = if next > self.now { 0 } else { at_once + 1 };
            assert!(at_once < 5000, "no progress at {}", self.now);
            self.now = self.now.max(next);
            self.report.steps += 1;
            self.step();
        }
    }

    fn due(&self) -> Time {
        let mut due = self.ea.due().min(self.next_cut);
        due = due.min(self.broker.due().unwrap_or(Time::MAX));
        for link in &self.links {
            due = due.min(link.due(self.clock));
        }
        due
    }

    fn step(&mut self) {
        self.broker.work(self.now);
        if self.next_cut <= self.now {
            self.next_cut = self.now + SECOND;
            if self.random.chance(self.weather.cut) {
                self.cut();
            }
        }
        if self.ea.due() <= self.now {
            self.ea.run(self.now, &mut self.broker);
        }
        self.move_ea();
        for index in 0..self.links.len() {
            self.move_link(index);
        }
        self.replace();
        self.links.retain(|link| !link.is_finished());
        assert!(self.links.len() < 100, "connections pile up");
    }

    /// The connection is lost, with what is on its way; now and then the EA's terminal with it.
    fn cut(&mut self) {
        let now = self.now;
        for link in self.links.iter_mut().filter(|link| link.is_eas) {
            link.is_eas = false;
            link.to_server.close(now, true);
            link.to_ea.close(now, true);
        }
        self.ea.lose(now);
    }

    /// Lets the EA read, and does what it wants.
    fn move_ea(&mut self) {
        let now = self.now;
        if let Some(link) = self.links.iter_mut().find(|link| link.is_eas) {
            while let Some(bytes) = link.to_ea.receive(now) {
                self.ea.receive(now, &bytes, &mut self.broker);
            }
            if link.to_ea.is_over(now) && self.ea.wants.is_none() {
                self.ea.wants = Some(Want::Close);
            }
        }
        let wants = self.ea.wants.take();
        if wants == Some(Want::Open) {
            self.report.sessions += 1;
            self.links.push(Link::new(now, self.clock, self.canary));
        }
        if let Some(link) = self.links.iter_mut().find(|link| link.is_eas) {
            let out = std::mem::take(&mut self.ea.out);
            link.to_server.send(now, &out, self.weather, &mut self.random);
            if wants == Some(Want::Close) {
                link.is_eas = false;
                // The server may learn of it late.
                link.to_server.close(now, false);
                link.to_ea.close(now, true);
            }
        }
        if wants == Some(Want::Close) {
            self.ea.lose(now);
        }
    }

    fn move_link(&mut self, index: usize) {
        let now = self.now;
        let at = self.clock.at(now);
        let Some(link) = self.links.get_mut(index) else { return };
        if !link.is_over {
            while let Some(bytes) = link.to_server.receive(now) {
                hash(&mut self.report.hash, now, &bytes);
                link.take_bytes(now, at, &bytes);
            }
            if link.to_server.is_over(now) {
                link.to_server.end = None;
                link.session.handle_end(at);
            }
        }
        if link.session.poll_timeout().is_some_and(|due| due <= at) {
            link.session.handle_timeout(at);
            let next = link.session.poll_timeout();
            assert!(next.is_none_or(|next| next > at), "{next:?} is not after {at:?}");
        }
        let mut scene = Scene {
            now,
            clock: self.clock,
            session: &mut link.session,
            orders: &mut self.orders,
            broker: &self.broker,
            random: &mut self.random,
        };
        link.strategy.is_settling = self.is_settling;
        let report = &mut self.report.hash;
        link.strategy.run(&mut scene, &mut |word| hash(report, now, word.as_bytes()));
        link.write(now, self.weather, &mut self.random, &mut self.report.hash);
        link.check(now);
        if link.strategy.is_over && !link.is_counted {
            link.is_counted = true;
            self.report.count(link);
        }
    }

    /// The newest session of an EA is the session.
    fn replace(&mut self) {
        let Some(newest) = self.links.iter().rposition(|link| link.session.is_open()) else {
            return;
        };
        let at = self.clock.at(self.now);
        for link in &mut self.links[..newest] {
            link.session.close(at, ErrorCode::Replaced, "the EA has come again");
        }
    }
}

/// Adds bytes to a hash (FNV-1a).
pub(crate) fn hash(hash: &mut u64, now: Time, bytes: &[u8]) {
    for byte in now.to_le_bytes().iter().chain(bytes) {
        *hash = (*hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
    }
}
