//! Any answer of the EA.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::message::retcode::{self, Retcode};

fn order() -> impl Strategy<Value = Order> {
    let what = (order_ticket(), symbol(), select(OrderType::ALL), of(lots()));
    let prices = (of(price()), of(price()), of(price()), of(price()));
    let marks = (of(magic()), of(comment()), of(client_id()), of(select(OrderState::ALL)));
    (what, prices, marks, of(time()), of(later())).prop_map(
        |(what, prices, marks, time_setup_msc, expiration)| Order {
            ticket: what.0,
            symbol: what.1,
            r#type: what.2,
            volume: what.3,
            price: prices.0,
            stop_limit: prices.1,
            stop_loss: prices.2,
            take_profit: prices.3,
            magic: marks.0,
            comment: marks.1,
            time_setup_msc,
            expiration,
            state: marks.3,
            client_id: marks.2,
        },
    )
}

fn position() -> impl Strategy<Value = Position> {
    let what = (position_ticket(), symbol(), any::<bool>(), lots());
    let prices = (price(), of(price()), of(price()), of(price()));
    let marks = (of(magic()), of(comment()), of(client_id()), of(time()));
    (what, prices, of(money()), of(money()), marks).prop_map(
        |(what, prices, profit, swap, marks)| Position {
            ticket: what.0,
            symbol: what.1,
            r#type: if what.2 { OrderType::Buy } else { OrderType::Sell },
            volume: what.3,
            price_open: prices.0,
            price_current: prices.1,
            stop_loss: prices.2,
            take_profit: prices.3,
            profit,
            swap,
            magic: marks.0,
            comment: marks.1,
            time_msc: marks.3,
            client_id: marks.2,
        },
    )
}

fn deal() -> impl Strategy<Value = Deal> {
    let tickets = (deal_ticket(), of(order_ticket()), of(position_ticket()));
    let what = (select(DealType::ALL), of(select(DealEntry::ALL)), symbol(), lots(), any::<bool>());
    let numbers = (of(price()), of(money()), of(money()), of(money()));
    let marks = (of(magic()), of(comment()), of(client_id()), of(time()));
    (tickets, what, numbers, marks).prop_map(|(tickets, what, numbers, marks)| {
        let is_trade = matches!(what.0, DealType::Buy | DealType::Sell) || what.4;
        Deal {
            ticket: tickets.0,
            order: tickets.1,
            position: tickets.2,
            symbol: is_trade.then_some(what.2),
            r#type: what.0,
            entry: what.1,
            volume: is_trade.then_some(what.3),
            price: numbers.0,
            profit: numbers.1,
            swap: numbers.2,
            commission: numbers.3,
            magic: marks.0,
            comment: marks.1,
            time_msc: marks.3,
            client_id: marks.2,
        }
    })
}

fn order_result(terminal: Terminal) -> impl Strategy<Value = OrderResult> {
    let tickets = (of(order_ticket()), of(deal_ticket()), of(position_ticket()));
    let numbers = (of(lots()), of(price()), of(price()), of(price()));
    let rest = (of(select(OrderStatus::ALL)), any::<bool>(), text());
    (select(retcode::table(terminal)), client_id(), tickets, numbers, rest).prop_map(
        |(row, client_id, tickets, numbers, rest)| {
            let Retcode { code, outcome, .. } = row;
            OrderResult {
                outcome,
                retcode: code,
                client_id,
                status: rest.0.filter(|_| outcome == Outcome::Done),
                order: tickets.0,
                deal: tickets.1,
                position: tickets.2,
                volume: numbers.0,
                price: numbers.1,
                bid: numbers.2,
                ask: numbers.3,
                is_retryable: outcome == Outcome::Rejected && rest.1,
                message: rest.2,
                code: None,
            }
        },
    )
}

fn order_check() -> impl Strategy<Value = OrderCheck> {
    (count(), of(money()), of(money()), of(money()), of(money()), text()).prop_map(
        |(retcode, balance, equity, margin, margin_free, message)| OrderCheck {
            retcode,
            balance,
            equity,
            margin,
            margin_free,
            message,
        },
    )
}

