//! What a terminal does, seen from outside.
