//! A terminal's window as SVG.
//!
//! Every word has its place and its width, so that the columns stand whatever font there is; borders
//! are drawn as lines, because in most fonts they do not meet from row to row. The window brings
//! its own dark ground and an edge, so that it can be read on a light page and on a dark one.

use std::fmt::Write as _;

use anyhow::bail;

use super::screen::{Cell, Look};

/// Of one column and one row, in tenths of a pixel: whole numbers print the same everywhere.
const CELL_WIDTH: usize = 84;
const CELL_HEIGHT: usize = 190;
const MARGIN: usize = 160;
const TITLE_HEIGHT: usize = 360;

/// From the top of a row to the line that letters stand on.
const BASELINE: usize = 140;

const STYLE: &str = "\
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6edf3;\
white-space:pre}.b{font-weight:600}.d{fill:#9198a1}.c1{fill:#ff7b72}.c2{fill:#56d364}.c3{fill:#e3b341}\
.c4{fill:#79c0ff}.c5{fill:#d2a8ff}.c6{fill:#76e3ea}path{stroke:#6e7681;fill:none;shape-rendering:crispEdges}";

/// Draws the first `rows` rows of a screen in a window with a title.
pub(crate) fn draw(
    title: &str,
    screen: &[Vec<Cell>],
    columns: usize,
    rows: usize,
) -> anyhow::Result<String> {
    let width = columns * CELL_WIDTH + 2 * MARGIN;
    let height = TITLE_HEIGHT + rows * CELL_HEIGHT + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
        escaped(title),
        w = pixels(width),
        h = pixels(height),
    );
    window(&mut svg, title, width, height);
    let mut borders = String::new();
    for (row, cells) in screen.iter().enumerate() {
        if columns < cells.len() || rows <= row && !cells.is_empty() {
            bail!("the screen has more than {columns} columns or {rows} rows");
        }
        draw_row(&mut svg, &mut borders, row, cells);
    }
    push(&mut svg, format_args!("<path d=\"{}\"/>\n</svg>\n", borders.trim_end()));
    Ok(svg)
}

/// Draws the ground, the edge, the title bar with its three buttons, and the title.
fn window(svg: &mut String, title: &str, width: usize, height: usize) {
    push(
        svg,
        format_args!(
            "<rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"#0d1117\" \
             stroke=\"#6e7681\"/>\n",
            pixels(width - 10),
            pixels(height - 10),
        ),
    );
    for (index, colour) in ["#ff5f57", "#febc2e", "#28c840"].into_iter().enumerate() {
        let x = pixels(MARGIN + 40 + index * 180);
        push(svg, format_args!("<circle cx=\"{x}\" cy=\"17\" r=\"5.5\" fill=\"{colour}\"/>\n"));
    }
    let middle = pixels(width / 2);
    let title = escaped(title);
    push(
        svg,
        format_args!(
            "<text class=\"d\" x=\"{middle}\" y=\"22\" text-anchor=\"middle\">{title}</text>\n"
        ),
    );
}

/// Draws the words of a row, and adds the lines of its borders.
fn draw_row(svg: &mut String, borders: &mut String, row: usize, cells: &[Cell]) {
    let top = TITLE_HEIGHT + row * CELL_HEIGHT;
    let mut column = 0;
    while let Some(first) = cells.get(column) {
        let x = MARGIN + column * CELL_WIDTH;
        if let Some(arms) = arms(first.character) {
            border(borders, x, top, arms);
        }
        let is_of_word = |cell: &&Cell| {
            cell.look == first.look && cell.character != ' ' && arms(cell.character).is_none()
        };
        let word: String =
            cells[column..].iter().take_while(is_of_word).map(|cell| cell.character).collect();
        let count = word.chars().count();
        if count > 0 {
            push(
                svg,
                format_args!(
                    "<text{} x=\"{}\" y=\"{}\" textLength=\"{}\">{}</text>\n",
                    class(first.look),
                    pixels(x),
                    pixels(top + BASELINE),
                    pixels(count * CELL_WIDTH),
                    escaped(&word),
                ),
            );
        }
        column += count.max(1);
    }
}

/// Where the lines of a border's character go from its middle: left, right, up, down.
fn arms(character: char) -> Option<[bool; 4]> {
    Some(match character {
        '─' => [true, true, false, false],
        '│' => [false, false, true, true],
        '┌' => [false, true, false, true],
        '┐' => [true, false, false, true],
        '└' => [false, true, true, false],
        '┘' => [true, false, true, false],
        '┬' => [true, true, false, true],
        '┴' => [true, true, true, false],
        _ => return None,
    })
}

fn border(borders: &mut String, x: usize, top: usize, arms: [bool; 4]) {
    let (middle, half) = ((x + CELL_WIDTH / 2, top + CELL_HEIGHT / 2), CELL_HEIGHT / 2);
    let ends = [
        (x, middle.1),
        (x + CELL_WIDTH, middle.1),
        (middle.0, middle.1 - half),
        (middle.0, middle.1 + half),
    ];
    for (end, _) in ends.into_iter().zip(arms).filter(|(_, is_drawn)| *is_drawn) {
        let [x, y, to_x, to_y] = [middle.0, middle.1, end.0, end.1].map(pixels);
        push(borders, format_args!("M{x} {y}L{to_x} {to_y} "));
    }
}

fn class(look: Look) -> String {
    let mut classes = Vec::new();
    if look.is_bold {
        classes.push("b".to_owned());
    }
    if look.is_dim {
        classes.push("d".to_owned());
    }
    // Black and white are the ground's and the text's own.
    if let Some(colour @ 1..=6) = look.colour {
        classes.push(format!("c{colour}"));
    }
    if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
}

/// Tenths of a pixel as a number of pixels.
fn pixels(tenths: usize) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn push(text: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    text.write_fmt(more).unwrap_or_default();
}
