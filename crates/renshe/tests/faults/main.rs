//! What is kept when something breaks: the program killed, the server killed, connections cut, the disk full, the power cut,
//! a crowd at the counter.
//!
//! Each fault strikes at a moment of chance, ten times here and as often as asked in `cargo xtask soak month`. Afterwards the
//! step is done again, and then the database must hold what one holds in which nothing broke, and `verify` must find nothing.
//! The seed is printed; with the same seed the same moments are drawn, though a scheduler may stretch them.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(
    clippy::disallowed_methods,
    reason = "the program under test takes the time from the clock, and so must whoever works beside it"
)]

#[path = "../shared/law.rs"]
mod law;
mod chance;
mod city;
mod place;
mod steps;

mod crowd;
mod disk;
mod lines;
mod power;
mod program;
mod server;

/// How often a fault strikes, and from which seed its moments are drawn.
#[derive(Clone, Copy)]
pub(crate) struct Soak {
    pub(crate) times: u64,
    pub(crate) seed: u64,
}

impl Soak {
    /// As `cargo xtask soak month` says; else ten times.
    pub(crate) fn asked() -> Soak {
        let number = |name| std::env::var(name).ok()?.parse().ok();
        Soak {
            times: number("RENSHE_SOAK_TIMES").unwrap_or(10),
            seed: number("RENSHE_SOAK_SEED").unwrap_or(20_250_630),
        }
    }

    /// Says what was found, in a line that the soak gathers.
    pub(crate) fn tell(self, fault: &str, found: &str) {
        println!(
            "soak | {fault} | {} | {} | {found} |",
            self.times, self.seed
        );
    }
}
