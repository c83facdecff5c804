//! Archives of every format, read back by the tools that people have.

use std::fs::File;
use std::process::Command;

use crate::support::parts;
use crate::support::sandbox::Sandbox;

/// Extensions of one compressed file, and what gives back standard input.
const STREAMS: &[(&str, &[&str])] = &[
    ("gz", &["gzip", "-dc"]),
    ("bgzf", &["gzip", "-dc"]),
    ("lz4", &["lz4", "-dc"]),
    ("xz", &["xz", "-dc"]),
    ("bzip2", &["bzip2", "-dc"]),
    ("zst", &["zstd", "-dc"]),
    ("tar", &["tar", "-xO"]),
    ("tar.gz", &["tar", "-xzO"]),
];

/// Nothing, a byte, exactly one block of bzip2, of bgzf and of gzip, and several blocks of each.
const SIZES: &[usize] = &[0, 1, 899_000, 0xff00 * 16, 1 << 20, 5_000_001];

fn bytes(size: usize) -> Vec<u8> {
    (0_u32..).flat_map(|n| (n / 3 * 7).to_le_bytes()).take(size).collect()
}

/// Compresses a file of each size into one file for each of `extensions`: `packed-SIZE.EXTENSION`.
fn packed<'e>(extensions: impl Iterator<Item = &'e str> + Clone) -> Sandbox {
    let mut chains = String::new();
    for size in SIZES {
        for extension in extensions.clone() {
            chains += &format!(
                "  post-processors {{\n    post-processor \"artifice\" {{ files = [\"in-{size}\"] }}\n    \
                 post-processor \"compress\" {{\n      output = \"packed-{size}.{extension}\"\n      \
                 keep_input_artifact = true\n    }}\n  }}\n"
            );
        }
    }
    let source = "source \"null\" \"n\" { communicator = \"none\" }\nbuild {\n  sources = [\"null.n\"]\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &format!("{source}{chains}}}\n"));
    for size in SIZES {
        std::fs::write(sandbox.work().join(format!("in-{size}")), bytes(*size)).expect("a file can be written");
    }
    sandbox.run(["build", "-color=false", "t.pkr.hcl"]).exits(0);
    sandbox
}

// PP-compress-5, PP-compress-9, PP-compress-12
#[test]
fn real_tools_read_every_stream() {
    let there = |tool: &[&str]| parts::program(tool[0]);
    let streams: Vec<_> = STREAMS.iter().filter(|(_, tool)| there(tool)).collect();
    let sandbox = packed(streams.iter().map(|(extension, _)| *extension));
    for size in SIZES {
        for (extension, tool) in &streams {
            let file = File::open(sandbox.work().join(format!("packed-{size}.{extension}"))).expect("an archive");
            let read = Command::new(tool[0]).args(&tool[1..]).stdin(file).output().expect("the tool starts");
            let errors = String::from_utf8_lossy(&read.stderr);
            assert!(read.status.success() && read.stdout == bytes(*size), "{extension} of {size}: {errors}");
        }
    }
}

// PP-compress-9
#[test]
fn real_tools_read_every_zip() {
    const CHECK: &str = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                         sys.stdout.buffer.write(z.read(sys.argv[2]))";
    let tools: &[&[&str]] = &[&["unzip", "-p"], &["python3", "-c", CHECK]];
    let sandbox = packed(["zip"].into_iter());
    for size in SIZES {
        let (archive, member) = (format!("packed-{size}.zip"), format!("in-{size}"));
        for tool in tools.iter().filter(|tool| parts::program(tool[0])) {
            let mut read = Command::new(tool[0]);
            read.args(&tool[1..]).args([&archive, &member]).current_dir(sandbox.work());
            let read = read.output().expect("the tool starts");
            let errors = String::from_utf8_lossy(&read.stderr);
            assert!(read.status.success() && read.stdout == bytes(*size), "{} of {size}: {errors}", tool[0]);
        }
    }
}
