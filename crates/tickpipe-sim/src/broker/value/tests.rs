//! Worked examples. The formulas are MetaTrader's; where a page has numbers, they are the page's.

use tickpipe_proto::types::{Lots, Money, Price, Symbol};

use super::super::instrument::Quote;
use super::super::spec::{Swap, SymbolSpec};
use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn symbol(name: &str) -> Symbol {
    Symbol::new(name).unwrap()
}

/// An account, its symbols, and their quotes.
struct World {
    account: AccountSpec,
    instruments: Vec<Instrument>,
}

impl World {
    fn new(currency: &str, leverage: u32, symbols: &[(SymbolSpec, &str, &str)]) -> Self {
        let account = AccountSpec::new(currency, leverage, Money::ZERO);
        let specs: Vec<SymbolSpec> = symbols.iter().map(|(spec, ..)| spec.clone()).collect();
        let instruments = symbols.iter().map(|(spec, bid, ask)| {
            let mut instrument = Instrument::new(spec, &account, &specs).unwrap();
            let points = |price: &str| instrument.points(price.parse().unwrap()).unwrap();
            instrument.quote = Some(Quote { bid: points(bid), ask: points(ask) });
            instrument
        });
        Self { instruments: instruments.collect(), account }
    }

    fn valuer(&self) -> Valuer<'_> {
        Valuer { account: &self.account, instruments: &self.instruments }
    }

    fn volume(&self, lots: &str) -> i64 {
        self.instruments[0].volume(lots.parse::<Lots>().unwrap()).unwrap()
    }

    fn points(&self, price: &str) -> i64 {
        self.instruments[0].points(price.parse::<Price>().unwrap()).unwrap()
    }

    #[track_caller]
    fn profit(&self, side: Side, lots: &str, open: &str, close: &str, expected: &str) {
        let change = (self.points(close) - self.points(open)) * side.sign();
        let gain = i128::from(change) * i128::from(self.volume(lots));
        let found = self.valuer().profit(0, gain).unwrap();
        assert_eq!(crate::exact::money(found, 2), expected.parse::<Money>().unwrap());
    }

    #[track_caller]
    fn margin(&self, side: Side, lots: &str, price: &str, expected: &str) {
        let found = self.valuer().margin(0, side, self.volume(lots), self.points(price)).unwrap();
        assert_eq!(crate::exact::money(found, 2), expected.parse::<Money>().unwrap());
    }

    #[track_caller]
    fn swap(&self, side: Side, lots: &str, expected: &str) {
        let found = self.valuer().swap(0, side, self.volume(lots)).unwrap();
        assert_eq!(crate::exact::money(found, 2), expected.parse::<Money>().unwrap());
    }
}

fn pair(name: &str, digits: u8) -> SymbolSpec {
    SymbolSpec::forex(symbol(name), digits, &name[..3], &name[3..])
}

#[test]
fn margin_of_forex() {
    // Lots * Contract_Size / Leverage * Margin_Rate, in the margin currency; buys are converted at the
    // ask, sells at the bid.
    // https://www.metatrader5.com/en/terminal/help/trading_advanced/margin_forex
    let euros = World::new("EUR", 100, &[(pair("EURUSD", 5), "1.27890", "1.27900")]);
    euros.margin(Side::Buy, "1", "1.27900", "1000.00");
    let dollars = World::new("USD", 100, &[(pair("EURUSD", 5), "1.27890", "1.27900")]);
    dollars.margin(Side::Buy, "1", "1.27900", "1279.00");
    dollars.margin(Side::Sell, "1", "1.27890", "1278.90");
    dollars.margin(Side::Buy, "0.01", "1.27900", "12.79");
    let mut spec = pair("EURUSD", 5);
    spec.margin_rate_long = decimal("1.15");
    World::new("EUR", 100, &[(spec.clone(), "1.2789", "1.2790")]).margin(
        Side::Buy,
        "1",
        "1.2790",
        "1150.00",
    );
    spec.calc_mode = CalcMode::ForexNoLeverage;
    World::new("EUR", 100, &[(spec, "1.2789", "1.2790")]).margin(
        Side::Sell,
        "1",
        "1.2790",
        "100000.00",
    );
    // https://ebhforex.com/faq/common-knowledge/: 0.2 lots of USDCHF at 1:30 in dollars.
    World::new("USD", 30, &[(pair("USDCHF", 5), "0.90000", "0.90010")]).margin(
        Side::Buy,
        "0.2",
        "0.90010",
        "666.67",
    );
}

#[test]
fn margin_of_a_cross_is_converted_by_its_own_pair() {
    let world = World::new(
        "USD",
        100,
        &[
            (pair("GBPJPY", 3), "150.000", "150.010"),
            (pair("GBPUSD", 5), "1.30000", "1.30020"),
            (pair("USDJPY", 3), "115.380", "115.390"),
        ],
    );
    world.margin(Side::Buy, "1", "150.010", "1300.20");
    world.margin(Side::Sell, "1", "150.000", "1300.00");
    // 100 points of a lot are 10,000 yen: a gain at the ask of USDJPY, a loss at its bid.
    world.profit(Side::Buy, "1", "150.010", "150.110", "86.66");
    world.profit(Side::Sell, "1", "150.010", "150.110", "-86.67");
}

