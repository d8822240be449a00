use super::*;

const USER: &str = "S-1-5-21-1-2-3-1001";

fn options(idle_instances: usize, left_over_wait: Duration) -> ListenOptions {
    ListenOptions { buffer_len: None, idle_instances, allowed_users: Vec::new(), left_over_wait }
}

/// Returns an EA's end of a pipe whose server has ended.
fn left_over_pipe(name: &PipeName) -> PipeHandle {
    let user = current_user().unwrap();
    let descriptor = SecurityDescriptor::from_sddl(&sddl(&descriptor_of(&user, &[]))).unwrap();
    let path = name.windows_path();
    let server = PipeHandle::create(&path, &descriptor, true, PipeHandle::BUFFER_LEN).unwrap();
    let client = PipeHandle::open(&path).unwrap();
    drop(server);
    client
}

fn described(sddl: &str) -> Descriptor {
    SecurityDescriptor::from_sddl(sddl).unwrap().describe().unwrap()
}

/// S2: what stands on the pipe must be what we wanted, entry by entry.
#[test]
fn only_the_wanted_descriptor_passes() {
    let wanted = descriptor_of(USER, &[]);
    for (sddl, is_wanted) in [
        // As we write it, in another order, by other names for the same.
        (sddl(&wanted).as_str(), true),
        ("O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;SY)(A;;FA;;;S-1-5-21-1-2-3-1001)", true),
        ("O:S-1-5-21-1-2-3-1001D:(A;;0x1f01ff;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)", true),
        // No list at all, an empty one, half of one.
        ("O:S-1-5-21-1-2-3-1001", false),
        ("O:S-1-5-21-1-2-3-1001D:NO_ACCESS_CONTROL", false),
        ("O:S-1-5-21-1-2-3-1001D:P", false),
        ("O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;SY)", false),
        // Somebody more: everyone, anonymous, network and authenticated users; a denial.
        ("O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)(A;;FR;;;WD)", false),
        ("O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)(A;;FR;;;AN)", false),
        ("O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)(A;;FR;;;NU)", false),
        ("O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)(A;;FR;;;AU)", false),
        ("O:S-1-5-21-1-2-3-1001D:P(D;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)", false),
        // Other rights, another owner.
        ("O:S-1-5-21-1-2-3-1001D:P(A;;FR;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)", false),
        ("O:BAD:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)", false),
    ] {
        let outcome = check_descriptor("test", &wanted, &described(sddl));
        assert_eq!(outcome.is_ok(), is_wanted, "{sddl}: {outcome:?}");
        if let Err(error) = outcome {
            assert_eq!(error.kind(), ErrorKind::Security);
        }
    }
}

#[test]
fn another_user_may_read_and_write_but_not_make_an_instance() {
    let create_instance = 0x4;
    let wanted = descriptor_of(USER, &["S-1-5-21-1-2-3-1002".to_owned()]);
    let found = described(&sddl(&wanted));
    assert!(check_descriptor("test", &wanted, &found).is_ok());
    let aces = found.aces.unwrap();
    let guest = aces.iter().find(|ace| ace.sid.ends_with("-1002")).unwrap();
    assert_eq!(guest.mask, CLIENT_ACCESS);
    assert_eq!(guest.mask & create_instance, 0);
}

/// S2: the descriptor of a real pipe, read back from it.
#[test]
fn a_pipe_has_the_descriptor_it_was_made_with() {
    let name = format!("unit-{}-descriptor", std::process::id());
    let path = PipeName::new(&name).unwrap().windows_path();
    let user = current_user().unwrap();
    let wanted = descriptor_of(&user, &[USER.to_owned()]);
    let descriptor = SecurityDescriptor::from_sddl(&sddl(&wanted)).unwrap();
    for is_first in [true, false] {
        let pipe =
            PipeHandle::create(&path, &descriptor, is_first, PipeHandle::BUFFER_LEN).unwrap();
        let found = SecurityDescriptor::of(pipe.handle()).unwrap().describe().unwrap();
        check_descriptor(&path, &wanted, &found).unwrap();
        let other = descriptor_of(&user, &[]);
        assert!(check_descriptor(&path, &other, &found).is_err(), "the check can fail");
    }
}

/// S5: a client talks to a server of its own user only.
#[test]
fn only_a_server_of_this_user_is_talked_to() {
    let (other, empty) = ("S-1-5-21-1-2-3-1002", "");
    for (owner, is_ours) in [
        (Some(USER), true),
        (Some(other), false),
        (Some("S-1-5-32-544"), false),
        (Some("S-1-5-18"), false),
        (Some(empty), false),
        (None, false),
    ] {
        assert_eq!(check_owner("test", owner, USER).is_ok(), is_ours, "{owner:?}");
    }
}

#[test]
fn a_server_that_holds_no_mutex_of_ours_keeps_its_name() {
    let name = PipeName::new(&format!("unit-{}-foreign", std::process::id())).unwrap();
    let user = current_user().unwrap();
    let descriptor = SecurityDescriptor::from_sddl(&sddl(&descriptor_of(&user, &[]))).unwrap();
    let pipe = PipeHandle::create(&name.windows_path(), &descriptor, true, PipeHandle::BUFFER_LEN)
        .unwrap();
    let error = Listener::bind(&name, options(2, Duration::ZERO)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameTaken);
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    drop(pipe);
    drop(Listener::bind(&name, options(2, Duration::ZERO)).unwrap());
}

/// Under Wine the name is free at once, for it ignores the flag.
#[test]
fn a_pipe_that_an_ea_still_holds_is_waited_for() {
    let name = PipeName::new(&format!("unit-{}-left-over", std::process::id())).unwrap();
    let client = left_over_pipe(&name);
    let leaving = std::thread::spawn(move || {
        std::thread::sleep(LEFT_OVER_RETRY * 4);
        drop(client);
    });
    drop(Listener::bind(&name, options(2, Duration::from_secs(60))).unwrap());
    leaving.join().unwrap();
}

/// Under Wine it is no hindrance.
#[test]
fn a_pipe_that_an_ea_holds_for_ever_is_told_of() {
    let name = PipeName::new(&format!("unit-{}-held", std::process::id())).unwrap();
    let client = left_over_pipe(&name);
    let bound = Listener::bind(&name, options(2, LEFT_OVER_RETRY * 2));
    let error = match bound {
        Ok(_) if crate::wine::wine_version().is_some() => left_over(&name, Duration::ZERO),
        bound => bound.unwrap_err(),
    };
    assert_eq!(error.kind(), ErrorKind::NameTaken);
    assert!(error.to_string().contains("an EA holds"), "{error}");
    assert!(std::error::Error::source(&error).is_some(), "{error}");
    drop(client);
}

#[test]
fn as_many_instances_wait_as_were_asked_for() {
    let name = PipeName::new(&format!("unit-{}-idle", std::process::id())).unwrap();
    let listener = Listener::bind(&name, options(5, Duration::ZERO)).unwrap();
    let clients: Vec<_> = (0..5).map(|_| PipeHandle::open(&name.windows_path()).unwrap()).collect();
    let error = PipeHandle::open(&name.windows_path()).unwrap_err();
    assert!(is(&error, ERROR_PIPE_BUSY), "{error}");
    drop((listener, clients));
}
