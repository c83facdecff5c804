//! Build blocks and what becomes of them.

use super::*;

const NULL: &str = "source \"null\" \"a\" { communicator = \"none\" }\nsource \"null\" \"b\" {}\n";

fn names(plan: &Plan) -> Vec<String> {
    plan.builds.iter().map(|build| build.info.full_name.to_string()).collect()
}

#[test]
fn builds_stand_in_the_order_of_files_blocks_and_lists() {
    // ENG-1, ENG-7, HCL-65
    let sandbox = Sandbox::new(&[
        (
            "20.pkr.hcl",
            "build {\n name = \"second\"\n source \"null.a\" { name = \"x\" }\n sources = [\"null.b\"]\n}\n",
        ),
        ("10.pkr.hcl", "build { sources = [\"source.null.a\"] }\n"),
        ("s.pkr.hcl", NULL),
    ]);
    let plan = sandbox.plan(".");
    assert_eq!(names(&plan), ["null.a", "second.null.b", "second.null.x"]);
    assert_eq!((&*plan.builds[2].info.label, &*plan.builds[2].info.builder_type), ("a", "null"));
}

#[test]
fn a_nested_source_adds_arguments_and_a_name() {
    // HCL-66, HCL-89, HCL-59
    let text = format!(
        "{NULL}build {{\n  source \"null.b\" {{\n    name = \"one\"\n    host = \"${{source.name}} of ${{source.type}}\"\n  }}\n  \
         source \"null.a\" {{\n    communicator = \"ssh\"\n  }}\n}}\n"
    );
    assert_eq!(problems(&text), ["E t.pkr.hcl:9 Duplicate argument"]);
    let plan = plan(&text.replace("communicator = \"ssh\"", "host = \"h\""));
    let hosts: Vec<_> = plan.builds.iter().map(|b| b.settings.as_members().unwrap()["host"].clone()).collect();
    assert_eq!(hosts, [Value::from("one of null"), Value::from("h")]);
}

#[test]
fn references_to_sources_are_checked_and_unknown_types_too() {
    // HCL-63, HCL-64, HCL-100, DIA-39, DIA-40
    let told = |build: &str| problems(&format!("source \"nul\" \"x\" {{}}\n{NULL}build {{\n  {build}\n}}\n"));
    assert_eq!(told("sources = [\"a\"]"), ["E t.pkr.hcl:5 Invalid source reference"]);
    assert_eq!(told("sources = [\"null.zzz\"]"), ["E t.pkr.hcl:5 Unknown source null.zzz"]);
    assert_eq!(told("sources = \"null.a\""), ["E t.pkr.hcl:5 Unsuitable value type"]);
    assert_eq!(told("sources = []"), ["E t.pkr.hcl:4 missing source reference"]);
    assert_eq!(told("sources = [\"nul.x\"]"), ["E t.pkr.hcl:5 Unknown source type nul"]);
    assert_eq!(told("source \"null.secnd\" {}"), ["E t.pkr.hcl:5 Unknown source null.secnd"]);
    assert_eq!(told("sources = [source.null.a]"), ["E t.pkr.hcl:5 Unknown variable"]);
    assert_eq!(told("name = build.name\n sources = [\"null.a\"]"), ["E t.pkr.hcl:5 Unknown variable"]);
}

#[test]
fn unknown_components_are_told_with_a_near_name_or_a_place_to_look() {
    // DIA-10, DIA-41
    let text = format!(
        "{NULL}build {{\n sources = [\"null.a\"]\n provisioner \"shell-locl\" {{}}\n post-processor \"nosuch-x\" {{}}\n}}\n"
    );
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]);
    let diagnostics = sandbox.plan("t.pkr.hcl").diagnostics;
    let details: Vec<&str> = diagnostics.iter().map(|d| d.detail.as_str()).collect();
    assert_eq!(details[0], "Did you mean to use \"shell-local\"?");
    assert!(details[1].ends_with("integrations?filter=nosuch"), "{details:?}");
}

