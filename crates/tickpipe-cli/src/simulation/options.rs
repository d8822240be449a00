//! What a simulation is made of, as typed.

use std::path::PathBuf;

use tickpipe::session::{Decimal, Symbol, Timeframe};
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, InvalidSpec, Latency, Slippage, SymbolSpec};
use tickpipe_sim::fault::{Faults, InvalidFault};
use tickpipe_sim::settings::{self, InvalidSetting};
use tickpipe_sim::terminal::{Terminal, TerminalConfig};
use tickpipe_ticks::{DIGITS_MAX, OnBadRow, ReadOptions};

use super::bar::Bar;
use super::files::{self, FileOptions, Market};
use super::out;
use super::words::{self, Typed};
use crate::interrupt::Interrupt;
use crate::play::Speed;
use crate::report::Failure;

/// The market, the account and the broker of `simulate` and `backtest`.
#[derive(Debug, clap::Args)]
pub(crate) struct SimulationOptions {
    /// The account, such as `balance=5000,leverage=30`
    #[arg(long, global = true, value_name = "LIST", default_value = "", hide_default_value = true,
          value_parser = account, help_heading = "Broker")]
    account: Typed<AccountSpec>,

    /// A symbol, such as `EURUSD:commission=3.5,stops_level=10`
    #[arg(long, global = true, value_name = "SYMBOL:LIST", value_parser = symbol,
          help_heading = "Broker")]
    symbol: Vec<Typed<SymbolSpec>>,

    /// What one unit of a currency is worth in the account's, such as `JPY=0.0067`
    #[arg(long, global = true, value_name = "CURRENCY=RATE", value_parser = rate,
          help_heading = "Broker", hide_short_help = true)]
    rate: Vec<Typed<Rate>>,

    /// Points by which prices slip, `2` or `0..5` [default: none]
    #[arg(
        long,
        global = true,
        value_name = "POINTS",
        default_value = "none",
        hide_default_value = true,
        help_heading = "Broker"
    )]
    slippage: Slippage,

    /// Time that an order is under way, `80` or `50..200` [default: none]
    #[arg(
        long,
        global = true,
        value_name = "MS",
        default_value = "none",
        hide_default_value = true,
        help_heading = "Broker"
    )]
    latency: Latency,

    /// What goes wrong: `unknown=0.01` of all orders, `die@tick=9`
    #[arg(long = "fault", global = true, value_name = "FAULT", value_parser = fault,
          help_heading = "Broker")]
    faults: Vec<String>,

    /// What is left to chance: the same seed draws the same
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
    rate: Decimal,
}

fn account(text: &str) -> Result<Typed<AccountSpec>, InvalidSetting> {
    Typed::read(text, settings::account)
}

fn symbol(text: &str) -> Result<Typed<SymbolSpec>, InvalidSetting> {
    Typed::read(text, settings::symbol)
}

fn rate(text: &str) -> Result<Typed<Rate>, String> {
    Typed::read(text, |text| {
        let parsed = text.split_once('=').and_then(|(currency, rate)| {
            let is_word =
                !currency.is_empty() && currency.bytes().all(|byte| byte.is_ascii_uppercase());
            let rate = rate.parse().ok().filter(|rate| Decimal::ZERO < *rate)?;
            is_word.then(|| Rate { currency: currency.to_owned(), rate })
        });
        parsed.ok_or_else(|| {
            "allowed is a currency and a number above zero, such as JPY=0.0067".to_owned()
        })
    })
}

/// Sees that it is a fault. What is drawn of it needs the seed, which is known later.
fn fault(text: &str) -> Result<String, InvalidFault> {
    Faults::parse([text], 0).map(|_| text.to_owned())
}

