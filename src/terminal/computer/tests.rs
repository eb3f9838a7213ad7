//! Lines and what they print.

use super::Terminal;
use crate::api::Resource;
use crate::api::{Kubernetes, Status};
use crate::client::Server;
use crate::terminal::output::Stream;
use crate::terminal::world::{Reply, Request, World};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::rc::Rc;

/// A small cluster whose time is set.
pub struct Small {
    now: i64,
    pods: Vec<Rc<Value>>,
}

impl Small {
    fn new() -> Self {
        let pod = |name: &str| {
            Rc::new(json!({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": name, "namespace": "default", "creationTimestamp": "2026-11-23T07:00:00Z"},
                "spec": {"containers": [{"name": "nginx"}, {"name": "agent"}]},
                "status": {"phase": "Running"},
            }))
        };
        Self { now: 1_795_000_000_000, pods: vec![pod("web-0"), pod("web-1"), pod("db-0")] }
    }
}

impl World for Small {}

impl Server for Small {
    fn now(&self) -> i64 {
        self.now
    }

    fn kubernetes(&self) -> Kubernetes {
        Kubernetes::default()
    }

    fn list(&self, resource: &Resource) -> Vec<Rc<Value>> {
        if resource.name == "pods" { self.pods.clone() } else { Vec::new() }
    }

    fn request(&mut self, _request: &Request) -> Result<Reply, Status> {
        Ok(Reply::default())
    }
}

fn text(terminal: &mut Terminal) -> String {
    terminal.take_output().into_iter().map(|(_, text)| text).collect()
}

/// What lines print, and the last exit status.
fn run(lines: &str) -> (String, i32) {
    let (mut terminal, mut world) = (Terminal::default(), Small::new());
    for line in lines.lines() {
        terminal.submit(line, &mut world);
    }
    assert!(!terminal.is_busy(), "{lines}");
    (text(&mut terminal), terminal.status())
}

/// Checks each line and what it prints.
fn check(cases: &[(&str, &str)]) {
    for (line, wanted) in cases {
        assert_eq!(run(line).0, *wanted, "{line}");
    }
}

#[test]
fn an_editor_waits_for_the_person_and_writes_the_file() {
    let (mut terminal, mut world) = (Terminal::default(), Small::new());
    terminal.submit("vi x && cat x", &mut world);
    assert!(terminal.is_busy());
    let shown = terminal.edited();
    assert_eq!(shown.map(|shown| shown.title.clone()), Some("x".into()));
    assert_eq!(terminal.close_editor(Some("a: 1\n".into())), Ok(()));
    terminal.poll(&mut world);
    assert_eq!((text(&mut terminal).as_str(), terminal.is_busy()), ("a: 1\n", false));
}

#[test]
fn quotes_and_variables() {
    check(&[
        ("echo a  b", "a b\n"),
        ("echo 'a  $X' \"b  $X\" c\\ d", "a  $X b   c d\n"),
        ("X=1; echo $X ${X}2 \"$X\"", "1 12 1\n"),
        ("X='a  b'; echo $X; echo \"$X\"", "a b\na  b\n"),
        ("echo $'a\\tb\\'c'", "a\tb'c\n"),
        ("echo ${X:-none} ${X:+some} ${#HOME}", "none 10\n"),
        ("F=web.yaml; echo ${F%.yaml} ${F#web}", "web .yaml\n"),
        ("X=1 true; echo [$X]", "[]\n"),
        ("echo a#b # c", "a#b\n"),
        ("false; echo $?", "1\n"),
        ("echo $(echo a; echo b) \"$(echo c; echo d)\"", "a b c\nd\n"),
        ("echo `echo a`", "a\n"),
        ("echo $((1+2*3))", "7\n"),
        ("echo {1..3} web-{a,b} {x}", "1 2 3 web-a web-b {x}\n"),
        ("touch b.yaml a.yaml; echo *.yaml '*' *.txt", "a.yaml b.yaml * *.txt\n"),
        ("echo ~ ~/x", "/home/user /home/user/x\n"),
        ("echo \"a\nb\"", "a\nb\n"),
        ("echo a \\\nb", "a b\n"),
        ("echo \"\" '' x | wc -c", "4\n"),
        ("echo $", "$\n"),
    ]);
}

