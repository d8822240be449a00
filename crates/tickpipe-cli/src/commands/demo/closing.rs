//! What the demo says at its end: how long the answers took, and what to do next.

use std::time::Duration;

use crate::palette::Palette;
use crate::play::Tally;
use crate::print::duration;

/// Rows of [`closing`].
pub(crate) const CLOSING_ROWS: usize = 11;

/// The two runs of the demo.
pub(crate) struct Runs<'a> {
    /// Each tick was shown before the next one, on a terminal at a pace that a person can follow.
    pub(crate) shown: &'a Tally,
    pub(crate) full_speed: &'a Tally,
}

/// Returns the lines of the end. `program` is what was typed to start it.
pub(crate) fn closing(runs: &Runs<'_>, program: &str, palette: Palette) -> Vec<String> {
    let Palette { dim, title, .. } = palette;
    let python = if cfg!(windows) { "python" } else { "python3" };
    let lines: [_; CLOSING_ROWS] = [
        String::new(),
        format!(
            "{title}{:<14}{:>7}{:>8}{:>11}{:>11}{:>11}{:>11}{title:#}",
            "time to answer", "ticks", "errors", "p50", "p99", "p99.9", "longest"
        ),
        run("as shown", runs.shown),
        run("at full speed", runs.full_speed),
        format!(
            "{dim}Timed in the EA, from writing a price to having read the whole answer. EA and{dim:#}"
        ),
        format!(
            "{dim}server are two threads of this program; after a pause each must wake first.{dim:#}"
        ),
        String::new(),
        format!(
            "{title}Next: answer in Python, play ticks of yours against it, put an EA on a chart{title:#}"
        ),
        format!(r#"  {program} serve exec -- {python} -c "for l in open(0): print(2*float(l))""#),
        format!("  {program} replay TICKS.csv    {dim}(from another window){dim:#}"),
        format!("  {program} serve double        {dim}(and an EA on a chart, by `install`){dim:#}"),
    ];
    lines.into()
}

fn run(name: &str, tally: &Tally) -> String {
    // One in a thousand is not told of fewer.
    let at = |time: Option<Duration>| format!("{:>11}", time.map_or("-".to_owned(), duration));
    let Tally { sent, latencies, .. } = tally;
    format!(
        "{name:<14}{sent:>7}{:>8}{}{}{}{}",
        tally.errors(),
        at(latencies.p50()),
        at(latencies.p99()),
        at(latencies.p999()),
        at(latencies.longest()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_fits_80_columns_and_says_what_was_measured() {
        let mut tally = Tally::new();
        tally.count("2.200", Duration::from_micros(12));
        let runs = Runs { shown: &tally, full_speed: &tally };
        let lines = closing(&runs, "tickpipe", Palette::PLAIN);
        assert_eq!(lines.len(), CLOSING_ROWS);
        for line in &lines {
            assert!(console::measure_text_width(line) < 80, "{line}");
        }
        assert_eq!(
            lines[2],
            "as shown            1       0    12.0 µs    12.0 µs          -    12.0 µs"
        );
        let coloured = closing(&runs, "tickpipe", Palette::COLOURED);
        let stripped: Vec<_> =
            coloured.iter().map(|line| console::strip_ansi_codes(line).into_owned()).collect();
        assert_eq!(stripped, lines, "colours say nothing of their own");
    }
}
