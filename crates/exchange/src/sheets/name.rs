//! Can this be a person's name?
//!
//! Rare characters are kept as they are. What cannot be seen is refused; what looks like another character is taken and
//! told, because a card may really have it.

use super::{
    value::{is_invisible, narrow, tidy},
    wrong::{BadName, LookAlike, Wrong},
};

/// Longer than any name on a card.
const NAME_CHARS_MAX: usize = 64;

/// A name, and what somebody should look at.
pub(super) fn name(text: &str) -> Result<(String, Option<Wrong>), Wrong> {
    let text = tidy(text);
    if text.len() <= NAME_CHARS_MAX && text.chars().all(is_common) {
        return Ok((text.to_owned(), None));
    }
    let mut name = String::with_capacity(text.len());
    let mut seen = Seen::default();
    for (index, character) in text.chars().enumerate() {
        if NAME_CHARS_MAX <= index {
            return Err(Wrong::Name(BadName::TooLong));
        }
        name.push(seen.character(index + 1, character)?);
    }
    Ok((name, seen.doubt()))
}

/// Of the characters in nearly every name.
fn is_common(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '·')
}

/// What the characters so far were.
#[derive(Default)]
struct Seen {
    odd: Option<Wrong>,
    han: bool,
    latin: Option<(usize, char)>,
    foreign: Option<(usize, char)>,
}

impl Seen {
    /// The character as it is kept.
    fn character(&mut self, place: usize, c: char) -> Result<char, Wrong> {
        let wide = ('Ａ'..='Ｚ').contains(&c) || ('ａ'..='ｚ').contains(&c) || c == '\u{3000}';
        let c = if wide { narrow(c) } else { c };
        match c {
            // The dot within names of many nationalities is U+00B7 (GB/T 15834); keyboards give these.
            '·' | '•' | '‧' | '∙' | '⋅' | '・' | '･' | '．' | '●' => return Ok('·'),
            // The last divides the syllables of Tibetan.
            ' ' | '-' | '\'' | '.' | '’' | '་' => return Ok(c),
            _ => {}
        }
        if is_invisible(c) {
            return Err(Wrong::Invisible {
                place,
                character: c,
            });
        }
        if is_radical(c) {
            self.odd(place, c, LookAlike::Radical);
        } else if is_private(c) {
            self.odd(place, c, LookAlike::Private);
        } else if ('\u{300}'..='\u{36f}').contains(&c) {
            self.odd(place, c, LookAlike::Combining);
        } else if is_han(c) {
            self.han = true;
        } else if c.is_numeric() {
            return Err(Wrong::Name(BadName::Digits));
        } else if !c.is_alphabetic() {
            return Err(Wrong::Name(BadName::Signs));
        } else if c < '\u{250}' {
            self.latin.get_or_insert((place, c));
        } else if matches!(c, '\u{370}'..='\u{52f}' | '\u{13a0}'..='\u{13ff}' | '\u{1d00}'..='\u{1dbf}' | '\u{1d400}'..='\u{1d7ff}')
        {
            self.foreign.get_or_insert((place, c));
        }
        Ok(c)
    }

    fn odd(&mut self, place: usize, character: char, kind: LookAlike) {
        self.odd.get_or_insert(Wrong::LookAlike {
            place,
            character,
            kind,
        });
    }

    fn doubt(mut self) -> Option<Wrong> {
        let mixed = match (self.han, self.latin, self.foreign) {
            (_, Some(_), Some(letter)) | (true, _, Some(letter)) | (true, Some(letter), None) => {
                Some(letter)
            }
            _ => None,
        };
        if let Some((place, character)) = mixed {
            self.odd(place, character, LookAlike::Script);
        }
        self.odd
    }
}

/// Ideographs of Unicode's blocks up to extension H, and the zero 〇.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '〇' | '\u{20000}'..='\u{2f7ff}' | '\u{30000}'..='\u{3fffd}')
        || is_unified_among_compatible(c)
}

/// Twelve characters stand in the compatibility block and are ordinary ones.
fn is_unified_among_compatible(c: char) -> bool {
    matches!(
        u32::from(c),
        0xfa0e
            | 0xfa0f
            | 0xfa11
            | 0xfa13
            | 0xfa14
            | 0xfa1f
            | 0xfa21
            | 0xfa23
            | 0xfa24
            | 0xfa27
            | 0xfa28
            | 0xfa29
    )
}

fn is_radical(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{31c0}'..='\u{31ef}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
        && !is_unified_among_compatible(c)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_as_they_are() {
        for text in [
            "张三",
            "阿卜杜热合曼·买买提",
            "𠮷㛃䶮𬱖",
            "〇",
            "﨑﨎",
            "Jean-Luc O'Brien",
            "Zoë",
            "བཀྲ་ཤིས",
            "Анна",
        ] {
            let (name, doubt) = match name(text) {
                Ok(read) => read,
                Err(wrong) => panic!("{text}: {wrong:?}"),
            };
            assert_eq!(name, text);
            assert_eq!(doubt, None, "{text}");
        }
        assert_eq!(name(" 古丽•阿依 ").unwrap().0, "古丽·阿依");
        assert_eq!(name("Ｌｉ\u{3000}Ｍｉｎｇ").unwrap().0, "Li Ming");
    }

    #[test]
    fn look_alikes_are_told_and_kept() {
        for text in [
            "⼩明",
            "\u{2f800}",
            "Ivаnov",
            "王\u{e863}",
            "李а",
            "王A",
            "Zoe\u{308}",
        ] {
            let (kept, doubt) = name(text).unwrap();
            assert_eq!(kept, text);
            assert_eq!(doubt.unwrap().code(), "C0244", "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_name() {
        for (text, expected) in [
            ("张\u{200b}三", "C0243"),
            ("\u{202e}三张", "C0243"),
            ("张\u{0}三", "C0243"),
            ("张三1", "C0245"),
            ("张三①", "C0245"),
            ("=cmd|' /C calc'!A0", "C0245"),
            ("<script>", "C0245"),
            ("张\u{fffd}", "C0245"),
            ("张三（小）", "C0245"),
        ] {
            let error = name(text).unwrap_err();
            assert_eq!(error.code(), expected, "{text}");
        }
        assert_eq!(name(&"长".repeat(65)).unwrap_err().code(), "C0245");
    }
}
