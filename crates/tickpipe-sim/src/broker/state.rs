//! The broker from outside: made, drained and looked at.

use std::collections::{BTreeMap, VecDeque};

use tickpipe_proto::message::{
    Deal, DealType, MarginMode, Order, OrderState, Position, SymbolInfo, Tick,
};
use tickpipe_proto::types::{DealTicket, Money, Symbol};

use super::client_ids::ClientIds;
use super::instrument::{Instrument, InvalidSpec, check_account, twice};
use super::{Broker, BrokerConfig, BrokerEvent};
use crate::account::AccountSpec;
use crate::random::Random;

impl Broker {
    /// Opens an account at a broker; its balance is the first deal.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSpec`] for properties that cannot be, and for a currency without a rate.
    pub fn new(config: BrokerConfig) -> Result<Self, InvalidSpec> {
        let BrokerConfig { account, symbols, slippage, latency, seed } = config;
        check_account(&account)?;
        if !matches!(account.margin_mode, MarginMode::Hedging | MarginMode::Netting) {
            return Err(InvalidSpec {
                of: "account".to_owned(),
                member: "margin_mode",
                found: format!("{:?}", account.margin_mode),
                allowed: "Hedging or Netting",
            });
        }
        let mut index = BTreeMap::new();
        let mut instruments = Vec::with_capacity(symbols.len());
        for spec in &symbols {
            if index.insert(spec.symbol.clone(), instruments.len()).is_some() {
                return Err(twice(&spec.symbol));
            }
            instruments.push(Instrument::new(spec, &account, &symbols)?);
        }
        let balance = account.balance;
        let units = balance.rescale(account.currency_digits).map_or(0, Money::units);
        let mut broker = Self {
            account,
            instruments,
            index,
            slippage,
            latency,
            random: Random::new(seed),
            positions: BTreeMap::new(),
            orders: BTreeMap::new(),
            delayed: BTreeMap::new(),
            client_ids: ClientIds::default(),
            history_orders: Vec::new(),
            history_deals: Vec::new(),
            events: VecDeque::new(),
            balance: units.into(),
            margin: 0,
            is_account_due: false,
            is_market_closed: false,
            last_order: 0,
            last_deal: 0,
            submitted: 0,
            now_msc: i64::MIN,
            next_midnight_msc: i64::MIN,
            next_expiration_msc: i64::MAX,
        };
        broker.deposit(balance);
        Ok(broker)
    }

    fn deposit(&mut self, amount: Money) {
        self.last_deal += 1;
        if let Ok(ticket) = DealTicket::new(self.last_deal) {
            let mut deal = Deal::new(ticket, DealType::Balance);
            deal.profit = Some(amount);
            self.history_deals.push(deal);
        }
    }

    /// Takes the next event, in the order in which they happened.
    pub fn poll_event(&mut self) -> Option<BrokerEvent> {
        self.events.pop_front()
    }

    /// Returns the time that was reached, in milliseconds of the trade server's clock; `None` before
    /// the first tick.
    #[must_use]
    pub fn now_msc(&self) -> Option<i64> {
        Some(self.now_msc).filter(|time| *time != i64::MIN)
    }

    /// Returns what the account is.
    #[must_use]
    pub const fn account(&self) -> &AccountSpec {
        &self.account
    }

    /// Returns whether the margin is called: equity is below the account's level for it.
    #[must_use]
    pub fn is_margin_called(&self) -> bool {
        self.is_below(self.account.margin_call_percent)
    }

    /// Returns the open positions by rising tickets.
    #[must_use]
    pub fn positions(&self) -> impl DoubleEndedIterator<Item = Position> {
        let digits = self.account.currency_digits;
        self.positions.values().filter_map(move |position| {
            position.wire(self.instruments.get(position.symbol)?, digits)
        })
    }

    /// Returns the pending orders by rising tickets.
    #[must_use]
    pub fn orders(&self) -> impl DoubleEndedIterator<Item = Order> {
        self.orders
            .values()
            .filter_map(|order| order.wire(self.instruments.get(order.symbol)?, OrderState::Placed))
    }

    /// Returns the orders that are over, in the order in which they ended.
    #[must_use]
    pub fn history_orders(&self) -> &[Order] {
        &self.history_orders
    }

    /// Returns the deals by rising tickets; the first is the deposit, at the time of the first tick.
    #[must_use]
    pub fn history_deals(&self) -> &[Deal] {
        &self.history_deals
    }

    /// Returns the symbols in rising order of their bytes.
    #[must_use]
    pub fn symbols(&self) -> impl DoubleEndedIterator<Item = &Symbol> {
        self.index.keys()
    }

    /// Returns whether a symbol is traded here.
    #[must_use]
    pub fn has_symbol(&self, symbol: &Symbol) -> bool {
        self.index.contains_key(symbol)
    }

    /// Returns a symbol's properties.
    #[must_use]
    pub fn symbol_info(&self, symbol: &Symbol) -> Option<SymbolInfo> {
        self.instruments.get(*self.index.get(symbol)?)?.info()
    }

    /// Returns a symbol's last tick.
    #[must_use]
    pub fn symbol_tick(&self, symbol: &Symbol) -> Option<&Tick> {
        self.instruments.get(*self.index.get(symbol)?)?.tick.as_ref()
    }
}
