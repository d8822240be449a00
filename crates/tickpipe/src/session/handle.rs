//! A session in the hands of other threads.

use std::ops::Deref;
use std::sync::Arc;

use super::ea::Ea;
use super::link::Link;

/// A session through which any thread asks and trades, as long as it is open.
///
/// It has all the methods of [`Ea`]. A call is answered whatever the strategy does meanwhile; when
/// the session is over, all of them fail with `disconnected`. A handle keeps no session open.
///
/// # Examples
///
/// ```
/// use tickpipe::session::{Context, Handle, Strategy, StrategyError};
///
/// #[derive(Default)]
/// struct Watched;
///
/// impl Strategy for Watched {
///     fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
///         let handle: Handle = context.handle();
///         std::thread::spawn(move || {
///             if let Ok(info) = handle.account_info() {
///                 println!("equity: {}", info.state.equity);
///             }
///         });
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Handle {
    ea: Ea,
}

impl Handle {
    pub(crate) const fn new(ea: Ea) -> Self {
        Self { ea }
    }
}

impl Deref for Handle {
    type Target = Ea;

    fn deref(&self) -> &Ea {
        &self.ea
    }
}

/// An EA at the other end of a connection, for whoever needs the connection too.
#[derive(Clone, Debug)]
pub(crate) struct LinkedEa {
    ea: Ea,
    link: Arc<Link>,
}

impl LinkedEa {
    /// Returns `None` for an EA without a connection.
    pub(super) fn new(ea: &Ea) -> Option<Self> {
        let link = Arc::clone(ea.requests()).link()?;
        Some(Self { ea: ea.clone(), link })
    }

    pub(super) fn link(&self) -> &Link {
        &self.link
    }
}

impl Deref for LinkedEa {
    type Target = Ea;

    fn deref(&self) -> &Ea {
        &self.ea
    }
}
