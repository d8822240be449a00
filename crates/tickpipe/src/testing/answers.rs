//! What a double answers by itself.

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Answer, Ask, Fault, Tick};

use super::double::EaDouble;
use super::history;
use super::orders::unknown_symbol;

impl EaDouble {
    /// Answers what no script does.
    pub(super) fn answer(&mut self, ask: &Ask) -> Result<Answer, Fault> {
        match ask {
            Ask::Alert { .. }
            | Ask::Comment { .. }
            | Ask::Ping
            | Ask::Subscribe { .. }
            | Ask::Unsubscribe { .. } => Ok(Answer::Empty),
            Ask::OrderSend(request) if self.script.fills_orders => {
                self.orders.send(request, &self.symbols)
            }
            Ask::OrderStatus { client_id } => Ok(self.orders.status(*client_id)),
            Ask::Orders { .. } => Ok(Answer::Orders { orders: Vec::new(), more: false }),
            Ask::Positions { symbol, magic, after } => {
                Ok(self.orders.fills.positions(symbol.as_ref(), *magic, *after))
            }
            Ask::Rates { symbol, timeframe, span } if *symbol == self.script.hello.chart.symbol => {
                let bars = self.script.bars.get(timeframe).map(Vec::as_slice).unwrap_or_default();
                Ok(history::rates(bars, *span))
            }
            Ask::Rates { symbol, .. } => Err(unknown_symbol(symbol)),
            Ask::SymbolInfo { symbol } => match self.symbols.info(symbol) {
                Some(info) => Ok(Answer::SymbolInfo(Box::new(info.clone()))),
                None => Err(unknown_symbol(symbol)),
            },
            Ask::SymbolTick { symbol } => match self.symbols.tick(symbol) {
                Some(tick) => Ok(Answer::SymbolTick(Box::new(without_seq(tick)))),
                None => Err(Fault::new(ErrorCode::NotFound, "there was no tick yet")),
            },
            Ask::AccountInfo
            | Ask::HistoryDeals(_)
            | Ask::HistoryOrders(_)
            | Ask::Indicator { .. }
            | Ask::OrderCheck(_)
            | Ask::OrderSend(_)
            | Ask::Symbols { .. }
            | Ask::TerminalInfo
            | Ask::Ticks { .. }
            | _ => {
                let text = format!("the double has no answer to `{}`", ask.kind().as_str());
                Err(Fault::new(ErrorCode::Unsupported, text))
            }
        }
    }
}

fn without_seq(tick: &Tick) -> Tick {
    let mut tick = tick.clone();
    tick.seq = None;
    tick
}
