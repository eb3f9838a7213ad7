//! Whether the page's tables and cards say what `kubectl get` prints at that instant.

use super::sessions::Random;
use statefulset_playground::client::Seat;
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::{Cluster, Input, Millis, Outcome};
use statefulset_playground::scene::{Printed, Scene, columns};
use statefulset_playground::terminal::computer::Terminal;
use statefulset_playground::terminal::output::Stream;
use statefulset_playground::terminal::world::World;
use std::collections::BTreeMap;

/// One step in so many is looked at.
const ONE_IN: u64 = 160;

/// What is printed.
const RESOURCES: [&str; 10] = [
    "pods",
    "persistentvolumeclaims",
    "events",
    "nodes",
    "persistentvolumes",
    "storageclasses",
    "poddisruptionbudgets",
    "services",
    "endpoints",
    "statefulsets",
];

/// So long after a step the page is looked at, at most, if nothing happens before.
const LATER: Millis = 9_000;

/// A cluster at an instant, of which commands read.
struct At<'a>(&'a Cluster, Millis);

impl Seat for At<'_> {
    fn at(&self) -> Millis {
        self.1
    }

    fn with<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        read(self.0)
    }

    fn submit(&mut self, _input: Input) -> Outcome {
        panic!("nothing is changed by a look")
    }
}

impl World for At<'_> {}

/// What `kubectl get` printed: rows by title.
type Table = Vec<BTreeMap<String, String>>;

/// Prints the objects of a resource.
fn get(resource: &str, cluster: &Cluster, now: Millis) -> Table {
    let mut terminal = Terminal::default();
    terminal.submit(&format!("kubectl get {resource} -A -o wide"), &mut At(cluster, now));
    let out = terminal.take_output().into_iter().filter(|(stream, _)| *stream == Stream::Out);
    let text: String = out.map(|(_, text)| text).collect();
    let mut lines = text.lines().map(|line| line.chars().collect::<Vec<char>>());
    let Some(header) = lines.next() else {
        return Vec::new();
    };
    let begins = |at: &usize| {
        let is_blank = |at: usize| header.get(at) == Some(&' ');
        !is_blank(*at) && (*at == 0 || (is_blank(at - 1) && is_blank(at.saturating_sub(2))))
    };
    let starts: Vec<usize> = (0..header.len()).filter(begins).collect();
    let cell = |line: &[char], index: usize| {
        let end = starts.get(index + 1).copied().unwrap_or(usize::MAX).min(line.len());
        let cell: String = line[starts[index].min(end)..end].iter().collect();
        cell.trim_end().to_owned()
    };
    let row = |line: Vec<char>| {
        (0..starts.len()).map(|index| (cell(&header, index), cell(&line, index))).collect()
    };
    lines.map(row).collect()
}

/// Looks at random instants of random sessions.
pub struct Observer {
    random: Random,
    printed: Printed,
    /// How often it looked, and how many cells it compared.
    pub instants: usize,
    pub cells: usize,
}

impl Observer {
    pub fn new(seed: u64) -> Self {
        let random = Random::new(seed ^ 0x0B5E_47E4);
        Self { random, printed: Printed::default(), instants: 0, cells: 0 }
    }

    /// Looks at the page some time after a step, if its turn has come.
    pub fn step(&mut self, cluster: &Cluster) {
        if !self.random.chance(ONE_IN) {
            return;
        }
        let now = cluster.now();
        let room = cluster.next_at().map_or(LATER, |at| at.saturating_sub(now).min(LATER));
        let later = self.random.below(room.max(1));
        self.look(cluster, now + later);
    }

    /// Compares what one command prints, drawn by lot: to enter all of them takes long.
    fn look(&mut self, cluster: &Cluster, now: Millis) {
        self.instants += 1;
        let key = Key::new("default", "web");
        let scene = Scene::after(&mut self.printed, cluster, &key, "", now);
        let resource = self.random.one_of(&RESOURCES);
        let printed = get(resource, cluster, now);
        let (titles, rows): (_, Vec<Vec<String>>) = match resource {
            "pods" => {
                self.pod_cards(&scene, &printed);
                (columns::PODS, scene.pods.iter().map(|row| row.cells()).collect())
            }
            "persistentvolumeclaims" => {
                self.claim_cards(&scene, &printed);
                (columns::CLAIMS, scene.claims.iter().map(|row| row.cells()).collect())
            }
            "events" => (columns::EVENTS, scene.events.iter().map(|row| row.cells()).collect()),
            "nodes" => {
                let known = scene.nodes.iter().filter(|row| !row.status.is_empty());
                (columns::NODES, known.map(|row| row.cells()).collect())
            }
            "persistentvolumes" => (columns::VOLUMES, others(&scene, "PersistentVolumes")),
            "storageclasses" => (columns::CLASSES, others(&scene, "StorageClasses")),
            "poddisruptionbudgets" => (columns::BUDGETS, others(&scene, "PodDisruptionBudgets")),
            _ => return self.services(&scene, resource, &printed),
        };
        let left_out = scene.left_out;
        assert_eq!(left_out.pods + left_out.claims + left_out.events, 0, "sessions are small");
        self.compare(resource, titles, rows, &printed);
    }

