//! What the terminal answers.

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Answer, Ask, Fault, SubscribeKind, TerminalInfo};
use tickpipe_proto::types::Symbol;

use super::pages::{self, Filter};
use super::{State, Terminal};

/// Alerts that are kept.
const ALERTS_MAX: usize = 64;

/// What became of a request.
#[derive(Debug)]
pub(super) enum Served {
    Answer(Answer),
    /// It was carried out, and the terminal is gone.
    Gone,
    /// It was carried out, and the answer is lost.
    Lost,
    Refused(Fault),
}

impl Terminal {
    /// Serves a request in the moment that was reached; `utc_ms` is the machine's clock, where orders
    /// expire by it.
    pub(super) fn serve(&mut self, ask: &Ask, utc_ms: Option<i64>) -> Served {
        if self.state != State::Open {
            return Served::Gone;
        }
        if matches!(ask, Ask::Ping) {
            return Served::Answer(Answer::Empty);
        }
        let answer = self.carry_out(ask, utc_ms);
        if self.state == State::Dead {
            return Served::Gone;
        }
        let is_lost = !self.has_market_ended && self.config.faults.at_answer();
        match answer {
            _ if is_lost => Served::Lost,
            Ok(answer) => Served::Answer(answer),
            Err(fault) => Served::Refused(fault),
        }
    }

    fn carry_out(&mut self, ask: &Ask, utc_ms: Option<i64>) -> Result<Answer, Fault> {
        Ok(match ask {
            Ask::AccountInfo => Answer::AccountInfo {
                account: self.greeting().account,
                state: self.broker.account_state(),
            },
            Ask::Alert { text } => {
                if self.alerts.len() == ALERTS_MAX {
                    self.alerts.pop_front();
                }
                self.alerts.push_back(text.clone());
                Answer::Empty
            }
            Ask::Comment { text } => {
                self.last_comment = Some(text.clone());
                Answer::Empty
            }
            Ask::HistoryDeals(span) => pages::history_deals(&self.broker, *span),
            Ask::HistoryOrders(span) => pages::history_orders(&self.broker, *span),
            Ask::OrderCheck(request) => self.order_check(request)?,
            Ask::OrderSend(request) => self.order_send(request, utc_ms)?,
            Ask::OrderStatus { client_id } => self.order_status(*client_id),
            Ask::Orders { symbol, magic, after } => {
                let filter = Filter { symbol: symbol.as_ref(), magic: *magic, after: *after };
                pages::orders(&self.broker, &filter)
            }
            Ask::Ping => Answer::Empty,
            Ask::Positions { symbol, magic, after } => {
                let filter = Filter { symbol: symbol.as_ref(), magic: *magic, after: *after };
                pages::positions(&self.broker, &filter)
            }
            Ask::Rates { symbol, timeframe, span } => {
                let chart = &self.charts[self.place(symbol)?];
                let series = chart.series(*timeframe).ok_or_else(unsupported)?;
                pages::rates(series, *span)
            }
            Ask::Subscribe { symbol, kind } => self.want(symbol, *kind, true)?,
            Ask::SymbolInfo { symbol } => {
                let info = self.broker.symbol_info(symbol).ok_or_else(|| unknown(symbol))?;
                Answer::SymbolInfo(Box::new(info))
            }
            Ask::SymbolTick { symbol } => {
                self.place(symbol)?;
                let tick = self.broker.symbol_tick(symbol).ok_or_else(|| no_tick(symbol))?;
                Answer::SymbolTick(Box::new(tick.clone()))
            }
            Ask::Symbols { after } => pages::symbols(&self.broker, after.as_ref()),
            Ask::TerminalInfo => Answer::TerminalInfo(Box::new(terminal_info())),
            Ask::Ticks { symbol, from_msc, to_msc, count } => {
                let chart = &self.charts[self.place(symbol)?];
                pages::ticks(chart, *from_msc, *to_msc, *count).ok_or_else(crowded)?
            }
            Ask::Unsubscribe { symbol, kind } => self.want(symbol, *kind, false)?,
            Ask::Indicator { .. } | _ => return Err(unsupported()),
        })
    }

    fn place(&self, symbol: &Symbol) -> Result<usize, Fault> {
        let found = self.charts.binary_search_by(|chart| chart.symbol.cmp(symbol));
        found.map_err(|_| unknown(symbol))
    }

    fn want(
        &mut self,
        symbol: &Symbol,
        kind: SubscribeKind,
        is_wanted: bool,
    ) -> Result<Answer, Fault> {
        let place = self.place(symbol)?;
        self.charts[place].want(kind, is_wanted);
        Ok(Answer::Empty)
    }
}

fn terminal_info() -> TerminalInfo {
    let mut info = TerminalInfo::new();
    info.name = Some("simulated terminal".to_owned());
    info.company = Some("tickpipe".to_owned());
    info
}

pub(super) fn unknown(symbol: &Symbol) -> Fault {
    let shown = tickpipe_proto::escaped(symbol.as_str(), 64);
    Fault::new(ErrorCode::UnknownSymbol, format!("found the symbol `{shown}`, which is not traded"))
}

fn no_tick(symbol: &Symbol) -> Fault {
    let shown = tickpipe_proto::escaped(symbol.as_str(), 64);
    let mut fault = Fault::new(ErrorCode::TerminalError, format!("no tick of {shown} came yet"));
    fault.is_retryable = true;
    fault
}

fn crowded() -> Fault {
    let text = "one millisecond has more ticks than a line holds; ask for fewer with `count`";
    Fault::new(ErrorCode::TerminalError, text)
}

fn unsupported() -> Fault {
    Fault::new(ErrorCode::Unsupported, "the simulated terminal has no such thing")
}
