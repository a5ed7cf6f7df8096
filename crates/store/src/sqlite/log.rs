//! Who copies the log back into the file, and when?
//!
//! SQLite leaves it to whoever fills the log: that one copies all of it, and everybody who writes waits for tens of
//! milliseconds and more. Here a thread beside copies: first what there is, while others go on writing; then the little that
//! they wrote meanwhile, while they wait. With nothing left to copy the log begins anew, so that it does not grow under those
//! who write without a pause.

use rusqlite::{Connection, MAIN_DB, hooks::Wal, wal::CheckpointMode};
use std::{
    io,
    os::raw::c_int,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender},
    },
    thread::{self, JoinHandle},
};

/// From so many pages on it is copied: 64 MiB, so that of pages a run writes again and again only the last state is copied.
pub(super) const FULL: c_int = 16_384;

/// From so many times as many on whoever writes copies it all the same: the thread does not keep up.
const OVERFULL: c_int = 4;

enum Told {
    Full,
    Ended,
}

/// Copies the log back beside those who write, until it is dropped.
pub(super) struct Copier {
    told: SyncSender<Told>,
    thread: Option<JoinHandle<()>>,
}

impl Copier {
    /// Begins to, through a connection of its own, whenever the log has so many pages, which the writer tells.
    pub(super) fn beside(
        writer: &Arc<Mutex<Connection>>,
        own: Connection,
        full: c_int,
    ) -> io::Result<Copier> {
        let (told, heard) = mpsc::sync_channel(1);
        let telling = told.clone();
        let mut connection = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let heeded = connection.wal_hook(Some(move |log: &mut Wal, pages| {
            if pages >= full.saturating_mul(OVERFULL) {
                // What cannot be copied now stays in the log, where nothing is lost.
                let _ = log.checkpoint();
            } else if pages >= full {
                // It is told already, or has ended.
                let _ = telling.try_send(Told::Full);
            }
            Ok(())
        }));
        drop(connection);
        heeded.map_err(io::Error::other)?;
        let writer = Arc::clone(writer);
        let thread = thread::Builder::new()
            .name("log".into())
            .spawn(move || copy(&heard, &writer, &own))?;
        Ok(Copier {
            told,
            thread: Some(thread),
        })
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        let _ = self.told.send(Told::Ended);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn copy(heard: &Receiver<Told>, writer: &Mutex<Connection>, own: &Connection) {
    while let Ok(Told::Full) = heard.recv() {
        let _ = own.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::PASSIVE);
        let waiting = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = own.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::PASSIVE);
        drop(waiting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path, time::Duration};

    const PAGE: u64 = 4_096;

    /// Without the copying that SQLite does by itself, so that it is the copier's or nobody's.
    fn opened(path: &Path) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "pragma journal_mode = wal; pragma synchronous = off; pragma wal_autocheckpoint = 0; \
                 create table if not exists t (b blob)",
            )
            .unwrap();
        connection
    }

    fn pages(path: &Path) -> u64 {
        fs::metadata(path).map_or(0, |it| it.len() / PAGE)
    }

    fn written(writer: &Mutex<Connection>, times: u32) {
        for _ in 0..times {
            let connection = writer.lock().unwrap();
            connection
                .execute("insert into t values (zeroblob(80000))", [])
                .unwrap();
        }
    }

    /// Nobody who writes copies a log that is merely full.
    #[test]
    fn a_full_log_is_copied_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let writer = Arc::new(Mutex::new(opened(&path)));
        let copier = Copier::beside(&writer, opened(&path), 64).unwrap();
        // Three of them fill it. A copier that is quick has copied those before the fourth, with which the log begins anew.
        let copied = pages(&path) + 50;
        written(&writer, 5);
        for _ in 0..1_000 {
            if pages(&path) >= copied {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        assert!(pages(&path) >= copied);
        drop(copier);
        written(&writer, 1);
    }

    /// However busy the machine: those who write without a pause soon write over what is copied.
    #[test]
    fn the_log_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let writer = Arc::new(Mutex::new(opened(&path)));
        let _copier = Copier::beside(&writer, opened(&path), 64).unwrap();
        let log = folder.path().join("db-wal");
        let began_anew = (1..=2_000).any(|times| {
            written(&writer, 1);
            100 < times && 2 * pages(&log) < 20 * times
        });
        assert!(began_anew, "{} pages", pages(&log));
    }
}
