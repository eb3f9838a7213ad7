//! Command lines: written ones, drawn ones, and damaged ones of both.

use crate::draws::Draws;
use statefulset_playground::terminal::helm::flags as helm;
use statefulset_playground::terminal::kubectl::flags::{Takes, Verb};

/// What a cluster is given before anything is entered.
pub const BEGINNING: [&str; 6] = [
    "kubectl apply -f web.yaml",
    "kubectl apply -f app.yaml",
    "kubectl run box --image=busybox -- sleep 3600",
    "kubectl create configmap settings --from-literal=a=b",
    "helm create chart",
    "helm install first chart",
];

/// Lines that mutations begin with.
const WRITTEN: &str = include_str!("lines.txt");

/// What means something in a command line.
const PIECES: [&str; 64] = [
    " ",
    " ",
    "'",
    "\"",
    "\\",
    "`",
    "$(",
    ")",
    "$((",
    "))",
    "${",
    "}",
    "$x",
    "$?",
    "$@",
    "${x:-y}",
    "${#x}",
    "${x%%*}",
    "|",
    "||",
    "&&",
    "&",
    ";",
    ";;",
    "(",
    "{ ",
    "; }",
    "<<EOF\n",
    "\nEOF\n",
    "<<<",
    "<",
    ">",
    ">>",
    "2>&1",
    ">/dev/null",
    "for i in $(seq 3); do ",
    "; done",
    "while true; do ",
    "if ",
    "; then ",
    "; fi",
    "case $x in *) ",
    " esac",
    "! ",
    "[[ ",
    " ]]",
    "#",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "~",
    "\n",
    "\t",
    "\u{0}",
    "\u{1b}[2J",
    "é",
    "漢",
    "--",
    "-",
    "=",
    "99999999999999999999",
    "-9223372036854775808",
    "{{",
];

/// Names of objects, kinds and files, and what else stands for something.
const WORDS: [&str; 48] = [
    "web",
    "sts/web",
    "pod/web-0",
    "web-0",
    "web-9",
    "box",
    "po",
    "pods",
    "sts",
    "svc",
    "pvc",
    "pv",
    "no",
    "nodes",
    "ev",
    "all",
    "deploy",
    "cm/settings",
    "secret",
    "pdb",
    "ns",
    "minikube",
    "node-1",
    "www-web-0",
    "nginx",
    "svc/nginx",
    "po,sts,svc",
    "app=nginx",
    "app-",
    "a=b",
    "nginx=nginx:2",
    "first",
    "chart",
    "./chart",
    "second",
    "1",
    "0",
    "-1",
    "web.yaml",
    "-",
    "web-0:/etc/hostname",
    "copy",
    "sts.spec.template",
    "default",
    "key=v:NoSchedule",
    "*=x:2",
    "list",
    "80:80",
];

/// What flags are given, whether it fits or not.
const VALUES: [&str; 56] = [
    "wide",
    "yaml",
    "json",
    "name",
    "table",
    "3",
    "0",
    "-1",
    "99999999999999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "1s",
    "0s",
    "-5s",
    "999999h",
    "1e9s",
    "x",
    "",
    "default",
    "kube-system",
    "app=nginx",
    "app in (nginx,b),!c",
    "status.phase!=Running",
    ".metadata.name",
    "{.items[*].metadata.name}",
    "'jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}'",
    "'jsonpath={.items[?(@.spec.x==1)]..a}'",
    "'jsonpath={.items[-1:].spec[\"a\"]}'",
    "'jsonpath-as-json={..*}'",
    "'go-template={{range .items}}{{.metadata.name}}{{\"\\n\"}}{{end}}'",
    "'go-template={{printf \"%*d\" 9 .}}'",
    "custom-columns=N:.metadata.name,I:.spec.containers[0].image",
    "custom-columns=:",
    "client",
    "server",
    "merge",
    "strategic",
    "'{\"spec\":{\"replicas\":2}}'",
    "'[{\"op\":\"remove\",\"path\":\"/spec/replicas\"}]'",
    "'[{\"op\":\"test\",\"path\":\"/metadata/labels/a~1b\",\"value\":{}},{\"op\":\"move\",\"from\":\"/\",\"path\":\"/-\"}]'",
    "'{\"metadata\":{\"labels\":{\"$patch\":\"delete\"}}}'",
    "web.yaml",
    "-",
    "web",
    "nginx:2",
    "50%",
    "a=b",
    "a=b,c=d",
    "a.b[2].c=x",
    "a[999999999]=1",
    "a={1,2,{3}}",
    "image.tag=null",
    "'{\"a\":[1,2]}'",
    "delete",
    "condition=Ready",
    "jsonpath={.status.phase}=Running",
];