#[test]
fn meta_arguments_are_read_with_the_block_and_checked() {
    // HCL-69 … HCL-76, DIA-42
    let told = |meta: &str| {
        let step = format!("provisioner \"shell-local\" {{\n    inline = [\"x\"]\n    {meta}\n  }}");
        problems(&format!("{NULL}build {{\n  sources = [\"null.a\"]\n  {step}\n}}\n"))
    };
    assert_eq!(told("pause_before = \"abc\""), ["E t.pkr.hcl:7 Failed to parse pause_before duration"]);
    assert_eq!(told("timeout = 10"), ["E t.pkr.hcl:7 Failed to parse timeout duration"]);
    for refused in [
        "pause_before = null",
        "timeout = null",
        "max_retries = null",
        "name = null",
        "continue_on_error = null",
        "max_retries = 1.5",
        "max_retries = \"many\"",
        "only = \"null.a\"",
    ] {
        assert_eq!(told(refused), ["E t.pkr.hcl:7 Unsuitable value type"], "{refused}");
    }
    let fine = ["only = null", "except = null", "override = null", "only = []"];
    for fine in fine.into_iter().chain(["timeout = \"\"", "pause_before = \"\"", "max_retries = -1"]) {
        assert_eq!(told(fine), [""; 0], "{fine}");
    }
    assert_eq!(told("override = \"x\""), ["E t.pkr.hcl:7 provisioner's override block must be an HCL object"]);
    assert_eq!(told("name = source.name"), ["E t.pkr.hcl:7 Unknown variable"]);
}

#[test]
fn only_and_except_exclude_each_other_and_there_is_one_clean_up() {
    // HCL-73, HCL-76
    let text = format!(
        "{NULL}build {{\n  sources = [\"null.a\"]\n  post-processor \"note\" {{\n    only = [\"null.a\"]\n    except = [\"x\"]\n    inline = [\"x\"]\n  }}\n  \
         error-cleanup-provisioner \"shell-local\" {{ inline = [\"x\"] }}\n  error-cleanup-provisioner \"shell-local\" {{ inline = [\"x\"] }}\n}}\n"
    );
    assert_eq!(
        problems(&text),
        [
            "E t.pkr.hcl:5 only one of 'only' or 'except' may be specified",
            "E t.pkr.hcl:11 Only one error-cleanup-provisioner is allowed",
        ]
    );
}

#[test]
fn steps_are_left_out_by_type_and_local_name_and_then_not_checked() {
    // HCL-73, ENG-20
    let step =
        |meta: &str, line: &str| format!("provisioner \"shell-local\" {{\n {meta}\n inline = [\"{line}\"]\n}}\n");
    let text = format!(
        "{NULL}build {{\n name = \"n\"\n sources = [\"null.a\"]\n source \"null.a\" {{ name = \"b\" }}\n{}{}{}{}}}\n",
        step("only = [\"null.b\"]", "b"),
        step("except = [\"null.a\", \"no.such\"]", "not a"),
        step("only = [\"null.*\", \"n.null.a\", \"a\"]", "bad"),
        step("only = []", "all")
    );
    let lines = |texts: &[&str]| texts.iter().map(|text| vec![(*text).to_owned()]).collect::<Vec<_>>();
    let expected = [("n.null.a".to_owned(), lines(&["all"])), ("n.null.b".to_owned(), lines(&["b", "not a", "all"]))];
    assert_eq!(provisioned(&plan(&text)), expected);
}

#[test]
fn overrides_replace_single_settings_of_one_source() {
    // HCL-74, HCL-75
    let text = format!(
        "variable \"v\" {{ default = \"big\" }}\n{NULL}build {{\n name = \"n\"\n sources = [\"null.a\"]\n source \"null.a\" {{ name = \"b\" }}\n \
         provisioner \"shell-local\" {{\n  inline = [\"plain\"]\n  env = {{ A = \"kept\" }}\n  override = {{\n   \
         b = {{ inline = [\"${{var.v}} ${{build.name}}\"], part = {{ size = \"4\" }} }}\n   zzz = {{ nothing = 1 }}\n  }}\n }}\n}}\n"
    );
    let plan = plan(&text);
    assert_eq!(provisioned(&plan)[1].1, [["big n"]]);
    assert_eq!(provisioned(&plan)[0].1, [["plain"]]);
    let settings = plan.builds[1].provision[0].settings.as_members().unwrap().clone();
    assert_eq!(settings["env"].as_members().unwrap()["A"], Value::from("kept"));
    assert_eq!(settings["part"].as_members().unwrap()["size"], Value::from(4));
    let wrong = text.replace("size = \"4\"", "sice = 4");
    assert_eq!(problems(&wrong), ["E t.pkr.hcl:11 Unsupported argument"]);
}

