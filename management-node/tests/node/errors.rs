//! Tests of the texts of errors: a program that prints an error with all of its
//! sources must print each text once.

use std::error::Error;

use zstack_node::app::StartError;
use zstack_node::inventory::LoadError;
use zstack_node::store::StoreError;
use zstack_node::store::sqlite::OpenError;
use zstack_server::BuildError;

#[test]
fn error_chains_do_not_repeat_texts() {
    let path = || "/var/lib/zstack/node.db".into();
    let failure = || StoreError::Failed("the disk is on fire".into());
    let errors = [
        StartError::Open(OpenError::Locked { path: path() }),
        StartError::Open(OpenError::Failed { path: path(), reason: "the disk is on fire".into() }),
        StartError::Store(failure()),
        StartError::Store(StoreError::Full),
        StartError::Sample(LoadError::Store { name: "sample.yaml".into(), error: failure() }),
        StartError::Jobs(Box::new(failure())),
        StartError::Build(BuildError::Option { name: "version", problem: "unknown".into() }),
    ];
    for error in &errors {
        let chain = std::iter::successors(Some(error as &(dyn Error + 'static)), |error| (*error).source());
        let texts: Vec<_> = chain.map(ToString::to_string).collect();
        for pair in texts.windows(2) {
            assert!(!pair[0].contains(&pair[1]), "{texts:?}");
        }
        assert!(!texts[0].is_empty());
    }
}