/// Lines of a container's shell, and of ours.
const SCRIPTS: [&str; 22] = [
    "echo $HOSTNAME > /tmp/x; cat /tmp/x; ls -l / | head -3; df -h; mount | tail -2",
    "ps; id; whoami; uname -a; free -m; hostname -i; which ls; pwd; cd /tmp && pwd",
    "nslookup web-0.nginx; wget -qO- http://nginx; wget -S -T 1 http://web-1.nginx:81/x",
    "curl -sv http://web-0.nginx/ -o /tmp/y -H 'a: b' -w '%{http_code}\\n'; ping -c 2 -W 1 web-0.nginx",
    "mkdir -p /a/b/c; touch /a/b/c/d; cp -r /a /e; mv /e /f; rm -rf /a /f; ls -la /",
    "kill -9 1; kill -TERM 1; kill 99; kill -l",
    "for i in $(seq 5); do echo $i; [ $i -gt 3 ] && break; done; while read l; do echo \"<$l>\"; done < /etc/hosts",
    "x=$((3*(4+5)%7)); y=${x:-z}; echo \"${#x} ${y#a} ${y%%b*} ${z:=w} $x$y\"; test -n \"$x\" -a 1 -lt 2",
    "cat <<EOF | sort -rn -k2 -t: | uniq -c | awk '{s+=$1; print NR\": \"$0} END {print s/NR}'\na:1\nb:2\na:1\nEOF",
    "seq 1 3 50 | sed -n '2,5p;$!d' | tr 0-9 a-j | cut -c1-3 | rev | tee /tmp/t | wc -lwc",
    "printf '%5s|%-8d|%x|%q|%b|%%\\n' a 1 255 'b c' '\\t' x; printf '%*d' 5 3; date +%s; date -d @0 +%F",
    "echo a.b.c | awk -F. '{for (i = 1; i <= NF; i++) printf \"%s-\", $i; print length($0), substr($0, 2, 3)}'",
    "echo 'x=1 y=2' | sed -E 's/([a-z])=([0-9])/\\2\\1/g; s/x/&&/; y/12/34/; /a/,/b/d'",
    "kubectl get po -o json | jq -r '.items[] | select(.status.phase==\"Running\") | .metadata.name' | xargs -n1 echo",
    "alias k=kubectl; k get po; alias; unalias k; type k; export A=1 B; env | grep -E '^[AB]='; unset A; set -e",
    "if kubectl get po web-0 >/dev/null 2>&1; then echo yes; elif false; then :; else echo no; fi",
    "case $(echo web-0) in web-*) echo set;; ?) echo one;; *) exit 3;; esac; echo $?",
    "f=a.txt; echo b >$f; echo c >>$f; cat <$f; grep -nvic b $f; head -c 2 $f; base64 $f | base64 -d; rm $f",
    "watch -n 1 kubectl get po; sleep 0.5; time sleep 1; yes | head -3; history | tail -2; !!",
    "echo {1..5} {a,b}{c,d}; echo ~ \\$x 'a'\"b\"$'\\n'; echo *.yaml /tmp/*; echo \"$(echo \"$(echo deep)\")\"",
    "sh -c 'sh -c \"sh -c ls\"'; eval 'echo $((1/0))'; bash -c 'exit 7' || echo $?; . ./none; source web.yaml",
    "echo 'echo hi $1 $#' > s.sh; sh s.sh a b; sh s.sh | sh; ./s.sh",
];

