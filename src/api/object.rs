//! The typed API objects that a manifest can hold and the simulator acts on.

use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Service};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// An object that can be applied to the simulated cluster.
///
/// Serialised by way of a [`Value`], so that each big type has one serialiser and one deserialiser.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiObject {
    /// `apps/v1` StatefulSet.
    StatefulSet(Box<StatefulSet>),
    /// `v1` Service.
    Service(Box<Service>),
    /// `v1` PersistentVolumeClaim.
    PersistentVolumeClaim(Box<PersistentVolumeClaim>),
}

impl ApiObject {
    /// The kinds that can be held, with the `apiVersion` they are written with.
    pub const KINDS: [(&'static str, &'static str); 3] =
        [("StatefulSet", "apps/v1"), ("Service", "v1"), ("PersistentVolumeClaim", "v1")];

    /// The object's kind, as written in a manifest.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::StatefulSet(_) => "StatefulSet",
            Self::Service(_) => "Service",
            Self::PersistentVolumeClaim(_) => "PersistentVolumeClaim",
        }
    }

    /// The API group of the object's kind; empty for the core group.
    pub fn group(&self) -> &'static str {
        match self {
            Self::StatefulSet(_) => "apps",
            Self::Service(_) | Self::PersistentVolumeClaim(_) => "",
        }
    }

    /// The object's metadata.
    pub fn metadata(&self) -> &ObjectMeta {
        match self {
            Self::StatefulSet(set) => &set.metadata,
            Self::Service(service) => &service.metadata,
            Self::PersistentVolumeClaim(claim) => &claim.metadata,
        }
    }

    /// The object's metadata, to be changed.
    pub fn metadata_mut(&mut self) -> &mut ObjectMeta {
        match self {
            Self::StatefulSet(set) => &mut set.metadata,
            Self::Service(service) => &mut service.metadata,
            Self::PersistentVolumeClaim(claim) => &mut claim.metadata,
        }
    }

    /// The object's name; empty if it has none.
    pub fn name(&self) -> &str {
        self.metadata().name.as_deref().unwrap_or_default()
    }

    /// The object's namespace; `default` if it names none.
    pub fn namespace(&self) -> &str {
        self.metadata().namespace.as_deref().unwrap_or("default")
    }

    /// The object as JSON, keys sorted.
    pub fn to_value(&self) -> Value {
        let value = match self {
            Self::StatefulSet(set) => serde_json::to_value(set),
            Self::Service(service) => serde_json::to_value(service),
            Self::PersistentVolumeClaim(claim) => serde_json::to_value(claim),
        };
        value.expect("API types have string keys and finite numbers only")
    }

    /// The object that a JSON value holds, without any check.
    ///
    /// # Errors
    /// If `kind` is none of [`Self::KINDS`], or a field has the wrong type.
    pub fn from_value(value: Value) -> Result<Self, serde_json::Error> {
        let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "StatefulSet" => serde_json::from_value(value).map(Self::StatefulSet),
            "Service" => serde_json::from_value(value).map(Self::Service),
            "PersistentVolumeClaim" => {
                serde_json::from_value(value).map(Self::PersistentVolumeClaim)
            }
            other => Err(serde::de::Error::custom(format!("unknown kind {other:?}"))),
        }
    }
}

impl Serialize for ApiObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ApiObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(value).map_err(serde::de::Error::custom)
    }
}
