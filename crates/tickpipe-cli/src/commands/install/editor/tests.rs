use super::*;
use crate::commands::install::made_up::Tree;

const MADE: &str = "data/MQL5/Experts/TickPipe/TickPipeDouble.ex5";

/// A terminal with our sources.
fn made_up() -> (Tree, Terminal) {
    let tree = Tree::new();
    for source in sources(Platform::Mt5) {
        tree.write(&format!("data/MQL5/{}", source.path), source.bytes);
    }
    let data = tree.join("data");
    let terminals = crate::commands::install::find::terminals_at(
        &data,
        crate::commands::install::find::IsData::Yes,
    );
    (tree, terminals.into_iter().next().unwrap())
}

#[test]
fn the_editor_is_beside_the_terminal() {
    let (tree, terminal) = made_up();
    let broker = tree.folder("My Broker");
    let limit = Duration::from_secs(1);
    let error = Editor::in_folder(&terminal, &broker, limit).unwrap_err();
    assert!(error.starts_with("there is no metaeditor64.exe in `"), "{error}");
    tree.write("My Broker/metaeditor.exe", b"");
    let editor = Editor::in_folder(&terminal, &broker, limit).unwrap();
    assert_eq!(editor.program, tree.join("My Broker/metaeditor.exe"));
    tree.write("My Broker/MetaEditor64.exe", b"");
    let editor = Editor::in_folder(&terminal, &broker, limit).unwrap();
    assert!(editor.program.ends_with("MetaEditor64.exe") || cfg!(windows), "{editor:?}");
    assert!(!editor.is_portable);
}

#[test]
fn what_is_older_than_our_sources_is_stale() {
    let (tree, terminal) = made_up();
    let broker = tree.folder("My Broker");
    tree.write("My Broker/metaeditor64.exe", b"");
    let editor = Editor::in_folder(&terminal, &broker, Duration::from_secs(1)).unwrap();
    assert_eq!(editor.stale().len(), 3);
    tree.write(MADE, b"compiled");
    assert_eq!(editor.stale().len(), 2);
    let later = SystemTime::now() + Duration::from_secs(60);
    let line =
        fs::File::options().append(true).open(tree.join("data/MQL5/Include/TickPipe/Line.mqh"));
    line.unwrap().set_modified(later).unwrap();
    assert_eq!(editor.stale().len(), 3);
}

#[cfg(unix)]
mod started {
    use super::*;

    /// Compiles once with a stand-in for the editor that has a way of its own.
    fn compiled(way: &str, before: Option<&[u8]>, limit: Duration) -> (Tree, Compiled) {
        let (tree, terminal) = made_up();
        tree.write("data/way", way.as_bytes());
        if let Some(before) = before {
            tree.write(MADE, before);
        }
        let fake = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = fake.join("src/commands/install/editor/fake.sh");
        let editor = Editor {
            program,
            mql: terminal.mql(),
            platform: Platform::Mt5,
            is_portable: false,
            limit,
        };
        let compiled = editor.compile(EA);
        (tree, compiled)
    }

    const EA: &str = "Experts/TickPipe/TickPipeDouble.mq5";
    const LONG: Duration = Duration::from_secs(600);

    #[test]
    fn what_is_fresh_and_has_no_errors_is_compiled() {
        for (way, warnings) in [("good", 0), ("warns", 1), ("no-log", 0)] {
            let (_tree, found) = compiled(way, Some(b"compiled before"), LONG);
            assert_eq!((found.problem, found.warnings), (None, warnings), "{way}");
        }
    }

    #[test]
    fn errors_are_told_with_their_lines() {
        let (_tree, found) = compiled("errors", None, LONG);
        assert_eq!(found.problem.as_deref(), Some("1 error in it"));
        assert_eq!(
            (found.errors, found.lines.as_slice()),
            (1, &["A.mq5(1,2) : error 256: undeclared".to_owned()][..])
        );
    }

    #[test]
    fn an_old_one_is_not_taken_for_a_new_one() {
        let (tree, found) = compiled("none", Some(b"compiled before"), LONG);
        let problem = "MetaEditor ended, and left nothing that it compiled";
        assert_eq!(found.problem.as_deref(), Some(problem));
        assert_eq!(tree.read(MADE), b"compiled before");
    }

    #[test]
    fn one_that_hangs_is_ended() {
        let (_tree, found) = compiled("hang", None, Duration::from_secs(1));
        let problem = "MetaEditor was not done within 1 s, and was ended";
        assert_eq!(found.problem.as_deref(), Some(problem));
    }
}