/// Scripts whose cost is the point.
const GREEDY: [&str; 9] = [
    "seq 100000 | tail -1; yes 1 | head -20000 | wc -l; awk 'BEGIN {while (1) i++}'; awk 'BEGIN {x = x x; print x}'",
    "while :; do :; done; for a in 1 2 3; do for b in 1 2 3; do echo $a$b; done; done | sort -u | nl",
    "x=aaaaaaaaaaaaaaaa; for i in $(seq 40); do x=$x$x; done; echo ${#x}",
    "for i in $(seq 3000); do kubectl get po -o wide; done; for i in $(seq 3000); do helm template chart; done",
    "while true; do helm upgrade first chart --set replicaCount=$RANDOM; kubectl describe all; done",
    "while true; do kubectl scale sts web --replicas=2000; kubectl rollout restart sts web; kubectl delete po --all; done",
    "while true; do cat web.yaml web.yaml >> big; cp big $i.yaml; done; kubectl apply -f .; echo *; ls",
    "x=x; while true; do x=\"$x$x\"; alias $x=$x; export $x=$x; done; f() { f; }; f; yes | sh",
    "alias a='a b'; alias b='a'; a; alias ls='ls -l '; ls; echo 'a' | grep -E '(a*)*b'; echo x | sed 's/x*/y/g'",
];

/// All lines that stand somewhere.
pub fn seeds() -> Vec<String> {
    let written = WRITTEN.lines().filter(|line| !line.starts_with('#'));
    // A text file has one line for each input, so the ends of lines within one are written as in C.
    let written = written.map(|line| line.replace("\\n", "\n"));
    written.chain(SCRIPTS.iter().map(|script| (*script).to_owned())).collect()
}

/// A line that is written or drawn, mostly with some damage.
pub fn input(draws: &mut Draws, seeds: &[String]) -> String {
    let mut text = match draws.below(10) {
        0 | 1 => seeds[draws.below(seeds.len())].clone(),
        2 => joined(draws, seeds),
        3..=5 => kubectl(draws),
        6 | 7 => helm(draws),
        8 => inside(draws),
        _ => minikube(draws),
    };
    // They take so long that a few of them do.
    if draws.once_in(400) {
        text = draws.one(&GREEDY).to_owned();
    }
    if !draws.once_in(3) {
        for _ in 0..=draws.below(5) {
            draws.damage(&mut text, &PIECES);
        }
    }
    text
}

/// Two lines, one in the other or behind it.
fn joined(draws: &mut Draws, seeds: &[String]) -> String {
    let first = &seeds[draws.below(seeds.len())];
    let second = kubectl(draws);
    match draws.below(8) {
        0 => format!("{first} | {second}"),
        1 => format!("echo \"$({second})\" && {first}"),
        2 => format!("for x in $({second}); do {first}; done"),
        3 => format!("if {second}; then {first}; fi"),
        4 => format!("alias z='{second}'; z; {first}"),
        5 => format!("{second} <<EOF\n{first}\nEOF"),
        6 => format!("{second} > file 2>&1; cat file; {first}"),
        _ => format!("while {second}; do {first}; break; done"),
    }
}

fn kubectl(draws: &mut Draws) -> String {
    let verbs: Vec<Verb> = Verb::all().collect();
    let verb = verbs[draws.below(verbs.len())];
    let mut line = format!("kubectl {}", verb.words());
    for _ in 0..draws.below(4) {
        line.push(' ');
        line.push_str(draws.one(&WORDS));
    }
    let flags: Vec<_> = verb.flags().collect();
    for _ in 0..draws.below(4) {
        // Flags of its own stand first; those of every verb are of less interest.
        let most = if draws.once_in(8) { flags.len() } else { flags.len().saturating_sub(26) };
        let Some(flag) = flags.get(draws.below(most)) else { continue };
        let value = draws.one(&VALUES);
        line.push_str(&match (flag.takes, flag.shorthand) {
            (Takes::Nothing, _) if !draws.once_in(8) => format!(" --{}", flag.name),
            (_, Some(letter)) if draws.once_in(2) => format!(" -{letter} {value}"),
            _ => format!(" --{}={value}", flag.name),
        });
    }
    if draws.once_in(6) {
        line.push_str(" -- ");
        line.push_str(draws.one(&SCRIPTS));
    }
    line
}

