//! The site with only a keyboard: from the overview to a response of the node.

use fantoccini::key::Key;

use crate::driver::{Scripts, with_browser};
use crate::node::Node;
use crate::node::sample::{DEBIAN, WEB_1};

#[tokio::test]
async fn operation_is_found_read_copied_and_tried_by_keyboard() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        browser.open(&node.at("/docs/index.html")).await;
        browser.until("document.querySelector('#search input')").await;

        browser.type_text("/iso att").await;
        browser.until("document.querySelector('#found [aria-selected=true]')").await;
        let field = "document.querySelector('#search input')";
        assert_eq!(browser.value(&format!("{field}.value")).await, "iso att");
        let active = format!("document.getElementById({field}.getAttribute('aria-activedescendant')).innerText");
        let first = browser.value(&active).await;
        assert!(first.as_str().unwrap().contains("AttachIsoToVmInstance"), "{first}");
        browser.press(Key::Down).await;
        assert_ne!(browser.value(&active).await, first);
        browser.press(Key::Up).await;
        assert_eq!(browser.value(&active).await, first);
        browser.press(Key::Enter).await;
        browser.until("location.pathname.endsWith('/operations/AttachIsoToVmInstance.html') && document.querySelector('.try .login')").await;

        browser.tab_to("it.matches('.endpoint button')").await;
        browser.press(Key::Enter).await;
        browser.until("document.querySelector('.endpoint button').innerText === 'Copied'").await;
        browser.tab_to("it.matches('a[href=\"#param-isoUuid\"]')").await;
        browser.press(Key::Enter).await;
        browser.until("location.hash === '#param-isoUuid' && document.querySelector(':target')?.id === 'param-isoUuid'").await;

        browser.tab_to("it.matches('.login [name=username]')").await;
        browser.type_text("admin").await;
        browser.press(Key::Tab).await;
        browser.type_text("password").await;
        browser.press(Key::Enter).await;
        browser.until("!document.querySelector('.try .login') && document.querySelector('.trial select')").await;

        for (field, text) in [("vmInstanceUuid", WEB_1), ("isoUuid", DEBIAN), ("systemTags", "")] {
            browser.tab_to(&format!("it.id === 'try-{field}'")).await;
            browser.press_with_control('a').await;
            browser.press(Key::Delete).await;
            browser.type_text(text).await;
        }
        browser.tab_to("it.matches('.trial .send')").await;
        browser.press(Key::Enter).await;
        // The result is shown after its step.
        browser.until("document.querySelector('.outcome pre')").await;
        let steps = browser.value("document.querySelector('.outcome .steps').innerText").await;
        assert!(steps.as_str().unwrap().contains("200"), "{steps}");
        let response = browser.value("document.querySelector('.outcome pre').textContent").await;
        assert!(response.as_str().unwrap().contains(DEBIAN), "{response}");
        node.stop();
    })
    .await;
}

#[tokio::test]
async fn control_k_opens_the_search_and_escape_closes_it() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        browser.open(&node.at("/docs/index.html")).await;
        browser.until("document.querySelector('#search input')").await;
        browser.press_with_control('k').await;
        browser.type_text("aitv").await;
        browser.until("document.querySelector('#found [aria-selected=true]')").await;
        browser.press(Key::Escape).await;
        browser.until("document.querySelector('#found').hidden").await;
        browser.press(Key::Escape).await;
        browser.until("document.activeElement === document.body && document.querySelector('#search input').value === ''").await;
        node.stop();
    })
    .await;
}
