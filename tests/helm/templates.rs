//! Templates against what Helm itself makes of them.
