//! The tree of a program: what the subset can say, and nothing else.

use crate::lexer::Integer;
use crate::place::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeKind {
    Enum,
    /// A struct or a class.
    Object,
    Simple,
    Void,
}

#[derive(Clone, Debug)]
pub(crate) struct Type {
    pub(crate) name: Name,
    pub(crate) kind: TypeKind,
}

/// Something at the top of a file.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Class(Class),
    Enum(Enum),
    Function(Function),
    Input(Input),
    Struct(Struct),
    Variables(Declaration),
}

#[derive(Clone, Debug)]
pub(crate) struct Enum {
    pub(crate) name: Name,
    pub(crate) values: Vec<(Name, Expression)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Struct {
    pub(crate) name: Name,
    pub(crate) fields: Vec<Declaration>,
}

#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) name: Name,
    pub(crate) members: Vec<Member>,
}

#[derive(Clone, Debug)]
pub(crate) enum Member {
    Fields(Declaration),
    Method(Function),
    /// `private` or `public`.
    Section(Name),
}

#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) value_type: Type,
    pub(crate) name: Name,
    pub(crate) initial: Expression,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionKind {
    Constructor,
    Destructor,
    Plain,
}

/// A function or a method; a method declared in its class may have no body there.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) kind: FunctionKind,
    /// `None` for constructors and destructors.
    pub(crate) result: Option<Type>,
    /// The class of a method.
    pub(crate) class: Option<Name>,
    /// Of a destructor, the class's name.
    pub(crate) name: Name,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) is_const: bool,
    pub(crate) body: Option<Vec<Statement>>,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) is_const: bool,
    pub(crate) value_type: Type,
    pub(crate) is_reference: bool,
    pub(crate) is_array: bool,
    pub(crate) name: Name,
    pub(crate) default: Option<Expression>,
}

/// Variables of one type, or fields.
#[derive(Clone, Debug)]
pub(crate) struct Declaration {
    pub(crate) is_static: bool,
    pub(crate) is_const: bool,
    pub(crate) value_type: Type,
    pub(crate) variables: Vec<Variable>,
}

#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: Name,
    pub(crate) shape: Shape,
    pub(crate) initial: Option<Initial>,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Array,
    FixedArray(Expression),
    Single,
}

#[derive(Clone, Debug)]
pub(crate) enum Initial {
    List(Vec<Expression>),
    Value(Expression),
}

#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) kind: StatementKind,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) enum StatementKind {
    Block(Vec<Statement>),
    Break,
    Continue,
    Declaration(Declaration),
    DoWhile { body: Box<Statement>, condition: Expression },
    Expression(Expression),
    For(Box<For>),
    If { condition: Expression, then: Box<Statement>, otherwise: Option<Box<Statement>> },
    Return(Option<Expression>),
    Switch { value: Expression, cases: Vec<Case> },
    While { condition: Expression, body: Box<Statement> },
}

#[derive(Clone, Debug)]
pub(crate) struct For {
    /// A declaration or an expression.
    pub(crate) start: Option<Statement>,
    pub(crate) condition: Option<Expression>,
    pub(crate) step: Option<Expression>,
    pub(crate) body: Statement,
}

/// Labels that share a body.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) labels: Vec<Label>,
    pub(crate) body: Vec<Statement>,
    /// Whether `break;` follows the braces.
    pub(crate) has_break: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Label {
    /// `None` for `default`.
    pub(crate) value: Option<Expression>,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) kind: ExpressionKind,
    pub(crate) place: Place,
    /// How many expressions stand inside each other, this one counted.
    pub(crate) depth: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum ExpressionKind {
    Assignment {
        operator: &'static str,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Binary {
        operator: &'static str,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Bool(bool),
    Call {
        callee: Box<Expression>,
        arguments: Vec<Expression>,
    },
    Cast {
        value_type: Type,
        operand: Box<Expression>,
    },
    Character(char),
    Color(u32),
    Conditional {
        condition: Box<Expression>,
        then: Box<Expression>,
        otherwise: Box<Expression>,
    },
    Datetime(i64),
    /// `__FUNCTION__`.
    FunctionName,
    /// In parentheses.
    Group(Box<Expression>),
    Index {
        array: Box<Expression>,
        index: Box<Expression>,
    },
    Integer(Integer),
    Member {
        object: Box<Expression>,
        name: Name,
    },
    Name(String),
    Postfix {
        operator: &'static str,
        operand: Box<Expression>,
    },
    Real(String),
    Text(String),
    Unary {
        operator: &'static str,
        operand: Box<Expression>,
    },
}

impl ExpressionKind {
    /// The expressions directly inside.
    pub(crate) fn children(&self) -> Vec<&Expression> {
        match self {
            Self::Assignment { left, right, .. } | Self::Binary { left, right, .. } => {
                vec![left, right]
            }
            Self::Call { callee, arguments } => {
                let mut children = vec![callee.as_ref()];
                children.extend(arguments);
                children
            }
            Self::Conditional { condition, then, otherwise } => vec![condition, then, otherwise],
            Self::Cast { operand, .. }
            | Self::Postfix { operand, .. }
            | Self::Unary { operand, .. }
            | Self::Group(operand)
            | Self::Member { object: operand, .. } => vec![operand],
            Self::Index { array, index } => vec![array, index],
            Self::Bool(_)
            | Self::Character(_)
            | Self::Color(_)
            | Self::Datetime(_)
            | Self::FunctionName
            | Self::Integer(_)
            | Self::Name(_)
            | Self::Real(_)
            | Self::Text(_) => Vec::new(),
        }
    }
}

impl Expression {
    /// Shows this expression and all inside it to `see`, outer ones first.
    pub(crate) fn walk<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        for child in self.kind.children() {
            child.walk(see);
        }
    }

    /// The first thing in the expression that makes it no constant, whatever the names in it are.
    pub(crate) fn not_constant(&self) -> Option<&Self> {
        let mut found = None;
        self.walk(&mut |inner| {
            let is_refused = matches!(
                inner.kind,
                ExpressionKind::Assignment { .. }
                    | ExpressionKind::Call { .. }
                    | ExpressionKind::Index { .. }
                    | ExpressionKind::Member { .. }
                    | ExpressionKind::Postfix { .. }
                    | ExpressionKind::Unary { operator: "++" | "--", .. }
            );
            if is_refused && found.is_none() {
                found = Some(inner);
            }
        });
        found
    }
}

impl Function {
    /// As `__FUNCTION__` gives it.
    pub(crate) fn full_name(&self) -> String {
        let tilde = if self.kind == FunctionKind::Destructor { "~" } else { "" };
        match &self.class {
            Some(class) => format!("{}::{tilde}{}", class.text, self.name.text),
            None => self.name.text.clone(),
        }
    }
}
