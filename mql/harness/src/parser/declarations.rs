//! Types, functions and variables.

use super::{Parsed, Parser};
use crate::finding::{Finding, Rule};
use crate::syntax::{
    Class, Declaration, Enum, Function, FunctionKind, Initial, Input, Item, Member, Name,
    Parameter, Shape, Struct, Type, TypeKind, Variable,
};

impl Parser {
    /// Something at the top of a file.
    pub(super) fn item(&mut self) -> Parsed<Item> {
        match self.word_at(0) {
            Some("enum") => Ok(Item::Enum(self.enumeration()?)),
            Some("struct") => Ok(Item::Struct(self.structure()?)),
            Some("class") => Ok(Item::Class(self.class()?)),
            Some("input") => Ok(Item::Input(self.input()?)),
            Some("static") => {
                let message = "`static` stands inside functions only: leave it out";
                self.refuse(Rule::StaticMember, message)
            }
            Some(_) => self.function_or_variables(),
            None if self.is_mark(";") => {
                self.refuse(Rule::EmptyStatement, "a `;` without a declaration: leave it out")
            }
            None if self.is_mark("[") && self.is_mark_at(1, "[") => {
                self.refuse(Rule::Attribute, "attributes are not part of our MQL: leave it out")
            }
            None => Err(self.unexpected("a declaration")),
        }
    }

