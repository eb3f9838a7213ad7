//! Scripts on a computer that is nothing but a host.

use super::host::{Host, MISSING, Program, Started, Trouble};
use super::output::Output;
use super::parser::parse;
use super::run::Code;
use super::session::{Session, Table};
use std::any::Any;
use std::rc::Rc;

/// A computer with files in one directory, and a program that counts down.
struct Small {
    session: Session,
    files: Table,
    now: i64,
    /// Whether it lets nothing go on.
    is_short: bool,
}

/// The program `count`: a line each time it goes on, as often as it was told.
#[derive(Clone)]
struct Count(u32);

impl Program for Count {}

impl Small {
    fn new() -> Self {
        let mut session = Session::new("sh");
        session.variables.set("HOME", "/root");
        Self { session, files: Table::default(), now: 0, is_short: false }
    }

    /// A script at its beginning.
    fn script(&self, text: &str) -> Code {
        Code::new(&parse(text, &Rc::default()).expect("a script"))
    }

    /// What a script prints as it goes on once, and its exit status.
    fn go_on(&mut self, code: &mut Code) -> (String, Option<i32>) {
        let mut out = Output::default();
        let status = code.poll(self, &mut out);
        (out.take().into_iter().map(|(_, text)| text).collect(), status)
    }
}

impl Host for Small {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn may_go_on(&self) -> bool {
        !self.is_short
    }

    fn is_busybox(&self) -> bool {
        true
    }

    fn read(&self, path: &str) -> Result<String, Trouble> {
        self.files.get(path).map(str::to_owned).ok_or(MISSING.into())
    }

    fn write(&mut self, path: &str, text: &str, adds: bool) -> Result<(), Trouble> {
        let before = self.files.get(path).filter(|_| adds).unwrap_or_default();
        let whole = format!("{before}{text}");
        self.files.set(path, whole);
        Ok(())
    }

    fn names(&self, folder: &str) -> Option<Vec<String>> {
        (folder == ".").then(|| self.files.iter().map(|(name, _)| name.to_owned()).collect())
    }

    fn start(&mut self, words: &[String], _: Option<&str>, _: &mut Output) -> Option<Started> {
        match words {
            [name, times] if name == "count" => {
                Some(Started::Running(Box::new(Count(times.parse().unwrap_or(0)))))
            }
            _ => None,
        }
    }

    fn poll(&mut self, program: &mut dyn Program, out: &mut Output) -> Option<i32> {
        let program: &mut dyn Any = program;
        let Some(Count(left)) = program.downcast_mut() else { return Some(1) };
        out.line(&left.to_string());
        *left = left.saturating_sub(1);
        (*left == 0).then_some(0)
    }
}

#[test]
fn a_script_runs_on_any_host() {
    let mut host = Small::new();
    let script = "for i in 1 2; do echo web-$i >> names; done\ncat names | grep 2 && ls *\nls";
    let mut code = host.script(script);
    let printed = "web-2\nsh: ls: not found\nsh: ls: not found\n";
    assert_eq!(host.go_on(&mut code), (printed.into(), Some(127)));
    let mut code = host.script("echo ~ $(cat names) $((6 * 7)); [ -f names ] && exit 3");
    assert_eq!(host.go_on(&mut code), ("/root web-1 web-2 42\n".into(), Some(3)));
}

#[test]
fn a_program_of_the_host_goes_on_where_the_script_stands() {
    let mut host = Small::new();
    let mut code = host.script("count 2 | sed s/^/left:/; sleep 5; echo done");
    assert_eq!(host.go_on(&mut code), ("left:2\n".into(), None));
    let mut copy = code.clone();
    assert_eq!(host.go_on(&mut code), ("left:1\n".into(), None));
    assert_eq!(host.go_on(&mut code), (String::new(), None), "it sleeps");
    host.now = 5_000;
    assert_eq!(host.go_on(&mut code), ("done\n".into(), Some(0)));
    assert_eq!(host.go_on(&mut copy).0, "left:1\n", "a copy goes on from where it was copied");
}

