//! Random and damaged inputs to everything that reads what a person brings: no panic, no hang.
//!
//! `make fuzz` runs a million of them; `FUZZ_INPUTS` says how many, `FUZZ_SEED` which.

use statefulset_playground::api::{Kind, Kubernetes, json, request, validate::Run};
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::{self, FIELDS};
use statefulset_playground::manifest::{Manifest, export};
use statefulset_playground::playground::{Action, Playground, share, workspaces};
use std::time::{Duration, Instant};

/// No input may take longer. Generous: the machine may be busy, and the build without optimization.
const LIMIT: Duration = Duration::from_secs(20);

/// What is put into texts: what means something to one of the readers.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    "\n",
    "\r\n",
    "\t",
    "#",
    "&a ",
    "*a",
    "!!int ",
    "|",
    ">",
    "'",
    "\"",
    "---\n",
    "...",
    "? ",
    "<<: *a",
    "\u{feff}",
    "\u{0}",
    "é",
    "漢",
    "99999999999999999999",
    "-1",
    "1e999",
    "0x1F",
    "null",
    "~",
    "true",
    ",",
    "  ",
    "apiVersion: v1",
    "kind: List\nitems:",
    "{{",
    "%YAML 1.2\n",
    "=",
];

struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// A text made of pieces, or one of the seeds with some damage.
    fn input(&mut self, seeds: &[String]) -> String {
        let mut text = match self.below(5) {
            0 => String::new(),
            _ => seeds[self.below(seeds.len())].clone(),
        };
        for _ in 0..=self.below(8) {
            let at = self.place(&text);
            match self.below(6) {
                0 => text.truncate(at),
                1 => {
                    let end = (at + self.below(40)).min(text.len());
                    let end =
                        (at..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(at);
                    text.replace_range(at..end, "");
                }
                2 => {
                    let end = self.place(&text);
                    let part = text[at.min(end)..at.max(end)].to_owned();
                    if text.len() + part.len() < 100_000 {
                        text.insert_str(at, &part);
                    }
                }
                3 => {
                    let any = char::from_u32(u32::try_from(self.below(0x300)).unwrap());
                    text.insert(at, any.unwrap_or('x'));
                }
                _ => text.insert_str(at, PIECES[self.below(PIECES.len())]),
            }
        }
        text
    }
}

