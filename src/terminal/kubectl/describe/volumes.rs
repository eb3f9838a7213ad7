//! The volumes of a pod and the sources of persistent volumes.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeVolumes, and the
//! functions print...VolumeSource.

use super::storage;
use super::text::{Text, joined, plain, plain_or, shorten};
use crate::api::Tree;
use crate::api::quantity::Quantity;
use serde_json::Value;
use std::cmp::Ordering;

/// Sources: field, words, and lines `Title=field`. A `!` before a field says that it is false where
/// it is absent, a `#` that it is 0, a `?` that it is `<none>`; a `[` and a `,` that it is a list.
const SOURCES: [&str; 19] = [
    "hostPath|HostPath (bare host directory volume)|Path=path|HostPathType=?type",
    "gcePersistentDisk|GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)|\
     PDName=pdName|FSType=fsType|Partition=#partition|ReadOnly=!readOnly",
    "awsElasticBlockStore|AWSElasticBlockStore (a Persistent Disk resource in AWS)|\
     VolumeID=volumeID|FSType=fsType|Partition=#partition|ReadOnly=!readOnly",
    "gitRepo|GitRepo (a volume that is pulled from git when the pod is created)|\
     Repository=repository|Revision=revision",
    "secret|Secret (a volume populated by a Secret)|SecretName=secretName|Optional=!optional",
    "configMap|ConfigMap (a volume populated by a ConfigMap)|Name=name|Optional=!optional",
    "nfs|NFS (an NFS mount that lasts the lifetime of a pod)|\
     Server=server|Path=path|ReadOnly=!readOnly",
    "glusterfs|Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)|\
     EndpointsName=endpoints|Path=path|ReadOnly=!readOnly",
    "persistentVolumeClaim|PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the \
     same namespace)|ClaimName=claimName|ReadOnly=!readOnly",
    "rbd|RBD (a Rados Block Device mount on the host that shares a pod's lifetime)|\
     CephMonitors=[monitors|RBDImage=image|FSType=fsType|RBDPool=pool|RadosUser=user|\
     Keyring=keyring|SecretRef=secretRef|ReadOnly=!readOnly",
    "azureDisk|AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)|\
     DiskName=diskName|DiskURI=diskURI|Kind=kind|FSType=fsType|CachingMode=cachingMode|\
     ReadOnly=!readOnly",
    "vsphereVolume|vSphereVolume (a Persistent Disk resource in vSphere)|\
     VolumePath=volumePath|FSType=fsType|StoragePolicyName=storagePolicyName",
    "cinder|Cinder (a Persistent Disk resource in OpenStack)|\
     VolumeID=volumeID|FSType=fsType|ReadOnly=!readOnly|SecretRef=secretRef",
    "portworxVolume|PortworxVolume (a Portworx Volume resource)|VolumeID=volumeID",
    "local|LocalVolume (a persistent volume backed by local storage on a node)|Path=path",
    "cephfs|CephFS (a CephFS mount on the host that shares a pod's lifetime)|\
     Monitors=[monitors|Path=path|User=user|SecretFile=secretFile|SecretRef=secretRef|\
     ReadOnly=!readOnly",
    "fc|FC (a Fibre Channel disk)|\
     TargetWWNs=,targetWWNs|LUN=?lun|FSType=fsType|ReadOnly=!readOnly",
    "azureFile|AzureFile (an Azure File Service mount on the host and bind mount to the pod)|\
     SecretName=secretName|ShareName=shareName|ReadOnly=!readOnly",
    "image|Image (a container image or OCI artifact)|Reference=reference|PullPolicy=pullPolicy",
];

/// Writes the volumes of a pod or of a template.
pub fn describe(volumes: &[Value], indent: &str, text: &mut Text) {
    if volumes.is_empty() {
        text.raw(0, format_args!("{indent}Volumes:\t<none>"));
        return;
    }
    text.raw(0, format_args!("{indent}Volumes:"));
    let name_indent = if indent.is_empty() { "" } else { " " };
    for volume in volumes {
        text.raw(1, format_args!("{name_indent}{}:", volume.text("name")));
        source(volume, text);
    }
}

/// Writes where a volume comes from.
pub fn source(volume: &Value, text: &mut Text) {
    if let Some(line) = SOURCES.iter().find(|line| {
        let field = line.split('|').next().unwrap_or_default();
        volume.set(field).is_some()
    }) {
        simple(volume, line, text);
    } else if let Some(directory) = volume.set("emptyDir") {
        empty_dir(directory, text);
    } else if let Some(ephemeral) = volume.set("ephemeral") {
        kind(
            "EphemeralVolume (an inline specification for a volume that gets created and deleted \
             with the pod)",
            text,
        );
        if let Some(template) = ephemeral.set("volumeClaimTemplate") {
            storage::claim_template(template, text);
        }
    } else if let Some(downward) = volume.set("downwardAPI") {
        kind("DownwardAPI (a volume populated by information about the pod)", text);
        text.head(2, "Items");
        for item in downward.items("items") {
            let field = item.at("fieldRef").opt_text("fieldPath");
            let resource = item.at("resourceFieldRef").opt_text("resource");
            for from in field.into_iter().chain(resource) {
                text.raw(3, format_args!("{from} -> {}", item.text("path")));
            }
        }
    } else if let Some(projected) = volume.set("projected") {
        self::projected(projected, text);
    } else if let Some(csi) = volume.set("csi") {
        self::csi(csi, text);
    } else if let Some(iscsi) = volume.set("iscsi") {
        self::iscsi(iscsi, text);
    } else if let Some(flex) = volume.set("flexVolume") {
        self::flex(flex, text);
    } else {
        text.raw(1, "<unknown>");
    }
}

