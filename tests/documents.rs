//! The documents say what the program does: generated pages are compared, commands of the README are run elsewhere.

use std::path::Path;

/// Compares a generated page with the one in the repository; `UPDATE_DOCS=1` writes it.
pub fn same_or_write(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, text).expect("the page can be written");
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        there == text,
        "{} is not what the program says; run the tests with UPDATE_DOCS=1 and look at the difference",
        path.display()
    );
}

fn docs(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

#[test]
fn the_page_of_functions_is_printed_from_the_table() {
    same_or_write(&docs("functions.md"), &packer::functions::markdown());
}

#[test]
fn the_page_of_errors_is_printed_from_the_table_of_codes() {
    same_or_write(&docs("errors.md"), &packer::diagnostics::codes::markdown());
}

#[test]
fn the_page_of_components_is_printed_from_their_settings() {
    same_or_write(&docs("components.md"), &packer::commands::components_page());
}

#[test]
fn the_page_of_commands_is_printed_from_their_definition() {
    same_or_write(&docs("commands.md"), &packer::cli::commands_page());
}

#[test]
fn the_example_of_a_component_is_one() {
    // tests/shout.rs is the page's code from outside the program: it compiles, or there are no tests at all.
    let page = std::fs::read_to_string(docs("add-a-component.md")).expect("readable");
    let code =
        page.split("```rust,ignore\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of code");
    let compiled = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shout.rs");
    same_or_write(&compiled, &code.replace("use crate::", "use packer::"));
    assert_eq!((crate::shout::KIND.name, (crate::shout::KIND.schema)().attributes.len()), ("shout", 1));
}

#[test]
fn links_of_every_page_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages =
        walkdir::WalkDir::new(root.join("docs")).into_iter().chain(walkdir::WalkDir::new(root.join("README.md")));
    let mut broken = Vec::new();
    for page in pages
        .map(|entry| entry.expect("readable").into_path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
    {
        let text = std::fs::read_to_string(&page).expect("readable");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let there =
                target.is_empty() || target.contains("://") || page.parent().expect("a folder").join(target).exists();
            if !there {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_readme_names_the_two_commands_and_every_component() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("readable");
    for command in ["cargo run --release -- build examples/first.pkr.hcl", "tests/run"] {
        assert!(text.contains(command), "{command}");
    }
    let registry = packer::commands::registry();
    let names = registry.builders.names().chain(registry.provisioners.names()).chain(registry.post_processors.names());
    for name in names.chain(registry.data_sources.names()) {
        assert!(text.contains(&format!("`{name}`")), "{name} is not in the README");
    }
}
