//! Deals by hand, and the trades that they are.

use tickpipe_proto::types::{ClientId, DealTicket};

use super::*;

/// A deal of EURUSD: number, position, kind, entry, hundredths of lots, points, and cents of profit, swap
/// and commission. Its time is its number, in seconds.
fn deal(
    (ticket, position): (u64, u64),
    kind: DealType,
    entry: DealEntry,
    (volume, points): (i64, i64),
    [profit, swap, commission]: [i64; 3],
) -> Deal {
    let cents = |units| Some(Money::new(units, 2).unwrap());
    let mut deal = Deal::new(DealTicket::new(ticket).unwrap(), kind);
    deal.position = PositionTicket::new(position).ok();
    deal.symbol = Symbol::new("EURUSD").ok();
    deal.entry = Some(entry);
    deal.volume = Lots::new(volume, 2).ok();
    deal.price = Price::new(points, 5).ok();
    (deal.profit, deal.swap, deal.commission) = (cents(profit), cents(swap), cents(commission));
    deal.time_msc = Some(i64::try_from(ticket).unwrap() * 1000);
    deal
}

/// Trades as text: side, volume, prices, times, then profit, swap, commission and net.
fn trades(deals: &[Deal]) -> Vec<String> {
    let mut ledger = Ledger::new(2);
    deals.iter().for_each(|deal| ledger.handle_deal(deal));
    let text = |trade: &Trade| {
        format!(
            "{} {:?} {} {}@{} {}@{} {} {} {} {}",
            trade.position,
            trade.side,
            trade.volume,
            trade.price_in,
            trade.time_in_msc,
            trade.price_out,
            trade.time_out_msc,
            trade.profit,
            trade.swap,
            trade.commission,
            trade.net
        )
    };
    ledger.into_trades().iter().map(text).collect()
}

#[test]
fn a_position_that_is_closed_in_parts_gives_its_commission_in_parts() {
    let deals = [
        deal((2, 1), DealType::Buy, DealEntry::In, (30, 110_000), [0, 0, -100]),
        deal((3, 1), DealType::Sell, DealEntry::Out, (10, 110_100), [1000, -1, -33]),
        deal((4, 1), DealType::Sell, DealEntry::Out, (10, 110_100), [1000, -1, -33]),
        deal((5, 1), DealType::Sell, DealEntry::Out, (10, 110_100), [1000, 0, -34]),
    ];
    // A third of 1.00 is 0.33; a half of the 0.67 that is left, 0.335, is 0.34; and then 0.33.
    let expected = [
        "1 Buy 0.10 1.10000@2000 1.10100@3000 10.00 -0.01 -0.66 9.33",
        "1 Buy 0.10 1.10000@2000 1.10100@4000 10.00 -0.01 -0.67 9.32",
        "1 Buy 0.10 1.10000@2000 1.10100@5000 10.00 0.00 -0.67 9.33",
    ];
    assert_eq!(trades(&deals), expected);
}

#[test]
fn a_netting_position_grows_and_turns_round() {
    let deals = [
        deal((2, 1), DealType::Buy, DealEntry::In, (10, 110_000), [0, 0, -35]),
        deal((3, 1), DealType::Buy, DealEntry::In, (5, 110_001), [0, 0, -18]),
        deal((4, 1), DealType::Sell, DealEntry::InOut, (40, 110_010), [145, 0, -140]),
        deal((5, 1), DealType::Buy, DealEntry::Out, (25, 110_000), [250, 0, -88]),
    ];
    // 15 of the 40 close: 0.525 of 1.40, which is 0.53; the other 0.87 belong to what was opened.
    let expected = [
        "1 Buy 0.15 1.10000333@2000 1.10010@4000 1.45 0.00 -1.06 0.39",
        "1 Sell 0.25 1.10010@4000 1.10000@5000 2.50 0.00 -1.75 0.75",
    ];
    assert_eq!(trades(&deals), expected);
}

#[test]
fn two_positions_that_close_each_other_are_two_trades() {
    let deals = [
        deal((2, 1), DealType::Buy, DealEntry::In, (10, 110_000), [0, 0, -35]),
        deal((3, 2), DealType::Sell, DealEntry::In, (30, 110_050), [0, 0, -105]),
        deal((4, 1), DealType::Sell, DealEntry::OutBy, (10, 110_050), [500, 0, 0]),
        deal((5, 2), DealType::Buy, DealEntry::OutBy, (10, 110_000), [0, -7, 0]),
    ];
    let expected = [
        "1 Buy 0.10 1.10000@2000 1.10050@4000 5.00 0.00 -0.35 4.65",
        "2 Sell 0.10 1.10050@3000 1.10000@5000 0.00 -0.07 -0.35 -0.42",
    ];
    assert_eq!(trades(&deals), expected);
}

#[test]
fn what_is_open_keeps_its_commission() {
    let mut ledger = Ledger::new(2);
    let mut deposit = Deal::new(DealTicket::new(1).unwrap(), DealType::Balance);
    deposit.profit = "1000".parse().ok();
    ledger.handle_deal(&deposit);
    assert!(ledger.is_flat());
    ledger.handle_deal(&deal((2, 1), DealType::Buy, DealEntry::In, (3, 1), [0, 0, -100]));
    ledger.handle_deal(&deal((3, 1), DealType::Sell, DealEntry::Out, (1, 1), [0, 0, 0]));
    assert!(!ledger.is_flat());
    assert_eq!((ledger.paid_in(), ledger.open_commission()), (100_000, -67));
}

#[test]
fn how_it_ended_is_read_from_the_brokers_own_orders() {
    #[track_caller]
    fn check(comment: Option<&str>, is_sent: bool, expected: Ending) {
        let entry = DealEntry::Out;
        let mut deal = deal((3, 1), DealType::Sell, entry, (1, 1), [0; 3]);
        deal.comment = comment.map(str::to_owned);
        deal.client_id = is_sent.then(|| "x1".parse::<ClientId>().unwrap());
        assert_eq!(Ending::of(&deal), expected, "{comment:?}");
        deal.entry = Some(DealEntry::OutBy);
        assert_eq!(Ending::of(&deal), Ending::CloseBy);
    }
    check(Some("sl 1.09900"), false, Ending::StopLoss);
    check(Some("tp 1.10100"), false, Ending::TakeProfit);
    check(Some("so 12.00/30.00"), false, Ending::StopOut);
    check(Some("end of test"), false, Ending::EndOfTest);
    check(None, false, Ending::Strategy);
    // A strategy may write what it likes.
    check(Some("sl 1.09900"), true, Ending::Strategy);
    check(Some("end of test"), true, Ending::Strategy);
    check(None, true, Ending::Strategy);
}
