//! What comes when, and how a session ends.

use std::sync::Arc;
use std::time::Duration;

use super::super::{ErrorCode, LocalEvent};
use super::rig::{Doing, Scripted, Told, bar, play, tick};
use crate::session::{Deinit, StopReason};

fn deinit() -> LocalEvent {
    LocalEvent::Ended(StopReason::Deinit(Deinit::new(1)))
}

/// Plays these events; returns the failures, and what was told.
fn played(events: Vec<LocalEvent>, doing: Doing) -> (Vec<String>, Vec<String>) {
    play(Scripted::new(events, &Told::default()), doing)
}

#[test]
fn a_strategy_starts_in_the_moment_of_the_first_event() {
    let doing: Doing = Arc::new(|what, context| {
        if what == "on_start" || what == "on_tick 2" {
            context.comment("x")?;
        }
        Ok(())
    });
    let (failures, told) = played(vec![tick(1), bar(), tick(2), deinit()], doing);
    assert!(failures.is_empty(), "{failures:?}");
    let stop = format!("on_stop {:?} false", StopReason::Deinit(Deinit::new(1)));
    assert_eq!(
        told,
        [
            "hello",
            "on_start",
            "asked comment at 1",
            "on_tick 1",
            "finished Ok(())",
            "on_bar",
            "on_tick 2",
            "asked comment at 2",
            "finished Ok(())",
            &stop,
            // The session after that has nothing in it.
            "hello",
        ]
    );
}

#[test]
fn an_error_is_told_and_the_session_goes_on() {
    let doing: Doing = Arc::new(|what, _| match what {
        "on_tick 1" | "on_bar" => Err(format!("{what} is no good").into()),
        _ => Ok(()),
    });
    let (failures, told) = played(vec![tick(1), bar(), tick(2)], doing);
    assert_eq!(
        failures,
        ["on_tick failed: on_tick 1 is no good", "on_bar failed: on_bar is no good"]
    );
    assert_eq!(
        told,
        [
            "hello",
            "on_start",
            "on_tick 1",
            "finished Err(HandlerFailed)",
            "on_bar",
            "on_tick 2",
            "finished Ok(())",
            "on_stop Disconnected false",
        ]
    );
}

#[test]
fn a_panic_or_a_failed_start_ends_the_session_and_the_next_has_a_new_strategy() {
    let doing: Doing = Arc::new(|what, context| match what {
        "on_tick 1" => panic!("at the first"),
        "on_bar" => panic!("at a bar"),
        "on_start" if context.symbol_tick(context.symbol()).is_ok() => Err("not so".into()),
        _ => Ok(()),
    });
    let mut ea = Scripted::new([tick(1), bar(), tick(3), tick(4), tick(5)], &Told::default());
    let mut starts = 0;
    ea.answering = Box::new(move |_| {
        starts += 1;
        let LocalEvent::Tick(tick) = tick(0) else { panic!("a tick") };
        // The third session does not start.
        if starts == 3 {
            Ok(super::super::Answer::SymbolTick(Box::new(tick)))
        } else {
            Ok(super::super::Answer::Empty)
        }
    });
    let (failures, told) = play(ea, doing);
    assert_eq!(
        failures,
        ["on_tick panicked: at the first", "on_bar panicked: at a bar", "on_start failed: not so"]
    );
    let panicked = "ended handler_panic: the strategy panicked, see the server's log";
    let told: Vec<&str> =
        told.iter().map(String::as_str).filter(|line| !line.starts_with("asked")).collect();
    assert_eq!(
        told,
        [
            "hello",
            "on_start",
            "on_tick 1",
            "finished Err(HandlerPanic)",
            panicked,
            "hello",
            "on_start",
            "on_bar",
            panicked,
            "hello",
            "on_start",
            "ended handler_failed: not so",
            "hello",
            "on_start",
            "on_tick 4",
            "finished Ok(())",
            "on_tick 5",
            "finished Ok(())",
            "on_stop Disconnected false",
        ]
    );
}

#[test]
fn a_session_ends_for_its_reason() {
    for (reason, is_open) in [
        (StopReason::Deinit(Deinit::new(3)), false),
        (StopReason::Disconnected, false),
        (StopReason::Ended(ErrorCode::Silence), false),
        // The EA can still be asked.
        (StopReason::ServerStopping, true),
    ] {
        let events = vec![tick(1), LocalEvent::Ended(reason.clone()), tick(2)];
        let (failures, told) = played(events, Arc::new(|_, _| Ok(())));
        assert!(failures.is_empty(), "{failures:?}");
        let stops: Vec<&String> = told.iter().filter(|line| line.starts_with("on_stop")).collect();
        let expected =
            [format!("on_stop {reason:?} {is_open}"), "on_stop Disconnected false".to_owned()];
        assert_eq!(stops, expected.iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_timer_runs_by_the_trade_servers_clock() {
    let doing: Doing = Arc::new(|what, context| {
        match what {
            "on_tick 100" => context.set_timer(Duration::from_millis(50)),
            "on_tick 1000" => context.stop_timer(),
            _ => {}
        }
        Ok(())
    });
    let times = [100, 149, 150, 160, 200, 900, 901, 1000, 2000];
    let (_, told) = played(times.map(tick).into(), doing);
    let told: Vec<&str> =
        told.iter().map(String::as_str).filter(|line| line.starts_with("on_t")).collect();
    assert_eq!(
        told,
        [
            "on_tick 100",
            "on_tick 149",
            "on_timer",
            "on_tick 150",
            "on_tick 160",
            "on_timer",
            "on_tick 200",
            // Once, however much time has passed.
            "on_timer",
            "on_tick 900",
            "on_tick 901",
            "on_timer",
            "on_tick 1000",
            "on_tick 2000",
        ]
    );
}

#[test]
fn a_tick_costs_no_allocation() {
    let ticks = |count: i64| {
        let events: Vec<LocalEvent> = (0..count).map(tick).collect();
        let mut ea = super::rig::Quick(events.into_iter());
        allocation_counter::measure(|| {
            ea = super::super::run(std::mem::take(&mut ea), |_| super::rig::Idle).ea;
        })
        .count_total
    };
    assert_eq!(ticks(1000), ticks(10));
}
