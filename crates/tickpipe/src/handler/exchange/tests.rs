use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

/// A program whose output is a list of what each read gives; `None` is a wait that ends.
#[derive(Default)]
struct Scripted {
    output: VecDeque<Option<Vec<u8>>>,
    /// What is printed once a line was taken, for each line.
    answers: VecDeque<Vec<Option<Vec<u8>>>>,
    input: Vec<u8>,
    is_gone: bool,
    is_deaf: bool,
}

impl Scripted {
    fn answering(answers: &[&[&str]]) -> Self {
        let piece = |piece: &&str| (*piece != "-").then(|| piece.as_bytes().to_vec());
        let answers = answers.iter().map(|pieces| pieces.iter().map(piece).collect()).collect();
        Self { answers, ..Self::default() }
    }

    fn print(&mut self, text: &str) {
        self.output.push_back(Some(text.as_bytes().to_vec()));
    }
}

impl Partner for Scripted {
    fn read(&mut self, buf: &mut [u8], _timeout: Option<Duration>) -> io::Result<Received> {
        match self.output.pop_front() {
            Some(Some(bytes)) => {
                buf[..bytes.len()].copy_from_slice(&bytes);
                Ok(Received::Data(bytes.len()))
            }
            Some(None) => Ok(Received::TimedOut),
            None if self.is_gone => Ok(Received::End),
            None => Ok(Received::TimedOut),
        }
    }