    fn enumeration(&mut self) -> Parsed<Enum> {
        self.advance();
        if self.is_word("class") {
            return self.refuse(Rule::CppWord, "`enum class` is not part of our MQL: write `enum`");
        }
        let name = self.name()?;
        self.types.insert(name.text.clone(), TypeKind::Enum);
        if self.is_mark(":") {
            return self.refuse(Rule::EnumValue, "an enum has no type of its own: leave it out");
        }
        self.expect_mark("{")?;
        let mut values = Vec::new();
        while !self.take_mark("}") {
            let value = self.name()?;
            if !self.take_mark("=") {
                let message = format!("`{}` has no value: write `= NUMBER`", value.text);
                return Err(Finding::new(&value.place, Rule::EnumValue, message));
            }
            values.push((value, self.expression()?));
            if !self.take_mark(",") && !self.is_mark("}") {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
        self.expect_mark(";")?;
        Ok(Enum { name, values })
    }

    /// The name of a struct or class, which is a type from here on, and its `{`.
    fn object_header(&mut self) -> Parsed<Name> {
        self.advance();
        let name = self.name()?;
        self.types.insert(name.text.clone(), TypeKind::Object);
        if self.is_mark(":") {
            let message = "a base class is not part of our MQL: make it a field";
            return self.refuse(Rule::Inheritance, message);
        }
        if self.is_mark(";") {
            let message = "a type is declared once, with its members, above its use";
            return self.refuse(Rule::Prototype, message);
        }
        self.expect_mark("{")?;
        Ok(name)
    }

    fn structure(&mut self) -> Parsed<Struct> {
        let name = self.object_header()?;
        let mut fields = Vec::new();
        while !self.take_mark("}") {
            let is_destructor = self.is_mark("~");
            let is_constructor = self.is_word(&name.text) && self.is_mark_at(1, "(");
            if is_constructor || is_destructor || self.is_mark_at(2, "(") {
                let message = "a struct has fields only: use a class, or a function";
                return self.refuse(Rule::StructMethod, message);
            }
            fields.push(self.fields()?);
        }
        self.expect_mark(";")?;
        Ok(Struct { name, fields })
    }

    fn class(&mut self) -> Parsed<Class> {
        let name = self.object_header()?;
        let mut members = Vec::new();
        while !self.take_mark("}") {
            members.push(self.member(&name)?);
        }
        self.expect_mark(";")?;
        Ok(Class { name, members })
    }

    fn member(&mut self, class: &Name) -> Parsed<Member> {
        let place = self.place();
        if let Some(section @ ("private" | "public")) = self.word_at(0) {
            let section = Name { text: section.to_owned(), place };
            self.advance();
            self.expect_mark(":")?;
            return Ok(Member::Section(section));
        }
        if self.is_word(&class.text) && self.is_mark_at(1, "(") {
            let name = self.name()?;
            let method =
                self.function(FunctionKind::Constructor, None, Some(class.clone()), name)?;
            return Ok(Member::Method(method));
        }
        if self.take_mark("~") {
            let name = self.name()?;
            let method =
                self.function(FunctionKind::Destructor, None, Some(class.clone()), name)?;
            return Ok(Member::Method(method));
        }
        let is_method = self.is_type_at(0) && self.is_mark_at(2, "(");
        if is_method && self.word_at(1).is_some_and(|word| !super::is_reserved(word)) {
            let result = self.type_name()?;
            let name = self.name()?;
            let method =
                self.function(FunctionKind::Plain, Some(result), Some(class.clone()), name)?;
            return Ok(Member::Method(method));
        }
        Ok(Member::Fields(self.fields()?))
    }

    /// One line of fields.
    fn fields(&mut self) -> Parsed<Declaration> {
        match self.word_at(0) {
            Some("enum" | "struct" | "class") => {
                let message = "a type inside a type is not part of our MQL: declare it outside";
                return self.refuse(Rule::LocalType, message);
            }
            Some("static") => {
                let message = "static members are not part of our MQL: use a global variable";
                return self.refuse(Rule::StaticMember, message);
            }
            Some("const") => {
                let message = "a field cannot be `const`: use `#define`, or leave it out";
                return self.refuse(Rule::ConstField, message);
            }
            _ => {}
        }
        let declaration = self.declaration()?;
        self.expect_mark(";")?;
        let initialised = declaration.variables.iter().find(|field| field.initial.is_some());
        match initialised {
            Some(field) => {
                let message = "a field has no initial value here: set it in the constructor";
                Err(Finding::new(&field.name.place, Rule::MemberInitialiser, message))
            }
            None => Ok(declaration),
        }
    }

    fn input(&mut self) -> Parsed<Input> {
        self.advance();
        if self.is_word("group") {
            let message = "`input group` is in MQL5 only: leave it out";
            return self.refuse(Rule::Input, message);
        }
        let value_type = self.type_name()?;
        if matches!(value_type.kind, TypeKind::Object | TypeKind::Void) {
            let message = "an input is of a simple type or an enum";
            return Err(Finding::new(&value_type.name.place, Rule::Input, message));
        }
        let name = self.name()?;
        if !self.take_mark("=") {
            let message = "an input is `input TYPE NAME = VALUE;`, one in a statement";
            return self.refuse(Rule::Input, message);
        }
        let initial = self.expression()?;
        self.expect_mark(";")?;
        Ok(Input { value_type, name, initial })
    }

    fn function_or_variables(&mut self) -> Parsed<Item> {
        if self.is_mark_at(1, "::") && self.is_type_at(0) {
            return Ok(Item::Function(self.constructor_outside()?));
        }
        let is_function = self.is_type_at(0)
            && self.word_at(1).is_some()
            && (self.is_mark_at(2, "(") || self.is_mark_at(2, "::"));
        if is_function && !self.is_constructed() {
            return Ok(Item::Function(self.function_outside()?));
        }
        if self.is_word("const") && self.is_type_at(1) && self.is_mark_at(3, "(") {
            let message = "a result is not `const`: leave it out";
            return self.refuse(Rule::Storage, message);
        }
        let declaration = self.declaration()?;
        self.expect_mark(";")?;
        Ok(Item::Variables(declaration))
    }

    /// Whether `T name(` begins an object with arguments and not a function.
    fn is_constructed(&self) -> bool {
        let is_object =
            self.word_at(0).and_then(|word| self.type_kind(word)) == Some(TypeKind::Object);
        let is_parameter = self.is_mark_at(3, ")") || self.word_at(3) == Some("const");
        is_object && self.is_mark_at(2, "(") && !is_parameter && !self.is_type_at(3)
    }

    /// `C::C() { … }` or `C::~C() { … }`.
    fn constructor_outside(&mut self) -> Parsed<Function> {
        let class = self.name()?;
        self.expect_mark("::")?;
        let kind =
            if self.take_mark("~") { FunctionKind::Destructor } else { FunctionKind::Constructor };
        let name = self.name()?;
        let place = name.place.clone();
        let is_same = name.text == class.text;
        let function = self.function(kind, None, Some(class), name)?;
        if is_same {
            return Ok(function);
        }
        let message = format!("`{}` has no type of its result", function.full_name());
        Err(Finding::new(&place, Rule::Syntax, message))
    }

    fn function_outside(&mut self) -> Parsed<Function> {
        let result = self.type_name()?;
        let mut name = self.name()?;
        let mut class = None;
        if self.take_mark("::") {
            class = Some(name);
            name = self.name()?;
        }
        let place = name.place.clone();
        let function = self.function(FunctionKind::Plain, Some(result), class, name)?;
        if function.body.is_some() {
            return Ok(function);
        }
        let message = format!(
            "`{}` is only declared: write its body; the order of functions does not matter",
            function.full_name()
        );
        Err(Finding::new(&place, Rule::Prototype, message))
    }

    /// From the parameters on.
    fn function(
        &mut self,
        kind: FunctionKind,
        result: Option<Type>,
        class: Option<Name>,
        name: Name,
    ) -> Parsed<Function> {
        let place = result.as_ref().map_or_else(|| name.place.clone(), |t| t.name.place.clone());
        let parameters = self.parameters()?;
        if kind != FunctionKind::Plain && !parameters.is_empty() {
            let message = "a constructor or destructor has no parameters: write a method `Init`";
            return Err(Finding::new(&name.place, Rule::ConstructorArguments, message));
        }
        let is_const = kind == FunctionKind::Plain && class.is_some() && self.take_word("const");
        if self.is_mark(":") {
            let message = "initialiser lists are not part of our MQL: assign in the body";
            return self.refuse(Rule::InitialiserList, message);
        }
        let body = if self.is_mark("{") {
            Some(self.block()?)
        } else if self.is_mark("=") {
            let message = "`= 0`, `= default` and `= delete` are not part of our MQL";
            return self.refuse(Rule::Virtual, message);
        } else {
            self.expect_mark(";")?;
            None
        };
        Ok(Function { kind, result, class, name, parameters, is_const, body, place })
    }

    fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
        self.expect_mark("(")?;
        let mut parameters = Vec::new();
        if self.is_word("void") && self.is_mark_at(1, ")") {
            self.advance();
        }
        if self.take_mark(")") {
            return Ok(parameters);
        }
        loop {
            parameters.push(self.parameter()?);
            if !self.take_mark(",") {
                self.expect_mark(")")?;
                return Ok(parameters);
            }
        }
    }

    fn parameter(&mut self) -> Parsed<Parameter> {
        let is_const = self.take_word("const");
        let value_type = self.type_name()?;
        if value_type.kind == TypeKind::Void {
            return Err(Finding::new(
                &value_type.name.place,
                Rule::Type,
                "a value cannot be `void`",
            ));
        }
        self.no_pointer()?;
        if self.is_mark("&&") {
            return self.refuse(Rule::ReferenceVariable, "`&&` is not part of our MQL: write `&`");
        }
        let is_reference = self.take_mark("&");
        let name = self.name()?;
        let is_array = self.take_mark("[");
        if is_array && !self.take_mark("]") {
            let message = "an array parameter has no size: write `T &name[]`";
            return self.refuse(Rule::ArrayParameter, message);
        }
        if is_array && !is_reference {
            let message =
                format!("the array `{0}` is passed by reference: write `&{0}[]`", name.text);
            return Err(Finding::new(&name.place, Rule::ArrayParameter, message));
        }
        self.one_dimension(is_array)?;
        let default = if self.take_mark("=") { Some(self.expression()?) } else { None };
        Ok(Parameter { is_const, value_type, is_reference, is_array, name, default })
    }

    fn one_dimension(&self, is_array: bool) -> Parsed<()> {
        if is_array && self.is_mark("[") {
            let message =
                "an array has one dimension: use an array of a struct, or compute the index";
            return self.refuse(Rule::ArrayDimension, message);
        }
        Ok(())
    }

    fn no_pointer(&self) -> Parsed<()> {
        if self.is_mark("*") {
            let message = "pointers are not part of our MQL: declare the object itself";
            return self.refuse(Rule::Pointer, message);
        }
        if self.is_mark("<") {
            let message = "templates are not part of our MQL: write the class for each type";
            return self.refuse(Rule::Template, message);
        }
        Ok(())
    }

    /// Variables of one type, up to their `;`, which is left.
    pub(super) fn declaration(&mut self) -> Parsed<Declaration> {
        let (mut is_const, mut is_static) = (false, false);
        loop {
            if !is_static && self.take_word("static") {
                is_static = true;
            } else if !is_const && self.take_word("const") {
                is_const = true;
            } else {
                break;
            }
        }
        let value_type = self.type_name()?;
        if value_type.kind == TypeKind::Void {
            return Err(Finding::new(
                &value_type.name.place,
                Rule::Type,
                "a value cannot be `void`",
            ));
        }
        let mut variables = Vec::new();
        loop {
            variables.push(self.variable(value_type.kind)?);
            if !self.take_mark(",") {
                return Ok(Declaration { is_static, is_const, value_type, variables });
            }
        }
    }

    fn variable(&mut self, kind: TypeKind) -> Parsed<Variable> {
        self.no_pointer()?;
        if self.is_mark("&") || self.is_mark("&&") {
            let message = "a variable cannot be a reference: only parameters can";
            return self.refuse(Rule::ReferenceVariable, message);
        }
        let name = self.name()?;
        if self.is_mark("(") {
            let message = "an object is made without arguments, and a function is not declared \
                           here: write `T name;`, and call a method `Init`";
            return self.refuse(Rule::ConstructorArguments, message);
        }
        let shape = self.shape()?;
        let initial = if self.take_mark("=") { Some(self.initial()?) } else { None };
        let problem = match (&shape, &initial) {
            (Shape::Array, Some(_)) => {
                Some((Rule::ArraySize, "an array with values states its size: `T name[3] = {…}`"))
            }
            (Shape::FixedArray(_), Some(Initial::Value(_))) => {
                Some((Rule::ArrayAssignment, "an array starts from values in braces"))
            }
            (Shape::Single, Some(Initial::List(_))) if kind == TypeKind::Object => Some((
                Rule::Braces,
                "braces are for fixed arrays: use ZeroMemory and assign fields",
            )),
            (Shape::Single, Some(Initial::List(_))) => {
                Some((Rule::Braces, "braces are for fixed arrays: write `= value`"))
            }
            _ => None,
        };
        match problem {
            Some((rule, message)) => Err(Finding::new(&name.place, rule, message)),
            None => Ok(Variable { name, shape, initial }),
        }
    }

    fn shape(&mut self) -> Parsed<Shape> {
        if self.is_mark("{") {
            return self.refuse(Rule::Braces, "braces stand after `=`");
        }
        if !self.take_mark("[") {
            return Ok(Shape::Single);
        }
        let shape =
            if self.is_mark("]") { Shape::Array } else { Shape::FixedArray(self.expression()?) };
        self.expect_mark("]")?;
        self.one_dimension(true)?;
        Ok(shape)
    }

    fn initial(&mut self) -> Parsed<Initial> {
        if !self.take_mark("{") {
            return Ok(Initial::Value(self.expression()?));
        }
        let mut values = Vec::new();
        while !self.take_mark("}") {
            values.push(self.expression()?);
            if !self.take_mark(",") && !self.is_mark("}") {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
        Ok(Initial::List(values))
    }
}
