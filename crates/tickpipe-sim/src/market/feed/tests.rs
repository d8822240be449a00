use tickpipe_ticks::TickTime;

use super::*;

fn symbol(name: &str) -> Symbol {
    Symbol::new(name).unwrap()
}

/// A source of ticks at these milliseconds; the bid tells which one of the source a tick is.
fn source(name: &str, times: &[i64]) -> Source {
    let ticks: Vec<_> = (1..)
        .zip(times)
        .map(|(number, time)| {
            let mut tick = FileTick::at(TickTime::from_nanos(time * 1_000_000));
            tick.bid = format!("{number}").parse().ok();
            tick.ask = tick.bid;
            Ok(tick)
        })
        .collect();
    Source::from_ticks(symbol(name), Clock::Utc, ticks.into_iter())
}

fn play(sources: Vec<Source>) -> Vec<String> {
    let feed = Feed::new(sources).unwrap();
    feed.map(|tick| tick.map(|tick| format!("{}{}@{}", tick.symbol, tick.bid, tick.time_msc)))
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn ticks_are_merged_by_time_and_ties_by_source() {
    let ticks = play(vec![source("B", &[1, 3, 3, 9]), source("A", &[3, 3, 4]), source("C", &[])]);
    assert_eq!(ticks, ["B1@1", "B2@3", "B3@3", "A1@3", "A2@3", "A3@4", "B4@9"]);
}

#[test]
fn a_shift_puts_a_source_on_another_clock() {
    let eet = Clock::Named("EET".into());
    let early = source("A", &[0]).with_shift(7200, eet.clone());
    let late = Source { clock: eet, ..source("B", &[7_199_000]) };
    assert_eq!(play(vec![early, late]), ["B1@7199000", "A1@7200000"]);
}

#[test]
fn clocks_are_never_mixed_or_guessed() {
    let other = Source { clock: Clock::TradeServer, ..source("B", &[]) };
    let error = Feed::new(vec![source("A", &[]), other]).unwrap_err();
    assert!(matches!(error, FeedError::Clocks { .. }), "{error}");
    let dateless = Source { clock: Clock::MidnightUtc, ..source("A", &[]) };
    let error = Feed::new(vec![dateless]).unwrap_err();
    assert!(matches!(error, FeedError::NoDate { .. }), "{error}");
}

#[test]
fn a_broken_file_ends_the_feed_and_a_missing_price_is_counted() {
    let file = "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\r\n\
                2019.02.04\t00:00:00.001\t1.14543\t\t\t\t2\r\n\
                2019.02.04\t00:00:00.002\t\t1.14545\t\t\t4\r\n\
                2019.02.04\t00:00:00.003\tnonsense\t\t\t\t2\r\n";
    let reader = TickReader::new(file.as_bytes(), "ticks.csv").unwrap();
    let mut feed = Feed::new(vec![Source::new(symbol("EURUSD"), reader)]).unwrap();
    // The error is known once the tick before it is taken, and told after it.
    let tick = feed.next().unwrap().unwrap();
    assert_eq!((tick.bid.to_string(), tick.flags), ("1.14543".to_owned(), Some(4)));
    assert!(matches!(feed.next(), Some(Err(FeedError::Ticks { .. }))));
    assert!(feed.next().is_none());
    assert_eq!(feed.skipped(), 1);
}
