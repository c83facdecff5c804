//! Locals and data sources: their order, what fails among them, and how much work they are.

use super::*;
use crate::template::{DataSources, EvaluateOptions, Look, Order};

const SUMMARY: &str = "failed to prepare execution graph";

fn options(order: Order, data_sources: DataSources) -> EvaluateOptions {
    EvaluateOptions { order, data_sources, ..EvaluateOptions::default() }
}

/// Returns what is wrong with the values of `text`.
fn wrong(text: &str, options: &EvaluateOptions) -> Vec<(String, String)> {
    let text = format!("{text}{BUILD}");
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]);
    let (template, opening) = sandbox.open("t.pkr.hcl");
    assert_eq!(sandbox.told(&opening), [""; 0]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (_, diagnostics) = runtime.block_on(template.unwrap().resolve(options));
    let details = diagnostics.iter().map(|one| one.detail.clone());
    sandbox.told(&diagnostics).into_iter().zip(details).collect()
}

fn summaries(text: &str, options: &EvaluateOptions) -> Vec<String> {
    wrong(text, options).into_iter().map(|(told, _)| told).collect()
}

fn executed() -> EvaluateOptions {
    EvaluateOptions::default()
}

/// Returns the values of `text`.
fn look(text: &str, options: &EvaluateOptions) -> Look {
    let sandbox = Sandbox::new(&[("t.pkr.hcl", text)]);
    let template = sandbox.open("t.pkr.hcl").0.unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(template.look(options))
}

fn local(look: &Look, name: &str) -> String {
    look.locals()[name].as_str().unwrap_or("(no text)").to_owned()
}

#[test]
fn locals_and_data_sources_wait_for_each_other_in_any_order() {
    // HCL-45, HCL-53
    let text = "locals { end = upper(data.null.b.output) }\ndata \"null\" \"b\" { input = \"${local.mid}3\" }\n\
                locals { mid = \"${data.null.a.output}2\" }\ndata \"null\" \"a\" { input = var.start }\n\
                variable \"start\" { default = \"s1\" }\n";
    assert_eq!(local(&look(text, &executed()), "end"), "S123");
}

#[test]
fn independent_data_sources_are_asked_side_by_side() {
    // Each waits until all three are asked.
    let text = "data \"null\" \"a\" { input = \"meets a\" }\ndata \"null\" \"b\" { input = \"meets b\" }\n\
                data \"null\" \"c\" { input = \"meets c\" }\nlocals { all = join(\",\", values(data.null)[*].output) }\n";
    assert_eq!(local(&look(text, &executed()), "all"), "meets a,meets b,meets c");
}

#[test]
fn every_way_to_write_a_name_is_a_need() {
    // HCL-48, HCL-49
    let text = "locals {\n a = local[\"b\"]\n c = data[\"null\"][\"d\"].output\n e = data.null[\"d\"].output\n\
                f = join(\",\", [for k, v in local : k])\n g = local[\"${local.b}\"]\n h = [for k, v in data.null : v.output][0]\n\
                i = keys(data)[0]\n b = \"c\"\n}\ndata \"null\" \"d\" { input = local.b }\n";
    let look = look(text, &executed());
    let values: Vec<String> = ["a", "c", "e", "f", "g", "h", "i"].map(|name| local(&look, name)).to_vec();
    assert_eq!(values, ["c", "c", "c", "a,b,c,e", "c", "c", "null"]);
}

#[test]
fn a_bare_name_that_for_binds_is_no_need() {
    // HCL-49
    let text = "locals {\n a = [for local in [\"x\"] : local][0]\n b = [for data in [\"y\"] : data][0]\n}\n";
    let look = look(text, &executed());
    assert_eq!((local(&look, "a"), local(&look, "b")), ("x".into(), "y".into()));
}

#[test]
fn a_cycle_is_named_in_full_and_told_once() {
    // HCL-46
    let text = "locals { x = data.null.b.output }\ndata \"null\" \"a\" { input = local.x }\n\
                data \"null\" \"b\" { input = data.null.a.output }\nlocals { after = local.x.whatever }\n";
    let problems = wrong(text, &executed());
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].0, format!("E t.pkr.hcl:1 {SUMMARY}"));
    assert!(
        problems[0].1.contains("Cycle: local.x, null.a, null.b\n* local.x needs null.b, t.pkr.hcl:1"),
        "{problems:?}"
    );
    let own = wrong("locals { a = \"${local.a}x\" }\n", &executed());
    assert!(own[0].1.ends_with("Self reference: local.a"), "{own:?}");
}

#[test]
fn whatever_is_wrong_beside_a_missing_name_is_told_too() {
    // HCL-46, HCL-47
    let text = "locals {\n a = local.nowhere\n b = data.null.gone.output\n c = 1 + {}\n d = local.a.x\n e = local.appel\n apple = 1\n}\n\
                data \"null\" \"d\" {\n input = local.nothing\n inputs = 1\n}\n";
    let told = summaries(text, &executed());
    let graph = |line| format!("E t.pkr.hcl:{line} {SUMMARY}");
    let other = |line, text: &str| format!("E t.pkr.hcl:{line} {text}");
    assert_eq!(
        told,
        [graph(2), graph(3), other(4, "Invalid operand"), graph(6), graph(10), other(11, "Unsupported argument")]
    );
}

