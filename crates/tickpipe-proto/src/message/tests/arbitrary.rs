//! Any message there can be, for tests of what must hold for all of them.

mod answer;
mod ask;

use proptest::collection::{btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

pub(super) use self::answer::answer;
pub(super) use self::ask::ask;
use crate::message::*;
use crate::types::{
    ChartId, ClientId, DealTicket, Decimal, Lots, MagicNumber, Money, OrderTicket, PositionTicket,
    Symbol, Timeframe, WHOLE_MAX,
};

const UNITS: std::ops::Range<i64> = 1..1_000_000_000_000_000_000;

pub(super) fn price() -> impl Strategy<Value = Price> {
    (UNITS, 0..=8_u8).prop_map(|(points, digits)| Price::new(points, digits).unwrap())
}

fn lots() -> impl Strategy<Value = Lots> {
    (UNITS, 0..=8_u8).prop_map(|(units, digits)| Lots::new(units, digits).unwrap())
}

pub(super) fn decimal() -> impl Strategy<Value = Decimal> {
    let units = -(UNITS.end - 1)..UNITS.end;
    (units, 0..=8_u8).prop_map(|(units, digits)| Decimal::new(units, digits).unwrap())
}

fn volume() -> impl Strategy<Value = Decimal> {
    (0..UNITS.end, 0..=8_u8).prop_map(|(units, digits)| Decimal::new(units, digits).unwrap())
}

fn money() -> impl Strategy<Value = Money> {
    decimal().prop_map(Money::from_decimal)
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![0..100_u64, 0..=WHOLE_MAX]
}

fn time() -> impl Strategy<Value = i64> {
    (0..=WHOLE_MAX).prop_map(|time| time.try_into().unwrap())
}

/// Seconds of an expiration, which is none if they are zero.
fn later() -> impl Strategy<Value = i64> {
    time().prop_map(|time| time.max(1))
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..20).prop_map(String::from_iter)
}

fn name() -> impl Strategy<Value = String> {
    vec(any::<char>(), 1..=16).prop_map(String::from_iter)
}

fn comment() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.chars().filter(|c| !c.is_control()).take(16).collect())
}

fn symbol() -> impl Strategy<Value = Symbol> {
    name().prop_map(|name| {
        let name: String = name.chars().map(|c| if c.is_control() { '.' } else { c }).collect();
        Symbol::new(&name).unwrap()
    })
}

fn ticket() -> impl Strategy<Value = u64> {
    prop_oneof![1..=u64::MAX, Just(1), Just(u64::MAX)]
}

fn order_ticket() -> impl Strategy<Value = OrderTicket> {
    ticket().prop_map(|ticket| OrderTicket::new(ticket).unwrap())
}

fn deal_ticket() -> impl Strategy<Value = DealTicket> {
    ticket().prop_map(|ticket| DealTicket::new(ticket).unwrap())
}

fn position_ticket() -> impl Strategy<Value = PositionTicket> {
    ticket().prop_map(|ticket| PositionTicket::new(ticket).unwrap())
}

fn magic() -> impl Strategy<Value = MagicNumber> {
    any::<i64>().prop_map(MagicNumber::new)
}

fn client_id() -> impl Strategy<Value = ClientId> {
    "[0-9A-Za-z_-]{1,16}".prop_map(|name| ClientId::new(&name).unwrap())
}

fn timeframe() -> impl Strategy<Value = Timeframe> {
    select(&Timeframe::ALL[..])
}

pub(super) fn tick() -> impl Strategy<Value = Tick> {
    (
        symbol(),
        time(),
        price(),
        price(),
        of(price()),
        of(volume()),
        of(any::<u32>()),
        of(1..=WHOLE_MAX),
    )
        .prop_map(|(symbol, time_msc, bid, ask, last, volume, flags, seq)| Tick {
            symbol,
            time_msc,
            bid,
            ask,
            last,
            volume,
            flags,
            seq,
        })
}

fn bar() -> impl Strategy<Value = Bar> {
    (time(), price(), price(), price(), price(), count(), of(count()), of(count())).prop_map(
        |(time, open, high, low, close, tick_volume, spread, real_volume)| Bar {
            time,
            open,
            high,
            low,
            close,
            tick_volume,
            spread,
            real_volume,
        },
    )
}

pub(super) fn bar_event() -> impl Strategy<Value = BarEvent> {
    (symbol(), timeframe(), bar()).prop_map(|(symbol, timeframe, bar)| BarEvent {
        symbol,
        timeframe,
        bar,
    })
}

