//! What `--help` tells of a simulation beyond its options. A test holds it against what is read.

/// Settings and faults by name.
pub(crate) const SETTINGS: &str = "\
Settings of the account:
  balance=10000  currency=USD  currency_digits=2  leverage=100  mode=hedging, or netting
  margin_call=100, stop_out=50 (percent)  orders_max, positions_max (none)

Settings of a symbol. Pairs of currencies and metals are known by their names, and have defaults. Of
another symbol digits, currency and contract_size have to be said; it is a contract for difference:
  digits           decimals of a price: 5 of a pair, 3 with JPY
  contract_size    units of a lot: 100000 of a pair
  base, currency, margin
                   currencies: what is traded, the price's, the margin's
  calc             forex, forex_no_leverage, cfd, cfd_leverage, cfd_index, futures
  tick_size, tick_value
                   a price, and money of `currency`; of indices and futures
  volume_min, volume_max, volume_step, volume_limit
                   lots; of a pair 0.01, 100, 0.01, none
  stops_level, freeze_level
                   points: 0
  margin_initial, margin_hedged
                   money of `margin`, and units of a hedged lot
  commission, commission_percent
                   money of the account a lot and deal, or percent of a deal's value: 0
  swap_long, swap_short, swap_mode
                   a night, below zero it is paid: 0, points; or currency, interest
  execution        market, or instant, which knows requotes
  filling          fok, ioc, return; several with +
  trade_mode       full; or close_only, long_only, short_only, disabled
  sessions         always; or working_days
  description      a text without a comma

Faults, as NAME[:VALUE]=PROBABILITY, or at the Nth tick or order: NAME[:VALUE]@tick=N, @order=N
  requote          an order is refused with 10004
  reject:10006     an order is refused with a code
  delay:500        the answer to an order takes so many milliseconds more
  unknown          an order is executed, and answered that nobody knows
  drop             any request is carried out, and its answer lost; or @order
  die              at a tick or an order: the terminal is gone, and comes back in a new session
  freeze:20000     at a tick: nothing is said or read for so many milliseconds
  garbage          at a tick: a line that is no message
  clock:3600       at a tick: the trade server's clock jumps by seconds, or back: clock:-3600
";

#[cfg(test)]
mod tests {
    use tickpipe_sim::fault::Faults;
    use tickpipe_sim::settings;

    use super::SETTINGS;

    /// What is refused says which names there are.
    #[test]
    fn every_name_is_told() {
        let account = settings::account("x").expect_err("it is none").allowed;
        let symbol = settings::symbol("EURUSD:x").expect_err("it is none").allowed;
        let fault = Faults::parse(["x"], 0).expect_err("it is none").to_string();
        let fault = fault.rsplit("there are ").next().expect("a text has an end");
        let words: Vec<_> = SETTINGS.split(|letter: char| !is_of_name(letter)).collect();
        let mut names = 0;
        for names_of in [account.as_str(), symbol.as_str(), fault] {
            for name in names_of.trim_start_matches("NAME=VALUE with one of ").split(", ") {
                assert!(words.contains(&name), "{name} of {names_of}");
                names += 1;
            }
        }
        assert_eq!(names, 9 + 26 + 9);
        assert!(SETTINGS.lines().all(|line| line.chars().count() <= 100));
    }

    fn is_of_name(letter: char) -> bool {
        letter.is_ascii_lowercase() || letter == '_'
    }
}
