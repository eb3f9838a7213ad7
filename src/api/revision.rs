//! What a revision of a pod template is called: the bytes that are hashed, the hash and the name.
//!
//! Upstream: `pkg/controller/history/controller_history.go`, `HashControllerRevision`,
//! `ControllerRevisionName`; `pkg/controller/statefulset/stateful_set_utils.go`, `getPatch`.

use super::Tree;
use serde_json::Value;

/// The revision's data for a template with all defaults filled in, byte for byte.
pub fn template_patch(template: &Value) -> String {
    let mut template = template.clone();
    template.put("$patch", "replace");
    escape_for_html(&format!(r#"{{"spec":{{"template":{template}}}}}"#))
}

/// The revision's name, which is also the label `controller-revision-hash` of its pods.
///
/// `patch` is what [`template_patch`] gives, `collision_count` is `status.collisionCount`.
pub fn name(set_name: &str, patch: &str, collision_count: i32) -> String {
    let prefix = set_name.get(..set_name.len().min(223)).unwrap_or(set_name);
    format!("{prefix}-{}", hash(patch, collision_count))
}

/// The hash part of a revision's name: FNV-1 over the data, in letters that spell no words.
pub fn hash(patch: &str, collision_count: i32) -> String {
    let count = collision_count.to_string();
    let bytes = patch.bytes().chain(count.bytes());
    let sum =
        bytes.fold(2_166_136_261_u32, |hash, byte| hash.wrapping_mul(16_777_619) ^ u32::from(byte));
    safe_encode(&sum.to_string())
}

/// Replaces each character so that no vowels and no look-alikes remain.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go`, `SafeEncodeString`.
fn safe_encode(text: &str) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    text.bytes().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect()
}

/// Go's JSON writer escapes these three, and two line separators, inside strings.
fn escape_for_html(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out
}
