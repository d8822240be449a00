//! Scenarios as text: what happens to EAs and their server, step by step.
//!
//! mql/harness/README.md has the words.

/// A scenario.
#[derive(Debug)]
pub(crate) struct Script {
    /// The dialects it is played in, `4` and `5` if it does not say.
    pub(crate) dialects: Vec<char>,
    /// Switches with which it is played again, `flush waits` for one; what is seen must be the same.
    pub(crate) also: Vec<String>,
    /// Texts of an MQL5 transcript, and what MQL4 has in their place.
    pub(crate) differences: Vec<(String, String)>,
    pub(crate) steps: Vec<Step>,
}

/// A line of a scenario.
#[derive(Debug)]
pub(crate) struct Step {
    /// The line as it stands.
    pub(crate) text: String,
    pub(crate) action: Action,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Starts a server on the scenario's pipe: `tickpipe COMMAND --pipe NAME ARGS`.
    Start {
        command: String,
        args: Vec<String>,
    },
    /// Ends the server as SIGKILL does.
    Kill,
    /// Lets the server do nothing until it is thawed.
    Freeze,
    Thaw,
    /// Starts an EA.
    Expert {
        name: String,
        program: String,
        inputs: Vec<(String, String)>,
    },
    /// Gives an EA a command that must be done.
    Command {
        name: String,
        command: String,
    },
    /// Gives an EA a command from which it must not come back in time.
    Hangs {
        name: String,
        limit_ms: u64,
        command: String,
    },
    /// Gives an EA a command that must end its program.
    Stops {
        name: String,
        command: String,
    },
    /// A handler of an EA must not have taken longer than this so far.
    Within {
        name: String,
        limit_ms: u64,
        handler: String,
    },
}

/// Reads a scenario.
pub(crate) fn parse(text: &str) -> Result<Script, String> {
    let mut script = Script {
        dialects: vec!['4', '5'],
        also: Vec::new(),
        differences: Vec::new(),
        steps: Vec::new(),
    };
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        parse_line(line, &mut script).map_err(|what| format!("line {}: {what}", index + 1))?;
    }
    if script.steps.is_empty() {
        return Err("no step".to_owned());
    }
    Ok(script)
}

fn parse_line(line: &str, script: &mut Script) -> Result<(), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let action = match words.as_slice() {
        ["only", dialect @ ("4" | "5")] => {
            script.dialects = dialect.chars().collect();
            return Ok(());
        }
        ["also", switch, value] => {
            script.also.push(format!("{switch} {value}"));
            return Ok(());
        }
        ["differs", mql4, mql5, ..] => {
            script.differences.push(((*mql5).to_owned(), (*mql4).to_owned()));
            return Ok(());
        }
        [command @ ("serve" | "probe"), args @ ..] => Action::Start {
            command: (*command).to_owned(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        },
        ["kill"] => Action::Kill,
        ["freeze"] => Action::Freeze,
        ["thaw"] => Action::Thaw,
        ["ea", name, program, inputs @ ..] => Action::Expert {
            name: (*name).to_owned(),
            program: (*program).to_owned(),
            inputs: inputs.iter().map(|input| pair(input)).collect::<Result<_, _>>()?,
        },
        _ => command(line)?,
    };
    script.steps.push(Step { text: line.to_owned(), action });
    Ok(())
}

fn pair(input: &str) -> Result<(String, String), String> {
    let (name, value) =
        input.split_once('=').ok_or_else(|| format!("`{input}` is no NAME=VALUE"))?;
    // Words of a scenario end at blanks, and so a blank in a value is written in another way.
    Ok((name.to_owned(), value.replace("\\s", " ")))
}

/// `NAME: COMMAND`.
fn command(line: &str) -> Result<Action, String> {
    let (name, rest) = line.split_once(": ").ok_or_else(|| format!("`{line}` is nothing known"))?;
    let name = name.to_owned();
    let (first, after) = rest.split_once(' ').unwrap_or((rest, ""));
    let limited = || {
        let (limit, after) = after.split_once(' ').ok_or("a limit needs something behind it")?;
        let limit = limit.parse().map_err(|_| format!("`{limit}` is no number"))?;
        Ok::<(u64, String), String>((limit, after.to_owned()))
    };
    Ok(match first {
        "hangs" => {
            let (limit_ms, command) = limited()?;
            Action::Hangs { name, limit_ms, command }
        }
        "within" => {
            let (limit_ms, handler) = limited()?;
            Action::Within { name, limit_ms, handler }
        }
        "stops" => Action::Stops { name, command: after.to_owned() },
        _ => Action::Command { name, command: rest.to_owned() },
    })
}

#[test]
fn a_scenario_is_read() {
    let script =
        parse("# why\nonly 4\nalso flush waits\nserve double --quiet\nea a X InpA=1\\s2\na: hangs 5 tick 1 2\n")
            .expect("it is one");
    assert_eq!(script.dialects, ['4']);
    assert_eq!(script.also, ["flush waits"]);
    let actions: Vec<&Action> = script.steps.iter().map(|step| &step.action).collect();
    let inputs = vec![("InpA".to_owned(), "1 2".to_owned())];
    let args = vec!["double".to_owned(), "--quiet".to_owned()];
    assert_eq!(
        actions,
        [
            &Action::Start { command: "serve".to_owned(), args },
            &Action::Expert { name: "a".to_owned(), program: "X".to_owned(), inputs },
            &Action::Hangs { name: "a".to_owned(), limit_ms: 5, command: "tick 1 2".to_owned() },
        ]
    );
}

#[test]
fn nonsense_is_refused_with_its_line() {
    let check = |text: &str, want: &str| assert_eq!(parse(text).expect_err("nonsense"), want);
    check("kill\nwhat", "line 2: `what` is nothing known");
    check("ea a X InpA", "line 1: `InpA` is no NAME=VALUE");
    check("a: within x tick", "line 1: `x` is no number");
    check("# nothing", "no step");
}
