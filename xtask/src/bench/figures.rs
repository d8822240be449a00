//! What a run gives, and what many of them say together.

use std::fmt;

use anyhow::Context as _;

use super::servers::Contest;

/// How a client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// One byte a call, as the article's EA.
    Byte,
    /// What is there.
    Line,
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Byte => "byte",
            Self::Line => "line",
        })
    }
}

/// One run of the client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    /// Round trips a second, of all clients together.
    pub(crate) rps: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
}

impl Run {
    /// Reads the client's line: `rps 100 p50_us 1.0 p99_us 2.0 …`.
    ///
    /// # Errors
    ///
    /// Fails if a figure is missing or not above zero.
    pub(crate) fn parse(line: &str) -> anyhow::Result<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let figure = |name: &str| {
            let pair = words.chunks_exact(2).find(|pair| pair[0] == name);
            let value = pair.and_then(|pair| pair[1].parse::<f64>().ok());
            let value = value.filter(|value| value.is_finite() && 0.0 < *value);
            value.with_context(|| format!("the client's line has no `{name}`: {line}"))
        };
        Ok(Self { rps: figure("rps")?, p50_us: figure("p50_us")?, p99_us: figure("p99_us")? })
    }

    /// The median of each figure.
    pub(crate) fn median(runs: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(&runs.iter().map(figure).collect::<Vec<_>>());
        Self { rps: of(|run| run.rps), p50_us: of(|run| run.p50_us), p99_us: of(|run| run.p99_us) }
    }
}

/// The same client against both servers in turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) yardstick: Run,
    pub(crate) tickpipe: Run,
}

/// What a row has to reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    /// Least ratio of round trips a second.
    pub(crate) rps_min: f64,
    /// Greatest ratio of p99, if there is such a goal.
    pub(crate) p99_max: Option<f64>,
}

/// All pairs of one condition.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) title: String,
    pub(crate) contest: Contest,
    pub(crate) goal: Goal,
    pub(crate) pairs: Vec<Pair>,
}

impl Row {
    /// The ratios of a figure, ours to the yardstick's, pair by pair.
    pub(crate) fn ratios(&self, figure: impl Fn(&Run) -> f64) -> Vec<f64> {
        self.pairs.iter().map(|pair| figure(&pair.tickpipe) / figure(&pair.yardstick)).collect()
    }

    /// The median of a figure over the yardstick's runs, and over ours.
    pub(crate) fn medians(&self, figure: impl Fn(&Run) -> f64) -> (f64, f64) {
        let yardstick: Vec<f64> = self.pairs.iter().map(|pair| figure(&pair.yardstick)).collect();
        let tickpipe: Vec<f64> = self.pairs.iter().map(|pair| figure(&pair.tickpipe)).collect();
        (median(&yardstick), median(&tickpipe))
    }

    /// Whether the medians of the ratios reach the goal. No ratio at all reaches none.
    pub(crate) fn is_reached(&self) -> bool {
        let p99 = median(&self.ratios(|run| run.p99_us));
        self.goal.rps_min <= median(&self.ratios(|run| run.rps))
            && self.goal.p99_max.is_none_or(|max| p99 <= max)
    }
}

/// The middle value, or the mean of the middle two; not a number for none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.as_slice() {
        [] => f64::NAN,
        sorted if sorted.len() % 2 == 1 => sorted[middle],
        sorted => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// The least and the greatest value; infinities for none.
pub(crate) fn range(values: &[f64]) -> (f64, f64) {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (min, max)
}
