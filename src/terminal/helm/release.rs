//! Releases: what Helm remembers, in Secrets of the cluster.
//!
//! Upstream: `pkg/release/release.go`, `pkg/storage/driver/{secrets,util}.go`.

use super::chart::Chart;
use super::ground::{Context, Failure};
use super::render::Part;
use crate::api::Resource;
use crate::api::timestamp::Moment;
use crate::api::{Tree, base64};
use crate::packing;
use crate::terminal::world::{Change, FieldValidation, Request, World};
use serde_json::{Value, json};
use std::rc::Rc;

/// The type of the Secrets.
const TYPE: &str = "helm.sh/release.v1";
/// The most that a release may unfold to, in bytes.
const MOST: u64 = 4 << 20;

/// A release.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its number, from 1.
    pub version: i64,
    /// `deployed`, `failed`, `superseded`, `uninstalled`, `pending-install` and so on.
    pub status: String,
    /// When the first one of its name was deployed, as RFC 3339.
    pub first_deployed: String,
    /// When it was deployed, as RFC 3339.
    pub last_deployed: String,
    /// When it was uninstalled, as RFC 3339; empty if it was not.
    pub deleted: String,
    /// What was done.
    pub description: String,
    /// What `NOTES.txt` says.
    pub notes: String,
    /// The chart.
    pub chart: Chart,
    /// The values that were given.
    pub config: Value,
    /// The manifests of its objects.
    pub manifest: String,
    /// Its hooks.
    pub hooks: Vec<Part>,
}

/// A moment as releases write it, with nine digits of the second. The last six are drawn from the
/// moment: simulated time has none.
pub fn stamp(now: i64) -> String {
    let Moment { year, month, day, hour, minute, second, milli, .. } = Moment::of(now);
    let drawn = now.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let nanos = drawn % 999_999 + 1;
    let nanos = if nanos.is_multiple_of(10) { nanos - 1 } else { nanos };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}{nanos:06}Z")
}

/// A moment of a release as lists show it: `2026-11-23 07:25:04.031355366 +0000 UTC`.
pub fn long_time(stamp: &str) -> String {
    let plain = stamp.trim_end_matches('Z').replacen('T', " ", 1);
    format!("{plain} +0000 UTC")
}

/// A moment of a release as `time.ANSIC`: `Mon Nov 23 07:25:04 2026`.
pub fn short_time(stamp: &str) -> String {
    let Some(at) = crate::api::timestamp::parse(stamp) else { return stamp.to_owned() };
    let moment = Moment::of(at);
    let Moment { year, day, hour, minute, second, .. } = moment;
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let weekday = usize::try_from(at.div_euclid(86_400_000).rem_euclid(7)).unwrap_or(0);
    let month = moment.month_name();
    format!("{} {month} {day:>2} {hour:02}:{minute:02}:{second:02} {year}", DAYS[weekday])
}

impl Release {
    fn key(&self) -> String {
        format!("sh.helm.release.v1.{}.v{}", self.name, self.version)
    }

    fn json(&self) -> Value {
        let hooks: Vec<Value> = self
            .hooks
            .iter()
            .map(|hook| {
                json!({
                    "name": hook.object.at("metadata").text("name"),
                    "kind": hook.object.text("kind"),
                    "path": hook.source,
                    "manifest": hook.text,
                    "events": hook.events(),
                    "last_run": {"started_at": "", "completed_at": "", "phase": ""},
                    "weight": hook.weight(),
                })
            })
            .collect();
        json!({
            "name": self.name,
            "info": {
                "first_deployed": self.first_deployed,
                "last_deployed": self.last_deployed,
                "deleted": self.deleted,
                "description": self.description,
                "status": self.status,
                "notes": self.notes,
            },
            "chart": self.chart.json(),
            "config": self.config,
            "manifest": self.manifest,
            "hooks": hooks,
            "version": self.version,
            "namespace": self.namespace,
        })
    }

    fn read(secret: &Value) -> Option<Self> {
        let outer = base64::decode(secret.at("data").text("release")).ok()?;
        let packed = base64::decode(std::str::from_utf8(&outer).ok()?).ok()?;
        let own = crate::api::json::parse(&packing::gunzip(&packed, MOST)?).ok()?;
        let text = |tree: &Value, field: &str| tree.text(field).to_owned();
        let info = own.at("info");
        let hook = |hook: &Value| Part {
            source: hook.text("path").into(),
            text: hook.text("manifest").into(),
            object: crate::manifest::read_yaml(hook.text("manifest")).unwrap_or_default(),
        };
        Some(Self {
            name: text(&own, "name"),
            namespace: text(&own, "namespace"),
            version: own.int("version"),
            status: text(info, "status"),
            first_deployed: text(info, "first_deployed"),
            last_deployed: text(info, "last_deployed"),
            deleted: text(info, "deleted"),
            description: text(info, "description"),
            notes: text(info, "notes"),
            chart: Chart::of_json(own.at("chart")),
            config: own.at("config").clone(),
            manifest: text(&own, "manifest"),
            hooks: own.items("hooks").iter().map(hook).collect(),
        })
    }

