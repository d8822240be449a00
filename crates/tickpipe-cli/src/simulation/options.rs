//! What a simulation is made of, as typed.

use std::path::PathBuf;

use tickpipe::session::{Symbol, Tick, Timeframe};
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, Latency, Slippage, SymbolSpec};
use tickpipe_sim::fault::Faults;
use tickpipe_sim::market::FeedError;
use tickpipe_sim::settings;
use tickpipe_sim::terminal::{Terminal, TerminalConfig};
use tickpipe_ticks::{DIGITS_MAX, OnBadRow, ReadOptions};

use super::bar::Bar;
use super::files::{self, FileOptions, Market};
use crate::interrupt::Interrupt;
use crate::report::Failure;

/// The market, the account and the broker of `simulate` and `backtest`.
#[derive(Debug, clap::Args)]
pub(crate) struct SimulationOptions {
    /// The account, such as balance=10000,currency=USD,leverage=100,mode=netting
    #[arg(long, global = true, value_name = "LIST", default_value = "", hide_default_value = true,
          value_parser = settings::account, help_heading = "Broker")]
    account: AccountSpec,

    /// A symbol's properties, such as `EURUSD:commission=3.5,stops_level=10`; again for another
    #[arg(long, global = true, value_name = "SYMBOL:LIST", value_parser = settings::symbol,
          help_heading = "Broker")]
    symbol: Vec<SymbolSpec>,

    /// What one unit of a currency is worth in the account's, such as JPY=0.0067
    #[arg(long, global = true, value_name = "CURRENCY=RATE", value_parser = rate,
          help_heading = "Broker", hide_short_help = true)]
    rate: Vec<Rate>,

    /// Points by which prices slip: 2, or 0..5 [default: none]
    #[arg(
        long,
        global = true,
        value_name = "POINTS",
        default_value = "none",
        hide_default_value = true,
        help_heading = "Broker"
    )]
    slippage: Slippage,

    /// Time that an order is under way: 80, or 50..200 [default: none]
    #[arg(
        long,
        global = true,
        value_name = "MS",
        default_value = "none",
        hide_default_value = true,
        help_heading = "Broker"
    )]
    latency: Latency,

    /// What goes wrong, how often or when: unknown=0.01, reject:10019@order=3; again for another
    #[arg(long = "fault", global = true, value_name = "NAME=PROBABILITY", help_heading = "Broker")]
    faults: Vec<String>,

    /// Where what is drawn begins: the same seed draws the same
    #[arg(long, global = true, value_name = "N", default_value_t = 0, help_heading = "Broker")]
    seed: u64,

    /// Leave positions open at the end, instead of closing them
    #[arg(long, global = true, help_heading = "Broker", hide_short_help = true)]
    keep_open: bool,

    /// The symbol of the EA's chart [default: that of the first file]
    #[arg(
        long,
        global = true,
        value_name = "SYMBOL",
        help_heading = "Market",
        hide_short_help = true
    )]
    chart: Option<Symbol>,

    /// The timeframe of the EA's chart
    #[arg(
        long,
        global = true,
        value_name = "TIMEFRAME",
        default_value = "M1",
        help_heading = "Market",
        hide_short_help = true
    )]
    timeframe: Timeframe,

    /// The spread of bars that state none, in points
    #[arg(
        long,
        global = true,
        value_name = "POINTS",
        default_value_t = 10,
        help_heading = "Market",
        hide_short_help = true
    )]
    bar_spread: u32,

    /// Leave broken rows out and count them, instead of stopping there
    #[arg(long, global = true, help_heading = "Market", hide_short_help = true)]
    skip_bad: bool,

    /// Decimals of the prices in a bi5 file whose path names no known symbol
    #[arg(long, global = true, value_name = "N", help_heading = "Market", hide_short_help = true,
          value_parser = clap::value_parser!(u8).range(..=i64::from(DIGITS_MAX)))]
    digits: Option<u8>,

    /// Write trades.csv, equity.csv and report.html into this folder
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// A terminal that is ready to be played, and the bar that shows how far it is.
pub(crate) struct Made {
    pub(crate) terminal: Terminal,
    pub(crate) bar: Bar,
}

