use super::screen::{Cell, Look, parse};
use super::svg::draw;

fn cells(text: &str, look: Look) -> Vec<Cell> {
    text.chars().map(|character| Cell { character, look }).collect()
}

#[test]
fn a_screen_is_read_with_its_colours() {
    let plain = Look::default();
    let bold = Look { is_bold: true, ..plain };
    let green = Look { is_bold: true, colour: Some(2), ..plain };
    let dim = Look { is_dim: true, ..plain };
    let rows =
        parse("\u{1b}[1mab\u{1b}[0m c\u{1b}[1m\u{1b}[32md\n\u{1b}[0;2me\u{1b}[39m\u{1b}[49m\n\n");
    let rows = rows.expect("it can be read");
    let first = [cells("ab", bold), cells(" c", plain), cells("d", green)].concat();
    assert_eq!(rows, [first, cells("e", dim), Vec::new()]);
}

#[test]
fn what_is_no_colour_is_refused() {
    for refused in ["\u{1b}[2J", "\u{1b}[48;5;1m", "\u{1b}]0;title\u{7}", "a\tb"] {
        assert!(parse(refused).is_err(), "{refused:?}");
    }
}

#[test]
fn words_stand_in_their_columns_and_borders_are_lines() {
    let screen = parse("\u{1b}[32m<a>\u{1b}[0m  b│").expect("it can be read");
    let svg = draw("a & b", &screen, 10, 2).expect("it fits");
    assert!(
        svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"116\" height=\"90\"")
    );
    assert!(svg.contains("<title>a &amp; b</title>"), "{svg}");
    let word = "<text class=\"c2\" x=\"16\" y=\"50\" textLength=\"25.2\">&lt;a&gt;</text>";
    assert!(svg.contains(word), "{svg}");
    assert!(svg.contains("<text x=\"58\" y=\"50\" textLength=\"8.4\">b</text>"), "{svg}");
    assert!(svg.contains("<path d=\"M70.6 45.5L70.6 36 M70.6 45.5L70.6 55\"/>"), "{svg}");
}

#[test]
fn the_size_depends_on_the_terminal_alone() {
    let header = |text: &str| {
        let screen = parse(text).expect("it can be read");
        let svg = draw("title", &screen, 80, 23).expect("it fits");
        svg.lines().next().map(str::to_owned)
    };
    assert_eq!(header("a"), header("b\nc\nd"));
    assert!(draw("title", &parse("abc").expect("it can be read"), 2, 1).is_err());
    assert!(draw("title", &parse("a\nb").expect("it can be read"), 2, 1).is_err());
}
