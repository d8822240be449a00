use super::super::tests::{Run, run};
use super::*;
use tickpipe_proto::message::OrderType;

const HOSTILE: &str = "</script><img src=x onerror=x>'\"&\u{202e}\n";

/// A trade whose comments, symbol and settings are as bad as they can be.
fn hostile() -> Report {
    let mut run = Run::new("</script><b>&\"'");
    run.tick(0, "1.10000");
    run.open(OrderType::Buy, [None, None], HOSTILE);
    run.tick(1, "1.10010");
    run.close(1, HOSTILE);
    let report = run.finish().with_broken_off(HOSTILE);
    report.with_setting("</script>", HOSTILE).with_setting("{{data}}", "{{js}}")
}

/// The page without its styles, scripts' insides and comments.
fn markup(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(at) =
        ["<style>", "<script", "<!--"].iter().filter_map(|tag| rest.find(tag)).min()
    {
        let (before, inside) = rest.split_at(at);
        let end = match inside.as_bytes().get(2) {
            Some(b't') => "</style>",
            Some(b'c') => "</script>",
            _ => "-->",
        };
        text.push_str(before);
        rest = inside.split_once(end).expect("it ends").1;
    }
    text + rest
}

/// Panics unless every element that begins ends, inside the one it began in.
#[track_caller]
fn check_nesting(markup: &str) {
    let mut open = Vec::new();
    for tag in markup.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "text: {text}");
        let name = tag.split(' ').next().unwrap_or("");
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{tag}"),
            None if matches!(name, "!DOCTYPE" | "meta") => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, [""; 0]);
}

#[test]
fn a_run_that_was_broken_off_says_so_first() {
    let whole = run().html();
    assert!(!whole.contains("Not played to the end"));
    let broken = run().with_broken_off("the program <died>").html();
    let said =
        "<p class=\"broken\" role=\"alert\">Not played to the end: the program &lt;died&gt;</p>";
    let at = broken.find(said).expect("it is said");
    assert!(Some(at) < broken.find("class=\"tile\""), "before the figures");
}

#[test]
fn what_others_wrote_is_no_markup() {
    let page = hostile().html();
    assert!(!page.contains("<img"), "an element of the comment's");
    assert!(!page.contains("<b>&"), "an element of the symbol's");
    assert_eq!(page.matches("</script").count(), 3, "the scripts are the page's own");
    assert_eq!(page.matches("<script").count(), 3);
    assert!(!page.contains('\u{202e}'), "nothing turns text round");
    check_nesting(&markup(&page));
    // And is there to be read.
    assert!(markup(&page).contains("&lt;/script&gt;&lt;img src=x"));
    // Names between braces are filled in once, and not in what was filled in.
    assert!(page.contains("<th scope=\"row\">{{data}}</th><td>{{js}}</td>"));
}

#[test]
fn a_page_is_whole_and_loads_nothing() {
    let page = run().html();
    check_nesting(&markup(&page));
    let markup = markup(&page);
    for loads in ["src=", "href=", "<link", "@import", "url("] {
        assert!(!markup.contains(loads), "{loads}");
        assert!(!CSS.contains(loads), "{loads}");
    }
    assert!(!markup.contains("{{"), "every name is filled in");
    assert!(page.contains("The MIT License"), "the licence goes with the library");
    assert!(page.contains("default-src 'none'"));
    for (name, value) in figures::all(&run()) {
        assert!(
            markup.contains(&format!("<th scope=\"row\">{name}</th><td>{value}</td>")),
            "{name}"
        );
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert_eq!(run().html(), run().html());
    assert_eq!(hostile().html(), hostile().html());
}

#[test]
fn numbers_are_steps() {
    let json = data::json(&run());
    assert!(
        json.starts_with("{\"currency\":\"USD\",\"digits\":2,\"begin\":1549238400000,"),
        "{json}"
    );
    assert!(json.contains("\"v\":[999945,985,-55,-515,-55,-215,-55,485]"), "{json}");
    assert!(json.contains("\"lo\":[0,0,0,0,0,0,0,0],\"hi\":[55,35,0,0,0,35,0,0]"), "{json}");
    assert!(json.contains("[0,1.10002,3600000,1.10102,1,9.30],"), "{json}");
}

#[test]
fn only_the_last_trades_have_rows() {
    let trade = run().trades.remove(0);
    let trades = vec![trade; rows::ROWS_MAX + 1234];
    let text = rows::trades(&trades, 0);
    assert_eq!(text.matches("<tr data-symbol").count(), rows::ROWS_MAX);
    assert!(text.contains("The last 500, the latest first; 1,234 before them are in trades.csv."));
}

#[test]
fn a_string_of_json_cannot_end_a_script() {
    assert_eq!(escape::json("a\"</é\u{1f600}"), "\"a\\u0022\\u003c/\\u00e9\\ud83d\\ude00\"");
}
