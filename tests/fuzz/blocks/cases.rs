//! What from outside takes long: each hostile input with the way in which the page plays it.

use super::made;
use super::trial::Trial;
use statefulset_playground::playground::Action;

/// An input, and how it is brought.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// Brings it.
    pub play: fn(&mut Trial),
}

macro_rules! cases {
    ($($name:literal => $play:expr;)*) => {
        /// Every input.
        pub const CASES: &[Case] = &[$(Case { name: $name, play: $play }),*];
    };
}

cases! {
    // Saved work and links.
    "saved: playhead in 30 years, a container that crashes again and again" => |it| {
        it.open(&made::crashing(30 * made::YEAR_MS));
    };
    "saved: horizon in 30 years" => |it| {
        it.open(&made::saved(|tree| tree["horizon"] = (30 * made::YEAR_MS).into()));
    };
    "saved: playhead at the end of u64" => |it| {
        it.open(&made::saved(|tree| tree["playhead"] = u64::MAX.into()));
    };
    "saved: speed at the end of u32" => |it| {
        it.open(&made::saved(|tree| tree["speed"] = u32::MAX.into()));
    };
    "saved: an input at the end of u64" => |it| {
        it.open(&made::saved(|tree| tree["session"]["inputs"][0]["at"] = u64::MAX.into()));
    };
    "saved: an input and the playhead at the end of u64" => |it| {
        it.open(&made::saved(|tree| {
            tree["session"]["inputs"][0]["at"] = u64::MAX.into();
            tree["playhead"] = u64::MAX.into();
        }));
    };
    "saved: 60,000 inputs" => |it| it.open(&made::inputs(60_000));
    "saved: 60,000 inputs, an hour apart" => |it| it.open(&made::inputs_apart(60_000, 3_600_000));
    "saved: 100,000 pauses" => |it| it.open(&made::pauses(100_000));
    "saved: 255 nodes with 4,000,000,000 pods each" => |it| {
        it.open(&made::saved(|tree| {
            tree["session"]["config"]["nodes"] = 255.into();
            tree["session"]["config"]["pods_per_node"] = u32::MAX.into();
        }));
    };
    "saved: deeds of an earlier release over 30 years" => |it| {
        it.open(&made::of_an_earlier_release(30 * made::YEAR_MS));
    };
    "saved: 1,000 pods, an hour" => |it| {
        it.open(&made::applied(&made::set("web", 1_000, ""), 3_600_000));
    };
    "saved: a history that is full" => |it| {
        it.open(&made::applied(&made::set("web", 1_000, ""), 30 * made::YEAR_MS));
    };
    "saved: a history that is full of probes" => |it| {
        let probe = "{tcpSocket: {port: 80}, periodSeconds: 1}";
        it.open(&made::applied(&made::probes(probe), 30 * made::YEAR_MS));
        it.act(Action::Seek(1_000_000));
        it.act(Action::Command("kubectl delete pod web-0 --wait=false".into()));
        it.act(Action::Undo);
    };
    "link: that unfolds to 8 MiB of white space" => |it| it.link(&" ".repeat(8_000_000));
    "link: that unfolds to 8 MiB of brackets" => |it| it.link(&"[".repeat(8_000_000));
    "link: that unfolds to 8 MiB of empty lists" => |it| it.link(&format!("[{}0]", "[],".repeat(2_600_000)));

    // Manifests.
    "manifest: 24,000 keys" => |it| it.manifest(&made::keys(24_000));
    "manifest: 9,000 keys" => |it| it.manifest(&made::keys(9_000));
    "manifest: 10,000 annotations" => |it| it.manifest(&made::annotations(10_000));
    "manifest: 50 claim templates" => |it| it.manifest(&made::claims(50, 10));
    "manifest: 500 containers" => |it| it.manifest(&made::containers(500, 3));
    "manifest: 300 sets" => |it| it.manifest(&made::sets(300));
    "manifest: 100 sets" => |it| it.manifest(&made::sets(100));
    "manifest: 5,000 replicas" => |it| it.manifest(&made::set("web", 5_000, ""));
    "manifest: 5,000 replicas at once" => |it| {
        it.manifest(&made::set("web", 5_000, "podManagementPolicy: Parallel"));
    };
    "manifest: 20,000 replicas" => |it| it.manifest(&made::set("web", 20_000, ""));
    "manifest: 2,000,000,000 replicas" => |it| it.manifest(&made::set("web", 2_000_000_000, ""));
    "manifest: a Deployment of 2,000,000,000" => |it| {
        it.manifest(&made::deployment("Deployment", 2_000_000_000));
    };
    "manifest: a ReplicaSet of 20,000" => |it| it.manifest(&made::deployment("ReplicaSet", 20_000));
    "manifest: ordinals from 2,147,483,647" => |it| {
        it.manifest(&made::set("web", 3, "ordinals: {start: 2147483647}"));
    };
    "manifest: minReadySeconds at the end of i32" => |it| {
        it.manifest(&made::set("web", 3, "minReadySeconds: 2147483647"));
    };
    "manifest: grace period at the end of i64" => |it| {
        it.manifest(&made::template("terminationGracePeriodSeconds: 9223372036854775807"));
        it.line("kubectl delete pod web-0 --wait=false");
        it.ticks(50);
    };
    "manifest: probes at the end of i32" => |it| {
        let all = "2147483647";
        it.manifest(&made::probes(&format!(
            "{{tcpSocket: {{port: 80}}, periodSeconds: {all}, initialDelaySeconds: {all}, \
             timeoutSeconds: {all}, failureThreshold: {all}}}"
        )));
    };
    "manifest: toleration at the end of i64" => |it| {
        it.manifest(&made::template(
            "tolerations: [{operator: Exists, effect: NoExecute, tolerationSeconds: 9223372036854775807}]",
        ));
    };
    "manifest: YAML nested ten thousand deep" => |it| it.manifest(&"[".repeat(10_000));
    "manifest: YAML nested by indentation" => |it| it.manifest(&made::indented(400));
    "manifest: JSON nested ten thousand deep" => |it| it.manifest(&"{\"a\":".repeat(10_000));
    "manifest: anchors that double" => |it| it.manifest(&made::anchors(60));
    "manifest: 256 KiB of white space" => |it| it.manifest(&" ".repeat(256 << 10));
    "manifest: 256 KiB of colons" => |it| it.manifest(&":".repeat(256 << 10));
    "manifest: 256 KiB of quotes" => |it| it.manifest(&"'\"".repeat(128 << 10));
    "manifest: 256 KiB of one-letter lines" => |it| it.manifest(&"a\n".repeat(128 << 10));
    "manifest: 256 KiB of a list" => |it| it.manifest(&"- a\n".repeat(64 << 10));
    "manifest: 64 MiB" => |it| it.manifest(&"a: b\n".repeat((64 << 20) / 5));

    // Time.
    "time: 1,000 pods at 64" => |it| {
        it.manifest(&made::set("web", 1_000, "podManagementPolicy: Parallel"));
        it.act(Action::SetSpeed(64));
        it.ticks(400);
    };
    "time: back and forth in an hour of 100 pods" => |it| {
        it.manifest(&made::set("web", 100, "podManagementPolicy: Parallel"));
        it.act(Action::SetSpeed(64));
        it.ticks(100);
        it.line("sleep 3600");
        it.ticks(700);
        it.act(Action::Interrupt);
        for at in [0, 600_000, 10_000, 500_000, 1, 700_000] {
            it.act(Action::Seek(at));
        }
        it.act(Action::Undo);
        it.act(Action::Redo);
    };
    "time: what would happen with 1,000 pods" => |it| {
        it.text(&made::set("web", 1_000, ""));
        it.forecast();
    };
    "time: undo after an hour of 1,000 pods" => |it| {
        it.open(&made::applied(&made::set("web", 1_000, "podManagementPolicy: Parallel"), 1_200_000));
        it.line("kubectl delete pod web-0 --wait=false");
        it.act(Action::Undo);
        it.act(Action::Redo);
    };
    "lesson: acts that wait for hours" => |it| it.lesson(&made::waiting_lesson(3_600, 500));

    "lesson: acts that wait for hours with 500 pods that are probed" => |it| {
        it.lesson(&made::probed_lesson(3_600, 500));
    };

    // The terminal.
    "terminal: create deployment --replicas=20000" => |it| it.line("kubectl create deployment a --image=nginx --replicas=20000");
    "terminal: scale a deployment to 2,000,000,000" => |it| {
        it.line("kubectl create deployment a --image=nginx; kubectl scale deployment a --replicas=2000000000");
    };
    "terminal: scale a set to 5,000" => |it| it.line("kubectl scale sts web --replicas=5000");
    "terminal: scale a set to 2,000,000,000" => |it| it.line("kubectl scale sts web --replicas=2000000000");
    "terminal: a deployment of 2,000" => |it| {
        it.line("kubectl create deployment a --image=nginx --replicas=2000");
        it.line("kubectl get pods | wc -l; kubectl rollout restart deployment a");
        it.line("kubectl scale deployment a --replicas=10");
    };
    "terminal: patch the replicas of a set" => |it| {
        it.line("kubectl patch sts web -p '{\"spec\":{\"replicas\":2000000000}}'");
    };
    "terminal: set replicas of a controller" => |it| {
        it.file("rc.yaml", &made::controller(2_000_000_000));
        it.line("kubectl apply -f rc.yaml");
        it.file("job.yaml", &made::job(2_000_000_000));
        it.line("kubectl apply -f job.yaml");
    };
    "terminal: seq" => |it| it.line("seq 1 99999999999");
    "terminal: seq and wc" => |it| it.line("for i in $(seq 1 500000); do echo $i; done | wc -l");
    "terminal: braces" => |it| it.line("echo {1..999999999} | wc -c");
    "terminal: braces of braces" => |it| {
        it.line("echo {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b} | wc -c");
    };
    "terminal: a loop without an end" => |it| it.line("while true; do echo a; done");
    "terminal: a loop without an end that sleeps" => |it| it.line("while true; do sleep 0; done");
    "terminal: loops in loops" => |it| {
        it.line("for a in $(seq 1 1000); do for b in $(seq 1 1000); do for c in $(seq 1 1000); do :; done; done; done");
    };
    "terminal: a text that doubles" => |it| {
        it.line("a=aaaaaaaaaaaaaaaa; for i in $(seq 1 60); do a=$a$a$a$a; done; echo $a | wc -c");
    };
    "terminal: kubectl in a loop" => |it| {
        it.line("while true; do kubectl get pods -A -o yaml > /dev/null; done");
    };
    "terminal: kubectl describe in a loop" => |it| {
        it.line("for i in $(seq 1 2000); do kubectl describe pods > /dev/null; done");
    };
    "terminal: kubectl run in a loop" => |it| {
        it.line("for i in $(seq 1 2000); do kubectl run p$i --image=nginx; done");
    };
    "terminal: aliases that call each other" => |it| {
        it.line("alias a='b; b'; alias b='c; c'; alias c='d; d'; alias d='a; a'");
        it.line("a");
    };
    "terminal: functions of pipes" => |it| it.line(&vec!["cat"; 2_000].join(" | "));
    "terminal: groups in groups" => |it| {
        it.line(&format!("{}echo a{}", "( ".repeat(10_000), " )".repeat(10_000)));
    };
    "terminal: substitutions in substitutions" => |it| {
        it.line(&format!("{}echo a{}", "echo $(".repeat(5_000), ")".repeat(5_000)));
    };
    "terminal: if in if" => |it| {
        it.line(&format!("{}echo a; {}", "if true; then ".repeat(4_000), "fi; ".repeat(4_000)));
    };
    "terminal: arithmetic nested" => |it| {
        it.line(&format!("echo $(( {}1{} ))", "(".repeat(20_000), ")".repeat(20_000)));
    };
    "terminal: arithmetic of signs" => |it| it.line(&format!("echo $(( {}1 ))", "-".repeat(60_000)));
    "terminal: arithmetic at the edge" => |it| {
        it.line("echo $(( -9223372036854775808 / -1 )) $(( 9223372036854775807 + 1 )) $(( 2 ** 999999999 ))");
    };
    "terminal: conditions nested" => |it| {
        it.line(&format!("[[ {}a == a{} ]]", "( ".repeat(10_000), " )".repeat(10_000)));
        it.line(&format!("[ {}a ]", "! ".repeat(20_000)));
    };
    "terminal: grep over megabytes" => |it| {
        it.file("big.txt", &"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n".repeat(8_000));
        it.line("grep -E '(a*)*c' big.txt; grep -c '.*.*.*x' big.txt; grep -E '(a|aa)+$' big.txt | wc -l");
    };
    "terminal: grep over one line of a megabyte" => |it| {
        it.file("big.txt", &"a".repeat(250_000));
        it.line("grep -oE 'a' big.txt | wc -l; grep -E '(a+)+b' big.txt; grep -E 'a{1000}b' big.txt");
    };
    "terminal: a regex that is large" => |it| {
        it.line("echo aaaa | grep -E '((a{0,99}){0,99}){0,99}'; echo a | grep -E '(((((((((((a{1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9})'");
    };
    "terminal: sed over megabytes" => |it| {
        it.file("big.txt", &"a b c d e f g h\n".repeat(16_000));
        it.line("sed -E 's/([a-z])/\\1\\1\\1\\1/g' big.txt | wc -c; sed 's/a*b*c*/x/g' big.txt | wc -c");
    };
    "terminal: sort, uniq, tr, awk, cut over megabytes" => |it| {
        it.file("big.txt", &made::numbers(40_000));
        it.line("sort big.txt | uniq -c | sort -rn | head -3; tr 1 2 < big.txt | wc -l; cut -c1 big.txt | sort -u; awk '{print $1}' big.txt | tail -1");
    };
    "terminal: cat of itself" => |it| {
        it.line("echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa > a; for i in $(seq 1 60); do cat a a > b; cat b b > a; done; wc -c a");
    };
    "terminal: a pipe that is fed for ever" => |it| it.line("yes | head -n 99999999 | wc -l");
    "terminal: jsonpath nested a thousand deep" => |it| {
        it.line(&format!("kubectl get pods -o jsonpath='{}.a{}'", "{range .items[*]}".repeat(1_000), "{end}".repeat(1_000)));
        it.line(&format!("kubectl get pods -o jsonpath='{{{}}}'", "[?(@.a==1)]".repeat(3_000)));
        it.line(&format!("kubectl get pods -o jsonpath='{{{}1}}'", "[?(@".repeat(10_000)));
    };
    "terminal: jsonpath that descends" => |it| {
        it.line(&format!("kubectl get pods -A -o jsonpath='{{{}}}' | wc -c", "..*".repeat(12)));
        it.line(&format!("kubectl get pods -A -o jsonpath='{}'", "{..*}".repeat(1_000)));
    };
    "terminal: jsonpath of unions" => |it| {
        it.line(&format!("kubectl get pods -o jsonpath='{{.items{}}}' | wc -c", "[*,*]".repeat(16)));
        it.line(&format!("kubectl get pods -o jsonpath='{{{}}}' | wc -c", "['items','items'][*,*,*]..metadata".repeat(8)));
    };
    "terminal: jsonpath ranges" => |it| {
        it.line("kubectl get pods -o jsonpath='{range .items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{range $.items[*]}{.metadata.name}{end}{end}{end}{end}{end}{end}{end}{end}{end}{end}{end}{end}{end}' | wc -c");
    };
    "terminal: go-template" => |it| {
        it.line("kubectl get pods -o go-template='{{range .items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}{{range $.items}}x{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}' | wc -c");
        it.line(&format!("kubectl get pods -o go-template='{}x{}'", "{{if true}}".repeat(3_000), "{{end}}".repeat(3_000)));
        it.line(&format!("kubectl get pods -o go-template='{{{{{}1{}}}}}'", "(".repeat(10_000), ")".repeat(10_000)));
    };
    "terminal: custom columns" => |it| {
        it.line(&format!("kubectl get pods -A -o custom-columns={}A:..* | wc -c", "A:..*,".repeat(1_000)));
    };
    "terminal: selectors" => |it| {
        it.line(&format!("kubectl get pods -l '{}a=b'", "a in (a,b,c),".repeat(4_000)));
        it.line(&format!("kubectl get pods -l 'a in ({}a)'", "a,".repeat(8_000)));
        it.line(&format!("kubectl get pods --field-selector '{}status.phase=Running'", "status.phase=Running,".repeat(2_000)));
    };
    "terminal: apply of 300 objects" => |it| {
        it.file("sets.yaml", &made::sets(300));
        it.line("kubectl apply -f sets.yaml");
        it.line("kubectl apply -f sets.yaml");
        it.line("kubectl get all -o wide | wc -l; kubectl get sts,pods -o yaml | wc -l");
        it.line("kubectl delete -f sets.yaml --wait=false");
    };
    "terminal: apply of 1,000 ConfigMaps" => |it| {
        it.file("maps.yaml", &made::maps(1_000));
        it.line("kubectl apply -f maps.yaml");
        it.line("kubectl apply --server-side -f maps.yaml");
        it.line("kubectl diff -f maps.yaml");
        it.line("kubectl delete -f maps.yaml");
    };
    "terminal: what is done to 2,000 pods" => |it| {
        it.line("kubectl create deployment a --image=nginx --replicas=2000");
        it.line("kubectl label pods --all a=b");
        it.line("kubectl get pods -o wide | wc -l");
        it.line("kubectl delete pods --all");
    };
    "terminal: apply of an object of 24,000 keys" => |it| {
        it.file("keys.yaml", &made::keys(24_000));
        it.line("kubectl apply -f keys.yaml");
    };
    "terminal: apply of an object of 9,000 keys" => |it| {
        it.file("keys.yaml", &made::keys(9_000));
        it.line("kubectl apply -f keys.yaml");
        it.line("kubectl apply -f keys.yaml");
        it.line("kubectl get cm big -o yaml | wc -l; kubectl describe cm big | wc -l");
        it.line("kubectl apply --server-side --force-conflicts -f keys.yaml");
        it.line("kubectl diff -f keys.yaml");
        it.line("kubectl annotate cm big a=b; kubectl label cm big a=b; kubectl delete cm big");
    };
    "terminal: a patch of 10,000 operations" => |it| {
        it.line("kubectl create cm a --from-literal=a=b");
        it.file("patch.json", &made::operations(10_000));
        it.line("kubectl patch cm a --type=json --patch-file=patch.json");
        it.file("copy.json", &made::copies(60));
        it.line("kubectl patch cm a --type=json --patch-file=copy.json");
        it.file("deep.json", &format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000)));
        it.line("kubectl patch cm a --type=merge --patch-file=deep.json");
    };
    "terminal: deep YAML and JSON" => |it| {
        it.file("deep.json", &format!("{}1{}", "{\"a\":".repeat(36_000), "}".repeat(40_000)));
        it.line("kubectl apply -f deep.json");
        it.file("deep.yaml", &"- ".repeat(120_000));
        it.line("kubectl apply -f deep.yaml");
        it.file("anchors.yaml", &made::anchors(60));
        it.line("kubectl apply -f anchors.yaml");
        it.file("flow.yaml", &"[".repeat(200_000));
        it.line("kubectl apply -f flow.yaml; helm template chart -f flow.yaml; helm template chart -f deep.yaml; helm template chart -f anchors.yaml");
    };
    "terminal: helm values" => |it| {
        it.line(&format!("helm template chart --set '{}=1'", vec!["a"; 5_000].join(".")));
        it.line("helm template chart --set 'a[999999999]=1'; helm template chart --set replicaCount=2000000000");
        it.line(&format!("helm template chart --set '{}'", "a={b,".repeat(3_000)));
    };
    "terminal: 500 files" => |it| {
        it.line("for i in $(seq 1 1500); do echo a > f$i; done; ls | wc -l; cat f* | wc -c");
    };
    "terminal: globs" => |it| {
        it.line("for i in $(seq 1 400); do echo a > aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa$i; done");
        it.line(&format!("ls {}b", "*a".repeat(40)));
        it.line(&format!("case {} in {}b) echo a;; esac; [[ {} == {}b ]]", "a".repeat(20_000), "*a".repeat(1_000), "a".repeat(20_000), "*a".repeat(1_000)));
    };
    "terminal: expansions of variables" => |it| {
        it.line("a=$(seq 1 90000 | tr -d '\\n'); echo ${a//1/22} | wc -c; echo ${a%%*9*9*9*9*9*9x} | wc -c; echo ${a##*9*9*9*9*9x} | wc -c");
    };
    "terminal: events by the thousand" => |it| {
        it.line("for i in $(seq 1 900); do kubectl annotate pod web-0 a=$i --overwrite; done");
        it.line("kubectl get events | wc -l; kubectl describe sts web | wc -l");
    };
    "terminal: watch for an hour" => |it| {
        it.act(Action::SetSpeed(64));
        it.line("watch -n 0.1 kubectl get pods -A");
        it.ticks(200);
    };
    "terminal: drain and rollout with 1,000 pods" => |it| {
        it.line("kubectl delete svc nginx; kubectl scale sts web --replicas=300");
        it.act(Action::SetSpeed(64));
        it.ticks(200);
        it.line("kubectl get pods -o wide -w");
        it.ticks(200);
    };
    "terminal: sleep for years" => |it| {
        it.act(Action::SetSpeed(64));
        it.line("sleep 9999999999");
        it.ticks(100);
        it.line("sleep 99999999999999999999d");
    };
    "terminal: exec in a loop" => |it| {
        it.ticks(100);
        it.line("kubectl exec web-0 -- sh -c 'while true; do echo a; done'");
        it.line("kubectl exec web-0 -- sh -c 'seq 1 9999999999'");
        it.line("kubectl exec web-0 -- sh -c 'i=0; while true; do i=$((i+1)); echo $i >> /tmp/a; done'");
    };
    "terminal: a line of 64 KiB" => |it| it.line(&format!("echo {}", "a ".repeat(32_000)));
    "terminal: a line that is too long" => |it| it.line(&"a".repeat(10_000_000));
    "terminal: 10,000 lines of an unfinished command" => |it| {
        (0..10_000).for_each(|_| it.act(Action::Command("echo 'a".into())));
    };
}
