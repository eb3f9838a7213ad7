//! What goes wrong in every pod, as one profile: what a person can set for the applications.

use super::kubelet::script::{Run, Script};
use super::time::seconds;
use serde::Serialize;

/// What goes wrong in the pods that start from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// For so many seconds after its start a container answers no probe.
    pub slow_start_seconds: i32,
    /// After so many seconds a container ends with exit code 1; 0: it runs on.
    pub crash_after_seconds: i32,
    /// From so many seconds after its start a container fails every probe, for so many seconds; for
    /// 0 seconds: it does not.
    pub fail_from_seconds: i32,
    pub fail_for_seconds: i32,
    /// No image can be pulled.
    pub no_images: bool,
    /// How the provisioners of volumes are.
    pub provisioner: Provisioner,
}

/// How the provisioners of volumes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Provisioner {
    /// Quick.
    #[default]
    Fine,
    /// A volume takes a minute.
    Slow,
    /// There is no room for another volume.
    Full,
}

impl Provisioner {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Fine, Self::Slow, Self::Full];

    /// Its name in saved work.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Slow => "slow",
            Self::Full => "full",
        }
    }
}

impl Faults {
    /// The longest time that makes sense, in seconds.
    pub const MOST_SECONDS: i32 = 3_600;

    /// The script of a pod in which this goes wrong.
    pub fn script(self) -> Script {
        let crash_after = (self.crash_after_seconds > 0).then(|| seconds(self.crash_after_seconds));
        let others = Run {
            silent_ms: seconds(self.slow_start_seconds),
            fails_from_ms: seconds(self.fail_from_seconds),
            fails_for_ms: seconds(self.fail_for_seconds),
            run_ms: crash_after,
            exit_code: i32::from(crash_after.is_some()),
            ..Run::default()
        };
        Script { others, no_images: self.no_images, ..Script::default() }
    }
}
