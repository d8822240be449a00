//! How long bars are.

use std::collections::BTreeMap;

use tickpipe_proto::types::Timeframe;

const DAY_S: i64 = 86_400;

/// Returns the least seconds from one bar of a timeframe to the next.
pub(super) fn least_s(timeframe: Timeframe) -> i64 {
    // No month is shorter.
    let seconds = timeframe.seconds().and_then(|seconds| i64::try_from(seconds).ok());
    seconds.unwrap_or(28 * DAY_S)
}

/// Returns the timeframe of so many minutes, as MT4 counts them.
pub(super) fn of_minutes(minutes: i64) -> Option<Timeframe> {
    const MONTH_MIN: i64 = 43_200;
    if minutes == MONTH_MIN {
        return Some(Timeframe::Mn1);
    }
    let is_it = |timeframe: &Timeframe| {
        timeframe.seconds().is_some_and(|seconds| i64::try_from(seconds) == Ok(60 * minutes))
    };
    Timeframe::ALL.into_iter().find(is_it)
}

/// Finds the timeframe in the times of bars: it is the most frequent distance of two of them, of several
/// the shortest. An error says what is there instead.
pub(super) fn find(times: impl Iterator<Item = i64>) -> Result<Timeframe, String> {
    let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
    let mut last = None;
    for time in times {
        let distance = last.map_or(0, |last: i64| time.saturating_sub(last));
        last = Some(time);
        if 0 < distance {
            let is_month = (28 * DAY_S..=31 * DAY_S).contains(&distance);
            let seconds = if is_month { 30 * DAY_S } else { distance };
            *counts.entry(seconds).or_default() += 1;
        }
    }
    let most = counts.iter().max_by_key(|(seconds, count)| (**count, -**seconds));
    let Some((&seconds, _)) = most else {
        return Err("it has fewer than two bars".to_owned());
    };
    let timeframe = (seconds % 60 == 0).then(|| of_minutes(seconds / 60)).flatten();
    timeframe.ok_or_else(|| format!("most of its bars are {seconds} seconds apart"))
}
