//! Orders sent, checked and asked for.

use std::ffi::c_char;

use super::NAME_BYTES_MAX;
use super::memory::{Out, read, text};
use crate::failure::Failure;
use crate::layout::{Check, Request, Result as OrderResult};
use crate::registry::with;
use crate::reply;

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_order_send(
    broker: u64,
    now_msc: i64,
    request: *const Request,
    result: *mut OrderResult,
) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for such a struct.
        let result = unsafe { Out::sized(result)? };
        // SAFETY: the header asks for such a struct.
        let request = unsafe { read(request)? };
        answer(result, session.order_send(now_msc, &request), reply::not_sent)
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_order_submit(
    broker: u64,
    now_msc: i64,
    request: *const Request,
    due_msc: *mut i64,
) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for a place for the number.
        let due_msc = unsafe { Out::plain("due_msc", due_msc)? };
        // SAFETY: the header asks for such a struct.
        let request = unsafe { read(request)? };
        due_msc.put(session.order_submit(now_msc, &request)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_order_check(
    broker: u64,
    now_msc: i64,
    request: *const Request,
    check: *mut Check,
) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for such a struct.
        let check = unsafe { Out::sized(check)? };
        // SAFETY: the header asks for such a struct.
        let request = unsafe { read(request)? };
        answer(check, session.order_check(now_msc, &request), reply::no_check)
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_order_status(
    broker: u64,
    client_id: *const c_char,
    result: *mut OrderResult,
) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for such a struct.
        let result = unsafe { Out::sized(result)? };
        // SAFETY: the header asks for a text.
        let client_id = unsafe { text("client_id", client_id, NAME_BYTES_MAX)? };
        result.put(session.order_status(&client_id)?);
        Ok(())
    })
}

/// Writes an answer, also to an order that cannot be one: with the code that a terminal has for it.
fn answer<T: Copy>(
    place: Out<T>,
    answer: Result<T, Failure>,
    wrong: impl FnOnce(u64, &str) -> T,
) -> Result<(), Failure> {
    match answer {
        Ok(answer) => {
            place.put(answer);
            Ok(())
        }
        Err(failure) => {
            if let Some(retcode) = failure.retcode() {
                place.put(wrong(retcode, &failure.to_string()));
            }
            Err(failure)
        }
    }
}
