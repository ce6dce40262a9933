//! The command reference, the manual pages and the completions say what the
//! command line says.

use std::path::Path;
use std::process::Command;

use chancery_cli::commands::help_pages::reference;

#[test]
fn the_command_reference_is_what_the_help_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
    if std::env::var_os("UPDATE_STORIES").is_some() {
        std::fs::write(&path, reference()).unwrap();
    }

    let held = std::fs::read_to_string(&path).unwrap_or_default();

    assert!(
        held == reference(),
        "docs/commands.md: UPDATE_STORIES=1 cargo test --test reference"
    );
}

#[test]
fn there_is_a_manual_page_for_each_command_and_a_completion_for_each_shell() {
    let folder = tempfile::tempdir().unwrap();
    let chancery = || Command::new(env!("CARGO_BIN_EXE_chancery"));

    let made = chancery().arg("man").arg(folder.path()).output().unwrap();
    assert!(made.status.success());
    let page = std::fs::read_to_string(folder.path().join("chancery-append.1")).unwrap();
    assert!(page.contains("Append dossiers"));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = chancery().args(["completions", shell]).output().unwrap();
        assert!(
            String::from_utf8(script.stdout)
                .unwrap()
                .contains("commitments"),
            "{shell}"
        );
    }
}
