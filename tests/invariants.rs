//! What always holds, whatever a person does to a set: thousands of random sessions, each step of
//! which is looked at by observers that know nothing of the controller's code.

mod printed;
mod sessions;

use sessions::Watch;
use statefulset_playground::cluster::invariants::Observer;
use statefulset_playground::cluster::{Cluster, Input, Step};

const SESSIONS: u64 = 3_000;

#[test]
fn random_sessions_keep_every_invariant() {
    let (mut steps, mut instants, mut cells) = (0, 0, 0);
    for seed in 0..SESSIONS {
        let mut watched =
            Watched { seed, observer: Observer::default(), page: printed::Observer::new(seed) };
        let (cluster, played) = sessions::play(seed, &mut watched);
        let Watched { observer, page, .. } = watched;
        if cluster.next_at().is_none() {
            observer.at_the_end(&cluster);
        }
        (steps, instants, cells) = (steps + played, instants + page.instants, cells + page.cells);
    }
    println!("invariants: sessions {SESSIONS}, steps {steps}, broken 0");
    println!("page and kubectl: instants {instants}, cells {cells}, differences 0");
}

/// Says which session it is if something is broken.
struct Watched {
    seed: u64,
    observer: Observer,
    page: printed::Observer,
}

impl Watch for Watched {
    fn input(&mut self, input: &Input) {
        self.observer.input(input);
    }

    fn step(&mut self, cluster: &Cluster, step: &Step) {
        let seed = self.seed;
        let broken = std::panic::AssertUnwindSafe(|| {
            self.observer.step(cluster, step);
            self.page.step(cluster);
        });
        if let Err(panic) = std::panic::catch_unwind(broken) {
            println!("invariants: session {seed} is broken");
            std::panic::resume_unwind(panic);
        }
    }
}
