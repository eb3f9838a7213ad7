//! Programs in a container and what they print.

use super::interactive::Shell;
use super::start;
use crate::shell::host::{MISSING, Trouble};
use crate::terminal::container::{Container, Mount, Reply, Resolved, Running};
use crate::terminal::output::Output;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A container with one volume.
struct Small {
    now: i64,
    files: BTreeMap<String, String>,
    killed: Vec<(u32, u8)>,
    is_old: bool,
}

impl Small {
    fn new() -> Self {
        let files = [
            ("/etc/hosts", "10.244.1.5\tweb-0.nginx.default.svc.cluster.local\tweb-0\n"),
            ("/data/a", "one\ntwo\n"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        Self { now: 1_795_000_000_000, files: files.into(), killed: Vec::new(), is_old: false }
    }
}

impl Container for Small {
    fn now(&self) -> i64 {
        self.now
    }

    fn hostname(&self) -> String {
        "web-0".into()
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![
            ("HOSTNAME".into(), "web-0".into()),
            ("KUBERNETES_PORT".into(), "tcp://10.96.0.1:443".into()),
        ]
    }

    fn read(&self, path: &str) -> Result<String, Trouble> {
        match self.files.get(path) {
            Some(text) => Ok(text.clone()),
            None if self.list(path).is_some() => Err("Is a directory".into()),
            None => Err(MISSING.into()),
        }
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        if !path.starts_with("/data/") {
            return Err("Read-only file system".into());
        }
        if text.len() > 100_000 {
            return Err("No space left on device".into());
        }
        self.files.insert(path.into(), text.into());
        Ok(())
    }

    fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        self.files.remove(path).map(drop).ok_or_else(|| MISSING.into())
    }

    fn make_folder(&mut self, path: &str) -> Result<(), Trouble> {
        Err(if self.list(path).is_some() { "File exists" } else { "Read-only file system" }.into())
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let prefix = if path == "/" { path.to_owned() } else { format!("{path}/") };
        let inside = self.files.keys().filter_map(|name| name.strip_prefix(&prefix));
        let mut names: Vec<String> =
            inside.filter_map(|name| name.split('/').next()).map(str::to_owned).collect();
        names.dedup();
        (!names.is_empty()).then_some(names)
    }

    fn mounts(&self) -> Vec<Mount> {
        let mount = |device: &str, path: &str, size, used| Mount {
            device: device.into(),
            path: path.into(),
            kind: "ext4".into(),
            is_read_only: false,
            size,
            used,
        };
        vec![mount("overlay", "/", 10_218_772, 4_087_508), mount("/dev/sdb", "/data", 996_780, 24)]
    }

    fn processes(&self) -> Vec<Running> {
        vec![Running {
            pid: 1,
            user: "root".into(),
            time: 0,
            command: "nginx: master process".into(),
        }]
    }

    fn kill(&mut self, pid: u32, signal: u8) -> bool {
        self.killed.push((pid, signal));
        pid == 1
    }

    fn name_server(&self) -> String {
        "10.96.0.10".into()
    }

    fn resolve(&self, name: &str) -> Resolved {
        match name {
            "web-0.nginx" => Resolved::Found(
                "web-0.nginx.default.svc.cluster.local".into(),
                vec!["10.244.1.5".into()],
            ),
            "silent" => Resolved::Silent,
            _ => Resolved::Unknown,
        }
    }

    fn http(&self, url: &str) -> Reply {
        match url {
            "http://web-0.nginx" => {
                Reply::Answer(200, vec![("Server".into(), "nginx".into())], "<h1>\n".into())
            }
            "http://web-0.nginx/nope" => Reply::Answer(404, Vec::new(), "no\n".into()),
            "http://web-0.nginx:81" => Reply::Refused("10.244.1.5:81".into()),
            "http://silent" => Reply::Silent("10.244.1.9:80".into()),
            _ => Reply::Unknown,
        }
    }

    fn has_old_nslookup(&self) -> bool {
        self.is_old
    }
}

fn run_in(container: &mut Small, line: &str) -> (String, Option<i32>) {
    let words = ["sh", "-c", line].map(str::to_owned);
    let mut out = Output::default();
    let status = start(&words, None, container).poll(container, &mut out);
    (out.text(), status)
}

#[test]
fn prints_what_busybox_prints() {
    for (line, wanted) in [
        ("cat /data/a", "one\ntwo\n"),
        ("cat x", "cat: can't open 'x': No such file or directory\n"),
        ("ls", "data\netc\n"),
        ("ls /nope", "ls: /nope: No such file or directory\n"),
        ("ls -l /data", "total 4\n-rw-r--r--    1 root     root             8 Nov 18 11:06 a\n"),
        ("echo x > /data/b; cat /data/b; echo y >> /data/b; wc -l /data/b", "x\n2 /data/b\n"),
        ("echo x > /b", "sh: can't create /b: Read-only file system\n"),
        ("rm /data/a; ls /data", "ls: /data: No such file or directory\n"),
        ("rm nope", "rm: can't remove 'nope': No such file or directory\n"),
        ("rm /data", "rm: '/data' is a directory\n"),
        ("mkdir /data", "mkdir: can't create directory '/data': File exists\n"),
        ("touch /x", "touch: /x: Read-only file system\n"),
        ("hostname; hostname -f", "web-0\nweb-0.nginx.default.svc.cluster.local\n"),
        ("printenv HOSTNAME; env | grep KUBE", "web-0\nKUBERNETES_PORT=tcp://10.96.0.1:443\n"),
        ("echo $HOSTNAME $(cat /data/a)", "web-0 one two\n"),
        ("ps", "PID   USER     TIME  COMMAND\n    1 root      0:00 nginx: master process\n"),
        ("id; whoami; uname", "uid=0(root) gid=0(root) groups=0(root),10(wheel)\nroot\nLinux\n"),
        ("mount | head -n 1", "overlay on / type ext4 (rw,relatime)\n"),
        (
            "df /data",
            "Filesystem           1K-blocks      Used Available Use% Mounted on\n/dev/sdb                996780        24    996756   1% /data\n",
        ),
        ("df -h | tail -n 1", "/dev/sdb                973.4M     24.0K    973.4M   1% /data\n"),
        ("nope", "sh: nope: not found\n"),
        ("kubectl", "sh: kubectl: not found\n"),
        (
            "nslookup web-0.nginx",
            "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n\nName:\tweb-0.nginx.default.svc.cluster.local\nAddress: 10.244.1.5\n\n",
        ),
        ("nslookup silent", ";; connection timed out; no servers could be reached\n\n"),
        ("wget -qO- web-0.nginx", "<h1>\n"),
        ("wget -O - web-0.nginx/nope", "wget: server returned error: HTTP/1.1 404 Not Found\n"),
        ("wget -qO- nope", "wget: bad address 'nope'\n"),
        (
            "wget -q -O- web-0.nginx:81",
            "wget: can't connect to remote host (10.244.1.5): Connection refused\n",
        ),
        ("wget -qT 2 -O- silent", "wget: download timed out\n"),
        ("curl -s web-0.nginx", "<h1>\n"),
        ("curl -sI web-0.nginx", "HTTP/1.1 200 OK\nServer: nginx\n\n"),
        ("curl -s -o /dev/null -w '%{http_code}\\n' http://web-0.nginx/nope", "404\n"),
        ("curl nope", "curl: (6) Could not resolve host: nope\n"),
        ("curl -f web-0.nginx/nope", "curl: (22) The requested URL returned error: 404\n"),
        ("ping -c 1 nope", "ping: bad address 'nope'\n"),
        ("cd /data && pwd && cat a | head -n1", "/data\none\n"),
        ("cd /nope", "sh: cd: can't cd to /nope: No such file or directory\n"),
        ("kill 7", "sh: can't kill pid 7: No such process\n"),
        ("for i in 1 2; do echo $i; done | wc -l", "2\n"),
    ] {
        assert_eq!(run_in(&mut Small::new(), line).0, wanted, "{line}");
    }
}

#[test]
fn has_effects_and_waits() {
    let mut container = Small::new();
    assert_eq!(run_in(&mut container, "kill -9 1; kill -s TERM 1; kill 1").1, Some(0));
    assert_eq!(container.killed, [(1, 9), (1, 15), (1, 15)]);
    assert_eq!(run_in(&mut container, "exit 3").1, Some(3));
    container.is_old = true;
    assert_eq!(
        run_in(&mut container, "nslookup web-0.nginx").0,
        "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n\
         Name:      web-0.nginx\nAddress 1: 10.244.1.5 web-0.nginx.default.svc.cluster.local\n"
    );
    let words = ["sh", "-c", "while true; do date; sleep 1; done"].map(str::to_owned);
    let (mut out, mut run) = (Output::default(), start(&words, None, &container));
    for _ in 0..3 {
        assert_eq!(run.poll(&mut container, &mut out), None);
        container.now += 1_000;
    }
    assert_eq!(out.text().lines().count(), 3);
    let words = ["cat".to_owned()];
    let mut out = Output::default();
    let mut run = start(&words, Some("in\n".into()), &container);
    assert_eq!((run.poll(&mut container, &mut out), out.text().as_str()), (Some(0), "in\n"));
    assert!(super::is_known("/bin/sh") && super::is_known("cat") && !super::is_known("bash"));
}

#[test]
fn a_shell_takes_one_line_after_the_other() {
    let (mut container, mut out) = (Small::new(), Output::default());
    let mut shell = Shell::new(&container);
    assert_eq!(shell.prompt(), "/ # ");
    for line in ["cd /data", "X=1", "echo 'a", "b' $X", "sleep 1"] {
        shell.submit(line, &mut container, &mut out);
    }
    assert_eq!((shell.prompt().as_str(), shell.is_busy()), ("/data # ", true));
    shell.interrupt(&mut out);
    for line in ["echo $?", "nope", "exit 3"] {
        shell.submit(line, &mut container, &mut out);
    }
    assert_eq!(out.text(), "a\nb 1\n^C\n130\nsh: nope: not found\n");
    assert_eq!(shell.ended(), Some(3));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn survives_random_lines(
        words in prop::collection::vec("(cat|ls|wget|curl|nslookup|ping|kill|df|rm|mkdir|cp|mv|-[a-zO]{1,3}|/data/a|[ -~\u{e9}]{0,8})", 0..8),
    ) {
        run_in(&mut Small::new(), &words.join(" "));
    }
}
