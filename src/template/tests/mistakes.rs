//! Every mistake is told in one run, and nothing that only follows from another one.

use super::*;

/// Returns a build of `null.a`, whose source has the arguments `source`, with `steps` from line 4 on.
fn build(source: &str, steps: &str) -> String {
    format!("source \"null\" \"a\" {{ {source} }}\nbuild {{\n  sources = [\"null.a\"]\n{steps}\n}}\n")
}

#[test]
fn a_wrong_source_does_not_hide_what_is_wrong_with_its_steps() {
    let steps = "provisioner \"shell-local\" {\n inlin = [\"x\"]\n}\npost-processor \"note\" {\n inline = [\"bad\"]\n}";
    let step = "E t.pkr.hcl:8 Failed preparing post-processor-block \"note\" \"\"";
    for (source, summary) in
        [("hots = 1", "Unsupported argument"), ("communicator = \"broken\"", "Failed to prepare build: \"null.a\"")]
    {
        let first = format!("E t.pkr.hcl:1 {summary}");
        assert_eq!(problems(&build(source, steps)), [&*first, "E t.pkr.hcl:5 Unsupported argument", step]);
    }
}

#[test]
fn what_only_the_builder_declares_is_not_missed_when_it_is_wrong() {
    // HCL-93
    let step = |text: &str| format!("provisioner \"shell-local\" {{\n inline = [{text}]\n}}");
    let wrong = |text: &str| problems(&build("communicator = \"broken\"", &step(text))).len();
    assert_eq!([wrong("build.ImageSha"), wrong("build[\"ImageSha\"]"), wrong("build.name.x")], [1, 1, 2]);
    assert_eq!(problems(&build("", &step("build.ImageSah"))), ["E t.pkr.hcl:5 Unsupported attribute"]);
}

#[test]
fn a_step_that_cannot_be_used_does_not_hide_its_siblings() {
    let steps = "provisioner \"shell-locl\" {\n inline = 1\n}\nprovisioner \"shell-local\" {\n timeout = \"1 hour\"\n inlin = 1\n}\n\
                 post-processor \"note\" {\n inline = [\"bad\"]\n}";
    assert_eq!(
        problems(&build("", steps)),
        [
            "E t.pkr.hcl:4 Unknown provisioner type \"shell-locl\"",
            "E t.pkr.hcl:8 Failed to parse timeout duration",
            "E t.pkr.hcl:9 Unsupported argument",
            "E t.pkr.hcl:12 Failed preparing post-processor-block \"note\" \"\"",
        ]
    );
}

#[test]
fn a_wrong_argument_does_not_hide_what_is_wrong_with_another() {
    let steps =
        "provisioner \"shell-local\" {\n env = 1\n inline = [\"bad\"]\n}\nprovisioner \"shell-local\" {\n evn = {}\n}";
    assert_eq!(
        problems(&build("", steps)),
        [
            "E t.pkr.hcl:5 Incorrect attribute value type",
            "E t.pkr.hcl:6 Failed preparing provisioner-block \"shell-local\" \"\"",
            // That it has no lines may follow from the typo, so it is not told yet.
            "E t.pkr.hcl:9 Unsupported argument",
        ]
    );
}

#[test]
fn a_wrong_local_does_not_hide_the_builds_and_spoils_nothing() {
    let steps =
        "provisioner \"shell-local\" {\n inline = local.b\n}\nprovisioner \"shell-local\" {\n inlin = local.b\n}";
    let text = format!("{}locals {{\n b = nosuch()\n}}\n", build("host = local.b", steps));
    assert_eq!(problems(&text), ["E t.pkr.hcl:12 Call to unknown function", "E t.pkr.hcl:8 Unsupported argument"]);
}

#[test]
fn a_build_without_a_usable_source_is_read_all_the_same() {
    let text = build("", "provisioner \"shell-local\" {\n inline = [source.name]\n only = [\"null.z\"]\n evn = {}\n}");
    let text = text.replace("[\"null.a\"]", "[\"null.aa\"]");
    assert_eq!(problems(&text), ["E t.pkr.hcl:3 Unknown source null.aa", "E t.pkr.hcl:7 Unsupported argument"]);
}