#[test]
fn lists_loops_and_conditions() {
    check(&[
        ("true && echo a || echo b", "a\n"),
        ("false && echo a || echo b", "b\n"),
        ("! false && echo a", "a\n"),
        ("for i in a b; do echo $i; done", "a\nb\n"),
        ("for i in $(seq 3); do echo -n $i; done", "123"),
        ("for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done", "1\n3\n"),
        ("for i in 1 2 3; do if [ $i -eq 2 ]; then break; fi; echo $i; done; echo end", "1\nend\n"),
        ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo -n $i; done", "123"),
        ("until true; do echo a; done", ""),
        ("if false; then echo a; elif true; then echo b; else echo c; fi", "b\n"),
        ("if [ -f x ]; then echo a; else echo b; fi", "b\n"),
        ("for i in a b; do echo $i; done | sort -r", "b\na\n"),
        ("{ echo a; echo b; } > f; cat f", "a\nb\n"),
        ("(echo a; echo b) | wc -l", "2\n"),
        ("printf 'a b\\nc d\\n' | while read x y; do echo $y $x; done", "b a\nd c\n"),
        ("for i in a b; do\necho $i\ndone", "a\nb\n"),
        ("[[ web-0 == web-* ]] && echo yes", "yes\n"),
        ("while true; do for x in 1 2; do break; done; echo a; break; done", "a\n"),
    ]);
    assert!(run("while true; do :; done").0.contains("bash: stopped after"));
    assert!(run("while true; do :; done; echo on").0.lines().count() == 1);
}

#[test]
fn redirections_and_documents() {
    check(&[
        ("echo a > f; echo b >> f; cat f", "a\nb\n"),
        ("cat <<EOF\na $HOME\nEOF", "a /home/user\n"),
        ("cat <<'EOF'\na $HOME\nEOF", "a $HOME\n"),
        ("cat <<-EOF | tr a b\n\ta\n\tEOF", "b\n"),
        ("cat <<A; cat <<B\na\nA\nb\nB", "a\nb\n"),
        ("cat > f <<EOF\na\nEOF\ncat f", "a\n"),
        ("cat <<< 'a b'", "a b\n"),
        ("nope 2>&1 | wc -l", "1\n"),
        ("nope 2>/dev/null", ""),
        ("nope > f 2>&1; cat f", "bash: nope: command not found\n"),
        ("nope &> f; cat f", "bash: nope: command not found\n"),
        ("wc -l < nope", "bash: nope: No such file or directory\n"),
        ("echo a > x/y", "bash: x/y: No such file or directory\n"),
        ("echo a | tee f g | cat - f", "a\na\n"),
        ("echo a | tee f; cat f", "a\na\n"),
    ]);
}

#[test]
fn errors_in_the_words_of_bash() {
    check(&[
        ("foo", "bash: foo: command not found\n"),
        ("./foo", "bash: ./foo: No such file or directory\n"),
        ("; echo", "bash: syntax error near unexpected token `;'\n"),
        ("echo a ;; echo", "bash: syntax error near unexpected token `;;'\n"),
        ("| echo", "bash: syntax error near unexpected token `|'\n"),
        ("echo )", "bash: syntax error near unexpected token `)'\n"),
        ("echo (", "bash: syntax error near unexpected token `newline'\n"),
        ("echo (a)", "bash: syntax error near unexpected token `a'\n"),
        ("echo a (b)", "bash: syntax error near unexpected token `('\n"),
        ("f() { echo; }", "bash: functions are not simulated\n"),
        ("done", "bash: syntax error near unexpected token `done'\n"),
        ("for i in a; do done", "bash: syntax error near unexpected token `done'\n"),
        ("echo >", "bash: syntax error near unexpected token `newline'\n"),
        ("echo ${a b}", "bash: ${a b}: bad substitution\n"),
        ("sleep 5 &", "bash: &: jobs in the background are not simulated\n"),
    ]);
    assert_eq!(run("foo").1, 127);
    assert_eq!(run("echo )").1, 2);
}

