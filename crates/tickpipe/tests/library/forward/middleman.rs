//! A way between two servers on which everything happens that does happen.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::support::LIMIT;

/// Passes connections on, and does to one line in three what its seed says.
pub(super) struct Middleman {
    address: SocketAddr,
    is_stopped: Arc<AtomicBool>,
    way: Arc<Way>,
    thread: JoinHandle<()>,
}

/// What happens to a line and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// Both ends see a reset before the line is passed on.
    CutBefore,
    /// The line is passed on, its answer is not, and the connection ends.
    CutAfter,
    /// Half of the answer is passed on.
    CutWithin,
    /// The connection ends once the answer was passed on.
    CutThen,
    /// The answer comes long after the deadline.
    Delay,
    /// No answer comes, but the end of what would be sent; the line's way stays open.
    HalfClose,
    /// The middleman goes away with all its connections, and comes again.
    Restart,
    Pass,
}

impl Fate {
    /// How many there are.
    pub(super) const COUNT: usize = 8;

    fn of(random: u64) -> Self {
        match random % 21 {
            0 => Self::CutBefore,
            1 => Self::CutAfter,
            2 => Self::CutWithin,
            3 => Self::CutThen,
            4 => Self::Delay,
            5 => Self::HalfClose,
            6 => Self::Restart,
            _ => Self::Pass,
        }
    }
}

/// A generator whose whole state is a number: `splitmix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

struct Way {
    to: SocketAddr,
    random: Mutex<Random>,
    delay: Duration,
    wants_restart: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
    met: Mutex<BTreeSet<Fate>>,
}

impl Middleman {
    /// Listens for connections that go on to `to`.
    pub(super) fn start(to: SocketAddr, seed: u64, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let way = Arc::new(Way {
            to,
            random: Mutex::new(Random(seed)),
            delay,
            wants_restart: AtomicBool::new(false),
            open: Mutex::default(),
            met: Mutex::default(),
        });
        let thread = thread::spawn({
            let (way, is_stopped) = (Arc::clone(&way), Arc::clone(&is_stopped));
            move || accept_all(listener, address, &way, &is_stopped)
        });
        Self { address, is_stopped, way, thread }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection; returns what happened to lines.
    pub(super) fn stop(self) -> BTreeSet<Fate> {
        self.is_stopped.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
        self.thread.join().unwrap();
        self.way.met.lock().unwrap().clone()
    }
}

fn accept_all(
    mut listener: TcpListener,
    address: SocketAddr,
    way: &Arc<Way>,
    is_stopped: &AtomicBool,
) {
    loop {
        let Ok((stream, _)) = listener.accept() else { continue };
        if is_stopped.load(Ordering::Acquire) {
            return way.cut_all();
        }
        if way.wants_restart.swap(false, Ordering::AcqRel) {
            drop(stream);
            drop(listener);
            way.cut_all();
            // Away for a moment, in which nobody listens.
            thread::sleep(way.delay / 4);
            listener = loop {
                match TcpListener::bind(address) {
                    Ok(listener) => break listener,
                    Err(_) => thread::sleep(Duration::from_millis(5)),
                }
            };
            continue;
        }
        let way = Arc::clone(way);
        // Ends by itself: each of its waits has an end.
        thread::spawn(move || drop(way.pass_on(stream)));
    }
}

impl Way {
    fn cut_all(&self) {
        for stream in self.open.lock().unwrap().drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    /// Passes lines there and back until one meets its fate; an error is an end as well.
    fn pass_on(&self, near: TcpStream) -> std::io::Result<()> {
        let far = TcpStream::connect(self.to)?;
        for stream in [&near, &far] {
            stream.set_read_timeout(Some(LIMIT))?;
            self.open.lock().unwrap().push(stream.try_clone()?);
        }
        let mut lines = BufReader::new(near.try_clone()?);
        let mut answers = BufReader::new(far.try_clone()?);
        let [mut line, mut answer] = [(); 2].map(|()| Vec::new());
        let mut is_token = true;
        while lines.read_until(b'\n', &mut line)? > 0 {
            let fate = if is_token { Fate::Pass } else { self.next_fate() };
            if !matches!(fate, Fate::CutBefore) {
                (&far).write_all(&line)?;
                answers.read_until(b'\n', &mut answer)?;
            }
            match fate {
                Fate::CutBefore | Fate::CutAfter => break,
                Fate::CutWithin => {
                    (&near).write_all(&answer[..answer.len() / 2])?;
                    break;
                }
                Fate::CutThen => {
                    (&near).write_all(&answer)?;
                    break;
                }
                Fate::Delay => {
                    thread::sleep(self.delay);
                    (&near).write_all(&answer)?;
                }
                Fate::HalfClose => near.shutdown(Shutdown::Write)?,
                Fate::Restart => {
                    self.wants_restart.store(true, Ordering::Release);
                    break;
                }
                Fate::Pass => (&near).write_all(&answer)?,
            }
            line.clear();
            answer.clear();
            is_token = false;
        }
        near.shutdown(Shutdown::Both)?;
        far.shutdown(Shutdown::Both)
    }

    fn next_fate(&self) -> Fate {
        let fate = Fate::of(self.random.lock().unwrap().next());
        self.met.lock().unwrap().insert(fate);
        fate
    }
}
