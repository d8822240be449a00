use std::cell::RefCell;

use tickpipe_proto::message::OrderType;
use tickpipe_proto::types::{PositionTicket, Price};

use super::*;

fn symbol() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

fn bar(time: i64) -> Bar {
    let price: Price = "1.1".parse().unwrap();
    Bar::new(time, price, price, price, price)
}

fn times(bars: &[Bar]) -> Vec<i64> {
    bars.iter().map(|bar| bar.time).collect()
}

fn code<T: std::fmt::Debug>(result: Result<T, AskError>) -> ErrorCode {
    let AskError::Local(error) = result.unwrap_err() else { panic!("not ours") };
    error.code()
}

/// An EA with a bar every minute from 0 on, the running one being at `now`; `page` rows a page.
fn bars_of(span: RatesSpan, now: i64, page: usize) -> Answer {
    let all: Vec<Bar> = (0..=now).step_by(60).map(bar).collect();
    let wanted: Vec<Bar> = match span {
        RatesSpan::Between { from, to } => {
            all.into_iter().filter(|bar| (from..=to).contains(&bar.time)).collect()
        }
        RatesSpan::Before { to, count } => last(all, |bar| bar.time <= to, count),
        RatesSpan::Position { start, count } => {
            let left = all.len().saturating_sub(usize::try_from(start).unwrap());
            last(all[..left].to_vec(), |_| true, count)
        }
        _ => unreachable!(),
    };
    let more = page < wanted.len();
    Answer::Rates { bars: wanted[wanted.len().saturating_sub(page)..].to_vec(), more }
}

fn last(all: Vec<Bar>, is_in: impl Fn(&Bar) -> bool, count: u64) -> Vec<Bar> {
    let all: Vec<Bar> = all.into_iter().filter(is_in).collect();
    let skip = all.len().saturating_sub(usize::try_from(count).unwrap());
    all[skip..].to_vec()
}

#[test]
fn bars_are_those_that_were_asked_for_whatever_a_page_holds() {
    let whole = |span| {
        let Answer::Rates { bars, .. } = bars_of(span, 6000, usize::MAX) else { unreachable!() };
        times(&bars)
    };
    for span in [
        RatesSpan::Position { start: 0, count: 10 },
        RatesSpan::Position { start: 1, count: 101 },
        RatesSpan::Position { start: 5, count: 1000 },
        RatesSpan::Position { start: 500, count: 3 },
        RatesSpan::Before { to: 3000, count: 7 },
        RatesSpan::Before { to: 3001, count: 500 },
        RatesSpan::Between { from: 60, to: 240 },
        RatesSpan::Between { from: 61, to: 5999 },
        RatesSpan::Between { from: 61, to: 119 },
    ] {
        for page in [1, 2, 3, 7, 1000] {
            let mut now = 6000;
            let found = rates(
                &mut |ask| {
                    let Ask::Rates { span, .. } = ask else { panic!("{ask:?}") };
                    let answer = bars_of(*span, now, page);
                    // A new bar begins between any two pages, and changes nothing.
                    now += 60;
                    Ok(answer)
                },
                &symbol(),
                Timeframe::M1,
                span,
            );
            assert_eq!(times(&found.unwrap()), whole(span), "{span:?} in pages of {page}");
        }
    }
}

#[test]
fn nothing_is_asked_for_nothing() {
    for span in [
        RatesSpan::Position { start: 0, count: 0 },
        RatesSpan::Before { to: 60, count: 0 },
        RatesSpan::Between { from: 2, to: 1 },
    ] {
        let found = rates(&mut |ask| panic!("{ask:?}"), &symbol(), Timeframe::M1, span);
        assert_eq!(found.unwrap(), []);
    }
}

#[test]
fn a_page_of_bars_that_does_not_fit_is_an_error() {
    let span = RatesSpan::Before { to: 600, count: 3 };
    for (pages, what) in [
        (vec![(vec![], true)], "empty, and more"),
        (vec![(vec![60, 0], false)], "falling"),
        (vec![(vec![60, 60], false)], "twice the same"),
        (vec![(vec![660], false)], "after the end"),
        (vec![(vec![0, 60, 120, 180], false)], "too many"),
        (vec![(vec![60], true), (vec![60], false)], "the same page again"),
        (vec![(vec![60], true), (vec![], true)], "no progress"),
    ] {
        let pages = RefCell::new(pages.into_iter());
        let found = rates(
            &mut |_| {
                let (times, more) = pages.borrow_mut().next().unwrap();
                Ok(Answer::Rates { bars: times.into_iter().map(bar).collect(), more })
            },
            &symbol(),
            Timeframe::M1,
            span,
        );
        assert_eq!(code(found), ErrorCode::BadAnswer, "{what}");
    }
}