#[test]
fn filters() {
    let lines = "printf 'web-0 Running 3\\nweb-1 Pending 10\\ndb-0 Running 2\\n' > f\n";
    for (line, wanted) in [
        ("grep web f", "web-0 Running 3\nweb-1 Pending 10\n"),
        ("grep -v web f", "db-0 Running 2\n"),
        ("grep -c web f", "2\n"),
        ("grep -n Pending f", "2:web-1 Pending 10\n"),
        ("grep -io RUN f", "Run\nRun\n"),
        ("grep -E 'web-(0|2)|db' f", "web-0 Running 3\ndb-0 Running 2\n"),
        ("grep -A1 web-0 f", "web-0 Running 3\nweb-1 Pending 10\n"),
        ("grep -B 1 db f", "web-1 Pending 10\ndb-0 Running 2\n"),
        ("grep -q web f && echo yes", "yes\n"),
        ("grep -w 1 f; echo $?", "web-1 Pending 10\n0\n"),
        ("grep nope f; echo $?", "1\n"),
        (
            "grep web f g",
            "f:web-0 Running 3\nf:web-1 Pending 10\ngrep: g: No such file or directory\n",
        ),
        ("head -1 f", "web-0 Running 3\n"),
        ("head -n -2 f", "web-0 Running 3\n"),
        ("tail -n 1 f", "db-0 Running 2\n"),
        ("tail -n +3 f", "db-0 Running 2\n"),
        ("wc -l f", "3 f\n"),
        ("wc f", " 3  9 48 f\n"),
        ("sort f | head -n1", "db-0 Running 2\n"),
        ("sort -k3 -n f | cut -d' ' -f1", "db-0\nweb-0\nweb-1\n"),
        ("cut -d ' ' -f 2 f | sort | uniq -c", "      1 Pending\n      2 Running\n"),
        ("cut -c1-2 f | sort -u", "db\nwe\n"),
        ("head -1 f | tr a-z A-Z", "WEB-0 RUNNING 3\n"),
        ("head -1 f | tr -d 0-9", "web- Running \n"),
        ("head -1 f | tr ' ' '\\n' | wc -l", "3\n"),
        ("sed 's/web/WEB/' f | head -1", "WEB-0 Running 3\n"),
        ("sed -n 2p f", "web-1 Pending 10\n"),
        ("sed '1d;$d' f", "web-1 Pending 10\n"),
        ("sed '/web/d' f", "db-0 Running 2\n"),
        ("sed -E 's#([a-z]+)-([0-9])#\\2-\\1#' f | head -1", "0-web Running 3\n"),
        ("sed -e 's/0/x/' -e 's/R/r/' f | head -1", "web-x running 3\n"),
        ("sed -i 's/Running/Done/g' f; grep -c Done f", "2\n"),
        ("sed '2,3d' f", "web-0 Running 3\n"),
        ("sed 'y' f", "sed: -e expression #1, char 1: unknown command: `y'\n"),
        ("awk '{print $1}' f", "web-0\nweb-1\ndb-0\n"),
        ("awk '/web/ {print NR, $NF}' f", "1 3\n2 10\n"),
        ("awk '$2==\"Running\" {print $1\"!\"}' f", "web-0!\ndb-0!\n"),
        ("awk '$3>2{print $1}' f", "web-0\nweb-1\n"),
        ("awk '{s+=$3} END{print s}' f", "15\n"),
        ("awk -F- 'NR==1{print $2}' f", "0 Running 3\n"),
        ("awk 'NR>1' f | wc -l", "2\n"),
        ("cat -n f | tail -1", "     3\tdb-0 Running 2\n"),
        ("cat f | xargs -n1 echo | wc -l", "9\n"),
        ("cut -d' ' -f1 f | xargs -I{} echo pod/{}", "pod/web-0\npod/web-1\npod/db-0\n"),
        ("cat nope", "cat: nope: No such file or directory\n"),
        ("echo -n hello | base64", "aGVsbG8=\n"),
        ("echo aGVsbG8= | base64 -d", "hello"),
        ("grep -j f", "grep: invalid option -- 'j'\n"),
    ] {
        assert_eq!(run(&format!("{lines}{line}")).0, wanted, "{line}");
    }
    let json = "echo '{\"items\":[{\"a\":{\"n\":\"x\"}},{\"a\":{\"n\":\"y\"}}],\"k\":1}' > j\n";
    for (line, wanted) in [
        ("jq .k j", "1\n"),
        ("jq -r '.items[].a.n' j", "x\ny\n"),
        ("jq '.items | length' j", "2\n"),
        ("jq -c '.items[0]' j", "{\"a\":{\"n\":\"x\"}}\n"),
        ("jq -r '.items[] | select(.a.n==\"y\") | .a.n' j", "y\n"),
        ("jq -c keys j", "[\"items\",\"k\"]\n"),
        ("jq '.k[]' j", "jq: error: Cannot iterate over number\n"),
    ] {
        assert_eq!(run(&format!("{json}{line}")).0, wanted, "{line}");
    }
}