/// What a script prints, its exit status, and in how many slices.
fn played(host: &mut Small, text: &str) -> (String, i32, usize) {
    host.session.renew();
    let mut code = host.script(text);
    let mut printed = String::new();
    for slices in 1..100_000 {
        let (own, status) = host.go_on(&mut code);
        printed += &own;
        if let Some(status) = status {
            return (printed, status, slices);
        }
    }
    panic!("{text} does not end");
}

#[test]
fn filters_go_on_between_lines_and_come_to_the_same() {
    let mut host = Small::new();
    let line = |at: usize| format!("{} web-{} a b\n", at * 7_919 % 9_973, at % 10);
    host.files.set("big", (0..9_000).map(line).collect::<String>());
    host.files.set("small", "one\ntwo\n");
    for script in [
        "grep -c web-[3] big small",
        "grep -o '[0-9]* web' big | tail -2",
        "sed -E 's/(web)-(.)/\\2\\1/g' big | tail -2; sed -n '$p' big",
        "sed -i 's/web/pod/' big; head -1 big; sed -i 's/pod/web/' big",
        "sort -n big | head -2; sort big small -r | tail -3; sort -k2,2 -s big | uniq -f 1 | wc -l",
        "sort -t- -k2n big | head -2; sort -u -k2,2 big; sort -V big | tail -1",
        "awk '/web-4/ {n++} END {print n, NR}' big; awk -F- '$2 ~ \"9 a\" {print $2}' big | wc -l",
        "tr a-c x-z < big | cut -c1,3-4 | tail -1; cut -d' ' -f 4,1-2,2 big | tail -1",
        "cat big missing small | wc -l; grep x < missing",
        "cat big | head -3; echo $(grep -c '[3] a' big)",
    ] {
        host.is_short = false;
        let (whole, status, once) = played(&mut host, script);
        host.is_short = true;
        let (sliced, sliced_status, slices) = played(&mut host, script);
        assert_eq!((sliced, sliced_status), (whole, status), "{script}");
        assert!(slices > once, "{script}: {slices} slices");
    }
    // Without a pause between lines each command is a slice.
    let (.., slices) = played(&mut host, "grep -c web-[3] big");
    assert!(slices > 5, "{slices} slices are no slices");
}

#[test]
fn too_much_for_a_line_is_refused_in_words() {
    let mut host = Small::new();
    host.files.set("long", "a".repeat(200_000));
    host.files.set("longer", format!("{}\nb\n", "a".repeat(300_000)));
    host.files.set("many", "aaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(9_000));
    let long = "input line too long for this regular expression";
    for (script, wanted) in [
        ("grep -E 'a{1000}b' long", format!("grep: {long}\n")),
        ("grep -oE 'a.*c|a' long", format!("grep: {long}\n")),
        ("sed -E 's/a.*c|a/x/g' long", format!("sed: {long}\n")),
        ("sed -E '/(a{99}){9}b/d' long", format!("sed: {long}\n")),
        ("awk '$0 ~ \"a{1000}b\"' long", "awk: too much to do for one line\n".into()),
        ("grep -E '((a{0,99}){0,99}){0,99}' many", "grep: regular expression too big\n".into()),
        ("grep -c b longer", "grep: a line of more than 262144 bytes is left out\n1\n".into()),
        (
            "echo $(grep -E 'a{300}b' many)",
            "bash: $(..): stopped: too much to do at once for grep\n\n".into(),
        ),
        ("grep -o a long | wc -l; grep -oE '[a-z]' long | wc -l", "200000\n200000\n".into()),
        ("sed 's/aa*/x/g' long | wc -c; tr a b < long | grep -c 'b*$'", "1\n1\n".into()),
    ] {
        assert_eq!(played(&mut host, script).0, wanted, "{script}");
    }
}
