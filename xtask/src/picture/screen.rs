//! What a terminal shows, from text with the colour escapes that tmux writes.

use anyhow::{Context as _, bail};

/// How a character looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) is_bold: bool,
    pub(crate) is_dim: bool,
    /// One of the eight colours of a terminal, 0 to 7; `None` is the terminal's own.
    pub(crate) colour: Option<u8>,
}

/// One place of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) character: char,
    pub(crate) look: Look,
}

/// Reads the rows of a screen; every character takes one column.
pub(crate) fn parse(text: &str) -> anyhow::Result<Vec<Vec<Cell>>> {
    let mut look = Look::default();
    text.lines().map(|line| parse_row(line, &mut look)).collect()
}

/// Reads a row; a look goes on in the next one.
fn parse_row(line: &str, look: &mut Look) -> anyhow::Result<Vec<Cell>> {
    let mut row = Vec::new();
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        if let Some(escape) = rest.strip_prefix("\u{1b}[") {
            let (codes, after) = escape
                .split_once('m')
                .with_context(|| format!("an escape that sets no colour: {escape:?}"))?;
            for code in codes.split(';') {
                apply(code, look)?;
            }
            rest = after;
        } else if character.is_control() {
            bail!("the screen holds the control character {character:?}");
        } else {
            row.push(Cell { character, look: *look });
            rest = &rest[character.len_utf8()..];
        }
    }
    Ok(row)
}

fn apply(code: &str, look: &mut Look) -> anyhow::Result<()> {
    let colour = |base: u8| code.parse::<u8>().ok().map(|code| code - base);
    match code {
        "" | "0" => *look = Look::default(),
        "1" => look.is_bold = true,
        "2" => look.is_dim = true,
        "22" => (look.is_bold, look.is_dim) = (false, false),
        "30" | "31" | "32" | "33" | "34" | "35" | "36" | "37" => look.colour = colour(30),
        "39" => look.colour = None,
        // The terminal's own background, which is ours.
        "49" => {}
        unknown => bail!("the colour escape {unknown:?} is not known here"),
    }
    Ok(())
}