#[test]
fn files_and_aliases() {
    check(&[
        ("mkdir -p a/b; touch a/b/c; ls a/b; ls a", "c\nb\n"),
        ("ls nope", "ls: cannot access 'nope': No such file or directory\n"),
        ("rm nope", "rm: cannot remove 'nope': No such file or directory\n"),
        ("rm -f nope", ""),
        ("mkdir a; rm a", "rm: cannot remove 'a': Is a directory\n"),
        ("mkdir a; rm -rf a; ls", ""),
        ("echo x > a; cp a b; mv b c; cat c; ls", "x\na\nc\n"),
        (
            "mkdir a; cd a; pwd; cd nope",
            "/home/user/a\nbash: cd: nope: No such file or directory\n",
        ),
        ("alias k=kubectl\nk get po -o name", "pod/web-0\npod/web-1\npod/db-0\n"),
        ("alias ll='echo a | tr a b'\nll", "b\n"),
        ("alias a='a; a'\na", "bash: a: command not found\nbash: a: command not found\n"),
        ("unalias x", "bash: unalias: x: not found\n"),
        ("export A=1; env | grep A=", "A=1\n"),
        ("sh -c 'echo $0 $1' a b", "a b\n"),
        ("echo 'echo $1' > s; bash s x", "x\n"),
        ("echo 'sh s' > s; sh s", "bash: commands are nested too deeply\n"),
        ("date +%Y", "2026\n"),
        ("seq 1 2 5 | xargs", "1 3 5\n"),
        ("printf '%-5s|%3d\\n' a 1 b 2", "a    |  1\nb    |  2\n"),
        ("exit 3; echo a", ""),
        ("sh -c 'exit 3'; echo $?", "3\n"),
        ("echo a; history", "a\n    1  echo a; history\n"),
        ("kubectl get po -o name | head -1", "pod/web-0\n"),
    ]);
}

