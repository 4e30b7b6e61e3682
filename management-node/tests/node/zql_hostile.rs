//! Tests of random and hostile requests with ZQL.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::local::{Local, code, sample};
use crate::zql::run;

/// Parts of statements with `|` between them, so that random sequences come far.
const PARTS: &str = "vminstance|host|gcjob|.|name|uuid|vmNics|ip|cpuNum|createDate|__systemTag__|,|where|(|)|=|!=|>=|\
    is null|not|in|like|has|'a'|''|1|true|and|or|(query vmnic.vmInstanceUuid|restrict by (|\
    return with (total)|group by|order by|groupCount|limit 1|offset|named as 'n'|; query|; count|; sum|\
    ; search 'a'|distinct(|max(";

#[test]
fn every_request_has_an_answer() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let local = runtime.block_on(Local::sample());
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(1500) });
    let starts = vec![
        "",
        "query vminstance where name = 'a' and ",
        "query vminstance ",
        "count distinct(vminstance.name) ",
    ];
    let parts = prop::collection::vec(prop::sample::select(PARTS.split('|').collect::<Vec<_>>()), 0..12);
    let statements = (prop::sample::select(starts), parts);
    let result = runner.run(&statements, |(start, parts)| {
        let text = format!("{start}{}", parts.join(" "));
        let (status, answer) = runtime.block_on(run(&local, &text));
        let code = answer["error"]["code"].as_str().unwrap_or_default();
        let details = answer["error"]["details"].as_str().unwrap_or_default();
        prop_assert!(status == 200 || status == 503, "{text}: {answer}");
        // An internal error is one of the syntax.
        prop_assert!(code != "SYS.1000" || details.starts_with("[zql] line "), "{text}: {answer}");
        Ok(())
    });
    result.unwrap();
}

#[tokio::test]
async fn hostile_requests_end_fast() {
    let mut local = Local::sample().await;
    let admin = local.session.clone();
    let alice = local.log_in("alice", "wonderland").await;
    let started = std::time::Instant::now();
    let path = "vmNics.vmInstance.vmNics.vmInstance.vmNics.vmInstance.vmNics.vmInstanceUuid";
    let deep = |open: &str, close: &str, depth: usize| {
        format!("query vminstance where {}name='web-1'{}", open.repeat(depth), close.repeat(depth))
    };
    let sub_query = format!("{path} in (query vminstance.uuid where ");
    for statement in [
        deep("(", ")", 30),
        deep("uuid in (query vminstance.uuid where ", ")", 21),
        deep(
            "vmNics.uuid in (query vmnic.uuid where vmInstanceUuid in (query vminstance.uuid where ",
            "))",
            5,
        ),
        deep("name='a' or (uuid is not null and ", ")", 15),
        format!("query vminstance where name='web-1'{}", " or name='b' and uuid is not null".repeat(120)),
        format!("query vminstance where name='web-1'{}", " or name='b'".repeat(255)),
        format!("query vminstance where name='web-1' or vmNics.ip has ('a'{})", ",'b'".repeat(254)),
        format!(
            "query vminstance where name='web-1' or {path} = '{}'{}",
            sample::WEB_1,
            " or name='b'".repeat(250)
        ),
        format!("query vminstance where name in ('web-1'{})", ",'b'".repeat(9999)),
        format!("query vminstance where name='web-1' or name like '{}'", "%a".repeat(5000)),
        format!("query vminstance where name='web-1' order by name{}", ", cpuNum desc".repeat(200)),
        format!("query vminstance where name='web-1' group by name{}", ", name".repeat(200)),
        vec!["query vminstance where name='web-1'"; 64].join(";"),
    ] {
        let start: String = statement.chars().take(100).collect();
        local.session.clone_from(&alice);
        let (status, answer) = run(&local, &statement).await;
        assert_eq!(status, 200, "{start}: {answer}");
        local.session.clone_from(&admin);
        let (status, answer) = run(&local, &statement).await;
        assert_eq!(status, 200, "{start}: {answer}");
        assert!(answer["results"][0].to_string().contains("web-1"), "{start}: {answer}");
    }
    for statement in [
        deep("(", ")", 20_000),
        deep(&sub_query, ")", 2),
        deep("uuid in (query vminstance.uuid where ", ")", 40),
        format!("query vminstance where name='a'{}", " or name='a'".repeat(256)),
        "query zone;".repeat(65),
    ] {
        let answer = run(&local, &statement).await;
        assert_eq!(code(&answer), "SYS.1000");
        let details = answer.1["error"]["details"].as_str().unwrap();
        assert!(details.starts_with("[zql] line 1, column ") && details.len() < 300, "{details}");
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
