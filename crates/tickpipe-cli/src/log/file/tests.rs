use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use super::*;

/// A disk that a test has in its hands.
struct Disk {
    written: Arc<Mutex<Vec<String>>>,
    is_full: Arc<AtomicBool>,
    /// Who writes tells it, and waits.
    gate: Option<(Sender<()>, Receiver<()>)>,
}

impl Sink for Disk {
    fn write(&mut self, _now: Instant, line: &[u8]) -> io::Result<()> {
        if let Some((begun, go_on)) = &self.gate {
            begun.send(()).unwrap();
            go_on.recv().unwrap();
        }
        if self.is_full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.written.lock().unwrap().push(String::from_utf8_lossy(line).into_owned());
        Ok(())
    }
}

fn flushed(lines: &SyncSender<Line>) {
    let (done, written) = sync_channel(1);
    lines.send(Line::Flush(done)).unwrap();
    written.recv().unwrap();
}

#[test]
fn what_a_full_disk_did_not_take_is_counted_there() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let is_full = Arc::new(AtomicBool::new(false));
    let disk = Disk { written: Arc::clone(&written), is_full: Arc::clone(&is_full), gate: None };
    let (log, lines) = Log::new();
    let dropped = Arc::clone(&log.dropped);
    let writer = thread::spawn(move || write_all(disk, &lines, &dropped, "disk"));
    let line = |text: &str| log.lines.send(Line::Text(text.into())).unwrap();
    line("1\n");
    flushed(&log.lines);
    is_full.store(true, Ordering::Relaxed);
    ["2\n", "3\n", "4\n"].into_iter().for_each(line);
    flushed(&log.lines);
    assert_eq!(log.dropped.load(Ordering::Relaxed), 3);
    is_full.store(false, Ordering::Relaxed);
    line("5\n");
    flushed(&log.lines);
    assert_eq!(log.dropped.load(Ordering::Relaxed), 0);
    drop(log);
    writer.join().unwrap();
    let written = written.lock().unwrap();
    let [first, gap, last] = written.as_slice() else { panic!("{written:?}") };
    assert_eq!((first.as_str(), last.as_str()), ("1\n", "5\n"));
    assert!(gap.ends_with("Z  WARN 3 log lines could not be written\n"), "{gap}");
}

/// A disk that does not answer holds up its own thread alone, and what it missed is counted.
#[test]
fn a_disk_that_hangs_holds_up_nobody_who_logs() {
    use std::io::Write as _;
    let written = Arc::new(Mutex::new(Vec::new()));
    let (begun, begins) = channel();
    let (go, go_on) = channel();
    let disk =
        Disk { written: Arc::clone(&written), is_full: Arc::default(), gate: Some((begun, go_on)) };
    let (log, lines) = Log::new();
    let dropped = Arc::clone(&log.dropped);
    let writer = thread::spawn(move || write_all(disk, &lines, &dropped, "disk"));
    let mut logger = log.clone();
    logger.write_all(b"0\n").unwrap();
    begins.recv().unwrap();
    // It hangs now; the queue takes what it holds, and the rest is dropped at once.
    let count = super::super::CAPACITY + 100;
    for _ in 0..count {
        logger.write_all(b"x\n").unwrap();
    }
    assert_eq!(log.dropped.load(Ordering::Relaxed), 100);
    drop((logger, log));
    for _ in 0..super::super::CAPACITY + 1 {
        go.send(()).unwrap();
        begins.recv().unwrap();
    }
    go.send(()).unwrap();
    writer.join().unwrap();
    let written = written.lock().unwrap();
    assert_eq!(written.len(), super::super::CAPACITY + 2, "each, and the count");
    assert!(written[1].ends_with("  WARN 100 log lines could not be written\n"), "{}", written[1]);
}

/// Who takes a service's name next wants its file too.
#[test]
fn the_file_is_closed_at_its_end_and_says_what_is_missing() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let disk = Disk { written: Arc::clone(&written), is_full: Arc::default(), gate: None };
    let (log, lines) = Log::new();
    let dropped = Arc::clone(&log.dropped);
    let writer = thread::spawn(move || write_all(disk, &lines, &dropped, "disk"));
    log.dropped.store(2, Ordering::Relaxed);
    let (done, closed) = sync_channel(1);
    log.lines.send(Line::End(done)).unwrap();
    closed.recv().unwrap();
    assert_eq!(Arc::strong_count(&written), 1, "the disk is given up before it is told");
    writer.join().unwrap();
    assert!(written.lock().unwrap()[0].ends_with("  WARN 2 log lines could not be written\n"));
    log.offer(b"late\n".to_vec());
    assert_eq!(log.dropped.load(Ordering::Relaxed), 1);
}