fn symbol_info() -> impl Strategy<Value = SymbolInfo> {
    let what = (symbol(), of(text()), 0..=8_u8, price(), of(price()));
    let volumes = (lots(), lots(), lots());
    let decimals = (of(decimal()), of(decimal()), of(decimal()), of(decimal()));
    let currencies = (of(text()), of(text()), of(text()));
    let rest =
        (of(count()), of(count()), of(select(TradeMode::ALL)), vec(select(Filling::ALL), 0..4));
    (what, volumes, decimals, currencies, rest).prop_map(
        |(what, volumes, decimals, currencies, rest)| SymbolInfo {
            symbol: what.0,
            description: what.1,
            digits: what.2,
            point: what.3,
            tick_size: what.4,
            tick_value: decimals.0,
            contract_size: decimals.1,
            volume_min: volumes.0,
            volume_max: volumes.1,
            volume_step: volumes.2,
            stops_level: rest.0,
            freeze_level: rest.1,
            currency_base: currencies.0,
            currency_profit: currencies.1,
            currency_margin: currencies.2,
            trade_mode: rest.2,
            filling: rest.3,
            swap_long: decimals.2,
            swap_short: decimals.3,
        },
    )
}

fn terminal_info() -> impl Strategy<Value = TerminalInfo> {
    (of(text()), of(text()), of(count()), any::<bool>(), any::<bool>()).prop_map(
        |(name, company, build, is_connected, is_trade_allowed)| TerminalInfo {
            name,
            company,
            build,
            is_connected,
            is_trade_allowed,
        },
    )
}

fn history_tick() -> impl Strategy<Value = HistoryTick> {
    (time(), of(price()), of(price()), of(price()), of(volume()), of(any::<u32>())).prop_map(
        |(time_msc, bid, ask, last, volume, flags)| HistoryTick {
            time_msc,
            bid,
            ask,
            last,
            volume,
            flags,
        },
    )
}

/// A page: rows in rising order of a key, and whether there are more, which there are not after none.
fn page<T: std::fmt::Debug, K: Ord>(
    row: impl Strategy<Value = T>,
    key: impl Fn(&T) -> K,
) -> impl Strategy<Value = (Vec<T>, bool)> {
    (vec(row, 0..5), any::<bool>()).prop_map(move |(mut rows, more)| {
        rows.sort_by_key(|row| key(row));
        rows.dedup_by_key(|row| key(row));
        let more = more && !rows.is_empty();
        (rows, more)
    })
}

/// An answer, with a method that it answers and the terminal it is from.
pub(in crate::message::tests) fn answer() -> impl Strategy<Value = (AskKind, Terminal, Answer)> {
    select(Terminal::ALL).prop_flat_map(|terminal| {
        let empty = vec![AskKind::Alert, AskKind::Comment, AskKind::Ping, AskKind::Subscribe];
        let ordered = select(vec![AskKind::OrderSend, AskKind::OrderStatus]);
        let orders = (any::<bool>(), page(order(), |order| order.ticket));
        prop_oneof![
            select(empty).prop_map(|kind| (kind, Answer::Empty)),
            (account(), account_state()).prop_map(|(account, state)| {
                (AskKind::AccountInfo, Answer::AccountInfo { account, state })
            }),
            page(deal(), |deal| deal.ticket).prop_map(|(deals, more)| {
                (AskKind::HistoryDeals, Answer::HistoryDeals { deals, more })
            }),
            orders.prop_map(|(is_history, (orders, more))| if is_history {
                (AskKind::HistoryOrders, Answer::HistoryOrders { orders, more })
            } else {
                (AskKind::Orders, Answer::Orders { orders, more })
            }),
            vec(of(decimal()), 0..9)
                .prop_map(|values| (AskKind::Indicator, Answer::Indicator { values })),
            order_check()
                .prop_map(|check| (AskKind::OrderCheck, Answer::OrderCheck(Box::new(check)))),
            (ordered, order_result(terminal))
                .prop_map(|(kind, result)| (kind, Answer::OrderResult(Box::new(result)))),
            page(position(), |position| position.ticket).prop_map(|(positions, more)| {
                (AskKind::Positions, Answer::Positions { positions, more })
            }),
            page(bar(), |bar| bar.time)
                .prop_map(|(bars, more)| (AskKind::Rates, Answer::Rates { bars, more })),
            symbol_info()
                .prop_map(|info| (AskKind::SymbolInfo, Answer::SymbolInfo(Box::new(info)))),
            tick().prop_map(|tick| (AskKind::SymbolTick, Answer::SymbolTick(Box::new(tick)))),
            page(symbol(), Symbol::clone)
                .prop_map(|(symbols, more)| (AskKind::Symbols, Answer::Symbols { symbols, more })),
            terminal_info()
                .prop_map(|info| (AskKind::TerminalInfo, Answer::TerminalInfo(Box::new(info)))),
            page(history_tick(), |tick| tick.time_msc)
                .prop_map(|(ticks, more)| (AskKind::Ticks, Answer::Ticks { ticks, more })),
        ]
        .prop_map(move |(kind, answer)| (kind, terminal, answer))
    })
}
