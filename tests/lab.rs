//! The lab report that this project began with (`lab/report.md`), done command by command.
//!
//! Each command of the report is entered in its order, and each output is compared with the report's.
//! What differs from one cluster to another is masked on both sides, and only that:
//!
//! | masked | as in |
//! | --- | --- |
//! | ages | `7m27s`, `1 (20h ago)` |
//! | letters that the server draws | `vault-agent-injector-66f45b5fd5-kggct` |
//! | UIDs of volumes | `pvc-3e1d3797-61b2-4d89-bde9-05d280092bf7` |
//! | addresses, but for those every cluster has | `10.244.0.114`, not `10.96.0.10` |
//! | the port of a tunnel | `http://127.0.0.1:35499` |
//! | the moments of releases | `2025-03-14 21:24:42.954846817 +0300 MSK` |
//! | runs of blanks and tabs | the report's author made single blanks of some |
//! | empty lines at the end | `nslookup` ends with one, which the author left out |
//!
//! Four emoji stand mangled in the report: their UTF-8 was read as Mac Roman.

use statefulset_playground::playground::{Action, Playground};
use std::net::Ipv4Addr;

const REPORT: &str = include_str!("lab/report.md");

/// What stands in the report, and what minikube printed.
const EMOJI: [(&str, &str); 4] = [
    ("\u{f8ff}üòø", "\u{1f63f}"),
    ("\u{f8ff}üèÉ", "\u{1f3c3}"),
    ("\u{f8ff}üéâ", "\u{1f389}"),
    ("‚ùó", "\u{2757}"),
];

/// Addresses that are the same in every cluster.
const FIXED: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 96, 0, 1), Ipv4Addr::new(10, 96, 0, 10)];

/// A command of the report and what it printed.
struct Shown {
    command: String,
    output: String,
}

/// The commands of the report, in their order.
fn commands() -> Vec<Shown> {
    let mut report = REPORT.to_owned();
    for (mangled, emoji) in EMOJI {
        assert!(report.contains(mangled), "{mangled}");
        report = report.replace(mangled, emoji);
    }
    let blocks = report.split("```bash\n").skip(1);
    blocks
        .map(|block| {
            let lines = block.lines().take_while(|line| line.trim() != "```");
            let indent = block.len() - block.trim_start_matches(' ').len();
            let mut lines = lines.map(|line| line.get(indent..).unwrap_or_default());
            let command = lines.next().and_then(|line| line.strip_prefix("$ "));
            let output = lines.map(|line| format!("{line}\n")).collect();
            Shown { command: command.expect("a command comes first").into(), output }
        })
        .collect()
}

