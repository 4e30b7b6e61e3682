//! The values in the forms of Try It.

use serde_json::{Value, json};

use crate::driver::{Browser, Scripts, with_browser};
use crate::live::{log_in, open_trial, problems, send};
use crate::node::Node;
use crate::node::sample::{DEBIAN, RESCUE, WEB_1};
use crate::sample::{NAMED, sample};
use crate::site;

/// The account `admin`, which every installation has.
const ADMIN: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

/// The operations that tests name, and some of the others.
fn operations() -> Vec<&'static str> {
    let pages =
        site::pages().into_iter().filter(|page| !page.contains('@') && *page != "operations/index.html");
    let operations = pages.filter_map(|page| page.strip_prefix("operations/")?.strip_suffix(".html"));
    let (mut named, others): (Vec<_>, Vec<_>) = operations.partition(|name| NAMED.contains(name));
    named.extend(sample(others, 40));
    named
}

/// Follows a link to the page of an operation, which keeps the session.
async fn follow_link(browser: &Browser, operation: &str) {
    browser
        .run(
            "const link = document.createElement('a');
             link.href = new URL(`${arguments[0]}.html`, location.href).href;
             document.body.append(link);
             link.click();",
            vec![json!(operation)],
        )
        .await;
    browser
        .until(&format!(
            "document.body.dataset.operation === '{operation}' && document.querySelector('.trial')"
        ))
        .await;
    // The lists of resources are loaded one after the other.
    browser.until("!document.querySelector('.trial[aria-busy=true]')").await;
}

/// The UUIDs in the fields, with the names of their parameters.
const UUIDS: &str = "[...document.querySelectorAll('.trial [name]')].flatMap((it) => (it.value.match(/[0-9a-z]{32}/g) ?? []).map((uuid) => [it.name, uuid]))";

/// Sends the request of the form, and expects success.
async fn send_and_succeed(browser: &Browser) {
    send(browser).await;
    browser.until("document.querySelector('.outcome .result .frame')").await;
    let steps = browser.value("document.querySelector('.outcome .steps').innerText").await;
    assert!(steps.as_str().unwrap().contains("200"), "{steps}");
}

#[tokio::test]
async fn forms_have_no_uuids_of_examples_after_a_login() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        open_trial(&browser, &node, "AttachIsoToVmInstance").await;
        let mut filled = 0;
        for operation in operations() {
            follow_link(&browser, operation).await;
            // Its form needs no session, and its password is a digest.
            if operation == "LogInByAccount" {
                continue;
            }
            let examples = browser
                .run_async(
                    "const done = arguments[arguments.length - 1];
                     fetch(location.href.replace(/\\.html.*/, '.json')).then((it) => it.json()).then((it) => done(JSON.stringify(it.examples)));",
                    Vec::new(),
                )
                .await;
            for uuid in browser.value(UUIDS).await.as_array().unwrap() {
                filled += 1;
                let text = uuid[1].as_str().unwrap();
                // The example and the sample inventory share this account.
                if text == ADMIN {
                    continue;
                }
                assert!(!examples.as_str().unwrap().contains(text), "{operation}: {uuid} is of an example");
            }
        }
        assert!(filled >= 5, "{filled} UUIDs were filled in");
        node.stop();
        browser.open("about:blank").await;
    })
    .await;
}

