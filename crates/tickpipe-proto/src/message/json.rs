//! Reading JSON that someone else wrote: objects member by member, each value from its own text.
//!
//! A number is never turned into a `f64`: it stays the text it was until its kind is known. What is not
//! named here is skipped, however deep it is nested, without recursion.

mod object;
mod path;
mod value;

pub(crate) use self::object::{Member, Members, any_object, list, members, object, row};
pub(crate) use self::path::{Path, Wrong};
pub(crate) use self::value::{
    COMMENT, NAME, SymbolName, TEXT, Value, comment, name, string, text, whole,
};
