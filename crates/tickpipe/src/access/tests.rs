use super::*;

const USER: &str = "S-1-5-21-1-2-3-1001";

fn pipe(owner: &str, entries: Option<&[(AccessKind, &str, u32)]>) -> Access {
    let entry = |&(kind, user, rights): &(AccessKind, &str, u32)| AccessEntry {
        kind,
        user: user.to_owned(),
        rights,
    };
    Access::Pipe {
        owner: Some(owner.to_owned()),
        entries: entries.map(|entries| entries.iter().map(entry).collect()),
        sddl: String::new(),
        this_user: USER.to_owned(),
    }
}

fn socket(owner: u32, mode: u32, directory_owner: u32, directory_mode: u32) -> Access {
    let directory = "/run/user/7/tickpipe".to_owned();
    Access::Socket { owner, mode, directory, directory_owner, directory_mode, this_user: 7 }
}

#[test]
fn a_pipe_is_private_to_its_user_and_the_system() {
    use AccessKind::{Allow, Deny, Other};
    let ours = (Allow, USER, FULL_ACCESS);
    for (access, is_private) in [
        (pipe(USER, Some(&[ours, (Allow, SYSTEM, FULL_ACCESS)])), true),
        (pipe(USER, Some(&[ours, (Deny, "S-1-1-0", FULL_ACCESS)])), true),
        (pipe(USER, Some(&[])), true),
        (pipe(USER, Some(&[ours, (Allow, "S-1-1-0", CLIENT_ACCESS)])), false),
        (pipe(USER, Some(&[ours, (Other(9), "", 0)])), false),
        (pipe("S-1-5-32-544", Some(&[ours])), false),
        (pipe(USER, None), false),
    ] {
        assert_eq!(access.is_private(), is_private, "{access}");
    }
}

#[test]
fn a_socket_is_private_by_its_mode_and_place() {
    for (access, is_private) in [
        (socket(7, 0o600, 7, 0o700), true),
        (socket(7, 0o600, 7, 0o755), true),
        (socket(7, 0o600, 0, 0o1777), true),
        (socket(7, 0o600, 7, 0o777), false),
        (socket(7, 0o600, 8, 0o700), false),
        (socket(7, 0o660, 7, 0o700), false),
        (socket(8, 0o600, 7, 0o700), false),
    ] {
        assert_eq!(access.is_private(), is_private, "{access}");
    }
}

#[test]
fn it_is_told_in_words() {
    use AccessKind::{Allow, Deny};
    let entries = [
        (Allow, USER, FULL_ACCESS),
        (Allow, SYSTEM, FULL_ACCESS),
        (Allow, "S-1-5-21-1-2-3-1002", CLIENT_ACCESS),
        (Deny, "S-1-1-0", 0x2),
    ];
    assert_eq!(
        pipe(USER, Some(&entries)).to_string(),
        "owned by you; you may do everything; SYSTEM may do everything; \
         S-1-5-21-1-2-3-1002 may read and write; everyone may not do what mask 0x2 says"
    );
    assert_eq!(
        pipe("S-1-5-32-544", None).to_string(),
        "owned by administrators, open to everybody"
    );
    assert_eq!(
        socket(7, 0o600, 8, 0o700).to_string(),
        "socket yours, mode 0600, in `/run/user/7/tickpipe`, user 8's, mode 0700"
    );
}

#[test]
fn what_stands_on_a_server_is_read_back_and_private() {
    let name = format!("unit-{}-access", std::process::id());
    assert_eq!(Access::of(&name).unwrap_err().kind(), crate::ErrorKind::NotFound);
    let server = crate::Server::bind(&name).unwrap();
    let access = server.access().unwrap();
    assert!(access.is_private(), "{access}");
    assert_eq!(Access::of(&name).unwrap(), access, "a client sees the same");
}

/// What others may do with a socket is seen, not assumed.
#[cfg(unix)]
#[test]
fn an_open_socket_is_not_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let name = format!("unit-{}-open", std::process::id());
    let server = crate::Server::bind(&name).unwrap();
    std::fs::set_permissions(server.address(), std::fs::Permissions::from_mode(0o666)).unwrap();
    let access = server.access().unwrap();
    assert!(!access.is_private(), "{access}");
    assert!(access.to_string().contains("mode 0666"), "{access}");
}

/// And so with a pipe.
#[cfg(windows)]
#[test]
fn a_pipe_that_lets_another_in_is_not_private() {
    let name = format!("unit-{}-open", std::process::id());
    let config = crate::ServerConfig::default().with_allowed_user("S-1-5-21-1-2-3-1002");
    let server = crate::Server::bind_with(&name, config).unwrap();
    let access = server.access().unwrap();
    assert!(!access.is_private(), "{access}");
    let Access::Pipe { sddl, .. } = &access else { panic!("{access:?}") };
    assert!(sddl.starts_with("O:") && sddl.contains("S-1-5-21-1-2-3-1002"), "{sddl}");
    assert!(access.to_string().contains("S-1-5-21-1-2-3-1002 may read and write"), "{access}");
}
