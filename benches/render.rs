//! How fast `{{ }}` is rendered: a text that calls five functions, over and over, on one core.
//!
//! Prints one line; `benches/run render` compares it with its bound.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use packer::gotemplate::{Engine, Fields, Legacy};
use packer::host::Host;

/// How many texts are rendered in one round.
const TEXTS: usize = 100_000;
const ROUNDS: usize = 5;
const TEXT: &str =
    "{{user `name` | upper}}-{{isotime \"2006-01-02\"}}-{{replace_all \".\" \"-\" packer_version}}-{{build_name}}";

fn main() {
    let user = HashMap::from([("name".into(), "image".into())]);
    let legacy = Some(Arc::new(Legacy { user, template_dir: "/".to_owned() }));
    let engine = Engine { host: Host::real(), build_name: "web".to_owned(), build_type: "null".to_owned(), legacy };
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        for _ in 0..TEXTS {
            let rendered = engine.render(TEXT, &Fields::default()).expect("a template");
            assert!(rendered.starts_with("IMAGE-") && rendered.ends_with("-web"), "{rendered}");
        }
        best = best.min(began.elapsed());
    }
    let line = format!("{TEXTS} texts in {:.3} s", best.as_secs_f64());
    std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes()).expect("somebody listens");
}
