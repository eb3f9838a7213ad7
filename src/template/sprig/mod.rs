//! The functions that charts use: those of sprig, in Helm's choice (no `env`, no `expandenv`).
//!
//! Source: <https://masterminds.github.io/sprig/>, <https://helm.sh/docs/chart_template_guide/function_list/>.

mod cast;

mod dates;
mod digests;
mod fold;
pub mod helm;
mod json;
mod lists;
mod maps;
mod numbers;
mod regexes;
mod semver;
mod texts;
mod toml;
mod urls;
mod values;

use super::arguments::{Function, Given, Table};
use super::machine::Machine;
use super::value::Value;

const TABLES: [Table; 10] = [
    urls::FUNCTIONS,
    texts::FUNCTIONS,
    lists::FUNCTIONS,
    maps::FUNCTIONS,
    numbers::FUNCTIONS,
    values::FUNCTIONS,
    dates::FUNCTIONS,
    digests::FUNCTIONS,
    regexes::FUNCTIONS,
    semver::FUNCTIONS,
];

/// Functions that make keys and certificates, which the playground does not have: templates that use
/// them are read, and fail where they are carried out.
const KEYS: [&str; 13] = [
    "bcrypt",
    "buildCustomCert",
    "decryptAES",
    "derivePassword",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
];

/// The function of a name.
pub fn find(name: &str) -> Option<Function> {
    let own = TABLES.iter().flat_map(|table| table.iter());
    let found = own.into_iter().find(|(own, ..)| *own == name);
    let Some((name, parameters, run)) = found else {
        let name = KEYS.iter().find(|own| **own == name)?;
        let run: fn(&mut Machine, &[Value]) -> Given =
            |_, _| Err("this playground makes no keys".into());
        return Some(Function { name, parameters: "a*", run });
    };
    Some(Function { name, parameters, run: *run })
}

pub use values::escaped as json_text;
