use super::*;

fn parse(text: &str) -> Result<String, String> {
    let faults = Faults::parse([text], 1).map_err(|error| error.to_string())?;
    let [rule] = faults.rules.as_slice() else { return Err("not one".to_owned()) };
    let when = match &rule.when {
        When::Chance(chance) => format!("{:x}", chance.threshold),
        When::Order(order) => format!("order {order}"),
        When::Tick(tick) => format!("tick {tick}"),
    };
    Ok(format!("{} {when}", rule.fault))
}

#[test]
fn texts_that_are_faults() {
    let check = |text, expected: &str| assert_eq!(parse(text).as_deref(), Ok(expected), "{text}");
    check("requote=0", "requote 0");
    check("requote=1", "requote 10000000000000000");
    check("requote=1.00000000", "requote 10000000000000000");
    check("unknown=0.5", "unknown 8000000000000000");
    check("garbage=0.00000001", "garbage 2af31dc461");
    check("drop=0.25", "drop 4000000000000000");
    check("drop@order=3", "drop order 3");
    check("die@order=3", "die order 3");
    check("die@tick=18446744073709551615", "die tick 18446744073709551615");
    check("reject=0", "reject:10006 0");
    check("reject:10018@order=1", "reject:10018 order 1");
    check("delay=0", "delay:500 0");
    check("delay:600000@order=1", "delay:600000 order 1");
    check("freeze=0", "freeze:20000 0");
    check("freeze:1@tick=1", "freeze:1 tick 1");
    check("clock=0", "clock:3600 0");
    check("clock:-31536000@tick=1", "clock:-31536000 tick 1");
}

