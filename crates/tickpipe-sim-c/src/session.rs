//! One broker, as C drives it.

#[cfg(test)]
mod tests;

use tickpipe_proto::message::{OrderRequest, Tick};
use tickpipe_proto::types::{ClientId, Price, Symbol};
use tickpipe_sim::broker::{Broker, BrokerConfig, BrokerEvent};
use tickpipe_sim::settings;

use crate::failure::Failure;
use crate::layout::{self, code};
use crate::{reply, request, text};

/// The end of the year 9999. A night of swaps is booked after the other, so a time is no place for rubbish.
const TIME_MSC_MAX: i64 = 253_402_300_799_999;

/// What a broker is opened with, read out of C's memory.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) account: String,
    pub(crate) symbols: Vec<String>,
    pub(crate) slippage: Option<String>,
    pub(crate) latency: Option<String>,
    pub(crate) seed: u64,
}

/// A broker and what is remembered for its caller.
#[derive(Debug)]
pub(crate) struct Session {
    broker: Broker,
    /// By rising names, with the digits of their prices.
    symbols: Vec<(Symbol, u8)>,
    /// How many orders got a name here.
    named: u64,
}

impl Session {
    /// Opens an account.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Setting`] for the first text that is no setting.
    pub(crate) fn open(texts: &Texts) -> Result<Self, Failure> {
        let mut config = BrokerConfig::new(settings::account(&texts.account)?);
        for symbol in &texts.symbols {
            config = config.with_symbol(settings::symbol(symbol)?);
        }
        if let Some(slippage) = &texts.slippage {
            config = config.with_slippage(slippage.parse()?);
        }
        if let Some(latency) = &texts.latency {
            config = config.with_latency(latency.parse()?);
        }
        let mut symbols: Vec<_> =
            config.symbols.iter().map(|spec| (spec.symbol.clone(), spec.digits)).collect();
        symbols.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
        Ok(Self { broker: Broker::new(config.with_seed(texts.seed))?, symbols, named: 0 })
    }

    pub(crate) fn tick(
        &mut self,
        symbol: &str,
        time_msc: i64,
        (bid, ask): (i64, i64),
    ) -> Result<(), Failure> {
        check_time("time_msc", time_msc)?;
        let (symbol, digits) = self.find(symbol)?;
        let price = |name, points| {
            Price::new(points, *digits).map_err(|error| Failure::number(name, &error))
        };
        let tick = Tick::new(symbol.clone(), time_msc, price("bid", bid)?, price("ask", ask)?);
        Ok(self.broker.handle_tick(&tick)?)
    }

    pub(crate) fn time(&mut self, now_msc: i64) -> Result<(), Failure> {
        check_time("now_msc", now_msc)?;
        self.broker.handle_time(now_msc);
        Ok(())
    }

    /// Returns the time that was reached; the smallest number there is before the first.
    pub(crate) fn now_msc(&self) -> i64 {
        self.broker.now_msc().unwrap_or(i64::MIN)
    }

    /// Returns when something happens by itself; the largest number there is for never.
    pub(crate) fn next_msc(&self) -> i64 {
        self.broker.poll_timeout().unwrap_or(i64::MAX)
    }

    pub(crate) fn order_send(
        &mut self,
        now_msc: i64,
        raw: &layout::Request,
    ) -> Result<layout::Result, Failure> {
        check_time("now_msc", now_msc)?;
        let request = self.named(raw)?;
        Ok(reply::result(&self.broker.order_send(now_msc, &request)?))
    }

    pub(crate) fn order_submit(
        &mut self,
        now_msc: i64,
        raw: &layout::Request,
    ) -> Result<i64, Failure> {
        check_time("now_msc", now_msc)?;
        let request = self.named(raw)?;
        Ok(self.broker.order_submit(now_msc, &request)?)
    }

    pub(crate) fn order_check(
        &mut self,
        now_msc: i64,
        raw: &layout::Request,
    ) -> Result<layout::Check, Failure> {
        check_time("now_msc", now_msc)?;
        let request = request::read(raw)?;
        Ok(reply::check(&self.broker.order_check(now_msc, &request)))
    }

    pub(crate) fn order_status(&self, name: &str) -> Result<layout::Result, Failure> {
        let result = ClientId::new(name).ok().and_then(|id| self.broker.order_status(&id));
        let not_found = || Failure::NotFound { name: format!("client_id `{}`", text::shown(name)) };
        result.map(reply::result).ok_or_else(not_found)
    }