    /// What the page shows of Services, endpoints and the set, which have no tables.
    fn services(&mut self, scene: &Scene, resource: &str, printed: &Table) {
        for service in &scene.services {
            let row = find(printed, &service.namespace, &service.name);
            match resource {
                "services" => {
                    let row = row.expect("kubectl prints it too");
                    self.same("service", &service.cluster_ip, &row["CLUSTER-IP"]);
                }
                "endpoints" => {
                    // A Service that was made this moment has none yet.
                    let cell = row.map_or("<none>", |row| &row["ENDPOINTS"]);
                    let shown = service.ready.len().to_string();
                    self.same("endpoints", &shown, &addresses(cell).to_string());
                }
                _ => {}
            }
        }
        if let (Some(set), "statefulsets") = (&scene.set, resource) {
            let row = row_of(printed, &set.namespace, &set.name);
            self.same("set", &format!("{}/{}", set.ready, set.replicas), &row["READY"]);
        }
    }

    fn pod_cards(&mut self, scene: &Scene, pods: &Table) {
        for card in scene.slots.iter().filter_map(|slot| slot.pod.as_ref()) {
            let printed = row_of(pods, &card.namespace, &card.name);
            self.same("card", &card.status, &printed["STATUS"]);
            self.same("card", &card.ready, &printed["READY"]);
            self.same("card", &card.restarts, &printed["RESTARTS"]);
            let label = format!("{}, {}, Ready {}", card.name, printed["STATUS"], printed["READY"]);
            self.same("card", &card.label, &label);
        }
    }

    fn claim_cards(&mut self, scene: &Scene, claims: &Table) {
        for card in scene.slots.iter().flat_map(|slot| &slot.claims) {
            let printed = row_of(claims, &card.namespace, &card.name);
            self.same("claim", &card.status, &printed["STATUS"]);
            if !printed["CAPACITY"].is_empty() {
                self.same("claim", &card.size, &printed["CAPACITY"]);
            }
        }
    }

    /// Compares all rows of a table in the columns that kubectl has too, whatever their order.
    fn compare(&mut self, what: &str, titles: &[&str], rows: Vec<Vec<String>>, printed: &Table) {
        let titles: Vec<&str> = titles.iter().filter(|it| **it != "ACTIONS").copied().collect();
        let is_printed = |at: &usize| !columns::OWN.contains(&titles[*at]);
        let both: Vec<usize> = (0..titles.len()).filter(is_printed).collect();
        let ours = rows.iter().map(|row| {
            assert_eq!(row.len(), titles.len(), "{what}");
            both.iter().map(|at| row[*at].as_str()).collect::<Vec<&str>>()
        });
        let theirs = printed.iter().map(|row| {
            let cell = |at: &usize| row.get(titles[*at]).map_or("no such column", String::as_str);
            both.iter().map(cell).collect::<Vec<&str>>()
        });
        let (mut ours, mut theirs): (Vec<_>, Vec<_>) = (ours.collect(), theirs.collect());
        ours.sort();
        theirs.sort();
        self.cells += ours.len() * both.len();
        assert_eq!(ours, theirs, "{what}: the page, and kubectl");
    }

    fn same(&mut self, what: &str, shown: &str, printed: &str) {
        self.cells += 1;
        assert_eq!(shown, printed, "{what}: the page, and kubectl");
    }
}

/// The rows of a table that is shown only if it has any.
fn others(scene: &Scene, name: &str) -> Vec<Vec<String>> {
    let shown = scene.others.iter().find(|table| table.name == name);
    shown.into_iter().flat_map(|table| &table.rows).map(|row| row.cells.clone()).collect()
}

fn row_of<'a>(table: &'a Table, namespace: &str, name: &str) -> &'a BTreeMap<String, String> {
    find(table, namespace, name).unwrap_or_else(|| panic!("kubectl does not print {name}"))
}

fn find<'a>(table: &'a Table, namespace: &str, name: &str) -> Option<&'a BTreeMap<String, String>> {
    let is_it = |row: &&BTreeMap<String, String>| {
        row.get("NAMESPACE").is_none_or(|own| own == namespace) && row["NAME"] == name
    };
    table.iter().find(is_it)
}

/// How many addresses a cell tells of: each has one port.
fn addresses(cell: &str) -> usize {
    if ["", "<none>"].contains(&cell) {
        return 0;
    }
    let (listed, more) = cell.split_once(" + ").unwrap_or((cell, "0 more..."));
    let more = more.split(' ').next().and_then(|count| count.parse::<usize>().ok());
    listed.split(',').count() + more.expect("a count")
}
