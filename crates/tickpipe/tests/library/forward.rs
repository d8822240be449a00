//! Lines that go to another server over TCP.

use tickpipe::{Endpoint, Forward, Peer, ServerConfig, Token, double};

use crate::support::{Running, ask, start};

fn listening(token: &Token) -> ServerConfig {
    ServerConfig::default().with_listen(Endpoint::loopback("127.0.0.1:0").unwrap(), token.clone())
}

fn forward_to(server: &Running, token: &Token) -> Forward {
    let address = server.tcp_address().to_string();
    Forward::new(Endpoint::loopback(&address).unwrap(), token.clone())
}

#[test]
fn a_line_goes_there_and_its_answer_comes_back() {
    let token = Token::random().unwrap();
    let far = start(listening(&token), |_: &Peer| double);
    let forward = forward_to(&far, &token);
    let near = start(ServerConfig::default(), {
        let forward = forward.clone();
        move |_: &Peer| forward.handler()
    });
    let mut client = near.client();
    assert_eq!(ask(&mut client, "1.10000000"), "2.200");
    assert_eq!(ask(&mut client, "abc"), "not_a_number", "an error keeps its code");
    assert_eq!(ask(&mut near.client(), "2"), "4.000");
    drop(client);
    near.stop();
    let summary = far.stop();
    assert_eq!((summary.connections, summary.exchanges), (2, 3));
    assert_eq!(forward.summary().connected, 2);
}
