//! The law language.
