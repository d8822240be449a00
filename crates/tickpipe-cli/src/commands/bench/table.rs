//! The figures as a table, as JSON, and in a sentence.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::commands::bench::client::Reads;
use crate::commands::bench::measure::{Figures, Row};
use crate::print;

pub(crate) const HEADING: &str = "\
reads   clients  server     a second  ratio         p50         p99       p99.9
";

/// Returns a row as two lines of the table.
pub(crate) fn text(row: &Row) -> String {
    let Row { load, tickpipe, minimal, ratio } = row;
    let mut text = format!("{:<6}{:>9}", load.reads.as_str(), load.clients);
    line(&mut text, "minimal", minimal, "");
    text.push_str(&" ".repeat(15));
    line(&mut text, "tickpipe", tickpipe, &format!("{ratio:.2}"));
    text
}

fn line(text: &mut String, server: &str, figures: &Figures, ratio: &str) {
    let Figures { per_second, latencies } = figures;
    let [p50, p99, p999] = [latencies.p50(), latencies.p99(), latencies.p999()]
        .map(|elapsed| elapsed.map_or_else(|| "-".to_owned(), print::duration));
    let rate = print::thousands(*per_second);
    // Writing to a string cannot fail.
    writeln!(text, "  {server:<8}{rate:>11}  {ratio:>5}{p50:>12}{p99:>12}{p999:>12}")
        .unwrap_or_default();
}

/// Returns what the figures mean, for someone with one chart open.
pub(crate) fn meaning(rows: &[Row]) -> String {
    let Some(row) = one_chart(rows) else { return String::new() };
    format!(
        "tickpipe answers {} ticks a second from one chart on this machine,\n\
         read a byte at a time, as the published EA does: {:.2} of what a minimal\n\
         blocking server does.",
        print::thousands(row.tickpipe.per_second),
        row.ratio
    )
}

/// Returns the row of the article's EA.
fn one_chart(rows: &[Row]) -> Option<&Row> {
    rows.iter().find(|row| row.load.reads == Reads::Byte && row.load.clients == 1)
}

/// Returns a row as a JSON object.
pub(crate) fn json(row: &Row) -> Value {
    let Row { load, tickpipe, minimal, ratio } = row;
    json!({
        "event": "row",
        "reads": load.reads.as_str(),
        "clients": load.clients,
        "ratio": print::rounded(*ratio, 3),
        "tickpipe": figures_json(tickpipe),
        "minimal": figures_json(minimal),
    })
}

fn figures_json(figures: &Figures) -> Value {
    let Figures { per_second, latencies } = figures;
    let microseconds = |elapsed: Option<Duration>| elapsed.map(print::microseconds);
    json!({
        "per_second": print::rounded(*per_second, 1),
        "samples": latencies.count(),
        "p50_us": microseconds(latencies.p50()),
        "p99_us": microseconds(latencies.p99()),
        "p999_us": microseconds(latencies.p999()),
    })
}

/// Returns what the rows come to as a JSON object.
pub(crate) fn summary_json(rows: &[Row], seconds: u32) -> Value {
    let row = one_chart(rows);
    json!({
        "event": "summary",
        "rows": rows.len(),
        "seconds": seconds,
        "ticks_per_second": row.map(|row| print::rounded(row.tickpipe.per_second, 1)),
        "ratio": row.map(|row| print::rounded(row.ratio, 3)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::bench::client::Load;
    use crate::latency::Latencies;

    fn figures(per_second: f64, elapsed: &[u64]) -> Figures {
        let mut latencies = Latencies::new();
        elapsed.iter().for_each(|us| latencies.record(Duration::from_micros(*us)));
        Figures { per_second, latencies }
    }

    fn rows() -> Vec<Row> {
        vec![
            Row {
                load: Load { reads: Reads::Byte, clients: 1 },
                tickpipe: figures(70_791.4, &[12; 2000]),
                minimal: figures(72_614.0, &[12, 5000]),
                ratio: 0.975,
            },
            Row {
                load: Load { reads: Reads::Stream, clients: 1 },
                tickpipe: figures(1_234_567.0, &[]),
                minimal: figures(2_000_000.0, &[]),
                ratio: 0.617,
            },
        ]
    }

    #[test]
    fn a_row_stands_under_its_heading_within_80_columns() {
        let table: String = rows().iter().map(text).collect();
        let want = "\
byte          1  minimal      72,614            12.0 µs      5.0 ms           -
                 tickpipe     70,791   0.97     12.0 µs     12.0 µs     12.0 µs
stream        1  minimal   2,000,000                  -           -           -
                 tickpipe  1,234,567   0.62           -           -           -
";
        assert_eq!(table, want);
        assert!(format!("{HEADING}{table}").lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn one_sentence_says_what_it_means() {
        assert_eq!(
            meaning(&rows()),
            "tickpipe answers 70,791 ticks a second from one chart on this machine,\n\
             read a byte at a time, as the published EA does: 0.97 of what a minimal\n\
             blocking server does."
        );
    }

    #[test]
    fn what_is_not_known_is_null_in_json() {
        let [row, stream] = &rows()[..] else { panic!("two rows") };
        let object = json(row);
        assert_eq!(object["tickpipe"]["samples"], 2000);
        assert_eq!(object["tickpipe"]["p50_us"], 12.0);
        assert_eq!(object["minimal"]["p999_us"], Value::Null);
        assert_eq!(json(stream)["tickpipe"]["p50_us"], Value::Null);
        let summary = summary_json(&rows(), 20);
        assert_eq!(summary["ticks_per_second"], 70_791.4);
        assert_eq!(summary["ratio"], 0.975);
    }
}