    /// Reads an order, and names it if it has no name.
    fn named(&mut self, raw: &layout::Request) -> Result<OrderRequest, Failure> {
        let mut request = request::read(raw)?;
        while request.client_id.is_none() {
            self.named += 1;
            let name = ClientId::new(&format!("c-{}", self.named));
            request.client_id =
                Some(name.map_err(|error| Failure::Bug { found: error.to_string() })?);
            // The caller may have given such a name to another order.
            if !matches!(self.broker.order_known(&request), Ok(None)) {
                request.client_id = None;
            }
        }
        Ok(request)
    }

    pub(crate) fn positions(&self) -> usize {
        self.broker.positions().count()
    }

    pub(crate) fn position(&self, index: u64) -> Result<layout::Position, Failure> {
        let positions = self.broker.positions();
        nth(positions, index).map(|position| reply::position(&position))
    }

    pub(crate) fn orders(&self) -> usize {
        self.broker.orders().count()
    }

    pub(crate) fn order(&self, index: u64) -> Result<layout::Order, Failure> {
        nth(self.broker.orders(), index).map(|order| reply::order(&order))
    }

    pub(crate) fn history_orders(&self) -> usize {
        self.broker.history_orders().len()
    }

    pub(crate) fn history_order(&self, index: u64) -> Result<layout::Order, Failure> {
        at(self.broker.history_orders(), index).map(reply::order)
    }

    pub(crate) fn history_deals(&self) -> usize {
        self.broker.history_deals().len()
    }

    pub(crate) fn history_deal(&self, index: u64) -> Result<layout::Deal, Failure> {
        at(self.broker.history_deals(), index).map(reply::deal)
    }

    pub(crate) fn account(&self) -> layout::Account {
        reply::account(&self.broker, &self.broker.account_state())
    }

    pub(crate) fn symbols(&self) -> usize {
        self.symbols.len()
    }

    pub(crate) fn symbol_at(&self, index: u64) -> Result<layout::SymbolInfo, Failure> {
        let (symbol, _) = at(&self.symbols, index)?;
        self.symbol(symbol.as_str())
    }

    pub(crate) fn symbol(&self, name: &str) -> Result<layout::SymbolInfo, Failure> {
        let (symbol, _) = self.find(name)?;
        let info = self.broker.symbol_info(symbol).ok_or_else(|| unknown(name))?;
        Ok(reply::symbol(&info, self.broker.symbol_tick(symbol)))
    }

    /// Takes the next event, or one of the kind that says there is none.
    pub(crate) fn event(&mut self) -> layout::Event {
        let mut event = reply::no_event();
        match self.broker.poll_event() {
            Some(BrokerEvent::Account(state)) => {
                event.kind = code::EVENT_ACCOUNT;
                event.account = reply::account(&self.broker, &state);
            }
            Some(BrokerEvent::Result(result)) => {
                event.kind = code::EVENT_RESULT;
                event.result = reply::result(&result);
            }
            Some(BrokerEvent::Trade(trade)) => {
                event.kind = code::EVENT_TRADE;
                event.trade = reply::trade(&trade);
            }
            _ => {}
        }
        event
    }

    pub(crate) fn close_all(&mut self) {
        self.broker.close_all();
    }

    pub(crate) fn close_market(&mut self) {
        self.broker.close_market();
    }

    fn find(&self, name: &str) -> Result<&(Symbol, u8), Failure> {
        let index = self.symbols.binary_search_by(|(symbol, _)| symbol.as_str().cmp(name));
        index.ok().and_then(|index| self.symbols.get(index)).ok_or_else(|| unknown(name))
    }
}

fn unknown(name: &str) -> Failure {
    Failure::Symbol { found: text::shown(name) }
}

fn check_time(name: &'static str, time_msc: i64) -> Result<(), Failure> {
    if (0..=TIME_MSC_MAX).contains(&time_msc) {
        return Ok(());
    }
    let found =
        format!("found {time_msc}, allowed are 0 to {TIME_MSC_MAX} milliseconds since 1970");
    Err(Failure::Value { name, found })
}

fn at<T>(list: &[T], index: u64) -> Result<&T, Failure> {
    let item = usize::try_from(index).ok().and_then(|index| list.get(index));
    item.ok_or(Failure::Index { found: index, count: list.len() })
}

fn nth<T>(list: impl Iterator<Item = T>, index: u64) -> Result<T, Failure> {
    let mut count = 0;
    for item in list {
        if u64::try_from(count) == Ok(index) {
            return Ok(item);
        }
        count += 1;
    }
    Err(Failure::Index { found: index, count })
}
