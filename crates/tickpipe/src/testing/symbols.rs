//! What the double knows of symbols.

use std::collections::BTreeMap;

use tickpipe_proto::message::{SymbolInfo, Tick};
use tickpipe_proto::types::{Lots, Price, Symbol};

use super::script::{Script, one_point};

/// The symbols, and the last tick of each.
#[derive(Debug)]
pub(super) struct Symbols {
    infos: BTreeMap<Symbol, SymbolInfo>,
    ticks: BTreeMap<Symbol, Tick>,
}

impl Symbols {
    pub(super) fn of(script: &Script) -> Self {
        let chart = &script.hello.chart;
        let mut infos = BTreeMap::from([(
            chart.symbol.clone(),
            usual(chart.symbol.clone(), chart.digits, chart.point),
        )]);
        infos.extend(script.infos.iter().map(|info| (info.symbol.clone(), info.clone())));
        Self { infos, ticks: BTreeMap::new() }
    }

    /// Notes what a script told of a symbol: its orders are held against that.
    pub(super) fn told(&mut self, info: &SymbolInfo) {
        self.infos.insert(info.symbol.clone(), info.clone());
    }

    /// Notes a tick; its symbol is known from then on.
    pub(super) fn ticked(&mut self, tick: &Tick) {
        let digits = tick.bid.digits().max(tick.ask.digits());
        let info = || usual(tick.symbol.clone(), digits, one_point(digits));
        self.infos.entry(tick.symbol.clone()).or_insert_with(info);
        self.ticks.insert(tick.symbol.clone(), tick.clone());
    }

    pub(super) fn info(&self, symbol: &Symbol) -> Option<&SymbolInfo> {
        self.infos.get(symbol)
    }

    pub(super) fn tick(&self, symbol: &Symbol) -> Option<&Tick> {
        self.ticks.get(symbol)
    }
}

/// A symbol of which nobody said more: 0.01 to 100 lots in steps of 0.01.
fn usual(symbol: Symbol, digits: u8, point: Price) -> SymbolInfo {
    let lots = |units| Lots::new(units, 2).expect("invariant: a number of lots above zero");
    SymbolInfo::new(symbol, digits, point, lots(1), lots(10_000), lots(1))
}