fn helm(draws: &mut Draws) -> String {
    let verbs: Vec<helm::Verb> = helm::verbs().collect();
    let often = ["template", "install", "upgrade", "lint", "create", "list"];
    let name = draws.one(&often);
    let verb = match draws.once_in(2) {
        true => *verbs.iter().find(|verb| verb.path == name).expect("is a command"),
        false => verbs[draws.below(verbs.len())],
    };
    let mut line = format!("helm {}", verb.title());
    let own: &[&str] = match verb.words {
        words if words.starts_with("RC") => &["first", "second", "third"],
        words if words.starts_with('R') => &["first", "second"],
        _ => &["chart", "./chart", "chart/templates"],
    };
    line.push_str(&format!(" {}", draws.one(own)));
    if verb.words.starts_with("RC") || draws.once_in(6) {
        line.push_str(" chart");
    }
    let flags: Vec<helm::Flag> = verb.flags().collect();
    for _ in 0..draws.below(4) {
        let Some(flag) = flags.get(draws.below(flags.len())) else { continue };
        let value = draws.one(&VALUES);
        line.push_str(&match (flag.takes, draws.below(3)) {
            (false, 0 | 1) => format!(" --{}", flag.name),
            (_, 0) => format!(" --{} {value}", flag.name),
            (true, 1) => format!(" --set {value} --set-json {value}"),
            _ => format!(" --{}={value}", flag.name),
        });
    }
    if draws.once_in(6) {
        line.push_str(" -f - <<EOF\nreplicaCount: 2\nservice: {type: X, port: [1]}\nEOF");
    }
    line
}

fn inside(draws: &mut Draws) -> String {
    let script = draws.one(&SCRIPTS);
    let pod = draws.one(&["web-0", "web-1", "box", "sts/web", "web-9"]);
    match draws.below(5) {
        0 => format!("kubectl exec {pod} -- sh -c '{}'", script.replace('\'', "\"")),
        1 => format!("kubectl exec -it {pod} -- sh\n{script}\nexit"),
        2 => format!("kubectl exec -i {pod} -- sh <<EOF\n{script}\nEOF"),
        3 => format!("kubectl exec {pod} -c nginx -- {script}"),
        _ => format!("kubectl run x{} --image=busybox -it --rm -- {script}", draws.below(9)),
    }
}

fn minikube(draws: &mut Draws) -> String {
    let verb = draws.one(&[
        "start",
        "status",
        "stop",
        "delete",
        "dashboard",
        "addons",
        "profile",
        "service",
        "tunnel",
        "node",
        "ssh",
        "kubectl",
        "image",
        "ip",
        "version",
        "help",
        "pause",
        "",
    ]);
    let (first, second) = (draws.one(&WORDS), draws.one(&WORDS));
    let flag = draws.one(&["--url", "-n", "--all", "--help", "--", "-p x", "--output=json", ""]);
    format!("minikube {verb} {first} {second} {flag}")
}

/// Whether a line may fail without a word: a condition that does not hold, a search that finds
/// nothing, and what sends its words elsewhere.
pub fn may_be_silent(line: &str) -> bool {
    let is_simple =
        !line.contains(['|', '&', ';', '<', '>', '(', '$', '`', '!', '{', '\\', '\u{1b}']);
    let silent = [
        "test", "[", "[[", "false", "grep", "exit", "read", "sh", "bash", "eval", "jq", "awk",
        "sed", "exec", "printenv", "xargs", "time", "watch", "source", ".", "diff", "which",
        "command", "type", "return", "sleep",
    ];
    // What does nothing leaves the status of the line before it.
    let does_nothing = line.trim().is_empty() || line.trim().starts_with('#');
    let is_word = |word: &str| silent.contains(&word.trim_matches(['\'', '"']));
    !is_simple
        || does_nothing
        || line.contains('=') && !line.contains(' ')
        || line.split_whitespace().any(is_word)
}
