use tickpipe_proto::message::Fault;

use super::*;

fn id() -> ClientId {
    "order-1".parse().unwrap()
}

fn result(outcome: Outcome, retcode: u64) -> OrderResult {
    OrderResult::new(outcome, retcode, id())
}

fn answer(result: OrderResult) -> Answer {
    Answer::OrderResult(Box::new(result))
}

#[test]
fn an_order_has_three_outcomes() {
    let done = Execution::of(id(), Ok(answer(result(Outcome::Done, 10009)))).unwrap();
    assert!(done.is_done() && done.client_id() == id());

    let mut busy = result(Outcome::Rejected, 146);
    busy.is_retryable = true;
    let rejected = Execution::of(id(), Ok(answer(busy))).unwrap();
    assert!(matches!(&rejected, Execution::Rejected(no) if no.retcode == 146 && no.is_retryable));
    assert_eq!(rejected.done(), None);

    for outcome in [Outcome::Unknown, Outcome::Absent] {
        let unknown = Execution::of(id(), Ok(answer(result(outcome, 10012)))).unwrap();
        assert!(matches!(&unknown, Execution::Unknown(open) if open.retcode == Some(10012)));
    }
}

#[test]
fn what_answers_another_order_says_nothing_of_this_one() {
    let other = OrderResult::new(Outcome::Done, 10009, "order-2".parse().unwrap());
    for found in [answer(other), Answer::Empty] {
        let unknown = Execution::of(id(), Ok(found)).unwrap();
        let Execution::Unknown(open) = unknown else { panic!("{unknown:?}") };
        assert_eq!((open.client_id, open.code), (id(), Some(ErrorCode::BadAnswer)));
    }
}

#[test]
fn an_error_is_one_only_if_nothing_was_sent() {
    let said_before = [
        ErrorCode::Expired,
        ErrorCode::IdConflict,
        ErrorCode::InvalidParams,
        ErrorCode::Stopping,
        ErrorCode::UnknownMethod,
        ErrorCode::UnknownSymbol,
        ErrorCode::Unsupported,
    ];
    for code in ErrorCode::ALL {
        let answer = Err(AskError::Refused(Fault::new(code, "no")));
        match Execution::of(id(), answer) {
            Err(error) => {
                assert!(said_before.contains(&code), "{code}");
                assert_eq!(error.code(), code.as_str());
            }
            Ok(Execution::Unknown(open)) => {
                assert!(!said_before.contains(&code), "{code}");
                assert_eq!(open.code, Some(code));
            }
            Ok(other) => panic!("{code}: {other:?}"),
        }
    }
}

#[test]
fn an_answer_that_did_not_come_is_unknown() {
    for code in [ErrorCode::RequestTimeout, ErrorCode::Disconnected, ErrorCode::BadAnswer] {
        let answer = Err(AskError::Local(LineError::new(code, "late")));
        let unknown = Execution::of(id(), answer).unwrap();
        assert!(matches!(&unknown, Execution::Unknown(open) if open.code == Some(code)));
    }
    for code in [ErrorCode::TooManyRequests, ErrorCode::Unsupported, ErrorCode::TooLong] {
        let answer = Err(AskError::Local(LineError::new(code, "not sent")));
        assert_eq!(Execution::of(id(), answer).unwrap_err().code(), code.as_str());
    }
}

#[test]
fn a_status_may_be_absent_too() {
    for (outcome, expected) in [
        (Outcome::Absent, "absent"),
        (Outcome::Done, "done"),
        (Outcome::Rejected, "rejected"),
        (Outcome::Unknown, "unknown"),
    ] {
        let found = match Settlement::of(id(), answer(result(outcome, 0))).unwrap() {
            Settlement::Absent(_) => "absent",
            Settlement::Done(_) => "done",
            Settlement::Rejected(_) => "rejected",
            Settlement::Unknown(_) => "unknown",
        };
        assert_eq!(found, expected);
    }
    let other = OrderResult::new(Outcome::Done, 10009, "order-2".parse().unwrap());
    assert_eq!(Settlement::of(id(), answer(other)).unwrap_err().code(), "bad_answer");
}

#[test]
fn an_outcome_is_a_line_for_people() {
    let mut done = result(Outcome::Done, 10009);
    done.status = Some(OrderStatus::Filled);
    done.volume = "0.10".parse().ok();
    done.price = "1.10012".parse().ok();
    done.position = PositionTicket::new(7).ok();
    let mut rejected = result(Outcome::Rejected, 10004);
    rejected.is_retryable = true;
    rejected.message = "requote".to_owned();
    let mut unknown = result(Outcome::Unknown, 10012);
    unknown.message = "timeout".to_owned();
    let late = LineError::new(ErrorCode::RequestTimeout, "the EA did not answer in time");
    let late = Execution::of(id(), Err(AskError::Local(late))).unwrap();
    let line = "unknown, not to be sent again: the EA did not answer in time (order-1)";
    assert_eq!(late.to_string(), line);
    let text = "request_timeout: the EA did not answer in time; ask `order_status` what became of \
                it, never send it again";
    assert_eq!(late.into_result().message, text);
    for (result, line) in [
        (done, "filled 0.10 lots at 1.10012, position 7 (order-1)"),
        (rejected, "rejected: requote (retcode 10004, may be sent again, order-1)"),
        (unknown, "unknown, not to be sent again: timeout (order-1)"),
    ] {
        assert_eq!(Execution::of(id(), Ok(answer(result))).unwrap().to_string(), line);
    }
}