#[test]
fn dynamic_blocks_make_sources_provisioners_and_post_processors() {
    // HCL-77, HCL-84, HCL-85
    let text = "source \"null\" \"f\" { communicator = source.type }\nbuild {\n  dynamic \"source\" {\n    for_each = { s = \"small\", l = \"large\" }\n    \
        labels = [\"null.f\"]\n    content {\n      name = source.key\n      host = source.value\n    }\n  }\n  dynamic \"provisioner\" {\n    \
        for_each = [\"one\", \"two\"]\n    labels = [\"shell-local\"]\n    iterator = step\n    content { inline = [\"${step.key} ${step.value} ${source.name}\"] }\n  }\n}\n";
    let plan = plan(text);
    assert_eq!(names(&plan), ["null.l", "null.s"]);
    assert_eq!(provisioned(&plan)[0].1, [["0 one l"], ["1 two l"]]);
    let settings = plan.builds[0].settings.as_members().unwrap();
    assert_eq!((&settings["host"], &settings["communicator"]), (&Value::from("large"), &Value::from("null")));
}

#[test]
fn build_values_are_placeholders_until_the_build_knows_them() {
    // HCL-91 … HCL-94
    let step = |line: &str| {
        format!(
            "{NULL}build {{\n name = \"n\"\n sources = [\"null.a\"]\n provisioner \"shell-local\" {{\n  inline = [\"{line}\"]\n }}\n}}\n"
        )
    };
    let plan = plan(&step("${build.name} ${build.ID} ${build.ImageSha} ${packer.iterationID}"));
    assert_eq!(provisioned(&plan)[0].1, [["<unknown>"]]);
    let plan = super::plan(&step("${build.name} ${build.ID} ${build.ImageSha}"));
    assert_eq!(provisioned(&plan)[0].1, [["n <unknown> <unknown>"]]);
    assert_eq!(problems(&step("${build.Nonsense}")), ["E t.pkr.hcl:7 Unsupported attribute"]);
    let outside =
        "source \"null\" \"a\" {\n host = build.ID\n}\nbuild { sources = [\"null.a\"] }\nlocals { x = build.name }\n";
    assert_eq!(problems(outside), ["E t.pkr.hcl:5 Unknown variable", "E t.pkr.hcl:2 Unknown variable"]);
}

#[test]
fn a_step_is_prepared_again_with_what_the_build_knows() {
    // HCL-93, ENG-12
    let text = format!(
        "{NULL}build {{\n sources = [\"null.a\"]\n provisioner \"shell-local\" {{\n  inline = [build.ID]\n }}\n}}\n"
    );
    let plan = plan(&text);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let again = |id: &str| {
        let data = BuildData::from([("ID".into(), Value::from(id))]);
        runtime.block_on(plan.builds[0].provision[0].provisioner.prepare(&data)).map(|_| ())
    };
    again("good").unwrap();
    let error = again("bad").unwrap_err().to_string();
    assert!(error.contains("A bad line.") && error.contains("Failed preparing"), "{error}");
}

#[test]
fn a_build_that_cannot_be_prepared_leaves_the_others() {
    // CLI-37, ENG-6, ENG-13
    let text = "source \"null\" \"bad\" {\n  host = \"x\"\n  communicator = \"broken\"\n}\nsource \"null\" \"good\" { host = \"old\" }\n\
                build {\n  sources = [\"null.bad\", \"null.good\"]\n  provisioner \"shell-local\" { inline = [\"x\"] }\n}\n";
    let sandbox = Sandbox::new(&[("t.pkr.hcl", text)]);
    let plan = sandbox.plan("t.pkr.hcl");
    assert_eq!((names(&plan), plan.failed), (vec!["null.good".to_owned()], 1));
    assert_eq!(
        sandbox.told(&plan.diagnostics),
        [
            "E t.pkr.hcl:3 Failed to prepare build: \"null.bad\"",
            "W t.pkr.hcl:5 Warning when preparing build: \"null.good\"",
        ]
    );
}

