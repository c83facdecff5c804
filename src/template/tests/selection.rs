//! `-only` and `-except` on whole templates.

use super::*;
use crate::template::Select;

const TEXT: &str = "source \"null\" \"a\" {}\nsource \"null\" \"b\" {}\nbuild {\n  name = \"n\"\n  sources = [\"null.a\", \"null.b\"]\n  \
                    provisioner \"shell-local\" {\n    only = [\"null.b\"]\n    inline = [\"bad\"]\n  }\n  \
                    post-processors {\n    post-processor \"note\" { inline = [\"1\"] }\n    post-processor \"note\" {\n      name = \"cut\"\n      \
                    inline = [\"2\"]\n    }\n    post-processor \"note\" { inline = [\"3\"] }\n  }\n}\n";

fn selected(only: &[&str], except: &[&str]) -> (Vec<(String, usize)>, Vec<String>) {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    let select = Select { only: texts(only), except: texts(except) };
    let sandbox = Sandbox::new(&[("t.pkr.hcl", TEXT)]);
    let plan = sandbox.plan_with("t.pkr.hcl", &PlanOptions { select, ..PlanOptions::default() });
    let steps = |build: &crate::plan::Build| build.post.iter().map(Vec::len).sum();
    let builds = plan.builds.iter().map(|build| (build.info.full_name.to_string(), steps(build))).collect();
    (builds, sandbox.told(&plan.diagnostics))
}

#[test]
fn only_names_builds_in_full_and_what_is_not_wanted_is_not_prepared() {
    // CLI-39, ENG-20
    assert_eq!(selected(&["n.null.a"], &[]), (vec![("n.null.a".to_owned(), 3)], vec![]));
    let (builds, told) = selected(&["*.b"], &[]);
    assert_eq!((builds.len(), told.len()), (0, 1));
    assert!(told[0].contains("t.pkr.hcl:8"), "{told:?}");
}

#[test]
fn except_ends_a_chain_at_the_post_processor_it_names() {
    // CLI-41
    assert_eq!(selected(&["*a"], &["cut"]), (vec![("n.null.a".to_owned(), 1)], vec![]));
    assert_eq!(selected(&["*a"], &["note"]), (vec![("n.null.a".to_owned(), 0)], vec![]));
}

#[test]
fn with_everything_taken_away_nothing_is_left_and_nothing_is_wrong() {
    // CLI-38
    assert_eq!(selected(&[], &["*"]), (vec![], vec![]));
}
