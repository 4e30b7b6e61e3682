//! Texts of errors: programs that print an error and all of its sources print each text once.

use std::error::Error;
use std::io;

use zstack_codegen::write::WriteError;
use zstack_model::Version;
use zstack_model::load::{ReadError, load};
use zstack_model::lock::{LockError, RelockError};
use zstack_reference::explain::ExplainError;
use zstack_reference::samples::Language;
use zstack_review::close::CloseError;
use zstack_server::{BuildError, WebhookError, WebhookRule};

/// Returns the first error of a chain whose text is contained in that of the previous one.
fn find_repeated_text(error: &(dyn Error + 'static)) -> Option<String> {
    let chain: Vec<_> = std::iter::successors(Some(error), |error| (*error).source())
        .map(|successor| successor.to_string())
        .collect();
    chain.windows(2).find(|pair| pair[0].contains(&pair[1])).map(|pair| pair.join(" <- "))
}

#[test]
fn chains_repeat_no_text() {
    let io = || io::Error::other("the disk is on fire");
    let version = || "3.1.0".parse::<Version>().unwrap();
    let errors: Vec<Box<dyn Error>> = vec![
        // The server.
        Box::new(BuildError::Conflict { first: "A", second: "B", line: "GET /a".into() }),
        Box::new(BuildError::Duplicate { operation: "A" }),
        Box::new(BuildError::Path { operation: "A", problem: "no slash".into() }),
        Box::new(BuildError::Option { name: "version", problem: "unknown".into() }),
        Box::new(WebhookError::Refused("not there".into())),
        Box::new(WebhookError::from_error(io())),
        Box::new("10.0.0.0/99".parse::<WebhookRule>().unwrap_err()),
        // Both ends.
        Box::new("3.x".parse::<zstack_client::Version>().unwrap_err()),
        Box::new("yesterday".parse::<zstack_client::Timestamp>().unwrap_err()),
        Box::new("name".parse::<zstack_client::Condition>().unwrap_err()),
        // The generator.
        Box::new("3.x".parse::<Version>().unwrap_err()),
        Box::new("cobol".parse::<Language>().unwrap_err()),
        Box::new(ReadError::TooLarge(7)),
        Box::new(ReadError::Io(io())),
        Box::new(WriteError::Io(io())),
        Box::new(LockError::Head),
        Box::new(LockError::Line { line: 2 }),
        Box::new(LockError::Duplicate { line: 2, version: version() }),
        Box::new(RelockError::NothingToCorrect(version())),
        Box::new(CloseError::Empty(version())),
        Box::new(ExplainError::Unknown { name: "Vm".into(), similar: vec![] }),
        Box::new(load(camino::Utf8Path::new("/does/not/exist")).unwrap_err()),
    ];
    for error in errors {
        assert_eq!(find_repeated_text(&*error), None);
        assert!(!error.to_string().is_empty());
    }
}

/// Verifies that the check of the test above can fail.
#[test]
fn finds_repeated_texts() {
    #[derive(Debug)]
    struct Repeating(io::Error);

    impl std::fmt::Display for Repeating {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "not written: {}", self.0)
        }
    }

    impl Error for Repeating {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    let error = Repeating(io::Error::other("the disk is on fire"));
    assert_eq!(
        find_repeated_text(&error).as_deref(),
        Some("not written: the disk is on fire <- the disk is on fire")
    );
}