#[tokio::test]
async fn resources_chosen_from_the_lists_are_sent() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        open_trial(&browser, &node, "AttachIsoToVmInstance").await;
        browser.until("document.querySelector('#try-isoUuid + select') && document.querySelector('#try-vmInstanceUuid + select')").await;
        browser.until("!document.querySelector('.trial[aria-busy=true]')").await;
        assert_eq!(browser.value(UUIDS).await, json!([]));
        for (name, uuid) in [("vmInstanceUuid", WEB_1), ("isoUuid", RESCUE)] {
            browser
                .run(
                    "const select = document.querySelector(`#try-${arguments[0]} + select`);
                     select.value = arguments[1];
                     select.dispatchEvent(new Event('change', { bubbles: true }));",
                    vec![json!(name), json!(uuid)],
                )
                .await;
        }
        send_and_succeed(&browser).await;

        // The form of a read-only operation is complete.
        follow_link(&browser, "GetCandidateIsoForAttachingVm").await;
        browser.until("document.querySelector('#try-vmInstanceUuid').value.length === 32 && !document.querySelector('.trial[aria-busy=true]')").await;
        send_and_succeed(&browser).await;
        node.stop();
        browser.open("about:blank").await;
    })
    .await;
}

/// The list of a reference shows names and UUIDs. If the query for one fails, the UUID is typed.
#[tokio::test]
async fn references_offer_resources_unless_the_query_fails() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        browser.open(&node.at("/docs/operations/AttachIsoToVmInstance.html")).await;
        browser.until("document.querySelector('.try .login')").await;
        browser
            .run(
                "const send = window.fetch;
                 window.fetch = (target, ...rest) => String(target.url ?? target).includes('/images') ? Promise.reject(new TypeError('no images')) : send(target, ...rest);",
                Vec::new(),
            )
            .await;
        log_in(&browser).await;
        browser.until("document.querySelector('#try-vmInstanceUuid + select') && !document.querySelector('.trial[aria-busy=true]')").await;
        let option = format!("document.querySelector(`#try-vmInstanceUuid + select option[value='{WEB_1}']`).textContent");
        let offered = browser.value(&option).await;
        let offered = offered.as_str().unwrap();
        assert!(offered.starts_with("web-1 ") && offered.ends_with(WEB_1), "{offered}");
        assert_eq!(browser.value("document.querySelector('#try-isoUuid + select')").await, Value::Null);

        browser.fill("#try-vmInstanceUuid", WEB_1).await;
        browser.fill("#try-isoUuid", RESCUE).await;
        browser.fill("#try-systemTags", "").await;
        send_and_succeed(&browser).await;
        assert_eq!(problems(&browser).await, Vec::<String>::new());
        node.stop();
        browser.open("about:blank").await;
    })
    .await;
}

#[tokio::test]
async fn text_typed_before_the_login_stays() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        browser.open(&node.at("/docs/operations/AttachIsoToVmInstance.html")).await;
        browser.until("document.querySelector('.try .login')").await;
        browser.fill("#try-isoUuid", DEBIAN).await;
        log_in(&browser).await;
        browser.until("document.querySelector('#try-systemTags + select') && !document.querySelector('.trial[aria-busy=true]')").await;
        let fields = browser.value("[...document.querySelectorAll('.trial [name]')].map((it) => it.value)").await;
        assert_eq!(fields, json!(["", DEBIAN, "", ""]), "{fields}");
        node.stop();
        browser.open("about:blank").await;
    })
    .await;
}

#[tokio::test]
async fn typing_keeps_the_focus_while_the_preview_changes() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        browser.open(&node.at("/docs/operations/AttachIsoToVmInstance.html")).await;
        browser.until("document.querySelector('.trial')").await;
        browser.run("document.querySelector('.trial > details').open = true;", Vec::new()).await;
        browser.fill("#try-vmInstanceUuid", "").await;
        browser.run("document.querySelector('#try-isoUuid').focus(); document.querySelector('#try-isoUuid').select();", Vec::new()).await;
        browser.type_text("abc").await;
        let seen: Value = browser
            .value("[document.activeElement.id, document.activeElement.value, document.querySelector('.trial > details code').textContent.split('\\n')[0], document.querySelector('.trial .problem').textContent]")
            .await;
        let line = "POST /zstack/v1/vm-instances/{vmInstanceUuid}/iso/abc";
        assert_eq!(seen, json!(["try-isoUuid", "abc", line, ""]));
        node.stop();
        browser.open("about:blank").await;
    })
    .await;
}
