//! *Who is it?*
//!
//! A [`Person`] is a number of ours with sex and day of birth. By what others know them, the identity number, the card, a
//! passport, and their name, are facts over time: a number is corrected, a passport runs out, two records turn out to be
//! one person ([`merge`](crate::merge)).

use crate::numbered::{ids, kinds};
use measure::{Day, Sex};
use std::fmt;

ids! {
    /// A person's number in the register.
    PersonId;
}

/// A person. Never changed once recorded; what may change is recorded as facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: PersonId,
    /// Their sex.
    pub sex: Sex,
    /// Their day of birth.
    pub born: Day,
}

kinds! {
    /// The sorts of numbers a person is known by.
    IdentifierKind {
        /// The resident identity number.
        ResidentIdentity = 1 "居民身份证" / "resident identity card",
        /// The number of the social security card.
        SocialCard = 2 "社会保障卡" / "social security card",
        /// A passport.
        Passport = 3 "护照" / "passport",
        /// The residence permit of residents of Hong Kong and Macau.
        HongKongMacau = 4 "港澳居民居住证" / "residence permit of Hong Kong and Macau residents",
        /// The residence permit of residents of Taiwan.
        Taiwan = 5 "台湾居民居住证" / "residence permit of Taiwan residents",
        /// The permanent residence identity card of foreigners.
        PermanentResidence = 6 "外国人永久居留身份证" / "foreign permanent resident identity card",
        /// A number that was theirs and by which they are still found.
        Former = 7 "曾用证件号码" / "former number",
    }
}

/// Under what an identifier is found: the keyed digest of its kind and number. The number itself stays encrypted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blind(pub [u8; 16]);

/// The first bytes only: enough to tell two apart in a log.
impl fmt::Debug for Blind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, ..] = self.0;
        write!(f, "Blind({a:02x}{b:02x}…)")
    }
}

kinds! {
    /// What another person of the household is to one.
    Relation {
        /// The head of the household.
        Head = 1 "户主" / "head of the household",
        /// The spouse.
        Spouse = 2 "配偶" / "spouse",
        /// A child.
        Child = 3 "子女" / "child",
        /// A parent.
        Parent = 4 "父母" / "parent",
        /// A grandparent.
        Grandparent = 5 "祖父母、外祖父母" / "grandparent",
        /// A grandchild.
        Grandchild = 6 "孙子女、外孙子女" / "grandchild",
        /// A brother or sister.
        Sibling = 7 "兄弟姐妹" / "brother or sister",
        /// Someone else.
        Other = 8 "其他" / "other",
    }
}

impl Relation {
    /// What one is to the other then, as far as that follows: a spouse to a spouse, a parent to a child. `None` for the
    /// head, to whom one may be anything.
    #[must_use]
    pub const fn reversed(self) -> Option<Relation> {
        match self {
            Relation::Head => None,
            Relation::Spouse => Some(Relation::Spouse),
            Relation::Child => Some(Relation::Parent),
            Relation::Parent => Some(Relation::Child),
            Relation::Grandparent => Some(Relation::Grandchild),
            Relation::Grandchild => Some(Relation::Grandparent),
            Relation::Sibling => Some(Relation::Sibling),
            Relation::Other => Some(Relation::Other),
        }
    }
}

/// A person's name, as written.
///
/// # Comparison
///
/// By what is written, apart from blanks, the sort of dot between the parts of a name, and the case and width of Latin
/// letters: those are how the same name is typed by different people.
///
/// ```
/// use city::people::Name;
///
/// let registered = Name::new("买买提·吐尔逊").unwrap();
/// assert!(registered.same_as(&Name::new(" 买买提•吐尔逊 ").unwrap()));
/// assert!(!registered.same_as(&Name::new("买买提").unwrap()));
/// assert_eq!(format!("{registered:?}"), "Name(买***)");
/// assert!(Name::new(" 　").is_none());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// The name, blanks around it trimmed; `None` when nothing is left.
    #[must_use]
    pub fn new(text: &str) -> Option<Name> {
        let text = text.trim();
        (!text.is_empty()).then(|| Name(text.to_owned()))
    }

    /// The name in full. Personal data: never in a log.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is the same name, however typed.
    #[must_use]
    pub fn same_as(&self, other: &Name) -> bool {
        letters(&self.0).eq(letters(&other.0))
    }

    /// The first letter and three stars: enough for its owner to recognise it.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.chars().take(1).chain("***".chars()).collect()
    }
}

/// Masked, so that a name does not slip into a log.
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({})", self.masked())
    }
}

/// The letters that count when names are compared.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '•' | '・' | '･' | '‧' | '∙' | '⋅' | '.' | '．' => '·',
            // Full width Latin letters stand 0xFEE0 above the common ones.
            '！'..='～' => char::from_u32(u32::from(letter) - 0xFEE0)
                .unwrap_or(letter)
                .to_ascii_uppercase(),
            _ => letter.to_ascii_uppercase(),
        })
}