pub(super) fn trade() -> impl Strategy<Value = TradeEvent> {
    let what = (select(TradeKind::ALL), symbol(), of(select(OrderType::ALL)));
    let tickets = (of(order_ticket()), of(deal_ticket()), of(position_ticket()));
    let numbers = (of(lots()), of(price()), of(price()), of(price()), of(money()));
    let marks = (of(magic()), of(comment()), of(client_id()), of(time()));
    (what, tickets, numbers, marks).prop_map(|(what, tickets, numbers, marks)| TradeEvent {
        event: what.0,
        symbol: what.1,
        r#type: what.2,
        order: tickets.0,
        deal: tickets.1,
        position: tickets.2,
        volume: numbers.0,
        price: numbers.1,
        stop_loss: numbers.2,
        take_profit: numbers.3,
        profit: numbers.4,
        magic: marks.0,
        comment: marks.1,
        client_id: marks.2,
        time_msc: marks.3,
    })
}

pub(super) fn account_state() -> impl Strategy<Value = AccountState> {
    (money(), money(), money(), money(), of(money()), of(money())).prop_map(
        |(balance, equity, margin, margin_free, credit, profit)| AccountState {
            balance,
            equity,
            margin,
            margin_free,
            credit,
            profit,
        },
    )
}

pub(super) fn log() -> impl Strategy<Value = LogEntry> {
    (select(LogLevel::ALL), text()).prop_map(|(level, text)| LogEntry { level, text })
}

pub(super) fn deinit() -> impl Strategy<Value = Deinit> {
    (count(), of(text())).prop_map(|(reason, text)| Deinit { reason, text })
}

fn account() -> impl Strategy<Value = Account> {
    let modes = (select(AccountTradeMode::ALL), select(MarginMode::ALL));
    ("[0-9]{1,20}", text(), text(), 0..=8_u8, modes, count()).prop_map(
        |(login, server, currency, currency_digits, modes, leverage)| Account {
            login,
            server,
            currency,
            currency_digits,
            trade_mode: modes.0,
            margin_mode: modes.1,
            leverage,
        },
    )
}

fn chart() -> impl Strategy<Value = Chart> {
    (any::<i64>(), symbol(), timeframe(), 0..=8_u8, price()).prop_map(
        |(id, symbol, timeframe, digits, point)| Chart {
            id: ChartId::new(id),
            symbol,
            timeframe,
            digits,
            point,
        },
    )
}

pub(super) fn hello() -> impl Strategy<Value = Hello> {
    let names = (name(), name(), name());
    let modes = (select(Terminal::ALL), select(TickMode::ALL), any::<bool>());
    let numbers = (of(count()), count());
    let kinds = btree_set(select(AskKind::ALL), 0..20);
    (names, modes, numbers, account(), chart(), kinds).prop_map(
        |(names, modes, numbers, account, chart, kinds)| Hello {
            protocol: 1,
            client: names.0,
            client_version: names.1,
            terminal: modes.0,
            build: numbers.0,
            instance: names.2,
            account,
            chart,
            is_tester: modes.2,
            tick_mode: modes.1,
            reply_timeout_ms: numbers.1,
            capabilities: kinds.into_iter().collect(),
        },
    )
}

pub(super) fn welcome() -> impl Strategy<Value = Welcome> {
    (name(), name(), name(), count(), count(), count()).prop_map(
        |(server, server_version, session, heartbeat_ms, silence_ms, line_len_max)| Welcome {
            protocol: 1,
            server,
            server_version,
            session,
            heartbeat_ms,
            silence_ms,
            line_len_max,
        },
    )
}

pub(super) fn fault() -> impl Strategy<Value = Fault> {
    let number = of(-9_007_199_254_740_991..=9_007_199_254_740_991_i64);
    (select(&crate::ErrorCode::ALL[..]), text(), any::<bool>(), number).prop_map(
        |(code, message, is_retryable, terminal_error)| Fault {
            code,
            message,
            is_retryable,
            terminal_error,
        },
    )
}

pub(super) fn id() -> impl Strategy<Value = RequestId> {
    prop_oneof![
        (0..=WHOLE_MAX).prop_map(RequestId::Number),
        name().prop_map(|name| RequestId::Text(name.into())),
    ]
}

const SCALARS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0e-7",
    "1e400",
    "123456789012345678901234567890",
    "1.5E+3",
    r#""mt5""#,
    r#""\ud800""#,
];

/// JSON of any kind, as text, with blanks in it.
pub(super) fn json() -> impl Strategy<Value = String> {
    let quoted = || text().prop_map(|text| serde_json::to_string(&text).unwrap());
    let scalar = prop_oneof![select(SCALARS).prop_map(str::to_owned), quoted(),];
    scalar.prop_recursive(4, 16, 4, move |inner| {
        let member = (quoted(), inner.clone());
        prop_oneof![
            vec(inner, 0..4).prop_map(|items| format!("[ {} ]", items.join(" ,"))),
            vec(member, 0..4).prop_map(|members| {
                let members = members.iter().map(|(name, value)| format!("{name} :\t{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}
