//! Any request to the EA.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn market() -> impl Strategy<Value = OrderAction> {
    let kind = select(vec![OrderType::Buy, OrderType::Sell]);
    let levels = (of(price()), of(price()));
    (symbol(), kind, lots(), levels, of(count()), of(select(Filling::ALL))).prop_map(
        |(symbol, r#type, volume, levels, deviation_points, filling)| OrderAction::Market {
            symbol,
            r#type,
            volume,
            stop_loss: levels.0,
            take_profit: levels.1,
            deviation_points,
            filling,
        },
    )
}

fn pending() -> impl Strategy<Value = OrderAction> {
    let kinds = OrderType::ALL.iter().copied().filter(|kind| !kind.is_market());
    let kind = select(kinds.collect::<Vec<_>>());
    let prices = (price(), price(), of(price()), of(price()));
    (symbol(), kind, lots(), prices, of(later()), of(select(Filling::ALL))).prop_map(
        |(symbol, r#type, volume, prices, expiration, filling)| OrderAction::Pending {
            symbol,
            r#type,
            volume,
            price: prices.0,
            stop_limit: r#type.is_stop_limit().then_some(prices.1),
            stop_loss: prices.2,
            take_profit: prices.3,
            expiration,
            filling,
        },
    )
}

fn modify() -> impl Strategy<Value = OrderAction> {
    let levels = (of(of(price())), of(of(price())));
    (ticket(), price(), of(price()), levels, of(time()), any::<bool>()).prop_map(
        |(ticket, price, stop_limit, levels, expiration, has_price)| {
            let others = (stop_limit, levels.0, levels.1, expiration);
            OrderAction::Modify {
                ticket,
                // One of the changes has to be there.
                price: (has_price || others == (None, None, None, None)).then_some(price),
                stop_limit,
                stop_loss: levels.0,
                take_profit: levels.1,
                expiration,
            }
        },
    )
}

fn close() -> impl Strategy<Value = OrderAction> {
    (position_ticket(), of(lots()), of(count()), of(select(Filling::ALL))).prop_map(
        |(ticket, volume, deviation_points, filling)| OrderAction::Close {
            ticket,
            volume,
            deviation_points,
            filling,
        },
    )
}

fn action() -> impl Strategy<Value = OrderAction> {
    let tickets = (position_ticket(), position_ticket());
    prop_oneof![
        market(),
        pending(),
        modify(),
        close(),
        tickets.prop_map(|(ticket, by_ticket)| OrderAction::CloseBy { ticket, by_ticket }),
        order_ticket().prop_map(|ticket| OrderAction::Delete { ticket }),
    ]
}

fn order_request() -> impl Strategy<Value = Box<OrderRequest>> {
    (action(), of(magic()), of(comment()), client_id(), of(time())).prop_map(
        |(action, magic, comment, client_id, expires_at_ms)| {
            let client_id = Some(client_id);
            Box::new(OrderRequest { action, magic, comment, client_id, expires_at_ms })
        },
    )
}

fn span() -> impl Strategy<Value = RatesSpan> {
    prop_oneof![
        (time(), count()).prop_map(|(to, count)| RatesSpan::Before { to, count }),
        (time(), time()).prop_map(|(from, to)| RatesSpan::Between { from, to }),
        (count(), count()).prop_map(|(start, count)| RatesSpan::Position { start, count }),
    ]
}

fn history() -> impl Strategy<Value = HistorySpan> {
    (time(), time(), of(ticket())).prop_map(|(from, to, after)| HistorySpan { from, to, after })
}

fn subscription() -> impl Strategy<Value = (Symbol, SubscribeKind)> {
    let kind = prop_oneof![timeframe().prop_map(SubscribeKind::Bars), Just(SubscribeKind::Ticks)];
    (symbol(), kind)
}

fn indicator() -> impl Strategy<Value = Ask> {
    (text(), symbol(), timeframe(), text(), count(), count(), count()).prop_map(
        |(name, symbol, timeframe, inputs, buffer, shift, count)| Ask::Indicator {
            name,
            symbol,
            timeframe,
            inputs,
            buffer,
            shift,
            count,
        },
    )
}

fn list_of() -> impl Strategy<Value = (Option<Symbol>, Option<MagicNumber>, Option<u64>)> {
    (of(symbol()), of(magic()), of(ticket()))
}

pub(in crate::message::tests) fn ask() -> impl Strategy<Value = Ask> {
    let plain = select(vec![Ask::AccountInfo, Ask::Ping, Ask::TerminalInfo]);
    prop_oneof![
        plain,
        text().prop_map(|text| Ask::Alert { text }),
        text().prop_map(|text| Ask::Comment { text }),
        history().prop_map(Ask::HistoryDeals),
        history().prop_map(Ask::HistoryOrders),
        indicator(),
        order_request().prop_map(Ask::OrderCheck),
        order_request().prop_map(Ask::OrderSend),
        client_id().prop_map(|client_id| Ask::OrderStatus { client_id }),
        list_of().prop_map(|(symbol, magic, after)| Ask::Orders { symbol, magic, after }),
        list_of().prop_map(|(symbol, magic, after)| Ask::Positions { symbol, magic, after }),
        (symbol(), timeframe(), span()).prop_map(|(symbol, timeframe, span)| Ask::Rates {
            symbol,
            timeframe,
            span
        }),
        subscription().prop_map(|(symbol, kind)| Ask::Subscribe { symbol, kind }),
        subscription().prop_map(|(symbol, kind)| Ask::Unsubscribe { symbol, kind }),
        symbol().prop_map(|symbol| Ask::SymbolInfo { symbol }),
        symbol().prop_map(|symbol| Ask::SymbolTick { symbol }),
        of(symbol()).prop_map(|after| Ask::Symbols { after }),
        (symbol(), time(), time(), count()).prop_map(|(symbol, from_msc, to_msc, count)| {
            Ask::Ticks { symbol, from_msc, to_msc, count }
        }),
    ]
}
