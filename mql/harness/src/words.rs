//! Words: those the grammar uses, and those that are refused, each with what to write instead.

use crate::finding::Rule;

/// Words of our MQL, which are no names.
const KEYWORDS: &[&str] = &[
    "break", "case", "class", "const", "continue", "default", "do", "else", "enum", "false", "for",
    "if", "input", "private", "public", "return", "static", "struct", "switch", "true", "void",
    "while",
];

/// The simple types, apart from `void`.
const SIMPLE_TYPES: &[&str] = &[
    "bool", "color", "datetime", "double", "int", "long", "string", "uchar", "uint", "ulong",
    "ushort",
];

const ANOTHER_NAME: &str = "it is a word of C++: choose another name";

/// Words that are refused: the rule, and what to write instead. Sorted.
const REFUSED: &[(&str, Rule, &str)] = &[
    ("NULL", Rule::Pointer, "there are no pointers; test a string with StringLen"),
    ("__DATETIME__", Rule::DebugWord, "two builds of one source must not differ"),
    ("__DATE__", Rule::DebugWord, "two builds of one source must not differ"),
    ("__FILE__", Rule::DebugWord, "name the place with `__FUNCTION__`"),
    ("__FUNCSIG__", Rule::DebugWord, "name the place with `__FUNCTION__`"),
    ("__LINE__", Rule::DebugWord, "name the place with `__FUNCTION__`"),
    ("__MQL4__", Rule::Conditional, "it belongs in `#ifdef`"),
    ("__MQL5__", Rule::Conditional, "it belongs in `#ifdef`"),
    ("__MQLBUILD__", Rule::DebugWord, "behaviour must not depend on the compiler"),
    ("__PATH__", Rule::DebugWord, "name the place with `__FUNCTION__`"),
    ("alignas", Rule::CppWord, ANOTHER_NAME),
    ("alignof", Rule::SizeOf, "state the size as a constant"),
    ("and", Rule::CppWord, "write `&&`"),
    ("and_eq", Rule::CppWord, ANOTHER_NAME),
    ("asm", Rule::CppWord, ANOTHER_NAME),
    ("auto", Rule::Type, "name the type"),
    ("bitand", Rule::CppWord, "write `&`"),
    ("bitor", Rule::CppWord, "write `|`"),
    ("catch", Rule::Exception, "return a value that tells of the failure"),
    ("char", Rule::Type, "use `uchar` or `int`"),
    ("compl", Rule::CppWord, "write `~`"),
    ("const_cast", Rule::CppWord, ANOTHER_NAME),
    ("constexpr", Rule::Storage, "use `const` or `#define`"),
    ("decltype", Rule::Type, "name the type"),
    ("delete", Rule::Pointer, "declare the object as a field or a variable"),
    ("dynamic_cast", Rule::Pointer, "there are no base classes to come from"),
    ("explicit", Rule::Storage, "constructors have no parameters"),
    ("export", Rule::Storage, "leave it out: nothing is a library"),
    ("extern", Rule::Input, "write `input`, or declare the variable before its use"),
    ("far", Rule::CppWord, ANOTHER_NAME),
    ("final", Rule::Inheritance, "leave it out: no class has a base"),
    ("float", Rule::Type, "use `double`"),
    ("friend", Rule::Section, "give the class a method"),
    ("goto", Rule::Goto, "use a loop and `break`"),
    ("inline", Rule::Storage, "leave it out: the compiler decides"),
    ("interface", Rule::Inheritance, "use a plain class"),
    ("mutable", Rule::Storage, "leave `const` off the method"),
    ("namespace", Rule::Namespace, "give the names a prefix"),
    ("near", Rule::CppWord, ANOTHER_NAME),
    ("new", Rule::Pointer, "declare the object as a field or a variable"),
    ("noexcept", Rule::Exception, "leave it out: nothing is thrown"),
    ("not", Rule::CppWord, "write `!`"),
    ("not_eq", Rule::CppWord, "write `!=`"),
    ("nullptr", Rule::Pointer, "there are no pointers"),
    ("offsetof", Rule::SizeOf, "state the offset as a constant"),
    ("operator", Rule::Operator, "give the class a method with a name"),
    ("or", Rule::CppWord, "write `||`"),
    ("or_eq", Rule::CppWord, ANOTHER_NAME),
    ("override", Rule::Virtual, "leave it out: no class has a base"),
    ("pack", Rule::CppWord, "choose another name: structs are never written as bytes"),
    ("protected", Rule::Section, "use `private:`: no class has a base"),
    ("register", Rule::Storage, "choose another name, or leave it out"),
    ("reinterpret_cast", Rule::CppWord, ANOTHER_NAME),
    ("short", Rule::Type, "use `int`"),
    ("signed", Rule::Type, "use `int` or `long`"),
    ("sinput", Rule::Input, "write `input`"),
    ("sizeof", Rule::SizeOf, "use ArraySize, or state the size as a constant"),
    ("static_assert", Rule::CppWord, "leave it out: MQL has none"),
    ("static_cast", Rule::CppWord, "write `(type)value`"),
    ("super", Rule::Inheritance, "no class has a base"),
    ("template", Rule::Template, "write the function for each type"),
    ("this", Rule::This, "name the member; its `m_` tells it from a parameter"),
    ("thread_local", Rule::Storage, "leave it out: a program has one thread"),
    ("throw", Rule::Exception, "return a value that tells of the failure"),
    ("try", Rule::Exception, "return a value that tells of the failure"),
    ("typedef", Rule::Type, "name the type itself"),
    ("typeid", Rule::Template, "name the type itself"),
    ("typename", Rule::Template, "write the function for each type"),
    ("union", Rule::Union, "use a struct"),
    ("unsigned", Rule::Type, "use `uint` or `ulong`"),
    ("using", Rule::Namespace, "name the type itself"),
    ("virtual", Rule::Virtual, "use a plain method: no class has a base"),
    ("volatile", Rule::Storage, "leave it out: a program has one thread"),
    ("wchar_t", Rule::Type, "use `ushort`"),
    ("xor", Rule::CppWord, "write `^`"),
    ("xor_eq", Rule::CppWord, ANOTHER_NAME),
];

/// Whether the grammar uses the word.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word) || is_simple_type(word)
}

/// Whether the word is a simple type; `void` is none.
pub(crate) fn is_simple_type(word: &str) -> bool {
    SIMPLE_TYPES.contains(&word)
}

/// The rule against a word and what to write instead, if it is refused.
pub(crate) fn refused(word: &str) -> Option<(Rule, &'static str)> {
    let at = REFUSED.binary_search_by(|(known, _, _)| (*known).cmp(word)).ok()?;
    REFUSED.get(at).map(|&(_, rule, instead)| (rule, instead))
}

/// Marks that are refused wherever they stand: the rule, and what to write instead.
pub(crate) fn refused_mark(mark: &str) -> Option<(Rule, &'static str)> {
    match mark {
        "->" => Some((Rule::Pointer, "there are no pointers; write `.`")),
        "..." => Some((Rule::Template, "name each parameter")),
        "::" => Some((Rule::Scope, "it stands only in a method's definition, `T C::M()`")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_words_are_sorted_and_used_by_nothing_else() {
        assert!(REFUSED.is_sorted_by(|(left, _, _), (right, _, _)| left < right));
        for (word, _, _) in REFUSED {
            assert!(!is_keyword(word), "{word}");
            assert!(refused(word).is_some(), "{word}");
        }
    }
}
