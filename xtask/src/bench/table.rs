//! The benchmark's page, in Markdown.

use std::fmt::Write as _;

use super::figures::{Row, median, range};
use super::servers::Contest;

/// The headings of a table whose contestants have these names.
fn headings([base, ours]: [&str; 2]) -> [String; 10] {
    [
        "condition".to_owned(),
        format!("{base}, rt/s"),
        format!("{ours}, rt/s"),
        "ratio (min..max)".to_owned(),
        format!("{base}, p50/p99 µs"),
        format!("{ours}, p50/p99 µs"),
        "p50 ratio".to_owned(),
        "p99 ratio".to_owned(),
        "goal".to_owned(),
        "result".to_owned(),
    ]
}

/// A page with the machine's facts and all rows.
pub(crate) fn page(rows: &[Row], facts: &[(&str, String)], pairs: usize) -> String {
    let mut page = String::from("# Round trips\n\n");
    for (name, value) in facts {
        line(&mut page, format_args!("- {name}: {value}"));
    }
    let method = "ratios are the second to the first within a pair; all figures are medians";
    line(&mut page, format_args!("- pairs for each row: {pairs}; {method}"));
    for contest in [Contest::Yardstick, Contest::Exec] {
        let mut rows = rows.iter().filter(|row| row.contest == contest).map(cells).peekable();
        if rows.peek().is_some() {
            let headings = headings(contest.names());
            page.push('\n');
            table(&mut page, &headings.each_ref().map(String::as_str), rows);
        }
    }
    page
}

/// Appends a Markdown table.
pub(crate) fn table<const N: usize>(
    page: &mut String,
    headings: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    line(page, format_args!("| {} |", headings.join(" | ")));
    line(page, format_args!("|{}", " --- |".repeat(N)));
    for row in rows {
        line(page, format_args!("| {} |", row.join(" | ")));
    }
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    writeln!(page, "{text}").ok();
}

fn cells(row: &Row) -> [String; 10] {
    let (yardstick_rps, tickpipe_rps) = row.medians(|run| run.rps);
    let (yardstick_p50, tickpipe_p50) = row.medians(|run| run.p50_us);
    let (yardstick_p99, tickpipe_p99) = row.medians(|run| run.p99_us);
    let ratios = row.ratios(|run| run.rps);
    let (min, max) = range(&ratios);
    let mut goal = format!("≥ {:.2}", row.goal.rps_min);
    if let Some(max) = row.goal.p99_max {
        goal.push_str(&format!(", p99 ≤ {max:.1}"));
    }
    [
        row.title.clone(),
        format!("{yardstick_rps:.0}"),
        format!("{tickpipe_rps:.0}"),
        format!("{:.3} ({min:.3}..{max:.3})", median(&ratios)),
        format!("{yardstick_p50:.1} / {yardstick_p99:.1}"),
        format!("{tickpipe_p50:.1} / {tickpipe_p99:.1}"),
        format!("{:.3}", median(&row.ratios(|run| run.p50_us))),
        format!("{:.2}", median(&row.ratios(|run| run.p99_us))),
        goal,
        if row.is_reached() { "ok" } else { "SHORT" }.to_owned(),
    ]
}
