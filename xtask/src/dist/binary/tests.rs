use super::{check_resources, folder_in, imported};

#[test]
fn a_folder_of_this_machine_is_found() {
    let folders = ["/".into(), "/home/ann".into(), "/srv/tickpipe/".into()];
    let found = |text: &str| folder_in(text.as_bytes(), &folders);
    assert_eq!(found("panicked at /srv/tickpipe/crates/x.rs"), Some("/srv/tickpipe".to_owned()));
    assert_eq!(found("/home/ann/.cargo/registry"), Some("/home/ann".to_owned()));
    assert_eq!(found("/tickpipe/crates/x.rs /home/anna/x"), None);
}

#[test]
fn imports_are_read_once_each() {
    let headers =
        "\tDLL Name: KERNEL32.dll\n\tvma: 1\n\tDLL Name: kernel32.dll\n DLL Name: zlib1.dll\n";
    let found: Vec<String> = imported(headers).into_iter().collect();
    assert_eq!(found, ["kernel32.dll", "zlib1.dll"]);
}

#[test]
fn resources_must_be_whole_and_of_this_version() {
    let whole = "VALUE \"FileVersion\", \"1.2.3\" RT_MANIFEST asInvoker longPathAware";
    check_resources(whole, "1.2.3").unwrap();
    for (listed, version, part) in [
        (whole.to_owned(), "1.2.4", "FileVersion"),
        (whole.replace("RT_MANIFEST", ""), "1.2.3", "RT_MANIFEST"),
        (format!("{whole} activeCodePage"), "1.2.3", "code page"),
    ] {
        let error = check_resources(&listed, version).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
