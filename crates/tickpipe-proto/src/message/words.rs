//! Words out of a list.

/// Gives an enum its words on the wire.
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal,)+ }) => {
        impl $name {
            /// Every one of them, in the order of the words.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the one of a word, if there is one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// Returns the word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::message::json::Value<'_> for $name {
            const EXPECTED: &'static str = concat!("one of", $(" ", $word),+);

            fn read(json: &str) -> Option<Self> {
                $crate::message::json::string(json).and_then(|word| Self::from_word(&word))
            }
        }

        impl $crate::message::put::Put for $name {
            fn put(&self, out: &mut Vec<u8>) {
                self.as_str().put(out);
            }
        }
    };
}

pub(crate) use words;
