//! Every code of the web has a page.

use std::fs;
use std::path::Path;
use web::problem::Problem;

#[test]
fn every_code_has_a_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors");
    let index = fs::read_to_string(folder.join("README.md")).unwrap();
    let mut pages = fs::read_dir(&folder).unwrap();
    let pages = pages
        .by_ref()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages = pages.filter(|name| name.starts_with('H')).count();
    let all = Problem::all();
    for problem in &all {
        let code = problem.code;
        let page = fs::read_to_string(folder.join(format!("{code}.md"))).unwrap();
        assert!(page.starts_with(&format!("# {code} ")), "{code}");
        assert!(index.contains(&format!("[{code}]({code}.md)")), "{code}");
    }
    assert_eq!(pages, all.len());
}