#[test]
fn an_ea_that_fails_at_a_later_page_fails_the_whole() {
    let mut asked = 0;
    let found = rates(
        &mut |_| {
            asked += 1;
            if asked == 1 {
                Ok(Answer::Rates { bars: vec![bar(60)], more: true })
            } else {
                Err(AskError::Local(LineError::new(ErrorCode::RequestTimeout, "late")))
            }
        },
        &symbol(),
        Timeframe::M1,
        RatesSpan::Position { start: 0, count: 5 },
    );
    assert_eq!(code(found), ErrorCode::RequestTimeout);
}

/// Two ticks a millisecond, in pages of at least `page` that end with a millisecond.
fn ticks_of(from_msc: i64, to_msc: i64, count: u64, page: usize) -> Answer {
    let all: Vec<i64> = (from_msc.max(0)..=to_msc.min(99)).flat_map(|msc| [msc, msc]).collect();
    let wanted = all.len().min(usize::try_from(count).unwrap());
    let held = page.next_multiple_of(2).min(wanted);
    Answer::Ticks {
        ticks: all[..held].iter().map(|msc| HistoryTick::new(*msc)).collect(),
        more: held < wanted,
    }
}

#[test]
fn ticks_are_those_that_were_asked_for_whatever_a_page_holds() {
    for (from_msc, to_msc, count) in [(0, 99, 1000), (5, 20, 1000), (5, 20, 7), (98, 500, 9)] {
        for page in [1, 3, 4, 1000] {
            let found = ticks(
                &mut |ask| {
                    let Ask::Ticks { from_msc, to_msc, count, .. } = ask else { panic!("{ask:?}") };
                    Ok(ticks_of(*from_msc, *to_msc, *count, page))
                },
                &symbol(),
                TickSpan { from_msc, to_msc, count },
            );
            let Answer::Ticks { ticks: whole, .. } = ticks_of(from_msc, to_msc, count, 1000) else {
                unreachable!()
            };
            assert_eq!(found.unwrap(), whole, "{from_msc} to {to_msc} in pages of {page}");
        }
    }
}

fn position(ticket: u64) -> Position {
    let price: Price = "1.1".parse().unwrap();
    let ticket = PositionTicket::new(ticket).unwrap();
    Position::new(ticket, symbol(), OrderType::Buy, "1".parse().unwrap(), price)
}

fn positions_in(pages: Vec<(Vec<u64>, bool)>) -> (Result<Vec<u64>, AskError>, Vec<Option<u64>>) {
    let mut asked = Vec::new();
    let mut pages = pages.into_iter();
    let found = positions(
        &mut |ask| {
            let Ask::Positions { after, .. } = ask else { panic!("{ask:?}") };
            asked.push(*after);
            let (tickets, more) = pages.next().unwrap();
            Ok(Answer::Positions { positions: tickets.into_iter().map(position).collect(), more })
        },
        &Filter::all(),
    );
    let tickets = |rows: Vec<Position>| rows.iter().map(|row| row.ticket.value()).collect();
    (found.map(tickets), asked)
}

#[test]
fn lists_go_on_after_their_last_ticket() {
    let (found, asked) = positions_in(vec![(vec![1, 5], true), (vec![6], true), (vec![], false)]);
    assert_eq!(found.unwrap(), [1, 5, 6]);
    assert_eq!(asked, [None, Some(5), Some(6)]);
    for pages in [
        vec![(vec![], true)],
        vec![(vec![2, 1], false)],
        vec![(vec![5], true), (vec![5, 6], false)],
        vec![(vec![5], true), (vec![4], false)],
    ] {
        assert_eq!(code(positions_in(pages).0), ErrorCode::BadAnswer);
    }
}

#[test]
fn symbols_go_on_after_the_last() {
    let mut pages = vec![(vec!["AUDUSD", "EURUSD"], true), (vec!["USDJPY"], false)].into_iter();
    let mut asked = Vec::new();
    let found = symbols(&mut |ask| {
        let Ask::Symbols { after } = ask else { panic!("{ask:?}") };
        asked.push(after.as_ref().map(ToString::to_string));
        let (names, more) = pages.next().unwrap();
        let symbols = names.into_iter().map(|name| Symbol::new(name).unwrap()).collect();
        Ok(Answer::Symbols { symbols, more })
    });
    let names: Vec<String> = found.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["AUDUSD", "EURUSD", "USDJPY"]);
    assert_eq!(asked, [None, Some("EURUSD".to_owned())]);
}

#[test]
fn the_answer_to_another_method_is_no_page() {
    assert_eq!(code(symbols(&mut |_| Ok(Answer::Empty))), ErrorCode::BadAnswer);
    assert_eq!(code(orders(&mut |_| Ok(Answer::Empty), &Filter::all())), ErrorCode::BadAnswer);
}
