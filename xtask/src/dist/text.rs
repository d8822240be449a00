//! Markdown as plain text that reads well in Notepad.

mod table;
#[cfg(test)]
mod tests;
mod wrap;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use self::table::Table;

/// The longest line of running text; lines to paste are never broken.
pub(crate) const COLUMNS: usize = 78;
const CODE_INDENT: &str = "    ";
const BULLET: &str = "- ";
/// Of `12. `: a list that a person follows step by step has no hundred steps.
const NUMBER_WIDTH: usize = 4;

/// Ends every line as Windows' programs do.
pub(crate) fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// Renders Markdown as plain text with line feeds. `place` says where the target of a link within the project
/// is for the reader, if it is anywhere.
pub(crate) fn plain(markdown: &str, place: impl Fn(&str) -> Option<String>) -> String {
    let mut writer = Writer::new(&place);
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        writer.take(event);
    }
    writer.finish()
}

/// What is being written, block by block.
struct Writer<'a> {
    place: &'a dyn Fn(&str) -> Option<String>,
    out: String,
    /// The text of the block that is open.
    block: String,
    /// The open lists: the next number, or `None` for dots.
    lists: Vec<Option<u64>>,
    /// Stands before the next line of an item, once.
    bullet: Option<String>,
    /// Whether the outermost open list has an item already.
    is_list_begun: bool,
    /// The targets of the open links, and where in the block their words begin.
    links: Vec<(String, usize)>,
    table: Option<Table>,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is bold, quoted or a part of a table needs nothing done, in plain text"
)]
impl<'a> Writer<'a> {
    fn new(place: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            place,
            out: String::new(),
            block: String::new(),
            lists: Vec::new(),
            bullet: None,
            is_list_begun: false,
            links: Vec::new(),
            table: None,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.block.push_str(&text),
            Event::Code(code) => {
                // A word with blanks would be broken at the end of a line, so they are kept together.
                let code = code.replace(' ', wrap::HARD_BLANK);
                self.block.push_str(&format!("`{code}`"));
            }
            Event::SoftBreak => self.block.push(' '),
            Event::HardBreak => self.block.push('\n'),
            Event::Rule => self.paragraph("-".repeat(COLUMNS).as_str()),
            // Comments, which are for whoever reads the source, and what is not asked for.
            Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.flush();
                self.is_list_begun &= !self.lists.is_empty();
                self.lists.push(first);
            }
            Tag::Item => self.begin_item(),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.into_string(), self.block.len()));
            }
            Tag::Table(_) => self.table = Some(Table::default()),
            Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Paragraph => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Paragraph | TagEnd::Item => self.flush(),
            TagEnd::CodeBlock => self.code(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.block);
                self.table.iter_mut().for_each(|table| table.push_cell(&cell));
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.table.iter_mut().for_each(Table::end_row);
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let text = table.render(COLUMNS - self.indent().len());
                    self.verbatim(&text, &self.indent());
                }
            }
            _ => {}
        }
    }

    /// What stands before every line of the open list's items but the first.
    fn indent(&self) -> String {
        let width = |number: &Option<u64>| number.map_or(BULLET.len(), |_| NUMBER_WIDTH);
        " ".repeat(self.lists.iter().map(width).sum())
    }

    fn begin_item(&mut self) {
        self.flush();
        let bullet = match self.lists.last_mut() {
            Some(Some(number)) => {
                let bullet = format!("{:<NUMBER_WIDTH$}", format!("{number}."));
                *number += 1;
                bullet
            }
            _ => BULLET.to_owned(),
        };
        self.bullet = Some(bullet);
    }

    /// Ends a block of running text, if one is open.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.block);
        if !text.trim().is_empty() {
            self.paragraph(text.trim());
        }
    }

    fn paragraph(&mut self, text: &str) {
        let rest = self.indent();
        let mut first = rest.clone();
        let is_within_list = self.bullet.is_some() && (self.is_list_begun || 1 < self.lists.len());
        if !is_within_list {
            self.blank_line();
        }
        if let Some(bullet) = self.bullet.take() {
            first.truncate(first.len() - bullet.len());
            first.push_str(&bullet);
            self.is_list_begun = true;
        }
        self.out.push_str(&wrap::wrap(text, &first, &rest, COLUMNS));
    }

    fn heading(&mut self, level: HeadingLevel) {
        let title = std::mem::take(&mut self.block).replace(wrap::HARD_BLANK, " ");
        self.blank_line();
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let line = if level == HeadingLevel::H1 { "=" } else { "-" };
        let under = line.repeat(title.chars().count());
        self.out.push_str(&format!("{title}\n{under}\n"));
    }

    fn code(&mut self) {
        let code = std::mem::take(&mut self.block);
        self.verbatim(&code, &format!("{}{CODE_INDENT}", self.indent()));
    }

    /// Lines that stay as they are.
    fn verbatim(&mut self, text: &str, indent: &str) {
        self.blank_line();
        for line in text.lines() {
            self.out.push_str(format!("{indent}{line}").trim_end());
            self.out.push('\n');
        }
    }

    /// A link outside has its address behind its words. One within the project has the reader's name for its
    /// target there, or instead of the name that we have for it.
    fn end_link(&mut self) {
        let Some((target, begin)) = self.links.pop() else { return };
        if target.starts_with("http") {
            if !self.block.ends_with(&target) {
                self.block.push_str(&format!(" ({target})"));
            }
            return;
        }
        let Some(place) = (self.place)(&target) else { return };
        if self.block.ends_with(".md") {
            self.block.truncate(begin);
            self.block.push_str(&place);
        } else {
            self.block.push_str(&format!(" ({place})"));
        }
    }

    fn blank_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        self.out.replace(wrap::HARD_BLANK, " ")
    }
}