#[test]
fn problems_of_a_step_stand_at_their_settings_once_for_all_builds() {
    // DIA-6, HCL-101
    let text = format!(
        "{NULL}build {{\n  sources = [\"null.a\", \"null.b\"]\n  provisioner \"shell-local\" {{}}\n  post-processors {{\n    \
         post-processor \"note\" {{\n      inlin = [\"x\"]\n    }}\n    post-processor \"note\" {{\n      inline = [\"x\"]\n      \
         env = {{\n        refused = \"x\"\n      }}\n      part {{\n        size = -1\n      }}\n    }}\n  }}\n}}\n"
    );
    let failed = |what: &str| format!("Failed preparing {what} \"\"");
    assert_eq!(
        problems(&text),
        [
            format!("E t.pkr.hcl:5 {}", failed("provisioner-block \"shell-local\"")),
            "E t.pkr.hcl:8 Unsupported argument".to_owned(),
            format!("E t.pkr.hcl:13 {}", failed("post-processor-block \"note\"")),
            format!("E t.pkr.hcl:16 {}", failed("post-processor-block \"note\"")),
        ]
    );
}

#[test]
fn post_processors_left_out_by_their_own_words_do_not_end_the_chain() {
    // HCL-78 … HCL-80
    let member = |meta: &str, line: &str| format!("post-processor \"note\" {{\n {meta}\n inline = [\"{line}\"]\n}}\n");
    let text = format!(
        "{NULL}build {{\n sources = [\"null.a\"]\n post-processors {{\n{}{}{}}}\n post-processors {{}}\n{}}}\n",
        member("", "one"),
        member("except = [\"null.a\"]", "two"),
        member("keep_input_artifact = true\n name = \"third\"", "three"),
        member("only = [\"null.b\"]", "four")
    );
    let plan = plan(&text);
    let chain: Vec<_> = plan.builds[0].post[0].iter().map(|s| (lines(&s.settings), &*s.name, s.keep_input)).collect();
    assert_eq!(plan.builds[0].post.len(), 1);
    assert_eq!(chain, [(vec!["one".to_owned()], "", None), (vec!["three".to_owned()], "third", Some(true))]);
}

#[test]
fn an_unused_source_is_not_looked_at() {
    // HCL-57, HCL-58
    let text = format!("source \"never-checked\" \"a\" {{ rubbish = var.nope }}{BUILD}");
    plan(&text);
    assert_eq!(problems(&format!("source \"null\" \"a\" {{}}{BUILD}")), ["E t.pkr.hcl:2 Duplicate source block"]);
}

#[test]
fn unknown_blocks_and_labels_in_a_build_are_told() {
    // HCL-61, DIA-12, DIA-21
    let text = format!(
        "{NULL}build {{\n  sources = [\"null.a\"]\n  nope = 1\n  post-processors \"x\" {{}}\n  provisioner {{}}\n  post-processors {{\n    inline = 1\n  }}\n  from \"x\" {{}}\n  sources {{}}\n}}\n"
    );
    assert_eq!(
        problems(&text),
        [
            "E t.pkr.hcl:5 Unsupported argument",
            "E t.pkr.hcl:6 Extraneous label for post-processors",
            "E t.pkr.hcl:7 Missing type for provisioner",
            "E t.pkr.hcl:9 Unsupported argument",
            "E t.pkr.hcl:12 Unsupported block type",
        ]
    );
}

#[test]
fn a_thousand_sources_are_planned_without_going_over_everything_again_for_each() {
    let sources: String = (0..1000).map(|i| format!("source \"null\" \"s{i}\" {{ host = local.l{i} }}\n")).collect();
    let locals: String = (0..1000).map(|i| format!("  l{i} = \"value {i}\"\n")).collect();
    let list: Vec<String> = (0..1000).map(|i| format!("\"null.s{i}\"")).collect();
    let text = format!("{sources}locals {{\n{locals}}}\nbuild {{ sources = [{}] }}\n", list.join(", "));
    let plan = plan(&text);
    assert_eq!(plan.builds.len(), 1000);
    assert_eq!(plan.builds[999].settings.as_members().unwrap()["host"], Value::from("value 999"));
}