/// Whether a word is an age, such as `7m27s`.
fn is_age(word: &str) -> bool {
    let mut parts = word.split_inclusive(|c: char| "smhd".contains(c));
    let is_part = |part: &str| {
        let number = part.trim_end_matches(['s', 'm', 'h', 'd']);
        number.len() + 1 == part.len() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    !word.is_empty() && parts.all(|part| part.len() > 1 && is_part(part))
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn mask_word(word: &str) -> String {
    let inner = word.trim_matches(['(', ')']);
    if is_age(inner) {
        return word.replace(inner, "<age>");
    }
    if let Some((before, drawn)) = word.split_once("vault-agent-injector-")
        && drawn.split('-').count() == 2
        && drawn.len() > 10
    {
        return format!("{before}vault-agent-injector-<drawn>");
    }
    if word.strip_prefix("pvc-").is_some_and(|uid| uid.len() == 36 && is_hexadecimal(uid)) {
        return "pvc-<uid>".into();
    }
    if let Some(port) = word.strip_prefix("http://127.0.0.1:") {
        let is_port = port.len() == 5 && port.bytes().all(|byte| byte.is_ascii_digit());
        return if is_port { "http://127.0.0.1:<port>".into() } else { word.into() };
    }
    match word.parse::<Ipv4Addr>() {
        Ok(address) if !FIXED.contains(&address) => "<address>".into(),
        _ => word.into(),
    }
}

/// Takes the moment of a release out: date, time, offset, zone.
fn mask_moment(words: &mut Vec<String>) {
    let is_date = |word: &String| {
        word.len() == 10
            && word.as_bytes()[4] == b'-'
            && word.bytes().filter(|b| *b == b'-').count() == 2
    };
    if let Some(at) = words.iter().position(is_date) {
        words.splice(at..(at + 4).min(words.len()), ["<moment>".to_owned()]);
    }
}

fn masked(text: &str) -> String {
    let line = |line: &str| {
        let mut words: Vec<String> = line.split_whitespace().map(mask_word).collect();
        mask_moment(&mut words);
        words.join(" ") + "\n"
    };
    text.trim_end().lines().map(line).collect()
}

/// The lab's page.
struct Lab(Playground);

impl Lab {
    fn new() -> Self {
        let mut playground = Playground::new();
        let text = include_str!("../static/examples/minikube-lab.yaml").to_owned();
        playground.update(Action::OpenExample { id: "minikube-lab".into(), text });
        playground.update(Action::SetAutoApply(false));
        playground.update(Action::SetSkipWaits(false));
        playground.update(Action::SetSpeed(64));
        Self(playground)
    }

    fn wait(&mut self, seconds: u64) {
        let until = self.0.playhead() + seconds * 1_000;
        self.0.update(Action::Play);
        while self.0.playhead() < until {
            self.0.update(Action::Tick { elapsed_ms: 16 });
        }
        self.0.update(Action::Pause);
    }

    /// Enters a command and waits until it is done, or waits for a person.
    fn enter(&mut self, command: &str) -> String {
        let before = self.0.screen().pieces.len();
        self.0.update(Action::Command(command.into()));
        for _ in 0..2_000 {
            if !self.0.screen().is_busy || command.starts_with("minikube service") {
                break;
            }
            self.0.update(Action::Play);
            self.0.update(Action::Tick { elapsed_ms: 16 });
        }
        let screen = self.0.screen();
        screen.pieces[before + 1..].iter().map(|(_, _, text)| text.to_string()).collect()
    }

    /// Visits the application in the browser, so many milliseconds after the visit before.
    fn visit(&mut self, after_ms: u32) {
        self.0.update(Action::SetSpeed(1));
        self.0.update(Action::Play);
        for _ in 0..after_ms / 10 {
            self.0.update(Action::Tick { elapsed_ms: 10 });
        }
        self.0.update(Action::SetSpeed(64));
        let url = self.0.browser().expect("minikube has opened it").url.to_string();
        self.0.update(Action::Browse(url));
    }

    /// What the report's author did before a command, told in the text between or left unsaid.
    fn prepare(&mut self, number: usize) {
        match number {
            // The chart is installed, and runs.
            0 => self.wait(30),
            // The page was opened, and loaded again; each visit goes to one of the ready pods.
            3 => {
                (0..8).for_each(|_| self.visit(VISIT_EVERY_MS));
                self.0.update(Action::Interrupt);
            }
            // After deleting pod/web-app-0.
            5 => {
                let told = self.enter("kubectl delete pod web-app-0");
                assert_eq!(told, "pod \"web-app-0\" deleted from default namespace\n");
                self.wait(20);
            }
            // Somebody has looked at the page once more.
            6 => {
                self.wait(VISIT_AFTER_S);
                self.enter("minikube service web-app");
                self.0.update(Action::Interrupt);
            }
            // "After adding the policy": it cannot be changed, so the release was installed anew.
            10 => self.make_parallel(),
            _ => {}
        }
    }

    fn make_parallel(&mut self) {
        let text = self.0.manifest().text.to_string();
        let with =
            text.replace("  replicas: 2\n", "  replicas: 2\n  podManagementPolicy: Parallel\n");
        self.0.update(Action::EditText(with));
        let told = self.enter("helm upgrade web-app chart");
        let refusal = "Forbidden: updates to statefulset spec for fields other than 'replicas', ";
        assert!(told.contains(refusal), "{told}");
        let told = self.enter("helm uninstall web-app");
        assert_eq!(told, "release \"web-app\" uninstalled\n");
        self.wait(60);
        let told = self.enter("helm install web-app chart");
        assert!(told.contains("STATUS: deployed"), "{told}");
        self.wait(17);
    }
}

/// Moments of visits at which the counts become those of the report.
const VISIT_EVERY_MS: u32 = 720;
const VISIT_AFTER_S: u64 = 2;

#[test]
fn every_command_of_the_report_prints_what_it_printed_there() {
    let commands = commands();
    assert_eq!(commands.len(), 11);
    let mut lab = Lab::new();
    let mut differing = 0;
    for (number, shown) in commands.iter().enumerate() {
        lab.prepare(number);
        let output = lab.enter(&shown.command);
        if masked(&output) != masked(&shown.output) {
            differing += 1;
            println!("$ {}\n--- the report\n{}--- here\n{output}", shown.command, shown.output);
        }
    }
    println!("lab: commands {}, differ {differing}", commands.len());
    assert_eq!(differing, 0);
}

#[test]
fn only_what_is_named_is_masked() {
    let line = "pod/vault-agent-injector-66f45b5fd5-kggct   1/1     Running   1 (20h ago)   22h";
    let wanted = "pod/vault-agent-injector-<drawn> 1/1 Running 1 (<age> ago) <age>\n";
    assert_eq!(masked(line), wanted);
    let line = "service/kubernetes ClusterIP 10.96.0.1 <none> 443/TCP 23h";
    assert_eq!(masked(line), "service/kubernetes ClusterIP 10.96.0.1 <none> 443/TCP <age>\n");
    assert_eq!(masked("6"), "6\n");
    assert_eq!(masked("Address: 10.244.0.114"), "Address: <address>\n");
    assert_eq!(masked("service/vault-agent-injector-svc"), "service/vault-agent-injector-svc\n");
}
