//! What pods on a node ask of it.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeNodeResource;
//! `staging/src/k8s.io/kubectl/pkg/util/resource/resource.go`, PodRequestsAndLimits.

use super::pods::age;
use super::text::Text;
use super::view::View;
use crate::api::Tree;
use crate::api::quantity::Quantity;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Amounts by the name of the resource.
type Amounts = BTreeMap<String, Quantity>;

/// Resources that have lines of their own, or none.
const STANDARD: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "pods"];

/// Writes the pods of a node, and the sums of their requests and limits.
pub fn describe(view: &View, node: &Value, text: &mut Text) {
    let (name, status) = (node.at("metadata").text("name"), node.at("status"));
    let mut pods: Vec<Rc<Value>> = view.all("pods");
    pods.retain(|pod| {
        pod.at("spec").text("nodeName") == name
            && !matches!(pod.at("status").text("phase"), "Succeeded" | "Failed")
    });
    let available = match status.members("allocatable").next() {
        Some(_) => status.at("allocatable"),
        None => status.at("capacity"),
    };
    text.put(0, "Non-terminated Pods", format_args!("({} in total)", pods.len()));
    text.raw(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    text.raw(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for pod in &pods {
        let (own_requests, own_limits) = (of_pod(pod, "requests"), of_pod(pod, "limits"));
        let cells: Vec<String> = ["cpu", "memory"]
            .iter()
            .flat_map(|name| [(&own_requests, name), (&own_limits, name)])
            .map(|(amounts, name)| share(amounts, available, name))
            .collect();
        let meta = pod.at("metadata");
        text.raw(
            1,
            format_args!(
                "{}\t{}\t\t{}\t{}",
                meta.text("namespace"),
                meta.text("name"),
                cells.join("\t"),
                age(pod, view.now)
            ),
        );
        add(&mut requests, &own_requests);
        add(&mut limits, &own_limits);
    }
    text.head(0, "Allocated resources");
    text.raw(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    text.raw(1, "Resource\tRequests\tLimits");
    text.raw(1, "--------\t--------\t------");
    let names = available.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let (huge, other): (Vec<&str>, Vec<&str>) = names
        .filter(|name| !STANDARD.contains(name))
        .partition(|name| name.starts_with("hugepages-"));
    for name in ["cpu", "memory", "ephemeral-storage"].into_iter().chain(huge) {
        let (asked, limit) = (share(&requests, available, name), share(&limits, available, name));
        text.raw(1, format_args!("{name}\t{asked}\t{limit}"));
    }
    for name in other {
        let (asked, limit) = (amount(&requests, name), amount(&limits, name));
        text.raw(1, format_args!("{name}\t{asked}\t{limit}"));
    }
}

fn amount(amounts: &Amounts, name: &str) -> String {
    amounts.get(name).map_or("0".into(), |amount| amount.canonical())
}

/// An amount and how much of the node it is, such as `100m (5%)`.
fn share(amounts: &Amounts, available: &Value, name: &str) -> String {
    let whole = Quantity::parse(available.text(name)).ok();
    let measured = |quantity: Quantity| match name {
        "cpu" => quantity.millis(),
        _ => quantity.value(),
    };
    let part = amounts.get(name).map_or(0, |quantity| measured(*quantity));
    let percent = whole.map_or(0, |whole| percent(part, measured(whole)));
    format!("{} ({percent}%)", amount(amounts, name))
}

/// Hundredths, rounded as a computer rounds fractions: 29 of 100 parts are 28 percent.
fn percent(part: i128, whole: i128) -> u128 {
    /// How many bits a fraction has.
    const BITS: u32 = 53;
    let (Ok(part), Ok(whole)) = (u128::try_from(part), u128::try_from(whole)) else { return 0 };
    if part == 0 || whole == 0 || part >> 63 != 0 || whole >> 63 != 0 {
        return 0;
    }
    let bits = |number: u128| u128::BITS - number.leading_zeros();
    let rounded = |number: u128, divisor: u128| {
        let (quotient, rest) = (number / divisor, number % divisor);
        let is_up = match (rest * 2).cmp(&divisor) {
            std::cmp::Ordering::Equal => quotient % 2 == 1,
            order => order.is_gt(),
        };
        quotient + u128::from(is_up)
    };
    let mut shift = (BITS + bits(whole)).saturating_sub(bits(part));
    if bits((part << shift) / whole) > BITS {
        shift = shift.saturating_sub(1);
    }
    let hundredfold = rounded(part << shift, whole) * 100;
    let excess = bits(hundredfold).saturating_sub(BITS);
    (rounded(hundredfold, 1 << excess) << excess) >> shift
}

fn add(sum: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        let total = sum.get(name).map_or(*amount, |own| own.plus(*amount));
        sum.insert(name.clone(), total);
    }
}

fn raise(most: &mut Amounts, other: &Amounts) {
    for (name, amount) in other {
        let highest = most.get(name).map_or(*amount, |own| (*own).max(*amount));
        most.insert(name.clone(), highest);
    }
}

fn amounts(list: &Value) -> Amounts {
    let members = list.as_object().into_iter().flatten();
    let parsed = members
        .filter_map(|(name, own)| Some((name.clone(), Quantity::parse(own.as_str()?).ok()?)));
    parsed.collect()
}

/// What a pod requests, or may use: its containers together, or the init container that needs most.
fn of_pod(pod: &Value, field: &str) -> Amounts {
    let spec = pod.at("spec");
    let mut sum = Amounts::new();
    for container in spec.items("containers") {
        add(&mut sum, &amounts(container.at("resources").at(field)));
    }
    let (mut sidecars, mut most) = (Amounts::new(), Amounts::new());
    for container in spec.items("initContainers") {
        let mut own = amounts(container.at("resources").at(field));
        if container.text("restartPolicy") == "Always" {
            add(&mut sum, &own);
            add(&mut sidecars, &own);
            own.clone_from(&sidecars);
        } else {
            add(&mut own, &sidecars);
        }
        raise(&mut most, &own);
    }
    raise(&mut sum, &most);
    for (name, amount) in amounts(spec.at("resources").at(field)) {
        sum.insert(name, amount);
    }
    for (name, amount) in amounts(spec.at("overhead")) {
        match sum.get(&name).copied() {
            Some(own) => {
                sum.insert(name, own.plus(amount));
            }
            None if field == "requests" => {
                sum.insert(name, amount);
            }
            None => {}
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_like_a_fraction_of_a_computer() {
        let shares = [(250, 2000, 12), (580, 2000, 28), (1, 3, 33), (2000, 2000, 100)];
        for (part, whole, hundredths) in shares {
            assert_eq!(percent(part, whole), hundredths, "{part} of {whole}");
        }
        assert_eq!((percent(5, 0), percent(0, 5), percent(3, 2)), (0, 0, 150));
    }
}