#[test]
fn a_wrong_value_from_outside_does_not_hide_the_template() {
    let text = format!("variable \"size\" {{\n type = number\n}}\n{}", build("hots = var.size", ""));
    let told = |name: &str, value: &str| Sandbox::new(&[("t.pkr.hcl", &text)]).var(name, value).problems("t.pkr.hcl");
    let argument = "E t.pkr.hcl:4 Unsupported argument";
    assert_eq!(told("size", "abc"), ["E <value for var.size from arguments>:1 Invalid value for variable", argument]);
    assert_eq!(told("sise", "1"), ["E Undefined -var variable", argument]);
}

#[test]
fn what_several_builds_share_is_told_once() {
    let steps = "source \"null.a\" { name = \"b\" }\nprovisioner \"shell-local\" {\n inline = [\"bad\"]\n inlin = 1\n env = 1\n}";
    assert_eq!(problems(&build("", steps)).len(), 3);
    let line = "provisioner \"shell-local\" {\n inline = [nosuch, nosuch2(), \"x\".y]\n}\n";
    assert_eq!(problems(&build("", &format!("source \"null.a\" {{ name = \"b\" }}\n{line}"))).len(), 3);
}

#[test]
fn a_broken_template_has_no_builds() {
    let text = format!("{}build {{\n sources = [\"null.z\"]\n}}\n", build("", ""));
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]);
    let plan = sandbox.plan("t.pkr.hcl");
    assert_eq!((plan.builds.len(), plan.failed), (0, 1));
}

#[test]
fn misspelt_blocks_are_read_as_what_was_meant() {
    let text = "sorce \"null\" \"a\" {\n hots = 1\n}\nbuild {\n sources = [\"null.a\"]\n provisoner \"shell-local\" {\n inlin = 1\n}\n\
                post-processors {\n post-procesor \"note\" {\n inlin = 1\n}\n}\n}\n";
    assert_eq!(
        problems(text),
        [
            "E t.pkr.hcl:1 Unsupported block type",
            "E t.pkr.hcl:6 Unsupported block type",
            "E t.pkr.hcl:10 Unsupported block type",
            "E t.pkr.hcl:2 Unsupported argument",
            "E t.pkr.hcl:7 Unsupported argument",
            "E t.pkr.hcl:11 Unsupported argument",
        ]
    );
}

#[test]
fn a_wrong_declaration_does_not_hide_the_builds_and_spoils_nothing() {
    let text = "variable \"v\" {\n type = strng\n}\nvariable \"w\" {\n defualt = 1\n}\nlocal \"l\" {\n}\ndata \"x\" \"y\" {}\n";
    let step = "provisioner \"shell-local\" {\n inlin = [var.v, var.w, local.l, data.x.y.z]\n}";
    let told = Sandbox::new(&[("t.pkr.hcl", &format!("{text}{}", build("host = local.l", step)))])
        .var("v", "x")
        .var("w", "x")
        .problems("t.pkr.hcl");
    let lines: Vec<&str> = told.iter().map(|one| one.split(' ').nth(1).unwrap()).collect();
    assert_eq!(lines, ["t.pkr.hcl:2", "t.pkr.hcl:5", "t.pkr.hcl:7", "t.pkr.hcl:9", "t.pkr.hcl:14"]);
}

/// Returns the hints of what is said about a file with this text.
fn hints(text: &str) -> Vec<String> {
    let sandbox = Sandbox::new(&[("t.pkr.hcl", text)]);
    sandbox.plan("t.pkr.hcl").diagnostics.into_iter().map(|one| one.hint.unwrap_or_default()).collect()
}

