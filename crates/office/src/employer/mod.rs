//! What does an employer see of its own?
//!
//! | to | open |
//! |---|---|
//! | see at a glance what is declared and what is to be done | [`glance`] |
//! | see whom it employs | [`staff`] |
//! | open a declaration, and take it back | [`declared`] |
//! | see its bills, their lines and late fees | [`bills`] |
//! | see what it paid, and what that settled | [`payments`] |
//! | ask to pay in parts | [`parts`] |
//!
//! Every one is for the employer whose login it is. Another's record is unknown to it.

pub mod bills;
pub mod declared;
pub mod glance;
pub mod parts;
pub mod payments;
pub mod staff;
