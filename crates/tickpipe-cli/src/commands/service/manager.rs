//! Who starts the service without a person: systemd, the Task Scheduler, or Windows' services.

use tickpipe::wine_version;

use super::name::ServiceName;
use super::place::Place;
use super::{WhichOption, systemd, task};
use crate::report::Failure;

/// Who starts the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manager {
    Systemd,
    Task,
    #[cfg(windows)]
    WindowsService,
}

/// What a manager knows of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) is_installed: bool,
    /// As far as it tells.
    pub(super) is_running: bool,
    /// What it is and does, in words.
    pub(super) words: String,
}

impl Known {
    pub(super) fn not_installed() -> Self {
        Self { is_installed: false, is_running: false, words: "not installed".to_owned() }
    }
}

impl Manager {
    /// Returns who starts the service that is meant.
    pub(super) fn of(which: &WhichOption) -> Result<Self, Failure> {
        #[cfg(windows)]
        if which.system {
            return Ok(Self::WindowsService);
        }
        if which.system {
            return Err(Failure::Usage(
                "`--system` is for Windows; here a systemd unit of this user is made without it"
                    .to_owned(),
            ));
        }
        Ok(if cfg!(windows) { Self::Task } else { Self::Systemd })
    }

    /// Returns what `install` makes of a service, as a person can read it.
    pub(super) fn plan(self, place: &Place) -> Result<String, Failure> {
        match self {
            Self::Systemd => systemd::unit(place),
            Self::Task => task::xml(place, &task::user()?),
            #[cfg(windows)]
            Self::WindowsService => super::windows::plan(place),
        }
    }

    pub(super) fn install(self, place: &Place) -> Result<(), Failure> {
        match self {
            Self::Systemd => systemd::install(place),
            Self::Task => task::install(place),
            #[cfg(windows)]
            Self::WindowsService => super::windows::install(place),
        }
    }

    pub(super) fn start(self, name: &ServiceName) -> Result<(), Failure> {
        match self {
            Self::Systemd => systemd::start(name),
            Self::Task if wine_version().is_some() => Err(Failure::Setup {
                text: "Wine keeps tasks and starts none".to_owned(),
                hint: "run `tickpipe service run`, by a systemd unit as docs/service.md shows"
                    .to_owned(),
            }),
            Self::Task => task::start(name),
            #[cfg(windows)]
            Self::WindowsService => super::windows::start(name),
        }
    }

    pub(super) fn stop(self, name: &ServiceName) -> Result<(), Failure> {
        match self {
            Self::Systemd => systemd::stop(name),
            Self::Task => task::stop(name),
            #[cfg(windows)]
            Self::WindowsService => super::windows::stop(name),
        }
    }

    /// Removes the service; whether there was one.
    pub(super) fn remove(self, name: &ServiceName) -> Result<bool, Failure> {
        match self {
            Self::Systemd => systemd::remove(name),
            Self::Task => task::remove(name),
            #[cfg(windows)]
            Self::WindowsService => super::windows::remove(name),
        }
    }

    pub(super) fn known(self, name: &ServiceName) -> Result<Known, Failure> {
        match self {
            Self::Systemd => systemd::known(name),
            Self::Task => task::known(name),
            #[cfg(windows)]
            Self::WindowsService => super::windows::known(name),
        }
    }

    /// Returns what it has made, in words.
    pub(super) fn made(self, name: &ServiceName) -> Result<String, Failure> {
        Ok(match self {
            Self::Systemd => format!("the unit {}", systemd::path(name)?.display()),
            Self::Task => format!("the task `{name}`, which starts when you log on"),
            #[cfg(windows)]
            Self::WindowsService => format!("the Windows service `{name}`"),
        })
    }

    /// Returns what else a person should know or do, if anything.
    pub(super) fn advice(self) -> Option<String> {
        match self {
            Self::Systemd if systemd::ends_at_logout() => Some(
                "it runs while you are logged in; `loginctl enable-linger` has it run from the \
                 machine's start on"
                    .to_owned(),
            ),
            Self::Task if wine_version().is_some() => Some(
                "Wine keeps the task and starts it never: run `tickpipe service run` by a systemd \
                 unit, as docs/service.md shows"
                    .to_owned(),
            ),
            Self::Systemd | Self::Task => None,
            #[cfg(windows)]
            Self::WindowsService => None,
        }
    }
}
