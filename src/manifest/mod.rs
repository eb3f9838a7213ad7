//! Text to objects and back: parse, source map, smallest text patch.
//!
//! Architecture invariant: nothing here knows the simulator.
