//! StatefulSet Playground, the core: a StatefulSet's manifest, and what a cluster makes of it.
//!
//! # Bird's eye view
//!
//! ```text
//!   text of the manifest <----- smallest patches ------ form
//!            |
//!            |  manifest, api: parse, check
//!            v
//!   objects, and diagnostics at their lines
//!            |
//!            |  apply                    delete, crash, fail a probe
//!            v                                       v
//!   Session: seed, version, inputs with their times
//!            |
//!            |  cluster: submit and step
//!            v
//!   History: steps in order, a checkpoint now and then
//!            |
//!            |  seek to the playhead
//!            v
//!   Scene and Timeline: what is shown, as values
//!            |
//!            v
//!   the page: Yew components, style sheets
//! ```
//!
//! A person's deed enters as a [`playground::Action`]. It becomes a patch of the text, inputs for the
//! cluster ([`Input`](cluster::Input): the requests that the client makes of it, or a fault), or a
//! move of the playhead. What is shown is derived
//! from the result, and nothing flows back from there.
//!
//! # Code map
//!
//! A room uses only rooms that stand before it in this list.
//!
//! - `ordered`: maps and sets in the order of their keys.
//! - `diff`: which lines of a text differ from another's, and patches between them.
//! - `packing`: text made small, and large again.
//! - `quote`: how a foreign text is written in the languages of what leaves the page.
//! - [`api`]: what a valid object is. Decoding, defaults, validation, update rules, names.
//! - [`manifest`]: text to objects and back. Places in the text, diagnostics, patches, the form's
//!   fields, the examples.
//! - [`shell`]: a shell's language: words, expansions, pipelines, scripts, and programs that turn lines
//!   into others. What it runs on is a trait.
//! - [`cluster`]: what happens, when and why. The store and the queue of due work; a folder or file
//!   for the API server and for each control loop; [`cluster::simplified`] lists what is left out.
//! - [`session`]: what the person did, and the cluster at any instant that follows from it.
//! - [`print`]: the columns of `kubectl get`, and what stands in them at a moment.
//! - [`client`]: what kubectl asks of an API server and prints of the replies. Buttons, forms, lessons,
//!   the forecast and the terminal's verbs are all clients of it.
//! - [`scene`]: what a picture or a screen reader is told, by ordinal; the timeline, the tables,
//!   the sentence that says why nothing happens.
//! - [`template`]: Go's text templates, which charts and `-o go-template` are written in.
//! - [`terminal`]: commands and what they print: kubectl over API objects, helm, minikube, programs in
//!   containers, and the computer that they are entered at.
//! - [`lesson`]: lessons as data: where one begins, what is to be reached, whether it has been.
//! - [`playground`]: the state of the whole application. One function takes an action and returns
//!   what the page must do, such as save or announce.
//!
//! Outside of this library, built with the feature `web`:
//!
//! - `src/main.rs`, `src/ui/`: the page, a folder for each region. `ui/browser/` has what pages
//!   need from a browser: storage, clipboard, frames, keys, preferences.
//! - `src/bin/bench.rs`: times roll-outs, natively and in WebAssembly.
//! - `src/bin/blocks.rs`: times the longest single call that hostile inputs lead to.
//! - `src/bin/room.rs`: types ten thousand characters, and says what memory and storage take.
//! - `src/bin/digest.rs`: plays sessions and recordings in both worlds, to be compared.
//!
//! # Invariants
//!
//! Architecture invariant: the core knows no browser. It builds without the feature `web`, and all
//! of it is tested natively.
//!
//! Architecture invariant: the text is the truth. Form values and objects are read from it; a form
//! control changes nothing but the text, and only the lines it must.
//!
//! Architecture invariant: everything is an input. Nothing changes the cluster from outside but an
//! [`Input`](cluster::Input) at a simulated time, and the same session gives the same steps,
//! natively and in WebAssembly. Both run the same code: what only recordings need is data.
//!
//! Architecture invariant: simulated time is `u64` milliseconds. The simulation reads no wall
//! clock, computes with no floats, iterates no hash map, draws its own random numbers, and breaks
//! ties by the order of scheduling.
//!
//! Architecture invariant: the StatefulSet's control loop decides before it writes. A decision is a
//! value, and so is the reason to wait: a [`Hold`](cluster::hold::Hold), made where the loop waits,
//! not guessed afterwards.
//!
//! Architecture invariant: [`cluster`] knows no text, no command and no view; [`api`] knows neither
//! places in a text nor time; the page decides nothing about Kubernetes.
//!
//! Architecture invariant: a person's mistake never panics. It is a diagnostic, a
//! [`Status`](api::Status) in the API server's words, or a notice. Bounds are constants, and
//! reaching one is a message. What the cluster holds at most stands in [`api::limits`].
//!
//! Architecture invariant: the page never waits for simulated time. What may take long asks the page's
//! [`Patience`](playground::Patience) between its steps, stops, and goes on in the next frame at the
//! same simulated time: how long that takes changes nothing of what happens.
//!
//! Architecture invariant: an object of the API is a tree of the shape that the field table gives,
//! an [`ApiObject`](api::ApiObject). No struct per API type is compiled into the page: its decoders,
//! encoders and comparisons would weigh more than all the rest. [`ApiObject::typed`](
//! api::ApiObject::typed) makes a k8s-openapi struct of it where a program wants one.
//!
//! Architecture invariant: the first load stays within its budget (`tests/e2e/budget.test.mjs`). What
//! a first visit does not run is a second file of WebAssembly, split off after the build
//! (`scripts/split.mjs`); the source knows nothing of it.
//! Maps are [`ordered`] vectors, numbers are integers or decimal text, and what is generic is used
//! with few types.
//!
//! Names are Kubernetes' own, so that its sources can be searched for them.
#![forbid(unsafe_code)]

pub mod api;
pub mod client;
pub mod cluster;
mod diff;
pub mod lesson;
pub mod manifest;
mod ordered;
mod packing;
pub mod playground;
pub mod print;
mod quote;
pub mod scene;
pub mod session;
pub mod shell;
pub mod template;
pub mod terminal;
