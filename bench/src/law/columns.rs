//! The columns that go in and come out, in their natural widths, the same for every contestant.
//!
//! A column is named as the input or rule of the law that it holds, with `_` for `-`. Amounts are in fen, months are
//! `year * 12 + month - 1`, an enumeration is its member's index, an index of four decimals its ten-thousandths.

use rules::columns::Values;

/// Columns by name.
pub(crate) type Named<'a> = Vec<(&'static str, Values<'a>)>;

/// Rows that can be cut in two, so that threads can share them.
pub(crate) trait Split: Sized {
    /// How many rows.
    fn rows(&self) -> usize;
    /// The first `rows` rows, and the rest.
    fn split(self, rows: usize) -> (Self, Self);
}

/// Runs `work` over all rows, each thread over its own range of them.
pub(crate) fn in_threads<I, O>(threads: usize, input: I, output: O, work: fn(I, O))
where
    I: Split + Send,
    O: Split + Send,
{
    if threads < 2 {
        work(input, output);
        return;
    }
    let share = input.rows() / threads;
    let (mine, others) = input.split(share);
    let (my_output, other_outputs) = output.split(share);
    std::thread::scope(|scope| {
        scope.spawn(move || work(mine, my_output));
        in_threads(threads - 1, others, other_outputs, work);
    });
}

/// A width a column may have.
trait Width: Copy {
    const ZERO: Self;
    fn values(column: &[Self]) -> Values<'_>;
}

macro_rules! widths {
    ($($type:ident is $values:ident;)*) => {$(
        impl Width for $type {
            const ZERO: Self = 0;
            fn values(column: &[Self]) -> Values<'_> {
                Values::$values(column)
            }
        }
    )*};
}
widths! {
    i64 is I64;
    i32 is I32;
    u8 is U8;
}

/// Columns as they are held.
macro_rules! held {
    ($(#[$doc:meta])* $owned:ident { $($(#[$column_doc:meta])* $column:ident: $type:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, PartialEq)]
        pub(crate) struct $owned {
            $($(#[$column_doc])* pub(crate) $column: Vec<$type>,)*
        }

        impl $owned {
            /// So many rows of nothing.
            pub(crate) fn empty(rows: usize) -> $owned {
                $owned { $($column: vec![<$type as Width>::ZERO; rows],)* }
            }

            /// Each column with its name.
            pub(crate) fn named(&self) -> Named<'_> {
                vec![$((stringify!($column), Width::values(&self.$column)),)*]
            }
        }
    };
}

/// Columns that go in, and the same borrowed.
macro_rules! inputs {
    ($($(#[$doc:meta])* $owned:ident as $borrowed:ident {
        $($(#[$column_doc:meta])* $column:ident: $type:ident,)*
    })*) => {$(
        held! { $(#[$doc])* $owned { $($(#[$column_doc])* $column: $type,)* } }

        /// The same, borrowed.
        #[derive(Clone, Copy)]
        pub(crate) struct $borrowed<'a> {
            $(pub(crate) $column: &'a [$type],)*
        }

        impl $owned {
            /// To be read.
            pub(crate) fn read(&self) -> $borrowed<'_> {
                $borrowed { $($column: &self.$column,)* }
            }
        }

        impl Split for $borrowed<'_> {
            fn rows(&self) -> usize {
                [$(self.$column.len(),)*][0]
            }
            fn split(self, rows: usize) -> (Self, Self) {
                $(let $column = self.$column.split_at(rows);)*
                ($borrowed { $($column: $column.0,)* }, $borrowed { $($column: $column.1,)* })
            }
        }
    )*};
}

/// Columns that come out, and the same borrowed.
macro_rules! outputs {
    ($($(#[$doc:meta])* $owned:ident as $borrowed:ident {
        $($(#[$column_doc:meta])* $column:ident: $type:ident,)*
    })*) => {$(
        held! { $(#[$doc])* $owned { $($(#[$column_doc])* $column: $type,)* } }

        /// The same, borrowed.
        pub(crate) struct $borrowed<'a> {
            $(pub(crate) $column: &'a mut [$type],)*
        }

        impl $owned {
            /// To be written.
            pub(crate) fn write(&mut self) -> $borrowed<'_> {
                $borrowed { $($column: &mut self.$column,)* }
            }
        }

        impl Split for $borrowed<'_> {
            fn rows(&self) -> usize {
                [$(self.$column.len(),)*][0]
            }
            fn split(self, rows: usize) -> (Self, Self) {
                $(let $column = self.$column.split_at_mut(rows);)*
                ($borrowed { $($column: $column.0,)* }, $borrowed { $($column: $column.1,)* })
            }
        }
    )*};
}

inputs! {
    /// What the contributions of a month are assessed on.
    Wages as WagesRead {
        /// Last year's average monthly wage, fen.
        wage: i64,
    }

    /// What a pension is awarded on.
    Claims as ClaimsRead {
        /// 0 male, 1 female.
        sex: u8,
        /// 0 worker, 1 management.
        post: u8,
        /// The month of birth.
        birth_month: i32,
        /// Months of contributions, deemed ones included.
        contribution_months: i32,
        /// Months before accounts began.
        deemed_months: i32,
        /// The balance of the account, fen.
        account_balance: i64,
        /// The average index, ten-thousandths.
        average_index: i32,
        /// The calculation wage of the place and year, fen.
        calculation_wage_used: i64,
    }
}

outputs! {
    /// What is due for the month, fen.
    Dues as DuesWritten {
        /// The wage within floor and ceiling.
        contribution_base: i64,
        /// The employer's pension contribution.
        employer_due: i64,
        /// The employee's pension contribution.
        employee_due: i64,
        /// The employer's unemployment contribution.
        unemployment_employer_contribution: i64,
        /// The employee's unemployment contribution.
        unemployment_employee_contribution: i64,
    }

    /// What is awarded.
    Awards as AwardsWritten {
        /// The month in which the statutory age is reached.
        statutory_retirement_month: i32,
        /// The basic pension, fen a month.
        basic_pension: i64,
        /// The account pension, fen a month.
        account_pension: i64,
        /// The transitional pension, fen a month.
        transitional_pension: i64,
        /// The three together, fen a month; 0 where the minimum of contributions is not reached and the law refuses.
        monthly_pension: i64,
    }
}
