//! Objects and lists, taken apart into the texts of their members.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Path, Value, Wrong};

/// The members of an object that are named in the protocol, with room for the text of each.
pub(crate) trait Members<'a>: Sized {
    fn empty() -> Self;
    fn member(&mut self, name: &str) -> Option<&mut Member<'a>>;
}

/// Defines a struct of [`Member`]s with their names on the wire.
macro_rules! members {
    ($vis:vis struct $name:ident { $($field:ident: $word:literal,)+ }) => {
        #[derive(Debug)]
        $vis struct $name<'a> { $($vis $field: $crate::message::json::Member<'a>,)+ }

        impl<'a> $crate::message::json::Members<'a> for $name<'a> {
            fn empty() -> Self {
                Self { $($field: $crate::message::json::Member::empty($word),)+ }
            }

            #[inline]
            fn member(&mut self, name: &str) -> Option<&mut $crate::message::json::Member<'a>> {
                match name {
                    $($word => Some(&mut self.$field),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use members;

/// A member of an object: its text, if it is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    name: &'static str,
    json: Option<&'a RawValue>,
}

impl<'a> Member<'a> {
    pub(crate) const fn empty(name: &'static str) -> Self {
        Self { name, json: None }
    }

    pub(crate) const fn name(self) -> &'static str {
        self.name
    }

    pub(crate) const fn raw(self) -> Option<&'a RawValue> {
        self.json
    }

    /// The text, if the member is there and not `null`.
    pub(crate) fn json(self) -> Option<&'a str> {
        self.json.map(RawValue::get).filter(|json| *json != "null")
    }

    pub(crate) fn needed<T: Value<'a>>(self, at: &Path<'_>) -> Result<T, Wrong> {
        self.needed_as(at, T::EXPECTED, T::read)
    }

    pub(crate) fn optional<T: Value<'a>>(self, at: &Path<'_>) -> Result<Option<T>, Wrong> {
        self.optional_as(at, T::EXPECTED, T::read)
    }

    /// A price or lots, for whose absence a terminal writes zero.
    pub(crate) fn above_zero<T: Value<'a>>(self, at: &Path<'_>) -> Result<Option<T>, Wrong> {
        if self.is_zero() { Ok(None) } else { self.optional(at) }
    }

    pub(crate) fn is_zero(self) -> bool {
        let is_zero = |json: &str| {
            crate::types::Decimal::from_unsigned(json.as_bytes()).is_ok_and(|it| it.is_zero())
        };
        self.json().is_some_and(is_zero)
    }

    pub(crate) fn needed_as<T>(
        self,
        at: &Path<'_>,
        expected: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, Wrong> {
        let Some(json) = self.json else {
            return Err(Wrong::missing(at.member(self.name), expected));
        };
        read(json.get()).ok_or_else(|| Wrong::new(at.member(self.name), json.get(), expected))
    }

    pub(crate) fn optional_as<T>(
        self,
        at: &Path<'_>,
        expected: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<Option<T>, Wrong> {
        if self.json().is_none() { Ok(None) } else { self.needed_as(at, expected, read).map(Some) }
    }

    /// An object inside the object.
    pub(crate) fn needed_object<T>(
        self,
        at: &Path<'_>,
        read: impl FnOnce(&'a str, &Path<'_>) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        let at = at.member(self.name);
        match self.json {
            Some(json) => read(json.get(), &at),
            None => Err(Wrong::missing(at, "an object")),
        }
    }

    /// A list whose items `read` reads.
    pub(crate) fn needed_list<T>(
        self,
        at: &Path<'_>,
        read: impl FnMut(&'a str, &Path<'_>) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Wrong> {
        let at = at.member(self.name);
        match self.json {
            Some(json) => list(json.get(), &at, read),
            None => Err(Wrong::missing(at, "a list")),
        }
    }

    /// Refuses a member that has no meaning beside the others.
    pub(crate) fn none(self, at: &Path<'_>, reason: impl fmt::Display) -> Result<(), Wrong> {
        match self.json() {
            None => Ok(()),
            Some(json) => {
                Err(Wrong::new(at.member(self.name), json, format_args!("nothing {reason}")))
            }
        }
    }
}

/// Reads the members of an object whose text is JSON.
pub(crate) fn object<'a, M: Members<'a>>(json: &'a str, at: &Path<'_>) -> Result<M, Wrong> {
    if !json.starts_with('{') {
        return Err(Wrong::new(*at, json, "an object"));
    }
    match any_object(json) {
        Ok((members, None)) => Ok(members),
        Ok((_, Some(twice))) => Err(Wrong::twice(at.member(twice))),
        // Its grammar has been checked, so what is left are names with half a surrogate pair.
        Err(_) => Err(Wrong::new(*at, json, "an object whose members' names are text")),
    }
}

/// Reads an object and tells the first of its members that stands twice, with its first value kept.
pub(crate) fn any_object<'a, M: Members<'a>>(
    json: &'a str,
) -> Result<(M, Option<&'static str>), serde_json::Error> {
    let mut found = M::empty();
    let mut twice = None;
    let mut reader = serde_json::Deserializer::from_str(json);
    reader.deserialize_map(ObjectVisitor { found: &mut found, twice: &mut twice })?;
    reader.end()?;
    Ok((found, twice))
}

struct ObjectVisitor<'v, M> {
    found: &'v mut M,
    twice: &'v mut Option<&'static str>,
}

impl<'a, M: Members<'a>> Visitor<'a> for ObjectVisitor<'_, M> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            match self.found.member(&name) {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(member) if member.json.is_some() => {
                    self.twice.get_or_insert(member.name);
                    map.next_value::<IgnoredAny>()?;
                }
                Some(member) => member.json = Some(map.next_value()?),
            }
        }
        Ok(())
    }
}