#[test]
fn waiting_commands_go_on_with_time() {
    let (mut terminal, mut world) = (Terminal::default(), Small::new());
    terminal.submit("for i in 1 2; do echo $i; sleep 1; done | sed s/^/x/; echo end", &mut world);
    assert_eq!((text(&mut terminal).as_str(), terminal.is_busy()), ("x1\n", true));
    world.now += 1_000;
    terminal.poll(&mut world);
    assert_eq!((text(&mut terminal).as_str(), terminal.is_busy()), ("x2\n", true));
    world.now += 1_000;
    terminal.poll(&mut world);
    assert_eq!((text(&mut terminal).as_str(), terminal.is_busy()), ("end\n", false));

    terminal.submit("watch -n 2 echo a | grep a", &mut world);
    assert_eq!(text(&mut terminal).matches("\na\n").count(), 1);
    world.now += 1_000;
    terminal.poll(&mut world);
    assert_eq!(text(&mut terminal), "");
    world.now += 1_000;
    terminal.poll(&mut world);
    assert!(text(&mut terminal).contains("a\n"));
    terminal.interrupt();
    assert_eq!((text(&mut terminal).as_str(), terminal.status()), ("^C\n", 130));

    terminal.submit("while true; do echo a; sleep 1; done | head -2", &mut world);
    world.now += 1_000;
    terminal.poll(&mut world);
    assert_eq!((text(&mut terminal).as_str(), terminal.is_busy()), ("a\na\n", false));

    terminal.submit("echo $(sleep 1)", &mut world);
    assert!(text(&mut terminal).contains("only commands that end at once"));
    terminal.submit("time sleep 1.5", &mut world);
    world.now += 1_500;
    terminal.poll(&mut world);
    assert!(text(&mut terminal).contains("real\t0m1.500s"));
}

#[test]
fn asks_for_more_lines() {
    let (mut terminal, mut world) = (Terminal::default(), Small::new());
    for line in ["echo 'a", "cat <<EOF", "for i in a", "if true; then", "a &&", "a |", "echo \\"] {
        terminal.submit(line, &mut world);
        assert_eq!(terminal.prompt(), "> ", "{line}");
        terminal.interrupt();
        assert_eq!(terminal.prompt(), "$ ");
    }
    let (mut terminal, mut world) = (Terminal::default(), Small::new());
    terminal.submit("nope", &mut world);
    let output = terminal.take_output();
    assert!(output.iter().all(|(stream, _)| *stream == Stream::Err));
}

#[test]
fn completes() {
    let (mut terminal, mut world) = (Terminal::default(), Small::new());
    terminal.submit("alias k=kubectl; touch web.yaml other.yaml; mkdir d; touch d/x", &mut world);
    for (line, start, wanted) in [
        ("kub", 0, vec!["kubectl"]),
        ("kubectl rollo", 8, vec!["rollout"]),
        ("kubectl rollout st", 16, vec!["status"]),
        ("kubectl get statefuls", 12, vec!["statefulset", "statefulsets"]),
        ("kubectl get po w", 15, vec!["web-0", "web-1"]),
        ("k get po w", 9, vec!["web-0", "web-1"]),
        ("k get pod/d", 6, vec!["pod/db-0"]),
        ("k logs d", 7, vec!["db-0"]),
        ("k logs web-0 -c n", 16, vec!["nginx"]),
        ("k apply -f w", 11, vec!["web.yaml"]),
        ("k apply --filename=o", 19, vec!["other.yaml"]),
        ("k get po -o js", 12, vec!["json", "jsonpath-as-json=", "jsonpath-file=", "jsonpath="]),
        ("k get po --no-h", 9, vec!["--no-headers"]),
        ("k get po -n kube-system w", 24, vec![]),
        ("ls; cat d/", 8, vec!["d/x"]),
        ("cat o", 4, vec!["other.yaml"]),
        ("watch kubectl get po d", 21, vec!["db-0"]),
    ] {
        let completion = terminal.complete(line, line.len(), &world);
        assert_eq!(
            (completion.start, completion.candidates),
            (start, wanted.into_iter().map(str::to_owned).collect()),
            "{line}"
        );
    }
    terminal.complete("é\u{301} ü", 1, &world);
}

