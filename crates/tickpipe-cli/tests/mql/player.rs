//! Plays a scenario and writes down what a trader would have seen.

use std::collections::BTreeMap;
use std::time::Duration;

use rustix::process::Signal;

use crate::expert::{Answer, Expert};
use crate::host::{Server, new_name, tickpipe};
use crate::script::{Action, Script, Step};
use crate::ticks::TickFile;

/// What stands for the pipe's name in scenarios and their transcripts: it is new in each run.
const PIPE: &str = "$PIPE";
/// What stands for the path of a file with recorded ticks.
const TICKS: &str = "$TICKS";

/// A scenario at play.
struct Player {
    pipe: String,
    dialect: char,
    /// Set in each EA before anything else, if there is one.
    switch: Option<String>,
    ticks: TickFile,
    server: Option<Server>,
    experts: BTreeMap<String, Expert>,
    transcript: Vec<String>,
}

/// Plays a scenario in one dialect, perhaps with a switch set, and returns its transcript.
///
/// # Panics
///
/// Panics if a step does not come to what it must.
pub(crate) fn play(script: &Script, dialect: char, switch: Option<&str>) -> Vec<String> {
    let mut player = Player {
        pipe: new_name(),
        dialect,
        switch: switch.map(str::to_owned),
        ticks: TickFile::new(),
        server: None,
        experts: BTreeMap::new(),
        transcript: Vec::new(),
    };
    for step in &script.steps {
        player.transcript.push(step.text.clone());
        player.step(step);
    }
    let Player { pipe, transcript, .. } = player;
    let known = |line: String| {
        let mut line = line.replace(&pipe, PIPE);
        if dialect == '5' {
            for (mql5, mql4) in &script.differences {
                line = line.replace(mql5, mql4);
            }
        }
        line
    };
    transcript.into_iter().map(known).collect()
}

impl Player {
    fn step(&mut self, step: &Step) {
        match &step.action {
            Action::Start { command, args } => self.start(command, args),
            Action::Kill => drop(self.server.take().expect("a server runs")),
            Action::Freeze => self.signal(Signal::STOP),
            Action::Thaw => self.signal(Signal::CONT),
            Action::Expert { name, program, inputs } => self.expert(name, program, inputs),
            Action::Command { name, command } => {
                let answer = self.ask(name, command);
                assert!(
                    matches!(answer, Answer::Done(_)),
                    "`{}` came to {answer:?}; the transcript: {:#?}",
                    step.text,
                    self.transcript
                );
            }
            Action::Hangs { name, limit_ms, command } => {
                let expert = self.experts.get_mut(name).expect("an EA of that name");
                expert.begin(command);
                let answer = expert.result(Duration::from_millis(*limit_ms));
                assert_eq!(answer, Answer::Hangs, "`{}`", step.text);
                self.transcript.push(format!("  {name} has not come back"));
            }
            Action::Stops { name, command } => {
                let answer = self.ask(name, command);
                assert!(matches!(answer, Answer::Ended(_)), "`{}`: {answer:?}", step.text);
            }
            Action::Within { name, limit_ms, handler } => {
                let expert = self.experts.get_mut(name).expect("an EA of that name");
                let longest_ms = expert.longest_ms(handler);
                let is_within = longest_ms <= f64::from(u32::try_from(*limit_ms).expect("small"));
                assert!(is_within, "`{}`: it took {longest_ms} ms", step.text);
            }
        }
    }

    fn start(&mut self, command: &str, args: &[String]) {
        assert!(self.server.is_none(), "a server runs already");
        let mut all = vec![command, "--pipe", &self.pipe];
        all.extend(args.iter().map(String::as_str));
        self.server = Some(Server::start_command(&self.pipe, || tickpipe(&all)));
    }

    fn signal(&self, signal: Signal) {
        self.server.as_ref().expect("a server runs").signal(signal);
    }

    fn expert(&mut self, name: &str, program: &str, inputs: &[(String, String)]) {
        let file = match program.contains('.') {
            true => program.to_owned(),
            false => format!("{program}.mq{}", self.dialect),
        };
        let values: Vec<(&str, String)> = inputs
            .iter()
            .map(|(input, value)| (input.as_str(), value.replace(PIPE, &self.pipe)))
            .collect();
        let values: Vec<(&str, &str)> =
            values.iter().map(|(input, value)| (*input, value.as_str())).collect();
        let mut expert = Expert::start(&file, &values);
        if let Some(switch) = &self.switch {
            expert.check(&format!("switch {switch}"));
        }
        self.experts.insert(name.to_owned(), expert);
    }

    fn ask(&mut self, name: &str, command: &str) -> Answer {
        let expert = self.experts.get_mut(name).expect("an EA of that name");
        let answer = expert.ask(&command.replace(TICKS, self.ticks.path()));
        self.transcript.extend(expert.transcript().iter().map(|line| format!("  {line}")));
        answer
    }
}
