//! A session in the hands of other threads.

use std::ops::Deref;

use super::ea::Ea;

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
