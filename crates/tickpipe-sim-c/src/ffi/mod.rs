//! What C calls. `include/tickpipe_sim.h` says what each function does, wants and returns.
//!
//! Nothing is decided here: a function looks at the memory it was given, has the broker asked, and writes what
//! comes. A panic ends in the [`registry`], which makes an error of it.
//!
//! Each function is `unsafe` for the same reason: addresses are those of what the header says, or null.

mod books;
mod decimal;
mod memory;
mod orders;
#[cfg(test)]
mod tests;

use std::ffi::c_char;

use self::memory::{Out, optional_text, put_text, read, read_plain, text};
use crate::failure::Failure;
use crate::layout::{Config, Event};
use crate::registry::{self, with, without};
use crate::session::{Session, Texts};

/// The version of the header that this is.
const VERSION: u32 = 1;

const SETTINGS_BYTES_MAX: usize = 4096;
const SYMBOLS_MAX: u32 = 1024;
/// A symbol's or an order's name as a text of its own; what is too long is found to be none.
const NAME_BYTES_MAX: usize = 64;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn tickpipe_sim_version() -> u32 {
    VERSION
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_open(config: *const Config, broker: *mut u64) -> i32 {
    without(|| {
        // SAFETY: the header asks for a place for the number.
        let broker = unsafe { Out::plain("broker", broker)? };
        // SAFETY: the header asks for such a struct.
        let config = unsafe { read(config)? };
        // SAFETY: the header asks for such texts in it.
        let texts = unsafe { texts(&config)? };
        let session = Session::open(&texts)?;
        broker.put(registry::open(session));
        Ok(())
    })
}

/// Reads the texts of a configuration.
///
/// # Safety
///
/// Its addresses are those of texts, or null; `symbols` is that of `symbol_count` of them.
unsafe fn texts(config: &Config) -> Result<Texts, Failure> {
    if SYMBOLS_MAX < config.symbol_count {
        let found = format!("found {}, allowed are {SYMBOLS_MAX}", config.symbol_count);
        return Err(Failure::Value { name: "symbol_count", found });
    }
    let mut symbols = Vec::new();
    for index in 0..usize::try_from(config.symbol_count).unwrap_or(0) {
        let place = if config.symbols.is_null() {
            config.symbols
        } else {
            config.symbols.wrapping_add(index)
        };
        // SAFETY: there are so many addresses, as the caller says.
        let address = unsafe { read_plain("symbols", place)? };
        // SAFETY: each is that of a text, as the caller says.
        symbols.push(unsafe { text("symbols", address, SETTINGS_BYTES_MAX)? });
    }
    // SAFETY: it is that of a text or null, as the caller says.
    let account = unsafe { optional_text("account", config.account, SETTINGS_BYTES_MAX)? };
    // SAFETY: the same.
    let slippage = unsafe { optional_text("slippage", config.slippage, SETTINGS_BYTES_MAX)? };
    // SAFETY: the same.
    let latency = unsafe { optional_text("latency", config.latency, SETTINGS_BYTES_MAX)? };
    let account = account.unwrap_or_default();
    Ok(Texts { account, symbols, slippage, latency, seed: config.seed })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn tickpipe_sim_free(broker: u64) -> i32 {
    without(|| registry::free(broker))
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_last_error(
    broker: u64,
    text: *mut c_char,
    len: usize,
) -> i32 {
    let mut full = 0;
    let code = without(|| {
        let error = registry::last_error(broker);
        full = i32::try_from(error.len()).unwrap_or(i32::MAX);
        // SAFETY: the header asks for so many bytes.
        unsafe { put_text("text", &error, text, len) }
    });
    if code < 0 { code } else { full }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_handle_tick(
    broker: u64,
    symbol: *const c_char,
    time_msc: i64,
    bid: i64,
    ask: i64,
) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for a text.
        let symbol = unsafe { text("symbol", symbol, NAME_BYTES_MAX)? };
        session.tick(&symbol, time_msc, (bid, ask))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn tickpipe_sim_handle_time(broker: u64, now_msc: i64) -> i32 {
    with(broker, |session| session.time(now_msc))
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_now(broker: u64, now_msc: *mut i64) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for a place for the number.
        unsafe { Out::plain("now_msc", now_msc)? }.put(session.now_msc());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_next_time(broker: u64, next_msc: *mut i64) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for a place for the number.
        unsafe { Out::plain("next_msc", next_msc)? }.put(session.next_msc());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_poll_event(broker: u64, event: *mut Event) -> i32 {
    with(broker, |session| {
        // SAFETY: the header asks for such a struct.
        let event = unsafe { Out::sized(event)? };
        event.put(session.event());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn tickpipe_sim_close_all(broker: u64) -> i32 {
    with(broker, |session| {
        session.close_all();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn tickpipe_sim_close_market(broker: u64) -> i32 {
    with(broker, |session| {
        session.close_market();
        Ok(())
    })
}
