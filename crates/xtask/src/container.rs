//! `Containerfile`, as far as it can be held to something where no container can be built.

const CONTAINERFILE: &str = include_str!("../../../Containerfile");

/// What the lines of the file that begin with a word say, lines that go on being one.
fn said(word: &str) -> Vec<String> {
    let whole = CONTAINERFILE.replace("\\\n", " ");
    let lines =
        whole.lines().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' ').map(str::to_owned));
    lines.collect()
}

#[test]
fn a_container_is_built_with_the_pinned_compiler_and_by_the_command_of_the_readme() {
    let pinned = include_str!("../../../rust-toolchain.toml");
    let version = pinned.split_once("channel = \"").and_then(|(_, rest)| rest.split_once('"'));
    let version = version.map(|(version, _)| version).unwrap_or_default();
    let images = said("FROM");
    assert!(images[0].starts_with(&format!("docker.io/library/rust:{version}-")), "{images:?}, {version}");
    // Both on the same Debian, or the binary finds another C library.
    let debian = |image: &str| ["bookworm", "trixie", "forky"].into_iter().find(|name| image.contains(name));
    assert!(debian(&images[0]).is_some() && debian(&images[0]) == debian(&images[1]), "{images:?}");
    let command = "cargo xtask build";
    assert!(said("RUN").iter().any(|run| run == command));
    assert!(include_str!("../../../README.md").contains(command));
}

#[test]
fn a_container_sets_options_that_there_are_and_runs_without_rights() {
    let config = include_str!("../../server/src/config.rs");
    let set = said("ENV").join(" ");
    let names: Vec<&str> = set.split(' ').filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        assert!(config.contains(&format!("\"{name}\"")), "there is no {name}");
    }
    assert!(said("USER").iter().all(|user| user.parse::<u32>().is_ok_and(|user| user > 0)));
    assert_eq!(
        (said("USER").len(), said("VOLUME"), said("HEALTHCHECK").len()),
        (1, vec!["/data".to_owned()], 1)
    );
}

#[test]
fn nothing_that_was_built_or_voted_goes_into_a_container() {
    let ignored: Vec<&str> = include_str!("../../../.dockerignore").lines().collect();
    for kept_out in include_str!("../../../.gitignore").lines().filter(|line| !line.contains("artifacts")) {
        assert!(ignored.contains(&kept_out.trim_start_matches('/')), "{kept_out}");
    }
}
