//! The service as one of Windows' own: made by administrators, for a whole machine.

use std::ffi::OsString;
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{io, process::ExitCode};

use tickpipe::wine_version;
use windows_service::service::{
    Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceControl, ServiceControlAccept,
    ServiceErrorControl, ServiceExitCode, ServiceFailureActions, ServiceFailureResetPeriod,
    ServiceInfo, ServiceStartType, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};
use windows_service::{define_windows_service, service_dispatcher};

use super::control::LOOK;
use super::manager::Known;
use super::name::ServiceName;
use super::place::Place;
use super::supervisor::{End, Event};
use super::{RunOptions, run};
use crate::print::harmless;
use crate::report::Failure;

/// Nobody's account, with next to no rights: what the service runs belongs to no person.
const ACCOUNT: &str = r"NT AUTHORITY\LocalService";

/// After each failure of the supervisor itself, the last for all that follow.
const RESTARTS: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

/// After so long without a failure the first pause comes again.
const RESTARTS_RESET: Duration = Duration::from_secs(24 * 60 * 60);

/// What the service takes to start or to end.
const WAIT_HINT: Duration = Duration::from_secs(10);

/// What it gets to end, with all that holds it up.
const STOP_LIMIT: Duration = Duration::from_secs(20);

const ERROR_INVALID_LEVEL: i32 = 124;
const ERROR_ACCESS_DENIED: i32 = 5;
const ERROR_SERVICE_NOT_ACTIVE: i32 = 1062;
const ERROR_FAILED_SERVICE_CONTROLLER_CONNECT: i32 = 1063;
const ERROR_SERVICE_DOES_NOT_EXIST: i32 = 1060;
const ERROR_SERVICE_ALREADY_RUNNING: i32 = 1056;

/// Returns what `install` makes, in words.
pub(super) fn plan(place: &Place) -> Result<String, Failure> {
    let mut words = Vec::new();
    for word in place.words()?.into_iter().chain(["--system".to_owned()]) {
        words.push(if word.contains(' ') { format!("\"{word}\"") } else { word });
    }
    Ok(format!(
        "\
Windows service  {name}
starts           with the machine, a little later than others
account          {ACCOUNT}
program          {program}
when it fails    started again after 1 s, 5 s, 30 s; from the first again after a day
may connect      the service, SYSTEM, and {allow}
",
        name = place.name,
        program = words.join(" "),
        allow = place.allow.as_deref().unwrap_or("nobody else"),
    ))
}

/// Makes the service, or changes the one that is there.
pub(super) fn install(place: &Place) -> Result<(), Failure> {
    // Refuses what no service can hold.
    place.words()?;
    let mut launch_arguments = place.run_args();
    launch_arguments.push("--system".into());
    let info = ServiceInfo {
        name: place.name.as_str().into(),
        display_name: display_name(&place.name).into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: place.program.clone(),
        launch_arguments,
        dependencies: Vec::new(),
        account_name: Some(ACCOUNT.into()),
        account_password: None,
    };
    let fail = failure("cannot make the service");
    let access = ServiceAccess::CHANGE_CONFIG | ServiceAccess::START | ServiceAccess::QUERY_STATUS;
    let service = match open_ours(&place.name, access, &fail)? {
        Some(service) => {
            service.change_config(&info).map_err(&fail)?;
            service
        }
        None => ServiceManager::local_computer(
            None::<&str>,
            ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE,
        )
        .and_then(|manager| manager.create_service(&info, access))
        .map_err(&fail)?,
    };
    describe(&service).map_err(fail)
}

/// Sets what a service is made without.
fn describe(service: &Service) -> windows_service::Result<()> {
    let restart = |delay| ServiceAction { action_type: ServiceActionType::Restart, delay };
    service.set_description(
        "Serves a pipe to MetaTrader, and starts the server again when it dies.",
    )?;
    unless_wine(service.set_delayed_auto_start(true))?;
    unless_wine(service.update_failure_actions(ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(RESTARTS_RESET),
        reboot_msg: None,
        command: None,
        actions: Some(RESTARTS.map(restart).to_vec()),
    }))
}

