//! The tree to one C++ file for the runtime.
//!
//! Every line comes from one place in the MQL, and `#line` says from which, so that the compiler's
//! messages name the MQL file.

mod expressions;
mod statements;
#[cfg(test)]
mod tests;
mod writer;

use self::expressions::{NO_FUNCTION, expression_text, text, type_text, variable_text};
use self::writer::Writer;
use crate::program::Program;
use crate::syntax::{
    Class, Declaration, Enum, Expression, Function, FunctionKind, Input, Item, Member, Parameter,
    Struct,
};

/// The handlers, in the order of the runtime's table.
const HANDLERS: &[&str] = &["OnInit", "OnDeinit", "OnTick", "OnTimer", "OnStart"];

/// Returns the program as C++ for the runtime's `mql.h`.
#[must_use]
pub fn translate(program: &Program) -> String {
    let mut writer = Writer::default();
    writer.line("#include \"mql.h\"");
    writer.line("namespace program {");
    writer.line("using namespace mql::api;");
    for item in &program.items {
        match item {
            Item::Class(class) => self::class(&mut writer, class),
            Item::Enum(enumeration) => self::enumeration(&mut writer, enumeration),
            Item::Struct(structure) => self::structure(&mut writer, structure),
            Item::Function(_) | Item::Input(_) | Item::Variables(_) => {}
        }
    }
    for item in &program.items {
        if let Item::Function(function) = item
            && function.class.is_none()
        {
            writer.at(&function.place);
            writer.line(&format!("{};", signature(function, Defaults::Written)));
        }
    }
    for item in &program.items {
        match item {
            Item::Input(input) => self::input(&mut writer, input),
            Item::Variables(declaration) => globals(&mut writer, declaration),
            Item::Class(_) | Item::Enum(_) | Item::Function(_) | Item::Struct(_) => {}
        }
    }
    for function in program.functions() {
        body(&mut writer, function);
    }
    writer.line("}");
    table(&mut writer, program);
    writer.finish()
}

fn table(writer: &mut Writer, program: &Program) {
    let mut fields = literal(&program.name);
    for handler in HANDLERS {
        let is_there = program.functions().any(|function| function.is_handler(handler));
        let field = if is_there { format!("program::{handler}") } else { "nullptr".to_owned() };
        fields.push_str(", ");
        fields.push_str(&field);
    }
    writer.line(&format!("const mql::Program mql::program_table = {{{fields}}};"));
}

/// An expression outside a function.
fn value(expression: &Expression) -> String {
    expression_text(expression, NO_FUNCTION)
}

/// A wide literal.
fn literal(text: &str) -> String {
    format!("L\"{}\"", expressions::escaped(text))
}

fn enumeration(writer: &mut Writer, Enum { name, values }: &Enum) {
    let name_text = &name.text;
    writer.at(&name.place);
    writer.line(&format!("enum {name_text} : int {{"));
    for (name, number) in values {
        writer.at(&name.place);
        writer.line(&format!("  {} = {},", name.text, value(number)));
    }
    writer.line("};");
    writer.line(&format!("inline string EnumToString({name_text} value) {{ switch(value) {{"));
    for (value, _) in values {
        writer.at(&value.place);
        writer.line(&format!("  case {}: return {};", value.text, text(&value.text)));
    }
    writer.line("  } return text(L\"\"); }");
}

fn structure(writer: &mut Writer, structure: &Struct) {
    writer.at(&structure.name.place);
    writer.line(&format!("struct {} {{", structure.name.text));
    for declaration in &structure.fields {
        fields(writer, declaration);
    }
    writer.line("};");
}

fn class(writer: &mut Writer, class: &Class) {
    writer.at(&class.name.place);
    writer.line(&format!("class {} {{", class.name.text));
    for member in &class.members {
        match member {
            Member::Fields(declaration) => fields(writer, declaration),
            Member::Method(method) => {
                writer.at(&method.place);
                writer.line(&format!("  {};", signature(method, Defaults::Written)));
            }
            Member::Section(section) => {
                writer.at(&section.place);
                writer.line(&format!("{}:", section.text));
            }
        }
    }
    writer.line("};");
}

fn fields(writer: &mut Writer, declaration: &Declaration) {
    for field in &declaration.variables {
        writer.at(&field.name.place);
        writer.line(&format!("  {};", variable_text(declaration, field, NO_FUNCTION)));
    }
}

fn globals(writer: &mut Writer, declaration: &Declaration) {
    for global in &declaration.variables {
        writer.at(&global.name.place);
        let global = variable_text(declaration, global, NO_FUNCTION);
        writer.line(&format!("static {global};"));
    }
}

fn input(writer: &mut Writer, Input { value_type, name, initial }: &Input) {
    writer.at(&name.place);
    let (value_type, initial) = (type_text(value_type), value(initial));
    writer.line(&format!("MQL_INPUT({value_type}, {}, {initial})", name.text));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defaults {
    Omitted,
    Written,
}

/// A function's head: inside its class without the class's name, elsewhere with it.
fn signature(function: &Function, defaults: Defaults) -> String {
    let mut head = match &function.result {
        Some(result) => format!("{} ", type_text(result)),
        None => String::new(),
    };
    if defaults == Defaults::Omitted {
        head.push_str(&function.full_name());
    } else {
        let tilde = if function.kind == FunctionKind::Destructor { "~" } else { "" };
        head.push_str(tilde);
        head.push_str(&function.name.text);
    }
    let parameters: Vec<String> =
        function.parameters.iter().map(|parameter| self::parameter(parameter, defaults)).collect();
    let constant = if function.is_const { " const" } else { "" };
    format!("{head}({}){constant}", parameters.join(", "))
}

fn parameter(parameter: &Parameter, defaults: Defaults) -> String {
    let constant = if parameter.is_const { "const " } else { "" };
    let element = type_text(&parameter.value_type);
    let name = &parameter.name.text;
    let declared = if parameter.is_array {
        format!("ArrayRef<{constant}{element}> {name}")
    } else if parameter.is_reference {
        format!("{constant}{element} &{name}")
    } else {
        format!("{constant}{element} {name}")
    };
    match &parameter.default {
        Some(default) if defaults == Defaults::Written => {
            format!("{declared} = {}", value(default))
        }
        _ => declared,
    }
}

fn body(writer: &mut Writer, function: &Function) {
    let Some(body) = &function.body else { return };
    writer.at(&function.place);
    writer.line(&format!("{} {{", signature(function, Defaults::Omitted)));
    statements::statements(writer, function, body);
    writer.line("}");
}