/// A member's name, owned only if it is written with escapes.
struct Name;

impl<'a> DeserializeSeed<'a> for Name {
    type Value = Cow<'a, str>;

    fn deserialize<D: serde::Deserializer<'a>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Name {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// Reads each item of a list whose text is JSON.
pub(crate) fn list<'a, T>(
    json: &'a str,
    at: &Path<'_>,
    mut read: impl FnMut(&'a str, &Path<'_>) -> Result<T, Wrong>,
) -> Result<Vec<T>, Wrong> {
    let mut values = Vec::new();
    let mut wrong = None;
    items(json, at, |index, item| match read(item, &Path::Item(at, index)) {
        Ok(value) => {
            values.push(value);
            true
        }
        Err(found) => {
            wrong = Some(found);
            false
        }
    })?;
    match wrong {
        None => Ok(values),
        Some(wrong) => Err(wrong),
    }
}

/// Reads a list of as many items as there are names for.
pub(crate) fn row<'a, const N: usize>(
    json: &'a str,
    at: &Path<'_>,
    names: [&'static str; N],
) -> Result<[Member<'a>; N], Wrong> {
    let mut found = names.map(Member::empty);
    let mut count = 0_usize;
    let mut places = found.iter_mut();
    raw_items(json, at, |item| {
        count = count.saturating_add(1);
        if let Some(place) = places.next() {
            place.json = Some(item);
        }
        true
    })?;
    if count == N {
        return Ok(found);
    }
    Err(Wrong::new(*at, json, format_args!("a list of {}", names.join(", "))))
}

fn items<'a>(
    json: &'a str,
    at: &Path<'_>,
    mut take: impl FnMut(usize, &'a str) -> bool,
) -> Result<(), Wrong> {
    let mut index = 0_usize;
    raw_items(json, at, |item| {
        let goes_on = take(index, item.get());
        index = index.saturating_add(1);
        goes_on
    })
}

/// Hands out the items of a list, until one is not taken.
fn raw_items<'a>(
    json: &'a str,
    at: &Path<'_>,
    take: impl FnMut(&'a RawValue) -> bool,
) -> Result<(), Wrong> {
    if !json.starts_with('[') {
        return Err(Wrong::new(*at, json, "a list"));
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    // It cannot fail: its grammar has been checked, and a text is not looked into.
    reader.deserialize_seq(ListVisitor { take }).map_err(|_| Wrong::new(*at, json, "a list"))
}

struct ListVisitor<F> {
    take: F,
}

impl<'a, F: FnMut(&'a RawValue) -> bool> Visitor<'a> for ListVisitor<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut is_taken = true;
        while is_taken {
            match list.next_element()? {
                Some(item) => is_taken = (self.take)(item),
                None => return Ok(()),
            }
        }
        // The rest has to be passed over, for a list that is left in its middle is an error.
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
