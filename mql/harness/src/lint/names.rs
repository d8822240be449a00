//! Names: their length, what C++ and the terminal keep, and our style.

use super::walk;
use super::{Lint, is_shipped};
use crate::finding::Rule;
use crate::syntax::{Declaration, Function, FunctionKind, Item, Member, Name, StatementKind};

/// The longest identifier that the MQL compilers take.
const NAME_LEN_MAX: usize = 63;
/// Names of the translation's own.
const TRANSLATION: &[&str] = &["Array", "ArrayRef", "FixedArray", "MQL_INPUT", "mql_long"];
/// The translation's macro for a string literal; only what is called can be taken for it.
const TEXT: &str = "text";

/// Predefined variables of MQL4, which our list does not hold. Members may have these names.
const PREDEFINED: &[&str] =
    &["Ask", "Bars", "Bid", "Close", "Digits", "High", "Low", "Open", "Point", "Time", "Volume"];

/// What a name is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Class,
    Constant,
    Enum,
    Field,
    Function,
    Input,
    Method,
    /// Of a function, or a global variable; the case of its first letter is free.
    Other,
    Struct,
    StructField,
}

pub(super) fn check(lint: &mut Lint<'_>) {
    for (name, kind) in names(lint) {
        length(lint, name);
        reserved(lint, name);
        translation(lint, name, kind);
        api(lint, name);
        predefined(lint, name, kind);
        style(lint, name, kind);
    }
}

fn names<'a>(lint: &Lint<'a>) -> Vec<(&'a Name, Kind)> {
    let program = lint.program;
    let mut names: Vec<_> = program.macros.iter().map(|name| (name, Kind::Constant)).collect();
    for item in &program.items {
        match item {
            Item::Class(class) => {
                names.push((&class.name, Kind::Class));
                for member in &class.members {
                    match member {
                        Member::Fields(fields) => variables(fields, Kind::Field, &mut names),
                        Member::Method(method) if method.kind == FunctionKind::Plain => {
                            names.push((&method.name, Kind::Method));
                        }
                        Member::Method(_) | Member::Section(_) => {}
                    }
                }
            }
            Item::Enum(enumeration) => {
                names.push((&enumeration.name, Kind::Enum));
                names.extend(enumeration.values.iter().map(|(name, _)| (name, Kind::Constant)));
            }
            Item::Function(function) if function.class.is_none() => {
                names.push((&function.name, Kind::Function));
            }
            // The class has its name already.
            Item::Function(_) => {}
            Item::Input(input) => names.push((&input.name, Kind::Input)),
            Item::Struct(structure) => {
                names.push((&structure.name, Kind::Struct));
                for fields in &structure.fields {
                    variables(fields, Kind::StructField, &mut names);
                }
            }
            Item::Variables(globals) => variables(globals, Kind::Other, &mut names),
        }
    }
    for function in program.functions() {
        local_names(function, &mut names);
    }
    names
}

fn variables<'a>(declaration: &'a Declaration, kind: Kind, names: &mut Vec<(&'a Name, Kind)>) {
    names.extend(declaration.variables.iter().map(|variable| (&variable.name, kind)));
}

fn local_names<'a>(function: &'a Function, names: &mut Vec<(&'a Name, Kind)>) {
    names.extend(function.parameters.iter().map(|parameter| (&parameter.name, Kind::Other)));
    walk::statements(function.body.as_deref().unwrap_or_default(), &mut |statement| {
        if let StatementKind::Declaration(declaration) = &statement.kind {
            variables(declaration, Kind::Other, names);
        }
    });
}

fn length(lint: &mut Lint<'_>, name: &Name) {
    let len = name.text.len();
    if NAME_LEN_MAX < len {
        let message = format!("the name has {len} characters; allowed: {NAME_LEN_MAX}");
        lint.report(&name.place, Rule::NameLength, message);
    }
}

fn reserved(lint: &mut Lint<'_>, name: &Name) {
    if name.text.starts_with('_') || name.text.contains("__") {
        let message = format!("`{}` is kept by C++ or the terminal for its `_`", name.text);
        lint.report(&name.place, Rule::NameReserved, message);
    }
}

fn translation(lint: &mut Lint<'_>, name: &Name, kind: Kind) {
    let text = name.text.as_str();
    let is_function = matches!(kind, Kind::Function | Kind::Method);
    if TRANSLATION.contains(&text) || is_function && text == TEXT {
        let message = format!("`{text}` is a name of the translation: choose another");
        lint.report(&name.place, Rule::NameReserved, message);
    }
}

fn api(lint: &mut Lint<'_>, name: &Name) {
    if lint.api.availability(&name.text).is_some() {
        let message = format!("`{}` is a function of the terminal: choose another name", name.text);
        lint.report(&name.place, Rule::NameApi, message);
    }
}

/// The compiler of MQL4 finds these names taken; C++ would hide the variable.
fn predefined(lint: &mut Lint<'_>, name: &Name, kind: Kind) {
    let is_member = matches!(kind, Kind::Field | Kind::Method | Kind::StructField);
    if !is_member && PREDEFINED.contains(&name.text.as_str()) {
        let message = format!("`{}` is a predefined variable of MQL4: choose another", name.text);
        lint.report(&name.place, Rule::NamePredefined, message);
    }
}

fn style(lint: &mut Lint<'_>, name: &Name, kind: Kind) {
    if !is_shipped(&name.place) {
        return;
    }
    let text = name.text.as_str();
    let is_upper_after = |prefix: &str| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    let is_capitals = !text.contains(|c: char| c.is_ascii_lowercase());
    let (is_good, wanted) = match kind {
        Kind::Class => (is_upper_after("C"), "a class is `CName`"),
        Kind::Constant => (is_capitals, "a constant is `NAME`"),
        Kind::Enum => (is_capitals && is_upper_after("ENUM_"), "an enum is `ENUM_NAME`"),
        Kind::Field => (text.starts_with("m_"), "a class's field is `m_name`"),
        Kind::Function | Kind::Method => (is_upper_after(""), "a function is `Name`"),
        Kind::Input => (is_upper_after("Inp"), "an input is `InpName`"),
        Kind::Other | Kind::StructField => (true, ""),
        Kind::Struct => (is_upper_after(""), "a struct is `Name`"),
    };
    if !is_good {
        lint.report(&name.place, Rule::NameStyle, format!("the name `{text}`: {wanted}"));
    }
}
