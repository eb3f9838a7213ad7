//! Texts in every style in which people write manifests.

use statefulset_playground::manifest::examples::EXAMPLES;

/// The examples and some nasty layouts.
pub fn layouts() -> Vec<String> {
    let mut all: Vec<String> = EXAMPLES.iter().map(|example| example.text().to_owned()).collect();
    let web = EXAMPLES[0].text();
    all.push(web.replace('\n', "\r\n"));
    all.push(web.trim_end().to_owned());
    all.push(web.replace('\n', "\r\n").trim_end().to_owned());
    all.push(format!("\u{feff}{web}"));
    all.push(format!("{web}# the end\n\n\n"));
    all.push(UNINDENTED.to_owned());
    all.push(QUOTED.to_owned());
    all.push(FLOW.to_owned());
    all.push(JSON.to_owned());
    all.push(WIDE.to_owned());
    all
}

const UNINDENTED: &str = "\
apiVersion: apps/v1
kind: StatefulSet
metadata: # what it is
  name: web   # its name

  labels: {app: web}
spec:
  # how many
  replicas:   3   # three

  selector:
    matchLabels:
      app: web
  serviceName: 'web'
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      # the first
      - name: web
        image: \"nginx:1.29\" # quoted
        ports:
        - containerPort: 80

          name: web
        # probed
        readinessProbe:
          # often
          periodSeconds: 2
          httpGet: {path: /, port: 80}
        volumeMounts:
        - name: data
          mountPath: /data
      - name: side
        image: side:1
        volumeMounts:
        -   mountPath: /side
            name: data
      # after the containers
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes:
      - ReadWriteOnce
      resources:
        requests:
          storage: 1Gi # small
# after everything
";

const QUOTED: &str = "\
---
\"apiVersion\": \"apps/v1\"
\"kind\": \"StatefulSet\"
'metadata':
    'name': 'web'
    'namespace': default
\"spec\":
    \"replicas\": 3
    \"serviceName\": \"\"
    \"updateStrategy\":
        \"rollingUpdate\": {\"partition\": 1}
    \"selector\":
        \"matchLabels\": {\"app\": \"web\"}
    \"template\":
        \"metadata\":
            \"labels\": {\"app\": \"web\"}
        \"spec\":
            \"containers\":
                -   \"name\": \"web\"
                    \"image\": \"nginx\"
                    \"command\":
                        - sh
                        - -c
                        - |
                          echo hi

                          sleep 1
";

const FLOW: &str = "\
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {replicas: 3, selector: {
  matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [
    {name: web, image: nginx, ports: [{containerPort: 80}]}]}}}}
";

const JSON: &str = r#"{
  "apiVersion": "apps/v1",
  "kind": "StatefulSet",
  "metadata": {
    "name": "web"
  },
  "spec": {
    "replicas": 3,
    "serviceName": "web",
    "selector": {"matchLabels": {"app": "web"}},
    "template": {
      "metadata": {"labels": {"app": "web"}},
      "spec": {
        "containers": [
          {
            "name": "web",
            "image": "nginx"
          }
        ]
      }
    }
  }
}
"#;

const WIDE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 80}]}
---
# é, ü and 漢字 before everything
apiVersion: apps/v1
kind: StatefulSet
metadata:
      name: web
      annotations:
            note: \"é ü 漢字\"   # 漢字
spec:
      replicas:
      serviceName: web
      selector:
            matchLabels:
                  app: web
      template:
            metadata:
                  labels:
                        app: web
            spec:
                  containers:
                        - image: nginx
                          name: web
                          ports:
                                - name: web
                                  containerPort: 80
";
