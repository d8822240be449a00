//! Settings, ticks and requests that nobody would think of.

use tickpipe::session::local::{Ask, HistorySpan, SubscribeKind};
use tickpipe_proto::message::{
    MarginMode, OrderAction, OrderRequest, OrderType, RatesSpan, Tick, TradeMode,
};
use tickpipe_proto::types::{
    ClientId, Decimal, Lots, Money, OrderTicket, PositionTicket, Price, Symbol, Timeframe,
};
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{
    Broker, CalcMode, Commission, Execution, Sessions, SwapMode, SymbolSpec,
};

const HOUR_MS: i64 = 3_600_000;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub(crate) struct Draw(pub(crate) u64);

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn lots(text: &str) -> Lots {
    text.parse().unwrap()
}

impl Draw {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        let at = usize::try_from(self.below(all.len() as u64)).unwrap();
        all[at].clone()
    }

    fn number(&mut self) -> Decimal {
        decimal(self.pick(&[
            "0",
            "1",
            "100000",
            "0.00000001",
            "33.333",
            "1000000000000",
            "999999999999999999",
            "9999999999.99999999",
        ]))
    }

    fn signed(&mut self) -> Decimal {
        let number = self.number();
        if self.chance(2) {
            number
        } else {
            Decimal::new(-number.units(), number.digits()).unwrap()
        }
    }

    pub(crate) fn account(&mut self) -> AccountSpec {
        let digits = self.pick(&[2, 2, 0, 8]);
        let balance = self.pick(&["10000", "10000", "0", "1000000000", "-5"]);
        let balance = if digits == 8 { balance } else { self.pick(&[balance, "1000000000000"]) };
        let leverage = self.pick(&[100, 100, 1, 1_000_000_000, u32::MAX]);
        let mut account = AccountSpec::new("USD", leverage, balance.parse::<Money>().unwrap());
        account.currency_digits = digits;
        account.margin_mode = self.pick(&[MarginMode::Hedging, MarginMode::Netting]);
        let percents = ["50", "0", "100", "99.99999999", "999999999999999999"];
        account.stop_out_percent = decimal(self.pick(&percents));
        account.margin_call_percent = decimal(self.pick(&percents));
        account.orders_max = self.pick(&[None, None, Some(3), Some(0)]);
        account.positions_max = self.pick(&[None, None, Some(3), Some(0)]);
        account
    }

    pub(crate) fn symbol(&mut self, name: &str, base: &str, profit: &str) -> SymbolSpec {
        let digits = self.pick(&[5, 3, 0, 8, 2, 1]);
        let mut spec = SymbolSpec::forex(Symbol::new(name).unwrap(), digits, base, profit);
        if self.chance(2) {
            return spec;
        }
        let modes = [
            CalcMode::Forex,
            CalcMode::Forex,
            CalcMode::ForexNoLeverage,
            CalcMode::Cfd,
            CalcMode::CfdIndex,
            CalcMode::CfdLeverage,
            CalcMode::Futures,
        ];
        spec.calc_mode = self.pick(&modes);
        spec.contract_size = self.number();
        spec.tick_size = Price::new(self.pick(&[1, 1, 5, 25, 100_000_000_000]), digits).ok();
        spec.tick_value = Some(self.number());
        spec.margin_hedged = self.number();
        spec.margin_initial = if self.chance(2) { Decimal::ZERO } else { self.number() };
        spec.margin_rate_long = if self.chance(2) { decimal("1") } else { self.number() };
        let (min, step, max) = self.pick(&[
            ("0.01", "0.01", "100"),
            ("0.00000001", "0.00000001", "9999"),
            ("1", "1", "999999999999"),
            ("0.05", "0.02", "1"),
        ]);
        (spec.volume_min, spec.volume_step, spec.volume_max) = (lots(min), lots(step), lots(max));
        spec.volume_limit = self.chance(3).then(|| lots(max));
        spec.stops_level = self.pick(&[0, 0, 10, u32::MAX]);
        spec.freeze_level = self.pick(&[0, 0, 10, u32::MAX]);
        spec.execution = self.pick(&[Execution::Market, Execution::Instant]);
        spec.sessions = self.pick(&[Sessions::ALWAYS, Sessions::working_days()]);
        spec.trade_mode = self.pick(&[
            TradeMode::Full,
            TradeMode::Full,
            TradeMode::LongOnly,
            TradeMode::CloseOnly,
            TradeMode::Disabled,
        ]);
        spec.commission = match self.below(3) {
            0 => Commission::None,
            1 => Commission::PerLot(self.signed()),
            _ => Commission::Percent(self.signed()),
        };
        spec.swap.mode = self.pick(&[
            SwapMode::AccountCurrency,
            SwapMode::Disabled,
            SwapMode::InterestCurrent,
            SwapMode::Points,
        ]);
        (spec.swap.long, spec.swap.short) = (self.signed(), self.signed());
        spec.swap.nights = self.pick(&[[0, 1, 1, 3, 1, 1, 0], [255; 7]]);
        spec
    }

    /// Ticks of both symbols; some of them from another world.
    pub(crate) fn ticks(&mut self, digits: [u8; 2]) -> Vec<Tick> {
        let mut time_msc = 1_549_317_600_000_i64;
        let starts = [1, 100, 114_330, 999_999_999_999, 1_500_000_000];
        let mut bids = [self.pick(&starts), self.pick(&starts)];
        let is_wild = self.chance(4);
        let mut ticks = Vec::new();
        for _ in 0..self.below(120) {
            let step = self.pick(&[0, 1, 900, 7000, 7000, HOUR_MS, 30 * HOUR_MS]);
            time_msc = time_msc.saturating_add(step);
            if is_wild && self.chance(20) {
                let jumps = [i64::MAX, i64::MIN, -YEAR_MS, 30 * YEAR_MS, -1];
                time_msc = time_msc.saturating_add(self.pick(&jumps));
            }
            let at = usize::from(self.chance(3));
            let range = if self.chance(9) { 1_000_000 } else { 60 };
            bids[at] +=
                i64::try_from(self.below(2 * range)).unwrap() - i64::try_from(range).unwrap();
            if is_wild && self.chance(15) {
                bids[at] = self.pick(&starts);
            }
            bids[at] = bids[at].clamp(1, 999_999_999_999);
            let ask = (bids[at] + self.pick(&[0, 1, 2, 9, -3])).clamp(1, 999_999_999_999);
            let symbol = Symbol::new(["EURUSD", "USDJPY"][at]).unwrap();
            let price = |points| Price::new(points, digits[at]).unwrap();
            ticks.push(Tick::new(symbol, time_msc, price(bids[at]), price(ask)));
        }
        ticks
    }

    pub(crate) fn ask(&mut self, broker: &Broker, name: u64) -> Ask {
        let symbol = Symbol::new(self.pick(&["EURUSD", "USDJPY", "USDJPY", "none"])).unwrap();
        let timeframe = self.pick(&Timeframe::ALL);
        let times = [i64::MIN, -1, 0, 1_549_317_600_000, i64::MAX];
        match self.below(24) {
            0 => Ask::AccountInfo,
            1 => Ask::Positions { symbol: None, magic: None, after: None },
            2 => Ask::Subscribe { symbol, kind: SubscribeKind::Ticks },
            3 => Ask::Subscribe { symbol, kind: SubscribeKind::Bars(timeframe) },
            4 => Ask::Unsubscribe { symbol, kind: SubscribeKind::Bars(timeframe) },
            5 => {
                let (start, count) = (self.pick(&[0, 1, 40, u64::MAX]), self.pick(&[1, 100]));
                let span = if self.chance(2) {
                    RatesSpan::Position { start, count }
                } else {
                    RatesSpan::Between { from: self.pick(&times), to: self.pick(&times) }
                };
                Ask::Rates { symbol, timeframe, span }
            }
            6 => {
                let (from_msc, to_msc) = (self.pick(&times), self.pick(&times));
                Ask::Ticks { symbol, from_msc, to_msc, count: self.pick(&[0, 1, 2, 1000]) }
            }
            7 => Ask::OrderStatus { client_id: id(self.below(name + 3)) },
            8 => Ask::HistoryDeals(HistorySpan::new(self.pick(&times), self.pick(&times), None)),
            9 => Ask::Orders { symbol: None, magic: None, after: None },
            10 => Ask::SymbolInfo { symbol },
            kind => {
                let name = if self.chance(10) { self.below(name + 1) } else { name };
                let mut request = OrderRequest::new(self.action(broker, &symbol));
                request.client_id = Some(id(name));
                let request = Box::new(request);
                if kind == 11 { Ask::OrderCheck(request) } else { Ask::OrderSend(request) }
            }
        }
    }

    fn action(&mut self, broker: &Broker, symbol: &Symbol) -> OrderAction {
        let positions: Vec<_> = broker.positions().map(|position| position.ticket).collect();
        let orders: Vec<_> = broker.orders().map(|order| order.ticket).collect();
        let position = |draw: &mut Self| {
            if positions.is_empty() {
                PositionTicket::new(77).unwrap()
            } else {
                draw.pick(&positions)
            }
        };
        match self.below(12) {
            0..5 => self.market(broker, symbol),
            5..8 => self.pending(broker, symbol),
            8 => OrderAction::Modify {
                ticket: position(self).value(),
                price: None,
                stop_limit: None,
                stop_loss: Some(self.near(broker, symbol)),
                take_profit: Some(self.near(broker, symbol)),
                expiration: None,
            },
            9 => OrderAction::Close {
                ticket: position(self),
                volume: self.chance(2).then(|| self.volume()),
                deviation_points: None,
                filling: None,
            },
            10 => OrderAction::CloseBy { ticket: position(self), by_ticket: position(self) },
            _ if orders.is_empty() => OrderAction::Delete { ticket: OrderTicket::new(77).unwrap() },
            _ => OrderAction::Delete { ticket: self.pick(&orders) },
        }
    }

    fn near(&mut self, broker: &Broker, symbol: &Symbol) -> Option<Price> {
        let distances = [-1, 1, 10, -10, 60, -60, 1_000_000_000_000, i64::MAX];
        let distance = self.pick(&distances);
        broker.symbol_tick(symbol).and_then(|tick| tick.bid.offset(distance))
    }

    fn volume(&mut self) -> Lots {
        lots(self.pick(&[
            "0.01",
            "0.1",
            "0.5",
            "1",
            "7",
            "100",
            "0.00000003",
            "999999999999",
            "0.013",
            "9000000000.5",
        ]))
    }

    fn market(&mut self, broker: &Broker, symbol: &Symbol) -> OrderAction {
        OrderAction::Market {
            symbol: symbol.clone(),
            r#type: self.pick(&[OrderType::Buy, OrderType::Sell]),
            volume: self.volume(),
            stop_loss: self.near(broker, symbol).filter(|_| self.chance(3)),
            take_profit: self.near(broker, symbol).filter(|_| self.chance(3)),
            deviation_points: self.pick(&[None, Some(0), Some(u64::MAX)]),
            filling: None,
        }
    }

    fn pending(&mut self, broker: &Broker, symbol: &Symbol) -> OrderAction {
        let kinds = [
            OrderType::BuyLimit,
            OrderType::BuyStop,
            OrderType::BuyStopLimit,
            OrderType::SellLimit,
            OrderType::SellStop,
            OrderType::SellStopLimit,
        ];
        let now = broker.now_msc().unwrap_or(0) / 1000;
        let expirations = [None, None, Some(now + 60), Some(i64::MAX), Some(i64::MIN), Some(0)];
        OrderAction::Pending {
            symbol: symbol.clone(),
            r#type: self.pick(&kinds),
            volume: self.volume(),
            price: self.near(broker, symbol).unwrap_or(Price::new(1, 0).unwrap()),
            stop_limit: self.near(broker, symbol).filter(|_| self.chance(2)),
            stop_loss: self.near(broker, symbol).filter(|_| self.chance(3)),
            take_profit: self.near(broker, symbol).filter(|_| self.chance(3)),
            expiration: self.pick(&expirations),
            filling: None,
        }
    }
}

fn id(name: u64) -> ClientId {
    format!("n{name}").parse().unwrap()
}