    /// The Secret that holds it.
    pub fn secret(&self, now: i64) -> Value {
        let packed = packing::gzip(self.json().to_string().as_bytes());
        let inner = base64::encode(&packed);
        json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": self.key(),
                "namespace": self.namespace,
                "labels": {
                    "modifiedAt": (now / 1_000).to_string(),
                    "name": self.name,
                    "owner": "helm",
                    "status": self.status,
                    "version": self.version.to_string(),
                },
            },
            "type": TYPE,
            "data": {"release": base64::encode(inner.as_bytes())},
        })
    }

    /// Keeps it in the cluster, in place of what was kept of it.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn keep(&self, context: &mut Context) -> Result<(), Failure> {
        let secret = self.secret(context.world.now());
        let secrets = Resource::named("secrets");
        let is_there = secrets.is_some_and(|secrets| {
            context.world.get(&secrets, &self.namespace, &self.key()).is_ok()
        });
        let change = if is_there { Change::Replace(secret) } else { Change::Create(secret) };
        send(&self.key(), &self.namespace, change, context.world)
            .map_err(|why| Failure::new(format!("create: failed to create: {why}")))
    }

    /// Forgets it.
    pub fn forget(&self, context: &mut Context) {
        forget(&self.key(), &self.namespace, context);
    }
}

fn forget(key: &str, namespace: &str, context: &mut Context) {
    let change = Change::Delete { grace_period_seconds: None, propagation: "Background".into() };
    let _is_gone = send(key, namespace, change, context.world);
}

fn send(name: &str, namespace: &str, change: Change, world: &mut dyn World) -> Result<(), String> {
    let request = Request {
        kind: "Secret".into(),
        api_version: "v1".into(),
        namespace: namespace.into(),
        name: name.into(),
        change,
        dry_run: false,
        field_validation: FieldValidation::Ignore,
        field_manager: "helm".into(),
    };
    world.request(&request).map(drop).map_err(|status| status.message)
}

/// Every release of the cluster, by name and number.
pub fn all(world: &dyn World) -> Vec<Release> {
    unfolded(&kept(world, |_| true))
}

/// The releases of a name, oldest first.
pub fn history(name: &str, namespace: &str, world: &dyn World) -> Vec<Release> {
    unfolded(&kept(world, |meta| is_of(meta, name, namespace)))
}

/// The releases of a name that are deployed, oldest first.
pub fn deployed(name: &str, namespace: &str, world: &dyn World) -> Vec<Release> {
    let is_it = |meta: &Value| is_of(meta, name, namespace) && is_deployed(meta);
    unfolded(&kept(world, is_it))
}

/// Forgets the oldest releases of a name beyond a number, but none that is deployed.
pub fn forget_oldest(name: &str, namespace: &str, most: usize, context: &mut Context) {
    let all = kept(context.world, |meta| is_of(meta, name, namespace));
    let surplus = all.len().saturating_sub(most);
    let old = all.iter().map(|secret| secret.at("metadata")).filter(|meta| !is_deployed(meta));
    old.take(surplus).for_each(|meta| forget(meta.text("name"), namespace, context));
}

fn is_of(meta: &Value, name: &str, namespace: &str) -> bool {
    meta.at("labels").text("name") == name && meta.text("namespace") == namespace
}

fn is_deployed(meta: &Value) -> bool {
    meta.at("labels").text("status") == "deployed"
}

/// The Secrets of releases with such metadata, by namespace, name and number. It takes long to unfold
/// a release, so what its labels tell is read there.
fn kept(world: &dyn World, is_wanted: impl Fn(&Value) -> bool) -> Vec<Rc<Value>> {
    let Some(secrets) = Resource::named("secrets") else { return Vec::new() };
    let mut all = world.list(&secrets);
    all.retain(|secret| secret.text("type") == TYPE && is_wanted(secret.at("metadata")));
    all.sort_by_cached_key(|secret| {
        let meta = secret.at("metadata");
        let (name, version) = (meta.at("labels").text("name"), meta.at("labels").text("version"));
        (meta.text("namespace").to_owned(), name.to_owned(), version.parse::<i64>().unwrap_or(0))
    });
    all
}

fn unfolded(secrets: &[Rc<Value>]) -> Vec<Release> {
    secrets.iter().filter_map(|secret| Release::read(secret)).collect()
}

/// The last release of a name, or the one of a number.
///
/// # Errors
/// `release: not found`.
pub fn find(
    name: &str,
    namespace: &str,
    revision: Option<&str>,
    world: &dyn World,
) -> Result<Release, Failure> {
    let history = history(name, namespace, world);
    let revision = revision.and_then(|it| it.parse::<i64>().ok()).filter(|it| *it > 0);
    let found = match revision {
        Some(revision) => history.into_iter().find(|it| it.version == revision),
        None => history.into_iter().next_back(),
    };
    found.ok_or_else(|| Failure::new("release: not found"))
}
