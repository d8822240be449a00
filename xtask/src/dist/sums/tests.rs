use super::{list, sha256};

/// The example of FIPS 180-2.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn a_sum_is_that_of_the_standard() {
    assert_eq!(sha256(b"abc"), ABC);
}

#[test]
fn sums_are_listed_by_name() {
    let sums = [("b.zip", sha256(&[0])), ("a.tar.gz", ABC.to_owned())];
    let text = list(&sums.map(|(name, sum)| (name.to_owned(), sum)).into());
    assert_eq!(text, format!("{ABC}  a.tar.gz\n{}  b.zip\n", sha256(&[0])));
}
