//! Nodes: where pods run, and what becomes of them when a node does not answer any more.

mod eviction;
pub mod kind;
mod lifecycle;
pub mod memory;
mod object;
pub mod placement;
mod pod_gc;
mod refused;
mod register;
mod requests;
pub mod toleration;

pub use eviction::evicts_at;
pub use kind::{
    Effect, NODE_CPU_MILLIS, NODE_MEMORY_BYTES, Node, OUT_OF_SERVICE, Taint, UNREACHABLE,
    UNSCHEDULABLE, ZONE, name_of,
};
pub use lifecycle::{defer, handle, observe};
pub use memory::{Machines, NodeWork, Refusal};
pub use placement::{NodeRule, Placement};
pub use refused::{let_go, note_refusal, refusals};
pub use register::create_nodes;
pub use requests::act_on_machine;
pub use toleration::{Toleration, tolerates_all};

use super::state::{Acts, Cluster};
use crate::api::{ApiObject, Status, Tree};
use serde_json::json;

impl Acts for Node {
    fn admit(
        _cluster: &mut Cluster,
        object: &mut ApiObject,
        old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        let was_off = old.is_some_and(|old| old.spec().flag("unschedulable"));
        let spec = object.spec_mut();
        let mut taints = spec.items("taints").to_vec();
        let is_off = spec.flag("unschedulable");
        if was_off != is_off {
            taints.retain(|taint| taint.text("key") != UNSCHEDULABLE);
            if is_off {
                taints.push(json!({"key": UNSCHEDULABLE, "effect": "NoSchedule"}));
            }
        }
        if taints.is_empty() {
            spec.drop_field("taints");
        } else {
            spec.put("taints", taints);
        }
        Ok(())
    }
}
