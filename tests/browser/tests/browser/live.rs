//! Requests sent from the reference, and the dashboard that shows their effects.

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

/// Attaches an ISO, and waits for the response.
pub(crate) async fn attach(browser: &Browser, vm: &str, iso: &str) {
    browser.fill("#try-vmInstanceUuid", vm).await;
    browser.fill("#try-isoUuid", iso).await;
    // Without the tag of the example, the first empty drive is used.
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

/// The problems, without unsuccessful responses.
pub(crate) async fn problems(browser: &Browser) -> Vec<String> {
    let all = browser.problems().await;
    all.into_iter().filter(|problem| !problem.contains("Failed to load resource")).collect()
}

#[tokio::test]
async fn iso_attached_in_the_reference_appears_on_the_dashboard() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        open_trial(&browser, &node, "AttachIsoToVmInstance").await;
        // The list has only drives of the VM instance in the form.
        browser.fill("#try-vmInstanceUuid", WEB_1).await;
        browser.fill("#try-isoUuid", RESCUE).await;
        let drives =
            "[...document.querySelectorAll('#try-systemTags + select option')].map(it => it.value).join()";
        browser.until(&format!("{drives} === ',cdromUuid::{WEB_1_DRIVE}'")).await;
        attach(&browser, WEB_1, RESCUE).await;
        let steps = browser.value("document.querySelector('.outcome .steps').innerText").await;
        assert!(steps.as_str().unwrap().contains("200"), "{steps}");
        let response = browser.value("document.querySelector('.outcome pre').textContent").await;
        assert!(response.as_str().unwrap().contains(RESCUE), "{response}");

        browser.open(&node.at("/")).await;
        log_in_to_dashboard(&browser).await;
        browser.until(&format!("{}.dataset.iso === '{RESCUE}'", drive())).await;
        let text = browser.value(&format!("{}.innerText", drive())).await;
        assert!(text.as_str().unwrap().contains("Rescue CD"), "{text}");
        let jobs = browser.value("document.querySelector('#job-list').innerText").await;
        assert!(jobs.as_str().unwrap().contains("AttachIsoToVmInstance"), "{jobs}");

        // The dashboard detaches it again.
        let detach = format!("[data-drive='{WEB_1_DRIVE}'] button[data-action='detach']");
        browser.click(&detach).await;
        browser.until(&format!("!('iso' in {}.dataset)", drive())).await;
        browser
            .until(
                "document.querySelector('#notice').textContent.includes('DetachIsoFromVmInstance succeeded')",
            )
            .await;
        assert_eq!(problems(&browser).await, Vec::<String>::new());
        node.stop();
        browser.open("about:blank").await;
    })
    .await;
}

#[tokio::test]
async fn trial_shows_errors_expired_sessions_and_an_unreachable_node() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        open_trial(&browser, &node, "AttachIsoToVmInstance").await;
        attach(&browser, WEB_1, RESCUE).await;

        // The ISO is already in a drive.
        send(&browser).await;
        browser.until("document.querySelector('.outcome .error')").await;
        let error = browser.value("document.querySelector('.outcome .error').innerText").await;
        assert!(error.as_str().unwrap().contains("SYS.10") || error.as_str().unwrap().contains("VM.10"), "{error}");
        let steps = browser.value("document.querySelector('.outcome .steps').innerText").await;
        assert!(steps.as_str().unwrap().contains("503"), "{steps}");

        node.end_sessions();
        send(&browser).await;
        browser.until("document.querySelector('.try .login')?.innerText.includes('Session expired')").await;
        log_in(&browser).await;
        // The request is sent again, and refused as before.
        browser.until("!document.querySelector('.try .login') && document.querySelector('.outcome .error')?.innerText.includes('already')").await;

        node.stop();
        send(&browser).await;
        browser.until("document.querySelector('.outcome .error')?.innerText.includes('The node does not respond')").await;
        assert_eq!(problems(&browser).await, Vec::<String>::new());
        browser.open("about:blank").await;
    })
    .await;
}

#[tokio::test]
async fn dashboard_asks_to_log_in_again_and_shows_an_unreachable_node() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
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

        node.stop();
        browser.until("document.querySelector('#connection').innerText.includes('No response from the node since')").await;
        assert_eq!(problems(&browser).await, Vec::<String>::new());
        browser.open("about:blank").await;
    })
    .await;
}
