use super::global::{EndpointUrl, Variable};
use super::*;
use clap::CommandFactory;

#[test]
fn the_definitions_are_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn targets_are_read_and_everything_else_is_refused() {
    assert_eq!("aws".parse(), Ok(Target::Aws));
    assert_eq!("twin".parse(), Ok(Target::Twin(None)));
    assert_eq!("twin:a/b.json".parse(), Ok(Target::Twin(Some("a/b.json".into()))));
    assert_eq!(
        "http://127.0.0.1:4600/".parse(),
        Ok(Target::Url(EndpointUrl("http://127.0.0.1:4600".into())))
    );
    for bad in [
        "",
        "AWS",
        "twin:",
        "http://",
        "https:///x",
        "ftp://x",
        "http://a b",
        "http://:80",
    ] {
        assert!(bad.parse::<Target>().is_err(), "{bad}");
    }
}

#[test]
fn every_command_explains_itself_with_examples() {
    for command in Cli::command()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let described = |c: &clap::Command| {
            c.get_after_long_help()
                .is_some_and(|help| help.to_string().contains("Examples:"))
        };
        let nested = command.get_subcommands().next().is_some_and(described);
        assert!(described(command) || nested, "{}", command.get_name());
    }
}

#[test]
fn a_variable_keeps_equal_signs_in_its_value() {
    let variable: Variable = "a=b=c".parse().unwrap();
    assert_eq!((variable.name.as_str(), variable.value.as_str()), ("a", "b=c"));
    assert!("=b".parse::<Variable>().is_err());
}
