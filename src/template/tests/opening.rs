//! Files, versions, the shape of what stands at top level.

use super::*;

#[test]
fn syntax_errors_of_all_files_are_told_and_nothing_else() {
    // HCL-5
    let sandbox = Sandbox::new(&[
        ("app/a.pkr.hcl", "variable \"a\" {\n  default = [1 2]\n}\n"),
        ("app/b.pkr.hcl", "packer { required_version = \">= 99.0\" }\nnosuchblock {}\n"),
        ("app/c.pkr.hcl", "locals {\n  x = \"ok\"\n"),
    ]);
    let places: Vec<String> = sandbox.problems("app").iter().map(|p| p.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(places, ["app/a.pkr.hcl:2", "app/c.pkr.hcl:1"]);
}

#[test]
fn a_version_that_does_not_fit_is_told_alone() {
    // HCL-8, HCL-15
    let text = "packer {\n  required_version = \">= 99.0.0\"\n}\nnosuchblock {}\n";
    assert_eq!(problems(text), ["E t.pkr.hcl:2 Unsupported Packer Core version"]);
    assert_eq!(problems("packer {\n  required_version = \"abc\"\n}\n"), ["E t.pkr.hcl:2 Invalid version constraint"]);
    plan(&format!("packer {{ required_version = 1.16 }}\npacker {{ required_version = null }}{BUILD}"));
}

#[test]
fn unknown_blocks_and_arguments_are_told_with_a_suggestion() {
    // HCL-10, DIA-14
    let sandbox = Sandbox::new(&[("t.pkr.hcl", "variabel \"y\" {}\nname = \"x\"\nbuilds {}\n")]);
    let (_, diagnostics) = sandbox.open("t.pkr.hcl");
    assert_eq!(
        sandbox.told(&diagnostics),
        [
            "E t.pkr.hcl:1 Unsupported block type",
            "E t.pkr.hcl:2 Unsupported argument",
            "E t.pkr.hcl:3 Unsupported block type"
        ]
    );
    let hints: Vec<_> = diagnostics.iter().map(|d| d.hint.as_deref()).collect();
    assert_eq!(hints, [Some("Did you mean \"variable\"?"), None, Some("Did you mean \"build\"?")]);
}

#[test]
fn labels_must_be_as_many_as_the_block_needs() {
    // HCL-11, DIA-21
    let text =
        "source \"null\" {}\nsource \"null\" \"a\" \"b\" {}\nvariable {}\nlocals \"x\" {}\nlocal {}\nbuild \"x\" {}\n";
    let summaries: Vec<String> = problems(text).iter().map(|p| p.split_once(' ').unwrap().1.to_owned()).collect();
    assert_eq!(
        summaries,
        [
            "t.pkr.hcl:1 Missing name for source",
            "t.pkr.hcl:2 Extraneous label for source",
            "t.pkr.hcl:3 Missing name for variable",
            "t.pkr.hcl:4 Extraneous label for locals",
            "t.pkr.hcl:5 Missing name for local",
            "t.pkr.hcl:6 Extraneous label for build",
            "t.pkr.hcl:6 missing source reference",
        ]
    );
}

#[test]
fn what_comes_later_says_so() {
    assert_eq!(problems("hcp_packer_registry {}\n"), ["E t.pkr.hcl:1 Cannot publish to HCP Packer"]);
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &format!("hcp_packer_registry {{}}{BUILD}"))]);
    assert!(sandbox.env("HCP_PACKER_REGISTRY", "OFF").problems("t.pkr.hcl").is_empty());
    let json = Sandbox::new(&[("t.json", "{}")]);
    assert_eq!(json.problems("t.json"), ["E Cannot read a legacy JSON template"]);
}

#[test]
fn a_template_without_a_build_cannot_be_built() {
    // HCL-68
    assert_eq!(problems(""), ["E Missing build block"]);
}
