//! One server to a name, and nobody else's.

use std::thread;

use crate::ea::Ea;
use crate::host::{Server, new_name, run, size};

/// S3: the second server refuses to start, says who holds the name, and takes nobody's client.
#[test]
fn a_second_server_is_refused_and_told_who_holds_the_name() {
    let server = Server::start(&["--quiet", "double"]);
    let mut ea = Ea::start();
    for _ in 0..size([20, 5], [100, 100]) {
        let second = run(&["serve", "--pipe", &server.name, "echo"], "");
        assert_eq!(second.code, Some(3), "{}", second.err);
        assert!(second.err.contains("is served by process "), "{}", second.err);
        assert!(second.err.contains("hint: "), "{}", second.err);
        if !crate::host::is_wine() {
            assert!(second.err.contains(&server.id().to_string()), "{}", second.err);
        }
        for _ in 0..10 {
            ea.open(0, &server.path);
            ea.exchange(0, r"1\r\n", r"2.000\r\n");
            ea.check("close 0", "ok");
        }
    }
}

/// S3: of servers that start together exactly one gets the name.
#[test]
fn of_servers_that_start_together_one_wins() {
    for _ in 0..size([10, 3], [100, 100]) {
        let name = new_name();
        let starts: Vec<_> = (0..3)
            .map(|_| {
                let name = name.clone();
                thread::spawn(move || start_or_refused(&name))
            })
            .collect();
        let mut servers: Vec<Server> =
            starts.into_iter().filter_map(|start| start.join().expect("no panic")).collect();
        assert_eq!(servers.len(), 1, "{} servers have the name", servers.len());
        let server = servers.pop().expect("one");
        Ea::connected(&server.path).exchange(0, r"1\r\n", r"2.000\r\n");
    }
}

/// Starts a server; `None` if it was refused with status 3.
fn start_or_refused(name: &str) -> Option<Server> {
    let outcome = std::panic::catch_unwind(|| Server::start_on(name, &["--quiet", "double"]));
    match outcome {
        Ok(server) => Some(server),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map_or("", String::as_str);
            assert!(text.contains("exit status: 3") || text.contains("exit code: 3"), "{text}");
            None
        }
    }
}

#[test]
fn a_name_is_free_again_after_a_kill() {
    let name = new_name();
    for _ in 0..3 {
        let server = Server::start_on(&name, &["double"]);
        let mut ea = Ea::connected(&server.path);
        ea.exchange(0, r"1\r\n", r"2.000\r\n");
        drop(server);
        let end = ea.ask("line 0");
        assert!(end.starts_with("eof"), "{end}");
    }
}

#[test]
fn names_that_cannot_be_are_refused_with_a_reason() {
    for name in ["", "a/b", r"\\server\pipe\x"] {
        let refused = run(&["serve", "--pipe", name, "double"], "");
        assert_eq!(refused.code, Some(2), "{name}: {}", refused.err);
        assert!(refused.err.contains("invalid pipe name"), "{}", refused.err);
        assert!(refused.err.contains("allowed is a name such as TestPipe"), "{}", refused.err);
    }
}

/// S6: the log says who a peer is.
#[test]
fn the_log_names_the_peer() {
    let mut server = Server::start(&["-v", "--quiet", "double"]);
    let _ea = Ea::connected(&server.path);
    let line = server.err.wait_for("connection opened").expect("it is logged");
    assert!(line.contains("process_id: Some("), "{line}");
    assert!(line.contains("user: Some("), "{line}");
    assert!(line.contains("ea"), "{line}");
    if crate::host::is_wine() {
        assert!(line.contains("session_id: Some("), "{line}");
        assert!(line.contains("S-1-5-21-"), "{line}");
    }
}

/// S7: the socket and its folder are this user's alone; on Windows S1 and S2 below.
#[cfg(unix)]
#[test]
fn the_endpoint_is_private() {
    if crate::host::is_wine() {
        every_pipe_is_created_with_the_right_flags();
        return;
    }
    use std::os::unix::fs::MetadataExt as _;
    let server = Server::start(&["double"]);
    let socket = std::path::Path::new(&server.path);
    let mode = |path| std::fs::symlink_metadata(path).expect("it is there").mode() & 0o7777;
    assert_eq!(mode(socket), 0o600);
    assert_eq!(mode(socket.parent().expect("a folder")), 0o700);
}

/// S1, S2: every pipe refuses remote clients and carries a descriptor; the first asks to be first.
#[cfg(unix)]
fn every_pipe_is_created_with_the_right_flags() {
    let name = new_name();
    let server = Server::start_command(&name, || {
        let mut command = crate::host::tickpipe(&["serve", "--pipe", &name, "--quiet", "double"]);
        command.env("WINEDEBUG", "-all,+sync");
        command
    });
    let mut ea = Ea::connected(&server.path);
    ea.churn(size([1000, 1000], [1000, 10_000]), &server.path, "answered");
    drop(ea);
    let ended = server.stop();
    let creates: Vec<_> =
        ended.err.iter().filter(|line| line.contains("CreateNamedPipeW (")).collect();
    assert!(creates.len() > 1000, "only {} creates were traced", creates.len());
    for (index, line) in creates.iter().enumerate() {
        // (name, open mode, pipe mode, instances, out, in, timeout, descriptor)
        let arguments: Vec<_> =
            line.trim_end_matches(')').rsplit(", ").take(7).map(str::to_owned).collect();
        let [descriptor, _, input, output, instances, pipe_mode, open_mode] = &arguments[..] else {
            panic!("{line}")
        };
        let number = |text: &str| {
            u32::from_str_radix(text.trim_start_matches("0x").trim_start_matches("0X"), 16)
                .unwrap_or_else(|_| panic!("{text} in {line}"))
        };
        let first = if index == 0 { 0x0008_0000 } else { 0 };
        assert_eq!(number(open_mode), 0x4000_0003 | first, "open mode of create {index}: {line}");
        assert_eq!(number(pipe_mode), 0x8, "pipe mode of create {index}: {line}");
        assert_eq!(instances, "255", "{line}");
        assert_eq!([input.as_str(), output], ["262144", "262144"], "{line}");
        assert_ne!(number(descriptor), 0, "create {index} has no descriptor: {line}");
    }
}
