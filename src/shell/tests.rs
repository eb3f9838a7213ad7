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
}

/// The program `count`: a line each time it goes on, as often as it was told.
#[derive(Clone)]
struct Count(u32);

impl Program for Count {}

impl Small {
    fn new() -> Self {
        let mut session = Session::new("sh");
        session.variables.set("HOME", "/root");
        Self { session, files: Table::default(), now: 0 }
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
