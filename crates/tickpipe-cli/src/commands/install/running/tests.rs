use super::*;

#[test]
fn the_processes_of_this_system_are_seen() {
    assert!(Processes::look().0.is_ok());
}

/// Of what Linux shows of a program under Wine.
#[cfg(not(windows))]
mod in_wine {
    use super::*;
    use crate::commands::install::find::{IsData, terminals_at};
    use crate::commands::install::made_up::{Tree, utf16};

    const DATA: &str = "prefix/drive_c/users/Иван/AppData/Roaming/MetaQuotes/Terminal/AB";

    /// A prefix with a terminal's data folder, and the folder that it is installed in.
    fn made_up(origin: Option<&str>) -> (Tree, Terminal) {
        let tree = Tree::new();
        tree.folder("prefix/drive_c/Program Files/My Broker");
        tree.folder(&format!("{DATA}/MQL5"));
        if let Some(origin) = origin {
            tree.write(&format!("{DATA}/origin.txt"), &utf16(origin));
        }
        let terminal = terminals_at(&tree.join(DATA), IsData::Yes).remove(0);
        (tree, terminal)
    }

    fn running(tree: &Tree, terminal: &Terminal, words: &[&str], prefix: Option<&str>) -> Running {
        let environment = prefix.map_or_else(String::new, |prefix| {
            format!("HOME=/home/nobody\0WINEPREFIX={}\0", tree.join(prefix).display())
        });
        let folder = tree.join("prefix/drive_c/Program Files/My Broker");
        let process =
            process_of(words.join("\0").as_bytes(), environment.as_bytes(), Some(&folder));
        Processes(Ok(process.into_iter().collect())).running(terminal)
    }

    #[test]
    fn a_terminal_is_known_by_its_program_and_its_prefix() {
        let (tree, terminal) = made_up(Some(r"C:\Program Files\my broker"));
        let check = |words: &[&str], prefix: Option<&str>, expected: Running| {
            assert_eq!(
                running(&tree, &terminal, words, prefix),
                expected,
                "{words:?} in {prefix:?}"
            );
        };
        let unix = tree.join("prefix/drive_c/Program Files/My Broker/terminal64.exe");
        let unix = unix.to_str().unwrap();
        let ours = Some("prefix");
        check(&[r"C:\Program Files\My Broker\terminal64.exe"], ours, Running::Yes);
        check(&[r"c:\PROGRAM FILES\my broker\Terminal64.exe", "/portable"], ours, Running::Yes);
        check(&["/usr/lib/wine/wine64", unix], ours, Running::Yes);
        check(&["wine", unix], None, Running::Yes);
        check(&[r"C:\Program Files\Other\terminal64.exe"], ours, Running::No);
        check(&[r"C:\Program Files\My Broker\terminal64.exe"], Some("other"), Running::No);
        check(&[r"C:\Program Files\My Broker\metaeditor64.exe"], ours, Running::No);
        check(&["grep", "-r", "x", "y", unix], ours, Running::No);
        check(&["wine", "terminal64.exe"], ours, Running::Unknown);
        tree.write("prefix/drive_c/Program Files/My Broker/terminal64.exe", b"");
        check(&["wine", "terminal64.exe"], ours, Running::Yes);
        check(&["wine", "terminal64.exe"], Some("other"), Running::No);
    }

    #[test]
    fn where_the_terminal_is_not_known_nobody_can_say() {
        let (tree, terminal) = made_up(None);
        let words = [r"C:\Program Files\My Broker\terminal64.exe"];
        assert_eq!(running(&tree, &terminal, &words, Some("prefix")), Running::Unknown);
        assert_eq!(running(&tree, &terminal, &words, Some("other")), Running::No);
        assert_eq!(running(&tree, &terminal, &["bash"], None), Running::No);
        let unseen = Processes(Err(io::Error::other("no list")));
        assert_eq!(unseen.running(&terminal), Running::Unknown);
    }
}
