//! Numbers that look random and are the same for the same seed.

/// What a number is drawn for, so that one draw tells nothing of another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Fault = 1,
    Lateness = 2,
    PushPause = 3,
}

/// Draws a number from 0 up to `limit`, which it never reaches.
///
/// It depends on nothing but the arguments: not on time, threads or what was drawn before.
pub(super) fn draw(purpose: Purpose, seed: u64, connection: u64, index: u64, limit: u64) -> u64 {
    let mixed = [purpose as u64, seed, connection, index]
        .into_iter()
        .fold(0, |state, word| mix(state ^ word));
    // The upper half times the limit: every result is as likely as any other, but for one in 2^32.
    (mixed >> 32).wrapping_mul(limit) >> 32
}

/// One step of splitmix64, which turns numbers that differ in one bit into unlike ones.
const fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_arguments_alone_and_fills_its_range() {
        let draws = |seed, connection| -> Vec<u64> {
            (0..1000).map(|index| draw(Purpose::Fault, seed, connection, index, 10)).collect()
        };
        assert_eq!(draws(1, 1), draws(1, 1));
        assert_ne!(draws(1, 1), draws(2, 1));
        assert_ne!(draws(1, 1), draws(1, 2));
        for value in 0..10 {
            let count = draws(1, 1).iter().filter(|drawn| **drawn == value).count();
            assert!((60..140).contains(&count), "{value} came {count} times in 1000");
        }
    }
}