/// Forgives Wine 8 that it has no such setting.
fn unless_wine(set: windows_service::Result<()>) -> windows_service::Result<()> {
    match set {
        Err(error) if code(&error) == Some(ERROR_INVALID_LEVEL) && wine_version().is_some() => {
            tracing::info!(%error, "Wine lacks a setting of services");
            Ok(())
        }
        set => set,
    }
}

pub(super) fn start(name: &ServiceName) -> Result<(), Failure> {
    let fail = failure("cannot start the service");
    let service = open_ours(name, ServiceAccess::START, &fail)?.ok_or_else(|| missing(name))?;
    match service.start::<&str>(&[]) {
        Err(error) if code(&error) == Some(ERROR_SERVICE_ALREADY_RUNNING) => Ok(()),
        started => started.map_err(fail),
    }
}

/// Has the service end, and waits for it.
pub(super) fn stop(name: &ServiceName) -> Result<(), Failure> {
    let fail = failure("cannot stop the service");
    let access = ServiceAccess::STOP | ServiceAccess::QUERY_STATUS;
    let service = open_ours(name, access, &fail)?.ok_or_else(|| missing(name))?;
    match service.stop() {
        Err(error) if code(&error) == Some(ERROR_SERVICE_NOT_ACTIVE) => return Ok(()),
        stopped => stopped.map(drop).map_err(&fail)?,
    }
    let until = Instant::now() + STOP_LIMIT;
    while service.query_status().map_err(&fail)?.current_state != ServiceState::Stopped {
        if until < Instant::now() {
            return Err(Failure::Setup {
                text: format!("the service still runs after {} s", STOP_LIMIT.as_secs()),
                hint: "look into its log, and end its process".to_owned(),
            });
        }
        thread::sleep(LOOK);
    }
    Ok(())
}

/// Removes the service; whether there was one.
pub(super) fn remove(name: &ServiceName) -> Result<bool, Failure> {
    let fail = failure("cannot remove the service");
    let Some(service) = open_ours(name, ServiceAccess::DELETE, &fail)? else {
        return Ok(false);
    };
    service.delete().map_err(fail)?;
    Ok(true)
}

/// Returns what Windows knows of the service.
pub(super) fn known(name: &ServiceName) -> Result<Known, Failure> {
    let fail = failure("cannot ask for the service");
    let Some(service) = open(name, ServiceAccess::QUERY_STATUS).map_err(&fail)? else {
        return Ok(Known::not_installed());
    };
    let status = service.query_status().map_err(fail)?;
    let state = match status.current_state {
        ServiceState::Running => "running",
        ServiceState::StartPending => "starting",
        ServiceState::StopPending => "stopping",
        ServiceState::Stopped => "stopped",
        ServiceState::ContinuePending | ServiceState::PausePending | ServiceState::Paused => {
            "paused"
        }
    };
    let is_running = status.current_state != ServiceState::Stopped;
    let process = status.process_id.filter(|id| *id != 0);
    let process = process.map_or_else(String::new, |id| format!(", process {id}"));
    let words = format!("Windows service, {state}{process}");
    Ok(Known { is_installed: true, is_running, words })
}

