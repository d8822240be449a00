//! TCP on both ends: where to listen or to forward to, and the token that goes with it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tickpipe::{Endpoint, Error, ErrorKind, Forward, ServerConfig, Token, default_token_path};

use crate::print;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "TCP")]
pub(crate) struct TcpOptions {
    /// Listen on TCP too, for a `serve forward` elsewhere: 127.0.0.1:4444
    #[arg(long, value_name = "ADDR", env = "TICKPIPE_LISTEN", hide_env = true)]
    listen: Option<String>,

    /// The token of both ends [default: tickpipe/token in your settings]
    #[arg(long, value_name = "PATH", env = "TICKPIPE_TOKEN_FILE", hide_env = true)]
    token_file: Option<PathBuf>,

    /// Let ADDR be another machine's: lines and token go there unencrypted
    #[arg(long, env = "TICKPIPE_ALLOW_REMOTE", hide_env = true)]
    allow_remote: bool,
}

impl TcpOptions {
    /// Has the server listen, if that is wanted; the token file is made if there is none. Returns
    /// where it is.
    pub(super) fn listen(
        &self,
        config: ServerConfig,
    ) -> Result<(ServerConfig, Option<PathBuf>), Failure> {
        let Some(address) = &self.listen else { return Ok((config, None)) };
        let endpoint = self.endpoint(address).map_err(Failure::library(""))?;
        let path = self.token_path()?;
        let token = Token::read_or_create(&path).map_err(Failure::library(""))?;
        Ok((config.with_listen(endpoint, token), Some(path)))
    }

    /// Returns where a server will listen and where its token will be, if it will.
    pub(crate) fn listens(&self) -> Option<Result<(&str, PathBuf), Failure>> {
        let address = self.listen.as_deref()?;
        let endpoint = self.endpoint(address).map_err(Failure::library(""));
        Some(endpoint.and_then(|_| Ok((address, self.token_path()?))))
    }

    /// Returns what forwards to a server.
    pub(super) fn forward(&self, address: &str) -> Result<Forward, Failure> {
        let endpoint = self.endpoint(address).map_err(Failure::library(""))?;
        let token = Token::read(&self.token_path()?).map_err(|error| {
            if error.kind() == ErrorKind::NotFound {
                return Failure::Usage(error.to_string());
            }
            Failure::library("")(error)
        })?;
        Ok(Forward::new(endpoint, token))
    }

    fn endpoint(&self, address: &str) -> Result<Endpoint, Error> {
        if self.allow_remote { Endpoint::remote(address) } else { Endpoint::loopback(address) }
    }

    fn token_path(&self) -> Result<PathBuf, Failure> {
        let path = self.token_file.clone().or_else(default_token_path).ok_or_else(|| {
            Failure::Usage(
                "the environment names no folder for the token; name a file with `--token-file`"
                    .to_owned(),
            )
        })?;
        std::path::absolute(path)
            .map_err(|error| Failure::Stream("cannot tell where the token file is", error))
    }
}

/// Returns what people need to know of a server that listens: where, and what to run elsewhere.
pub(super) fn describe(address: SocketAddr, token_file: &Path) -> String {
    let at = token_file.display().to_string();
    let (program, path) = if cfg!(windows) {
        ("tickpipe", format!("\"{at}\""))
    } else {
        // Wine has the whole file system as its drive Z.
        let path = format!("Z:{at}").replace('/', "\\");
        ("wine tickpipe.exe", print::shell_word(&path).unwrap_or_else(|| "THAT-FILE".to_owned()))
    };
    let shown = print::harmless(&at);
    let remote = if address.ip().is_loopback() { "" } else { " --allow-remote" };
    let host = if address.ip().is_unspecified() {
        format!("THIS-MACHINE:{}", address.port())
    } else {
        address.to_string()
    };
    format!(
        "listening on TCP too, at {address}, with the token in {shown}\n\
         in the terminal's Wine prefix run: {program} serve forward {host} --token-file \
         {path}{remote}"
    )
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_other_ends_command_can_be_typed_as_it_is() {
        let check = |address: &str, path: &str, command: &str| {
            let text = describe(address.parse().unwrap(), Path::new(path));
            let (_, found) = text.split_once("run: ").unwrap();
            assert_eq!(found, format!("wine tickpipe.exe serve forward {command}"));
        };
        check(
            "127.0.0.1:4444",
            "/home/a b/token",
            r"127.0.0.1:4444 --token-file 'Z:\home\a b\token'",
        );
        check("[::1]:1", "/a\u{1b}[8m", r"[::1]:1 --token-file THAT-FILE");
        check("[::1]:1", "/it's", r"[::1]:1 --token-file 'Z:\it'\''s'");
        check("0.0.0.0:2", "/t", r"THIS-MACHINE:2 --token-file 'Z:\t' --allow-remote");
    }
}
