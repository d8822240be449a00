//! What is wrong, and where.

use std::fmt;

use crate::place::Place;

/// A place in the sources that a rule refuses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub struct Finding {
    /// From the root, with `/` on every system.
    pub path: String,
    /// Counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// Counted from 1, in characters; 0 for the file as a whole.
    pub column: usize,
    /// What was found and what to write instead.
    pub message: String,
    /// The rule that was broken.
    pub rule: Rule,
}

impl Finding {
    pub(crate) fn new(place: &Place, rule: Rule, message: impl Into<String>) -> Self {
        let Place { path, line, column } = place;
        let path = path.as_ref().to_owned();
        Self { path, line: *line, column: *column, message: message.into(), rule }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, column, message, rule: _ } = self;
        match line {
            0 => write!(f, "{path}: {message}"),
            _ => write!(f, "{path}:{line}:{column}: {message}"),
        }
    }
}

/// Writes the list of rules once: the enum, its names, and all of them.
macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a finding is about; SUBSET.md describes each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $variant,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the rule's name, which never changes.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

rules! {
    /// A string literal directly after another.
    AdjacentStrings = "adjacent-strings",
    /// A function that only one of the two dialects has.
    ApiDialect = "api-dialect",
    /// A function that means something else in the other dialect.
    ApiDiffers = "api-differs",
    /// A function that is neither in the program nor in the list.
    ApiUnknown = "api-unknown",
    /// Assignment of a whole array.
    ArrayAssignment = "array-assignment",
    /// More than one dimension.
    ArrayDimension = "array-dimension",
    /// An array parameter that is not `T &name[]`.
    ArrayParameter = "array-parameter",
    /// An array whose size the declaration does not allow.
    ArraySize = "array-size",
    /// `[[…]]`.
    Attribute = "attribute",
    /// Braces where a value belongs.
    Braces = "braces",
    /// A case whose statements stand without braces.
    CaseBraces = "case-braces",
    /// A character that begins nothing.
    Character = "character",
    /// A character literal that is not one character.
    CharacterLiteral = "character-literal",
    /// A colour literal that is no colour.
    ColorLiteral = "color-literal",
    /// The comma operator.
    CommaOperator = "comma-operator",
    /// A comment without an end.
    Comment = "comment",
    /// A declaration inside a condition.
    ConditionDeclaration = "condition-declaration",
    /// A conditional directive about something else than the dialect, or without its partner.
    Conditional = "conditional",
    /// A conditional directive outside `Compat.mqh`.
    ConditionalPlace = "conditional-place",
    /// A field declared `const`.
    ConstField = "const-field",
    /// `const T &` of a simple type.
    ConstReference = "const-reference",
    /// A value that must be a constant and is none.
    Constant = "constant",
    /// Arguments or parameters of a constructor.
    ConstructorArguments = "constructor-arguments",
    /// A word of C++ that our MQL has no use for.
    CppWord = "cpp-word",
    /// An `else` that could belong to either of two `if`.
    DanglingElse = "dangling-else",
    /// A datetime literal that is no date.
    DatetimeLiteral = "datetime-literal",
    /// `__FILE__` and its like.
    DebugWord = "debug-word",
    /// A default value where it is not the one definition's.
    DefaultValue = "default-value",
    /// A directive that is refused.
    Directive = "directive",
    /// A semicolon that ends nothing.
    EmptyStatement = "empty-statement",
    /// A file that is not UTF-8.
    Encoding = "encoding",
    /// An enum value that is not explicit.
    EnumValue = "enum-value",
    /// The number of an error that differs between the dialects.
    ErrorNumber = "error-number",
    /// `try`, `catch`, `throw`.
    Exception = "exception",
    /// A field that the constructor does not set.
    FieldUnset = "field-unset",
    /// An opening of a file that does not name its encoding.
    FileFlags = "file-flags",
    /// `int(x)`.
    FunctionalCast = "functional-cast",
    /// `goto` and labels.
    Goto = "goto",
    /// A handler that the harness does not call.
    HandlerMissing = "handler-missing",
    /// A handler with a wrong signature.
    HandlerSignature = "handler-signature",
    /// A file name whose case differs.
    IncludeCase = "include-case",
    /// An include that is written in another form.
    IncludeForm = "include-form",
    /// An included file that is not there.
    IncludeMissing = "include-missing",
    /// A base class.
    Inheritance = "inheritance",
    /// An initialiser list of a constructor.
    InitialiserList = "initialiser-list",
    /// An input in another form than `input T Name = value;`.
    Input = "input",
    /// A function that another layer holds.
    Layer = "layer",
    /// A type declared inside a function or a class.
    LocalType = "local-type",
    /// A macro that is not a constant.
    Macro = "macro",
    /// A field with an initial value.
    MemberInitialiser = "member-initialiser",
    /// A method without a body.
    MethodBody = "method-body",
    /// The name of a function of the terminal.
    NameApi = "name-api",
    /// A name that is too long.
    NameLength = "name-length",
    /// The name of a predefined variable.
    NamePredefined = "name-predefined",
    /// A name that C++ or the translation keeps for itself.
    NameReserved = "name-reserved",
    /// A name that our style gives to something else.
    NameStyle = "name-style",
    /// A namespace.
    Namespace = "namespace",
    /// Nesting beyond the limit.
    Nesting = "nesting",
    /// A number in a form that the dialects and C++ do not share.
    NumberLiteral = "number-literal",
    /// An object by value.
    ObjectByValue = "object-by-value",
    /// An operator of a class.
    Operator = "operator",
    /// `new`, `delete`, `->`, `*`, `NULL`.
    Pointer = "pointer",
    /// A property that is not known, or has a wrong value.
    Property = "property",
    /// A property that is not at the beginning of a main file.
    PropertyPlace = "property-place",
    /// A function that is declared but not defined.
    Prototype = "prototype",
    /// `for(T x : array)`.
    RangeFor = "range-for",
    /// A variable that is a reference.
    ReferenceVariable = "reference-variable",
    /// `::` outside a method's definition.
    Scope = "scope",
    /// Protected members, friends.
    Section = "section",
    /// A side effect inside an argument, an index, a condition or an operand.
    SideEffect = "side-effect",
    /// `sizeof`.
    SizeOf = "sizeof",
    /// A static member or a static global.
    StaticMember = "static-member",
    /// A storage class that our MQL has no use for.
    Storage = "storage",
    /// A main file without `#property strict`.
    Strict = "strict",
    /// A string literal that has no end or an unknown escape.
    StringLiteral = "string-literal",
    /// A method inside a struct.
    StructMethod = "struct-method",
    /// Anything else that the grammar does not have.
    Syntax = "syntax",
    /// A template.
    Template = "template",
    /// `this`.
    This = "this",
    /// A type that our MQL has no use for.
    Type = "type",
    /// `+x`.
    UnaryPlus = "unary-plus",
    /// A union.
    Union = "union",
    /// A name that stands for a type and is none.
    UnknownType = "unknown-type",
    /// A statement that does nothing.
    Useless = "useless",
    /// A virtual method.
    Virtual = "virtual",
}
