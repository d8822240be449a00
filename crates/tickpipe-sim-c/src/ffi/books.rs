//! What the broker has: the account, symbols, positions, orders and deals.

use std::ffi::c_char;

use super::NAME_BYTES_MAX;
use super::memory::{Out, text};
use crate::failure::Failure;
use crate::layout::{Account, Deal, Order, Position, Sized32, SymbolInfo};
use crate::registry::with;
use crate::session::Session;

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_account_info(broker: u64, info: *mut Account) -> i32 {
    // SAFETY: the header asks for such a struct.
    unsafe { item(broker, info, |session| Ok(session.account())) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_symbol_info(
    broker: u64,
    symbol: *const c_char,
    info: *mut SymbolInfo,
) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for such a struct.
        let info = unsafe { Out::sized(info)? };
        // SAFETY: the header asks for a text.
        let symbol = unsafe { text("symbol", symbol, NAME_BYTES_MAX)? };
        info.put(session.symbol(&symbol)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_symbols_total(broker: u64, count: *mut u64) -> i32 {
    // SAFETY: the header asks for a place for the number.
    unsafe { total(broker, count, Session::symbols) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_symbol_at(
    broker: u64,
    index: u64,
    info: *mut SymbolInfo,
) -> i32 {
    // SAFETY: the header asks for such a struct.
    unsafe { item(broker, info, |session| session.symbol_at(index)) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_positions_total(broker: u64, count: *mut u64) -> i32 {
    // SAFETY: the header asks for a place for the number.
    unsafe { total(broker, count, Session::positions) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_position_at(
    broker: u64,
    index: u64,
    position: *mut Position,
) -> i32 {
    // SAFETY: the header asks for such a struct.
    unsafe { item(broker, position, |session| session.position(index)) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_orders_total(broker: u64, count: *mut u64) -> i32 {
    // SAFETY: the header asks for a place for the number.
    unsafe { total(broker, count, Session::orders) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_order_at(
    broker: u64,
    index: u64,
    order: *mut Order,
) -> i32 {
    // SAFETY: the header asks for such a struct.
    unsafe { item(broker, order, |session| session.order(index)) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_history_orders_total(
    broker: u64,
    count: *mut u64,
) -> i32 {
    // SAFETY: the header asks for a place for the number.
    unsafe { total(broker, count, Session::history_orders) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_history_order_at(
    broker: u64,
    index: u64,
    order: *mut Order,
) -> i32 {
    // SAFETY: the header asks for such a struct.
    unsafe { item(broker, order, |session| session.history_order(index)) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_history_deals_total(
    broker: u64,
    count: *mut u64,
) -> i32 {
    // SAFETY: the header asks for a place for the number.
    unsafe { total(broker, count, Session::history_deals) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_history_deal_at(
    broker: u64,
    index: u64,
    deal: *mut Deal,
) -> i32 {
    // SAFETY: the header asks for such a struct.
    unsafe { item(broker, deal, |session| session.history_deal(index)) }
}

/// # Safety
///
/// `place` is that of a number that may be written, or null.
unsafe fn total(broker: u64, place: *mut u64, count: impl FnOnce(&Session) -> usize) -> i32 {
    with(broker, |session| {
        // SAFETY: the caller says so.
        let place = unsafe { Out::plain("count", place)? };
        place.put(u64::try_from(count(session)).unwrap_or(u64::MAX));
        Ok(())
    })
}

/// # Safety
///
/// `place` is that of a struct that says its size and may be written, or null.
unsafe fn item<T: Sized32>(
    broker: u64,
    place: *mut T,
    find: impl FnOnce(&Session) -> Result<T, Failure>,
) -> i32 {
    with(broker, |session| {
        // SAFETY: the caller says so.
        let place = unsafe { Out::sized(place)? };
        place.put(find(session)?);
        Ok(())
    })
}
