//! Replays the texts that fuzzing has found, `tests/corpus/CHECK/*`, with the checks that the fuzz targets make.

use std::path::Path;

#[path = "../fuzz/checks.rs"]
mod checks;

const NAMES: [&str; 8] = ["scanner", "format", "parser", "json", "types", "evaluator", "legacy", "gotemplate"];

#[test]
fn every_stored_text_passes_its_check() {
    for name in NAMES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
        let mut count = 0;
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("readable");
            let shown = path.display().to_string();
            let checked = std::panic::catch_unwind(|| checks::check(name, &bytes));
            assert!(checked.is_ok(), "{shown} fails the check {name:?}");
            count += 1;
        }
        assert!(count > 10, "{} holds {count} texts", folder.display());
    }
}
