//! For which districts is this transaction?
//!
//! On PostgreSQL the database itself keeps districts apart, by row-level security on every table that has a district: a
//! transaction that does not say for which it is sees nothing there and can write nothing. That holds for the role
//! `renshe_app`, as whose member an office connects; owners and superusers are outside it, which is why no office connects
//! as one. On SQLite there is one office and one file, and this does nothing.

use crate::{db::Engine, error::Error, params, statements, tx::Tx};

statements! {
    /// Says for which districts the transaction is; forgotten at its end.
    SET postgres = "select set_config('renshe.districts', $1, true)";
}

impl Tx<'_> {
    /// Says for which districts (six-digit codes) the transaction is. An empty list is for none.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub fn set_districts(&mut self, districts: &[i32]) -> Result<(), Error> {
        let districts: Vec<String> = districts.iter().map(ToString::to_string).collect();
        self.set(&districts.join(","))
    }

    /// Says that the transaction is for the whole city: the month, and whoever oversees it.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub fn set_all_districts(&mut self) -> Result<(), Error> {
        self.set("all")
    }

    fn set(&mut self, districts: &str) -> Result<(), Error> {
        if self.engine() == Engine::Sqlite || self.is_for(districts) {
            return Ok(());
        }
        self.one(SET, params![districts], |_| Ok(()))
    }
}
