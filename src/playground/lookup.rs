//! What a name leads to, as programs see it and print it.

use crate::client::Output;
use crate::cluster::Outcome;
use crate::cluster::dns::{self, Answer, Data};
use crate::terminal::busybox::print_lookup;
use crate::terminal::container::Resolved;

/// Prints what a name leads to, as `nslookup` does.
pub(super) fn found(name: &str, outcome: &Outcome, out: &mut Output) {
    if let Outcome::Found(reply) = outcome {
        print_lookup(name, dns::SERVER, &resolved(&reply.name, &reply.answer), out);
    }
}

/// What a resolver makes of an answer about a name.
pub(super) fn resolved(full: &str, answer: &Answer) -> Resolved {
    let full = full.trim_end_matches('.').to_owned();
    match answer {
        Answer::Found(records) => {
            let addresses = records.iter().filter_map(|record| match record.data {
                Data::Address(address) => Some(address.to_string()),
                _ => None,
            });
            Resolved::Found(full, addresses.collect())
        }
        Answer::NoData(_) => Resolved::Found(full, Vec::new()),
        Answer::NoSuchName(_) => Resolved::Unknown,
    }
}
