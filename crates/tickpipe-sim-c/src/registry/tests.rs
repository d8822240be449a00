//! Open brokers, their errors, and panics that stay here.

use super::*;
use crate::session::Texts;

fn opened() -> u64 {
    let symbols = vec!["EURUSD".to_owned()];
    open(Session::open(&Texts { symbols, ..Texts::default() }).unwrap())
}

#[test]
fn a_number_is_never_given_twice() {
    let first = opened();
    free(first).unwrap();
    let second = opened();
    assert_ne!(first, second);
    assert_eq!(with(first, |_| Ok(())), code::ERROR_HANDLE);
    assert_eq!(free(first), Err(Failure::Handle { found: first }));
    assert_eq!(with(second, |_| Ok(())), code::OK);
    free(second).unwrap();
}

#[test]
fn each_broker_has_its_own_error_and_each_thread() {
    let (a, b) = (opened(), opened());
    with(a, |_| Err(Failure::Symbol { found: "A".to_owned() }));
    assert!(last_error(a).contains("symbol A") && last_error(b).is_empty());
    with(0, |_| Ok(()));
    assert!(last_error(0).contains("broker 0 is not open"));
    let elsewhere = std::thread::spawn(move || (last_error(0), last_error(a)));
    let (without, of_a) = elsewhere.join().unwrap();
    assert!(without.is_empty() && of_a.contains("symbol A"));
    free(a).unwrap();
    free(b).unwrap();
}

#[test]
fn a_panic_is_an_error_and_the_broker_is_given_up() {
    let (broken, other) = (opened(), opened());
    assert_eq!(with(broken, |_| panic!("the sky fell")), code::ERROR_BUG);
    assert!(last_error(broken).contains("the sky fell"), "{}", last_error(broken));
    assert_eq!(with(broken, |_| Ok(())), code::ERROR_BUG);
    assert!(last_error(broken).contains("in an earlier call"));
    assert_eq!(with(other, |_| Ok(())), code::OK);
    assert_eq!(without(|| panic!("{} {}", "two", "words")), code::ERROR_BUG);
    assert!(last_error(0).contains("two words"));
    free(broken).unwrap();
    free(other).unwrap();
}

/// A broker may be freed while another thread is in it.
#[test]
fn a_broker_outlives_its_number_as_long_as_it_is_needed() {
    let broker = opened();
    let code = with(broker, |session| {
        free(broker)?;
        session.time(1)?;
        assert_eq!(session.now_msc(), 1);
        Ok(())
    });
    assert_eq!((code, with(broker, |_| Ok(()))), (code::OK, code::ERROR_HANDLE));
}
