//! Work on many threads whose results come back in the order of the tasks.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread::Scope,
};

/// The results, in order. Dropping it ends the work; a worker that panics makes the next call panic too.
pub(crate) struct Ordered<R> {
    done: Arc<Done<R>>,
}

struct Done<R> {
    state: Mutex<State<R>>,
    changed: Condvar,
}

struct State<R> {
    ready: BTreeMap<u64, R>,
    /// The task whose result is handed out next.
    next: u64,
    /// How many tasks there are, once that is known.
    count: Option<u64>,
    /// Nobody waits for results any more.
    closed: bool,
    panicked: bool,
}

struct Feed<I> {
    tasks: I,
    next: u64,
}

/// Starts `threads` workers, each with its own `worker()`. Tasks are taken one after the other, and never more than a
/// few ahead of the results taken: memory is bounded whatever the number of tasks.
pub(crate) fn ordered<'scope, I, R, M, W>(
    scope: &'scope Scope<'scope, '_>,
    threads: usize,
    tasks: I,
    worker: M,
) -> Ordered<R>
where
    I: Iterator + Send + 'scope,
    R: Send + 'scope,
    M: Fn() -> W + Send + Sync + 'scope,
    W: FnMut(I::Item) -> R,
{
    let state = State {
        ready: BTreeMap::new(),
        next: 0,
        count: None,
        closed: false,
        panicked: false,
    };
    let done = Arc::new(Done {
        state: Mutex::new(state),
        changed: Condvar::new(),
    });
    let feed = Arc::new(Mutex::new(Feed { tasks, next: 0 }));
    let worker = Arc::new(worker);
    let ahead = threads as u64 + 1;
    for _ in 0..threads {
        let (done, feed, worker) = (done.clone(), feed.clone(), worker.clone());
        scope.spawn(move || {
            let _guard = OnPanic(&*done);
            let mut work = worker();
            while let Some((number, task)) = take(&feed, &done, ahead) {
                let result = work(task);
                done.lock().ready.insert(number, result);
                done.changed.notify_all();
            }
        });
    }
    Ordered { done }
}

fn take<I: Iterator, R>(
    feed: &Mutex<Feed<I>>,
    done: &Done<R>,
    ahead: u64,
) -> Option<(u64, I::Item)> {
    let Ok(mut feed) = feed.lock() else {
        return None;
    };
    let mut state = done.lock();
    while !state.closed && state.count.is_none() && feed.next >= state.next + ahead {
        state = done.wait(state);
    }
    if state.closed || state.count.is_some() {
        return None;
    }
    drop(state);
    let task = feed.tasks.next();
    let number = feed.next;
    feed.next += 1;
    if task.is_none() {
        done.lock().count = Some(number);
        done.changed.notify_all();
    }
    Some((number, task?))
}

impl<R> Done<R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        // No code that could panic runs under this lock.
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<R>>) -> MutexGuard<'a, State<R>> {
        self.changed
            .wait(state)
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl<R> Iterator for Ordered<R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        let mut state = self.done.lock();
        loop {
            assert!(
                !state.panicked,
                "a worker panicked; its message stands above"
            );
            let number = state.next;
            if let Some(result) = state.ready.remove(&number) {
                state.next += 1;
                self.done.changed.notify_all();
                return Some(result);
            }
            if state.closed || state.count.is_some_and(|count| number >= count) {
                return None;
            }
            state = self.done.wait(state);
        }
    }
}

impl<R> Drop for Ordered<R> {
    fn drop(&mut self) {
        self.done.lock().closed = true;
        self.done.changed.notify_all();
    }
}

struct OnPanic<'a, R>(&'a Done<R>);

impl<R> Drop for OnPanic<'_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut state = self.0.lock();
            state.panicked = true;
            state.closed = true;
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        for threads in 1..=4 {
            thread::scope(|scope| {
                let doubled = ordered(scope, threads, 0..1000u64, || {
                    |n| {
                        if n % 7 == 0 {
                            thread::yield_now();
                        }
                        n * 2
                    }
                });
                let chained = ordered(scope, threads, doubled, || |n| n + 1);
                assert!(chained.eq((0..1000).map(|n| n * 2 + 1)));
            });
        }
    }

    #[test]
    fn tasks_are_not_taken_far_ahead_and_end_when_nobody_waits() {
        let taken = Mutex::new(0);
        thread::scope(|scope| {
            let tasks = std::iter::repeat_with(|| *taken.lock().unwrap() += 1);
            let mut endless = ordered(scope, 3, tasks, || |()| ());
            for _ in 0..10 {
                endless.next();
            }
        });
        assert!(*taken.lock().unwrap() <= 10 + 4);
    }

    #[test]
    #[should_panic]
    fn a_panic_of_a_worker_ends_the_run() {
        thread::scope(|scope| {
            let results = ordered(scope, 2, 0..100, || |n| assert!(n != 50));
            results.count();
        });
    }
}
