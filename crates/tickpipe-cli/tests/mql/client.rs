//! What the client does over time.

use crate::expert::Expert;
use crate::host::{Server, new_name};

#[test]
fn tries_to_connect_are_far_apart_until_an_answer_came() {
    let name = new_name();
    let mut expert = Expert::start("Ask.mq4", &[("InpPipe", &name)]);
    let opens = |expert: &mut Expert| {
        let opens = expert.stats()["open"].as_u64().expect("a count");
        expert.check("stats reset");
        opens
    };
    expert.check("start");
    // At 0, 250, 750, 1,750 and so on each second: 12 in 10 s, as the clock of this test has it.
    expert.check("advance 10000");
    let tries = opens(&mut expert);
    assert!((10..=13).contains(&tries), "{tries} tries in 10 s");
    expert.check("advance 10000");
    let tries = opens(&mut expert);
    assert!((9..=11).contains(&tries), "{tries} tries in 10 s more");

    let server = Server::start_on(&name, &["--quiet", "double"]);
    expert.check("until 10000 print connected");
    expert.check("tick 1.1 1.2");
    drop(server);
    expert.check("until 10000 print connection");
    opens(&mut expert);
    // The pause is the shortest one again.
    expert.check("advance 600");
    assert!(1 <= opens(&mut expert), "it is tried within 600 ms");
}

#[test]
fn trouble_does_not_fill_the_log() {
    let server = Server::start(&["--quiet", "double"]);
    let inputs = [("InpPipe", server.name.as_str()), ("InpTimeoutMs", "20")];
    let mut expert = Expert::start("TickPipeDouble.mq5", &inputs);
    expert.check("start");
    expert.check("until 10000 print connected");
    server.signal(rustix::process::Signal::STOP);
    for _ in 0..60 {
        expert.check("tick 1.1 1.2");
        expert.check("advance 300");
    }
    let lines = expert.transcript();
    let logged: Vec<_> = lines.iter().filter(|line| line.starts_with("print ")).collect();
    // Ten a minute, and the clock has gone on for 18 s; one more for the minute before.
    assert!(logged.len() <= 11, "{} lines: {logged:#?}", logged.len());
    // The chart shows all of it.
    assert!(100 < lines.len(), "{lines:#?}");
    expert.check("advance 60000");
    drop(server);
    expert.check("until 10000 messages were held back");
}
