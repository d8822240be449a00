//! Events on the wire.

use super::{
    AccountState, Bar, BarEvent, Deinit, HistoryTick, LogEntry, LogLevel, Tick, TradeEvent,
    TradeKind,
};
use crate::message::TickParams;
use crate::message::json::{COMMENT, Path, SymbolName, TEXT, Value as _, Wrong};
use crate::message::json::{comment, members, object, row, text};
use crate::message::put::{OrZero, Put as _, Writer};
use crate::message::words::words;
use crate::types::{Decimal, Symbol};

words! { LogLevel { Error = "error", Info = "info", Warn = "warn", } }

words! {
    TradeKind {
        DealAdd = "deal_add",
        OrderAdd = "order_add",
        OrderDelete = "order_delete",
        OrderUpdate = "order_update",
        PositionClose = "position_close",
        PositionOpen = "position_open",
        PositionUpdate = "position_update",
    }
}

members! {
    struct TickMembers {
        symbol: "symbol",
        time_msc: "time_msc",
        bid: "bid",
        ask: "ask",
        last: "last",
        volume: "volume",
        flags: "flags",
        seq: "seq",
    }
}

impl<'a> TickParams<'a> {
    pub(in crate::message) fn read(json: &'a str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: TickMembers<'a> = object(json, at)?;
        let SymbolName(symbol) = m.symbol.needed(at)?;
        Ok(Self {
            symbol,
            time_msc: m.time_msc.needed(at)?,
            bid: m.bid.needed(at)?,
            ask: m.ask.needed(at)?,
            last: m.last.above_zero(at)?,
            volume: m.volume.optional_as(at, VOLUME, volume)?,
            flags: m.flags.optional(at)?,
            seq: m.seq.optional_as(at, SEQ, |json| u64::read(json).filter(|seq| *seq != 0))?,
        })
    }

    /// Returns the tick with a symbol of its own: the one that [`symbol`](Self::symbol) names.
    #[must_use]
    pub fn into_tick(self, symbol: Symbol) -> Tick {
        let Self { symbol: _, time_msc, bid, ask, last, volume, flags, seq } = self;
        Tick { symbol, time_msc, bid, ask, last, volume, flags, seq }
    }
}

const SEQ: &str = "a whole number of 1 to 9007199254740991";
const VOLUME: &str = "a volume that is not below zero, of at most 8 decimals, without exponent";

fn volume(json: &str) -> Option<Decimal> {
    Decimal::from_unsigned(json.as_bytes()).ok()
}

impl Tick {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let params = TickParams::read(json, at)?;
        let symbol = params.symbol.parse();
        // It has been checked already.
        let symbol =
            symbol.map_err(|_| Wrong::new(at.member("symbol"), &params.symbol, "a symbol"))?;
        Ok(params.into_tick(symbol))
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        let Self { symbol, time_msc, bid, ask, last, volume, flags, seq } = self;
        to.member("symbol", symbol).member("time_msc", time_msc);
        to.member("bid", bid).member("ask", ask).optional("last", last.as_ref());
        to.optional("volume", volume.as_ref()).optional("flags", flags.as_ref());
        to.optional("seq", seq.as_ref());
    }
}

