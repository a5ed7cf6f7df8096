//! The law and the pages about errors are built into the program: a new file among them must build it anew.

fn main() {
    println!("cargo:rerun-if-changed=../../law");
    println!("cargo:rerun-if-changed=../../docs/reference/errors");
}
