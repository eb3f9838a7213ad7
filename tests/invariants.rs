//! What always holds, whatever a person does to a set: thousands of random sessions, each step of
//! which is looked at by observers that know nothing of the controller's code.

#[path = "invariants/observers.rs"]
mod observers;
#[path = "invariants/sessions.rs"]
mod sessions;

use observers::Observer;

const SESSIONS: u64 = 3_000;

#[test]
fn random_sessions_keep_every_invariant() {
    let mut steps = 0;
    for seed in 0..SESSIONS {
        let mut observer = Observer::new(seed);
        let (cluster, played) = sessions::play(seed, &mut observer);
        if cluster.next_at().is_none() {
            observer.at_the_end(&cluster);
        }
        steps += played;
    }
    println!("invariants: sessions {SESSIONS}, steps {steps}, broken 0");
}
