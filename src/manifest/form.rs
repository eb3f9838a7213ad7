//! The form: which fields it offers, what they hold, and what setting them does to the text.

mod fields;
mod get;
mod set;

pub use fields::{Control, FIELDS, Field, FormField, ProbeField, ProbeKind, describe};

use super::edit::{Draft, EditError, Edited};
use super::{Manifest, Severity};

/// What a field holds, as typed; none if it is unset or does not apply.
///
/// A switch holds `true` or nothing.
pub fn get(manifest: &Manifest, field: FormField) -> Option<String> {
    let draft = Draft::of(manifest);
    get::Form::new(&draft).ok()?.get(field)
}

/// What every field holds, in the order of [`FIELDS`], and what is wrong at its place.
pub fn values(manifest: &Manifest) -> Vec<(Option<String>, Option<String>)> {
    let draft = Draft::of(manifest);
    let Ok(form) = get::Form::new(&draft) else { return vec![(None, None); FIELDS.len()] };
    let both = |field: &Field| (form.get(field.field), problem(manifest, field));
    FIELDS.iter().map(both).collect()
}

/// The first error at the place of a field.
fn problem(manifest: &Manifest, field: &Field) -> Option<String> {
    let suffix = field.path_suffix()?;
    let mut errors = manifest.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let error = errors.find(|error| error.path.ends_with(suffix))?;
    Some(error.message.clone())
}

/// Gives a field a value as typed, or unsets it, together with what must change along with it.
///
/// # Errors
/// [`EditError`] if the text has no place for the field. A value that Kubernetes would refuse is no
/// error here: it is written, and the diagnostics complain.
pub fn set(
    manifest: &Manifest,
    field: FormField,
    value: Option<&str>,
) -> Result<Edited, EditError> {
    let mut draft = Draft::new(manifest)?;
    set::set(&mut draft, field, value)?;
    let held = get::Form::new(&draft)?.get(field);
    let wanted = match (describe(field).control, value) {
        (Control::Switch, Some("false")) => None,
        (_, value) => value.map(str::to_owned),
    };
    if held != wanted {
        return Err(EditError::Impossible);
    }
    Ok(Edited::new(&manifest.text, draft.text.to_string()))
}

/// What Kubernetes takes if the field is unset; empty if it takes nothing.
///
/// Fields of storage and of a probe that is off have no default: nothing is there to have it.
pub fn placeholder(manifest: &Manifest, field: FormField) -> &'static str {
    let is_on = |switch| get(manifest, switch).is_some();
    let applies = match field {
        FormField::ClaimName
        | FormField::StorageSize
        | FormField::StorageClass
        | FormField::AccessMode
        | FormField::MountPath => is_on(FormField::Storage),
        FormField::Probe(_, ProbeField::Enabled) => true,
        FormField::Probe(kind, _) => is_on(FormField::Probe(kind, ProbeField::Enabled)),
        FormField::Partition | FormField::MaxUnavailable => {
            get(manifest, FormField::UpdateStrategy).as_deref() != Some("OnDelete")
        }
        _ => true,
    };
    if applies { describe(field).placeholder } else { "" }
}