    fn write_all(&mut self, bytes: &[u8], _deadline: Option<Duration>) -> io::Result<()> {
        if self.is_deaf {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.input.extend_from_slice(bytes);
        self.output.extend(self.answers.pop_front().unwrap_or_default());
        Ok(())
    }
}

/// Asks with no time left: what the script holds until its first wait is all there is.
fn ask(exchange: &mut Exchange, partner: &mut Scripted, line: &str) -> String {
    match exchange.ask(partner, line, Some(Instant::now())) {
        Ok(answer) => answer,
        Err(Missed::Ended { was_sent }) => format!("<ended sent={was_sent}>"),
        Err(Missed::Flooded) => "<flooded>".to_owned(),
        Err(Missed::Owed { .. }) => "<owed>".to_owned(),
        Err(Missed::Stuck) => "<stuck>".to_owned(),
        Err(Missed::TimedOut) => "<timed out>".to_owned(),
        Err(Missed::Unusable(error)) => format!("<{}>", error.code()),
    }
}

#[test]
fn a_line_gets_its_answer() {
    let mut partner = Scripted::answering(&[&["2.200\n"], &["\u{feff}4.400\r\n"], &["\n"]]);
    let mut exchange = Exchange::new();
    assert_eq!(ask(&mut exchange, &mut partner, "1.1"), "2.200");
    assert_eq!(ask(&mut exchange, &mut partner, "2.2"), "4.400");
    assert_eq!(ask(&mut exchange, &mut partner, "3.3"), "");
    assert_eq!(partner.input, b"1.1\n2.2\n3.3\n");
    assert_eq!(exchange.take_dropped(), Dropped::default());
}

#[test]
fn no_line_is_sent_while_an_answer_is_owed() {
    let mut partner = Scripted::answering(&[&["-"], &["second\n"]]);
    let mut exchange = Exchange::new();
    assert_eq!(ask(&mut exchange, &mut partner, "1"), "<timed out>");
    assert_eq!(ask(&mut exchange, &mut partner, "2"), "<owed>");
    partner.print("fir");
    assert_eq!(ask(&mut exchange, &mut partner, "2"), "<owed>");
    partner.print("st\n");
    assert_eq!(ask(&mut exchange, &mut partner, "2"), "second");
    assert_eq!(partner.input, b"1\n2\n");
    assert_eq!(exchange.take_dropped(), Dropped { late: 1, unasked: 0 });
}

#[test]
fn what_nobody_asked_for_is_no_answer() {
    let mut partner = Scripted::answering(&[
        &["right\nsurplus\nhal"],
        &["f\nright again\n"],
        &["-"],
        &["last\n"],
    ]);
    let mut exchange = Exchange::new();
    partner.print("banner\n");
    assert_eq!(ask(&mut exchange, &mut partner, "1"), "right");
    assert_eq!(ask(&mut exchange, &mut partner, "2"), "right again");
    assert_eq!(exchange.take_dropped(), Dropped { late: 0, unasked: 3 });
    // The end of a skipped line is not taken for the answer that is owed.
    partner.print("skip");
    assert_eq!(ask(&mut exchange, &mut partner, "3"), "<timed out>");
    partner.print("ped\n");
    assert_eq!(ask(&mut exchange, &mut partner, "4"), "<owed>");
    partner.print("late\n");
    assert_eq!(ask(&mut exchange, &mut partner, "4"), "last");
    assert_eq!(exchange.take_dropped(), Dropped { late: 1, unasked: 1 });
}

#[test]
fn more_than_an_answer_is_noticed() {
    for (answer, surplus, has_surplus) in [
        ("right\n", None, false),
        ("right\n", Some("more\n"), true),
        ("right\nmore\n", None, true),
        ("right\n", Some("half"), true),
        ("right\nhalf", None, true),
    ] {
        let mut partner = Scripted::answering(&[&[answer]]);
        let mut exchange = Exchange::new();
        assert_eq!(ask(&mut exchange, &mut partner, "1"), "right");
        surplus.into_iter().for_each(|surplus| partner.print(surplus));
        let found = exchange.has_surplus(&mut partner, Duration::ZERO);
        assert_eq!(found, has_surplus, "{answer:?} {surplus:?}");
    }
    // What was there before the line was sent spoils nothing.
    let mut partner = Scripted::answering(&[&["right\n"]]);
    let mut exchange = Exchange::new();
    partner.print("banner\n");
    assert_eq!(ask(&mut exchange, &mut partner, "1"), "right");
    assert!(!exchange.has_surplus(&mut partner, Duration::ZERO));
}

#[test]
fn answers_that_cannot_be_sent_are_named_and_the_next_one_is_right() {
    let long = "x".repeat(4000);
    let mut pieces = vec![long.as_str(); 17];
    pieces.push("rest\n");
    let mut partner = Scripted::answering(&[&pieces, &["right\n"]]);
    let mut exchange = Exchange::new();
    assert_eq!(ask(&mut exchange, &mut partner, "1"), "<timed out>", "no time to read all of it");
    let mut exchange = Exchange::new();
    let mut partner = Scripted { answers: partner.answers, ..Scripted::default() };
    partner.answers.push_front(pieces.iter().map(|p| Some(p.as_bytes().to_vec())).collect());
    let due = Some(Instant::now() + Duration::from_secs(60));
    let missed = exchange.ask(&mut partner, "1", due).unwrap_err();
    assert!(matches!(&missed, Missed::Unusable(error) if error.code() == ErrorCode::BadReply));
    assert_eq!(ask(&mut exchange, &mut partner, "2"), "right");

    for bytes in [&b"\xff\xfe\n"[..], b"2\0.\0\n", b"2.2\r4.4\r\n"] {
        let mut partner = Scripted::default();
        partner.answers.push_back(vec![Some(bytes.to_vec())]);
        partner.answers.push_back(vec![Some(b"right\n".to_vec())]);
        assert_eq!(ask(&mut exchange, &mut partner, "1"), "<bad_reply>", "{bytes:?}");
        assert_eq!(ask(&mut exchange, &mut partner, "2"), "right", "{bytes:?}");
    }
}

#[test]
fn a_program_that_leaves_floods_or_does_not_read_is_told_apart() {
    let mut partner = Scripted { is_gone: true, ..Scripted::default() };
    assert_eq!(ask(&mut Exchange::new(), &mut partner, "1"), "<ended sent=false>");
    let mut partner = Scripted::answering(&[&["half"]]);
    let mut exchange = Exchange::new();
    assert_eq!(ask(&mut exchange, &mut partner, "1"), "<timed out>");
    partner.is_gone = true;
    assert_eq!(ask(&mut exchange, &mut partner, "2"), "<ended sent=false>");
    let mut partner = Scripted { is_deaf: true, ..Scripted::default() };
    assert_eq!(ask(&mut Exchange::new(), &mut partner, "1"), "<stuck>");
    let mut partner = Scripted::default();
    (0..1000).for_each(|_| partner.print(&"y\n".repeat(2048)));
    assert_eq!(ask(&mut Exchange::new(), &mut partner, "1"), "<flooded>");
}

#[test]
fn an_error_line_keeps_its_code_if_it_is_one() {
    for (answer, code, text) in [
        ("ERR not_a_number found `x`", ErrorCode::NotANumber, "found `x`"),
        ("ERR rate", ErrorCode::Rate, ""),
        ("ERR", ErrorCode::HandlerFailed, ""),
        ("ERR no such symbol", ErrorCode::HandlerFailed, "no such symbol"),
    ] {
        let error = reply_of(answer.to_owned()).unwrap_err();
        assert_eq!((error.code(), error.text()), (code, text), "{answer}");
    }
    assert_eq!(reply_of("ERROR".to_owned()).as_deref(), Ok("ERROR"));
}

proptest! {
    /// However late and in whatever pieces answers come, an answer is never another line's.
    #[test]
    fn an_answer_is_never_another_lines(
        script in prop::collection::vec((0_usize..4, prop::bool::ANY, prop::bool::ANY), 1..40),
    ) {
        let mut partner = Scripted::default();
        let mut exchange = Exchange::new();
        let mut owed: Option<String> = None;
        for (index, (cut, is_late, has_surplus)) in script.into_iter().enumerate() {
            if let Some(rest) = owed.take() {
                partner.print(&rest);
            }
            let answer = format!("answer {index}\n");
            let surplus = if has_surplus { "surplus\n" } else { "" };
            let (head, tail) = answer.split_at(cut);
            let mut pieces = vec![head.to_owned()];
            if !is_late {
                pieces.push(format!("{tail}{surplus}"));
            }
            pieces.retain(|piece| !piece.is_empty());
            let pieces = pieces.into_iter().map(|piece| Some(piece.into_bytes())).collect();
            partner.answers.push_back(pieces);
            let due = if is_late { Instant::now() } else { Instant::now() + Duration::from_secs(60) };
            match exchange.ask(&mut partner, "line", Some(due)) {
                Ok(answer) => prop_assert_eq!(answer, format!("answer {index}")),
                Err(Missed::TimedOut) => {
                    prop_assert!(is_late);
                    owed = Some(tail.to_owned());
                }
                Err(missed) => prop_assert!(false, "{missed:?}"),
            }
        }
    }
}
