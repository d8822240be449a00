//! `tickpipe replay`.

mod bar;
mod source;

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use tickpipe::{RemoteError, escaped};
use tickpipe_ticks::{DIGITS_MAX, OnBadRow, ReadOptions, TickReader};

use self::bar::Bar;
use self::source::Source;
use crate::args::ClientOptions;
use crate::exit;
use crate::interrupt::Interrupt;
use crate::play::{End, Exchange, Pace, Play, Played, Speed};
use crate::print::{SHOWN_CHARS_MAX, microseconds, printed};
use crate::report::Failure;

/// The longest pause of a file that is kept: longer are nights, weekends and holes.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// How long a line that nobody asked for is waited for at the end.
const SILENCE: Duration = Duration::from_millis(50);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each tick is sent as the article's EA does, `DoubleToString(Bid)`; the next one follows its answer.
Time to answer is from a tick's writing to its whole reply; pauses and the file's reading are left out.
Files: ticks as MT5, Dukascopy, HistData, TrueFX and LEAN write them, plain, in gzip or in zip.
Exit codes: 0 every tick was answered, 1 an ERR, a broken row or no reply, 2 usage, 130 interrupted.")]
pub(crate) struct ReplayOptions {
    /// The file with the ticks; its format is told by what it holds
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) client: ClientOptions,

    /// How fast: max, or so many times as the ticks came, such as 1x or 10x; a pause of more than
    /// 60 s in the file, such as a weekend, counts as 60 s
    #[arg(long, value_name = "SPEED", default_value = "max")]
    pub(crate) speed: Speed,

    /// Leave broken rows out and count them, instead of stopping there
    #[arg(long)]
    pub(crate) skip_bad: bool,

    /// Decimals of the prices in a bi5 file whose path names no known symbol
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=i64::from(DIGITS_MAX)))]
    pub(crate) digits: Option<u8>,

    /// Print each tick with its answer
    #[arg(long)]
    pub(crate) print: bool,

    /// Print the summary as one JSON object, and with --print each tick as one
    #[arg(long)]
    pub(crate) json: bool,

    /// Send so many ticks at most
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<u64>,
}

pub(crate) fn run(options: ReplayOptions) -> Result<ExitCode, Failure> {
    let pipe = options.client.pipe();
    let on_bad_row = if options.skip_bad { OnBadRow::Skip } else { OnBadRow::Fail };
    let mut read_options = ReadOptions::default().with_on_bad_row(on_bad_row);
    read_options.bi5_digits = options.digits;
    let mut reader =
        TickReader::open_with(&options.file, read_options).map_err(Failure::TickFile)?;
    let interrupt = Interrupt::listen()?;
    let wish = interrupt.clone();
    reader.stop_if(move || wish.is_set());
    let mut client = options.client.connect()?;
    interrupt.watch(client.interrupter());
    let source = Source::of(&reader);
    let mut printer = Printer::new(&options);
    let bar = Bar::new(reader.progress(), options.speed, printer.shares_terminal());
    let play = Play {
        client: &mut client,
        pipe,
        pace: Pace::new(options.speed, PAUSE_MAX),
        limit: options.limit.unwrap_or(u64::MAX),
        interrupt: &interrupt,
    };
    let Played { tally, end } =
        play.run(bar.watch(&mut reader, &source), |exchange| printer.exchange(exchange, &source));
    bar.end();
    if options.json {
        let mut summary = tally.json(reader.rows_skipped());
        source.describe(&mut summary);
        printer.line(&summary.to_string())?;
    } else {
        printer.line(&tally.text(reader.rows_skipped()))?;
        printer.line(&source.text())?;
    }
    printer.end()?;
    match end {
        End::Failed(failure) => return Err(failure),
        End::Interrupted => return Ok(ExitCode::from(exit::INTERRUPTED)),
        End::Finished => {}
    }
    // A line too many, and each reply after it was taken for that of another tick.
    client.finish(SILENCE).map_err(Failure::library(pipe))?;
    Ok(if tally.errors() > 0 { ExitCode::from(exit::FAILED) } else { ExitCode::SUCCESS })
}

/// Prints on stdout what was asked for.
struct Printer {
    out: BufWriter<Stdout>,
    has_exchanges: bool,
    json: bool,
    /// Somebody watches: each line is shown when it comes.
    is_watched: bool,
}

impl Printer {
    fn new(options: &ReplayOptions) -> Self {
        Self {
            out: BufWriter::new(io::stdout()),
            has_exchanges: options.print,
            json: options.json,
            is_watched: options.speed != Speed::Max || io::stdout().is_terminal(),
        }
    }

    /// Returns whether exchanges go where a bar would stand.
    fn shares_terminal(&self) -> bool {
        self.has_exchanges && io::stdout().is_terminal()
    }

    fn exchange(&mut self, exchange: &Exchange<'_>, source: &Source) -> Result<(), Failure> {
        if !self.has_exchanges {
            return Ok(());
        }
        let line = if self.json {
            exchange_json(exchange, source)
        } else {
            exchange_text(exchange, source)
        };
        self.line(&line)?;
        if self.is_watched { self.flush() } else { Ok(()) }
    }

    fn line(&mut self, line: &str) -> Result<(), Failure> {
        printed(writeln!(self.out, "{line}"))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        printed(self.out.flush())
    }

    fn end(mut self) -> Result<(), Failure> {
        self.flush()
    }
}

fn exchange_text(exchange: &Exchange<'_>, source: &Source) -> String {
    let Exchange { tick, request, reply, .. } = exchange;
    let time = source.time_text(tick.time);
    format!("{time}  {request} -> {}", escaped(reply, SHOWN_CHARS_MAX))
}

fn exchange_json(exchange: &Exchange<'_>, source: &Source) -> String {
    let Exchange { tick, request, reply, elapsed } = exchange;
    let mut object = json!({
        "event": "exchange",
        "request": request,
        "elapsed_us": microseconds(*elapsed),
    });
    source.date(&mut object, tick.time);
    match RemoteError::from_reply(reply) {
        Some(error) => object["error"] = json!({"code": error.code, "text": error.text}),
        None => object["reply"] = json!(reply),
    }
    object.to_string()
}
