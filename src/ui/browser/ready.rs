//! Says on the document element that the page answers to input.

use gloo::utils::document_element;

/// Sets `data-ready="true"`.
pub fn announce() {
    // Refused only for a name that is no attribute name.
    let _ = document_element().set_attribute("data-ready", "true");
}