#[test]
fn what_stands_in_the_wrong_place_is_told_where_it_belongs() {
    let told = hints(&format!("provisioner \"shell-local\" {{}}\n{}", build("", "variable \"x\" {}")));
    assert_eq!(told, ["It belongs into a build block.", "It belongs outside of the build block."]);
    let told = hints(&build("", "").replace("\"null.a\"", "source.null.a"));
    assert_eq!(told, ["Write it in quotes: \"source.null.a\"."]);
    for default in ["upper(\"x\")", "var.y"] {
        let told = hints(&format!("variable \"x\" {{\n default = {default}\n}}\n{}", build("", "")));
        assert!(told.len() == 1 && told[0].contains("belongs into a local"), "{told:?}");
    }
}

#[test]
fn a_misspelt_variable_is_not_called_unset() {
    let text = format!("varaible \"x\" {{\n}}\n{}", build("host = var.x", ""));
    assert_eq!(problems(&text), ["E t.pkr.hcl:1 Unsupported block type"]);
}

#[test]
fn sensitive_values_that_took_part_are_not_shown() {
    // TYP-42, DIA-4
    let variable = "variable \"s\" {\n sensitive = true\n default = \"hunter2\"\n}\n";
    let text = format!("{variable}locals {{\n x = [1][var.s]\n}}\n{}", build("host = [\"x\"][var.s]", ""));
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]);
    let values: Vec<_> = sandbox.plan("t.pkr.hcl").diagnostics.into_iter().flat_map(|one| one.values).collect();
    let value = ("var.s".to_owned(), "\"<sensitive>\"".to_owned());
    assert_eq!(values, [value.clone(), value]);
}

#[test]
fn what_is_computed_from_sensitive_values_is_not_shown() {
    // TYP-42, DIA-4
    let declared = "variable \"s\" {\n sensitive = true\n default = \"hunter2\"\n validation {\n\
                    condition = parseint(upper(var.s), 10) > 0\n error_message = \"No.\"\n }\n}\n\
                    variable \"n\" {\n sensitive = true\n default = 4711\n}\n\
                    local \"l\" {\n sensitive = true\n expression = [\"a\", 4712]\n}\n";
    let locals = "locals {\n upper = upper(var.s)\n parts = { name = \"x-${upper(var.s)}\" }\n fails = upper(var.s) + 1\n\
                  a = [1][local.upper]\n b = [1][local.parts.name]\n c = parseint(local.upper, 10)\n\
                  d = [1][-var.n]\n e = { for x in local.l : upper(var.s) => x }\n f = [1][upper(local.l[0])]\n\
                  g = [1][local.l[1]]\n h = try(parseint(local.upper, 10))\n i = [1][convert(local.upper, string)]\n}\n";
    let sandbox =
        Sandbox::new(&[("t.pkr.hcl", &format!("{declared}{locals}{}", build("host = [\"x\"][local.upper]", "")))]);
    let diagnostics = sandbox.plan("t.pkr.hcl").diagnostics;
    let told: Vec<String> = diagnostics.iter().map(|one| format!("{one:?}")).collect();
    assert_eq!(told.len(), 12, "{told:#?}");
    for text in ["hunter2", "HUNTER2", "4711", "4712", "\"A\""] {
        assert!(told.iter().all(|one| !one.contains(text)), "{text}: {told:#?}");
    }
}

#[test]
fn sensitive_values_reach_components_as_any_other() {
    // TYP-42: marks change neither what is equal nor what a block is repeated for.
    let declared = "variable \"s\" {\n sensitive = true\n default = [\"a\", \"a\"]\n}\n\
                    locals {\n one = distinct(concat(var.s, [\"a\"]))\n}\n";
    let step = "dynamic \"provisioner\" {\n for_each = local.one\n labels = [\"shell-local\"]\n content {\n\
                inline = local.one == convert([\"a\"], list(string)) ? [upper(var.s[0]), \"b\"] : []\n }\n}";
    let plan = plan(&format!("{declared}{}", build("", step)));
    let lines = vec![vec!["A".to_owned(), "b".to_owned()]];
    assert_eq!(provisioned(&plan), [("null.a".to_owned(), lines)]);
}
