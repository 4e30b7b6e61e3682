//! Operations tried out in the reference, and the dashboard that shows what
//! came of it.

use crate::driver::{Browser, Scripts, with_browser};
use crate::node::Node;
use crate::node::sample::{RESCUE, WEB_1, WEB_1_DRIVE};

/// Opens the page of an operation and logs in there.
pub(crate) async fn open_trial(browser: &Browser, node: &Node, operation: &str) {
    browser.open(&node.at(&format!("/docs/operations/{operation}.html"))).await;
    browser.until("document.querySelector('.try .login')").await;
    log_in(browser).await;
    browser.until("!document.querySelector('.try .login') && document.querySelector('.trial select')").await;
}

pub(crate) async fn log_in(browser: &Browser) {
    browser.fill(".try .login [name=username]", "admin").await;
    browser.fill(".try .login [name=password]", "password").await;
    browser.click(".try .login button[type=submit]").await;
}

pub(crate) async fn send(browser: &Browser) {
    browser.click(".trial .actions button[type=submit]").await;
}

/// Has an ISO attached, and waits for it.
pub(crate) async fn attach(browser: &Browser, vm: &str, iso: &str) {
    browser.fill("#try-vmInstanceUuid", vm).await;
    browser.fill("#try-isoUuid", iso).await;
    // Of the example; without it, the first drive that is empty is taken.
    browser.fill("#try-systemTags", "").await;
    send(browser).await;
    browser.until("document.querySelector('.outcome .result .frame')").await;
}

pub(crate) async fn log_in_to_dashboard(browser: &Browser) {
    browser.fill("#login-account", "admin").await;
    browser.fill("#login-password", "password").await;
    browser.click("#login-submit").await;
    browser.until("document.querySelector('[data-vm]')").await;
}

fn drive() -> String {
    format!("document.querySelector('[data-vm=\"{WEB_1}\"] [data-drive=\"{WEB_1_DRIVE}\"]')")
}

/// What is complained of besides answers that say no.
async fn complaints(browser: &Browser) -> Vec<String> {
    let all = browser.complaints().await;
    all.into_iter().filter(|it| !it.contains("Failed to load resource")).collect()
}

#[tokio::test]
async fn an_iso_that_is_attached_in_the_reference_is_seen_on_the_dashboard() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        open_trial(&browser, &node, "AttachIsoToVmInstance").await;
        // The drives to choose from are those of the VM instance that is given.
        browser.fill("#try-vmInstanceUuid", WEB_1).await;
        browser.fill("#try-isoUuid", RESCUE).await;
        let drives =
            "[...document.querySelectorAll('#try-systemTags + select option')].map(it => it.value).join()";
        browser.until(&format!("{drives} === ',cdromUuid::{WEB_1_DRIVE}'")).await;
        attach(&browser, WEB_1, RESCUE).await;
        let steps = browser.value("document.querySelector('.outcome .steps').innerText").await;
        assert!(steps.as_str().unwrap().contains("200"), "{steps}");
        let answer = browser.value("document.querySelector('.outcome pre').textContent").await;
        assert!(answer.as_str().unwrap().contains(RESCUE), "{answer}");

        browser.open(&node.at("/")).await;
        log_in_to_dashboard(&browser).await;
        browser.until(&format!("{}.dataset.iso === '{RESCUE}'", drive())).await;
        let text = browser.value(&format!("{}.innerText", drive())).await;
        assert!(text.as_str().unwrap().contains("Rescue CD"), "{text}");
        let jobs = browser.value("document.querySelector('#job-list').innerText").await;
        assert!(jobs.as_str().unwrap().contains("AttachIsoToVmInstance"), "{jobs}");

        // And out again, from here.
        let detach = format!("[data-drive='{WEB_1_DRIVE}'] button[data-action='detach']");
        browser.click(&detach).await;
        browser.until(&format!("!('iso' in {}.dataset)", drive())).await;
        browser
            .until("document.querySelector('#told').textContent.includes('DetachIsoFromVmInstance is done')")
            .await;
        assert_eq!(complaints(&browser).await, Vec::<String>::new());
        node.stop().await;
        browser.open("about:blank").await;
    })
    .await;
}

#[tokio::test]
async fn a_trial_tells_of_refusals_of_sessions_that_are_over_and_of_a_node_that_is_down() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        open_trial(&browser, &node, "AttachIsoToVmInstance").await;
        attach(&browser, WEB_1, RESCUE).await;

        // It is in a drive already.
        send(&browser).await;
        browser.until("document.querySelector('.outcome .error')").await;
        let error = browser.value("document.querySelector('.outcome .error').innerText").await;
        assert!(error.as_str().unwrap().contains("SYS.10") || error.as_str().unwrap().contains("VM.10"), "{error}");
        let steps = browser.value("document.querySelector('.outcome .steps').innerText").await;
        assert!(steps.as_str().unwrap().contains("503"), "{steps}");

        node.end_sessions();
        send(&browser).await;
        browser.until("document.querySelector('.try .login')?.innerText.includes('The session is over')").await;
        log_in(&browser).await;
        // The same request is sent again, and refused as before.
        browser.until("!document.querySelector('.try .login') && document.querySelector('.outcome .error')?.innerText.includes('already')").await;

        node.stop().await;
        send(&browser).await;
        browser.until("document.querySelector('.outcome .error')?.innerText.includes('The node does not answer')").await;
        assert_eq!(complaints(&browser).await, Vec::<String>::new());
        browser.open("about:blank").await;
    })
    .await;
}

#[tokio::test]
async fn the_dashboard_asks_to_log_in_again_and_says_that_the_node_is_down() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        browser.open(&node.at("/")).await;
        browser.fill("#login-account", "admin").await;
        browser.fill("#login-password", "wrong").await;
        browser.click("#login-submit").await;
        browser.until("!document.querySelector('#login-error').hidden && document.querySelector('#login-error').innerText.includes('ID.')").await;
        log_in_to_dashboard(&browser).await;

        node.end_sessions();
        browser.until("document.querySelector('#login-again[open]')").await;
        assert_eq!(browser.value("document.activeElement.id").await, "again-password");
        browser.fill("#again-password", "password").await;
        browser.click("#again-submit").await;
        browser.until("!document.querySelector('#login-again[open]')").await;
        assert_ne!(browser.value("document.querySelectorAll('[data-vm]').length").await, 0);

        node.stop().await;
        browser.until("document.querySelector('#connection').innerText.includes('does not answer since')").await;
        assert_eq!(complaints(&browser).await, Vec::<String>::new());
        browser.open("about:blank").await;
    })
    .await;
}
