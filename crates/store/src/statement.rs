//! Which statements does the program send, and under which names?
//!
//! Every SQL text is a named constant made with [`statements!`](crate::statements); the catalogue lists them all and a
//! test prepares each on both engines. A name, not the text, stands in messages.

use crate::db::Engine;

/// An SQL text with its name. Placeholders are `$1`, `$2` and so on, on both engines.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// What messages call it, such as `jobs::CLAIM`.
    pub name: &'static str,
    /// The text, in PostgreSQL's words as far as both engines share them.
    pub sql: &'static str,
    /// The only engine that it is for, when it is not for both.
    pub only: Option<Engine>,
}

/// A text without a name: for tests and the first line of a thought. Whatever stays becomes a named constant.
impl From<&'static str> for Statement {
    fn from(sql: &'static str) -> Statement {
        Statement {
            name: sql,
            sql,
            only: None,
        }
    }
}

/// Declares a module's statements, and `STATEMENTS`, the list the catalogue takes up.
///
/// ```
/// mod runs {
///     store::statements! {
///         /// The state of a run.
///         STATE = "select state from run where run = $1";
///         /// Wakes whoever waits.
///         NOTIFY postgres = "select pg_notify('renshe', $1)";
///     }
/// }
/// assert_eq!(runs::STATEMENTS.len(), 2);
/// assert!(runs::STATE.name.ends_with("runs::STATE"));
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident $($only:ident)? = $sql:expr;)*) => {
        $($(#[$doc])*
        pub(crate) const $name: $crate::Statement = $crate::Statement {
            name: concat!(module_path!(), "::", stringify!($name)),
            sql: $sql,
            only: $crate::statements!(@only $($only)?),
        };)*

        /// All statements of this file, for the catalogue.
        pub(crate) const STATEMENTS: &[$crate::Statement] = &[$($name),*];
    };
    (@only) => { None };
    (@only postgres) => { Some($crate::Engine::Postgres) };
    (@only sqlite) => { Some($crate::Engine::Sqlite) };
}