/// Lines that mutations begin with.
const REAL: [&str; 12] = [
    "kubectl get po -o wide | grep -v web | awk '{print $1}' | sort -k1,1nr | uniq -c",
    "for i in $(seq 3); do echo \"$i ${X:-a}\" >> f; done; cat f",
    "kubectl diff -f web2.yaml | sed -E 's#/tmp/(LIVE|MERGED)-[0-9]+/#/tmp/\\1-N/#; s#^((---|\\+\\+\\+) [^\\t]*)\\t.*#\\1\\tTIME#'",
    "cat <<EOF | kubectl apply -f -\na: $X\nEOF",
    "while true; do kubectl get po; sleep 1; done | head -3",
    "if [ -f x ] && ! test 1 -gt 2; then echo $((1+2)); else echo `date`; fi",
    "echo '{\"a\":[1,2]}' | jq -r '.a[] | select(. == 1)'",
    "alias k='kubectl get'; k po 2>&1 > /dev/null || echo {1..5}{a,b}",
    "printf '%5s|%-3d\\n' a 1 | tr a-z A-Z | cut -d'|' -f1 | xargs -I{} echo {} | tee g | wc",
    "watch -n 1 'kubectl get po | tail -n +2'",
    "time sh -c 'echo $0 $@' a b c; echo *.yaml ~ ${#X} ${F%.y*}",
    "sed -i -e '/a/d' -e '2,$p' f; head -c 3 f; tail -n -2 f; base64 f | base64 -d",
];

fn survives(line: &str) {
    let (mut terminal, mut world) = (Terminal::default(), Small::new());
    for line in line.split('\n').chain(["", "EOF"]) {
        terminal.submit(line, &mut world);
        for _ in 0..3 {
            world.now += 1_000;
            terminal.poll(&mut world);
        }
        if terminal.is_busy() {
            terminal.interrupt();
        }
    }
    terminal.complete(line, line.len() / 2, &world);
}

#[test]
fn survives_long_lines() {
    for piece in [
        "(", "$(", "${a:-", "\"$(", "`", "{", "if ", "! ", "time ", "xargs ", "a|", "<<A ", "$((",
        "[", "{a,b}", "watch ", "-", "\u{e9}",
    ] {
        survives(&piece.repeat(10_000 / piece.len()));
        survives(&format!("echo a | {}", piece.repeat(1_000)));
    }
    survives(&format!("echo '[1]' | jq '{}.'", "[.,.,.]|".repeat(20)));
    survives("grep -A 18446744073709551615 -B 18446744073709551615 a <<< a");
    for line in [
        "a=xxxxxxxxxx; for i in $(seq 100); do a=$a$a; done; echo ${#a}",
        "echo aaaaaaaaaa > f; for i in $(seq 100); do cat f f f f >> f; done",
        "echo {1..100}{1..100}{1..100}{1..100} | wc",
        "printf '%1000000000s' a | wc -c",
        "seq 10000 | sed 's/./&&&&&&&&&&&&&&&&&&&&/g' | sed 's/./&&&&&&&&&&&&&&&&&&/g' | wc",
        "echo a | grep -E '(((a{1,99}){1,99}){1,99}){1,99}'",
    ] {
        survives(line);
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(5_000))]

    #[test]
    fn survives_random_lines(line in "[ -~\n\u{e9}]{0,60}") {
        survives(&line);
    }

    #[test]
    fn survives_mutations(
        which in 0_usize..12,
        at in 0_usize..200,
        length in 0_usize..8,
        with in "[-|&;<>()$`\\\\\"' \t\n*?#~=%{}!\\[\\]a-c0-9]{0,6}",
    ) {
        let mut chars: Vec<char> = REAL[which].chars().collect();
        let at = at.min(chars.len());
        let end = (at + length).min(chars.len());
        chars.splice(at..end, with.chars());
        survives(&chars.into_iter().collect::<String>());
    }
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn survives_ten_thousand_characters(line in "[ -~\n\u{e9}]{10000}") {
        survives(&line);
    }
}