/// One reader, its name, and what it starts from.
type Reader = (&'static str, Vec<String>, fn(&str, &mut Draws));

fn readers() -> Vec<Reader> {
    let texts: Vec<String> = EXAMPLES.iter().map(|example| example.text().to_owned()).collect();
    let saved = Playground::new().save();
    let objects: Vec<String> = texts
        .iter()
        .flat_map(|text| Manifest::parse(text).documents)
        .map(|document| document.value().to_string())
        .collect();
    let workspace = workspaces::Workspace { name: "Lab".into(), saved: saved.clone() };
    vec![
        ("parse", texts.clone(), parse),
        ("patch", texts, patch),
        ("decode", objects, decode),
        ("share link", vec![share::fragment(&saved)], link),
        ("command lines", LINES.iter().map(|line| (*line).to_owned()).collect(), command),
        ("saved state", vec![saved, workspaces::export(&[workspace])], saved_state),
    ]
}

fn parse(text: &str, _: &mut Draws) {
    let manifest = Manifest::parse(text);
    for found in manifest.diagnostics.iter().chain(&manifest.hints()) {
        assert!(text.get(found.range.clone()).is_some(), "a place outside of the text");
        for fix in manifest.fixes(found) {
            let _ = fix.apply(text);
        }
    }
    let _ = export::tar_gz(&export::chart(&manifest));
    let _ = export::kustomization(&manifest);
}

fn patch(text: &str, draws: &mut Draws) {
    let manifest = Manifest::parse(text).selecting(draws.below(3));
    let values = ["3", "", "a: b", "x\ny", "OnDelete", "exec", "true", "\u{feff}", "- x"];
    for _ in 0..3 {
        let field = FIELDS[draws.below(FIELDS.len())].field;
        let value = (draws.below(4) > 0).then(|| values[draws.below(values.len())]);
        if let Ok(edited) = form::set(&manifest, field, value) {
            let _ = Manifest::parse(&edited.text);
        }
    }
}

fn decode(text: &str, draws: &mut Draws) {
    let kinds: Vec<Kind> = Kind::checked().collect();
    let kind = kinds[draws.below(kinds.len())];
    let kubernetes = Kubernetes::default();
    let _ = request::post(text, kind, "default", &kubernetes, Run::Dry);
    if let Ok(value) = json::parse(text) {
        let own = value.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default();
        if let Some(own) = kinds.iter().find(|kind| kind.name() == own) {
            let _ = request::create(&value, *own, "default", &kubernetes, Run::Real);
        }
    }
}

fn link(text: &str, draws: &mut Draws) {
    let _ = Playground::shared(text);
    // And damaged work in a link that is whole.
    if draws.below(3) == 0 {
        let _ = Playground::shared(&share::fragment(text));
    }
}

fn saved_state(text: &str, _: &mut Draws) {
    let _ = workspaces::import(text);
    if let Ok(playground) = Playground::restore(text) {
        let _ = Playground::restore(&playground.save()).expect("what is saved can be opened");
    }
}

/// Lines that mutations begin with.
const LINES: [&str; 24] = [
    "kubectl get po -o wide | grep -v web | awk '{print $1}' | sort | uniq -c",
    "kubectl get po,sts,svc,pvc,pv,ep,ev,no -A --show-labels -L app",
    "kubectl get sts web -o jsonpath='{range .spec.template.spec.containers[*]}{.name}{\"\\n\"}{end}'",
    "kubectl get po -o custom-columns=N:.metadata.name,I:.spec.containers[0].image --sort-by=.metadata.name",
    "kubectl get po -l 'app in (nginx),!x' --field-selector=status.phase!=Running -o yaml",
    "kubectl describe po web-0; kubectl describe sts,svc,no,pvc",
    "kubectl patch sts web -p '{\"spec\":{\"replicas\":2}}' --type=merge --dry-run=server",
    "kubectl patch sts web --type=json -p='[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]'",
    "kubectl scale sts/web --replicas=5 --current-replicas=3",
    "kubectl set image sts/web nginx=nginx:2 && kubectl rollout undo sts/web --to-revision=1",
    "kubectl delete pod web-1 --grace-period=0 --force --wait=false",
    "kubectl apply -f manifest.yaml --server-side; kubectl diff -f manifest.yaml",
    "cat <<EOF | kubectl create -f - --validate=warn\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\nEOF",
    "kubectl label po --all a=b c- --overwrite; kubectl annotate sts web x=y",
    "kubectl taint node minikube a=b:NoSchedule; kubectl drain minikube --force --timeout=1s",
    "kubectl wait --for=jsonpath='{.status.readyReplicas}'=3 sts/web --timeout=1s",
    "kubectl exec web-0 -c nginx -- sh -c 'echo $HOSTNAME > /tmp/x; ls -l / | head -3; df'",
    "kubectl run x --image=busybox -it --rm --restart=Never -- nslookup web-0.nginx",
    "kubectl create pdb web --selector=app=nginx --max-unavailable=1; kubectl autoscale sts web --max=3",
    "kubectl explain sts.spec --recursive; kubectl api-resources -o wide --sort-by=kind",
    "KUBE_EDITOR=\"sed -i s/3/2/\" kubectl edit sts web",
    "kubectl rollout history sts/web --revision=1; kubectl events --for sts/web --types=Warning",
    "kubectl expose svc nginx --name=n --port=80,81 --type=NodePort; kubectl cp web-0:/etc/hostname x",
    "for i in $(seq 3); do kubectl logs web-0 --previous --tail=2; done",
];

/// Enters a text in the terminal of a cluster whose pods run.
fn command(text: &str, _: &mut Draws) {
    thread_local! {
        static BEGUN: Playground = {
            let mut playground = Playground::new();
            (0..200).for_each(|_| drop(playground.update(Action::Tick { elapsed_ms: 100 })));
            playground
        };
    }
    let begun = BEGUN.with(Playground::save);
    let mut playground = Playground::restore(&begun).expect("what is saved can be opened");
    for line in text.split('\n').take(20) {
        playground.update(Action::Command(line.into()));
        playground.update(Action::Tick { elapsed_ms: 100 });
    }
    playground.update(Action::Interrupt);
    let _ = playground.complete(text, text.len() / 2);
}

#[test]
fn nothing_that_is_brought_panics_or_hangs() {
    let number = |name: &str, default: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let inputs = number("FUZZ_INPUTS", 2_500);
    let mut draws = Draws(number("FUZZ_SEED", 1) as u64);
    let readers = readers();
    let each = inputs.div_ceil(readers.len());
    for (name, seeds, read) in readers {
        let start = Instant::now();
        let (mut slowest, mut told) = (Duration::ZERO, 0);
        for done in 0..each {
            let input = draws.input(&seeds);
            let began = Instant::now();
            let caught =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&input, &mut draws)));
            assert!(caught.is_ok(), "{name} panics at {input:?}");
            let took = began.elapsed();
            assert!(took < LIMIT, "{name} takes {took:?} for {input:?}");
            slowest = slowest.max(took);
            if done * 10 / each > told {
                told = done * 10 / each;
                eprintln!("{name}: {done} of {each}");
            }
        }
        println!("{name}: inputs {each}, panics 0, slowest {slowest:?}, in {:?}", start.elapsed());
    }
}
