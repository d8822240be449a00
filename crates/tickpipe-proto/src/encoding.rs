//! Text on the wire: UTF-8, a Windows code page, or UTF-16.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use encoding_rs::Encoding;

/// One of the 8-bit encodings that text can be in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodePage(&'static Encoding);

/// A name or number that is no code page tickpipe knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown encoding `{0}`; allowed are auto, utf-8 and the names of code pages such as \
     windows-1252 or shift_jis (UTF-16 is recognised by itself)"
)]
pub struct UnknownCodePage(String);

impl CodePage {
    /// UTF-8.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);
    /// The code page of western European Windows.
    pub const WINDOWS_1252: Self = Self(encoding_rs::WINDOWS_1252);

    /// Returns the code page of a name such as `windows-1251`, `cp1251`, `1251` or `shift_jis`.
    ///
    /// # Errors
    ///
    /// Returns [`UnknownCodePage`] for a name that is not known, and for UTF-16, which is
    /// recognised by itself.
    ///
    /// # Source
    ///
    /// The names are those of the WHATWG encoding standard, and Windows' numbers.
    pub fn from_name(name: &str) -> Result<Self, UnknownCodePage> {
        let unknown = || UnknownCodePage(name.chars().filter(|c| !c.is_control()).collect());
        let digits = name.strip_prefix("cp").or(name.strip_prefix("CP")).unwrap_or(name);
        if let Some(page) = digits.parse().ok().and_then(Self::from_windows) {
            return Ok(page);
        }
        let page = Encoding::for_label_no_replacement(name.as_bytes()).ok_or_else(unknown)?;
        let is_stateless = page.output_encoding() == page && page != encoding_rs::ISO_2022_JP;
        if is_stateless { Ok(Self(page)) } else { Err(unknown()) }
    }

    /// Returns the code page of a Windows number such as 1251 or 65001, if it is known.
    ///
    /// # Source
    ///
    /// Windows: "Code Page Identifiers".
    #[must_use]
    pub fn from_windows(number: u32) -> Option<Self> {
        Some(Self(match number {
            874 => encoding_rs::WINDOWS_874,
            932 => encoding_rs::SHIFT_JIS,
            936 => encoding_rs::GBK,
            949 => encoding_rs::EUC_KR,
            950 => encoding_rs::BIG5,
            1250 => encoding_rs::WINDOWS_1250,
            1251 => encoding_rs::WINDOWS_1251,
            1252 => encoding_rs::WINDOWS_1252,
            1253 => encoding_rs::WINDOWS_1253,
            1254 => encoding_rs::WINDOWS_1254,
            1255 => encoding_rs::WINDOWS_1255,
            1256 => encoding_rs::WINDOWS_1256,
            1257 => encoding_rs::WINDOWS_1257,
            1258 => encoding_rs::WINDOWS_1258,
            65001 => encoding_rs::UTF_8,
            _ => return None,
        }))
    }

    /// Returns the name, lower case.
    #[must_use]
    pub fn name(self) -> String {
        self.0.name().to_ascii_lowercase()
    }

    fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        self.0.decode_without_bom_handling_and_without_replacement(bytes)
    }
}

impl fmt::Debug for CodePage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodePage({})", self.name())
    }
}

/// How a server reads 8-bit lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextEncoding {
    /// UTF-8 where a line is valid UTF-8, else this code page.
    Auto(CodePage),
    /// This encoding and no other.
    Strict(CodePage),
}

/// How one line came in, and so how its reply goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireEncoding {
    /// 8-bit text.
    CodePage(CodePage),
    /// UTF-16, high byte first.
    Utf16Be,
    /// UTF-16, low byte first: what MQL writes without `FILE_ANSI`.
    Utf16Le,
}

/// A text that cannot be written in an encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("text has characters that {encoding} cannot carry")]
pub struct Unencodable {
    encoding: String,
}

impl TextEncoding {
    /// Decodes an 8-bit line; `None` if it is no text in the encoding.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<(Arc<str>, WireEncoding)> {
        let (first, second) = match self {
            Self::Auto(page) => (CodePage::UTF_8, Some(page)),
            Self::Strict(page) => (page, None),
        };
        let decode = |page: CodePage| {
            page.decode(bytes).map(|text| (Arc::from(text), WireEncoding::CodePage(page)))
        };
        decode(first).or_else(|| second.and_then(decode))
    }

    /// Returns the encoding of a reply to a line that was not decoded.
    pub(crate) const fn fallback(self) -> WireEncoding {
        match self {
            Self::Auto(_) => WireEncoding::CodePage(CodePage::UTF_8),
            Self::Strict(page) => WireEncoding::CodePage(page),
        }
    }

    /// Names the encoding for an error text.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Auto(page) => format!("utf-8 or {}", page.name()),
            Self::Strict(page) => page.name(),
        }
    }
}

/// Decodes UTF-16LE; `None` for a lone surrogate or half a unit.
pub(crate) fn decode_utf16le(bytes: &[u8]) -> Option<Arc<str>> {
    let (units, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    Some(text.into())
}

impl WireEncoding {
    /// Appends `text` to `out`.
    ///
    /// # Errors
    ///
    /// Returns [`Unencodable`] if a character of `text` is not in the code page; `out` is then as
    /// it was.
    pub fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        match self {
            Self::CodePage(page) if page == CodePage::UTF_8 => {
                out.extend_from_slice(text.as_bytes())
            }
            Self::CodePage(page) => {
                let (bytes, _, has_unmappable) = page.0.encode(text);
                if has_unmappable {
                    return Err(Unencodable { encoding: page.name() });
                }
                out.extend_from_slice(&bytes);
            }
            Self::Utf16Be => out.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            Self::Utf16Le => out.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
        }
        Ok(())
    }
}