impl SimulationOptions {
    /// Sees what can be seen before a file is opened: faults, account and symbols.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.faults()?;
        self.broker(&[])?;
        Ok(())
    }

    /// Makes a terminal whose market are these files; nothing has been played yet.
    pub(crate) fn terminal(
        &self,
        files: &[String],
        speed: Speed,
        interrupt: &Interrupt,
    ) -> Result<Made, Failure> {
        let file_options = FileOptions {
            ticks: self.read_options(),
            bar_spread: self.bar_spread,
            specs: self.symbol.iter().map(|symbol| &symbol.value).collect(),
        };
        let Market { feed, symbols, reading } = files::open(files, &file_options, interrupt)?;
        if let Some(spec) = self.symbol.iter().find(|spec| !symbols.contains(&spec.value.symbol)) {
            return Err(without_file(&spec.value.symbol, &symbols));
        }
        let broker = self.broker(&symbols)?;
        if let Some(out) = &self.out {
            out::prepare(out)?;
        }
        let bar = Bar::new(&reading, speed);
        let feed = bar.watch(feed, reading, interrupt.clone());
        let chart = self.chart.as_ref().or(symbols.first());
        let chart = chart.ok_or_else(|| Failure::Usage("there is no file".to_owned()))?;
        let mut config = TerminalConfig::new(chart.clone())
            .with_timeframe(self.timeframe)
            .with_faults(self.faults()?);
        if self.keep_open {
            config = config.without_closing_at_end();
        }
        let terminal = Terminal::new(config, broker, feed)
            .map_err(|error| Failure::Usage(format!("{error} with `--symbol`")))?;
        Ok(Made { terminal: terminal.with_recorder(), bar })
    }

    /// Returns what was asked for, as a report shows it.
    pub(crate) fn settings(&self, files: &[String]) -> Vec<(&'static str, String)> {
        let account = &self.account.value;
        let account_words = format!(
            "{} {}, 1:{}, {}",
            account.balance,
            account.currency,
            account.leverage,
            account.margin_mode.as_str()
        );
        let mut settings = vec![
            ("files", words::list(files.iter().map(|file| words::file(file)))),
            ("account", account_words),
        ];
        let mut add_typed = |name, texts: Vec<&str>| {
            if !texts.is_empty() {
                settings.push((name, texts.join("; ")));
            }
        };
        if !self.account.text.is_empty() {
            add_typed("account settings", vec![self.account.text.as_str()]);
        }
        add_typed("symbols", self.symbol.iter().map(|symbol| symbol.text.as_str()).collect());
        add_typed("rates", self.rate.iter().map(|rate| rate.text.as_str()).collect());
        settings.extend([
            ("slippage", words::slippage(self.slippage)),
            ("latency", words::latency(self.latency)),
            ("faults", words::list(&self.faults)),
            ("seed", self.seed.to_string()),
            (
                "at the end",
                if self.keep_open { "positions stay open" } else { "all is closed" }.to_owned(),
            ),
        ]);
        settings
    }

    /// Returns how files are read.
    fn read_options(&self) -> ReadOptions {
        let on_bad_row = if self.skip_bad { OnBadRow::Skip } else { OnBadRow::Fail };
        let mut options = ReadOptions::default().with_on_bad_row(on_bad_row);
        options.bi5_digits = self.digits;
        options
    }

    fn faults(&self) -> Result<Faults, Failure> {
        Faults::parse(&self.faults, self.seed).map_err(|error| Failure::Usage(error.to_string()))
    }

    /// Opens the account at a broker that has these symbols, and those that were typed.
    fn broker(&self, symbols: &[Symbol]) -> Result<Broker, Failure> {
        let mut account = self.account.value.clone();
        for Rate { currency, rate } in self.rate.iter().map(|rate| &rate.value) {
            account = account.with_rate(currency, *rate);
        }
        let mut config = BrokerConfig::new(account)
            .with_slippage(self.slippage)
            .with_latency(self.latency)
            .with_seed(self.seed);
        let typed = self.symbol.iter().map(|symbol| &symbol.value);
        for spec in typed.clone() {
            config = config.with_symbol(spec.clone());
        }
        for symbol in symbols {
            if typed.clone().all(|spec| spec.symbol != *symbol) {
                let spec = settings::symbol(symbol.as_str()).map_err(|_| unknown(symbol))?;
                config = config.with_symbol(spec);
            }
        }
        Broker::new(config).map_err(|error| not_tradable(&error))
    }
}

/// Says that a symbol was typed of which there is no tick.
fn without_file(symbol: &Symbol, symbols: &[Symbol]) -> Failure {
    let symbols: Vec<&str> = symbols.iter().map(Symbol::as_str).collect();
    Failure::Usage(format!(
        "`--symbol {symbol}`: no file has its ticks, the files have {}; name the file as {symbol}=FILE",
        symbols.join(", ")
    ))
}

/// Says what a symbol lacks that is not known by its name.
fn unknown(symbol: &Symbol) -> Failure {
    Failure::Usage(format!(
        "the symbol {symbol} is not known; say what it is with `--symbol`, such as \
         `--symbol {symbol}:digits=2,currency=USD,contract_size=1`"
    ))
}

/// Says what a symbol or the account lacks.
fn not_tradable(error: &InvalidSpec) -> Failure {
    let needs_rate = matches!(error.member, "currency_margin" | "currency_profit");
    let mend = if needs_rate {
        format!("; say what it is worth, such as `--rate {}=0.0067`", error.found)
    } else {
        String::new()
    };
    Failure::Usage(format!("{error}{mend}"))
}