/// Opens the service; `None` if there is none.
fn open(name: &ServiceName, access: ServiceAccess) -> windows_service::Result<Option<Service>> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)?;
    match manager.open_service(name.as_str(), access) {
        Ok(service) => Ok(Some(service)),
        Err(error) if code(&error) == Some(ERROR_SERVICE_DOES_NOT_EXIST) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens the service to change it; one that somebody else made is not ours to change.
fn open_ours(
    name: &ServiceName,
    access: ServiceAccess,
    fail: impl Fn(windows_service::Error) -> Failure,
) -> Result<Option<Service>, Failure> {
    let access = access | ServiceAccess::QUERY_CONFIG;
    let Some(service) = open(name, access).map_err(&fail)? else { return Ok(None) };
    let found = service.query_config().map_err(fail)?.display_name;
    if found == *display_name(name) {
        return Ok(Some(service));
    }
    Err(Failure::Setup {
        text: format!(
            "the Windows service `{name}`, \"{}\", is none that tickpipe made",
            harmless(&found.to_string_lossy())
        ),
        hint: "choose another `--name`".to_owned(),
    })
}

/// What lists of services call it.
fn display_name(name: &ServiceName) -> String {
    format!("tickpipe ({name})")
}

/// Returns the number that Windows has for an error.
fn code(error: &windows_service::Error) -> Option<i32> {
    if let windows_service::Error::Winapi(error) = error { error.raw_os_error() } else { None }
}

fn failure(what: &'static str) -> impl Fn(windows_service::Error) -> Failure {
    move |error| match (code(&error), error) {
        (Some(ERROR_ACCESS_DENIED), _) => Failure::Setup {
            text: format!("{what}: only an administrator may"),
            hint: "start PowerShell with `Run as administrator`; or leave `--system` out, which \
                   makes a task of yours"
                .to_owned(),
        },
        (_, windows_service::Error::Winapi(error)) => Failure::Io(what.to_owned(), error),
        (_, error) => Failure::Io(what.to_owned(), io::Error::other(error.to_string())),
    }
}

fn missing(name: &ServiceName) -> Failure {
    Failure::Setup {
        text: format!("there is no Windows service `{name}`"),
        hint: "install it with `tickpipe service install --system --user NAME`".to_owned(),
    }
}

/// What the service is to do, for the thread on which Windows calls it.
static OPTIONS: Mutex<Option<RunOptions>> = Mutex::new(None);

define_windows_service!(ffi_service_main, service_main);

/// Runs as Windows' service; `None` if it was not Windows that started this program as one.
pub(super) fn dispatch(options: &RunOptions) -> Result<Option<ExitCode>, Failure> {
    *OPTIONS.lock().unwrap_or_else(PoisonError::into_inner) = Some(options.clone());
    match service_dispatcher::start(options.which.name.as_str(), ffi_service_main) {
        Ok(()) => Ok(Some(ExitCode::SUCCESS)),
        Err(error) if code(&error) == Some(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) => Ok(None),
        Err(error) => Err(failure("cannot run as a service")(error)),
    }
}

fn service_main(_arguments: Vec<OsString>) {
    let options = OPTIONS.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(options) = options else { return };
    if let Err(error) = service(&options) {
        report(&options, &format!("cannot run as a service: {error}"));
    }
}

/// Runs between Windows' start and its stop.
fn service(options: &RunOptions) -> windows_service::Result<()> {
    let (events, to_hear) = channel();
    let heard = events.clone();
    let hear = move |control| {
        if matches!(control, ServiceControl::Stop | ServiceControl::Shutdown) {
            // Who hears it ends the service, or has ended it already.
            heard.send(Event::Stop).unwrap_or_default();
        } else if control != ServiceControl::Interrogate {
            return ServiceControlHandlerResult::NotImplemented;
        }
        ServiceControlHandlerResult::NoError
    };
    let handle = service_control_handler::register(options.which.name.as_str(), hear)?;
    let tell = |current_state, exit_code| {
        let is_running = current_state == ServiceState::Running;
        let accepted = ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN;
        handle.set_service_status(ServiceStatus {
            service_type: ServiceType::OWN_PROCESS,
            current_state,
            controls_accepted: if is_running { accepted } else { ServiceControlAccept::empty() },
            exit_code,
            checkpoint: 0,
            wait_hint: if is_running { Duration::ZERO } else { WAIT_HINT },
            process_id: None,
        })
    };
    tell(ServiceState::Running, ServiceExitCode::NO_ERROR)?;
    let exit_code = match run::serve(options, events, &to_hear) {
        Ok(End::Stopped) => ServiceExitCode::NO_ERROR,
        Ok(end) => ServiceExitCode::ServiceSpecific(u32::from(end.code())),
        Err(failure) => {
            report(options, &failure.text());
            ServiceExitCode::ServiceSpecific(1)
        }
    };
    tell(ServiceState::Stopped, exit_code)
}

/// Tells administrators what nobody else hears.
fn report(options: &RunOptions, text: &str) {
    let text = format!("{}: {}", options.which.name, harmless(text));
    if let Err(error) = tickpipe::machine::report_error_event("tickpipe", &text) {
        tracing::error!(%error, text, "cannot write into the log of Windows");
    }
}
