//! Descriptions of what the recordings do not show.

use super::view::View;
use super::{describe, template};
use crate::api::Resource;
use crate::api::{Kubernetes, Status, Version};
use crate::client::Server;
use crate::terminal::kubectl::select::Found;
use crate::terminal::world::{Reply, Request, World, not_found};
use expect_test::expect;
use serde_json::{Value, json};
use std::rc::Rc;

struct Objects(Vec<Value>);

impl World for Objects {}

impl Server for Objects {
    fn now(&self) -> i64 {
        0
    }

    fn kubernetes(&self) -> Kubernetes {
        Kubernetes::default()
    }

    fn list(&self, resource: &Resource) -> Vec<Rc<Value>> {
        let own = self.0.iter().filter(|object| Resource::of(object) == Some(*resource));
        own.cloned().map(Rc::new).collect()
    }

    fn request(&mut self, request: &Request) -> Result<Reply, Status> {
        let resource = Resource::of_kind(&request.kind, &request.api_version).unwrap();
        Err(not_found(&resource, &request.name))
    }
}

fn described(objects: Vec<Value>, version: Version) -> String {
    let object = objects[0].clone();
    let world = Objects(objects);
    let resource = Resource::of(&object).unwrap();
    let view = View { world: &world, now: 0, version, with_events: true };
    describe(&Found { resource, object: Rc::new(object) }, &view)
}