/// What a unit of a currency is worth.
#[derive(Clone, Debug)]
struct Rate {
    currency: String,
    rate: tickpipe::session::Decimal,
}

fn rate(text: &str) -> Result<Rate, String> {
    let parsed = text.split_once('=').and_then(|(currency, rate)| {
        let is_word =
            !currency.is_empty() && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        is_word.then_some(())?;
        Some(Rate { currency: currency.to_owned(), rate: rate.parse().ok()? })
    });
    parsed.ok_or_else(|| "allowed is a currency and a number, such as JPY=0.0067".to_owned())
}

impl SimulationOptions {
    /// Makes a terminal whose market are these files; nothing has been played yet.
    pub(crate) fn terminal(
        &self,
        files: &[String],
        interrupt: &Interrupt,
    ) -> Result<Made, Failure> {
        let file_options = FileOptions {
            ticks: self.read_options(),
            bar_spread: self.bar_spread,
            specs: &self.symbol,
        };
        let Market { feed, symbols, reading } = files::open(files, &file_options, interrupt)?;
        let bar = Bar::new(&reading);
        let feed = bar.watch(feed, reading, interrupt.clone());
        Ok(Made { terminal: self.over(&symbols, feed)?, bar })
    }

    /// Makes a terminal over any ticks of these symbols.
    fn over(
        &self,
        symbols: &[Symbol],
        feed: impl Iterator<Item = Result<Tick, FeedError>> + Send + 'static,
    ) -> Result<Terminal, Failure> {
        let usage = |text: String| Failure::Usage(text);
        let chart = self.chart.as_ref().or(symbols.first());
        let chart = chart.ok_or_else(|| usage("there is no file".to_owned()))?;
        let faults =
            Faults::parse(&self.faults, self.seed).map_err(|error| usage(error.to_string()))?;
        let mut config =
            TerminalConfig::new(chart.clone()).with_timeframe(self.timeframe).with_faults(faults);
        if self.keep_open {
            config = config.without_closing_at_end();
        }
        let terminal = Terminal::new(config, self.broker(symbols)?, feed)
            .map_err(|error| usage(error.to_string()))?;
        Ok(terminal.with_recorder())
    }

    /// Returns what was asked for, as a report shows it.
    pub(crate) fn settings(&self, files: &[String]) -> Vec<(&'static str, String)> {
        let faults =
            if self.faults.is_empty() { "none".to_owned() } else { self.faults.join(", ") };
        vec![
            ("files", files.join(", ")),
            ("slippage", format!("{:?}", self.slippage)),
            ("latency", format!("{:?}", self.latency)),
            ("faults", faults),
            ("seed", self.seed.to_string()),
        ]
    }

    /// Returns how files are read.
    fn read_options(&self) -> ReadOptions {
        let on_bad_row = if self.skip_bad { OnBadRow::Skip } else { OnBadRow::Fail };
        let mut options = ReadOptions::default().with_on_bad_row(on_bad_row);
        options.bi5_digits = self.digits;
        options
    }

    /// Opens the account at a broker that has these symbols, and those that were typed.
    fn broker(&self, symbols: &[Symbol]) -> Result<Broker, Failure> {
        let mut account = self.account.clone();
        for Rate { currency, rate } in &self.rate {
            account = account.with_rate(currency, *rate);
        }
        let mut config = BrokerConfig::new(account)
            .with_slippage(self.slippage)
            .with_latency(self.latency)
            .with_seed(self.seed);
        for spec in &self.symbol {
            config = config.with_symbol(spec.clone());
        }
        for symbol in symbols {
            if self.symbol.iter().all(|spec| spec.symbol != *symbol) {
                let spec = settings::symbol(symbol.as_str())
                    .map_err(|error| Failure::Usage(format!("{error}; say so with `--symbol`")))?;
                config = config.with_symbol(spec);
            }
        }
        Broker::new(config).map_err(|error| Failure::Usage(error.to_string()))
    }
}
