//! The manifests that the page offers to start from.

/// A manifest to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Short name, as in a link.
    pub id: &'static str,
    /// Name as shown.
    pub title: &'static str,
    /// One sentence about what it shows.
    pub about: &'static str,
    /// The manifest.
    pub text: &'static str,
}

/// Every example; the first one is shown at the start.
pub const EXAMPLES: [Example; 6] = [
    Example {
        id: "web",
        title: "Web server",
        about: "Three nginx pods, one after the other, each with a volume of its own.",
        text: include_str!("../../static/examples/web.yaml"),
    },
    Example {
        id: "web-app",
        title: "Web app with probes",
        about: "Two pods of the lab: a visit counter on a volume, probed over HTTP.",
        text: include_str!("../../static/examples/web-app.yaml"),
    },
    Example {
        id: "database",
        title: "Database with replicas",
        about: "PostgreSQL: the pod with ordinal 0 is the primary, the others copy from it.",
        text: include_str!("../../static/examples/database.yaml"),
    },
    Example {
        id: "quorum",
        title: "Quorum store",
        about: "etcd: members must find each other before any of them is ready.",
        text: include_str!("../../static/examples/quorum.yaml"),
    },
    Example {
        id: "broker",
        title: "Message broker",
        about: "RabbitMQ: nodes join one by one and leave gently.",
        text: include_str!("../../static/examples/broker.yaml"),
    },
    Example {
        id: "cache",
        title: "Cache",
        about: "Valkey: what is lost can be fetched again, so claims go with their pods.",
        text: include_str!("../../static/examples/cache.yaml"),
    },
];
