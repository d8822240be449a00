use super::*;

#[test]
fn words_come_back_and_periods_rise() {
    for timeframe in Timeframe::ALL {
        assert_eq!(timeframe.as_str().parse(), Ok(timeframe));
    }
    assert!(Timeframe::ALL.is_sorted());
    let seconds: Vec<_> = Timeframe::ALL.iter().filter_map(|it| it.seconds()).collect();
    assert_eq!(seconds.len(), 20);
    assert!(seconds.is_sorted());
    for word in ["m1", "M7", "MN", "", "H24"] {
        assert!(word.parse::<Timeframe>().is_err(), "{word}");
    }
}