impl HistoryTick {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let names = ["time_msc", "bid", "ask", "last", "volume", "flags"];
        let [time_msc, bid, ask, last, volume_, flags] = row(json, at, names)?;
        Ok(Self {
            time_msc: time_msc.needed(at)?,
            bid: bid.above_zero(at)?,
            ask: ask.above_zero(at)?,
            last: last.above_zero(at)?,
            volume: volume_.optional_as(at, VOLUME, volume)?,
            flags: flags.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, out: &mut Vec<u8>) {
        let Self { time_msc, bid, ask, last, volume, flags } = self;
        out.push(b'[');
        time_msc.put(out);
        for price in [bid, ask, last] {
            out.push(b',');
            OrZero(*price).put(out);
        }
        out.push(b',');
        volume.put(out);
        out.push(b',');
        flags.put(out);
        out.push(b']');
    }
}

members! {
    struct BarMembers {
        symbol: "symbol",
        timeframe: "timeframe",
        time: "time",
        open: "open",
        high: "high",
        low: "low",
        close: "close",
        tick_volume: "tick_volume",
        spread: "spread",
        real_volume: "real_volume",
    }
}

const BAR: [&str; 8] =
    ["time", "open", "high", "low", "close", "tick_volume", "spread", "real_volume"];

impl Bar {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let [time, open, high, low, close, tick_volume, spread, real_volume] = row(json, at, BAR)?;
        Ok(Self {
            time: time.needed(at)?,
            open: open.needed(at)?,
            high: high.needed(at)?,
            low: low.needed(at)?,
            close: close.needed(at)?,
            tick_volume: tick_volume.needed(at)?,
            spread: spread.optional(at)?,
            real_volume: real_volume.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, out: &mut Vec<u8>) {
        let Self { time, open, high, low, close, tick_volume, spread, real_volume } = self;
        out.push(b'[');
        time.put(out);
        for price in [open, high, low, close] {
            out.push(b',');
            price.put(out);
        }
        for count in [Some(*tick_volume), *spread, *real_volume] {
            out.push(b',');
            count.put(out);
        }
        out.push(b']');
    }
}

impl BarEvent {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: BarMembers<'_> = object(json, at)?;
        Ok(Self {
            symbol: m.symbol.needed(at)?,
            timeframe: m.timeframe.needed(at)?,
            bar: Bar {
                time: m.time.needed(at)?,
                open: m.open.needed(at)?,
                high: m.high.needed(at)?,
                low: m.low.needed(at)?,
                close: m.close.needed(at)?,
                tick_volume: m.tick_volume.needed(at)?,
                spread: m.spread.optional(at)?,
                real_volume: m.real_volume.optional(at)?,
            },
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        let Self { symbol, timeframe, bar } = self;
        let Bar { time, open, high, low, close, tick_volume, spread, real_volume } = bar;
        to.member("symbol", symbol).member("timeframe", timeframe).member("time", time);
        to.member("open", open).member("high", high).member("low", low).member("close", close);
        to.member("tick_volume", tick_volume).optional("spread", spread.as_ref());
        to.optional("real_volume", real_volume.as_ref());
    }
}

members! {
    struct TradeMembers {
        event: "event",
        symbol: "symbol",
        order: "order",
        deal: "deal",
        position: "position",
        kind: "type",
        volume: "volume",
        price: "price",
        stop_loss: "stop_loss",
        take_profit: "take_profit",
        profit: "profit",
        magic: "magic",
        comment: "comment",
        client_id: "client_id",
        time_msc: "time_msc",
    }
}

impl TradeEvent {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: TradeMembers<'_> = object(json, at)?;
        Ok(Self {
            event: m.event.needed(at)?,
            symbol: m.symbol.needed(at)?,
            order: m.order.optional(at)?,
            deal: m.deal.optional(at)?,
            position: m.position.optional(at)?,
            r#type: m.kind.optional(at)?,
            volume: m.volume.above_zero(at)?,
            price: m.price.above_zero(at)?,
            stop_loss: m.stop_loss.above_zero(at)?,
            take_profit: m.take_profit.above_zero(at)?,
            profit: m.profit.optional(at)?,
            magic: m.magic.optional(at)?,
            comment: m.comment.optional_as(at, COMMENT, comment)?,
            client_id: m.client_id.optional(at)?,
            time_msc: m.time_msc.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("event", &self.event).member("symbol", &self.symbol);
        to.optional("order", self.order.as_ref()).optional("deal", self.deal.as_ref());
        to.optional("position", self.position.as_ref()).optional("type", self.r#type.as_ref());
        to.optional("volume", self.volume.as_ref()).optional("price", self.price.as_ref());
        to.optional("stop_loss", self.stop_loss.as_ref());
        to.optional("take_profit", self.take_profit.as_ref());
        to.optional("profit", self.profit.as_ref()).optional("magic", self.magic.as_ref());
        to.optional("comment", self.comment.as_ref());
        to.optional("client_id", self.client_id.as_ref());
        to.optional("time_msc", self.time_msc.as_ref());
    }
}

members! {
    struct AccountMembers {
        balance: "balance",
        equity: "equity",
        margin: "margin",
        margin_free: "margin_free",
        credit: "credit",
        profit: "profit",
    }
}

impl AccountState {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: AccountMembers<'_> = object(json, at)?;
        Ok(Self {
            balance: m.balance.needed(at)?,
            equity: m.equity.needed(at)?,
            margin: m.margin.needed(at)?,
            margin_free: m.margin_free.needed(at)?,
            credit: m.credit.optional(at)?,
            profit: m.profit.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        let Self { balance, equity, margin, margin_free, credit, profit } = self;
        to.member("balance", balance).member("equity", equity).member("margin", margin);
        to.member("margin_free", margin_free).optional("credit", credit.as_ref());
        to.optional("profit", profit.as_ref());
    }
}

members! { struct LogMembers { level: "level", text: "text", } }

impl LogEntry {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: LogMembers<'_> = object(json, at)?;
        Ok(Self { level: m.level.needed(at)?, text: m.text.needed_as(at, TEXT, text)? })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("level", &self.level).member("text", &self.text);
    }
}

members! { struct DeinitMembers { reason: "reason", text: "text", } }

impl Deinit {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: DeinitMembers<'_> = object(json, at)?;
        Ok(Self { reason: m.reason.needed(at)?, text: m.text.optional_as(at, TEXT, text)? })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("reason", &self.reason).optional("text", self.text.as_ref());
    }
}
