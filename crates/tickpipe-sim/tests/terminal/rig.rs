//! Ticks, terminals, and servers that a terminal comes to.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use tickpipe::session::{Deal, Hello, Lots, Order, Price, Strategy, Symbol, Tick, local};
use tickpipe::{Server, ServerConfig};
use tickpipe_proto::message::MarginMode;
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, Commission, Latency, Slippage, Swap, SymbolSpec};
use tickpipe_sim::fault::Faults;
use tickpipe_sim::market::{Feed, FeedError, Source};
use tickpipe_sim::terminal::wire::{self, WireConfig, WireEnd};
use tickpipe_sim::terminal::{Terminal, TerminalConfig, TerminalCounts};
use tickpipe_ticks::TickReader;

/// Milliseconds of 2019-02-04 22:00, a Monday.
const BEGIN_MSC: i64 = 1_549_317_600_000;
/// No strategy has to be quicker: a busy machine changes no trade.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) fn eurusd() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

pub(crate) fn usdjpy() -> Symbol {
    Symbol::new("USDJPY").unwrap()
}

pub(crate) fn lots(text: &str) -> Lots {
    text.parse().unwrap()
}

/// The name of a pipe that no other test has.
pub(crate) fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("sim-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (value ^ (value >> 31)) % end
    }
}

/// Ticks of two symbols that wander about, some seconds apart, over midnight.
pub(crate) fn ticks(seed: u64, count: usize) -> Vec<Tick> {
    let mut numbers = Numbers(seed);
    let mut draw = move |end: u64| i64::try_from(numbers.below(end)).unwrap();
    let mut time_msc = BEGIN_MSC;
    let mut bids = [114_330_i64, 109_850];
    let tick = |_| {
        time_msc += draw(9000);
        let at = usize::from(draw(4) == 0);
        bids[at] += draw(31) - 15;
        let (symbol, digits) = if at == 0 { (eurusd(), 5) } else { (usdjpy(), 3) };
        let price = |points| Price::new(points, digits).unwrap();
        Tick::new(symbol, time_msc, price(bids[at]), price(bids[at] + 1 + draw(9)))
    };
    (0..count).map(tick).collect()
}

/// What a run is made of.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) ticks: Vec<Tick>,
    pub(crate) faults: Vec<&'static str>,
    pub(crate) seed: u64,
    pub(crate) latency: Latency,
    pub(crate) margin_mode: MarginMode,
}

impl Setup {
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        Self {
            ticks: ticks(seed, count),
            faults: Vec::new(),
            seed,
            latency: Latency::None,
            margin_mode: MarginMode::Hedging,
        }
    }

    /// The ticks that the program brings along.
    pub(crate) fn bundled() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tickpipe-cli/data/EURUSD-ticks.csv");
        let source = Source::new(eurusd(), TickReader::open(path).unwrap());
        let ticks = Feed::new(vec![source]).unwrap().map(Result::unwrap).collect();
        Self { ticks, ..Self::new(0, 0) }
    }

    pub(crate) fn with_faults(mut self, faults: &[&'static str]) -> Self {
        self.faults = faults.to_vec();
        self
    }

    fn broker(&self) -> Broker {
        let account = AccountSpec::new("USD", 100, "10000".parse().unwrap())
            .with_margin_mode(self.margin_mode);
        let mut own = SymbolSpec::forex(eurusd(), 5, "EUR", "USD");
        own.commission = Commission::PerLot("3.50".parse().unwrap());
        own.swap = Swap::points("-7.25".parse().unwrap(), "1.3".parse().unwrap());
        let config = BrokerConfig::new(account)
            .with_symbol(own)
            .with_symbol(SymbolSpec::forex(usdjpy(), 3, "USD", "JPY"))
            .with_slippage(Slippage::Uniform(3))
            .with_latency(self.latency)
            .with_seed(self.seed);
        Broker::new(config).unwrap()
    }

    pub(crate) fn terminal(&self) -> Terminal {
        let faults = Faults::parse(&self.faults, self.seed).unwrap();
        let config = TerminalConfig::new(eurusd()).with_faults(faults);
        let feed = self.ticks.clone().into_iter().map(Ok::<Tick, FeedError>);
        Terminal::new(config, self.broker(), feed).unwrap()
    }

    /// Plays it in this process.
    pub(crate) fn run<S: Strategy>(&self, make: impl FnMut(&Hello) -> S) -> Books {
        let run = local::run(self.terminal(), make);
        assert_eq!(run.failures, Vec::<String>::new());
        Books::of(&run.ea)
    }

    /// Plays it over a pipe, against a server on another thread.
    pub(crate) fn play<S: Strategy + 'static>(
        &self,
        make: impl Fn(&Hello) -> S + Send + Sync + 'static,
    ) -> Books {
        let name = new_name();
        let config = ServerConfig::default().with_handler_deadline(DEADLINE);
        let server = Server::bind_with(&name, config).unwrap();
        let stopper = server.stopper();
        let serving = thread::spawn(move || server.serve_strategy(move |hello, _| make(hello)));
        let run = wire::play(self.terminal(), &WireConfig::new(&name), &mut ());
        stopper.stop();
        serving.join().unwrap().unwrap();
        assert_eq!(run.result.unwrap(), WireEnd::Done);
        assert_eq!(run.terminal.counts().ticks_failed, 0);
        Books::of(&run.terminal)
    }
}

/// All that the broker has in the end, without the names that the library gives to orders: they are
/// never the same twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Books {
    pub(crate) deals: Vec<Deal>,
    pub(crate) orders: Vec<Order>,
    pub(crate) counts: TerminalCounts,
    pub(crate) balance: String,
}

impl Books {
    pub(crate) fn of(terminal: &Terminal) -> Self {
        assert!(terminal.failure().is_none(), "{:?}", terminal.failure());
        let broker = terminal.broker();
        let mut deals = broker.history_deals().to_vec();
        let mut orders = broker.history_orders().to_vec();
        deals.iter_mut().for_each(|deal| deal.client_id = None);
        orders.iter_mut().for_each(|order| order.client_id = None);
        let balance = broker.account_state().balance.to_string();
        Self { deals, orders, counts: terminal.counts(), balance }
    }

    /// Fails with the first deal or order that differs.
    #[track_caller]
    pub(crate) fn assert_same(&self, other: &Self, seed: u64) {
        for (one, two) in self.deals.iter().zip(&other.deals) {
            assert_eq!(one, two, "seed {seed}");
        }
        for (one, two) in self.orders.iter().zip(&other.orders) {
            assert_eq!(one, two, "seed {seed}");
        }
        assert_eq!(self.counts, other.counts, "seed {seed}");
        assert!(self == other, "seed {seed}: one has more deals or orders than the other");
    }
}