fn kind(words: &str, text: &mut Text) {
    text.put(2, "Type", words);
}

/// A reference as Go prints a pointer to one; kubectl prints `nil` in words.
fn reference(value: &Value) -> String {
    match value.set("name") {
        Some(_) => format!("&LocalObjectReference{{Name:{},}}", value.text("name")),
        None => "nil".into(),
    }
}

fn simple(volume: &Value, line: &str, text: &mut Text) {
    let mut parts = line.split('|');
    let source = volume.at(parts.next().unwrap_or_default());
    kind(parts.next().unwrap_or_default(), text);
    for part in parts {
        let (title, field) = part.split_once('=').unwrap_or((part, ""));
        let rest = field.get(1..).unwrap_or_default();
        let value = match field.as_bytes().first() {
            _ if field == "secretRef" => reference(source.at(field)),
            Some(b'!') => plain_or(source, rest, "false"),
            Some(b'#') => plain_or(source, rest, "0"),
            Some(b'?') => plain_or(source, rest, "<none>"),
            Some(b'[') => super::text::go_list(source, rest),
            Some(b',') => joined(source, rest, ", "),
            _ => plain(source.at(field)),
        };
        text.put(2, title, value);
    }
}

fn empty_dir(directory: &Value, text: &mut Text) {
    kind("EmptyDir (a temporary directory that shares a pod's lifetime)", text);
    text.put(2, "Medium", directory.text("medium"));
    let limit = plain(directory.at("sizeLimit"));
    let is_set = Quantity::parse(&limit).is_ok_and(|it| it.sign() == Ordering::Greater);
    text.put(2, "SizeLimit", if is_set { limit.as_str() } else { "<unset>" });
}

fn projected(projected: &Value, text: &mut Text) {
    kind("Projected (a volume that contains injected data from multiple sources)", text);
    for source in projected.items("sources") {
        if let Some(secret) = source.set("secret") {
            text.put(2, "SecretName", secret.text("name"));
            text.put(2, "Optional", secret.flag("optional"));
        } else if source.set("downwardAPI").is_some() {
            text.put(2, "DownwardAPI", "true");
        } else if let Some(map) = source.set("configMap") {
            text.put(2, "ConfigMapName", map.text("name"));
            text.put(2, "Optional", map.flag("optional"));
        } else if let Some(token) = source.set("serviceAccountToken") {
            text.put(2, "TokenExpirationSeconds", token.int("expirationSeconds"));
        }
    }
}

fn csi(csi: &Value, text: &mut Text) {
    kind("CSI (a Container Storage Interface (CSI) volume source)", text);
    text.put(2, "Driver", csi.text("driver"));
    text.put(2, "FSType", csi.text("fsType"));
    if let Some(handle) = csi.opt_text("volumeHandle") {
        text.put(2, "VolumeHandle", handle);
    }
    text.put(2, "ReadOnly", csi.flag("readOnly"));
    let attributes = super::text::pairs(csi.at("volumeAttributes"));
    let attributes: Vec<String> = attributes.iter().map(|line| shorten(line, 140)).collect();
    for (at, line) in attributes.iter().enumerate() {
        let title = if at == 0 { "VolumeAttributes:" } else { "" };
        // Each piece that is written is indented.
        text.raw(2, format_args!("{title}\t    {line}"));
    }
    if attributes.is_empty() {
        text.put(2, "VolumeAttributes", "<none>");
    }
}

fn iscsi(iscsi: &Value, text: &mut Text) {
    kind(
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then \
         exposed to the pod)",
        text,
    );
    text.put(2, "TargetPortal", iscsi.text("targetPortal"));
    text.put(2, "IQN", iscsi.text("iqn"));
    text.put(2, "Lun", iscsi.int("lun"));
    text.raw(2, format_args!("ISCSIInterface\t{}", iscsi.text("iscsiInterface")));
    text.put(2, "FSType", iscsi.text("fsType"));
    text.put(2, "ReadOnly", iscsi.flag("readOnly"));
    text.put(2, "Portals", super::text::go_list(iscsi, "portals"));
    text.put(2, "DiscoveryCHAPAuth", iscsi.flag("chapAuthDiscovery"));
    text.put(2, "SessionCHAPAuth", iscsi.flag("chapAuthSession"));
    text.put(2, "SecretRef", reference(iscsi.at("secretRef")));
    text.put(2, "InitiatorName", plain_or(iscsi, "initiatorName", "<none>"));
}

fn flex(flex: &Value, text: &mut Text) {
    kind(
        "FlexVolume (a generic volume resource that is provisioned/attached using an exec based \
         plugin)",
        text,
    );
    text.put(2, "Driver", flex.text("driver"));
    text.put(2, "FSType", flex.text("fsType"));
    text.put(2, "SecretRef", reference(flex.at("secretRef")));
    text.put(2, "ReadOnly", flex.flag("readOnly"));
    let options = flex.members("options");
    let options: Vec<String> = options.map(|(key, own)| format!("{key}:{}", plain(own))).collect();
    text.put(2, "Options", format_args!("map[{}]", options.join(" ")));
}
