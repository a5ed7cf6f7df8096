//! Every statement of the catalogue is taken by both engines.

use std::{collections::BTreeSet, fs, path::Path};
use store::{both, catalogue};

both! {
    every_statement_is_prepared(db) {
        let mut wrong = Vec::new();
        for statement in catalogue::all() {
            if statement.only.is_some_and(|only| only != db.engine()) {
                continue;
            }
            if let Err(error) = db.read(|tx| tx.prepare(statement)) {
                wrong.push(format!("{}: {error}", statement.name));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn names_are_unlike_and_no_file_is_missing() {
    let all = catalogue::all();
    let names: BTreeSet<&str> = all.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), all.len());
    let files: BTreeSet<String> = names
        .iter()
        .map(|name| name.split("::").nth(1).unwrap().to_owned())
        .collect();
    let mut with_statements = BTreeSet::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|it| it == "rs")
            && fs::read_to_string(&path)
                .unwrap()
                .contains("\nstatements! {")
        {
            with_statements.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(files, with_statements);
}
