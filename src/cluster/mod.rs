//! What happens, when and why: the simulated cluster.
