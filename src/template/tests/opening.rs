//! Files, versions, the shape of what stands at top level.

use futures_util::FutureExt;

use super::*;
use crate::template::EvaluateOptions;

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
fn a_file_without_the_ending_of_a_template_is_none() {
    // CLI-19, CLI-25
    let json = Sandbox::new(&[("t.json", "{}")]);
    assert_eq!(json.problems("t.json"), ["E Could not find any config file in t.json"]);
}

#[test]
fn a_template_without_a_build_cannot_be_built() {
    // HCL-68
    assert_eq!(problems(""), ["E Missing build block"]);
}

#[test]
fn a_registry_is_asked_for_by_the_template_or_the_environment_unless_one_says_no() {
    // ENG-63, CLI-87
    let refusal = |block: &str, environment: &[(&'static str, &'static str)]| {
        let sandbox = Sandbox::new(&[("t.pkr.hcl", &format!("{block}{BUILD}"))]);
        let sandbox = environment.iter().fold(sandbox, |sandbox, (name, value)| sandbox.env(name, value));
        let (template, diagnostics) = sandbox.open("t.pkr.hcl");
        let (resolved, more) =
            template.unwrap().resolve(&EvaluateOptions::default()).now_or_never().expect("nothing to wait for");
        assert!(diagnostics.is_empty() && more.is_empty(), "valid all the same: {:?}", sandbox.told(&more));
        let refusal = resolved.unwrap().refusal();
        refusal.iter().map(|problem| (problem.span.is_some(), problem.detail.contains("environment"))).next()
    };
    let (block, registry, bucket) = ("hcp_packer_registry {}", "HCP_PACKER_REGISTRY", "HCP_PACKER_BUCKET_NAME");
    assert_eq!(refusal("", &[]), None);
    assert_eq!(refusal(block, &[]), Some((true, false)));
    for wish in ["", "on", "OF"] {
        assert_eq!(refusal("", &[(registry, wish)]), Some((false, true)), "{wish:?}");
    }
    assert_eq!(refusal("", &[(bucket, "")]), None);
    assert_eq!(refusal("", &[(bucket, "b")]), Some((false, true)));
    for wish in ["0", "off", "OFF"] {
        assert_eq!(refusal(block, &[(registry, wish), (bucket, "b")]), None, "{wish:?}");
    }
}

#[test]
fn a_registry_block_stands_once_and_its_arguments_fit() {
    // HCL-81, HCL-82
    let block = |arguments: &str| problems(&format!("hcp_packer_registry {{\n{arguments}\n}}\n{BUILD}"));
    assert_eq!(block("bucket_name = \"my-bucket-1\"\nchannels = [\"x\"]\nbuild_labels = { a = 1 }"), [""; 0]);
    assert_eq!(block("bucket_name = \"ab\""), ["E t.pkr.hcl:2 Invalid bucket_name"]);
    assert_eq!(block("bucket_name = \"a_b\""), ["E t.pkr.hcl:2 Invalid bucket_name"]);
    assert_eq!(block(&format!("description = \"{}\"", "x".repeat(256))), ["E t.pkr.hcl:2 Invalid description"]);
    let labels = "labels = { a = 1 }";
    assert_eq!(block(&format!("{labels}\nbucket_{labels}")), ["E t.pkr.hcl:2 labels beside bucket_labels"]);
    assert_eq!(block(labels), ["W t.pkr.hcl:2 labels of hcp_packer_registry"]);
    assert_eq!(block("bucket = 1"), [""; 0], "what nobody knows is ignored");
    let twice = problems(&format!("hcp_packer_registry {{}}\nhcp_packer_registry {{}}\n{BUILD}"));
    assert!(twice[0].ends_with("Only one hcp_packer_registry is allowed"), "{twice:?}");
}

#[test]
fn where_blocks_stand_that_ask_for_a_registry_matters_to_who_builds() {
    // HCL-81
    let inside = BUILD.replace("build { ", "build {\n  hcp_packer_registry {}\n  ").replace("] }", "]\n}");
    for (text, expected) in [
        (inside.clone(), &["hcp_packer_registry inside a build block", "Cannot publish to HCP Packer"][..]),
        (
            format!("hcp_packer_registry {{}}\n{inside}"),
            &[
                "hcp_packer_registry inside a build block",
                "Only one hcp_packer_registry is allowed",
                "Cannot publish to HCP Packer",
            ],
        ),
    ] {
        let (template, _) = Sandbox::new(&[("t.pkr.hcl", &text)]).open("t.pkr.hcl");
        let resolved = template.unwrap().resolve(&EvaluateOptions::default()).now_or_never().unwrap();
        assert!(resolved.1.is_empty(), "{:?}", resolved.1);
        let told: Vec<String> = resolved.0.unwrap().refusal().iter().map(|one| one.summary.clone()).collect();
        assert_eq!(told, expected, "{text}");
    }
}
