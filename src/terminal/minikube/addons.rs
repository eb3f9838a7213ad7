//! `minikube addons`: what minikube itself installs into its cluster.
//!
//! Upstream: `cmd/minikube/cmd/config/addons_list.go`, `pkg/minikube/assets/addons.go` (1.35.0).

use super::{Context, PROFILE, table};
use crate::terminal::job::Progress;

/// The addons by name, with their maintainers.
const ADDONS: &str = "\
ambassador=3rd party (Ambassador)
amd-gpu-device-plugin=3rd party (AMD)
auto-pause=minikube
cloud-spanner=Google
csi-hostpath-driver=Kubernetes
dashboard=Kubernetes
default-storageclass=Kubernetes
efk=3rd party (Elastic)
freshpod=Google
gcp-auth=Google
gvisor=minikube
headlamp=3rd party (kinvolk.io)
inaccel=3rd party (InAccel [info@inaccel.com])
ingress=Kubernetes
ingress-dns=minikube
inspektor-gadget=3rd party (inspektor-gadget.io)
istio=3rd party (Istio)
istio-provisioner=3rd party (Istio)
kong=3rd party (Kong HQ)
kubeflow=3rd party
kubevirt=3rd party (KubeVirt)
logviewer=3rd party (unknown)
metallb=3rd party (MetalLB)
metrics-server=Kubernetes
nvidia-device-plugin=3rd party (NVIDIA)
nvidia-driver-installer=3rd party (NVIDIA)
nvidia-gpu-device-plugin=3rd party (NVIDIA)
olm=3rd party (Operator Framework)
pod-security-policy=3rd party (unknown)
portainer=3rd party (Portainer.io)
registry=minikube
registry-aliases=3rd party (unknown)
registry-creds=3rd party (UPMC Enterprises)
storage-provisioner=minikube
storage-provisioner-gluster=3rd party (Gluster)
storage-provisioner-rancher=3rd party (Rancher)
volcano=third-party (volcano)
volumesnapshots=Kubernetes
yakd=3rd party (marcnuri.com)";

/// Those that a new cluster has.
const ENABLED: [&str; 2] = ["default-storageclass", "storage-provisioner"];

fn addons() -> impl Iterator<Item = (&'static str, &'static str)> {
    ADDONS.lines().filter_map(|line| line.split_once('='))
}

/// Runs the command.
pub fn run(words: &[String], context: &mut Context) -> Progress {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    match (word(0), word(1)) {
        ("list", _) => {
            let rows: Vec<Vec<String>> = addons()
                .map(|(name, maintainer)| {
                    let status = if ENABLED.contains(&name) { "enabled ✅" } else { "disabled" };
                    [name, PROFILE, status, maintainer].map(str::to_owned).to_vec()
                })
                .collect();
            table::print(
                &["ADDON NAME", "PROFILE", "STATUS", "MAINTAINER"],
                &rows,
                &[],
                context.out,
            );
            Progress::Done(0)
        }
        ("enable" | "disable", name) if addons().all(|(own, _)| own != name) => {
            context.out.error(&format!(
                "\n❌  Exiting due to MK_ADDON_{}: run callbacks: running callbacks: [{name} is not \
                 a valid addon]\n",
                words[0].to_uppercase()
            ));
            Progress::Done(11)
        }
        ("enable", name) if ENABLED.contains(&name) => {
            context.out.line(&format!("🌟  The '{name}' addon is enabled"));
            Progress::Done(0)
        }
        ("enable" | "disable", _) => {
            context.out.error(
                "Addons are programs of their own, which do not run here: the addons stay as they are.",
            );
            Progress::Done(1)
        }
        _ => {
            context.out.line(
                "Usage:\n  minikube addons SUBCOMMAND [flags]\n\nAvailable Commands:\n  disable\n  \
                 enable\n  list",
            );
            Progress::Done(0)
        }
    }
}
