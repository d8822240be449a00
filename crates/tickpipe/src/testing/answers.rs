//! What a double answers by itself.

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Answer, Ask, Fault, SymbolInfo, Tick};
use tickpipe_proto::types::Lots;

use super::double::EaDouble;
use super::history;

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
                self.fills.send(request, &self.ticks)
            }
            Ask::OrderStatus { client_id } if self.script.fills_orders => {
                Ok(self.fills.status(*client_id))
            }
            Ask::Orders { .. } => Ok(Answer::Orders { orders: Vec::new(), more: false }),
            Ask::Positions { symbol, magic, after } => {
                Ok(self.fills.positions(symbol.as_ref(), *magic, *after))
            }
            Ask::Rates { symbol, timeframe, span } if *symbol == self.script.hello.chart.symbol => {
                let bars = self.script.bars.get(timeframe).map(Vec::as_slice).unwrap_or_default();
                Ok(history::rates(bars, *span))
            }
            Ask::SymbolInfo { symbol } if *symbol == self.script.hello.chart.symbol => {
                Ok(Answer::SymbolInfo(Box::new(self.symbol_info())))
            }
            Ask::SymbolInfo { symbol } | Ask::Rates { symbol, .. } => {
                let text = format!("the double knows no symbol `{symbol}`");
                Err(Fault::new(ErrorCode::UnknownSymbol, text))
            }
            Ask::SymbolTick { symbol } => match self.ticks.get(symbol) {
                Some(tick) => Ok(Answer::SymbolTick(Box::new(without_seq(tick)))),
                None => Err(Fault::new(ErrorCode::NotFound, "there was no tick yet")),
            },
            Ask::AccountInfo
            | Ask::HistoryDeals(_)
            | Ask::HistoryOrders(_)
            | Ask::Indicator { .. }
            | Ask::OrderCheck(_)
            | Ask::OrderSend(_)
            | Ask::OrderStatus { .. }
            | Ask::Symbols { .. }
            | Ask::TerminalInfo
            | Ask::Ticks { .. }
            | _ => {
                let text = format!("the double has no answer to `{}`", ask.kind().as_str());
                Err(Fault::new(ErrorCode::Unsupported, text))
            }
        }
    }

    fn symbol_info(&self) -> SymbolInfo {
        let chart = &self.script.hello.chart;
        let lots = |units| Lots::new(units, 2).expect("invariant: a number of lots above zero");
        let (min, max, step) = (lots(1), lots(10_000), lots(1));
        SymbolInfo::new(chart.symbol.clone(), chart.digits, chart.point, min, max, step)
    }
}

fn without_seq(tick: &Tick) -> Tick {
    let mut tick = tick.clone();
    tick.seq = None;
    tick
}
