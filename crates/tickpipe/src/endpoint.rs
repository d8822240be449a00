//! A TCP address, of this machine alone unless somebody says otherwise.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use tickpipe_proto::escaped;

use crate::error::{Error, ErrorKind};

/// Characters of an address that an error shows.
const SHOWN_CHARS_MAX: usize = 200;

/// Where a server listens for TCP, or is reached: a host and a port, looked up once.
///
/// # Examples
///
/// ```
/// use tickpipe::{Endpoint, ErrorKind};
///
/// assert_eq!(Endpoint::loopback("127.0.0.1:4444")?.to_string(), "127.0.0.1:4444");
/// let error = Endpoint::loopback("0.0.0.0:4444").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InsecureAddress);
/// # Ok::<(), tickpipe::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    text: String,
    /// At least one.
    addresses: Vec<SocketAddr>,
}

impl Endpoint {
    /// Takes an address that only this machine reaches, such as `127.0.0.1:4444` or
    /// `localhost:4444`.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidConfig`](ErrorKind::InvalidConfig) for a text that is no
    /// host and port, or a host that is not known, and
    /// [`InsecureAddress`](ErrorKind::InsecureAddress) if any address of the host is not loopback.
    pub fn loopback(text: &str) -> Result<Self, Error> {
        let endpoint = Self::look_up(text)?;
        match endpoint.first_remote() {
            None => Ok(endpoint),
            Some(address) => Err(Error::new(
                ErrorKind::InsecureAddress,
                format!(
                    "`{endpoint}` is {}, which other machines may reach; allowed is an address of \
                     this machine alone, such as 127.0.0.1",
                    address.ip()
                ),
            )),
        }
    }

    /// Takes an address that other machines may reach: lines and token go there unencrypted.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidConfig`](ErrorKind::InvalidConfig) for a text that is no
    /// host and port, or a host that is not known.
    pub fn remote(text: &str) -> Result<Self, Error> {
        let endpoint = Self::look_up(text)?;
        if endpoint.first_remote().is_some() {
            let address = endpoint.to_string();
            tracing::warn!(address, "lines and token go unencrypted between machines");
        }
        Ok(endpoint)
    }

    fn look_up(text: &str) -> Result<Self, Error> {
        let shown = escaped(text, SHOWN_CHARS_MAX);
        let addresses = text.to_socket_addrs().map(Vec::from_iter).and_then(|addresses| {
            if addresses.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(addresses) }
        });
        match addresses {
            Ok(addresses) => Ok(Self { text: shown, addresses }),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("`{shown}` is no address, allowed is HOST:PORT such as 127.0.0.1:4444"),
            )),
            Err(error) => Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("the host of `{shown}` is not known, allowed is one such as 127.0.0.1"),
            )
            .with_source(error)),
        }
    }

    fn first_remote(&self) -> Option<SocketAddr> {
        // An IPv4 address may come dressed as IPv6.
        let is_remote = |address: &&SocketAddr| !address.ip().to_canonical().is_loopback();
        self.addresses.iter().find(is_remote).copied()
    }

    /// Returns whether who connects here may come to who listens on `listened` of this machine.
    pub(crate) fn reaches(&self, listened: SocketAddr) -> bool {
        // An unspecified address is every one of this machine to listen on, and loopback to reach.
        let is_own = |ip: IpAddr| ip.is_loopback() || ip.is_unspecified();
        let at = listened.ip().to_canonical();
        self.addresses.iter().any(|address| {
            let ip = address.ip().to_canonical();
            let is_any = at.is_unspecified() || ip.is_unspecified();
            address.port() == listened.port() && (ip == at || (is_any && is_own(ip) && is_own(at)))
        })
    }

    pub(crate) fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for text in ["127.0.0.1:1", "127.8.9.10:65535", "[::1]:4444", "[::ffff:127.0.0.1]:1"] {
            assert_eq!(Endpoint::loopback(text).unwrap().to_string(), text);
        }
        for text in ["0.0.0.0:1", "[::]:1", "192.168.1.1:1", "[::ffff:10.0.0.1]:1", "[fe80::1]:1"] {
            let error = Endpoint::loopback(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InsecureAddress, "{text}");
            Endpoint::remote(text).unwrap();
        }
    }

    #[test]
    fn whoever_listens_on_the_address_is_reached() {
        for (text, listened, is_reached) in [
            ("127.0.0.1:1", "127.0.0.1:1", true),
            ("[::ffff:127.0.0.1]:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "0.0.0.0:1", true),
            ("0.0.0.0:1", "127.0.0.1:1", true),
            ("[::1]:1", "[::]:1", true),
            ("127.0.0.1:1", "127.0.0.1:2", false),
            ("127.0.0.2:1", "127.0.0.1:1", false),
            ("192.168.1.1:1", "0.0.0.0:1", false),
        ] {
            let endpoint = Endpoint::remote(text).unwrap();
            assert_eq!(endpoint.reaches(listened.parse().unwrap()), is_reached, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        for text in ["", "127.0.0.1", ":4444x", "127.0.0.1:65536", "127.0.0.1:-1", "::1"] {
            let error = Endpoint::remote(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidConfig, "{text}");
            assert!(error.to_string().contains("allowed is "), "{error}");
        }
    }
}
