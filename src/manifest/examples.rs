//! The manifests that the page offers to start from.
//!
//! The page is built with the text of the first one; it fetches the others when they are chosen, so
//! that the first load does not carry them.

/// A manifest to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Short name, as in a link.
    pub id: &'static str,
    /// Name as shown.
    pub title: &'static str,
    /// One sentence about what it shows.
    pub about: &'static str,
}

impl Example {
    /// The manifest, for programs that are not the page.
    pub fn text(&self) -> &'static str {
        match self.id {
            "web-app" => include_str!("../../static/examples/web-app.yaml"),
            "minikube-lab" => include_str!("../../static/examples/minikube-lab.yaml"),
            "database" => include_str!("../../static/examples/database.yaml"),
            "quorum" => include_str!("../../static/examples/quorum.yaml"),
            "broker" => include_str!("../../static/examples/broker.yaml"),
            "cache" => include_str!("../../static/examples/cache.yaml"),
            _ => FIRST_TEXT,
        }
    }
}

/// The manifest of the first example.
pub const FIRST_TEXT: &str = include_str!("../../static/examples/web.yaml");

/// Every example; the first one is shown at the start.
pub const EXAMPLES: [Example; 7] = [
    Example {
        id: "web",
        title: "Web server",
        about: "Three nginx pods, one after the other, each with a volume of its own.",
    },
    Example {
        id: "web-app",
        title: "Web app with probes",
        about: "Two pods of the lab: a visit counter on a volume, probed over HTTP.",
    },
    Example {
        id: "minikube-lab",
        title: "Minikube lab",
        about: "The lab's minikube, a day old, with Vault: two releases of Helm and an injected agent.",
    },
    Example {
        id: "database",
        title: "Database with replicas",
        about: "PostgreSQL: the pod with ordinal 0 is the primary, the others copy from it.",
    },
    Example {
        id: "quorum",
        title: "Quorum store",
        about: "etcd: members must find each other before any of them is ready.",
    },
    Example {
        id: "broker",
        title: "Message broker",
        about: "RabbitMQ: nodes join one by one and leave gently.",
    },
    Example {
        id: "cache",
        title: "Cache",
        about: "Valkey: what is lost can be fetched again, so claims go with their pods.",
    },
];