/// A template with what templates seldom have.
fn rich_template() -> Value {
    json!({
        "metadata": {"labels": {"app": "a"}},
        "spec": {
            "containers": [{
                "name": "main",
                "image": "main:1",
                "ports": [
                    {"containerPort": 80, "protocol": "TCP"},
                    {"containerPort": 81, "name": "admin", "protocol": "TCP"},
                ],
                "livenessProbe": {"exec": {"command": ["cat", "/ok"]}, "periodSeconds": 5},
                "readinessProbe": {"tcpSocket": {"port": 6379}},
                "startupProbe": {"grpc": {"port": 50051}},
                "envFrom": [{"configMapRef": {"name": "cm"}, "prefix": "A_"}, {"secretRef": {"name": "s"}}],
                "env": [
                    {"name": "PLAIN", "value": "x\ny"},
                    {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                    {"name": "MEM", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}},
                ],
                "volumeMounts": [{"mountPath": "/b", "name": "v", "subPath": "in", "readOnly": true}],
                "volumeDevices": [{"devicePath": "/dev/x", "name": "d"}],
            }],
            "volumes": [
                {"name": "v", "configMap": {"name": "cm", "optional": true}},
                {"name": "d", "hostPath": {"path": "/h"}},
                {"name": "w", "csi": {"driver": "c", "volumeAttributes": {"a": "1", "b": "2"}}},
                {"name": "x", "downwardAPI": {"items": [
                    {"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}},
                ]}},
            ],
            "tolerations": [{"operator": "Exists"}],
            "topologySpreadConstraints": [{
                "topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule",
                "labelSelector": {"matchLabels": {"app": "a"}},
            }],
        },
    })
}

#[test]
fn writes_environments_probes_and_volumes_of_a_template() {
    let lines = template(&rich_template(), &Objects(Vec::new()));
    expect![[r#"
        Pod Template:
          Labels:  app=a
          Containers:
           main:
            Image:       main:1
            Ports:       80/TCP, 81/TCP (admin)
            Host Ports:  0/TCP, 0/TCP (admin)
            Liveness:    exec [cat /ok] delay=0s timeout=0s period=5s #success=0 #failure=0
            Readiness:   tcp-socket :6379 delay=0s timeout=0s period=0s #success=0 #failure=0
            Startup:     grpc <pod>:50051  delay=0s timeout=0s period=0s #success=0 #failure=0
            Environment Variables from:
              cm  ConfigMap with prefix 'A_'  Optional: false
              s   Secret                      Optional: false
            Environment:
              PLAIN:  x
                      y
              KEY:    <set to the key 'k' in secret 's'>  Optional: false
              MEM:    node allocatable (limits.memory)
            Mounts:
              /b from v (ro,path="in")
            Devices:
              /dev/x from d
          Volumes:
           v:
            Type:      ConfigMap (a volume populated by a ConfigMap)
            Name:      cm
            Optional:  true
           d:
            Type:          HostPath (bare host directory volume)
            Path:          /h
            HostPathType:  <none>
           w:
            Type:              CSI (a Container Storage Interface (CSI) volume source)
            Driver:            c
            FSType:            
            ReadOnly:          false
            VolumeAttributes:      a=1
                                   b=2
           x:
            Type:  DownwardAPI (a volume populated by information about the pod)
            Items:
              metadata.labels -> l
          Topology Spread Constraints:  zone:DoNotSchedule when max skew 1 is exceeded for selector app=a
          Node-Selectors:               <none>
          Tolerations:                  op=Exists
    "#]].assert_eq(&crate::print::table::elastic(&lines));
}

#[test]
fn says_more_of_a_set_from_1_37_on() {
    let set = json!({
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {
            "serviceName": "nginx",
            "podManagementPolicy": "OrderedReady",
            "replicas": 3,
            "selector": {"matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["b", "a"]},
                {"key": "app", "operator": "Exists"},
            ]},
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"partition": 0, "maxUnavailable": 1},
            },
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Delete"},
            "template": {"spec": {"containers": [{"name": "a", "image": "a"}]}},
        },
    });
    expect![[r#"
        Name:                   web
        Namespace:              default
        CreationTimestamp:      Mon, 01 Jan 0001 00:00:00 +0000
        Selector:               app,tier in (a,b)
        Labels:                 <none>
        Annotations:            <none>
        Service Name:           nginx
        Pod Management Policy:  OrderedReady
        Replicas:               3 desired | 0 total
        Update Strategy:        RollingUpdate
          Partition:            0
          MaxUnavailable:       1
        Persistent Volume Claim Retention Policy:
          WhenDeleted:  Retain
          WhenScaled:   Delete
        Pods Status:    0 Running / 0 Waiting / 0 Succeeded / 0 Failed
        Pod Template:
          Labels:  <none>
          Containers:
           a:
            Image:         a
            Port:          <none>
            Host Port:     <none>
            Environment:   <none>
            Mounts:        <none>
          Volumes:         <none>
          Node-Selectors:  <none>
          Tolerations:     <none>
        Volume Claims:     <none>
        Events:            <none>
    "#]]
    .assert_eq(&described(vec![set], Version::V1_37));
}

#[test]
fn describes_what_a_namespace_holds() {
    let namespace = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "default", "labels": {"kubernetes.io/metadata.name": "default"}},
        "status": {"phase": "Active"},
    });
    let quota = json!({
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "few", "namespace": "default"},
        "status": {"hard": {"pods": "2"}, "used": {"pods": "1"}},
    });
    expect![[r#"
        Name:         default
        Labels:       kubernetes.io/metadata.name=default
        Annotations:  <none>
        Status:       Active

        Resource Quotas
          Name:     few
          Resource  Used  Hard
          --------  ---   ---
          pods      1     2

        No LimitRange resource.
    "#]]
    .assert_eq(&described(vec![namespace, quota], Version::V1_36));
    let secret = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "default"},
        "type": "Opaque",
        "data": {"password": "MTIzNA=="},
    });
    expect![[r#"
        Name:         s
        Namespace:    default
        Labels:       <none>
        Annotations:  <none>

        Type:  Opaque

        Data
        ====
        password:  4 bytes
    "#]]
    .assert_eq(&described(vec![secret], Version::V1_36));
}

#[test]
fn counts_what_pods_ask_of_a_node() {
    let node = json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "n", "creationTimestamp": "1970-01-01T00:00:00Z"},
        "spec": {"taints": [{"key": "k", "value": "v", "effect": "NoSchedule"}]},
        "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "110"}},
    });
    let pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "default", "creationTimestamp": "1970-01-01T00:00:00Z"},
        "spec": {
            "nodeName": "n",
            "containers": [
                {"name": "a", "resources": {"requests": {"cpu": "250m", "memory": "64Mi"}}},
                {"name": "b", "resources": {"requests": {"cpu": "330m"}, "limits": {"memory": "1Gi"}}},
            ],
            "initContainers": [{"name": "i", "resources": {"requests": {"memory": "1000Mi"}}}],
        },
    });
    let text = described(vec![node, pod], Version::V1_35);
    let from = text.find("Kube-Proxy").unwrap_or_default();
    expect![[r#"
        Kube-Proxy Version:         
        Non-terminated Pods:          (1 in total)
          Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
          ---------                   ----    ------------  ----------  ---------------  -------------  ---
          default                     p       580m (28%)    0 (0%)      1000Mi (24%)     1Gi (25%)      0s
        Allocated resources:
          (Total limits may be over 100 percent, i.e., overcommitted.)
          Resource           Requests      Limits
          --------           --------      ------
          cpu                580m (28%)    0 (0%)
          memory             1000Mi (24%)  1Gi (25%)
          ephemeral-storage  0 (0%)        0 (0%)
        Events:              <none>
    "#]].assert_eq(&text[from..]);
}
