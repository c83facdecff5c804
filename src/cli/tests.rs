//! What words ask for.
//!
//! Knows no command, only how it is asked for.

use super::*;

fn read(words: &str) -> Words {
    parse(words.split_whitespace().map(str::to_owned).collect())
}

fn build(words: &str) -> Build {
    match read(words).request {
        Request::Run(Command::Build(build)) => build,
        other => panic!("{words}: {other:?}"),
    }
}

#[test]
fn flags_take_one_or_two_dashes_and_their_value_either_way() {
    // CLI-8
    let args = build("build -var a=b --var=c=d -only x,y -only=z -force -color=F t.pkr.hcl");
    assert_eq!(args.variables.var, [("a".into(), "b".into()), ("c".into(), "d".into())]);
    assert_eq!(args.select.only, ["x", "y", "z"]);
    assert!(args.force && !args.color);
    assert!(!build("build -force -color -force=false -on-error=ask -on-error=abort t").force);
    assert_eq!(build("build -parallel-builds=-3 -- t.pkr.hcl").parallel_builds, -3);
    assert_eq!(build("build -parallel-builds 0x2 t").parallel_builds, 2);
}

#[test]
fn misuse_shows_the_usage_and_what_is_wrong() {
    // CLI-13, CLI-14
    for (words, wanted) in [
        ("build -nope t", "flag provided but not defined: -nope"),
        (
            "build -on-error=ABORT t",
            "invalid value \"ABORT\" for flag -on-error: expected one of [\"cleanup\" \"abort\" \"ask\" \"run-cleanup-provisioner\"]",
        ),
        (
            "build -output=loud t",
            "invalid value \"loud\" for flag -output: expected one of [\"grouped\" \"prefixed\" \"quiet\"]",
        ),
        ("build -force=yes t", "invalid boolean value \"yes\" for -force: parse error"),
        (
            "build -parallel-builds=9223372036854775808 t",
            "invalid value \"9223372036854775808\" for flag -parallel-builds: value out of range",
        ),
        ("build -var x t", "invalid value \"x\" for flag -var: No '=' value in arg: x"),
        ("build -var", "flag needs an argument: -var"),
        ("build t -force", "-force stands behind the template, where it is not a flag: write it in front of \"t\"."),
    ] {
        let Request::Misuse { complaint, usage, .. } = read(words).request else { panic!("{words}") };
        assert_eq!(complaint.as_deref(), Some(wanted), "{words}");
        assert!(usage.starts_with("Usage: packer build [options] TEMPLATE\n"));
    }
}

#[test]
fn a_template_without_a_name_is_none() {
    for command in [&["build"][..], &["inspect"], &["console"], &["plugins", "required"]] {
        let words = command.iter().chain(&[""]).map(|&word| word.to_owned()).collect();
        let Request::Misuse { complaint, .. } = parse(words).request else { panic!("{command:?}") };
        assert_eq!(complaint.as_deref(), Some("The name of the template is empty."));
    }
}

#[test]
fn a_group_is_no_command_and_its_old_name_still_works() {
    // CLI-15, CLI-17
    for words in ["plugins", "plugin", "plugins lst", "plugins -force install x"] {
        let Request::Misuse { complaint: None, usage, .. } = read(words).request else { panic!("{words}") };
        assert!(usage.starts_with("Usage: packer plugins <subcommand> [options] [args]\n"), "{usage}");
        assert!(usage.contains("\nSubcommands:\n    install      "), "{usage}");
    }
    let Request::Run(Command::Plugins(Plugins { command })) = read("plugin remove x 1.0").request else { panic!() };
    assert!(matches!(command, PluginsCommand::Remove(PluginsRemove { words }) if words == ["x", "1.0"]));
    assert!(matches!(read("plugins -h remove").request, Request::Help(usage) if usage.contains("<subcommand>")));
}

#[test]
fn what_is_not_in_the_help_is_accepted_all_the_same() {
    // CLI-22 to CLI-25
    let Request::Run(Command::Fmt(fmt)) = read("fmt -var a=b -only=x -config-type HCL2 -check .").request else {
        panic!()
    };
    assert!(fmt.check && fmt.write && fmt.common.language.config_type == Some(ConfigType::Hcl2));
    assert_eq!(fmt.common.variables.var.len() + fmt.common.select.only.len(), 2);
    assert!(matches!(read("fmt -h").request, Request::Help(text) if !text.contains("-var")));
    assert!(matches!(read("").request, Request::GeneralHelp(text, false) if !text.contains("sbom")));
}

#[test]
fn help_and_version_are_found_where_people_put_them() {
    // CLI-9, CLI-10, CLI-12
    assert!(matches!(read("build t -h").request, Request::Help(_)));
    assert!(matches!(read("bild -h").request, Request::GeneralHelp(_, false)));
    assert!(matches!(read("").request, Request::GeneralHelp(_, false)));
    assert!(matches!(read("-help").request, Request::GeneralHelp(_, true)));
    assert!(matches!(read("--version -nope").request, Request::Run(Command::Version(_))));
    assert!(matches!(read("- -h").request, Request::GeneralHelp(_, true)));
    assert!(read("build -machine-readable t").machine_readable);
    // CLI-18
    assert!(!read("build --machine-readable t").machine_readable);
    assert!(matches!(read("build --machine-readable t").request, Request::Run(_)));
    assert!(matches!(read("validate --machine-readable t").request, Request::Misuse { .. }));
}
