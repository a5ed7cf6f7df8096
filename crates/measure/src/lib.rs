//! The domain's values.
