//! What a person does to the machine behind a node.

use super::lifecycle::{lose, regain};
use crate::cluster::Cluster;
use crate::cluster::input::MachineAction;

/// Something happens to the machine behind a node.
#[inline(never)]
pub fn act_on_machine(cluster: &mut Cluster, node: &str, action: MachineAction) {
    match action {
        MachineAction::Lose => lose(cluster, node),
        MachineAction::Regain => regain(cluster, node),
    }
}
