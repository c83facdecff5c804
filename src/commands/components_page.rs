//! `docs/components.md`: every built-in component with every setting, from the schemas that decode them.

use crate::component::{Builtin, BuiltinDataSource, Output, Plugin};
use crate::value::schema::{Nesting, Schema};

/// Returns the page.
pub fn components_page() -> String {
    let mut page = "# Components\n\nEvery component inside the program, with its settings. This page is printed from the \
                    declarations that decode them.\n\nA *late* setting is rendered when the component runs, so `{{ }}` in \
                    it can see what the build knows by then. What is written in a *secret* one is hidden in all \
                    output; see [beyond.md](beyond.md#secrets).\n"
        .to_owned();
    section(&mut page, "Builders", crate::builders::ALL);
    section(&mut page, "Provisioners", crate::provisioners::ALL);
    section(&mut page, "Post-processors", crate::post_processors::ALL);
    data_sources(&mut page, crate::data_sources::ALL);
    page
}

fn section<C: ?Sized>(page: &mut String, title: &str, builtins: &[&Builtin<C>]) {
    *page += &format!("\n## {title}\n");
    let mut sorted = builtins.to_vec();
    sorted.sort_by_key(|builtin| builtin.name);
    sorted.into_iter().for_each(|builtin| component(page, builtin));
}

fn data_sources(page: &mut String, sources: &[&BuiltinDataSource]) {
    *page += "\n## Data sources\n";
    let mut sorted = sources.to_vec();
    sorted.sort_by_key(|source| source.component.name);
    for source in sorted {
        component(page, &source.component);
        *page += "\n| output | type | |\n|---|---|---|\n";
        for Output { name, ty, about } in source.outputs {
            *page += &format!("| `{name}` | {} | {about} |\n", ty().friendly());
        }
    }
}

fn component<C: ?Sized>(page: &mut String, builtin: &Builtin<C>) {
    *page += &format!("\n### {}\n\n{}\n", builtin.name, builtin.about);
    if let Some(Plugin { source, version, .. }) = builtin.plugin {
        *page += &format!("\nStands for `{source}` {version}.\n");
    }
    settings(page, &(builtin.schema)(), "");
}

/// Prints a table of arguments, then each nested block with its own.
fn settings(page: &mut String, schema: &Schema, path: &str) {
    if !schema.attributes.is_empty() {
        *page += "\n| setting | type | default | |\n|---|---|---|---|\n";
    }
    for attribute in &schema.attributes {
        let late = match (attribute.late, attribute.secret) {
            (true, _) => ", late",
            (_, true) => ", secret",
            _ => "",
        };
        let default = attribute.default.as_deref().map(|d| format!("`{}`", tidy(d))).unwrap_or_default();
        let about = attribute.about.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        *page += &format!("| `{}` | {}{late} | {default} | {about} |\n", attribute.name, attribute.ty.friendly());
    }
    for block in &schema.blocks {
        let times = match block.nesting {
            Nesting::Single => "at most once",
            Nesting::List => "any number of times, in order",
            Nesting::Set => "any number of times, in any order",
        };
        let name = format!("{path}{}", block.name);
        let about = block.about.split_whitespace().collect::<Vec<_>>().join(" ");
        *page += &format!("\nBlock `{name}`, {times}: {about}\n");
        settings(page, &block.schema, &format!("{name}."));
    }
}

/// Makes a Rust default readable: `"x".to_owned()` is `"x"`, `vec![0]` is `[0]`.
fn tidy(default: &str) -> String {
    let text = default.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.replace(".to_owned()", "").replace(".into()", "").replace("vec!", "");
    text.replace("Some(", "").trim_end_matches(')').replace('|', "\\|")
}
