//! What of two transcripts is compared: the lines of an output without what differs by nature.

use regex_lite::Regex;
use std::collections::BTreeSet;

/// What may stand around a match for it to count.
#[derive(Clone, Copy)]
enum Around {
    Anything,
    /// Neither a small letter nor a digit behind it.
    WordEnds,
    /// No length of a prefix, as in `10.0.0.0/8`, behind it.
    NoPrefix,
    /// No address in parentheses and no minus behind it.
    NoAddress,
    /// Nothing but blanks behind it.
    LineEnds,
}

/// Letters and digits that names are drawn from.
const DRAWN: &str = "[bcdfghjklmnpqrstvwxz2456789]";

/// Patterns and what takes their place, in their order. `DRAWN` stands for a drawn character.
const MASKS: [(&str, Around, &str); 26] = [
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", Around::Anything, "UID"),
    (
        r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [-+]\d{4}",
        Around::Anything,
        "TIME",
    ),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", Around::Anything, "TIME"),
    (r"\S*/(kubeconfig(\.run)?|\.kube/config)\b", Around::Anything, "KUBECONFIG"),
    (r"containerd://\S+|docker(-pullable)?://\S+", Around::Anything, "ID"),
    (r"(Image ID: +)\S.*", Around::Anything, "${1}ID"),
    (r"Image size: \d+ bytes", Around::Anything, "Image size: N bytes"),
    (r"\b(1[02]7?|192|172)\.\d+\.\d+\.\d+\b", Around::NoPrefix, "IP"),
    (r"\b(minikube(-m0\d)?|node-\d)\b", Around::NoAddress, "NODE"),
    (r"k8s\.io/minikube-hostpath|kubernetes\.io/host-path", Around::Anything, "PROVISIONER"),
    (r"/tmp/hostpath[-_]p\S+", Around::Anything, "PATH"),
    (r"v1\.3\d\.\d+\S*", Around::Anything, "VERSION"),
    (r"\b(resourceVersion|uid|selfLink): .*", Around::Anything, "${1}: X"),
    (r#""(resourceVersion|uid)":"[^"]*""#, Around::Anything, r#""${1}":"X""#),
    (r"\bkube-api-access-[a-z0-9]{5}\b", Around::Anything, "kube-api-access-X"),
    (r"-DRAWN{8,10}-DRAWN{5}", Around::WordEnds, "-HASH-X"),
    (r"-DRAWN{8,10}", Around::WordEnds, "-HASH"),
    (r"-DRAWN{5}", Around::WordEnds, "-X"),
    (r"(pod-template-hash=)DRAWN{8,10}", Around::Anything, "${1}HASH"),
    (r"@@ -\d+,\d+ \+\d+,\d+ @@", Around::Anything, "@@"),
    (r"^[WE]\d{4} [0-9:.]+ +\d+ (\w+\.go):\d+\]", Around::Anything, "W ${1}]"),
    (r"\(x\d+ over [^)]*\)", Around::Anything, ""),
    (r"\b(\d+d)?(\d+h)?(\d+m)?\d+(\.\d+)?(ms|s)\b", Around::Anything, "AGE"),
    (r"\b\d+[hd]\d+[mh]\b|\b\d+d\b", Around::Anything, "AGE"),
    (r"<invalid>", Around::Anything, "AGE"),
    (r"<unknown>", Around::LineEnds, "AGE"),
];

/// The masks, ready to be used.
pub struct Masks {
    masks: Vec<(Regex, Around, &'static str)>,
    blanks: Regex,
    minutes: Regex,
    wide_age: Regex,
    rule: Regex,
    pulls: Regex,
    ends_in_age: Regex,
    lists_events: Regex,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(&pattern.replace("DRAWN", DRAWN)).unwrap()
}

impl Masks {
    pub fn new() -> Self {
        Self {
            masks: MASKS.map(|(pattern, around, by)| (regex(pattern), around, by)).to_vec(),
            blanks: regex(" {2,}"),
            minutes: regex(r"  (\d+m)(\s|$)"),
            wide_age: regex(r"  ?AGE "),
            rule: regex(r"^\s+-{3,}"),
            pulls: regex(r"Normal +(Pulling|Pulled) "),
            ends_in_age: regex(r"(AGE|DURATION)$"),
            lists_events: regex(r"kubectl (get )?(-n \S+ )?ev(ents?)?\b"),
        }
    }

    /// The lines of an output that are compared.
    pub fn normal(&self, command: &str, text: &str) -> Vec<String> {
        let (mut lines, mut has_ages) = (Vec::new(), false);
        for line in text.split('\n').map(str::trim_end).filter(|line| !is_exit(line)) {
            let mut line = line.to_owned();
            if self.ends_in_age.is_match(line.trim()) || line.contains("  AGE  ") {
                has_ages = true;
            } else if line.trim().is_empty() {
                has_ages = false;
            } else if has_ages {
                line = self.without_minutes(&line);
            }
            line = self.mask(&line);
            line = replace(&self.wide_age, &line, "  AGE", |behind| {
                behind.starts_with(char::is_whitespace)
            });
            if self.rule.is_match(&line) {
                line = "----".into();
            }
            // How often a roll-out is told to wait, and whether an image is there, is chance.
            if !line.starts_with("Waiting for") && !self.pulls.is_match(&line) {
                lines.push(line);
            }
        }
        let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(end);
        self.without_order(command, lines[start..end].to_vec())
    }

    /// The order of events within a second is chance.
    fn without_order(&self, command: &str, mut lines: Vec<String>) -> Vec<String> {
        let events = lines.iter().position(|line| line.starts_with("Events:"));
        let is_listing = !lines.is_empty() && self.lists_events.is_match(command);
        let from = match events {
            Some(at) => at + 1,
            None if is_listing => 1,
            None => return lines,
        };
        let blank = lines[from..].iter().position(|line| line.trim().is_empty());
        let to = blank.filter(|_| events.is_some()).map_or(lines.len(), |at| from + at);
        let sorted: BTreeSet<String> = lines[from..to].iter().cloned().collect();
        lines.splice(from..to, sorted);
        lines
    }

    /// A line without what differs by nature; gaps within it are two blanks wide.
    fn mask(&self, line: &str) -> String {
        let line = self.masks.iter().fold(line.to_owned(), apply);
        let indent = line.len() - line.trim_start_matches(' ').len();
        let inner = line[indent..].replace('\t', "  ");
        let inner = self.blanks.replace_all(&inner, "  ").into_owned();
        format!("{}{}", " ".repeat(indent), inner.trim_end())
    }

    /// A row of a table of ages, in which minutes alone are one.
    fn without_minutes(&self, line: &str) -> String {
        let (mut text, mut at) = (String::new(), 0);
        while let Some(found) = self.minutes.captures_at(line, at) {
            let minutes = found.get(1).unwrap();
            text.push_str(&line[at..minutes.start()]);
            text.push_str("AGE");
            at = minutes.end();
        }
        text + &line[at..]
    }
}

/// Whether a line is one of the player's own.
fn is_exit(line: &str) -> bool {
    let number = line.strip_prefix("[exit ").and_then(|rest| rest.strip_suffix(']'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    line == "^C" || number.is_some_and(is_number)
}

fn apply(line: String, (pattern, around, by): &(Regex, Around, &'static str)) -> String {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    replace(pattern, &line, by, |behind| match around {
        Around::Anything => true,
        Around::WordEnds => !behind.starts_with(word),
        Around::NoPrefix => !behind.strip_prefix('/').is_some_and(digit),
        Around::NoAddress => !behind.starts_with(" (") && !behind.starts_with('-'),
        Around::LineEnds => behind.trim().is_empty(),
    })
}

/// Replaces the matches that count, which depends on what is behind them.
fn replace(pattern: &Regex, line: &str, by: &str, counts: impl Fn(&str) -> bool) -> String {
    let (mut text, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(found) = pattern.captures_at(line, at) {
        let whole = found.get(0).unwrap();
        if !counts(&line[whole.end()..]) {
            let first = line[whole.start()..].chars().next().map_or(1, char::len_utf8);
            at = whole.start() + first;
            continue;
        }
        text.push_str(&line[kept..whole.start()]);
        found.expand(by, &mut text);
        (kept, at) = (whole.end(), whole.end());
    }
    text + &line[kept..]
}

#[cfg(test)]
mod tests {
    use super::Masks;
    use expect_test::expect;

    #[test]
    fn what_differs_by_nature_is_masked() {
        let text = "\
NAME                   READY   AGE    NODE
web-7887448d46-zkgzw   1/1     3m     node-2
web-6c9d8f7b5          1/1     2m13s  minikube-m03

UID:  0a1b2c3d-0000-4000-8000-0123456789ab at 2026-11-30T14:38:26Z
Start Time:  Mon, 30 Nov 2026 14:38:26 +0000
Node:  node-1 (10.0.0.4), minikube-m02 (x), cidr 10.0.0.0/8, ip 10.244.1.7
Image ID:       docker-pullable://nginx@sha256:1
    resourceVersion: \"17\"
  Ready    <unknown>
  <unknown> is not the last
Waiting for 2 pods to be ready...
name: kube-api-access-x7k2p, pod-template-hash=6c9d8f7b5
@@ -17,6 +17,8 @@ of a/b-zzzzz1
W1130 14:38:26.123456   77 warnings.go:70] careful
[exit 1]
^C
";
        expect![[r#"
            NAME  READY  AGE NODE
            web-HASH-X  1/1  AGE NODE
            web-HASH  1/1  AGE NODE

            UID:  UID at TIME
            Start Time:  TIME
            Node:  node-1 (IP), minikube-m02 (x), cidr 10.0.0.0/8, ip IP
            Image ID:  ID
                resourceVersion: X
              Ready  AGE
              <unknown> is not the last
            name: kube-api-access-X, pod-template-hash=HASH
            @@ of a/b-zzzzz1
            W warnings.go] careful
        "#]]
        .assert_eq(&(Masks::new().normal("kubectl get po", text).join("\n") + "\n"));
    }

    #[test]
    fn events_have_no_order_and_pulls_do_not_count() {
        let text = "\
Events:
  Type    Reason     Age   From               Message
  ----    ------     ----  ----               -------
  Normal  Scheduled  12s   default-scheduler  Successfully assigned a to b
  Normal  Pulled     11s   kubelet            Already present
  Normal  Created    11s   kubelet            Created container

after
";
        let described = Masks::new().normal("kubectl describe po", text);
        expect![[r#"
            Events:
              Normal  Created  AGE kubelet  Created container
              Normal  Scheduled  AGE default-scheduler  Successfully assigned a to b
              Type  Reason  Age  From  Message
            ----

            after
        "#]]
        .assert_eq(&(described.join("\n") + "\n"));
        let listed = |command: &str| Masks::new().normal(command, "HEAD\nb\na\nb\n");
        assert_eq!(listed("kubectl -n x get events"), ["HEAD", "b", "a", "b"]);
        assert_eq!(listed("kubectl -n x events"), ["HEAD", "a", "b"]);
        assert_eq!(listed("kubectl get ev"), ["HEAD", "a", "b"]);
    }
}