#[test]
fn a_data_source_that_fails_is_told_once_and_spoils_nothing_else() {
    // HCL-55
    let text = "data \"null\" \"a\" { input = \"fail\" }\ndata \"null\" \"b\" { input = data.null.a.output }\n\
                locals {\n c = data.null.b.output\n d = upper(local.c) + 1\n e = {}.x\n}\n\
                data \"null\" \"n\" { input = \"nothing\" }\ndata \"nul\" \"x\" { input = \"\" }\n";
    assert_eq!(
        summaries(text, &executed()),
        [
            "E t.pkr.hcl:1 Datasource.Execute failed: nobody answers",
            "E t.pkr.hcl:6 Unsupported attribute",
            "E t.pkr.hcl:8 empty value",
            "E t.pkr.hcl:9 Unknown data type nul",
        ]
    );
}

#[test]
fn what_is_not_executed_is_unknown_of_its_type() {
    // HCL-54
    let text = "data \"null\" \"a\" { input = \"fail\" }\nlocals {\n b = { ok = 1 }[data.null.a.output]\n c = data.null.a.result\n}\n\
                data \"null\" \"w\" {\n input = \"x\"\n wrong = \"y\"\n}\ndata \"null\" \"u\" { wrong = data.null.a.output }\n";
    let told = summaries(text, &options(Order::Needed, DataSources::LeaveUnknown));
    assert_eq!(
        told,
        ["E t.pkr.hcl:4 Unsupported attribute", "E t.pkr.hcl:8 Failed to prepare data source: \"null.w\""]
    );
}

#[test]
fn nobody_is_asked_for_a_template_without_an_order() {
    let text = "data \"null\" \"a\" { input = \"fail\" }\nlocals { b = local.b }\n";
    assert_eq!(summaries(text, &executed()), [format!("E t.pkr.hcl:2 {SUMMARY}")]);
}

#[test]
fn an_interrupt_ends_the_wait_for_a_data_source() {
    let text = "data \"null\" \"a\" { input = \"never\" }\n";
    assert_eq!(summaries(text, &executed()), ["E t.pkr.hcl:1 Datasource.Execute failed: context canceled"]);
}

#[test]
fn in_sequence_data_sources_see_no_locals_and_nothing_goes_deeper_than_ten() {
    // HCL-50
    let sequential = options(Order::Sequential, DataSources::Execute);
    let seen = "locals { a = \"x\" }\ndata \"null\" \"d\" { input = local.a }\nlocals { b = data.null.d.output }\n";
    assert_eq!(summaries(seen, &sequential), ["E t.pkr.hcl:2 Unsupported attribute"]);
    let chain = |count: usize| {
        (1..count).map(|n| format!("local \"l{n}\" {{\n expression = local.l{}\n}}\n", n + 1)).collect::<String>()
            + &format!("local \"l{count}\" {{\n expression = 1\n}}\n")
    };
    assert_eq!(summaries(&chain(10), &sequential), [""; 0]);
    assert_eq!(summaries(&chain(11), &sequential), ["E t.pkr.hcl:2 Max local recursion depth exceeded."]);
    let cycle = "locals {\n a = local.b\n b = local.a\n}\n";
    let deep = "E t.pkr.hcl:2 Max local recursion depth exceeded.";
    assert_eq!(summaries(cycle, &sequential), [deep, "E t.pkr.hcl:3 Unsupported attribute"]);
    let data =
        "data \"null\" \"a\" { input = data.null.b.output }\ndata \"null\" \"b\" { input = data.null.a.output }\n";
    let deep = [1, 2].map(|line| format!("E t.pkr.hcl:{line} Max datasource recursion depth exceeded."));
    assert_eq!(summaries(data, &sequential), deep);
}

#[test]
fn without_an_order_there_are_no_locals_to_look_at() {
    // HCL-46
    let text = "locals {\n a = local.b\n b = local.a\n c = \"x\"\n}\n";
    assert!(look(text, &executed()).locals().is_empty());
    let failing = "locals {\n a = 1 + {}\n c = \"x\"\n}\n";
    assert_eq!(local(&look(failing, &executed()), "c"), "x");
}

#[test]
fn values_that_nest_each_other_too_deeply_are_refused() {
    let line = |n: usize| if n == 0 { "l0 = 0\n".to_owned() } else { format!("l{n} = [local.l{}]\n", n - 1) };
    let nested = |count| format!("locals {{\n{}}}\n", (0..count).map(line).collect::<String>());
    assert_eq!(summaries(&nested(1001), &executed()), [""; 0]);
    assert_eq!(summaries(&nested(5000), &executed()), ["E t.pkr.hcl:1003 Value nested too deeply"]);
}

#[test]
fn a_chain_of_any_length_needs_no_stack() {
    let count = 100_000;
    let chain = |needed: &dyn Fn(usize) -> Option<usize>| {
        let line = |n: usize| match needed(n) {
            Some(needed) => format!("l{n} = local.l{needed}\n"),
            None => format!("l{n} = \"end\"\n"),
        };
        format!("locals {{\n{}}}\n", (0..count).map(line).collect::<String>())
    };
    let backwards = chain(&|n| (n + 1 < count).then_some(n + 1));
    assert_eq!(local(&look(&backwards, &executed()), "l0"), "end");
    let cycle = chain(&|n| Some((n + 1) % count));
    assert!(look(&cycle, &executed()).locals().is_empty());
}
