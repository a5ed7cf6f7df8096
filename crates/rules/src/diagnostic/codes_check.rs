//! The codes of the checker: `L02` names, `L03` types, `L04` figures, dates and marks, `L05` folders and overlays.

use super::Code;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: Code = Code($code);)*
        /// Every code of the checker, in order.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    /// A name stands for two things.
    DUPLICATE_NAME = "L0201";
    /// A name stands for nothing.
    UNKNOWN_NAME = "L0202";
    /// A member's name is shared by enumerations and nothing says which is meant.
    AMBIGUOUS_MEMBER = "L0203";
    /// A name belongs to the language itself.
    RESERVED_NAME = "L0204";
    /// A name stands for something else than is needed here.
    WRONG_SORT = "L0205";
    /// A name belongs to an entity that cannot be reached from here.
    OTHER_ENTITY = "L0206";
    /// A local name hides another.
    SHADOWED = "L0207";
    /// A `let` is never read.
    UNUSED_LET = "L0208";
    /// An input, enumeration, parameter or table is never read.
    UNUSED_ITEM = "L0209";
    /// A cited source is not in the law folder.
    UNKNOWN_SOURCE = "L0210";
    /// A cited article is not in the source's file.
    UNKNOWN_ARTICLE = "L0211";
    /// A type does not exist.
    UNKNOWN_TYPE = "L0212";

    /// A value is of another kind than is needed.
    OTHER_KIND = "L0301";
    /// An operation has no meaning between these kinds.
    NO_OPERATION = "L0302";
    /// Two values cannot be compared.
    NO_COMPARISON = "L0303";
    /// A value must be rounded first.
    MUST_ROUND = "L0304";
    /// A value would have more than thirty decimals.
    TOO_FINE = "L0305";
    /// A look-up or a function has the wrong number of values.
    WRONG_COUNT = "L0306";
    /// `at` stands behind something that has no dates.
    NOT_A_FIGURE = "L0307";
    /// `in` asks for a unit the value does not have.
    NO_CONVERSION = "L0308";
    /// A relation is not the entity's own.
    OTHER_RELATION = "L0309";
    /// Records cannot be ordered by this.
    NO_ORDER = "L0310";
    /// A clause of an aggregation is missing or out of place.
    GATHER_CLAUSE = "L0311";
    /// An entity is dated by something that is not in its own records.
    DATED_BY = "L0312";
    /// A fixed value is needed here.
    NOT_CONSTANT = "L0313";
    /// A fixed value does not fit its type.
    CONSTANT_MISFIT = "L0314";

    /// A range is upside down or of a type without order.
    BAD_RANGE = "L0401";
    /// A value lies outside its input's range.
    OUT_OF_RANGE = "L0402";
    /// A row has the wrong number of keys.
    ROW_KEYS = "L0403";
    /// Two rows say the same keys.
    DUPLICATE_ROW = "L0404";
    /// A row hides an earlier one.
    HIDDEN_ROW = "L0405";
    /// Versions overlap or are out of order.
    VERSION_ORDER = "L0406";
    /// A version ends before it begins.
    ENDS_EARLY = "L0407";
    /// A figure or rule says nothing.
    NO_VERSION = "L0408";
    /// A source does not say how surely it is known.
    NO_MARK = "L0409";
    /// A grade does not agree with its word.
    BAD_GRADE = "L0410";
    /// A key is of a type that cannot be looked up.
    BAD_KEY = "L0411";
    /// Rules need each other in a circle.
    RULE_CYCLE = "L0412";
    /// An entity is owned twice, or by itself.
    OWNERSHIP = "L0413";
    /// An example says nothing to compare, or of several entities.
    EXAMPLE_ROOT = "L0414";
    /// An example does not say which day's law applies.
    NO_AS_OF = "L0415";
    /// A fact is given twice.
    GIVEN_TWICE = "L0416";

    /// A file lies in no jurisdiction's folder.
    OUTSIDE = "L0501";
    /// A folder has no description of its jurisdiction.
    NO_JURISDICTION = "L0502";
    /// A jurisdiction's identity is not its folder's name.
    OTHER_FOLDER = "L0503";
    /// A jurisdiction lies within nothing, or within itself.
    BAD_WITHIN = "L0504";
    /// A jurisdiction is described out of place.
    STRAY_JURISDICTION = "L0505";
    /// A file names no legal source.
    NO_SOURCE = "L0506";
    /// A source does not stand first, or a second one follows.
    STRAY_SOURCE = "L0507";
    /// A lower law sets what is not opened to it.
    NOT_OPENED = "L0508";
    /// `set` names nothing of a higher law.
    NOTHING_TO_SET = "L0509";
    /// `set` is of another sort than the item.
    SET_SORT = "L0510";
    /// An item is set twice in one jurisdiction.
    SET_TWICE = "L0511";
    /// An item is opened to a level that no jurisdiction has.
    UNKNOWN_LEVEL = "L0512";
}