#[test]
fn texts_that_are_none() {
    let check = |text: &str, expected: &str| {
        let error = parse(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    };
    check("", "there is no ``; there are requote, reject, delay, unknown, drop, die, freeze");
    check("requotes=1", "there is no `requotes`, did you mean `requote`?");
    check("Drop=1", "did you mean `drop`?");
    check("frezee=1", "did you mean `freeze`?");
    check("ie=1", "did you mean `die`?");
    check("latency=1", "there is no `latency`; there are");
    check("\u{1b}[2J=1", "there is no `\\u{1b}[2J`");
    check("requote", "says not when it happens; allowed are `requote=PROBABILITY`");
    check(
        "requote@tick=1",
        "says `@tick=1`; allowed are `requote=PROBABILITY`, `requote@order=N`, N",
    );
    check("freeze@order=1", "`freeze@tick=N`, N counted from 1");
    check("drop@tick=1", "`drop@order=N`");
    check("drop@answer=1", "says `@answer=1`");
    check("die@tick", "`die@tick=N`, `die@order=N`, N counted from 1");
    for number in ["0", "", "+1", "-1", "1.0", "18446744073709551616"] {
        check(&format!("die@tick={number}"), &format!("says `@tick={number}`"));
    }
    for number in ["", "-0.1", "1.1", "1.00000001", "nan", "inf", "1e-3", "5%", ".", "0.123456789"]
    {
        check(
            &format!("drop={number}"),
            &format!("found the probability `{number}`, allowed is one"),
        );
    }
    for value in ["0", "600001", "", "1.5", "-1", "4294967296", "x"] {
        check(
            &format!("delay:{value}=1"),
            &format!("found the value `{value}`, allowed are 1 to 600000"),
        );
        check(&format!("freeze:{value}=1"), "allowed are 1 to 600000 milliseconds");
    }
    for value in ["0", "31536001", "-31536001", "-0", "--1", "+1", ""] {
        check(&format!("clock:{value}=1"), "allowed are -31536000 to 31536000 seconds, but not 0");
    }
    for value in ["10009", "10012", "10031", "77", "130", "", "x"] {
        check(&format!("reject:{value}=1"), "allowed is a code of MT5's trade server");
    }
    check("die:1=1", "found the value `1`, allowed is none for `die`");
}

#[test]
fn a_fault_comes_again_only_for_another_moment() {
    let parse = |texts: &[&str]| Faults::parse(texts, 1).map(|faults| faults.rules.len());
    assert_eq!(parse(&["die=0.1", "die@tick=1", "die@tick=2", "die@order=1", "drop=0.1"]), Ok(5));
    for again in [["die=0.1", "die=0.2"], ["freeze:5@tick=1", "freeze:6@tick=1"]] {
        let error = parse(&again).unwrap_err();
        assert!(matches!(error, InvalidFault::Again { .. }), "{error}");
    }
    let texts: Vec<String> = (1..=65).map(|tick| format!("die@tick={tick}")).collect();
    let error = Faults::parse(&texts, 1).unwrap_err();
    assert_eq!(error.to_string(), "fault `die@tick=65` is one too many, allowed are 64");
    assert!(Faults::parse(&texts[..64], 1).is_ok());
}

/// What happens at so many ticks, each followed by two orders and three answers, in words.
fn play(texts: &[&str], seed: u64) -> Vec<String> {
    let mut faults = Faults::parse(texts, seed).unwrap();
    let mut log = Vec::new();
    for tick in 1..=1000 {
        log.extend(faults.at_tick().map(|fault| format!("{tick} {fault}")));
        for order in 1..=2 {
            log.extend(faults.at_order().map(|fault| format!("{tick}.{order} {fault}")));
            log.extend(faults.at_answer().then(|| format!("{tick}.{order} drop")));
        }
        log.extend(faults.at_answer().then(|| format!("{tick} drop")));
    }
    assert_eq!(faults.counts().total(), log.len() as u64);
    log
}

#[test]
fn the_same_seed_gives_the_same_faults() {
    let texts = ["requote=0.1", "die=0.01", "drop=0.05", "clock:-5=0.2", "freeze:7=0.02"];
    let log = play(&texts, 7);
    assert_eq!(log, play(&texts, 7));
    assert_ne!(log, play(&texts, 8));
    let mut turned = texts;
    turned.reverse();
    assert_eq!(log, play(&turned, 7));
}

#[test]
fn no_fault_moves_another() {
    let all = ["garbage=0.1", "clock=0.2", "freeze=0.02", "drop=0.05", "requote=0.1"];
    let together = play(&all, 7);
    for text in all {
        let (name, _) = text.split_once('=').unwrap();
        let of_it = |line: &&String| line.contains(&format!(" {name}"));
        let alone = play(&[text], 7);
        assert!(alone.len() > 10, "{text}");
        assert!(alone.iter().eq(together.iter().filter(of_it)), "{text}");
    }
    // Names that share a seed share nothing else.
    let strip = |log: &[String]| -> Vec<String> {
        log.iter().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
    };
    assert_ne!(strip(&play(&["requote=0.1"], 7)), strip(&play(&["unknown=0.1"], 7)));
}

#[test]
fn orders_do_not_move_what_happens_at_ticks() {
    let at_ticks = |orders: usize| -> Vec<usize> {
        let mut faults = Faults::parse(["die=0.1"], 3).unwrap();
        let mut ticks = Vec::new();
        for tick in 0..200 {
            ticks.extend(faults.at_tick().map(|_| tick));
            for _ in 0..orders {
                faults.at_order();
            }
        }
        ticks
    };
    assert_eq!(at_ticks(0), at_ticks(3));
}

#[test]
fn probabilities_are_met() {
    let check = |probability: &str, expected: u64| {
        let mut faults = Faults::parse([format!("garbage={probability}")], 5).unwrap();
        for _ in 0..100_000 {
            faults.at_tick();
        }
        let found = faults.counts().garbage;
        assert!(found.abs_diff(expected) <= 500, "{probability}: {found}");
    };
    check("0.5", 50_000);
    check("0.03", 3000);
    let mut faults = Faults::parse(["garbage=0", "drop=1"], 5).unwrap();
    for _ in 0..1000 {
        assert_eq!(faults.at_tick().count(), 0);
        assert!(faults.at_answer());
    }
}

#[test]
fn the_first_of_an_order_s_faults_applies() {
    let order = ["requote=1", "reject=1", "delay=1", "unknown=1", "die=1"];
    for (index, first) in order.iter().enumerate() {
        let mut texts = order[index..].to_vec();
        texts.reverse();
        let mut faults = Faults::parse(&texts, 1).unwrap();
        let fault = faults.at_order().unwrap();
        assert!(first.starts_with(fault.name()), "{fault}");
        assert_eq!(faults.counts().total(), 1);
    }
}

#[test]
fn a_script_goes_before_chance() {
    let mut faults = Faults::parse(["freeze:1=1", "freeze:2@tick=2"], 1).unwrap();
    let found: Vec<Fault> = (0..3).flat_map(|_| faults.at_tick()).collect();
    assert_eq!(found, [1, 2, 1].map(|ms| Fault::Freeze { ms }));
    assert_eq!(faults.counts().freeze, 3);
}

#[test]
fn faults_of_one_tick_come_in_order_and_death_alone() {
    let texts = ["clock=1", "garbage=1", "freeze=1", "die@tick=2", "die@order=2"];
    let mut faults = Faults::parse(texts, 1).unwrap();
    let names = |faults: &mut Faults| faults.at_tick().map(Fault::name).collect::<Vec<_>>();
    assert_eq!(names(&mut faults), ["freeze", "garbage", "clock"]);
    assert_eq!(names(&mut faults), ["die"]);
    assert_eq!(names(&mut faults), ["freeze", "garbage", "clock"]);
    assert_eq!((faults.at_order(), faults.at_order()), (None, Some(Fault::Die)));
    let counts: Vec<_> = faults.counts().iter().filter(|(_, count)| 0 < *count).collect();
    assert_eq!(counts, [("clock", 2), ("die", 2), ("freeze", 2), ("garbage", 2)]);
}

#[test]
fn an_order_s_answer_is_lost_and_no_other() {
    let mut faults = Faults::parse(["drop@order=2", "drop@order=4", "die@order=4"], 1).unwrap();
    let mut lost = Vec::new();
    for order in 1..=5 {
        let fault = faults.at_order();
        if fault != Some(Fault::Die) {
            lost.push((order, faults.at_answer()));
        }
        assert!(!faults.at_answer(), "another request's");
    }
    assert_eq!(lost, [(1, false), (2, true), (3, false), (5, false)]);
    assert_eq!(faults.counts().drop, 1);
}

#[test]
fn without_faults_nothing_happens() {
    let mut faults = Faults::new(1);
    assert!(faults.is_empty());
    assert_eq!(faults.at_tick().next(), None);
    assert_eq!((faults.at_order(), faults.at_answer()), (None, false));
    assert_eq!(faults.counts(), &FaultCounts::default());
}
