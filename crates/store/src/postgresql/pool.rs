//! Which connections to the server are open, and who has them?
//!
//! A connection belongs to one transaction at a time. Those that broke are dropped, and after a restart of the server
//! all idle ones, so that the next attempt does not meet a dead one again.

use super::{server::Server, tls::Tls};
use crate::{audit::Head, error::Error};
use postgres::Client;
use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The statements prepared on a connection, by their text.
pub(crate) type Statements = HashMap<Cow<'static, str>, postgres::Statement>;

/// One connection and what is prepared on it.
pub(crate) struct Session {
    pub(crate) client: Client,
    /// How it is encrypted.
    pub(crate) tls: Tls,
    pub(crate) statements: Statements,
    /// Whether it is of no further use: it broke, or what it prepared is out of date.
    pub(crate) spent: bool,
    /// The end of the chain of the audit log that this connection has, once it has one.
    pub(crate) head: Option<Head>,
}

pub(crate) struct Pool {
    server: Server,
    limit: usize,
    patience: Duration,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    lent: usize,
}

impl Pool {
    /// # Errors
    ///
    /// What [`Server::at`] and [`Server::connect`] say.
    pub(crate) fn open(address: &str, limit: usize, patience: Duration) -> Result<Pool, Error> {
        let pool = Pool {
            server: Server::at(address)?,
            limit: limit.max(1),
            patience,
            state: Mutex::default(),
            returned: Condvar::new(),
        };
        // So that a wrong address is said now and not in the middle of a month.
        drop(pool.lend()?);
        Ok(pool)
    }

    /// The same server and database with connections of their own.
    #[cfg(feature = "testing")]
    pub(crate) fn again(&self, patience: Option<Duration>) -> Pool {
        Pool {
            server: self.server.clone(),
            limit: self.limit,
            patience: patience.unwrap_or(self.patience),
            state: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// A connection; waits for one to come back when all are lent.
    ///
    /// # Errors
    ///
    /// `S0116` when none comes back in time; what [`Server::connect`] says.
    pub(crate) fn lend(&self) -> Result<Lent<'_>, Error> {
        let state = self.state();
        let waited = self
            .returned
            .wait_timeout_while(state, self.patience, |state| {
                state.idle.is_empty() && state.lent >= self.limit
            });
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        while let Some(session) = state.idle.pop() {
            if !session.client.is_closed() {
                state.lent += 1;
                return Ok(self.lent(session));
            }
        }
        if state.lent >= self.limit {
            return Err(Error::NoConnection {
                connections: self.limit,
            });
        }
        state.lent += 1;
        drop(state);
        match self.connect() {
            Ok(session) => Ok(self.lent(session)),
            Err(error) => {
                self.state().lent -= 1;
                self.returned.notify_one();
                Err(error)
            }
        }
    }

    fn lent(&self, session: Session) -> Lent<'_> {
        Lent {
            pool: self,
            session: Some(session),
        }
    }

    fn connect(&self) -> Result<Session, Error> {
        Ok(Session {
            client: self.server.connect()?,
            tls: self.server.tls().clone(),
            statements: HashMap::new(),
            spent: false,
            head: None,
        })
    }

    /// Closes the connections nobody has: the server went away, so they are dead.
    pub(crate) fn forget_idle(&self) {
        let idle = std::mem::take(&mut self.state().idle);
        drop(idle);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan; it goes back when dropped.
pub(crate) struct Lent<'p> {
    pool: &'p Pool,
    session: Option<Session>,
}

impl Lent<'_> {
    pub(crate) fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("it is there until dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        // A panic may have left it in the middle of something.
        let usable = |session: &Session| {
            !session.spent && !session.client.is_closed() && !std::thread::panicking()
        };
        let session = self.session.take();
        let (kept, closed) = match session {
            Some(session) if usable(&session) => (Some(session), None),
            other => (None, other),
        };
        let mut state = self.pool.state();
        state.lent -= 1;
        state.idle.extend(kept);
        drop(state);
        self.pool.returned.notify_one();
        // Outside the lock: closing waits for the server.
        drop(closed);
    }
}