#[test]
fn profit_of_forex() {
    // (close_price - open_price) * Contract_Size * Lots
    // https://www.mql5.com/en/docs/constants/environment_state/marketinfoconstants
    let world = World::new("USD", 100, &[(pair("EURUSD", 5), "1.1", "1.1")]);
    world.profit(Side::Buy, "1", "1.10000", "1.10100", "100.00");
    world.profit(Side::Sell, "1", "1.10000", "1.10100", "-100.00");
    world.profit(Side::Buy, "0.01", "1.10000", "1.10001", "0.01");
    // Half a cent goes away from zero, both ways.
    let mut small = pair("EURUSD", 5);
    small.contract_size = decimal("50000");
    let world = World::new("USD", 100, &[(small, "1.1", "1.1")]);
    world.profit(Side::Buy, "0.01", "1.10000", "1.10001", "0.01");
    world.profit(Side::Sell, "0.01", "1.10000", "1.10001", "-0.01");
}

#[test]
fn profit_and_margin_of_metals() {
    // https://www.mql5.com/en/forum/431999/page2: 1 lot XAUUSD of 100 ounces, 2500 to 2510.
    let gold = SymbolSpec::cfd(symbol("XAUUSD"), 2, "USD", decimal("100"));
    let world = World::new("USD", 100, &[(gold.clone(), "2500", "2500")]);
    world.profit(Side::Buy, "1", "2500.00", "2510.00", "1000.00");
    // Lots * ContractSize * MarketPrice * Margin_Rate, and over the leverage for CFDLEVERAGE.
    world.margin(Side::Buy, "1", "2500.00", "250000.00");
    let leveraged = SymbolSpec { calc_mode: CalcMode::CfdLeverage, ..gold.clone() };
    World::new("USD", 100, &[(leveraged, "2500", "2500")]).margin(
        Side::Buy,
        "0.1",
        "2500.00",
        "250.00",
    );
    let rated = SymbolSpec { margin_rate_short: decimal("0.05"), ..gold };
    World::new("USD", 1, &[(rated, "2500", "2500")]).margin(Side::Sell, "1", "2500.00", "12500.00");
}

#[test]
fn profit_and_margin_by_the_value_of_a_tick() {
    // Futures: profit (close - open) * TickPrice / TickSize * Lots, margin Lots * InitialMargin.
    // CFD index: margin (Lots * ContractSize * MarketPrice) * TickPrice / TickSize * Margin_Rate.
    // https://www.mql5.com/en/docs/constants/environment_state/marketinfoconstants
    let mut future = SymbolSpec::cfd(symbol("ES"), 2, "USD", decimal("1"));
    future.calc_mode = CalcMode::Futures;
    future.tick_size = "0.25".parse().ok();
    future.tick_value = "12.50".parse().ok();
    future.margin_initial = decimal("5060");
    let world = World::new("USD", 100, &[(future.clone(), "4000", "4000.25")]);
    world.profit(Side::Buy, "2", "4000.00", "4000.25", "25.00");
    world.profit(Side::Sell, "1", "4000.00", "4010.00", "-500.00");
    world.margin(Side::Buy, "2", "4000.25", "10120.00");
    let mut index = future;
    index.calc_mode = CalcMode::CfdIndex;
    index.margin_initial = Decimal::ZERO;
    index.tick_size = "0.5".parse().ok();
    index.tick_value = "0.5".parse().ok();
    index.margin_rate_long = decimal("0.05");
    let world = World::new("USD", 100, &[(index, "4000", "4000.5")]);
    world.margin(Side::Buy, "1", "4000.00", "200.00");
    world.profit(Side::Buy, "1", "4000.00", "4001.50", "1.50");
}

#[test]
fn swap_in_points() {
    // https://fxce.zendesk.com/hc/en-us/articles/4404347272089-Swap: 2 lots EURUSD, 7 points: 14 USD.
    let mut spec = pair("EURUSD", 5);
    spec.swap = Swap::points(decimal("7"), decimal("-7.25"));
    let world = World::new("USD", 100, &[(spec.clone(), "1.10000", "1.10010")]);
    world.swap(Side::Buy, "2", "14.00");
    world.swap(Side::Sell, "1", "-7.25");
    // swap / 100 / 360 * close price * contract size * lots, as in
    // https://apac.vantagehelpcenter.com/hc/en-us/articles/11622077883535-How-is-the-swap-fee-calculated
    spec.swap.mode = SwapMode::InterestCurrent;
    spec.swap.long = decimal("-3.6");
    let world = World::new("USD", 100, &[(spec.clone(), "1.10000", "1.10010")]);
    world.swap(Side::Buy, "1", "-11.00");
    // swap * lots
    spec.swap.mode = SwapMode::AccountCurrency;
    let world = World::new("USD", 100, &[(spec, "1.10000", "1.10010")]);
    world.swap(Side::Buy, "0.5", "-1.80");
}

#[test]
fn commission_by_lots_and_by_value() {
    let check = |commission, expected: i128| {
        let mut spec = pair("EURUSD", 5);
        spec.commission = commission;
        let world = World::new("USD", 100, &[(spec, "1.10000", "1.10010")]);
        let found = world.valuer().commission(0, world.volume("0.5"), world.points("1.1"));
        assert_eq!(found, Some(expected));
    };
    check(Commission::None, 0);
    check(Commission::PerLot(decimal("3.5")), -175);
    // 0.002 % of 55,000.
    check(Commission::Percent(decimal("0.002")), -110);
}

#[test]
fn nothing_is_worth_anything_before_there_is_a_rate() {
    let mut world = World::new(
        "USD",
        100,
        &[
            (pair("EURJPY", 3), "120", "120"),
            (pair("USDJPY", 3), "110", "110"),
            (pair("EURUSD", 5), "1.1", "1.1"),
        ],
    );
    world.instruments[1].quote = None;
    world.instruments[2].quote = None;
    assert_eq!(world.valuer().profit(0, 1), None);
    assert_eq!(world.valuer().margin(0, Side::Buy, 1, 120_000), None);
}
