//! Numbers that name things, and short lists of kinds that are stored as numbers.

/// A positive number that names one thing of one sort, so that it cannot stand where another sort is wanted.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The one of this number; `None` unless it is above 0.
            #[must_use]
            pub const fn new(number: i64) -> Option<$name> {
                if 0 < number { Some($name(number)) } else { None }
            }

            /// Its number, above 0.
            #[must_use]
            pub const fn number(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    )*};
}
pub(crate) use ids;

/// A closed list of kinds, each with the small number it is stored as and its name in both languages.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$of:meta])* $kind:ident = $code:literal $zh:literal / $en:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$of])* $kind,)*
        }

        impl $name {
            /// All of them, in the order of their codes.
            pub const ALL: &[$name] = &[$($name::$kind,)*];

            /// The number it is stored as. Never given a new meaning.
            #[must_use]
            pub const fn code(self) -> i16 {
                match self { $($name::$kind => $code,)* }
            }

            /// The one stored as this number.
            #[must_use]
            pub const fn from_code(code: i16) -> Option<$name> {
                match code { $($code => Some($name::$kind),)* _ => None }
            }

            /// Its name.
            #[must_use]
            pub fn name(self, lang: rules::explain::Lang) -> &'static str {
                match self { $($name::$kind => lang.pick($zh, $en),)* }
            }
        }
    };
}
pub(crate) use kinds;
