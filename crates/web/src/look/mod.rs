//! How the house looks: one style, its components, its pictures.
//!
//! A component is a function from what it shows to markup; `/look` shows each with its states. Type, space and colours are
//! properties at the head of `style.css`, and nothing else in it names a colour. No page has a style or script of its own.

pub mod layout;
pub mod components;
pub mod pictures;
pub mod links;
pub mod districts;
pub mod files;
pub mod choice;
pub mod living;
