//! What people and programs get to read.

use super::*;

#[test]
fn trades_are_rows() {
    let expected = concat!(
        "position,symbol,side,volume,time_in,time_in_msc,price_in,time_out,time_out_msc,price_out,profit,swap,commission,net,ending,magic,comment_in,comment_out\n",
        "1,EURUSD,buy,0.10,2019-02-04T00:00:00.000,1549238400000,1.10002,2019-02-04T01:00:00.000,1549242000000,1.10102,10.00,0.00,-0.70,9.30,strategy,,\"first, \"\"quoted\"\"\",\n",
        "3,EURUSD,sell,0.10,2019-02-04T02:00:00.000,1549245600000,1.10000,2019-02-04T03:00:00.000,1549249200000,1.10050,-5.00,0.00,-0.70,-5.70,stop loss,,,sl 1.10050\n",
        "5,EURUSD,buy,0.10,2019-02-05T00:00:00.000,1549324800000,1.10002,2019-02-05T01:00:00.000,1549328400000,1.09982,-2.00,0.00,-0.70,-2.70,strategy,,,\n",
        "7,EURUSD,buy,0.10,2019-02-06T00:00:00.000,1549411200000,1.10002,2019-02-06T01:00:00.000,1549414800000,1.10052,5.00,0.00,-0.70,4.30,take profit,,,tp 1.10052\n",
    );
    assert_eq!(run().trades_csv(), expected);
}

#[test]
fn equity_is_rows() {
    let expected = concat!(
        "time,time_msc,balance,equity,equity_min,equity_max,drawdown\n",
        "2019-02-04T00:00:00.000,1549238400000,9999.65,9999.45,9999.45,10000.00,0.55\n",
        "2019-02-04T01:00:00.000,1549242000000,10009.30,10009.30,10009.30,10009.65,0.35\n",
        "2019-02-04T02:00:00.000,1549245600000,10008.95,10008.75,10008.75,10008.75,0.90\n",
        "2019-02-04T03:00:00.000,1549249200000,10003.60,10003.60,10003.60,10003.60,6.05\n",
        "2019-02-05T00:00:00.000,1549324800000,10003.25,10003.05,10003.05,10003.05,6.60\n",
        "2019-02-05T01:00:00.000,1549328400000,10000.90,10000.90,10000.90,10001.25,8.75\n",
        "2019-02-06T00:00:00.000,1549411200000,10000.55,10000.35,10000.35,10000.35,9.30\n",
        "2019-02-06T01:00:00.000,1549414800000,10005.20,10005.20,10005.20,10005.20,4.45\n",
    );
    assert_eq!(run().equity_csv(), expected);
}

#[test]
fn a_table_fits_a_terminal() {
    let expected = concat!(
        "opened               symbol  side  lots       in      out    net  ended by\n",
        "2019-02-04 00:00:00  EURUSD  buy   0.10  1.10002  1.10102   9.30  strategy\n",
        "2019-02-04 02:00:00  EURUSD  sell  0.10  1.10000  1.10050  -5.70  stop loss\n",
        "2019-02-05 00:00:00  EURUSD  buy   0.10  1.10002  1.09982  -2.70  strategy\n",
        "2019-02-06 00:00:00  EURUSD  buy   0.10  1.10002  1.10052   4.30  take profit\n",
        "\n",
        "net profit            5.20 USD\n",
        "balance at the begin  10,000.00 USD\n",
        "balance at the end    10,005.20 USD\n",
        "equity at the end     10,005.20 USD\n",
        "gross profit          13.60 USD\n",
        "gross loss            -8.40 USD\n",
        "commission            -2.80 USD\n",
        "swap                  0.00 USD\n",
        "trades                4, 2 won, 2 lost\n",
        "win rate              50.00 %\n",
        "profit factor         1.62\n",
        "expectancy            1.30 USD\n",
        "average win           6.80 USD\n",
        "average loss          -4.20 USD\n",
        "largest win           9.30 USD\n",
        "largest loss          -5.70 USD\n",
        "longest losing run    2\n",
        "maximal drawdown      9.30 USD, 0.09 %\n",
        "drawdown from, to     2019-02-04 01:00:00, 2019-02-06 00:00:00\n",
        "Sharpe ratio          7.14\n",
        "exposure              8.00 %\n",
        "orders                7 sent, 1 rejected, 0 unknown\n",
        "ticks                 9\n",
        "first tick            2019-02-04 00:00:00\n",
        "end                   2019-02-06 02:00:00\n",
    );
    assert_eq!(run().table(80), expected);
    for width in [40, 60, 80, 100, 140, 200] {
        let table = run().table(width);
        let trades = table.lines().take_while(|line| !line.is_empty());
        assert!(trades.map(|line| line.chars().count()).all(|columns| columns <= width), "{table}");
    }
}
