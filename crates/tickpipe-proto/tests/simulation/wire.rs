//! One direction of a connection: bytes that come later, in pieces, or never.

use std::collections::VecDeque;

use crate::random::Random;
use crate::{MS, SECOND, Time};

/// How badly things go, each in 10,000.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    /// A line is dropped.
    pub(crate) drop: u64,
    /// A line comes twice.
    pub(crate) double: u64,
    /// A line of garbage comes before a line.
    pub(crate) garbage: u64,
    /// A line has a wrong byte or ends early.
    pub(crate) broken: u64,
    /// The bytes stop coming for a while.
    pub(crate) stall: u64,
    /// A second of the connection's life is its last.
    pub(crate) cut: u64,
}

impl Weather {
    pub(crate) const CALM: Self =
        Self { drop: 0, double: 0, garbage: 0, broken: 0, stall: 0, cut: 0 };

    pub(crate) fn of(random: &mut Random) -> Self {
        match random.next() % 4 {
            0 => Self { cut: 5, ..Self::CALM },
            1 => Self { stall: 40, cut: 10, ..Self::CALM },
            2 => Self { drop: 20, double: 20, garbage: 20, broken: 20, stall: 20, cut: 20 },
            _ => Self { drop: 150, double: 150, garbage: 150, broken: 150, stall: 100, cut: 60 },
        }
    }

    /// What becomes of a line on its way.
    fn line(&self, random: &mut Random, line: &[u8], out: &mut Vec<u8>) {
        if random.chance(self.garbage) {
            garbage(random, out);
        }
        if random.chance(self.drop) {
            return;
        }
        let begin = out.len();
        out.extend_from_slice(line);
        if random.chance(self.double) {
            out.extend_from_slice(line);
        }
        if random.chance(self.broken) {
            let len = (out.len() - begin) as u64;
            let at = begin + random.between(0, len) as usize;
            match random.next() % 3 {
                // Never a byte that makes another message of it: a pipe does not forge.
                0 => out[at] = 1,
                1 => out.truncate(at),
                _ => out.insert(at, b'\n'),
            }
        }
    }
}

fn garbage(random: &mut Random, out: &mut Vec<u8>) {
    match random.next() % 6 {
        0 => out.extend_from_slice(b"\n"),
        1 => out.extend_from_slice(b"[]\n"),
        2 => out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"id\":9999999,\"result\":{}}\n"),
        3 => out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"tick\"}\n"),
        4 => {
            let len = random.between(60_000, 70_000) as usize;
            out.resize(out.len() + len, b'x');
            out.push(b'\n');
        }
        _ => {
            for _ in 0..random.between(1, 40) {
                out.push((random.next() & 0xFF) as u8);
            }
            out.push(b'\n');
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Wire {
    chunks: VecDeque<(Time, Vec<u8>)>,
    /// Nothing comes before what went before it.
    newest: Time,
    /// When the reader learns that there is no more.
    pub(crate) end: Option<Time>,
}

impl Wire {
    /// Sends whole lines.
    pub(crate) fn send(&mut self, now: Time, bytes: &[u8], weather: Weather, random: &mut Random) {
        let mut sent = Vec::with_capacity(bytes.len());
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            weather.line(random, line, &mut sent);
        }
        let mut rest = sent.as_slice();
        while !rest.is_empty() {
            let len =
                if random.chance(9000) { rest.len() } else { random.between(1, 200) as usize };
            let (chunk, after) = rest.split_at(len.min(rest.len()));
            let mut at = now + random.between(10, 2 * MS);
            if random.chance(weather.stall) {
                let most = if random.chance(1000) { 60 * SECOND } else { 12 * SECOND };
                at += random.between(100 * MS, most);
            }
            self.newest = self.newest.max(at);
            self.chunks.push_back((self.newest, chunk.to_vec()));
            rest = after;
        }
    }

    /// No more is sent; what is on the way arrives, unless it is a cut.
    pub(crate) fn close(&mut self, now: Time, is_cut: bool) {
        if is_cut {
            self.chunks.clear();
        }
        self.end.get_or_insert(self.newest.max(now) + MS);
    }

    pub(crate) fn due(&self) -> Option<Time> {
        self.chunks.front().map(|(at, _)| *at).or(self.end)
    }

    pub(crate) fn receive(&mut self, now: Time) -> Option<Vec<u8>> {
        if self.chunks.front()?.0 <= now { Some(self.chunks.pop_front()?.1) } else { None }
    }

    pub(crate) fn is_over(&self, now: Time) -> bool {
        self.chunks.is_empty() && self.end.is_some_and(|end| end <= now)
    }
}
