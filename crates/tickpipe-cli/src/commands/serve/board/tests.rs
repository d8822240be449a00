use std::sync::Arc;
use std::time::{Duration, Instant};

use tickpipe::session::{
    Account, AccountState, AccountTradeMode, Chart, ChartId, CloseReason, Deinit, Hello, LogEntry,
    LogLevel, MarginMode, Money, Price, Symbol, Terminal, Tick, Timeframe,
};
use tickpipe::{ErrorCode, LineError, SessionTap, TapEvent};

use super::{Board, EVENTS_MAX, SESSIONS_MAX, SYMBOLS_MAX};
use crate::cell::measure_text_width;
use crate::palette::Palette;
use crate::screen::Size;

/// A board and the time that goes on beside it.
struct Case {
    board: Board,
    now: Instant,
}

impl Case {
    fn new() -> Self {
        Self { board: Board::default(), now: Instant::now() }
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    fn tell(&mut self, connection: u64, event: SessionTap) {
        self.board.handle(&TapEvent::Session { connection, event }, self.now);
    }

    fn open(&mut self, connection: u64, login: &str, symbol: &str) {
        let symbol = Symbol::new(symbol).unwrap();
        let account =
            Account::new(login, "Broker-Demo", "USD", AccountTradeMode::Demo, MarginMode::Hedging);
        let point = "0.00001".parse().unwrap();
        let chart = Chart::new(ChartId::new(1), symbol, Timeframe::M1, 5, point);
        let hello = Hello::new(Terminal::Mt5, "chart-1", account, chart);
        self.tell(connection, SessionTap::Opened(Arc::new(hello)));
    }

    fn tick(&mut self, connection: u64, symbol: &str, bid: &str, ask: &str) {
        let price = |text: &str| text.parse::<Price>().unwrap();
        let symbol = Symbol::new(symbol).unwrap();
        let tick = Tick::new(symbol, 1_700_000_000_123, price(bid), price(ask));
        let elapsed = Duration::ZERO;
        self.tell(connection, SessionTap::Tick { tick, elapsed, result: Ok(()), is_late: false });
    }

    fn account(&mut self, connection: u64) {
        let money = |text: &str| text.parse::<Money>().unwrap();
        let state = AccountState::new(
            money("10000.00"),
            money("9990.50"),
            money("110.01"),
            money("9880.49"),
        );
        self.tell(connection, SessionTap::Account(state));
    }

    fn say(&mut self, connection: u64, text: &str) {
        self.tell(connection, SessionTap::Log(LogEntry::new(LogLevel::Info, text)));
    }

    fn leave(&mut self, connection: u64) {
        self.tell(connection, SessionTap::Closed(CloseReason::Deinit(Deinit::new(1))));
    }

    fn lines(&self, columns: usize, rows: usize) -> Vec<String> {
        self.board.lines(Size { columns, rows }, Palette::PLAIN, self.now)
    }

    #[track_caller]
    fn check(&self, columns: usize, rows: usize, want: &[&str]) {
        let lines = self.lines(columns, rows);
        assert_eq!(lines, want, "\n{}", lines.join("\n"));
    }

    /// Two EAs, of which one has left.
    fn two_sessions() -> Self {
        let mut case = Self::new();
        case.open(1, "5001234", "EURUSD");
        case.account(1);
        case.tick(1, "EURUSD", "1.10000", "1.10012");
        case.open(2, "700", "XAUUSD");
        case.tick(2, "XAUUSD", "1.1", "1.10012");
        case.leave(2);
        case.wait(5);
        case.tick(1, "EURUSD", "1.1", "1.10013");
        case.tick(1, "GBPUSD.pro", "1.25001", "1.25004");
        case.say(1, "crossed");
        case
    }
}

#[test]
fn an_empty_board_says_what_is_missing() {
    Case::new().check(
        79,
        23,
        &[
            "tickpipe serve watch: 0 of 0 sessions open, 0 ticks; Ctrl-C ends it",
            "",
            "no EA has opened a session yet",
            "",
            "no tick has come yet",
            "",
            "nothing else has happened yet",
        ],
    );
}

#[test]
fn accounts_prices_and_events_fit_80_columns() {
    Case::two_sessions().check(
        79,
        23,
        &[
            "tickpipe serve watch: 1 of 2 sessions open, 4 ticks; Ctrl-C ends it",
            "",
            " #  account       trade server  session       balance     equity    margin",
            " 1  5001234 demo  Broker-Demo   open     10000.00 USD    9990.50    110.01",
            " 2  700 demo      Broker-Demo   ended               -          -         -",
            "",
            " #  symbol           bid       ask   spread    ticks     last tick     age",
            " 1  EURUSD       1.10000   1.10013    13 pt        2  22:13:20.123     0 s",
            " 1  GBPUSD.pro   1.25001   1.25004     3 pt        1  22:13:20.123     0 s",
            " 2  XAUUSD       1.10000   1.10012    12 pt        1  22:13:20.123     5 s",
            "",
            "4 events",
            "   5 s  #1  hello from TickPipe 0.1.0 on EURUSD M1, mt5 account 5001234 at Bro…",
            "   5 s  #2  hello from TickPipe 0.1.0 on XAUUSD M1, mt5 account 700 at Broker-…",
            "   5 s  #2  the EA left, reason 1",
            "   0 s  #1  info: crossed",
        ],
    );
}

#[test]
fn a_small_terminal_gets_the_first_rows_and_the_last_events() {
    let mut case = Case::two_sessions();
    case.open(3, "800", "EURUSD");
    for symbol in ["USDJPY", "USDCHF"] {
        case.tick(3, symbol, "100.001", "100.011");
    }
    case.check(
        79,
        12,
        &[
            "tickpipe serve watch: 2 of 3 sessions open, 6 ticks; Ctrl-C ends it",
            " #  account       trade server  session       balance     equity    margin",
            " 1  5001234 demo  Broker-Demo   open     10000.00 USD    9990.50    110.01",
            " 3  800 demo      Broker-Demo   open                -          -         -",
            " 2  700 demo      Broker-Demo   ended               -          -         -",
            " #  symbol           bid       ask   spread    ticks     last tick     age",
            " 1  EURUSD       1.10000   1.10013    13 pt        2  22:13:20.123     0 s",
            " 1  GBPUSD.pro   1.25001   1.25004     3 pt        1  22:13:20.123     0 s",
            "… and 3 more",
            "the last 2 of 5 events",
            "   0 s  #1  info: crossed",
            "   0 s  #3  hello from TickPipe 0.1.0 on EURUSD M1, mt5 account 800 at Broker-…",
        ],
    );
}

#[test]
fn a_narrow_terminal_gets_fewer_columns_and_whole_numbers() {
    Case::two_sessions().check(
        40,
        10,
        &[
            "tickpipe serve watch: 1 of 2 sessions o…",
            " #  account   trade s…  session",
            " 1  5001234…  Broker-…  open",
            " 2  700 demo  Broker-…  ended",
            " #  symbol         bid       ask",
            " 1  EURUSD     1.10000   1.10013",
            "… and 2 more",
            "the last 2 of 4 events",
            "   5 s  #2  the EA left, reason 1",
            "   0 s  #1  info: crossed",
        ],
    );
    let wide = Case::two_sessions().lines(99, 20);
    assert!(wide[3].ends_with("110.01  mt5 EURUSD M1"), "{}", wide[3]);
}

#[test]
fn no_size_is_too_small_and_no_line_too_long() {
    let mut case = Case::two_sessions();
    case.open(3, "1", "日本語日本語日本語");
    case.tick(3, "日本語日本語日本語", "1.1", "1.2");
    for columns in 0..130 {
        for rows in 0..30 {
            let lines = case.lines(columns, rows);
            assert!(lines.len() <= rows, "{columns} x {rows}");
            for line in lines {
                assert!(measure_text_width(&line) <= columns, "{columns} x {rows}: {line}");
            }
        }
    }
}

#[test]
fn an_ea_that_comes_again_has_its_row_again() {
    let mut case = Case::two_sessions();
    case.open(3, "5001234", "EURUSD");
    // The end of the session before, which the new one ended.
    case.leave(1);
    case.tick(3, "EURUSD", "1.20000", "1.20001");
    let lines = case.lines(79, 23).join("\n");
    assert!(lines.contains(" 3  5001234 demo  Broker-Demo   open "), "{lines}");
    assert!(lines.contains(" 3  EURUSD       1.20000   1.20001     1 pt        3 "), "{lines}");
    assert!(lines.contains("1 of 3 sessions open"), "{lines}");
}

#[test]
fn what_is_beyond_the_limits_is_counted() {
    let mut case = Case::new();
    case.open(1, "1", "EURUSD");
    for n in 0..=SYMBOLS_MAX {
        case.tick(1, &format!("S{n}"), "1.1", "1.2");
    }
    case.tick(1, "S0", "1.1", "1.2");
    let lines = case.lines(79, 23);
    assert_eq!(lines[1], "1 tick not listed, beyond 256 sessions or 256 symbols");
    assert!(lines.iter().any(|line| line.starts_with("… and 24")), "{lines:?}");

    // Sessions that are over make room, those that ended first before others.
    case.leave(1);
    case.open(2, "2", "EURUSD");
    case.tick(2, "EURUSD", "1.1", "1.2");
    let lines = case.lines(79, 23);
    assert!(lines[1].ends_with("symbols; 1 session not listed"), "{}", lines[1]);
    assert!(lines[4].starts_with(" 2  2 demo"), "{}", lines[4]);

    let mut case = Case::new();
    for connection in 1..=u64::try_from(SESSIONS_MAX).unwrap() + 2 {
        case.open(connection, &connection.to_string(), "EURUSD");
    }
    case.tick(258, "EURUSD", "1.1", "1.2");
    let lines = case.lines(99, 23);
    let want = "1 tick not listed, beyond 256 sessions or 256 symbols; 2 sessions not listed";
    assert_eq!(lines[1], want);

    let mut case = Case::new();
    for n in 0..=EVENTS_MAX {
        case.say(1, &format!("event {n}"));
    }
    let lines = case.lines(79, 300);
    assert!(lines.contains(&"the last 100 of 101 events".to_owned()), "{lines:?}");
    assert!(lines.contains(&"   0 s  #1  info: event 1".to_owned()), "{lines:?}");
}

#[test]
fn what_is_lost_or_refused_is_said() {
    let mut case = Case::new();
    for connection in [1, 1, 2, 1] {
        let refused = LineError::new(ErrorCode::SessionRequired, "open a session");
        let event = TapEvent::Exchange {
            connection,
            request: "1.1".into(),
            reply: Err(refused),
            elapsed: Duration::ZERO,
        };
        case.board.handle(&event, case.now);
    }
    case.board.set_lost(7);
    let lines = case.lines(99, 23);
    let want = "7 events lost, for the console was too slow; 4 lines of EAs in line mode refused";
    assert_eq!(lines[1], want);
    assert_eq!(lines[7], "2 events", "one for each EA");
    assert_eq!(lines[9], "   0 s  #2  1.1 -> ERR session_required open a session");
}

#[test]
fn the_log_is_shown_not_obeyed() {
    let mut case = Case::new();
    let text = "\u{1b}[2m2026-11-28T17:26:33.328627Z\u{1b}[0m \u{1b}[33m WARN\u{1b}[0m ticks are \
                missing\u{1b}[2J \u{7}\nsecond line\n\n";
    case.board.handle_log(text, case.now);
    case.wait(3600);
    let lines = case.lines(79, 23);
    let want = ["2 events", r"   1 h  log WARN ticks are missing \u{7}", "   1 h  log second line"];
    assert_eq!(lines[6..], want);
}

#[test]
fn colours_say_nothing_of_their_own() {
    let case = Case::two_sessions();
    let size = Size { columns: 79, rows: 23 };
    let lines = case.board.lines(size, Palette::COLOURED, case.now);
    let plain: Vec<_> =
        lines.iter().map(|line| console::strip_ansi_codes(line).into_owned()).collect();
    assert_eq!(plain, case.lines(79, 23));
    assert_ne!(plain, lines);
}
