//! What the documents show is what is built.

use std::fs;
use std::path::Path;

#[test]
fn the_five_lines_of_the_documents_are_a_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("a file of the project");
    let program = read("mql/harness/programs/FiveLines.mqh");
    let lines = program.split_once("\n\n").expect("a comment, then the lines").1;
    assert_eq!(lines.lines().count(), 5);
    for document in ["README.md", "docs/mql.md"] {
        let block = format!("```cpp\n{lines}```");
        assert!(read(document).contains(&block), "{document} shows other lines than the program");
    }
}
