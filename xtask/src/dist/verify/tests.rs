use super::differing;
use crate::dist::Sums;

fn sums(files: &[(&str, &str)]) -> Sums {
    files.iter().map(|&(name, sum)| (name.to_owned(), sum.to_owned())).collect()
}

#[test]
fn what_differs_or_is_missing_is_named() {
    let left = sums(&[("a", "1"), ("b", "2"), ("c", "3")]);
    assert!(differing(&left, &left).is_empty());
    assert_eq!(differing(&left, &sums(&[("a", "1"), ("b", "9"), ("d", "4")])), ["b", "c", "d"]);
}
